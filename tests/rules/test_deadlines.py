"""Due dates against examples counted on a calendar, and against a plain day-by-day count."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import deadlines
from cases.deadlines import CountedFrom, EscalationDays
from cases.enums import Calendar, EventKind, RuleKind
from cases.rulepacks import EW, JE, PROFILES, RULES, RuleCode
from kit.workdays import add_working_days, calendar_for, is_working_day, working_day_on_or_before

JERSEY = ZoneInfo("Europe/Jersey")
SHIPPED = {
    profile: deadlines.rules_on([rule for rule in RULES if rule.profile == profile], date(2026, 7, 1)) for profile in PROFILES
}
DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))
YEARS = range(2017, 2038)
# Read here once more, past the code under test.
PUBLIC_HOLIDAYS = {
    JE: set(holidays.country_holidays("JE", years=YEARS)),
    EW: set(holidays.country_holidays("GB", subdiv="ENG", years=YEARS)),
}
# The first example of a year reads its holidays, however slow the machine is just then.
unhurried = settings(deadline=None)


def local(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=JERSEY)


def allowance(amount: int, unit: Calendar) -> SimpleNamespace:
    return SimpleNamespace(amount=amount, calendar=unit)


# Working days


@pytest.mark.parametrize(
    ("profile", "day", "worked"),
    [
        (JE, date(2025, 5, 9), False),  # Liberation Day, a Friday
        (EW, date(2025, 5, 9), True),
        (JE, date(2028, 5, 9), False),  # Liberation Day, a Tuesday
        (JE, date(2026, 5, 8), True),  # Liberation Day 2026 is the Saturday after
        (JE, date(2026, 5, 11), True),
        (JE, date(2026, 4, 3), False),  # Good Friday
        (EW, date(2026, 4, 6), False),  # Easter Monday
        (JE, date(2026, 12, 25), False),
        (JE, date(2026, 12, 28), False),  # in place of Boxing Day, a Saturday
        (EW, date(2026, 12, 28), False),
        (EW, date(2027, 12, 28), False),  # Christmas and Boxing Day at a weekend
        (JE, date(2027, 12, 29), True),
        (EW, date(2022, 9, 19), False),  # a state funeral
        (JE, date(2024, 7, 15), False),  # a royal visit to Jersey
        (EW, date(2024, 7, 15), True),
        (JE, date(2024, 2, 29), True),
        (JE, date(2026, 7, 4), False),  # Saturday
        (JE, date(2026, 7, 5), False),  # Sunday
        (JE, date(2026, 7, 6), True),
    ],
)
def test_days_that_are_worked(profile: str, day: date, worked: bool) -> None:
    assert is_working_day(day, calendar_for(profile)) is worked


def test_a_local_day_is_not_worked_and_belongs_to_its_calendar_only() -> None:
    mourning = date(2026, 7, 6)
    assert not is_working_day(mourning, calendar_for(JE, [mourning]))
    assert is_working_day(mourning, calendar_for(JE))


def test_a_profile_without_declared_holidays_is_refused() -> None:
    with pytest.raises(ValueError, match="No public holidays are declared for jurisdiction 'GG'"):
        calendar_for("GG")


@pytest.mark.parametrize(
    ("profile", "start", "number", "due"),
    [
        (JE, date(2026, 7, 3), 2, date(2026, 7, 7)),  # Friday: Monday 1, Tuesday 2
        (JE, date(2026, 7, 4), 2, date(2026, 7, 7)),  # Saturday
        (JE, date(2026, 7, 5), 2, date(2026, 7, 7)),  # Sunday
        (JE, date(2026, 7, 6), 2, date(2026, 7, 8)),
        (JE, date(2025, 5, 8), 1, date(2025, 5, 12)),  # Liberation Day and a weekend between
        (EW, date(2025, 5, 8), 1, date(2025, 5, 9)),
        (JE, date(2026, 4, 2), 2, date(2026, 4, 8)),  # Easter
        (JE, date(2026, 12, 24), 2, date(2026, 12, 30)),
        (EW, date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day, a Friday
        (JE, date(2024, 2, 28), 2, date(2024, 3, 1)),  # leap year
        (JE, date(2026, 7, 4), 0, date(2026, 7, 4)),
    ],
)
def test_the_nth_working_day_after(profile: str, start: date, number: int, due: date) -> None:
    assert add_working_days(start, number, calendar_for(profile)) == due


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 7, 6), -1, calendar_for(JE))


@unhurried
@given(profile=st.sampled_from(PROFILES), start=DAYS, number=st.integers(1, 30), extra=st.sets(DAYS, max_size=5))
def test_working_days_agree_with_a_plain_count(profile: str, start: date, number: int, extra: set[date]) -> None:
    calendar = calendar_for(profile, extra)
    due = add_working_days(start, number, calendar)
    passed = [start + timedelta(days=days) for days in range(1, (due - start).days + 1)]
    worked = [day for day in passed if day.isoweekday() <= 5 and day not in extra | PUBLIC_HOLIDAYS[profile]]
    assert len(worked) == number
    assert worked[-1] == due


@unhurried
@given(profile=st.sampled_from(PROFILES), day=DAYS, extra=st.sets(DAYS, max_size=5))
def test_the_working_day_on_or_before_has_none_between(profile: str, day: date, extra: set[date]) -> None:
    calendar = calendar_for(profile, extra)
    found = working_day_on_or_before(day, calendar)
    assert is_working_day(found, calendar)
    assert not any(is_working_day(found + timedelta(days=days), calendar) for days in range(1, (day - found).days + 1))


# Day 0 of the reviews


@pytest.mark.parametrize(
    ("reported", "recorded", "base"),
    [
        (local(2026, 7, 6, 10), local(2026, 7, 6, 10), date(2026, 7, 6)),
        (local(2026, 7, 6, 10), local(2026, 7, 7, 9, 59), date(2026, 7, 7)),
        (local(2026, 7, 6, 10), local(2026, 7, 12, 10), date(2026, 7, 7)),  # six days to record: 24 hours count
        # 23:30 in Jersey in summer is 22:30 UTC; half past midnight is the day before in UTC.
        (local(2026, 7, 6, 23, 30), local(2026, 7, 6, 23, 30), date(2026, 7, 6)),
        (local(2026, 7, 7, 0, 30), local(2026, 7, 7, 0, 30), date(2026, 7, 7)),
        (local(2026, 7, 6, 0, 30), local(2026, 7, 9), date(2026, 7, 7)),
        # 24 hours that pass, not the same time next day: on 29 March 2026 the clocks go forward, on 25 October back.
        (local(2026, 3, 28, 23, 30), local(2026, 4, 2), date(2026, 3, 30)),
        (local(2026, 10, 25, 0, 30), local(2026, 10, 30), date(2026, 10, 25)),
        (local(2028, 2, 28), local(2028, 3, 5), date(2028, 2, 29)),  # leap year
        (local(2026, 12, 31, 12), local(2027, 1, 3), date(2027, 1, 1)),
    ],
)
def test_reviews_count_from_recording_or_a_day_after_the_report(reported: datetime, recorded: datetime, base: date) -> None:
    assert deadlines.review_base(reported, recorded, JERSEY) == base
    # The same moments written in another zone are the same moments.
    assert deadlines.review_base(reported.astimezone(UTC), recorded.astimezone(UTC), JERSEY) == base


def test_the_zone_decides_the_date() -> None:
    moment = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    assert deadlines.review_base(moment, moment, JERSEY) == date(2026, 7, 7)
    assert deadlines.review_base(moment, moment, UTC) == date(2026, 7, 6)


def test_the_zone_is_the_forces_own_unless_said() -> None:
    moment = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    assert deadlines.review_base(moment, moment) == date(2026, 7, 7)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 7, 6, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        deadlines.review_base(naive, naive, JERSEY)


# The grid


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("number", "days", "code"),
    [
        (1, 14, RuleCode.REVIEW_14_DAY),
        (2, 28, RuleCode.REVIEW_28_DAY),
        (3, 56, RuleCode.REVIEW_MONTHLY),
        (4, 84, RuleCode.REVIEW_MONTHLY),
        (5, 112, RuleCode.REVIEW_MONTHLY_THIRD),
        (6, 140, RuleCode.REVIEW_MONTHLY),
        (7, 168, RuleCode.REVIEW_MONTHLY),
        (8, 196, RuleCode.REVIEW_MONTHLY_THIRD),
        (9, 224, RuleCode.REVIEW_MONTHLY),
        (11, 280, RuleCode.REVIEW_MONTHLY_THIRD),
    ],
)
def test_the_grid_of_reviews(profile: str, number: int, days: int, code: RuleCode) -> None:
    base = date(2026, 2, 2)
    assert deadlines.review_due(base, number, SHIPPED[profile]) == base + timedelta(days=days)
    assert deadlines.rule_for_review(number) == code


@unhurried
@given(base=DAYS, number=st.integers(2, 60))
def test_after_the_first_a_review_falls_due_every_28_days(base: date, number: int) -> None:
    this, following = (deadlines.review_due(base, each, SHIPPED[JE]) for each in (number, number + 1))
    assert following - this == timedelta(days=28)
    assert this == base + timedelta(days=28 * (number - 1))


@pytest.mark.parametrize(
    ("base", "first", "second"),
    [
        (date(2028, 2, 20), date(2028, 3, 5), date(2028, 3, 19)),  # 29 February between; a Sunday stays
        (date(2026, 3, 20), date(2026, 4, 3), date(2026, 4, 17)),  # due on Good Friday: stays
        (date(2026, 12, 20), date(2027, 1, 3), date(2027, 1, 17)),
    ],
)
def test_a_review_due_on_a_day_without_work_stays(base: date, first: date, second: date) -> None:
    assert [deadlines.review_due(base, number, SHIPPED[JE]) for number in (1, 2)] == [first, second]


def test_the_grid_reads_the_rules() -> None:
    rules = dict(SHIPPED[JE])
    rules[RuleCode.REVIEW_MONTHLY] = allowance(30, Calendar.CALENDAR_DAYS)  # type: ignore[assignment]
    due = [(deadlines.review_due(date(2026, 1, 1), number, rules) - date(2026, 1, 1)).days for number in (1, 2, 3, 4, 5, 6)]
    assert due == [14, 28, 58, 88, 116, 146]


def test_reviews_are_numbered_from_1() -> None:
    with pytest.raises(ValueError, match="from 1"):
        deadlines.rule_for_review(0)


# Time limits


@pytest.mark.parametrize(
    ("amount", "unit", "moment", "due"),
    [
        (2, Calendar.WORKING_DAYS, local(2026, 7, 3, 17), date(2026, 7, 7)),
        (2, Calendar.WORKING_DAYS, local(2026, 7, 3, 23, 59), date(2026, 7, 7)),
        (2, Calendar.WORKING_DAYS, local(2026, 7, 6, 0, 1), date(2026, 7, 8)),  # Sunday 23:01 in UTC
        (2, Calendar.WORKING_DAYS, local(2025, 5, 7), date(2025, 5, 12)),  # Liberation Day 2025
        (3, Calendar.CALENDAR_DAYS, local(2026, 7, 3, 23, 30), date(2026, 7, 6)),
        (3, Calendar.CALENDAR_DAYS, local(2026, 7, 4, 0, 30), date(2026, 7, 7)),
        (28, Calendar.CALENDAR_DAYS, local(2028, 2, 10), date(2028, 3, 9)),
        (14, Calendar.CALENDAR_DAYS, local(2026, 3, 28, 23, 30), date(2026, 4, 11)),  # clocks go forward between
        (14, Calendar.CALENDAR_DAYS, local(2026, 10, 24, 0, 30), date(2026, 11, 7)),  # clocks go back between
    ],
)
def test_a_limit_is_due(amount: int, unit: Calendar, moment: datetime, due: date) -> None:
    rule = allowance(amount, unit)
    assert deadlines.limit_due(rule, moment, calendar_for(JE), JERSEY) == (due, None)
    assert deadlines.limit_due(rule, moment.astimezone(UTC), calendar_for(JE), JERSEY) == (due, None)


@unhurried
@given(
    day=DAYS,
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    unit=st.sampled_from([Calendar.CALENDAR_DAYS, Calendar.WORKING_DAYS]),
)
def test_the_hour_of_the_day_changes_no_due_date(day: date, hour: int, minute: int, unit: Calendar) -> None:
    moment = local(day.year, day.month, day.day, hour, minute)
    calendar = calendar_for(JE)
    noon = local(day.year, day.month, day.day)
    rule = allowance(5, unit)
    assert deadlines.limit_due(rule, moment, calendar, JERSEY) == deadlines.limit_due(rule, noon, calendar, JERSEY)


def test_what_starts_and_meets_each_limit() -> None:
    table = {code: (limit.starts, limit.met_by, limit.counted_from) for code, limit in deadlines.LIMITS.items()}
    assert table == {
        RuleCode.SUPPORT_REFERRAL: ({EventKind.CASE_RECORDED}, EventKind.SUPPORT_REFERRED, CountedFrom.REPORTED),
        RuleCode.INVESTIGATION_PLAN: ({EventKind.CASE_RECORDED}, EventKind.INVESTIGATION_PLAN_SET, CountedFrom.RECORDED),
        RuleCode.EARLY_ADVICE_DECISION: ({EventKind.CASE_RECORDED}, EventKind.EARLY_ADVICE_DECIDED, CountedFrom.RECORDED),
        RuleCode.TELL_ARREST: ({EventKind.SUSPECT_ARRESTED}, EventKind.VICTIM_TOLD, CountedFrom.EVENT),
        RuleCode.TELL_INTERVIEW: ({EventKind.SUSPECT_INTERVIEWED}, EventKind.VICTIM_TOLD, CountedFrom.EVENT),
        RuleCode.TELL_RELEASE: ({EventKind.RELEASED_WITHOUT_CHARGE}, EventKind.VICTIM_TOLD, CountedFrom.EVENT),
        RuleCode.TELL_BAIL: (
            {EventKind.SUSPECT_BAILED, EventKind.BAIL_CHANGED, EventKind.RELEASED_UNDER_INVESTIGATION},
            EventKind.VICTIM_TOLD,
            CountedFrom.EVENT,
        ),
        RuleCode.DEVICE_RETURN: ({EventKind.DEVICE_TAKEN}, EventKind.DEVICE_RETURNED, CountedFrom.EVENT),
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_every_limit_of_the_packs_has_a_row_in_the_table(profile: str) -> None:
    assert {code for code, rule in SHIPPED[profile].items() if rule.kind == RuleKind.LIMIT} == set(deadlines.LIMITS)


def test_where_day_0_of_a_limit_falls() -> None:
    reported, recorded, happened = local(2026, 7, 6), local(2026, 7, 8), local(2026, 7, 9)
    begins = {code: deadlines.limit_begins(limit, reported, recorded, happened) for code, limit in deadlines.LIMITS.items()}
    assert begins[RuleCode.SUPPORT_REFERRAL] == reported
    assert begins[RuleCode.INVESTIGATION_PLAN] == begins[RuleCode.EARLY_ADVICE_DECISION] == recorded
    assert begins[RuleCode.TELL_ARREST] == begins[RuleCode.DEVICE_RETURN] == happened


@pytest.mark.parametrize(("profile", "due"), [(JE, date(2026, 8, 3)), (EW, date(2026, 7, 20))])
def test_the_early_advice_decision_of_each_profile(profile: str, due: date) -> None:
    rule = SHIPPED[profile][RuleCode.EARLY_ADVICE_DECISION]
    assert deadlines.limit_due(rule, local(2026, 7, 6), calendar_for(profile), JERSEY) == (due, None)


# Who hears, from when it may be done, when to remind


@pytest.mark.parametrize(
    ("profile", "code", "due_on", "days"),
    [
        (JE, RuleCode.REVIEW_14_DAY, date(2026, 7, 6), (date(2026, 7, 9), date(2026, 7, 20))),
        (JE, RuleCode.REVIEW_14_DAY, date(2026, 7, 3), (date(2026, 7, 8), date(2026, 7, 17))),
        (JE, RuleCode.REVIEW_14_DAY, date(2025, 5, 6), (date(2025, 5, 12), date(2025, 5, 21))),  # Liberation Day
        (EW, RuleCode.REVIEW_14_DAY, date(2025, 5, 6), (date(2025, 5, 9), date(2025, 5, 20))),
        (JE, RuleCode.REVIEW_28_DAY, date(2026, 7, 5), (date(2026, 7, 8), None)),  # due on a Sunday
        (JE, RuleCode.REVIEW_MONTHLY_THIRD, date(2026, 7, 6), (date(2026, 7, 9), None)),
        (JE, RuleCode.INVESTIGATION_PLAN, date(2026, 7, 3), (date(2026, 7, 7), None)),
    ],
)
def test_the_days_on_which_a_late_one_is_escalated(
    profile: str, code: RuleCode, due_on: date, days: tuple[date | None, date | None]
) -> None:
    assert deadlines.escalation_days(SHIPPED[profile][code], due_on, calendar_for(profile)) == EscalationDays(*days)


def test_escalation_in_calendar_days_when_the_row_says_so() -> None:
    rule = SimpleNamespace(escalates_after=3, escalates_further_after=10, escalation_calendar=Calendar.CALENDAR_DAYS)
    assert deadlines.escalation_days(rule, date(2026, 7, 3), calendar_for(JE)) == (date(2026, 7, 6), date(2026, 7, 13))


def test_a_review_may_be_completed_five_days_early() -> None:
    assert deadlines.may_complete_from(date(2028, 3, 3)) == date(2028, 2, 27)


@pytest.mark.parametrize(
    ("profile", "due_on", "day"),
    [
        (JE, date(2026, 7, 6), date(2026, 7, 6)),
        (JE, date(2026, 7, 5), date(2026, 7, 3)),
        (JE, date(2025, 5, 9), date(2025, 5, 8)),
        (EW, date(2025, 5, 9), date(2025, 5, 9)),
        (JE, date(2026, 4, 6), date(2026, 4, 2)),  # Easter Monday back to Maundy Thursday
        (JE, date(2026, 12, 28), date(2026, 12, 24)),
    ],
)
def test_the_reminder_goes_on_a_working_day(profile: str, due_on: date, day: date) -> None:
    assert deadlines.reminder_day(due_on, calendar_for(profile)) == day


# Which version counts


def test_the_version_of_a_rule_that_counts_on_a_day() -> None:
    def row(version: int, begins: date, ends: date | None) -> SimpleNamespace:
        return SimpleNamespace(code="X", version=version, is_local=False, valid_from=begins, valid_to=ends)

    first, second = row(1, date(2026, 1, 1), date(2026, 6, 30)), row(2, date(2026, 7, 1), None)
    for rows in ([first, second], [second, first]):
        assert deadlines.rules_on(rows, date(2025, 12, 31)) == {}
        assert deadlines.rules_on(rows, date(2026, 1, 1)) == {"X": first}
        assert deadlines.rules_on(rows, date(2026, 6, 30)) == {"X": first}
        assert deadlines.rules_on(rows, date(2026, 7, 1)) == {"X": second}
    overlapping = row(2, date(2026, 3, 1), None)
    assert deadlines.rules_on([overlapping, first], date(2026, 4, 1)) == {"X": overlapping}


# Trial of a changed rule ------------------------------------------------------------------------------------------------

GRID = (RuleCode.REVIEW_14_DAY, RuleCode.REVIEW_28_DAY, RuleCode.REVIEW_MONTHLY, RuleCode.REVIEW_MONTHLY_THIRD)
AMOUNTS = st.integers(1, 60)


@unhurried
@given(
    code=st.sampled_from(
        [*GRID, RuleCode.INVESTIGATION_PLAN, RuleCode.SUPPORT_REFERRAL, RuleCode.DEVICE_RETURN, RuleCode.REVIEW_BEFORE_NFA]
    ),
    amount=AMOUNTS,
    starts=st.lists(st.tuples(DAYS, st.integers(1, 9), st.integers(0, 23), st.integers(1, 5)), min_size=1, max_size=8),
)
def test_trial_agrees_with_giving_each_date_anew(code: RuleCode, amount: int, starts: list[tuple[date, int, int, int]]) -> None:
    calendar, before = calendar_for(JE), SHIPPED[JE]
    changed = {**before, code: allowance(amount, before[code].calendar)}

    def given_under(rules: Mapping[str, Any], one: deadlines.Running) -> deadlines.Due:
        if one.code in GRID:
            assert isinstance(one.counted_from, date) and one.number is not None
            return deadlines.Due(deadlines.review_due(one.counted_from, one.number, rules))
        if one.code == RuleCode.REVIEW_BEFORE_NFA:
            assert isinstance(one.counted_from, date)
            return deadlines.Due(deadlines.review_after(rules[one.code], one.counted_from, calendar))
        assert isinstance(one.counted_from, datetime)
        return deadlines.limit_due(rules[one.code], one.counted_from, calendar)

    running = []
    for day, number, hour, how_many in starts:
        moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
        grid = deadlines.rule_for_review(number) if code in GRID else None
        start = moment if before[code].kind == RuleKind.LIMIT else day
        one = deadlines.Running(grid or code, number if grid else None, start, deadlines.Due(day), how_many)
        running.append(one._replace(due=given_under(before, one)))
    moved = deadlines.trial(changed, running, calendar)
    wanted: dict[tuple[deadlines.Due, deadlines.Due], int] = {}
    for one in running:
        pair = one.due, given_under(changed, one)
        if pair[0] != pair[1]:
            wanted[pair] = wanted.get(pair, 0) + one.how_many
    assert {(each.before, each.after): each.how_many for each in moved} == wanted
    assert {one.code for one in running if given_under(changed, one) != one.due} <= set(deadlines.moved_by(code))
    assert deadlines.trial(before, running, calendar) == []


def test_of_two_changes_of_a_rule_the_one_that_began_last_counts() -> None:
    """Whichever was typed first: a change planned for December is not lost because another for November was added after it."""

    def row(version: int, begins: date) -> SimpleNamespace:
        return SimpleNamespace(code="X", version=version, is_local=True, valid_from=begins, valid_to=None)

    planned, sooner = row(1, date(2026, 12, 1)), row(2, date(2026, 11, 27))
    assert deadlines.rules_on([planned, sooner], date(2026, 11, 28)) == {"X": sooner}
    assert deadlines.rules_on([planned, sooner], date(2026, 12, 2)) == {"X": planned}
