"""TABLE 2, what may happen next: gates are functions that return a sentence, or nothing when the way is free.

The same sentences refuse the act, stand on the page beside what may not be done now, and are collected, not stopped at the first.
"""

from collections.abc import Callable
from datetime import date

from django.utils.timezone import localtime

from cases import deadlines
from cases.models import Review
from kit.access import Actor
from kit.dates import day as day_in_words
from kit.dates import day_and_time, time_of_day
from people.roles import Role

# Who may sign what: a role signs reviews whose lowest role is its own or one below.
SIGNS: dict[str, tuple[str, ...]] = {
    Role.SERGEANT: (Role.SERGEANT,),
    Role.INSPECTOR: (Role.SERGEANT, Role.INSPECTOR),
}

ReviewGate = Callable[[Review, Actor, date], str | None]


def signable_roles(actor: Actor) -> tuple[str, ...]:
    """The lowest roles of the reviews that the actor's own roles may sign."""
    return tuple(sorted({lowest for role in actor.roles for lowest in SIGNS.get(role, ())}))


def review_is_open(review: Review, actor: Actor, today: date) -> str | None:
    if review.completed_at is None or review.completed_by is None:
        return None
    when, name = localtime(review.completed_at), f"{review.get_kind_display()} of {review.case.reference}"
    moment = f"at {time_of_day(when)}" if when.date() == today else f"on {day_and_time(when)}"
    return f"The {name} was completed {moment} by {review.completed_by.called}."


def refusal_to_sign(officer_id: int | None, lowest_role: str, actor: Actor) -> str | None:
    """Why this person may never sign it, whatever the day; also what the queue says beside the row."""
    signer = " or ".join(Role(role).label for role, lowest_roles in SIGNS.items() if lowest_role in lowest_roles)
    if officer_id == actor.user_id:
        return f"You cannot sign this one: you are the officer in the case. A {signer} who is not can."
    if lowest_role not in signable_roles(actor):
        return f"You cannot sign this one. A {signer} can."
    return None


def reviewer_may_sign(review: Review, actor: Actor, today: date) -> str | None:
    return refusal_to_sign(review.case.officer_id, review.lowest_role, actor)


def review_is_not_too_early(review: Review, actor: Actor, today: date) -> str | None:
    first_day = deadlines.may_complete_from(review.due_on)
    if today >= first_day:
        return None
    return f"This review is due on {day_in_words(review.due_on)}. It can be completed from {day_in_words(first_day)}."


COMPLETE_REVIEW: tuple[ReviewGate, ...] = (
    review_is_open,
    reviewer_may_sign,
    review_is_not_too_early,
)


def review_blockers(review: Review, actor: Actor, today: date) -> list[str]:
    """Every reason why this actor may not complete this review now; empty when they may."""
    return [reason for gate in COMPLETE_REVIEW if (reason := gate(review, actor, today))]
