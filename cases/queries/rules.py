"""The force's rules and days without work, and what a change of them would do. No case is read here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cases import deadlines
from cases.deadlines import Due, Moved, Running
from cases.enums import Calendar, ReviewKind, RuleKind
from cases.models import LocalDay, Rule
from cases.rulebook import rulebook_on, working_calendar
from kit import dates
from kit.workdays import WorkingCalendar, public_holidays

# Reviews stand in the order of their kinds: those of the grid, then those that something asks for.
GRID_FIRST = {kind: place for place, kind in enumerate(ReviewKind.values)}


@dataclass(frozen=True)
class Row:
    """A rule with how it stands on a day: in force, to come, or replaced."""

    rule: Any
    until: date | None


@dataclass(frozen=True)
class Pack:
    reviews: list[Row]
    limits: list[Row]
    actions: list[Row]
    coming: list[Row]
    ended: list[Row]
    days: list[tuple[date, str, str]]


@dataclass(frozen=True)
class Allowed:
    """What a rule would say."""

    amount: int
    calendar: str


@dataclass(frozen=True)
class Trial:
    """``stood_still``: running dates that were suspended at some time; theirs is counted anew whenever they run again."""

    moved: list[Moved]
    stays: int
    stood_still: int

    @property
    def how_many(self) -> int:
        return sum(one.how_many for one in self.moved)

    @property
    def later(self) -> int:
        return sum(one.how_many for one in self.moved if one.after > one.before)

    @property
    def earlier(self) -> int:
        return self.how_many - self.later


def pack(today: date, *, with_names: bool) -> Pack:
    """Every rule of the force, also those to come and those that have ended, and the days without work. Two queries.

    ``with_names``: who changed a rule; an auditor from outside the police may read the rules and not who works here.
    """
    found = Rule.objects.filter(profile=settings.FORCE_PROFILE).order_by("kind", "amount", "code")
    rules = list(found.select_related("changed_by") if with_names else found)
    changes = sorted({rule.valid_from for rule in rules if rule.valid_from > today})
    now = deadlines.rules_on(rules, today)
    coming = [rule for rule in rules if rule.valid_from > today and deadlines.rules_on(rules, rule.valid_from)[rule.code] is rule]
    rows = [Row(rule, end_of(rule, rules, changes)) for rule in now.values()]
    shown = {rule.pk for rule in (*now.values(), *coming)}
    ended = [Row(rule, rule.valid_to) for rule in rules if rule.pk not in shown]
    return Pack(
        reviews=in_order(row for row in rows if row.rule.kind == RuleKind.REVIEW),
        limits=in_order(row for row in rows if row.rule.kind == RuleKind.LIMIT),
        actions=in_order(row for row in rows if row.rule.kind == RuleKind.ACTION),
        coming=sorted(
            (Row(rule, end_of(rule, rules, changes)) for rule in coming), key=lambda row: (row.rule.valid_from, row.rule.label)
        ),
        ended=in_order(ended),
        days=days_without_work(today, with_names=with_names),
    )


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(
        rows, key=lambda row: (GRID_FIRST.get(row.rule.review_kind, 0), row.rule.amount, row.rule.label, row.rule.version)
    )


def end_of(rule: Any, rules: list[Any], changes: list[date]) -> date | None:
    """The first day on which another version counts, or None."""
    for day in changes:
        if day > rule.valid_from and deadlines.rules_on(rules, day).get(rule.code) is not rule:
            return day
    return rule.valid_to  # type: ignore[no-any-return]


def days_without_work(today: date, *, with_names: bool) -> list[tuple[date, str, str]]:
    """The public holidays of this year and the next, and the force's own days, in their order."""
    public = [
        (day, name, "Public holiday")
        for year in (today.year, today.year + 1)
        for day, name in public_holidays(settings.FORCE_PROFILE, year).items()
    ]
    found = LocalDay.objects.filter(profile=settings.FORCE_PROFILE, day__year__gte=today.year)
    own = found.select_related("added_by") if with_names else found
    return sorted([*public, *((one.day, one.name, added(one, with_names)) for one in own)])


def added(day: Any, with_names: bool) -> str:
    if day.added_by_id is None or day.added_at is None:
        return "Day of this force"
    by = f" by {day.added_by.called}" if with_names else ""
    return f"Day of this force, added{by} on {dates.day(timezone.localdate(day.added_at))}"


# Trials ---------------------------------------------------------------------------------------------------------------


def running_under(codes: Iterable[str]) -> tuple[list[Running], int]:
    """The dates that run under any version of these rules, and how many more stood still at some time. One query a rule."""
    running, stood_still = [], 0
    with connection.cursor() as cursor:
        for code in codes:
            cursor.execute("SELECT * FROM rasso.dates_under_rule(%s, %s)", [settings.FORCE_PROFILE, code])
            for number, begins_at, counted_from, due_on, due_at, has_stood_still, how_many in cursor.fetchall():
                if has_stood_still:
                    stood_still += how_many
                else:
                    running.append(Running(code, number, begins_at or counted_from, Due(due_on, due_at), how_many))
    return running, stood_still


def try_rule(rule: Any, amount: int, today: date) -> Trial:
    """What would be due when, had the rule said this."""
    book = rulebook_on(today)
    running, stood_still = running_under(deadlines.moved_by(rule.code))
    rules: dict[str, Any] = {**book.rules, rule.code: Allowed(amount, rule.calendar)}
    return trial_of(deadlines.trial(rules, running, book.calendar), running, stood_still)


def try_day(day: date, today: date) -> Trial:
    """What would be due when, had everybody known that nobody works on this day."""
    calendar = working_calendar()
    rules = {code: rule for code, rule in rulebook_on(today).rules.items() if rule.calendar == Calendar.WORKING_DAYS}
    running, stood_still = running_under(rules)
    with_it = replace(calendar, local_days=calendar.local_days | {day})
    return trial_of(only_by(rules, running, calendar, with_it), running, stood_still)


def only_by(rules: dict[str, Any], running: list[Running], calendar: WorkingCalendar, with_it: WorkingCalendar) -> list[Moved]:
    """What the day alone would move: not what another version of a rule, or another added day, has moved since."""
    touched = [one for one in running if deadlines.due_under(rules, one, calendar) == one.due]
    return deadlines.trial(rules, touched, with_it)


def trial_of(moved: list[Moved], running: list[Running], stood_still: int) -> Trial:
    return Trial(moved, sum(one.how_many for one in running) - sum(one.how_many for one in moved), stood_still)
