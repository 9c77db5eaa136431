"""Who takes what somebody works beside the officers of cases."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from cases.enums import GrantBasis
from cases.forms.hand_over_all import LEFT
from kit.fields import OneChoiceField

Choices = Sequence[tuple[str, str]]


class HandOverBesideForm(forms.Form):
    """One person for all work of a kind, or one for each case. ``lines``: what stands there now."""

    def __init__(self, *args: Any, lines: Sequence[Any], candidates: Mapping[GrantBasis, Choices], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        self.called = {key: called for choices in candidates.values() for key, called in choices}
        self.to: dict[tuple[UUID, GrantBasis], int] = {}
        bases = sorted({GrantBasis(line.kind) for line in lines})
        for basis in bases:
            self.fields[f"all-{basis}"] = choice(
                f"Who takes all of it as {basis.label}?", "Choose for each case", candidates[basis]
            )
        self.all_names = [f"all-{basis}" for basis in bases]
        for line in lines:
            self.fields[taker_field(line)] = choice(
                f"Who takes {line.case.reference}?", "Whoever takes all", candidates[line.kind]
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for line in self.lines:
            name = taker_field(line)
            taker = answers.get(name) or answers.get(f"all-{line.kind}")
            if taker:
                self.to[line.case.pk, GrantBasis(line.kind)] = int(taker)
            elif not {name, f"all-{line.kind}"} & self.errors.keys():
                self.add_error(name, f"Choose who takes {line.case.reference}, or choose one person for all")
        if not self.lines:
            self.add_error(None, "There is nothing to hand over any more.")
        return answers

    def for_all(self) -> list[Any]:
        return [self[name] for name in self.all_names]

    def rows(self) -> list[tuple[Any, Any]]:
        return [(line, self[taker_field(line)]) for line in self.lines]

    def choices_made(self) -> list[tuple[Any, str]]:
        return [(line, self.called[str(self.to[line.case.pk, GrantBasis(line.kind)])]) for line in self.lines]


def choice(label: str, empty: str, choices: Choices) -> OneChoiceField:
    return OneChoiceField(
        label=label,
        choices=[("", empty), *choices],
        widget=forms.Select,
        required=False,
        error_messages={"invalid_choice": LEFT.replace("an officer", "somebody")},
    )


def taker_field(line: Any) -> str:
    return f"taker-{line.kind}-{line.case.reference}"
