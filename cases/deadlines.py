"""TABLE 3: what starts a time limit, what meets it, and the arithmetic of every due date.

How many days a rule has, in which calendar and for whom, is data (cases/rulepacks.py; the stored rows are cases.models.Rule).
Everything here is pure: dates and moments in, dates out; no database, and nobody asks what time it is now. A moment is an
aware datetime; a date is a calendar date in the force's own time zone, which is the argument `zone`, or else Django's
TIME_ZONE. A due date ends at 23:59 local time of that day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from typing import Any, NamedTuple, Protocol, TypeVar

from django.utils import timezone

from cases.enums import About, Calendar, EventKind
from cases.rulepacks import RuleCode
from kit.workdays import WorkingCalendar, add_working_days, working_day_on_or_before

# Slow recording must not hide delay: a crime is expected on record within this time of the report.
RECORDING_ALLOWANCE = timedelta(hours=24)
EARLY_COMPLETION = timedelta(days=5)
FIRST_MONTHLY = 3
EVERY_THIRD = 3


class CountedFrom(Enum):
    """Which moment is day 0 of a limit."""

    REPORTED = "reported"
    RECORDED = "recorded"
    EVENT = "event"


@dataclass(frozen=True)
class Limit:
    """``about``: one limit for each victim, suspect or device that the starting entry concerns. ``is_answered``: only an entry
    that names the very entry that started it meets it (domain.md 4.2: a contact linked to the trigger)."""

    code: RuleCode
    starts: frozenset[EventKind]
    met_by: EventKind
    counted_from: CountedFrom
    about: About | None = None
    is_answered: bool = False


def _to_tell(code: RuleCode, *starts: EventKind) -> Limit:
    return Limit(code, frozenset(starts), EventKind.VICTIM_TOLD, CountedFrom.EVENT, About.VICTIM, is_answered=True)


RECORDED = frozenset({EventKind.CASE_RECORDED})
LIMITS: dict[str, Limit] = {
    limit.code: limit
    for limit in (
        Limit(RuleCode.SUPPORT_REFERRAL, RECORDED, EventKind.SUPPORT_REFERRED, CountedFrom.REPORTED, About.VICTIM),
        Limit(RuleCode.INVESTIGATION_PLAN, RECORDED, EventKind.INVESTIGATION_PLAN_SET, CountedFrom.RECORDED),
        Limit(RuleCode.EARLY_ADVICE_DECISION, RECORDED, EventKind.EARLY_ADVICE_DECIDED, CountedFrom.RECORDED),
        _to_tell(RuleCode.TELL_ARREST, EventKind.SUSPECT_ARRESTED),
        _to_tell(RuleCode.TELL_INTERVIEW, EventKind.SUSPECT_INTERVIEWED),
        _to_tell(RuleCode.TELL_RELEASE, EventKind.RELEASED_WITHOUT_CHARGE),
        _to_tell(RuleCode.TELL_BAIL, EventKind.SUSPECT_BAILED, EventKind.BAIL_CHANGED, EventKind.RELEASED_UNDER_INVESTIGATION),
        Limit(
            RuleCode.DEVICE_RETURN,
            frozenset({EventKind.DEVICE_TAKEN}),
            EventKind.DEVICE_RETURNED,
            CountedFrom.EVENT,
            About.DEVICE,
        ),
    )
}
# Entries that meet only the limit which the entry they name has started.
ANSWERS = frozenset(limit.met_by for limit in LIMITS.values() if limit.is_answered)
# Entries that V1 has a right to hear of.
TO_BE_TOLD = frozenset(kind for limit in LIMITS.values() if limit.is_answered for kind in limit.starts)


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


class Reminding(Escalation, Protocol):
    @property
    def remind_before(self) -> int | None: ...
    @property
    def escalates_to(self) -> str: ...
    @property
    def escalates_further_to(self) -> str: ...


class Versioned(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def is_local(self) -> bool: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


AnyRule = TypeVar("AnyRule", bound=Versioned)


class Due(NamedTuple):
    """The last local day on which it can be met in time; for limits in hours the moment as well."""

    on: date
    at: datetime | None = None


class Mark(NamedTuple):
    """An entry that changes how a time limit stands. ``until``: the due date that a resumption gave."""

    kind: EventKind
    at: datetime
    event: Any
    until: date | None = None


@dataclass(frozen=True)
class Standing:
    """How a time limit stands after its marks: the entries that met, suspended and stopped it, and its due date."""

    due: Due
    met: Mark | None = None
    suspended: Mark | None = None
    stopped: Mark | None = None


class EscalationDays(NamedTuple):
    first: date | None
    second: date | None


def rules_on(rules: Iterable[AnyRule], day: date) -> dict[str, AnyRule]:
    """The rule of each code that counts on this day: the force's own before a shipped one, then the one that began last."""
    in_force = [rule for rule in rules if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)]
    return {rule.code: rule for rule in sorted(in_force, key=lambda rule: (rule.is_local, rule.valid_from, rule.version))}


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


