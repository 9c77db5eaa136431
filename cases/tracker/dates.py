"""Dates as people write them in a tracker. Day first, or year first; never guessed."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from kit import dates as words

EARLIEST_YEAR = 1900
TIME = r"(?:[ T,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?P<half>[ap]m)?)?"
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){TIME}", re.IGNORECASE)
DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})[-/. ](?P<month>\d{{1,2}})[-/. ](?P<year>\d+){TIME}", re.IGNORECASE)
IN_WORDS = re.compile(
    rf"(?:[a-z]+,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[- ](?P<month>[a-z]{{3,9}})\.?,?[- ](?P<year>\d+){TIME}", re.IGNORECASE
)
# Where a tracker gives a date alone, this hour stands for it.
NO_TIME_GIVEN = time(12)


class Unclear(ValueError):
    """What stands in the cell is no date that can be read one way only; the message says what to write."""


class Read(NamedTuple):
    day: date
    at: time | None


def read(text: str) -> Read:
    """The date, and the time where one is given."""
    match = YEAR_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text) or IN_WORDS.fullmatch(text)
    if match is None:
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            raise Unclear(f"“{text}” is the number of a date and not a date. Give the column the format of a date.")
        raise Unclear(f"“{text}” is not a date. Write it like 13/04/2026.")
    if len(match["year"]) != len("2026"):
        raise Unclear(f"“{text}”: write the year with 4 digits.")
    day, year = int(match["day"]), int(match["year"])
    month = month_of(match["month"], text)
    if month > 12 >= day and match.re is DAY_FIRST:
        raise Unclear(f"“{text}” is written month first. Write the day first: {month:02}/{day:02}/{year}.")
    if year < EARLIEST_YEAR:
        raise Unclear(f"“{text}”: write a year from {EARLIEST_YEAR}.")
    try:
        return Read(date(year, month, day), time_of(match))
    except ValueError:
        raise Unclear(f"“{text}” is not a real date. Write it like 13/04/2026.") from None


def month_of(text: str, whole: str) -> int:
    if text.isdigit():
        return int(text)
    found = [number for number, name in enumerate(words.MONTHS, start=1) if name.lower().startswith(text.lower())]
    found = found or [9] * (text.lower() == "sept")
    if len(found) != 1:
        raise Unclear(f"“{whole}” is not a date. Write it like 13/04/2026.")
    return found[0]


def time_of(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    return time(hour, int(match["minute"]))


def moment(given: Read, zone: tzinfo, *, not_before: datetime | None = None, not_after: datetime | None = None) -> datetime:
    """The moment that is meant. Where the time is not given it is noon, or as near to noon as the other moments of the day allow."""
    local = datetime.combine(given.day, given.at or NO_TIME_GIVEN, tzinfo=zone)
    if given.at is None:
        if not_before is not None and not_before.astimezone(zone).date() == given.day:
            local = max(local, not_before)
        if not_after is not None and not_after.astimezone(zone).date() == given.day:
            local = min(local, not_after)
        return local
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Unclear(f"{words.time_of_day(local)} did not happen on {words.day(given.day)}, because the clocks went forward.")
    return local
