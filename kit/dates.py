"""Dates in words. Pure: the day it is today is always given."""

from datetime import UTC, date, datetime
from typing import NamedTuple

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# From here on nobody counts in days any more.
LONGEST_IN_DAYS = 99
LONGEST_IN_MONTHS = 23


class Urgency(NamedTuple):
    """How pressing something is: the words for the page, and the class that repeats them for the eye."""

    word: str
    css: str


LATE = "rasso-urgency--late"
DONE = Urgency("Done", "rasso-urgency--done")


def day(when: date) -> str:
    """22 November 2026"""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def day_and_time(when: datetime) -> str:
    """22 November 2026 at 14:05, in the time zone that the moment has."""
    return f"{day(when)} at {time_of_day(when)}"


def time_of_day(when: datetime) -> str:
    """14:05"""
    return f"{when.hour:02}:{when.minute:02}"


def short_day(when: date, today: date) -> str:
    """10 November; the year stands only if it is not this year."""
    words = f"{when.day} {MONTHS[when.month - 1]}"
    return words if when.year == today.year else f"{words} {when.year}"


def weekday_and_day(when: date, today: date) -> str:
    """Friday 27 November; the year stands only if it is not this year."""
    return f"{WEEKDAYS[when.weekday()]} {short_day(when, today)}"


def ago(when: date, today: date) -> str:
    """10 November (12 days ago)"""
    return f"{short_day(when, today)} ({distance(when, today)})"


def distance(when: date, today: date) -> str:
    """today, yesterday, 12 days ago, in 3 days, 5 months ago"""
    days = (today - when).days
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days == -1:
        return "tomorrow"
    length = _length(min(when, today), max(when, today))
    return f"{length} ago" if days > 0 else f"in {length}"


def due(when: date, today: date) -> str:
    """Due Friday 27 November, 3 days; Due today; 3 days late, was due Friday 20 November"""
    return urgency(when, today).word


def urgency(when: date, today: date) -> Urgency:
    """What due() says, with its class; for something done take DONE."""
    days = (when - today).days
    if days == 0:
        return Urgency("Due today", "rasso-urgency--today")
    if days > 0:
        return Urgency(f"Due {weekday_and_day(when, today)}, {count(days, 'day')}", "rasso-urgency--later")
    words = f"{count(-days, 'day')} late, was due {weekday_and_day(when, today)}"
    return Urgency(words, LATE)


def urgency_to_the_minute(when: datetime, now: datetime) -> Urgency:
    """For what is due at a moment; both in the time zone of the reader: Due today at 14:05; 2 hours late, was due today at 14:05."""
    same_day = when.date() == now.date()
    named = f"{'today' if same_day else weekday_and_day(when.date(), now.date())} at {time_of_day(when)}"
    if now <= when:
        if same_day:
            return Urgency(f"Due {named}", "rasso-urgency--today")
        return Urgency(f"Due {named}, {count((when.date() - now.date()).days, 'day')}", "rasso-urgency--later")
    return Urgency(f"{_lateness(when, now)} late, was due {named}", LATE)


def _lateness(when: datetime, now: datetime) -> str:
    """In minutes within the hour, in hours within the day, and then in days. Elapsed time, also where the clocks change in between."""
    minutes = int((now.astimezone(UTC) - when.astimezone(UTC)).total_seconds() // 60)
    if minutes < 60:
        return count(max(minutes, 1), "minute")
    return count(minutes // 60, "hour") if minutes < 24 * 60 else count(minutes // (24 * 60), "day")


def count(number: int, noun: str) -> str:
    """1 day, 3 days"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _length(start: date, end: date) -> str:
    days = (end - start).days
    if days <= LONGEST_IN_DAYS:
        return count(days, "day")
    months = _whole_months(start, end)
    if months <= LONGEST_IN_MONTHS:
        return count(months, "month")
    return count(months // 12, "year")


def _whole_months(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months
