"""Dates in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import dates

TODAY = date(2026, 11, 24)


def test_a_day_is_written_out() -> None:
    assert dates.day(date(2026, 11, 2)) == "2 November 2026"


def test_a_moment_is_told_in_its_own_zone() -> None:
    summer = datetime(2026, 7, 1, 23, 5, tzinfo=UTC).astimezone(ZoneInfo("Europe/Jersey"))
    assert dates.day_and_time(summer) == "2 July 2026 at 00:05"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 11, 24), "24 November (today)"),
        (date(2026, 11, 23), "23 November (yesterday)"),
        (date(2026, 11, 25), "25 November (tomorrow)"),
        (date(2026, 11, 12), "12 November (12 days ago)"),
        (date(2026, 11, 27), "27 November (in 3 days)"),
        (date(2025, 12, 31), "31 December 2025 (10 months ago)"),
        (date(2026, 8, 17), "17 August (99 days ago)"),
        (date(2026, 8, 16), "16 August (3 months ago)"),
        (date(2024, 12, 24), "24 December 2024 (23 months ago)"),
        (date(2024, 11, 24), "24 November 2024 (2 years ago)"),
        (date(2019, 11, 25), "25 November 2019 (6 years ago)"),
        (date(2027, 3, 24), "24 March 2027 (in 4 months)"),
    ],
)
def test_a_date_carries_its_distance(when: date, words: str) -> None:
    assert dates.ago(when, TODAY) == words


@pytest.mark.parametrize(
    ("when", "words", "css"),
    [
        (date(2026, 11, 27), "Due Friday 27 November, 3 days", "rasso-urgency--later"),
        (date(2026, 11, 25), "Due Wednesday 25 November, 1 day", "rasso-urgency--later"),
        (date(2027, 1, 8), "Due Friday 8 January 2027, 45 days", "rasso-urgency--later"),
        (date(2026, 11, 24), "Due today", "rasso-urgency--today"),
        (date(2026, 11, 23), "1 day late, was due Monday 23 November", "rasso-urgency--late"),
        (date(2026, 11, 20), "4 days late, was due Friday 20 November", "rasso-urgency--late"),
        (date(2025, 12, 24), "335 days late, was due Wednesday 24 December 2025", "rasso-urgency--late"),
    ],
)
def test_a_deadline_says_how_pressing_it_is(when: date, words: str, css: str) -> None:
    assert dates.due(when, TODAY) == words
    assert dates.urgency(when, TODAY) == dates.Urgency(words, css)


@given(st.dates(), st.dates())
def test_only_the_past_is_late(when: date, today: date) -> None:
    assert ("late" in dates.due(when, today)) == (when < today)
    assert dates.distance(when, today).endswith(" ago") == ((today - when).days > 1)


@pytest.mark.parametrize(
    ("when", "now", "word"),
    [
        ((22, 14, 5), (22, 9, 0), "Due today at 14:05"),
        ((22, 14, 5), (22, 14, 5), "Due today at 14:05"),
        ((22, 14, 5), (20, 23, 59), "Due Sunday 22 November at 14:05, 2 days"),
        ((22, 14, 5), (22, 14, 6), "1 minute late, was due today at 14:05"),
        ((22, 14, 5), (22, 15, 4), "59 minutes late, was due today at 14:05"),
        ((22, 14, 5), (22, 16, 5), "2 hours late, was due today at 14:05"),
        ((22, 14, 5), (23, 13, 0), "22 hours late, was due Sunday 22 November at 14:05"),
        ((22, 14, 5), (25, 14, 5), "3 days late, was due Sunday 22 November at 14:05"),
    ],
)
def test_what_is_due_at_a_moment(when: tuple[int, int, int], now: tuple[int, int, int], word: str) -> None:
    moments = [datetime(2026, 11, *parts, tzinfo=UTC) for parts in (when, now)]
    assert dates.urgency_to_the_minute(*moments).word == word


def test_lateness_is_elapsed_time_where_the_clocks_change() -> None:
    jersey = ZoneInfo("Europe/Jersey")
    when, now = datetime(2026, 10, 25, 0, 30, tzinfo=jersey), datetime(2026, 10, 25, 3, 30, tzinfo=jersey)
    assert dates.urgency_to_the_minute(when, now).word == "4 hours late, was due today at 00:30"
