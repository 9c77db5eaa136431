"""Who takes which of somebody's cases."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms

from cases.operations import Handing
from cases.queries.caseloads import Candidate
from kit import dates
from kit.fields import OneChoiceField

REFERENCE = re.compile(r"[A-Z]+-\d{4}-\d+")
GONE = "{}: it is no longer on this list, because somebody handed it over or closed it meanwhile. Read the list again."
CHANGED = "{}: somebody else changed it meanwhile. Look at it again, then hand it over."
LEFT = "Choose an officer from the list. Whoever you chose may have left meanwhile"


class HandOverAllForm(forms.Form):
    """One officer for all cases, or one for each. ``lines``: the cases as they are now.

    Beside each choice the form carries the version of the case that was read, so that a case that somebody else changed is not
    handed over unread.
    """

    everybody = OneChoiceField(
        label="Who takes all these cases?",
        help_text="Below you can choose somebody else for a case.",
        widget=forms.Select,
        required=False,
        error_messages={"invalid_choice": LEFT},
    )

    def __init__(self, *args: Any, lines: Sequence[Any], officers: Sequence[Candidate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        self.handings: dict[Any, Handing] = {}
        self.officers = {int(one.key): one for one in officers}
        choices = [one.choice for one in officers]
        self.fields["everybody"].choices = [("", "Choose for each case"), *choices]  # type: ignore[attr-defined]
        for line in lines:
            self.fields[officer_field(line.reference)] = OneChoiceField(
                label=f"Who takes {line.reference}?",
                choices=[("", "Whoever takes all"), *choices],
                widget=forms.Select,
                required=False,
                error_messages={"invalid_choice": LEFT},
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for reference in self.references_sent() - {line.reference for line in self.lines}:
            self.add_error(None, GONE.format(reference))
        for line in self.lines:
            name = officer_field(line.reference)
            officer = answers.get(name) or answers.get("everybody")
            if name in self.errors:
                continue
            if self.data.get(f"version-{line.reference}") != str(line.case.version):
                self.add_error(name, CHANGED.format(line.reference))
            elif officer:
                self.handings[line.case.pk] = Handing(int(officer), line.case.version)
            elif "everybody" not in self.errors:
                self.add_error(name, f"Choose who takes {line.reference}, or choose one officer for all")
        if not self.lines and not self.errors:
            self.add_error(None, "There is no case to hand over.")
        return answers

    def references_sent(self) -> set[str]:
        """The cases that the form was about when it was opened."""
        sent = (name.removeprefix("version-") for name in self.data if name.startswith("version-"))
        return {reference for reference in sent if REFERENCE.fullmatch(reference)}

    def rows(self) -> list[tuple[Any, Any]]:
        """Each case with its choice, for the template."""
        return [(line, self[officer_field(line.reference)]) for line in self.lines]

    def choices_made(self) -> list[tuple[Any, str]]:
        """Each case with the name of whoever takes it."""
        return [(line, self.officers[self.handings[line.case.pk].officer_id].called) for line in self.lines]

    def loads(self) -> list[str]:
        """Of each who takes some: what they carry now, and how many they get."""
        taken = Counter(handing.officer_id for handing in self.handings.values())
        return [what_they_get(self.officers[officer_id], number) for officer_id, number in taken.items()]


def what_they_get(officer: Candidate, number: int) -> str:
    """DC A gets 3 cases and has 9 open cases, 2 with something late."""
    return f"{officer.called} gets {dates.count(number, 'case')} and has {officer.carries}."


def officer_field(reference: str) -> str:
    return f"officer-{reference}"
