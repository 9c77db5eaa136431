"""Set cover for somebody, and end it. The database decides who may (people/sql/cover.sql); the sentences stand here."""

from datetime import date, datetime
from typing import Any

from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from kit import dates
from kit.access import Actor, NotVisible
from kit.operations import held_by
from kit.refusal import Blocked
from people.cover.queries import covers_from
from people.cover.rules import FITTING
from people.models import CoverReason

# Whoever has work that somebody else could do.
WHO_HAVE_WORK = frozenset(FITTING)

COMPLETES_YOUR_REVIEWS = "They complete the reviews of your cases. Ask your inspector to set it."


@held_by(*WHO_HAVE_WORK)
def set_cover(
    *, actor: Actor, now: datetime, absent_id: int, covering_id: int, starts_on: date, ends_on: date, reason: CoverReason
) -> int:
    """Say who does somebody's work between two days, both included. Answers the key of the cover.

    Raises NotVisible for somebody whom the actor does not supervise; Blocked with a sentence for days that are taken.
    """
    refuse_days(absent_id, covering_id, starts_on, ends_on)
    if absent_id == actor.user_id and answer("SELECT rasso.completes_my_reviews(%s)", covering_id):
        raise Blocked(COMPLETES_YOUR_REVIEWS)
    try:
        with transaction.atomic():
            return int(answer("SELECT rasso.set_cover(%s, %s, %s, %s, %s)", absent_id, covering_id, starts_on, ends_on, reason))
    except ProgrammingError:
        raise Blocked("They cannot cover here. Choose somebody else.") from None
    except IntegrityError:
        # Somebody was quicker by a moment, or a rule of the table was passed by.
        raise Blocked("This cover cannot be set on these days. Load the page again and look who covers already.") from None
    except DataError:
        raise Blocked("Enter today or a later day.") from None


def refuse_days(absent_id: int, covering_id: int, starts_on: date, ends_on: date) -> None:
    """Raise Blocked where somebody covers already on one of the days, or whoever is to cover is away themselves."""
    taken = covers_from(starts_on).filter(starts_on__lte=ends_on)
    reasons = [
        f"{cover.covering.called} covers for {cover.absent.called} {days_of(cover)} already. "
        "End that cover first, or choose other days."
        for cover in taken.filter(absent_id=absent_id)
    ]
    reasons += [
        f"{cover.absent.called} is away themselves {days_of(cover)}. Choose somebody else."
        for cover in taken.filter(absent_id=covering_id)
    ]
    if reasons:
        raise Blocked(*reasons)


def days_of(cover: Any) -> str:
    return f"from {dates.day(cover.starts_on)} to {dates.day(cover.ends_on)}"


@held_by(*WHO_HAVE_WORK)
def end_cover(*, actor: Actor, now: datetime, key: int) -> None:
    """End a cover early, or call it off. From the next request on nothing is reached through it.

    Raises NotVisible where the actor has no say in it, Blocked where it has ended already.
    """
    try:
        with transaction.atomic():
            is_ended = answer("SELECT rasso.end_cover(%s)", key)
    except ProgrammingError:
        raise NotVisible from None
    if not is_ended:
        raise Blocked("This cover has ended already.")


def not_passed_on(absent_id: int, starts_on: date, ends_on: date) -> list[Any]:
    """What the absent person covers for others in these days: it is not passed on, so somebody must be asked anew. One query."""
    return list(covers_from(starts_on).filter(covering_id=absent_id, starts_on__lte=ends_on))


def answer(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
