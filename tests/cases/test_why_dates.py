"""A reader of the page can answer “why is this date this date”."""

from datetime import date

from cases import operations
from cases.enums import EventKind
from tests.worlds import actor, at, log_case, set_clock


def page_of(as_user, user, case):
    return " ".join(as_user(user).get(f"/cases/{case.reference}/dates/").content.decode().split())


def test_review_says_from_when_and_by_which_rule(as_user, force, case):
    text = page_of(as_user, force.investigator, case)
    assert "14-day review: 16 November 2026" in text
    assert "Counted from 2 November 2026, the day the crime was recorded." in text
    assert "Review 1 of the case is due 14 days after that" in text
    assert "Jersey action 9 (version 1)" in text


def test_slow_recording_is_named(as_user, force):
    set_clock(at(date(2026, 11, 6), 12))
    case = log_case(force, reported_at=at(date(2026, 11, 2), 12), recorded_at=at(date(2026, 11, 6), 11))
    text = page_of(as_user, force.investigator, case)
    assert "Counted from 3 November 2026, 24 hours after the report, because recording took longer than that." in text


def test_working_days_name_the_days_that_were_not_counted(as_user, force):
    set_clock(at(date(2026, 12, 24), 12))
    case = log_case(force)
    text = page_of(as_user, force.investigator, case)
    # Thursday before Christmas: the holidays and the weekend do not count.
    assert "Support referral: 30 December 2026" in text
    named = (
        "25 December 2026 (Christmas Day), 26 December 2026 (Boxing Day), 27 December 2026 (Sunday), 28 December 2026 (Boxing Day"
    )
    assert f"Not counted, because nobody works then: {named}" in text


def test_reminder_before_a_day_without_work_is_named(as_user, force):
    set_clock(at(date(2026, 12, 12), 12))
    case = log_case(force)
    assert "Nobody works on that day, so the reminder goes out on 24 December 2026." in page_of(as_user, force.investigator, case)


def test_limit_says_what_met_it(as_user, force, case):
    moment = at(date(2026, 11, 3), 8)
    operations.record_event(case, actor=actor(force.investigator), kind=EventKind.SUPPORT_REFERRED, at=moment, text="Offered")
    assert "It was met on 3 November 2026: support referral made or declined." in page_of(as_user, force.investigator, case)


def test_rules_of_the_force_are_open_with_their_sources(as_user, force):
    text = as_user(force.sergeant).get("/rules/").content.decode()
    assert (
        "14-day review" in text and "Jersey RASSO Action Plan 2022/23, action 9" in text and "Early-advice decision" not in text
    )
