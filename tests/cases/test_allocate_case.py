"""Allocate a case, and hand it to another officer."""

from datetime import date

from cases import operations
from cases.enums import ReviewResult
from cases.models import Action, Case, Review
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, set_clock


def allocate(browser, case, officer):
    return browser.post(f"/cases/{case.reference}/allocate/", {"officer": str(officer.pk)}, follow=True)


def test_supervisor_allocates_and_the_officer_finds_it(as_user, force):
    set_clock(at(MONDAY))
    case = log_case(force, by=force.first_officer, officer=NOBODY)
    assert case.reference in as_user(force.sergeant).get("/home/").content.decode()
    page = allocate(as_user(force.sergeant), case, force.other_investigator)
    assert "Allocated." in page.content.decode()
    assert case.reference in as_user(force.other_investigator).get("/home/").content.decode()
    assert as_user(force.first_officer).get(f"/cases/{case.reference}/").status_code == 404
    with building():
        assert Case.unguarded.get(pk=case.pk).status == "INVESTIGATING"


def test_what_the_officer_before_had_to_do_goes_with_the_case(as_user, force, case):
    set_clock(at(date(2026, 11, 16)))
    with building():
        review = Review.unguarded.get(case=case, number=1)
    direction = operations.Direction("Trace the driver", force.investigator.pk, date(2026, 11, 20), date(2026, 11, 20))
    findings = operations.ReviewFindings({}, "Mine.", (direction,), ReviewResult.WITH_DIRECTIONS)
    operations.complete_review(review, actor=actor(force.sergeant), findings=findings)
    allocate(as_user(force.sergeant), case, force.other_investigator)
    with building():
        assert Action.unguarded.get(case=case).owner_id == force.other_investigator.pk
    assert "Trace the driver" in as_user(force.other_investigator).get("/home/").content.decode()
    assert as_user(force.investigator).get(f"/cases/{case.reference}/").status_code == 404
    history = as_user(force.sergeant).get(f"/cases/{case.reference}/history/").content.decode()
    assert "Owner: from DC Invented Investigator to DC Invented Other Investigator" in history


def test_chronology_says_to_whom(as_user, force, case):
    allocate(as_user(force.sergeant), case, force.other_investigator)
    assert "To DC Invented Other Investigator" in as_user(force.sergeant).get(f"/cases/{case.reference}/").content.decode()


def test_officer_does_not_hand_over_their_own_case(as_user, force, case):
    assert allocate(as_user(force.investigator), case, force.other_investigator).status_code == 403


def test_present_officer_is_not_offered(as_user, force, case):
    page = as_user(force.sergeant).get(f"/cases/{case.reference}/allocate/").content.decode()
    assert "Other Investigator" in page and f'value="{force.investigator.pk}"' not in page
