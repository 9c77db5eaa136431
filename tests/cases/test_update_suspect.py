"""What is known of a suspect, and who changed it."""

from cases.models import Person, Suspect
from tests.worlds import building


def suspect_of(case):
    with building():
        return Suspect.unguarded.select_related("person").get(case=case, number=1)


def answers(**changed):
    return {"version": "1", "known": "NAMED", "name": "Another Invented-Name", "description": "Taxi driver", **changed}


def test_officer_records_what_is_known_and_history_tells(as_user, force, case):
    browser = as_user(force.investigator)
    browser.post(f"/cases/{case.reference}/suspects/1/", answers())
    assert suspect_of(case).person.name == "Another Invented-Name"
    history = browser.get(f"/cases/{case.reference}/history/").content.decode()
    assert "S1 changed" in history and "Description: from nothing to Taxi driver" in history
    assert "Invented-Name" not in history and "Suspect-Name" not in history


def test_name_recorded_before_is_kept(as_user, force, case):
    as_user(force.investigator).post(f"/cases/{case.reference}/suspects/1/", answers())
    with building():
        assert Person.unguarded.filter(name="Invented Suspect-Name").exists()


def test_second_of_two_officers_overwrites_nothing(as_user, force, case):
    browser = as_user(force.investigator)
    browser.post(f"/cases/{case.reference}/suspects/1/", answers(description="First"))
    page = browser.post(f"/cases/{case.reference}/suspects/1/", answers(description="Second"))
    assert page.status_code == 409
    text = page.content.decode()
    assert "This was changed" in text and "Yours is kept below." in text and "First" in text and "Second" in text
    assert suspect_of(case).description == "First"


def test_supervisor_sees_but_does_not_write(as_user, force, case):
    assert as_user(force.sergeant).post(f"/cases/{case.reference}/suspects/1/", answers()).status_code == 403
    assert suspect_of(case).description == ""
