"""Working days of a jurisdiction: Monday to Friday, less its public holidays and the local days that the caller adds.

Pure: dates in, dates out. Public holidays are those of the `holidays` package, which knows them only as far ahead as they
are proclaimed; whatever is announced later (a day of mourning, a royal visit) comes in as a local day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5

# Jurisdiction: the country and the part of it, as the `holidays` package names them.
PLACES: dict[str, tuple[str, str | None]] = {
    "JE": ("JE", None),
    "EW": ("GB", "ENG"),
}


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked in a jurisdiction; made by calendar_for()."""

    jurisdiction: str
    local_days: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.local_days and day not in public_holidays(self.jurisdiction, day.year)


def calendar_for(jurisdiction: str, local_days: Iterable[date] = ()) -> WorkingCalendar:
    """The calendar of “JE” or “EW” with further days that are not worked; cheap, the public holidays of a year are read once
    in a process."""
    if jurisdiction not in PLACES:
        raise ValueError(
            f"No public holidays are declared for jurisdiction {jurisdiction!r}; add it to PLACES in kit/workdays.py."
        )
    return WorkingCalendar(jurisdiction, frozenset(local_days))


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    return calendar.is_working_day(day)


def add_working_days(start: date, number: int, calendar: WorkingCalendar) -> date:
    """The number-th working day after start.

    Day 0 is start itself, whether or not it is worked; with number 0 the answer is start.
    """
    if number < 0:
        raise ValueError("Working days are counted forward only.")
    day = start
    while number:
        day += ONE_DAY
        if calendar.is_working_day(day):
            number -= 1
    return day


def working_day_on_or_before(day: date, calendar: WorkingCalendar) -> date:
    """The day itself if it is worked, else the last working day before it."""
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return day


@lru_cache(maxsize=200)
def public_holidays(jurisdiction: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names, in the order of the year."""
    country, part = PLACES[jurisdiction]
    known = holidays.country_holidays(country, subdiv=part, years=year, language="en_GB")
    return MappingProxyType(dict(sorted(known.items())))
