"""Lines of enquiry, towards the suspect and away: pending, pursued with a result, not pursued with a reason."""

import pytest

from tests.cases.investigating import line, line_of
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says


@pytest.fixture
def officer(as_user, force):
    return as_user(force.investigator)


def add(case):
    return f"/cases/{case.reference}/enquiries/add/"


def text_of(browser, case):
    return Sheet(browser.get(f"/cases/{case.reference}/enquiries/")).text


def test_stand_in_two_groups(officer, as_user, force, case):
    officer.post(add(case), line())
    officer.post(add(case), line(what="Was he at work?", leads="AWAY", state="PURSUED", outcome="He was not on the list."))
    page = text_of(as_user(force.sergeant), case)
    assert page.index("Towards the suspect") < page.index("Do the pictures") < page.index("Away from the suspect")
    assert "Pursued: He was not on the list." in page
    assert "A fair investigation follows both." not in page and "Could lead either way" not in page
    assert "Add a line of enquiry" not in page


@pytest.mark.parametrize(
    ("leads", "sentence"),
    [
        ("TOWARDS", "No line away from the suspect is recorded. A fair investigation follows both."),
        ("AWAY", "No line towards the suspect is recorded. A fair investigation follows both."),
        ("EITHER", None),
    ],
)
def test_says_when_all_lead_one_way(officer, case, leads, sentence):
    officer.post(add(case), line(leads=leads))
    page = text_of(officer, case)
    assert sentence in page if sentence else "A fair investigation follows both." not in page
    assert ("Could lead either way" in page) is (leads == "EITHER")


def test_none_is_recorded_yet(officer, case):
    assert "No line of enquiry is recorded yet." in text_of(officer, case)


@pytest.mark.parametrize(
    ("state", "sentence"), [("PURSUED", "Say what came of it"), ("NOT_PURSUED", "Say why it is not pursued")]
)
def test_end_of_a_line_says_what_became_of_it(officer, case, state, sentence):
    with nothing_saved():
        sheet = assert_says(officer.post(add(case), line(state=state)), "outcome", sentence)
    assert_kept(sheet, {"what": line()["what"], "state": state})
    assert officer.post(add(case), line(state=state, outcome="Seen")).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("what", "", "Say what will be looked into"),
        ("what", "x" * 2001, "Shorten this to 2,000 characters or fewer. It has 2,001."),
        ("leads", "", "Choose where it could lead"),
        ("leads", "NOWHERE", "Choose one of the answers in the list"),
        ("state", "", "Choose how it stands"),
        ("outcome", "\x1b", "Delete the character that cannot be shown at the start of a line. It may have come from copying."),
    ],
)
def test_wrong_answers_are_said_beside_the_field(officer, case, field, typed, sentence):
    with nothing_saved():
        assert_says(officer.post(add(case), line(**{field: typed})), field, sentence)


def test_line_is_changed(officer, case):
    officer.post(add(case), line())
    address = f"/cases/{case.reference}/enquiries/1/"
    assert_kept(Sheet(officer.get(address)), {"what": line()["what"], "version": "1"})
    assert officer.post(address, line(1, state="PURSUED", outcome="The taxi is on it.")).status_code == 302
    assert (line_of(case).state, line_of(case).outcome, line_of(case).version) == ("PURSUED", "The taxi is on it.", 2)


def test_line_that_is_not_there(officer, case):
    assert officer.get(f"/cases/{case.reference}/enquiries/1/").status_code == 404
    assert officer.post(f"/cases/{case.reference}/enquiries/1/", line(1)).status_code == 404


def test_supervisor_does_not_write(officer, as_user, force, case):
    officer.post(add(case), line())
    with nothing_saved():
        assert as_user(force.sergeant).post(add(case), line()).status_code == 403
        assert as_user(force.sergeant).post(f"/cases/{case.reference}/enquiries/1/", line(1)).status_code == 403


def test_same_form_twice_is_one_line(officer, case):
    once = "0199aaaa-0000-7000-8000-000000000003"
    for _ in range(2):
        officer.post(add(case), {**line(), "once": once})
    assert "L2" not in text_of(officer, case)
