"""The investigation plan of day 3: six parts, its time limit, its versions."""

from datetime import timedelta

import pytest

from cases.models import TimeLimit
from tests.cases.investigating import plan, plan_of
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, at, building, set_clock


@pytest.fixture
def officer(as_user, force):
    return as_user(force.investigator)


def text_of(browser, case, query=""):
    return Sheet(browser.get(f"/cases/{case.reference}/plan/{query}")).text


def change(case):
    return f"/cases/{case.reference}/plan/change/"


def due_on(case):
    with building():
        return TimeLimit.unguarded.get(case=case, rule__code="INVESTIGATION_PLAN").due_on


def test_says_when_it_is_due_and_what_it_is(officer, case):
    page = text_of(officer, case)
    assert f"Due {due_on(case):%A} {due_on(case).day} November, 2 days" in page
    assert "No plan is set yet." in page and "Set the plan" in page


def test_first_plan_meets_the_limit_and_is_read_by_the_supervisor(officer, as_user, force, case):
    assert officer.post(change(case), plan()).headers["Location"] == f"/cases/{case.reference}/plan/"
    page = text_of(as_user(force.sergeant), case)
    assert "It was due on 5 November 2026 and was set on 3 November 2026, in time." in page
    assert "He offered a lift and chose another road" in page and "Nothing planned" in page
    assert "Change the plan" not in page


def test_late_plan_says_how_late(officer, case):
    set_clock(at(MONDAY + timedelta(days=5)))
    assert "2 days late, was due Thursday 5 November" in text_of(officer, case)
    officer.post(change(case), plan())
    assert "was set on 7 November 2026, 2 days late." in text_of(officer, case)


def test_earlier_version_can_be_read(officer, case):
    officer.post(change(case), plan())
    officer.post(change(case), plan(1, story="He waited at the rank for her"))
    now, before = text_of(officer, case), text_of(officer, case, "?version=1")
    assert "2 versions" in now and "He waited at the rank for her" in now and "He offered a lift" not in now
    assert "This is version 1 of 3 November 2026 at 09:00 by DC Invented Investigator." in before
    assert "He offered a lift" in before and "He waited" not in before and "Change the plan" not in before


@pytest.mark.parametrize("version", ["3", "0", "-1", "x", "²", "9" * 30])
def test_version_that_never_was_is_not_there(officer, case, version):
    officer.post(change(case), plan())
    assert officer.get(f"/cases/{case.reference}/plan/", {"version": version}).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("story", "", "Tell the whole story, as far as it is known"),
        ("suspect", "  ", "Say what is planned about the suspect"),
        ("victim", "", "Say what is planned for V1"),
        ("protection", "", "Say what the risk is and what protects from it"),
        ("first_steps", "", "Say what is done first"),
        ("material", "x" * 100_001, "Shorten this to 100,000 characters or fewer. It has 100,001."),
        ("story", "\x00", "Delete the character that cannot be shown at the start of a line. It may have come from copying."),
    ],
)
def test_wrong_answers_are_said_beside_the_field(officer, case, field, typed, sentence):
    kept = {"suspect": "Trace the taxi"} if field != "suspect" else {"story": plan()["story"]}
    with nothing_saved():
        assert_kept(assert_says(officer.post(change(case), plan(**{field: typed})), field, sentence), kept)


def test_supervisor_does_not_write(as_user, force, case):
    with nothing_saved():
        assert as_user(force.sergeant).post(change(case), plan()).status_code == 403


def test_prompts_ask_what_the_suspect_did(officer, case):
    page = Sheet(officer.get(change(case))).text
    assert "Tell it by what the suspect did: before, during and after." in page
    assert "credib" not in page and "consistent" not in page


def test_same_form_twice_is_one_version(officer, case):
    once = "0199aaaa-0000-7000-8000-000000000002"
    for _ in range(2):
        assert officer.post(change(case), {**plan(), "once": once}).status_code == 302
    assert plan_of(case).version == 1
