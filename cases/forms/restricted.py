"""The forms that say who may see a case: restricting it, naming people, saying who is connected with somebody in it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kit.fields import Checkboxes, ManyChoicesField, NarrativeField, OneChoiceField, PlainTextField, Radios

CHOOSE = ("", "Choose")
OUT, KEEPS = "OUT", "KEEPS"


def because_field(label: str, missing: str) -> NarrativeField:
    return NarrativeField(
        label=label,
        help_text="Give no names. Everybody who sees the case reads it under “What happened”.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


class RestrictCaseForm(forms.Form):
    """``people``: who sees the case now, but its officer, each with what they are to it; ``supervisors``: the keys of those who could
    supervise it."""

    people = ManyChoicesField(
        label="Who may see it besides?",
        help_text="Name one supervisor at least. Everybody whom you do not name loses the case at once, you too. You can name others later.",
        required=False,
        widget=Checkboxes(is_small=True),
    )
    because = because_field("Why is it restricted?", "Say why the case is restricted")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], supervisors: frozenset[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.supervisors = supervisors
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]

    def clean_people(self) -> list[int]:
        chosen = self.cleaned_data["people"]
        if self.supervisors.isdisjoint(chosen):
            raise forms.ValidationError("Name at least one supervisor, so that somebody reviews the case")
        return [int(key) for key in chosen]


class PersonForm(forms.Form):
    """``people``: key -> rank and name."""

    person = OneChoiceField(label="Who?", widget=forms.Select, error_messages={"required": "Choose somebody"})

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [CHOOSE, *people]  # type: ignore[attr-defined]

    @property
    def person_id(self) -> int:
        return int(self.cleaned_data["person"])


class UnnameForm(PersonForm):
    because = because_field("Why?", "Say why they are taken off the case")


class LiftRestrictionForm(forms.Form):
    because = because_field("Why does it no longer need to be restricted?", "Say why the case no longer needs to be restricted")


class IAmConnectedForm(forms.Form):
    how = PlainTextField(
        label="How do you know them?",
        help_text="For example “a friend of V1”. Give no names. You may leave it empty. Only supervisors of the case read it.",
        required=False,
        max_length=200,
    )


class ConnectedForm(PersonForm):
    how = PlainTextField(
        label="What is the connection?",
        help_text="For example “a friend of V1” or “the brother of S1”. Give no names. Only supervisors of the case read it.",
        max_length=200,
        error_messages={"required": "Say what the connection is"},
    )


class EndConnectionForm(forms.Form):
    because = NarrativeField(
        label="Why does it end?",
        help_text="It was entered in error, or it was withdrawn: say how you know.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it ends"},
    )


class DecideConnectionForm(forms.Form):
    """``supervisors``: who could supervise the case in place of those who lose it."""

    decision = OneChoiceField(
        label="Do those who supervise them lose the case too?",
        choices=((OUT, "Yes, they lose it, and somebody else supervises it"), (KEEPS, "No, they keep it")),
        widget=Radios(reveals={OUT: "instead"}),
        error_messages={"required": "Choose whether they lose the case"},
    )
    instead = OneChoiceField(
        label="Who supervises it instead?",
        help_text="Of another unit, or another force. Choose an inspector where the unit’s inspector loses the case.",
        widget=forms.Select,
        required=False,
    )

    def __init__(self, *args: Any, supervisors: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["instead"].choices = [CHOOSE, *supervisors]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("decision") == OUT and not answers.get("instead") and "instead" not in self.errors:
            self.add_error("instead", "Choose who supervises the case instead")
        return answers
