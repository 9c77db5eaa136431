"""Allocate a case, and hand it to another officer."""

from datetime import date

import pytest

from cases import operations
from cases.enums import GrantBasis, ReviewResult
from cases.models import Action, Case, Review
from kit.refusal import Blocked
from people.roles import Role
from tests.cases.rows import nothing_saved
from tests.worlds import MONDAY, NOBODY, actor, at, building, enrol, log_case, set_clock


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


def give(case, force, officer, what, due_on):
    return operations.give_action(
        case, actor=actor(force.sergeant), what=what, owner_id=officer.pk, due_on=due_on, look_again_on=due_on
    )


def test_page_says_what_each_officer_carries(as_user, force, case):
    log_case(force, by=force.other_investigator)
    log_case(force, by=force.investigator, has_connected_staff=True, supervisor=force.sergeant)
    set_clock(at(date(2026, 11, 20)))
    second = log_case(force, by=force.other_investigator)
    page = as_user(force.sergeant).get(f"/cases/{case.reference}/allocate/").content.decode()
    assert "DC Invented Other Investigator, 2 open cases, 1 with something late" in page
    # The restricted case is not counted, and nobody stands there who is not offered.
    page = as_user(force.sergeant).get(f"/cases/{second.reference}/allocate/").content.decode()
    assert "DC Invented Investigator, 1 open case, 1 with something late" in page
    assert "Liaison Officer" not in page and "DS Invented" not in page.split("<select")[1].split("</select>")[0]


def test_open_actions_are_named_and_go_with_the_case(as_user, force, case):
    give(case, force, force.investigator, "See the driver", date(2026, 11, 10))
    give(case, force, force.investigator, "See the barman", date(2026, 11, 12))
    page = as_user(force.sergeant).get(f"/cases/{case.reference}/allocate/").content.decode()
    assert "A1: See the driver" in page and "Also hand over" not in page
    page = allocate(as_user(force.sergeant), case, force.other_investigator).content.decode()
    assert "With A1 and A2, which were still to do." in page
    hand_over = as_user(force.sergeant).get(f"/cases/{case.reference}/hand-over/").content.decode()
    assert "DC Invented Other Investigator, officer in the case" in " ".join(hand_over.split())


def test_officer_who_stays_on_the_case_may_keep_an_action(as_user, force, case):
    with building():
        both = enrol("both", force.police, [Role.INVESTIGATOR, Role.LIAISON_OFFICER], force.unit)
    operations.add_officer(case, actor=actor(force.sergeant), user_id=both.pk, basis=GrantBasis.LIAISON)
    operations.allocate_case(case, actor=actor(force.sergeant), officer_id=both.pk)
    for what in ("See the driver", "Call V1"):
        give(case, force, both, what, date(2026, 11, 10))
    sergeant = as_user(force.sergeant)
    page = sergeant.get(f"/cases/{case.reference}/allocate/").content.decode()
    assert page.count('name="handed"') == page.count(" checked") == 2
    data = {"officer": str(force.other_investigator.pk), "handed": "1"}
    sergeant.post(f"/cases/{case.reference}/allocate/", data)
    with building():
        owners = dict(Action.unguarded.filter(case=case).values_list("number", "owner_id"))
    assert owners == {1: force.other_investigator.pk, 2: both.pk}


def test_officer_who_loses_the_case_keeps_none_of_its_actions(force, case):
    give(case, force, force.investigator, "See the driver", date(2026, 11, 10))
    with pytest.raises(Blocked, match="A1 must go with it"):
        operations.allocate_case(case, actor=actor(force.sergeant), officer_id=force.other_investigator.pk, keeps=[1])


def test_case_goes_to_nobody_whose_role_works_no_cases(as_user, force, case):
    for user in (force.liaison_officer, force.first_officer, force.superintendent, force.user(Role.ANALYST)):
        assert allocate(as_user(force.sergeant), case, user).status_code == 422
        with nothing_saved(), pytest.raises(Blocked, match="cannot be given to them"):
            operations.allocate_case(case, actor=actor(force.sergeant), officer_id=user.pk)