def limit_begins(limit: Limit, reported_at: datetime, recorded_at: datetime, happened_at: datetime) -> datetime:
    """The moment that day 0 of this limit falls on; ``happened_at`` is that of the entry that starts it."""
    if limit.counted_from is CountedFrom.EVENT:
        return happened_at
    return reported_at if limit.counted_from is CountedFrom.REPORTED else recorded_at


def limit_due(rule: Allowance, moment: datetime, calendar: WorkingCalendar, zone: tzinfo | None = None) -> Due:
    """Until when the limit can be met in time.

    Days: day 0 is the local date of the moment, whatever the hour; working days are counted Monday to Friday without the holidays
    of `calendar` (domain.md 4.2). Hours: that much elapsed time, also where the clocks change in between.
    """
    if rule.calendar == Calendar.HOURS:
        at = _utc(moment) + timedelta(hours=rule.amount)
        return Due(_local_date(at, zone), at)
    return Due(_days_after(_local_date(moment, zone), rule.amount, rule.calendar, calendar))


def resumed_due(rule: Allowance, due: Due, suspended_at: datetime, resumed_at: datetime, calendar: WorkingCalendar) -> Due:
    """The due date of a limit that stood still between two moments: what was left of it then is left of it now.

    In days: the day of the suspension is used up, the day of the resumption is day 0 again. A limit that was late when it was
    suspended stays as late as it was. No pause brings a date forward, also where its very day has become one without work since.
    Source: domain.md 4.2 (suspended), decision 23.
    """
    if due.at is not None:
        time_left = due.at - _utc(suspended_at)
        return due if time_left < timedelta() else _moment_due(_utc(resumed_at) + time_left)
    stopped_on, resumed_on = _local_date(suspended_at, None), _local_date(resumed_at, None)
    if due.on < stopped_on:
        return due
    left = _days_left(stopped_on, due.on, rule.calendar, calendar)
    return Due(max(due.on, _days_after(resumed_on, left, rule.calendar, calendar)))


def standing(due: Due, marks: Iterable[Mark], met_by: EventKind) -> Standing:
    """How a limit stands after these entries, none of them struck out, whatever their order.

    ``due``: as it was given when it started. A limit that was met stays met; one that does not apply runs again, with the date it
    had, when somebody finds that it applies after all. No calendar is asked again: a resumption carries the date that it gave, and
    hours are elapsed time.
    """
    now = Standing(due)
    for mark in sorted(marks, key=lambda mark: mark.at):
        if mark.kind == met_by:
            return Standing(now.due, met=mark)
        if mark.kind == EventKind.LIMIT_SUSPENDED:
            now = replace(now, suspended=mark)
        elif mark.kind == EventKind.LIMIT_RESUMED and now.suspended is not None:
            now = Standing(_due_given(now.due, now.suspended, mark), stopped=now.stopped)
        elif mark.kind == EventKind.LIMIT_NOT_APPLICABLE:
            now = Standing(now.due, stopped=mark)
        elif mark.kind == EventKind.LIMIT_REOPENED:
            now = replace(now, stopped=None)
    return now


def _due_given(due: Due, suspended: Mark, resumed: Mark) -> Due:
    if due.at is not None:
        return due if due.at < suspended.at else _moment_due(_utc(resumed.at) + (due.at - _utc(suspended.at)))
    return Due(resumed.until or due.on)


def is_late(due: Due, now: datetime, zone: tzinfo | None = None) -> bool:
    """Whether it was due before this moment."""
    return due.at < now if due.at is not None else due.on < _local_date(now, zone)


def review_after(rule: Allowance, day: date, calendar: WorkingCalendar) -> date:
    """When a review beside the grid is due that something asked for on this day. Source: domain.md 3.2 and 13 (C13)."""
    return _days_after(day, rule.amount, rule.calendar, calendar)


def escalation_days(rule: Escalation, due_on: date, calendar: WorkingCalendar) -> EscalationDays:
    """On which days the first and the second person above hear that it is late; None where the rule names nobody.

    Day 0 is the due date; counted in the rule's own escalation calendar. Source: decision 25, domain.md 3.2.
    """

    def after(number: int | None) -> date | None:
        return None if number is None else _days_after(due_on, number, rule.escalation_calendar, calendar)

    return EscalationDays(after(rule.escalates_after), after(rule.escalates_further_after))


def first_open_review(
    base: date, today: date, last_on: date | None, next_on: date | None, rules: Mapping[str, Allowance]
) -> tuple[int, date]:
    """Which review of the grid is the first open one of a case taken over from elsewhere, and when it is due.

    The grid stays where it is. Numbers due on or before the last review are not made, because nobody completed them here. The next
    due date that was given elsewhere stands, for the last number of the grid that is due by then. Without either, the latest
    number whose date has passed is open and late, and those before it are not made. Source: ADR 15.
    """
    number = 1
    while last_on is not None and review_due(base, number, rules) <= last_on:
        number += 1
    by = next_on or (today if last_on is None else None)
    while by is not None and review_due(base, number + 1, rules) <= by:
        number += 1
    return number, next_on or review_due(base, number, rules)


