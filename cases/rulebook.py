"""Which rows of the rule pack hold for this force on a day, and which days are worked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from cases import deadlines
from cases.models import LocalDay, Rule
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
    rules = deadlines.rules_on(Rule.objects.filter(profile=settings.FORCE_PROFILE), day)
    return Rulebook(rules, working_calendar())


def working_calendar() -> WorkingCalendar:
    """The days on which this force works, its own local days included. One query."""
    local_days = LocalDay.objects.filter(profile=settings.FORCE_PROFILE).values_list("day", flat=True)
    return calendar_for(settings.FORCE_PROFILE, local_days)
