"""Which rows of the rule pack hold for this force on a day, and which days are worked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from cases import deadlines
from cases.models import LocalDay, Rule
from cases.rulepacks import PACK_BEGINS
from kit.workdays import WorkingCalendar, calendar_for


@dataclass(frozen=True)
class Rulebook:
    rules: dict[str, Rule]
    calendar: WorkingCalendar


def rulebook_for(moment: datetime) -> Rulebook:
    """The force's rules in force on the local date of the moment, by code, and its working days. Two queries."""
    return rulebook_on(timezone.localdate(moment))


def rulebook_on(day: date) -> Rulebook:
    """The force's rules in force on a local date, by code, and its working days. Two queries."""
    return Rulebooks().on(day)


class Rulebooks:
    """The rules of every day and the working days, read once: for many cases of many days. Two queries."""

    def __init__(self) -> None:
        self._rules = list(Rule.objects.filter(profile=settings.FORCE_PROFILE))
        self._calendar = working_calendar()
        self._on: dict[date, Rulebook] = {}

    def on(self, day: date) -> Rulebook:
        """What was before the first rules is held to them: a case of that time is reviewed like any other."""
        day = max(day, PACK_BEGINS)
        if day not in self._on:
            self._on[day] = Rulebook(deadlines.rules_on(self._rules, day), self._calendar)
        return self._on[day]

    def of(self, moment: datetime) -> Rulebook:
        return self.on(timezone.localdate(moment))


def working_calendar() -> WorkingCalendar:
    """The days on which this force works, its own local days included. One query."""
    local_days = LocalDay.objects.filter(profile=settings.FORCE_PROFILE).values_list("day", flat=True)
    return calendar_for(settings.FORCE_PROFILE, local_days)
