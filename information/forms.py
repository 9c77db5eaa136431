"""The questions of the information manager's pages."""

import re
from datetime import date
from typing import Any

from django import forms

from information.enums import CameBy, Decision, Ground, HoldAbout, HoldKind, Identity, Outcome, SentHow
from information.queries.disposals import Place
from kit.converters import Reference
from kit.fields import (
    Checkboxes,
    ConfirmationField,
    ManyChoicesField,
    NarrativeField,
    OneChoiceField,
    PlainTextField,
    Radios,
    ThreeBoxDateField,
)

LONGEST_REASON = 2000
NO_NAMES = "Leave names out: this is kept after the record is erased."


def reason(label: str, missing: str, help_text: str = NO_NAMES, rows: int = 3) -> NarrativeField:
    return NarrativeField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class OpenRequestForm(forms.Form):
    marks_optional = True

    received_on = ThreeBoxDateField(
        label="When was it received?",
        help_text="The time to answer runs from this day.",
        error_messages={"required": "Enter the day on which it was received"},
    )
    came_by = OneChoiceField(label="How did it come?", choices=CameBy.choices, error_messages={"required": "Choose how it came"})
    name = PlainTextField(label="Who asks?", max_length=200, error_messages={"required": "Enter the name of whoever asks"})
    reached_at = NarrativeField(
        label="Where does the answer go?",
        help_text="Their address, or how they want to collect it.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter where the answer goes"},
    )
    acts_through = PlainTextField(
        label="Who acts for them?",
        help_text="A lawyer or a parent, if they did not ask themselves.",
        max_length=200,
        required=False,
    )
    asks_for = NarrativeField(
        label="What do they ask for?",
        help_text="In their own words, as far as they said.",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    identity = OneChoiceField(
        label="Have they shown who they are?",
        choices=Identity.choices,
        error_messages={"required": "Choose how they showed who they are, or that they have not yet"},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_received_on(self) -> date:
        received: date = self.cleaned_data["received_on"]
        if received > self.today:
            raise forms.ValidationError("Enter today or an earlier day")
        return received


class ConfirmIdentityForm(forms.Form):
    identity = OneChoiceField(
        label="How did they show who they are?",
        choices=[choice for choice in Identity.choices if choice[0] != Identity.NOT_YET],
        error_messages={"required": "Choose how they showed who they are"},
    )


class SearchForm(forms.Form):
    marks_optional = True

    words = PlainTextField(
        label="Name or part of a name",
        help_text="Former names and aliases are searched as well. What you search for is recorded.",
        max_length=100,
        error_messages={"required": "Enter a name"},
    )
    born_on = ThreeBoxDateField(label="Date of birth", required=False)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        parts = words.split()
        if any(len(part) < 2 for part in parts) or len("".join(parts)) < 3:
            raise forms.ValidationError("Enter at least three letters, and no single ones")
        return words


class DecideItemForm(forms.Form):
    decision = OneChoiceField(
        label="What do they get?",
        choices=Decision.choices,
        widget=Radios(reveals={Decision.WITHHOLD: ("ground", "because")}),
        error_messages={"required": "Choose what they get"},
    )
    ground = OneChoiceField(
        label="On what ground is it withheld?",
        choices=Ground.choices,
        required=False,
        error_messages={"required": "Choose the ground"},
    )
    because = NarrativeField(
        label="Why does that ground apply here?",
        help_text=f"The Commissioner may ask. {NO_NAMES}",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, has_others: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_others:
            shown = [choice for choice in Decision.choices if choice[0] != Decision.GIVE_BLACKED]
            self.fields["decision"].choices = shown  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("decision") == Decision.WITHHOLD:
            if not answers.get("ground"):
                self.add_error("ground", "Choose the ground")
            if not answers.get("because") and "because" not in self.errors:
                self.add_error("because", "Say why that ground applies here")
        return answers


class SendBundleForm(forms.Form):
    how = OneChoiceField(
        label="How did they get it?", choices=SentHow.choices, error_messages={"required": "Choose how they got it"}
    )
    basis = PlainTextField(
        label="On what legal basis?",
        max_length=200,
        error_messages={"required": "Enter the legal basis"},
    )
    restricted = ConfirmationField(
        label="The Detective Superintendent has answered about restricted cases, which are not searched here",
        missing="Ask the Detective Superintendent first, also if you know of no restricted case",
    )
    digest = forms.CharField(widget=forms.HiddenInput, required=False)


class EndRequestForm(forms.Form):
    outcome = OneChoiceField(label="How does it end?", choices=Outcome.choices, error_messages={"required": "Choose how it ends"})
    because = reason("What was the requester told?", "Say what the requester was told")


class ReasonForm(forms.Form):
    because = reason("Why?", "Say why")


class OpenReviewForm(forms.Form):
    because = reason("Why do you open this record?", "Say why you open it")


class KeepRecordForm(forms.Form):
    next_on = ThreeBoxDateField(
        label="When is it looked at again?", error_messages={"required": "Enter when it is looked at again"}
    )
    because = reason("Why is it kept?", "Say why it is kept")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_next_on(self) -> date:
        next_on: date = self.cleaned_data["next_on"]
        if next_on <= self.today:
            raise forms.ValidationError("Enter a day to come")
        return next_on


class PlaceHoldForm(forms.Form):
    kind = OneChoiceField(label="What is it for?", choices=HoldKind.choices, error_messages={"required": "Choose what it is for"})
    about = OneChoiceField(
        label="What does it cover?",
        choices=[choice for choice in HoldAbout.choices if choice[0] != HoldAbout.PERSON],
        widget=Radios(reveals={HoldAbout.CASE: "reference"}),
        error_messages={"required": "Choose what it covers"},
    )
    reference = PlainTextField(
        label="Reference of the case",
        help_text="For example JE-2026-00042. Whether there is such a case is not checked here.",
        required=False,
        max_length=20,
    )
    because = reason("Why?", "Say why")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        reference = answers.get("reference", "").upper()
        if answers.get("about") == HoldAbout.CASE and not re.fullmatch(Reference.regex, reference):
            self.add_error("reference", "Enter the reference like JE-2026-00042")
        return {**answers, "reference": reference if answers.get("about") == HoldAbout.CASE else ""}


class HoldRecordForm(forms.Form):
    kind = OneChoiceField(label="What is it for?", choices=HoldKind.choices, error_messages={"required": "Choose what it is for"})
    because = reason("Why?", "Say why")


class ProposeDisposalForm(forms.Form):
    """``places``: key -> what it says, of each text in which a human decides."""

    because = reason("Why can it go?", "Say why it can go")
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, places: list[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places
        if places:
            self.fields["erased"] = ManyChoicesField(
                label="Take the name out of which texts?",
                help_text="Each holds a word of their name. Tick it if it speaks of them, and leave it if it speaks of a namesake.",
                choices=[(place.key, place.label) for place in places],
                widget=Checkboxes(hints={place.key: place.words for place in places}),
                required=False,
            )
            self.order_fields(("erased", "because", "digest"))

    def ticked(self) -> list[Place]:
        chosen = set(self.cleaned_data.get("erased", ()))
        return [place for place in self.places if place.key in chosen]


class ApproveDisposalForm(forms.Form):
    because = reason("Why do you approve it?", "Say why you approve it")
    is_sure = ConfirmationField(
        label="I have looked at everything that goes. It cannot be brought back.",
        missing="Look at everything that goes, then confirm it",
    )
    digest = forms.CharField(widget=forms.HiddenInput, required=False)


class NothingToFill(forms.Form):
    """It is sent to say so."""
