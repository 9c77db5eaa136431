"""Short forms on a case."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.enums import SuspectKnown
from kit.fields import Checkboxes, ManyChoicesField, NarrativeField, OneChoiceField, PlainTextField, Radios


class UpdateSuspectForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": "Load the page again"})
    known = OneChoiceField(
        label="Who is the suspect?",
        choices=SuspectKnown.choices,
        widget=Radios(reveals={SuspectKnown.NAMED: "name"}),
        error_messages={"required": "Choose whether the suspect is named, described or not known"},
    )
    name = PlainTextField(label="Name", required=False)
    description = NarrativeField(label="Description", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("known") == SuspectKnown.NAMED and not answers.get("name") and "name" not in self.errors:
            self.add_error("name", "Enter the name, or choose Described or Not known")
        if answers.get("known") == SuspectKnown.DESCRIBED and not answers.get("description") and "description" not in self.errors:
            self.add_error("description", "Describe the suspect, or choose Not known")
        return answers


class AllocateForm(forms.Form):
    officer = OneChoiceField(label="Officer in the case", widget=forms.Select, error_messages={"required": "Choose the officer"})

    # Only where the officer before goes on working on the case: otherwise what they had to do goes with it.
    handed = ManyChoicesField(label="Also hand over", required=False, widget=Checkboxes(is_small=True))

    def __init__(
        self, *args: Any, officers: Sequence[tuple[str, str]], actions: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", "Choose"), *officers]  # type: ignore[attr-defined]
        if actions:
            self.fields["handed"].choices = list(actions)  # type: ignore[attr-defined]
            self.fields["handed"].initial = [number for number, _ in actions]
        else:
            del self.fields["handed"]

    def kept(self) -> frozenset[int]:
        """The numbers of the actions that are not handed over."""
        if "handed" not in self.fields:
            return frozenset()
        offered = {number for number, _ in self.fields["handed"].choices}  # type: ignore[attr-defined]
        return frozenset(int(number) for number in offered - set(self.cleaned_data["handed"]))


class OfficersForm(forms.Form):
    """``people``: “basis-key” -> rank, name and what they would be on the case."""

    person = OneChoiceField(label="Who?", widget=forms.Select, error_messages={"required": "Choose somebody"})

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]
