"""Every time limit of both packs, its pauses and its marks, against a plain count of days that shares no line with the product.

The count here walks one day, or one minute, at a time; it works out for itself when the clocks change and which days are worked.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cases import deadlines
from cases.deadlines import Due, Mark
from cases.enums import Calendar, EventKind, RuleKind
from cases.rulepacks import EW, JE, PROFILES, RULES, RuleCode, RuleRow
from kit.workdays import WorkingCalendar, calendar_for

JERSEY = ZoneInfo("Europe/Jersey")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEARS = range(2022, 2034)
PUBLIC_HOLIDAYS = {
    JE: set(holidays.country_holidays("JE", years=YEARS)),
    EW: set(holidays.country_holidays("GB", subdiv="ENG", years=YEARS)),
}
LIMITS = [rule for rule in RULES if rule.kind == RuleKind.LIMIT]
IN_DAYS = [rule for rule in LIMITS if rule.calendar != Calendar.HOURS]
IN_HOURS = [rule for rule in LIMITS if rule.calendar == Calendar.HOURS]
BESIDE_THE_GRID = [
    rule for rule in RULES if rule.kind == RuleKind.REVIEW and rule.code.startswith(("REVIEW_ESC", "REVIEW_BEF", "REVIEW_ACT"))
]
unhurried = settings(deadline=None)

# Around these days calendars go wrong: clock changes, leap days, Easter, Christmas, Liberation Day, the turn of a year.
TURNS = [
    datetime(*day, tzinfo=UTC)
    for day in (
        (2024, 2, 28),
        (2024, 3, 30),
        (2025, 5, 8),
        (2026, 3, 28),
        (2026, 4, 2),
        (2026, 10, 24),
        (2026, 12, 23),
        (2027, 12, 31),
        (2028, 2, 28),
        (2028, 10, 28),
    )
]
ANY_MOMENT = st.datetimes(datetime(2023, 1, 1), datetime(2031, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
NEAR_A_TURN = st.builds(lambda turn, minutes: turn + minutes * MINUTE, st.sampled_from(TURNS), st.integers(0, 4 * 24 * 60))
MOMENTS = ANY_MOMENT | NEAR_A_TURN


# The plain count -------------------------------------------------------------------------------------------------------


def last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


def local_day(moment: datetime) -> date:
    """The date on a wall clock in St Helier or London: an hour ahead between the last Sundays of March and October, 01:00 UTC."""
    year = moment.astimezone(UTC).year
    is_summer = last_sunday(year, 3) <= moment < last_sunday(year, 10)
    return (moment.astimezone(UTC) + (HOUR if is_summer else timedelta())).date()


@dataclass(frozen=True)
class Place:
    """A jurisdiction with days of its own without work, once for the product and once for the count."""

    profile: str
    local_days: frozenset[date] = frozenset()

    @property
    def calendar(self) -> WorkingCalendar:
        return calendar_for(self.profile, self.local_days)

    def counts(self, day: date, unit: str) -> bool:
        if unit != Calendar.WORKING_DAYS:
            return True
        return day.isoweekday() not in (6, 7) and day not in PUBLIC_HOLIDAYS[self.profile] | self.local_days


Pause = tuple[datetime, datetime]


def plain_day(rule: RuleRow, begins: datetime, place: Place, pauses: Sequence[Pause] = ()) -> date:
    """Cross the days off one by one. A day on which it stood still the whole day, or began to run again, is not crossed off."""
    still = [(local_day(stopped), local_day(resumed)) for stopped, resumed in pauses]
    day, crossed_off = local_day(begins), 0
    while crossed_off < rule.amount:
        day += DAY
        paused = any(stopped < day <= resumed for stopped, resumed in still)
        crossed_off += place.counts(day, rule.calendar) and not paused
    for stopped, resumed in still:
        # Stopped on its last day, it has none left and is due on the day on which it runs again.
        day = resumed if stopped == day else day
    return day


def plain_moment(rule: RuleRow, begins: datetime, pauses: Sequence[Pause] = ()) -> datetime:
    """Let the minutes run, and those of a pause not."""
    moment, left = begins, rule.amount * 60
    for stopped, resumed in pauses:
        while moment < stopped and left:
            step = min(MINUTE, stopped - moment)
            moment, left = moment + step, left - step / MINUTE
        if moment < stopped:
            return moment
        moment = resumed
    return moment + left * MINUTE


# Due dates as they are given -------------------------------------------------------------------------------------------


@st.composite
def places(draw: st.DrawFn, near: datetime, profile: str | None = None) -> Place:
    """With up to four local days in the month after the moment."""
    days = draw(st.frozensets(st.integers(0, 30), max_size=4))
    return Place(profile or draw(st.sampled_from(PROFILES)), frozenset(near.date() + number * DAY for number in days))


@unhurried
@given(rule=st.sampled_from(IN_DAYS), moment=MOMENTS, data=st.data())
def test_a_limit_in_days_is_due_when_its_days_are_crossed_off(rule: RuleRow, moment: datetime, data: st.DataObject) -> None:
    place = data.draw(places(moment, rule.profile))
    assert deadlines.limit_due(rule, moment, place.calendar) == (plain_day(rule, moment, place), None)
    # Written in the zone of the force it is the same moment.
    assert deadlines.limit_due(rule, moment.astimezone(JERSEY), place.calendar, JERSEY).on == plain_day(rule, moment, place)


@unhurried
@given(rule=st.sampled_from(IN_HOURS), moment=MOMENTS)
@example(rule=IN_HOURS[0], moment=datetime(2026, 3, 28, 12, tzinfo=UTC))
@example(rule=IN_HOURS[0], moment=datetime(2026, 10, 24, 23, 30, tzinfo=UTC))
def test_a_limit_in_hours_is_due_when_its_minutes_have_run(rule: RuleRow, moment: datetime) -> None:
    at = plain_moment(rule, moment)
    assert deadlines.limit_due(rule, moment, calendar_for(rule.profile)) == (local_day(at), at)


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        # The night in which the clocks go forward has 23 hours: the same time next day is an hour less.
        (datetime(2026, 3, 28, 20, tzinfo=JERSEY), datetime(2026, 3, 29, 21, tzinfo=JERSEY)),
        (datetime(2026, 10, 24, 20, tzinfo=JERSEY), datetime(2026, 10, 25, 19, tzinfo=JERSEY)),
        (datetime(2028, 2, 28, 20, tzinfo=JERSEY), datetime(2028, 2, 29, 20, tzinfo=JERSEY)),
    ],
)
def test_a_day_without_a_phone_has_24_hours(begins: datetime, due: datetime) -> None:
    (rule,) = (rule for rule in IN_HOURS if rule.profile == JE)
    assert deadlines.limit_due(rule, begins, calendar_for(JE)) == (due.date(), due)


@pytest.mark.parametrize("rule", IN_DAYS, ids=str)
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 7, 3), date(2026, 10, 24), date(2026, 10, 25)])
def test_local_midnight_parts_the_days(rule: RuleRow, day: date) -> None:
    """From 00:00 to 23:59 of a local day it is one due date; a minute later it is that of the next day."""
    place = Place(rule.profile)
    first = datetime(day.year, day.month, day.day, 0, 0, tzinfo=JERSEY)
    last = datetime(day.year, day.month, day.day, 23, 59, tzinfo=JERSEY)
    given = {deadlines.limit_due(rule, moment, place.calendar).on for moment in (first, last)}
    assert given == {plain_day(rule, first, place)}
    next_day = last.astimezone(UTC) + MINUTE
    assert local_day(next_day) == day + DAY
    assert deadlines.limit_due(rule, next_day, place.calendar).on == plain_day(rule, next_day, place)


@pytest.mark.parametrize(
    ("profile", "code", "begins", "due"),
    [
        (JE, RuleCode.SUPPORT_REFERRAL, date(2025, 5, 7), date(2025, 5, 12)),  # Liberation Day
        (EW, RuleCode.SUPPORT_REFERRAL, date(2025, 5, 7), date(2025, 5, 9)),
        (JE, RuleCode.TELL_ARREST, date(2026, 12, 24), date(2026, 12, 29)),
        (EW, RuleCode.TELL_BAIL, date(2026, 4, 2), date(2026, 4, 7)),  # Easter
        (JE, RuleCode.TELL_INTERVIEW, date(2024, 2, 28), date(2024, 2, 29)),  # leap day
        (EW, RuleCode.TELL_RELEASE, date(2026, 8, 28), date(2026, 9, 1)),  # summer bank holiday
        (JE, RuleCode.INVESTIGATION_PLAN, date(2027, 12, 30), date(2028, 1, 2)),
        (JE, RuleCode.EARLY_ADVICE_DECISION, date(2028, 2, 10), date(2028, 3, 9)),
        (EW, RuleCode.EARLY_ADVICE_DECISION, date(2028, 2, 20), date(2028, 3, 5)),
    ],
)
def test_due_dates_that_were_looked_up_on_a_calendar(profile: str, code: RuleCode, begins: date, due: date) -> None:
    (rule,) = (rule for rule in LIMITS if rule.profile == profile and rule.code == code)
    moment = datetime(begins.year, begins.month, begins.day, 12, tzinfo=JERSEY)
    assert deadlines.limit_due(rule, moment, calendar_for(profile)).on == due
    assert plain_day(rule, moment, Place(profile)) == due


@unhurried
@given(rule=st.sampled_from(BESIDE_THE_GRID), moment=MOMENTS, data=st.data())
def test_a_review_beside_the_grid_is_counted_like_a_limit(rule: RuleRow, moment: datetime, data: st.DataObject) -> None:
    place = data.draw(places(moment, rule.profile))
    assert deadlines.review_after(rule, local_day(moment), place.calendar) == plain_day(rule, moment, place)


def test_reviews_beside_the_grid_are_all_there() -> None:
    assert len(BESIDE_THE_GRID) == 10


# Pauses ----------------------------------------------------------------------------------------------------------------


def after(moment: datetime, gaps: Sequence[int]) -> list[Pause]:
    """Pauses one after another: minutes until each begins, minutes that it lasts."""
    found = []
    for until, lasts in zip(gaps[::2], gaps[1::2], strict=False):
        stopped = moment + until * MINUTE
        moment = stopped + lasts * MINUTE
        found.append((stopped, moment))
    return found


GAPS = st.lists(st.integers(1, 6 * 24 * 60), min_size=2, max_size=8)


def with_pauses(rule: RuleRow, begins: datetime, place: Place, pauses: Sequence[Pause]) -> Due:
    due = deadlines.limit_due(rule, begins, place.calendar)
    for stopped, resumed in pauses:
        due = deadlines.resumed_due(rule, due, stopped, resumed, place.calendar)
    return due


@unhurried
@given(rule=st.sampled_from(IN_DAYS), moment=MOMENTS, gaps=GAPS, data=st.data())
def test_days_of_a_pause_are_not_crossed_off(rule: RuleRow, moment: datetime, gaps: list[int], data: st.DataObject) -> None:
    place, pauses = data.draw(places(moment, rule.profile)), after(moment, gaps)
    assert with_pauses(rule, moment, place, pauses) == (plain_day(rule, moment, place, pauses), None)


@unhurried
@given(rule=st.sampled_from(IN_HOURS), moment=MOMENTS, gaps=GAPS)
def test_minutes_of_a_pause_do_not_run(rule: RuleRow, moment: datetime, gaps: list[int]) -> None:
    pauses = after(moment, [gap // 12 + 1 for gap in gaps])
    # A limit that is suspended at the very moment it runs out has not run out.
    assume(all(plain_moment(rule, moment, pauses[:number]) != stopped for number, (stopped, _) in enumerate(pauses)))
    at = plain_moment(rule, moment, pauses)
    assert with_pauses(rule, moment, Place(rule.profile), pauses) == (local_day(at), at)


@unhurried
@given(rule=st.sampled_from(IN_DAYS), moment=MOMENTS, gaps=GAPS, data=st.data())
def test_days_counted_while_it_ran_are_the_allowance(
    rule: RuleRow, moment: datetime, gaps: list[int], data: st.DataObject
) -> None:
    place, pauses = data.draw(places(moment, rule.profile)), after(moment, gaps)
    due = with_pauses(rule, moment, place, pauses).on
    still = [(local_day(stopped), local_day(resumed)) for stopped, resumed in pauses if local_day(stopped) <= due]
    days = [local_day(moment) + number * DAY for number in range(1, (due - local_day(moment)).days + 1)]
    ran = [day for day in days if place.counts(day, rule.calendar) and not any(a < day <= b for a, b in still)]
    assert len(ran) == rule.amount


@unhurried
@given(rule=st.sampled_from(LIMITS), moment=MOMENTS, minutes=st.integers(0, 40 * 24 * 60), data=st.data())
def test_a_pause_within_one_day_moves_no_date(rule: RuleRow, moment: datetime, minutes: int, data: st.DataObject) -> None:
    place = data.draw(places(moment, rule.profile))
    due = deadlines.limit_due(rule, moment, place.calendar)
    stopped = moment + minutes * MINUTE
    if due.at is not None:
        # In hours it is the very moment that changes nothing.
        assert deadlines.resumed_due(rule, due, stopped, stopped, place.calendar) == due
        return
    resumed = stopped + HOUR / 2
    assume(local_day(resumed) == local_day(stopped))
    assert deadlines.resumed_due(rule, due, stopped, resumed, place.calendar) == due


@unhurried
@given(rule=st.sampled_from(LIMITS), moment=MOMENTS, late=st.integers(1, 9), lasts=st.integers(0, 30), data=st.data())
def test_a_late_limit_is_not_rescued_by_suspending_it(
    rule: RuleRow, moment: datetime, late: int, lasts: int, data: st.DataObject
) -> None:
    place = data.draw(places(moment, rule.profile))
    due = deadlines.limit_due(rule, moment, place.calendar)
    stopped = datetime(due.on.year, due.on.month, due.on.day, 12, tzinfo=UTC) + (late + 1) * DAY
    assert deadlines.is_late(due, stopped)
    assert deadlines.resumed_due(rule, due, stopped, stopped + lasts * DAY, place.calendar) == due


@unhurried
@given(rule=st.sampled_from(LIMITS), moment=MOMENTS, gaps=GAPS, data=st.data())
def test_no_pause_brings_a_date_forward_whatever_days_are_added_meanwhile(
    rule: RuleRow, moment: datetime, gaps: list[int], data: st.DataObject
) -> None:
    """A local day added after the date was given, even on the very day it is due."""
    given_in, resumed_in = data.draw(places(moment, rule.profile)), data.draw(places(moment, rule.profile))
    ((stopped, resumed), *_) = after(moment, gaps)
    due = deadlines.limit_due(rule, moment, given_in.calendar)
    assert deadlines.resumed_due(rule, due, stopped, resumed, resumed_in.calendar).on >= due.on


def test_a_day_of_mourning_on_the_due_date_does_not_make_it_earlier() -> None:
    (rule,) = (rule for rule in IN_DAYS if rule.profile == JE and rule.code == RuleCode.SUPPORT_REFERRAL)
    monday = datetime(2026, 7, 6, 12, tzinfo=JERSEY)
    due = deadlines.limit_due(rule, monday, calendar_for(JE))
    assert due.on == date(2026, 7, 8)
    mourning = calendar_for(JE, [due.on])
    assert deadlines.resumed_due(rule, due, monday + HOUR, monday + 2 * HOUR, mourning) == due


# How it stands ---------------------------------------------------------------------------------------------------------

SUSPENDED, RESUMED = EventKind.LIMIT_SUSPENDED, EventKind.LIMIT_RESUMED
STOPPED, REOPENED = EventKind.LIMIT_NOT_APPLICABLE, EventKind.LIMIT_REOPENED
TOLD = EventKind.VICTIM_TOLD
# What may be done to a limit in each state; the operations of cases/operations/limits.py refuse everything else.
MOVES = {
    "running": {SUSPENDED: "suspended", STOPPED: "stopped", TOLD: "met"},
    "suspended": {RESUMED: "running", STOPPED: "stopped", TOLD: "met"},
    "stopped": {REOPENED: "running", TOLD: "met"},
    "met": {TOLD: "met"},
}


@dataclass
class Life:
    """What happened to a limit, and where the plain count says it stands."""

    rule: RuleRow
    place: Place
    begins: datetime
    marks: list[Mark]
    state: str
    pauses: list[Pause]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    rule = draw(st.sampled_from(IN_DAYS) | st.sampled_from(IN_HOURS))
    moment = begins = draw(MOMENTS)
    place = draw(places(moment, rule.profile))
    state, marks, pauses, stopped = "running", [], [], moment
    due = deadlines.limit_due(rule, begins, place.calendar)
    for minutes in draw(st.lists(st.integers(1, 4 * 24 * 60), max_size=10)):
        moment += minutes * MINUTE
        kind = draw(st.sampled_from(sorted(MOVES[state])))
        until = None
        if kind == SUSPENDED:
            stopped = moment
        if kind == RESUMED:
            due = deadlines.resumed_due(rule, due, stopped, moment, place.calendar)
            until = due.on
            if rule.calendar != Calendar.HOURS or plain_moment(rule, begins, pauses) != stopped:
                pauses.append((stopped, moment))
        marks.append(Mark(kind, moment, f"entry {len(marks)}", until))
        state = MOVES[state][kind]
    return Life(rule, place, begins, marks, state, pauses)


@unhurried
@given(life=lives())
def test_how_a_limit_stands_after_what_happened_to_it(life: Life) -> None:
    given = deadlines.limit_due(life.rule, life.begins, life.place.calendar)
    stands = deadlines.standing(given, life.marks, TOLD)
    states = {
        "met": stands.met is not None,
        "stopped": stands.met is None and stands.stopped is not None,
        "suspended": stands.met is stands.stopped is None and stands.suspended is not None,
        "running": stands.met is stands.stopped is stands.suspended is None,
    }
    assert [name for name, holds in states.items() if holds] == [life.state]
    if stands.met is not None:
        assert stands.met == next(mark for mark in life.marks if mark.kind == TOLD)
    if life.rule.calendar == Calendar.HOURS:
        at = plain_moment(life.rule, life.begins, life.pauses)
        assert stands.due == (local_day(at), at)
    else:
        assert stands.due == (plain_day(life.rule, life.begins, life.place, life.pauses), None)


def test_a_limit_in_hours_has_after_a_pause_what_was_left_of_it() -> None:
    taken = datetime(2026, 7, 6, 12, tzinfo=UTC)
    due = deadlines.limit_due(IN_HOURS[0], taken, calendar_for(IN_HOURS[0].profile))
    stopped, resumed = taken + 23 * HOUR, taken + 9 * DAY
    marks = [Mark(SUSPENDED, stopped, "suspended"), Mark(RESUMED, resumed, "resumed", (resumed + HOUR).date())]
    stands = deadlines.standing(due, marks, EventKind.DEVICE_RETURNED)
    assert stands.due.at == resumed + HOUR
    # A moment too late it stays late.
    marks[0] = Mark(SUSPENDED, taken + 24 * HOUR + MINUTE, "suspended")
    assert deadlines.standing(due, marks, EventKind.DEVICE_RETURNED).due == due


@unhurried
@given(life=lives(), seed=st.integers(0, 1000))
def test_the_order_in_which_entries_are_read_changes_nothing(life: Life, seed: int) -> None:
    given = deadlines.limit_due(life.rule, life.begins, life.place.calendar)
    shuffled = list(life.marks)
    random.Random(seed).shuffle(shuffled)
    assert deadlines.standing(given, shuffled, TOLD) == deadlines.standing(given, life.marks, TOLD)


@pytest.fixture
def no_calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def asked(*_: object) -> bool:
        raise AssertionError("a date already given was counted anew")

    monkeypatch.setattr(WorkingCalendar, "is_working_day", asked)
    yield


def test_how_a_limit_stands_is_read_without_a_calendar(no_calendar: None) -> None:
    """So no change of a rule, and no new day without work, can move what was given."""
    noon = datetime(2026, 7, 6, 12, tzinfo=UTC)
    marks = [
        Mark(SUSPENDED, noon + HOUR, "suspended"),
        Mark(RESUMED, noon + 3 * DAY, "resumed", date(2026, 7, 13)),
        Mark(STOPPED, noon + 4 * DAY, "stopped"),
        Mark(REOPENED, noon + 5 * DAY, "re-opened"),
    ]
    assert deadlines.standing(Due(date(2026, 7, 8)), marks, TOLD) == deadlines.Standing(Due(date(2026, 7, 13)))


@unhurried
@given(life=lives(), number=st.integers(0, 9))
def test_a_struck_entry_leaves_what_the_others_say(life: Life, number: int) -> None:
    """Without the entry that met it, it stands as the rest say; with every such entry struck it is not met."""
    given = deadlines.limit_due(life.rule, life.begins, life.place.calendar)
    left = [mark for mark in life.marks if mark.kind != TOLD]
    stands = deadlines.standing(given, left, TOLD)
    assert stands.met is None
    first = next((mark for mark in life.marks if mark.kind == TOLD), None)
    if first is not None and number % 2:
        again = deadlines.standing(given, [*left, first], TOLD)
        assert again.met == first


# Late ------------------------------------------------------------------------------------------------------------------


@unhurried
@given(rule=st.sampled_from(LIMITS), moment=MOMENTS, minutes=st.integers(0, 60 * 24 * 60))
def test_it_is_late_when_its_last_day_or_minute_has_passed(rule: RuleRow, moment: datetime, minutes: int) -> None:
    due = deadlines.limit_due(rule, moment, calendar_for(rule.profile))
    now = moment + minutes * MINUTE
    expected = due.at < now if due.at is not None else due.on < local_day(now)
    assert deadlines.is_late(due, now) is expected


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 7, 7), date(2026, 10, 25), date(2026, 11, 3)])
def test_a_day_ends_at_local_midnight(day: date) -> None:
    last_minute = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=JERSEY)
    assert not deadlines.is_late(Due(day), last_minute)
    assert deadlines.is_late(Due(day), last_minute.astimezone(UTC) + timedelta(seconds=1))


def test_a_limit_in_hours_is_late_a_second_after_its_moment() -> None:
    at = datetime(2026, 7, 7, 12, tzinfo=JERSEY)
    assert not deadlines.is_late(Due(at.date(), at), at)
    assert deadlines.is_late(Due(at.date(), at), at + timedelta(seconds=1))


# A pack that changes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [lambda rule: rule.amount + 5, lambda rule: max(1, rule.amount - 1)], ids=["longer", "shorter"]
)
@pytest.mark.parametrize("rule", LIMITS, ids=str)
def test_a_running_limit_goes_on_under_the_rule_it_was_given(rule: RuleRow, change: Callable[[RuleRow], int]) -> None:
    """What is left at a suspension is read from the due date, not counted from the rule."""
    begins = datetime(2026, 7, 6, 12, tzinfo=JERSEY)
    due = deadlines.limit_due(rule, begins, calendar_for(rule.profile))
    changed = SimpleNamespace(amount=change(rule), calendar=rule.calendar)
    stopped, resumed = begins + HOUR, begins + 9 * DAY
    calendar = calendar_for(rule.profile)
    assert deadlines.resumed_due(changed, due, stopped, resumed, calendar) == deadlines.resumed_due(
        rule, due, stopped, resumed, calendar
    )
