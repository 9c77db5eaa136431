"""Time limits in a supervisor's hands."""

from datetime import date, timedelta

import pytest

from cases import operations
from cases.enums import EventKind, LimitState, Suspension
from cases.models import TimeLimit
from cases.rulepacks import RuleCode
from kit.refusal import Blocked
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

TUESDAY = MONDAY + timedelta(days=1)
WORDS = {
    "why": "SAFETY",
    "text": "He reads her messages.",
    "look_again_on_day": "20",
    "look_again_on_month": "11",
    "look_again_on_year": "2026",
}


def limit(case, code=RuleCode.TELL_ARREST):
    with building():
        return TimeLimit.unguarded.select_related("stopped_by", "rule").get(case=case, rule__code=code)


@pytest.fixture
def arrested(case, force):
    operations.record_event(
        case, actor=actor(force.investigator), kind=EventKind.SUSPECT_ARRESTED, at=at(TUESDAY, 8), text="At home", subject="S1"
    )
    return limit(case)


def address(case, one, act):
    return f"/cases/{case.reference}/limits/{one.pk}/{act}/"


def test_suspended_and_run_again(as_user, force, case, arrested):
    sergeant = as_user(force.sergeant)
    shown = sergeant.post(address(case, arrested, "suspend"), WORDS, follow=True)
    assert "Tell V1 about the arrest is suspended." in Sheet(shown).text
    assert limit(case).state is LimitState.SUSPENDED
    set_clock(at(date(2026, 11, 12), 9))
    page = Sheet(sergeant.get(address(case, arrested, "resume"))).text
    assert "suspended since 3 November 2026, when it was due 4 November 2026. Resumed now it is due 13 November 2026." in page
    shown = sergeant.post(address(case, arrested, "resume"), {"text": "He is in custody."}, follow=True)
    assert "Tell V1 about the arrest runs again. It is due 13 November 2026." in Sheet(shown).text
    assert (limit(case).state, limit(case).due_on) == (LimitState.RUNNING, date(2026, 11, 13))


def test_stopped_and_applies_after_all(as_user, force, case, arrested):
    sergeant = as_user(force.sergeant)
    sergeant.post(address(case, arrested, "stop"), {"why": "VICTIM_WISH", "text": "She said so."})
    assert limit(case).state is LimitState.NOT_APPLICABLE
    set_clock(at(date(2026, 11, 6), 9))
    page = Sheet(sergeant.get(address(case, arrested, "restart"))).text
    assert "It runs with the date that it had: 2 days late, was due Wednesday 4 November." in page
    sergeant.post(address(case, arrested, "restart"), {"text": "She asked."})
    assert (limit(case).state, limit(case).due_on) == (LimitState.RUNNING, date(2026, 11, 4))


@pytest.mark.parametrize(
    ("act", "data", "field", "sentence"),
    [
        ("suspend", {"why": "", "text": "x"}, "why", "Choose why it must stand still for now"),
        ("suspend", {"why": "VICTIM_WISH", "text": "x"}, "why", "Choose one of the answers in the list"),
        ("suspend", {"why": "SAFETY", "text": ""}, "text", "Say why, in your own words"),
        ("stop", {"why": "SAFETY", "text": "x"}, "why", "Choose one of the answers in the list"),
        ("stop", {"why": "OVERTAKEN", "text": "x" * 2001}, "text", "Shorten this to 2,000 characters or fewer. It has 2,001."),
    ],
)
def test_wrong_answers_are_said_beside_the_field(as_user, force, case, arrested, act, data, field, sentence):
    with nothing_saved():
        sheet = assert_says(as_user(force.sergeant).post(address(case, arrested, act), data), field, sentence)
    assert_kept(sheet, {"text": data["text"]})


@pytest.mark.parametrize(("act", "data"), [("resume", {"text": "x"}), ("restart", {"text": "x"})])
def test_limit_in_another_state_says_so(as_user, force, case, arrested, act, data):
    sergeant = as_user(force.sergeant)
    page = Sheet(sergeant.get(address(case, arrested, act)))
    assert "This time limit is running." in page.text and "text" not in page.values
    with nothing_saved():
        assert sergeant.post(address(case, arrested, act), data).status_code == 409


def test_officer_in_the_case_asks_a_supervisor(as_user, force, case, arrested):
    with nothing_saved():
        assert as_user(force.investigator).post(address(case, arrested, "suspend"), WORDS).status_code == 403


def test_sergeant_who_is_the_officer_cannot_approve_their_own(as_user, force):
    set_clock(at(MONDAY, 10))
    own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    one = limit(own, RuleCode.INVESTIGATION_PLAN)
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(own, one, "suspend"), WORDS)
    assert answer.status_code == 409 and "Another supervisor can do this." in Sheet(answer).text
    assert as_user(force.inspector).post(address(own, one, "suspend"), WORDS).status_code == 302


def test_limit_of_another_case_is_not_here(as_user, force, case, arrested):
    other = limit(log_case(force), RuleCode.INVESTIGATION_PLAN)
    assert as_user(force.sergeant).post(address(case, other, "suspend"), WORDS).status_code == 404


def test_suspended_twice_in_one_form_is_suspended_once(as_user, force, case, arrested):
    sergeant = as_user(force.sergeant)
    (key,) = Sheet(sergeant.get(address(case, arrested, "suspend"))).values["once"]
    for _ in range(2):
        assert sergeant.post(address(case, arrested, "suspend"), {**WORDS, "once": key}).status_code == 302


def test_told_although_suspended_counts_as_met(as_user, force, case, arrested):
    operations.suspend_limit(arrested, actor=actor(force.sergeant), why=Suspension.SAFETY, text="For now")
    set_clock(at(TUESDAY, 12))
    operations.record_event(
        case,
        actor=actor(force.investigator),
        kind=EventKind.VICTIM_TOLD,
        at=at(TUESDAY, 11),
        text="Told",
        about=[arrested.started_by_id],
    )
    assert limit(case).state is LimitState.MET


@pytest.mark.parametrize("day", ["3", "2", ""])
def test_suspension_says_when_it_is_looked_at_again(as_user, force, case, arrested, day):
    sergeant = as_user(force.sergeant)
    answer = sergeant.post(address(case, arrested, "suspend"), {**WORDS, "look_again_on_day": day})
    assert answer.status_code == 422 and limit(case).state is LimitState.RUNNING
    sergeant.post(address(case, arrested, "suspend"), WORDS)
    assert "To be looked at again on 20 November" in Sheet(sergeant.get(f"/cases/{case.reference}/")).text
    with pytest.raises(Blocked, match="This time limit is suspended."):
        operations.suspend_limit(limit(case), actor=actor(force.sergeant), why=Suspension.SAFETY, text="Twice")
