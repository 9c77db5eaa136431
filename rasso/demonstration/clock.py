"""The clock that the demonstration can move: forward only, one local day at a time, each with its reminders."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from kit import binding, dates
from kit.clock import local_date

# As many days as rasso.move_clock goes at once.
LONGEST_MOVE = 400


@dataclass(frozen=True)
class Moved:
    days: int
    reminders: int


def move_to(target: date) -> Moved:
    """Let the days go by until it is nine in the morning of that date."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT days, reminders FROM rasso.move_clock(%s)", [target])
        return Moved(*cursor.fetchone())


def in_words(day: date) -> str:
    """Sunday 6 December 2026"""
    return f"{dates.WEEKDAYS[day.weekday()]} {dates.day(day)}"


def shown_today() -> str:
    """The date of the page that is being made; without asking the database, so nothing for a page that has not asked it."""
    bound = binding.current()
    return in_words(local_date(bound.now)) if bound else ""
