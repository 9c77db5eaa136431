"""TABLE 3: what starts a time limit, what meets it, and the arithmetic of every due date.

How many days a rule has, in which calendar and for whom, is data (cases/rulepacks.py; the stored rows are cases.models.Rule).
Everything here is pure: dates and moments in, dates out; no database, and nobody asks what time it is now. A moment is an
aware datetime; a date is a calendar date in the force's own time zone, which is the argument `zone`, or else Django's
TIME_ZONE. A due date ends at 23:59 local time of that day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar

from django.utils import timezone

from cases.enums import Calendar, EventKind
from cases.rulepacks import RuleCode
from kit.workdays import WorkingCalendar, add_working_days, working_day_on_or_before

# Slow recording must not hide delay: a crime is expected on record within this time of the report.
RECORDING_ALLOWANCE = timedelta(hours=24)
EARLY_COMPLETION = timedelta(days=5)
FIRST_MONTHLY = 3
EVERY_THIRD = 3


class CountedFrom(Enum):
    """Which moment of the case is day 0 of a limit."""

    REPORTED = "reported"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Limit:
    code: RuleCode
    starts: EventKind
    met_by: EventKind
    counted_from: CountedFrom


LIMITS: dict[RuleCode, Limit] = {
    limit.code: limit
    for limit in (
        Limit(RuleCode.SUPPORT_REFERRAL, EventKind.CASE_RECORDED, EventKind.SUPPORT_REFERRED, CountedFrom.REPORTED),
        Limit(RuleCode.INVESTIGATION_PLAN, EventKind.CASE_RECORDED, EventKind.INVESTIGATION_PLAN_SET, CountedFrom.RECORDED),
        Limit(RuleCode.EARLY_ADVICE_DECISION, EventKind.CASE_RECORDED, EventKind.EARLY_ADVICE_DECIDED, CountedFrom.RECORDED),
    )
}


class Allowance(Protocol):
    """What a rule says about time; both the stored row and the declared one do."""

    @property
    def amount(self) -> int: ...
    @property
    def calendar(self) -> str: ...


class Escalation(Protocol):
    @property
    def escalates_after(self) -> int | None: ...
    @property
    def escalates_further_after(self) -> int | None: ...
    @property
    def escalation_calendar(self) -> str: ...


class Versioned(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


AnyRule = TypeVar("AnyRule", bound=Versioned)


class EscalationDays(NamedTuple):
    first: date | None
    second: date | None


def rules_on(rules: Iterable[AnyRule], day: date) -> dict[str, AnyRule]:
    """The rule of each code that counts on this day, the highest version where several do; rows of one profile."""
    in_force = [rule for rule in rules if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)]
    return {rule.code: rule for rule in sorted(in_force, key=lambda rule: rule.version)}


def review_base(reported_at: datetime, recorded_at: datetime, zone: tzinfo | None = None) -> date:
    """Day 0 of the reviews: the local date of recording, or of 24 hours after the report if that is earlier.

    The 24 hours are elapsed time, also where the clocks change in between. Source: decision 24.
    """
    latest = _utc(reported_at) + RECORDING_ALLOWANCE
    return _local_date(min(_utc(recorded_at), latest), zone)


def rule_for_review(number: int) -> RuleCode:
    """The rule of the number-th review of a case: 1 the 14-day, 2 the 28-day, then monthly, every third monthly one (5, 8, 11,
    ...) a Detective Inspector's. Source: domain.md 3.2."""
    if number < 1:
        raise ValueError("Reviews are numbered from 1.")
    if number == 1:
        return RuleCode.REVIEW_14_DAY
    if number == 2:
        return RuleCode.REVIEW_28_DAY
    monthly = number - FIRST_MONTHLY + 1
    return RuleCode.REVIEW_MONTHLY if monthly % EVERY_THIRD else RuleCode.REVIEW_MONTHLY_THIRD


def review_due(base: date, number: int, rules: Mapping[str, Allowance]) -> date:
    """When the number-th review is due, in calendar days from the base: 14, 28, 56, 84, ... with the shipped rules.

    A grid: a review completed late or early does not move the next one, and a due date on a day without work stays. A rule
    that repeats counts from the grid date before it. Source: decision 24; `rules` maps rule codes to rows (rules_on).
    """
    code = rule_for_review(number)
    if number < FIRST_MONTHLY:
        return base + timedelta(days=rules[code].amount)
    days = rules[RuleCode.REVIEW_28_DAY].amount
    days += sum(rules[rule_for_review(each)].amount for each in range(FIRST_MONTHLY, number + 1))
    return base + timedelta(days=days)


def limit_begins(limit: Limit, reported_at: datetime, recorded_at: datetime) -> datetime:
    """The moment that day 0 of this limit falls on."""
    return reported_at if limit.counted_from is CountedFrom.REPORTED else recorded_at


def limit_due(rule: Allowance, moment: datetime, calendar: WorkingCalendar, zone: tzinfo | None = None) -> date:
    """The last day on which the limit can be met in time: day 0 is the local date of the moment, whatever the hour; working
    days are counted Monday to Friday without the holidays of `calendar`. Source: domain.md 4.2."""
    return _days_after(_local_date(moment, zone), rule.amount, rule.calendar, calendar)


def escalation_days(rule: Escalation, due_on: date, calendar: WorkingCalendar) -> EscalationDays:
    """On which days the first and the second person above hear that it is late; None where the rule names nobody.

    Day 0 is the due date; counted in the rule's own escalation calendar. Source: decision 25, domain.md 3.2.
    """

    def after(number: int | None) -> date | None:
        return None if number is None else _days_after(due_on, number, rule.escalation_calendar, calendar)

    return EscalationDays(after(rule.escalates_after), after(rule.escalates_further_after))


def may_complete_from(due_on: date) -> date:
    """The first day on which a review may be completed: five calendar days before it is due. Source: decision 24."""
    return due_on - EARLY_COMPLETION


def reminder_day(due_on: date, calendar: WorkingCalendar) -> date:
    """The day of the reminder: the due date, or the working day before it when nobody works on it. Source: decision 24."""
    return working_day_on_or_before(due_on, calendar)


def _days_after(start: date, number: int, unit: str, calendar: WorkingCalendar) -> date:
    if unit == Calendar.WORKING_DAYS:
        return add_working_days(start, number, calendar)
    return start + timedelta(days=number)


def _local_date(moment: datetime, zone: tzinfo | None) -> date:
    return _utc(moment).astimezone(zone or timezone.get_default_timezone()).date()


def _utc(moment: datetime) -> datetime:
    """Arithmetic across a change of the clocks is only right in UTC."""
    if timezone.is_naive(moment):
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)
