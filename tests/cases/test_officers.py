"""Who works on a case beside its officer."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import GrantBasis
from cases.models import Action, Review
from kit.refusal import Blocked
from people.models import RoleAssignment
from people.roles import Role
from tests.worlds import LONG_AGO, MONDAY, actor, at, building, enrol, set_clock

NEXT_WEEK = MONDAY + timedelta(days=7)
ADD, OFF = "officers/add/", "officers/take-off/"


def address(case, page=""):
    return f"/cases/{case.reference}/{page}"


def second(force):
    return f"SECOND-{force.other_investigator.pk}"


def test_second_officer_works_on_the_case_from_now_on_and_no_longer_when_taken_off(as_user, force, case):
    colleague = as_user(force.other_investigator)
    assert colleague.get(address(case)).status_code == 404
    assert as_user(force.sergeant).post(address(case, ADD), {"person": second(force)}).status_code == 302
    assert colleague.get(address(case)).status_code == 200
    assert colleague.get(address(case, "chronology/add/")).status_code == 200
    assert as_user(force.sergeant).post(address(case, OFF), {"person": second(force)}).status_code == 302
    assert colleague.get(address(case)).status_code == 404


def test_officer_in_the_case_does_not_add_anybody(as_user, force, case):
    assert as_user(force.investigator).post(address(case, ADD), {"person": second(force)}).status_code == 403
    assert as_user(force.other_investigator).get(address(case)).status_code == 404


def test_solo_is_added_on_the_same_page(as_user, force, case):
    page = as_user(force.sergeant).get(address(case, ADD)).content.decode()
    assert "SOLO/SOIT of the case" in page
    as_user(force.sergeant).post(address(case, ADD), {"person": f"LIAISON-{force.liaison_officer.pk}"})
    assert as_user(force.liaison_officer).get(address(case)).status_code == 200


@pytest.mark.parametrize("who", ["sergeant", "inspector", "superintendent"])
def test_supervisor_is_neither_offered_nor_accepted(as_user, force, case, who):
    user = getattr(force, who)
    page = as_user(force.sergeant).post(address(case, ADD), {"person": f"SECOND-{user.pk}"})
    assert page.status_code == 422
    with pytest.raises(Blocked, match="cannot be given to them"):
        operations.add_officer(case, actor=actor(force.sergeant), user_id=user.pk, basis=GrantBasis.SECOND)


def test_investigator_who_also_supervises_is_refused_by_the_database(force, case):
    with building():
        RoleAssignment.objects.create(
            user=force.other_investigator, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO
        )
    with pytest.raises(Blocked, match="cannot be given to them"):
        operations.add_officer(case, actor=actor(force.sergeant), user_id=force.other_investigator.pk, basis=GrantBasis.SECOND)


def test_whoever_came_to_supervise_since_does_not_review_it(as_user, force, case):
    with building():
        both = enrol("becomes_sergeant", force.police, [Role.INVESTIGATOR], force.unit)
    operations.add_officer(case, actor=actor(force.sergeant), user_id=both.pk, basis=GrantBasis.SECOND)
    with building():
        RoleAssignment.objects.create(user=both, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO)
        review = Review.unguarded.get(case=case, number=1)
    assert (
        "You work on this case. Somebody who does not reviews it." in as_user(both).get(f"/reviews/{review.pk}/").content.decode()
    )


def test_whoever_came_to_supervise_since_is_offered_no_late_review(as_user, force, case):
    with building():
        both = enrol("becomes_sergeant", force.police, [Role.INVESTIGATOR], force.unit)
    operations.add_officer(case, actor=actor(force.sergeant), user_id=both.pk, basis=GrantBasis.SECOND)
    with building():
        RoleAssignment.objects.create(user=both, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO)
        review = Review.unguarded.get(case=case, number=1)
    set_clock(at(MONDAY + timedelta(days=16)))
    link = f'href="/reviews/{review.pk}/"'
    steps = {
        user: as_user(user).get(f"/cases/{case.reference}/").content.decode().split('id="due"')[0]
        for user in (both, force.sergeant)
    }
    assert all("Complete the 14-day review" in step for step in steps.values())
    assert "Another Detective Sergeant does this." in steps[both] and link not in steps[both]
    assert link in steps[force.sergeant]
    # Nor for having left it since: no review has been completed in between.
    operations.take_officer_off(case, actor=actor(force.sergeant), user_id=both.pk, basis=GrantBasis.SECOND)
    assert link not in as_user(both).get(f"/cases/{case.reference}/").content.decode().split('id="due"')[0]


def test_open_actions_of_whoever_leaves_go_to_the_officer(force, case):
    colleague = force.other_investigator
    operations.add_officer(case, actor=actor(force.sergeant), user_id=colleague.pk, basis=GrantBasis.SECOND)
    operations.give_action(
        case, actor=actor(force.sergeant), what="See the driver", owner_id=colleague.pk, due_on=NEXT_WEEK, look_again_on=NEXT_WEEK
    )
    operations.take_officer_off(case, actor=actor(force.sergeant), user_id=colleague.pk, basis=GrantBasis.SECOND)
    with building():
        assert Action.unguarded.get(case=case).owner == force.investigator


def test_nobody_is_taken_off_who_does_not_work_on_it(force, case):
    with pytest.raises(Blocked, match="They do not work on this case."):
        operations.take_officer_off(
            case, actor=actor(force.sergeant), user_id=force.other_investigator.pk, basis=GrantBasis.SECOND
        )


def test_sent_twice_it_is_done_once(as_user, force, case):
    data = {"person": second(force), "once": "01939f3e-0000-7000-8000-000000000001"}
    browser = as_user(force.sergeant)
    assert [browser.post(address(case, ADD), data).status_code for _ in range(2)] == [302, 302]
    page = browser.get(address(case)).content.decode()
    assert "That form was sent twice. It was recorded once." in page
    assert page.count("Officer added to the case") == 1


def test_nobody_is_added_who_works_on_it_already(force, case):
    add = {"actor": actor(force.sergeant), "user_id": force.other_investigator.pk, "basis": GrantBasis.SECOND}
    operations.add_officer(case, **add)
    with pytest.raises(Blocked, match="They work on this case already."):
        operations.add_officer(case, **add)