def not_before(days: EscalationDays, rule: Escalation, first_day: date, calendar: WorkingCalendar) -> EscalationDays:
    """The days on which those above hear, none before this one. The second hears as long after the first as the rule says."""
    if days.first is None or days.first >= first_day:
        return EscalationDays(days.first, days.second and max(days.second, first_day))
    if days.second is None:
        return EscalationDays(first_day, None)
    between = (rule.escalates_further_after or 0) - (rule.escalates_after or 0)
    return EscalationDays(first_day, max(days.second, _days_after(first_day, between, rule.escalation_calendar, calendar)))


def may_complete_from(due_on: date) -> date:
    """The first day on which a review may be completed: five calendar days before it is due. Source: decision 24."""
    return due_on - EARLY_COMPLETION


def reminder_day(due_on: date, calendar: WorkingCalendar) -> date:
    """The day of the reminder: the due date, or the working day before it when nobody works on it. Source: decision 24."""
    return working_day_on_or_before(due_on, calendar)


def notice(rule: Reminding, due_on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """Who hears of a date and on which local days, as the fields that reviews, time limits and actions share: `warn_on` when it is
    coming, `remind_on` when it is due, and whom it escalates to from which days on.

    A warning comes that many calendar days before, and like the reminder on the working day before a day without work. Source:
    the rule, decisions 24 and 25.
    """
    remind_on = reminder_day(due_on, calendar)
    before = timedelta(days=rule.remind_before or 0)
    escalates = escalation_days(rule, due_on, calendar)
    return {
        "warn_on": min(remind_on, reminder_day(due_on - before, calendar)),
        "remind_on": remind_on,
        "escalates_to": rule.escalates_to,
        "escalates_on": escalates.first,
        "escalates_further_to": rule.escalates_further_to,
        "escalates_further_on": escalates.second,
    }


def _days_after(start: date, number: int, unit: str, calendar: WorkingCalendar) -> date:
    if unit == Calendar.WORKING_DAYS:
        return add_working_days(start, number, calendar)
    return start + timedelta(days=number)


def _days_left(start: date, end: date, unit: str, calendar: WorkingCalendar) -> int:
    """How many counted days lie after start, up to and with end."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(1 for day in days if unit != Calendar.WORKING_DAYS or calendar.is_working_day(day))


def _moment_due(at: datetime) -> Due:
    return Due(_local_date(at, None), at)


def _local_date(moment: datetime, zone: tzinfo | None) -> date:
    return _utc(moment).astimezone(zone or timezone.get_default_timezone()).date()


def _utc(moment: datetime) -> datetime:
    """Arithmetic across a change of the clocks is only right in UTC."""
    if timezone.is_naive(moment):
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


# Trial of a changed rule -------------------------------------------------------------------------------------------------


class Running(NamedTuple):
    """A date that runs, as a trial needs it: under which rule, from where it is counted, and how many share all that."""

    code: str
    number: int | None
    counted_from: date | datetime
    due: Due
    how_many: int


class Moved(NamedTuple):
    before: Due
    after: Due
    how_many: int


# The grid of reviews counts on from one to the next, so that a rule moves those after it as well.
MOVES_ALSO: dict[str, tuple[RuleCode, ...]] = {
    RuleCode.REVIEW_28_DAY: (RuleCode.REVIEW_MONTHLY, RuleCode.REVIEW_MONTHLY_THIRD),
    RuleCode.REVIEW_MONTHLY: (RuleCode.REVIEW_MONTHLY_THIRD,),
    RuleCode.REVIEW_MONTHLY_THIRD: (RuleCode.REVIEW_MONTHLY,),
}


def moved_by(code: str) -> tuple[str, ...]:
    """The rules whose dates a change of this one would move."""
    return (code, *MOVES_ALSO.get(code, ()))


def trial(rules: Mapping[str, Allowance], running: Iterable[Running], calendar: WorkingCalendar) -> list[Moved]:
    """Which dates would be others had these rules counted when they were given, earliest first. Nothing moves."""
    moved: dict[tuple[Due, Due], int] = {}
    for one in running:
        after = due_under(rules, one, calendar)
        if after != one.due:
            moved[one.due, after] = moved.get((one.due, after), 0) + one.how_many
    return sorted(Moved(before, after, number) for (before, after), number in moved.items())


def due_under(rules: Mapping[str, Allowance], one: Running, calendar: WorkingCalendar) -> Due:
    """When it would be due under these rules. A limit counts from a moment, a review from a day."""
    if isinstance(one.counted_from, datetime):
        return limit_due(rules[one.code], one.counted_from, calendar)
    if one.number is not None:
        return Due(review_due(one.counted_from, one.number, rules))
    return Due(review_after(rules[one.code], one.counted_from, calendar))
