"""Every review of a case: when it was due, who may sign it, when it was done; and the due dates that are still to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from cases import deadlines, workflow
from cases.models import Review
from cases.rulebook import rulebook_for, rulebook_on
from cases.rulepacks import RuleCode
from kit import dates
from people.roles import Role

# How many of the due dates to come are shown.
TO_COME = 6


@dataclass(frozen=True)
class GridRow:
    review: Any
    number: str
    signer: str
    urgency: dates.Urgency
    done: str


@dataclass(frozen=True)
class Round:
    """The reviews counted from one day: since the case was recorded, or since it was re-opened; or those beside the grid."""

    heading: str
    rows: list[GridRow]


@dataclass(frozen=True)
class ReviewGrid:
    rounds: list[Round]
    # Due dates without a review yet, each with who signs it; and the days between them.
    to_come: list[tuple[date, str]]
    every: int


def review_grid(case: Any, today: date, zone: tzinfo) -> ReviewGrid:
    """Three queries."""
    reviews = list(
        Review.unguarded.filter(case=case)
        .select_related("completed_by", "on_behalf_of")
        .order_by("round", "number", "due_on", "pk")
    )
    numbered = [review for review in reviews if review.number is not None]
    rounds = []
    for number in sorted({review.round for review in numbered}):
        of_round = [review for review in numbered if review.round == number]
        rounds.append(Round(heading_of(of_round[0]), grid_rows(of_round, today, zone)))
    if beside := [review for review in reviews if review.number is None]:
        rounds.append(Round("Reviews beside these, asked for by what happened", grid_rows(beside, today, zone)))
    if not case.is_open or not numbered:
        return ReviewGrid(rounds, [], 0)
    return ReviewGrid(rounds, *dates_to_come(case, numbered[-1]))


def heading_of(review: Any) -> str:
    counted = f"counted from {dates.day(review.counted_from)}"
    return f"Since the case was recorded, {counted}" if review.round == 1 else f"Since the case was re-opened, {counted}"


def grid_rows(reviews: Iterable[Any], today: date, zone: tzinfo) -> list[GridRow]:
    return [
        GridRow(
            review,
            str(review.number or ""),
            signers(review.lowest_role),
            dates.urgency(review.due_on, today),
            done_in_words(review, zone),
        )
        for review in reviews
    ]


def signers(lowest_role: str) -> str:
    return " or ".join(Role(role).label for role, lowest in workflow.SIGNS.items() if lowest_role in lowest)


def done_in_words(review: Any, zone: tzinfo) -> str:
    """“18 November 2026, 2 days late, by DS Le Brun”; nothing while it is open."""
    if review.completed_at is None:
        return ""
    done_on = review.completed_at.astimezone(zone).date()
    if not review.was_held:
        return f"Stood down on {dates.day(done_on)}: the case was closed"
    days = (done_on - review.due_on).days
    distance = "on the day" if days == 0 else f"{dates.count(abs(days), 'day')} {'late' if days > 0 else 'early'}"
    return f"{dates.day(done_on)}, {distance}, by {review.by_whom}"


def dates_to_come(case: Any, last: Any) -> tuple[list[tuple[date, str]], int]:
    """The due dates after the last review there is, by the rules that the next one will be made with."""
    book = rulebook_for(case.recorded_at) if last.round == 1 else rulebook_on(last.counted_from)
    numbers = range(last.number + 1, last.number + 1 + TO_COME)
    due = [
        (
            deadlines.review_due(last.counted_from, number, book.rules),
            signers(book.rules[deadlines.rule_for_review(number)].owner_role),
        )
        for number in numbers
    ]
    return due, book.rules[RuleCode.REVIEW_MONTHLY].amount
