"""Which of the cases that wait for an officer go to whom."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.hand_over_all import CHANGED, LEFT, REFERENCE, what_they_get
from cases.operations import Handing
from cases.queries.caseloads import Candidate
from kit.fields import OneChoiceField

GONE = "{}: it is no longer on this list, because somebody allocated or closed it meanwhile. Read the list again."


class UnitForm(forms.Form):
    """The filter of the list, where somebody answers for several units."""

    unit = OneChoiceField(label="Unit", widget=forms.Select, required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "All units"), *units]  # type: ignore[attr-defined]

    def unit_id(self) -> int | None:
        """The unit of the address; where it makes no sense there, it filters nothing."""
        unit = self.cleaned_data.get("unit") if self.is_valid() else ""
        return int(unit) if unit else None


class AllocateCasesForm(forms.Form):
    """One officer for the ticked cases. ``lines``: the cases as they are now; the form carries the version of each that was read."""

    officer = OneChoiceField(
        label="Who takes the ticked cases?",
        widget=forms.Select,
        error_messages={"required": "Choose who takes the ticked cases", "invalid_choice": LEFT},
    )

    def __init__(self, *args: Any, lines: Sequence[Any], officers: Sequence[Candidate], all_ticked: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        self.handings: dict[Any, Handing] = {}
        self.officers = {one.key: one for one in officers}
        self.fields["officer"].choices = [("", "Choose an officer"), *(one.choice for one in officers)]  # type: ignore[attr-defined]
        for line in lines:
            ticked = forms.BooleanField(label=f"Choose {line.case.reference}", required=False, initial=all_ticked)
            self.fields[tick(line.case.reference)] = ticked

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for reference in self.references_sent() - {line.case.reference for line in self.lines}:
            self.add_error(None, GONE.format(reference))
        ticked = self.ticked()
        for line in ticked:
            if self.data.get(f"version-{line.case.reference}") != str(line.case.version):
                self.add_error(tick(line.case.reference), CHANGED.format(line.case.reference))
            elif officer := answers.get("officer"):
                self.handings[line.case.pk] = Handing(int(officer), line.case.version)
        if not ticked and not self.non_field_errors():
            first = tick(self.lines[0].case.reference) if self.lines else None
            self.add_error(first, "Tick the cases that you allocate" if self.lines else "There is no case to allocate.")
        return answers

    def ticked(self) -> list[Any]:
        return [line for line in self.lines if self.cleaned_data.get(tick(line.case.reference))]

    def references_sent(self) -> set[str]:
        """The cases that were ticked when the form was sent."""
        sent = (name.removeprefix("tick-") for name in self.data if name.startswith("tick-"))
        return {reference for reference in sent if REFERENCE.fullmatch(reference)}

    def rows(self) -> list[tuple[Any, Any]]:
        """Each case with its tick box, for the template."""
        return [(line, self[tick(line.case.reference)]) for line in self.lines]

    def taker(self) -> Candidate:
        return self.officers[self.cleaned_data["officer"]]

    def load(self) -> str:
        return what_they_get(self.taker(), len(self.ticked()))


def tick(reference: str) -> str:
    return f"tick-{reference}"
