"""What the auditor types."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from audit.models import SignalAnswer
from audit.queries.entries import default_kinds
from kit.fields import (
    DateAndTimeField,
    DateAndTimeInput,
    NarrativeField,
    OneChoiceField,
    PlainTextField,
    Radios,
    ThreeBoxDateField,
)
from kit.records import KINDS, Kind

ALL, NOT_LISTED = "all", "not-listed"


class FindForm(forms.Form):
    """What is looked for in the record; by itself the last seven days, without what was only listed."""

    reference = PlainTextField(
        label="Case reference", max_length=20, required=False, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    person = PlainTextField(
        label="Member of staff", help_text="User name or family name", max_length=100, required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )  # fmt: skip
    since = ThreeBoxDateField(label="From", required=False)
    until = ThreeBoxDateField(label="To", required=False)
    kind = OneChoiceField(
        label="What was done",
        choices=[(NOT_LISTED, "All but “Listed”"), (ALL, "All"), *((kind.value, label) for kind, label in KINDS.items())],
        required=False,
        widget=forms.Select,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day cannot be before the first. Change one of them.")
        return cleaned

    def kinds(self) -> tuple[str, ...]:
        chosen = self.cleaned_data.get("kind") or NOT_LISTED
        if chosen == NOT_LISTED:
            return default_kinds()
        return tuple(KINDS) if chosen == ALL else (Kind(chosen),)


class AnswerForm(forms.Form):
    answer = OneChoiceField(
        label="What is your answer?",
        choices=SignalAnswer.Answer.choices,
        widget=Radios,
        error_messages={"required": "Choose whether this is explained or goes to professional standards"},
    )
    words = NarrativeField(
        label="Why?",
        help_text="In a sentence. Name nobody who is a victim or a suspect.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a sentence why this is explained."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_error("words", "required") and cleaned.get("answer") == SignalAnswer.Answer.REFERRED:
            del self.errors["words"]
            self.add_error("words", "Say in a sentence why this goes to professional standards.")
        return cleaned


class BreachForm(forms.Form):
    now: ClassVar[datetime]

    known_at = DateAndTimeField(
        label="When did the force know of it?",
        help_text="The 72 hours for telling the regulator run from then.",
        widget=DateAndTimeInput(fills_now=True),
    )
    what = NarrativeField(
        label="What happened?",
        help_text="Without names or references: what kind of data, where it went, what was done.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what happened, without names or references"},
    )
    people_about = forms.IntegerField(
        label="About how many people’s data?",
        required=False,
        min_value=0,
        max_value=10_000_000,
        error_messages={
            "invalid": "Enter a number, like 12",
            "min_value": "Enter 0 or more",
            "max_value": "Enter a smaller number",
        },
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, moment: datetime) -> None:
        super().__init__(data)
        self.moment = moment

    def clean_known_at(self) -> datetime:
        known_at: datetime = self.cleaned_data["known_at"]
        if known_at > self.moment:
            raise forms.ValidationError("Enter a time that has passed.")
        return known_at


class DecisionForm(forms.Form):
    TOLD, NOT_TOLD = "told", "not-told"

    decision = OneChoiceField(
        label="Was the regulator told?",
        choices=[(TOLD, "Yes"), (NOT_TOLD, "No, it is unlikely to put anybody at risk")],
        widget=Radios(reveals={TOLD: "told_at"}),
        error_messages={"required": "Choose whether the regulator was told"},
    )
    told_at = DateAndTimeField(label="When?", required=False, widget=DateAndTimeInput(fills_now=True))
    because = NarrativeField(
        label="Why was this decided?",
        help_text="Without names or references.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a sentence why this was decided"},
    )

    def __init__(self, data: Any = None, *, moment: datetime, known_at: datetime) -> None:
        super().__init__(data)
        self.moment, self.known_at = moment, known_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told_at = cleaned.get("told_at")
        if cleaned.get("decision") != self.TOLD:
            cleaned["told_at"] = None
        elif "told_at" not in self.errors and told_at is None:
            self.add_error("told_at", "Enter when the regulator was told")
        elif told_at and not self.known_at <= told_at <= self.moment:
            self.add_error("told_at", "Enter a time after the breach was known that has passed.")
        return cleaned


def shown_days(since: date | None, until: date | None, today: date, default: int) -> tuple[date, date]:
    """The days that are looked at: what is left out follows from the other, or is the last week."""
    last = until or (today if since is None or since <= today else since)
    return since or date.fromordinal(last.toordinal() - default + 1), last
