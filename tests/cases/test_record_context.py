"""The context in three parts: how V1 and S1 know each other, V1's context with what V1 wants, the suspect's context."""

from datetime import timedelta

import pytest

from tests.cases.investigating import context, fresh
from tests.cases.rows import nothing_saved
from tests.forms import moment_boxes
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, at, log_case, set_clock

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def officer(as_user, force):
    return as_user(force.investigator)


def change(case):
    return f"/cases/{case.reference}/context/change/"


def test_stands_in_three_parts_with_who_and_when(officer, as_user, force, case):
    assert officer.post(change(case), context()).headers["Location"] == f"/cases/{case.reference}/context/"
    page = Sheet(as_user(force.sergeant).get(f"/cases/{case.reference}/context/")).text
    for words in ("Just met", "Met at the taxi rank", "Hours", "He drove", "Works nights", "Drives at night"):
        assert words in page
    assert "What the suspect may have exploited Alcohol or drugs Asleep or unconscious" in page
    assert "Last changed 3 November 2026 at 09:00 by DC Invented Investigator." in page
    assert "risk factor" not in page
    assert fresh(case).relationship == "JUST_MET"


def test_what_stood_there_before_is_told_in_words(officer, case):
    officer.post(change(case), context())
    officer.post(change(case), context(1, exploited=["AGE"], how_known="From school", domestic_abuse="YES"))
    page = Sheet(officer.get(f"/cases/{case.reference}/history/")).text
    assert "Context added" in page and "Context changed" in page
    assert "What the suspect may have exploited: from Alcohol or drugs, Asleep or unconscious to Age" in page
    assert "How they know each other: from Met at the taxi rank to From school" in page
    assert "Domestic abuse: from No to Yes" in page


def test_form_has_three_parts_and_says_what_may_have_been_exploited(officer, case):
    page = Sheet(officer.get(change(case)))
    assert page.text.count("How V1 and S1 know each other") == 1
    assert "V1’s context" in page.text and "The suspect’s context" in page.text
    assert "What the suspect may have exploited" in page.text
    assert page.values["relationship"] == ["NOT_KNOWN_YET"] and page.values["domestic_abuse"] == ["NOT_KNOWN"]
    assert "exploited" not in page.values


def test_nothing_is_recorded_yet(officer, as_user, force, case):
    assert "Nobody has recorded the context yet." in Sheet(officer.get(f"/cases/{case.reference}/context/")).text
    assert "Record the context" not in Sheet(as_user(force.sergeant).get(f"/cases/{case.reference}/context/")).text


def test_supervisor_reads_and_does_not_write(as_user, force, case):
    with nothing_saved():
        assert as_user(force.sergeant).post(change(case), context()).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("relationship", "", "Choose what they are to each other, or Not known yet"),
        ("relationship", "NOBODY", "Choose one of the answers in the list"),
        ("duration", "", "Choose for how long, or Not known yet"),
        ("domestic_abuse", "", "Choose Yes, No or Not known yet"),
        ("exploited", ["INTOXICATION", "HERSELF"], "Choose only answers in the list"),
        ("how_known", "x" * 10_001, "Shorten this to 10,000 characters or fewer. It has 10,001."),
        ("power", "a\x07b", "Delete the character that cannot be shown after “a”. It may have come from copying."),
        (
            "suspect_context",
            "\u202eb",
            "Delete the character that cannot be shown at the start of a line. It may have come from copying.",
        ),
    ],
)
def test_wrong_answers_are_said_beside_the_field_and_nothing_is_lost(officer, case, field, typed, sentence):
    with nothing_saved():
        sheet = assert_says(officer.post(change(case), context(**{field: typed})), field, sentence)
    assert_kept(sheet, {"how_known": "Met at the taxi rank"} if field != "how_known" else {"power": "He drove"})


@pytest.mark.parametrize("version", ["", "-1", "x", "7", "9" * 40])
def test_form_that_says_no_version_saves_nothing(officer, case, version):
    with nothing_saved():
        assert officer.post(change(case), context(version=version)).status_code in (409, 422)


# What V1 wants -----------------------------------------------------------------------------------------------------------


def wish(case, number=1):
    return f"/cases/{case.reference}/victims/{number}/wishes/"


def said(day=TUESDAY, hour=8, **changed):
    return {"wish": "UNDECIDED", "text": "I need a week", **moment_boxes("said_at", at(day, hour)), **changed}


def test_what_the_victim_wants_is_added_and_never_written_over(officer, case):
    officer.post(wish(case), said())
    set_clock(at(TUESDAY + timedelta(days=1)))
    officer.post(wish(case), said(TUESDAY + timedelta(days=1), wish="WANTS_INVESTIGATION", text=""))
    page = Sheet(officer.get(f"/cases/{case.reference}/context/")).text
    assert "Yes, wants an investigation Said 4 November 2026 at 08:00, recorded by DC Invented Investigator" in page
    assert "Said before Undecided: 3 November 2026 at 08:00, recorded by DC Invented Investigator I need a week" in page
    assert "Not asked yet" in page


def test_it_cannot_have_been_said_tomorrow(officer, case):
    with nothing_saved():
        page = officer.post(wish(case), said(TUESDAY + timedelta(days=1)))
    sheet = assert_says(page, "said_at", "It cannot have been said later than now.")
    assert_kept(sheet, {"text": "I need a week"})


def test_says_why_somebody_cannot_be_asked(officer, case):
    with nothing_saved():
        page = officer.post(wish(case), said(wish="CANNOT_BE_ASKED", text=""))
    assert_says(page, "text", "Say why they cannot be asked")


def test_nobody_who_was_asked_is_not_asked_yet(officer, case):
    with nothing_saved():
        assert officer.post(wish(case), said(wish="NOT_YET_ASKED")).status_code == 422


def test_victim_of_another_case_is_not_there(officer, case, force):
    log_case(force, by=force.other_investigator)
    assert officer.get(wish(case, 2)).status_code == 404
    assert officer.post(wish(case, 2), said()).status_code == 404


def test_supervisor_does_not_say_what_the_victim_wants(as_user, force, case):
    with nothing_saved():
        assert as_user(force.sergeant).post(wish(case), said()).status_code == 403


def test_same_form_twice_is_said_once(officer, case):
    once = "0199aaaa-0000-7000-8000-000000000001"
    for _ in range(2):
        officer.post(wish(case), said(once=once))
    assert Sheet(officer.get(f"/cases/{case.reference}/context/")).text.count("I need a week") == 1
