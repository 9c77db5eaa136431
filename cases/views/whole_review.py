"""The review form and its directions as one form, and how the seven groups stand on the page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from cases import operations
from cases.enums import ReviewResult
from cases.forms.review import DIRECTIONS, DirectionForm, ReviewForm
from cases.operations.reviews import NO_DIRECTION
from cases.queries.review_page import Group, ReviewPageFacts
from kit.drafts import without_errors


@dataclass(frozen=True)
class ShownGroup:
    field: Any
    group: Group
    is_open: bool

    @property
    def summary(self) -> str:
        return f"{self.field.label}: nothing new{self.last_time and '. ' + self.last_time}"

    def hint(self, is_first: bool) -> str:
        since = "Recorded so far" if is_first else "Since last time"
        changed = f"{since}: {self.group.changed}." if self.group.changes else f"Nothing {'recorded' if is_first else 'new'}."
        return f"{changed} {self.last_time}".strip()

    @property
    def last_time(self) -> str:
        return f"Last time: {self.group.last_answer}" if self.group.last_answer else ""


class WholeReview:
    """The review form and its directions, as the one form that FormView knows."""

    def __init__(
        self,
        data: Any,
        *,
        owners: Sequence[tuple[str, str]],
        today: date,
        escalates_to: str,
        not_escalated: str,
        quiet: bool = False,
    ) -> None:
        self.review = ReviewForm(
            data,
            escalates_to=escalates_to,
            not_escalated=not_escalated,
        )
        self.directions = [DirectionForm(data, owners=owners, today=today, number=number) for number in range(1, DIRECTIONS + 1)]
        self.reasons: list[str] = []
        if quiet:
            for form in (self.review, *self.directions):
                without_errors(form)

    def is_valid(self) -> bool:
        are_valid = all([self.review.is_valid(), *(form.is_valid() for form in self.directions)])
        return self.has_the_directions_it_speaks_of() and are_valid

    def has_the_directions_it_speaks_of(self) -> bool:
        """One that was begun counts; what is wrong with it is said there."""
        is_any_begun = any(form.is_filled or form.errors for form in self.directions)
        if self.review.cleaned_data.get("result") != ReviewResult.WITH_DIRECTIONS or is_any_begun:
            return True
        self.review.add_error("result", NO_DIRECTION)
        return False

    def groups(self, page: ReviewPageFacts) -> list[ShownGroup]:
        """Those in which nothing has changed are closed, unless something is wrong there or was answered already."""
        shown = []
        for name, group in page.groups.items():
            field, text = self.review[name], self.review[f"{name}_text"]
            is_open = page.is_first or bool(group.changes) or bool(field.errors or text.errors) or bool(field.value())
            one = ShownGroup(field, group, is_open)
            field.help_text = one.hint(page.is_first) if is_open else ""
            shown.append(one)
        return shown

    # As a formset: for the summary of errors and the title of the page.
    @property
    def is_bound(self) -> bool:
        return self.review.is_bound

    @property
    def forms(self) -> list[DirectionForm]:
        return self.directions

    @property
    def total_error_count(self) -> int:
        return sum(len(form.errors) for form in self.directions)

    @staticmethod
    def non_form_errors() -> list[str]:
        return []

    def typed(self) -> list[dict[str, str]]:
        """What was typed, to be read when it can be sent no more."""
        rows = [{"key": str(field.label), "value": shown(field)} for field in self.review.visible_fields()]
        for form in self.directions:
            rows += [
                {"key": f"Direction {form.number}: {field.label}", "value": shown(field)}
                for field in form.visible_fields()
                if field.name != "owner"
            ]
        return [row for row in rows if row["value"]]

    def add_error(self, field: str | None, reason: str) -> None:
        self.reasons.append(reason)

    def confirmation(self, about: str) -> str:
        """What the page sends along once it has said that these very answers are as last time."""
        answers = json.dumps(self.review.answers(), sort_keys=True)
        return Signer(salt="cases.same-again").signature(f"{about} {answers}")

    def findings(self, about: str) -> operations.ReviewFindings:
        """``about``: whose form it is, and of which review."""
        cleaned = [form.cleaned_data for form in self.directions if form.is_filled]
        return operations.ReviewFindings(
            answers=self.review.answers(),
            own_words=self.review.cleaned_data["own_words"],
            result=self.review.cleaned_data["result"],
            is_same_again=constant_time_compare(self.review.cleaned_data["is_same_again"], self.confirmation(about)),
            directions=tuple(
                operations.Direction(each["what"], int(each["owner"]), each["due_on"], each["look_again_on"]) for each in cleaned
            ),
        )


def shown(field: forms.BoundField) -> str:
    """What stands in a control, in the words of the page."""
    value = field.value()
    if isinstance(value, list):
        return " ".join(part for part in value if part)
    words = dict(getattr(field.field, "choices", ()))
    return str(words.get(value, value) or "")
