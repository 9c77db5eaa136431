"""What a reader with bad intentions tried: reviewing one's own work after a hand-over, dating a call before the arrest, former names."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import ClosingGrounds, EventKind, GrantBasis, Nature
from cases.models import Review
from kit.refusal import Blocked
from people.models import Organisation, RoleAssignment
from people.roles import OrganisationKind, Role
from tests import forms
from tests.pages import Sheet
from tests.worlds import LONG_AGO, MONDAY, actor, at, building, enrol, log_case, set_clock

DAY_14 = MONDAY + timedelta(days=14)


def first_review(case):
    with building():
        return Review.unguarded.get(case=case, number=1)


def test_whoever_hands_the_case_over_does_not_review_their_own_time(as_user, force):
    """An investigator who has become a sergeant as well gives the case away for a moment."""
    set_clock(at(MONDAY, 10))
    with building():
        both = enrol("both_roles", force.police, [Role.INVESTIGATOR, Role.SERGEANT], force.unit)
    case = log_case(force, by=both)
    set_clock(at(DAY_14))
    operations.allocate_case(case, actor=actor(both), officer_id=force.investigator.pk)
    page = as_user(both).post(f"/reviews/{first_review(case).pk}/", forms.review())
    assert page.status_code == 409
    assert "You worked on this case in the time that is reviewed." in page.content.decode()
    assert first_review(case).completed_at is None


def test_whoever_left_before_the_last_review_may_review_what_came_after(as_user, force):
    set_clock(at(MONDAY, 10))
    with building():
        both = enrol("both_roles", force.police, [Role.INVESTIGATOR, Role.SERGEANT], force.unit)
    case = log_case(force, by=both)
    operations.allocate_case(case, actor=actor(both), officer_id=force.investigator.pk)
    set_clock(at(DAY_14))
    as_user(force.sergeant).post(f"/reviews/{first_review(case).pk}/", forms.review())
    set_clock(at(MONDAY + timedelta(days=56)))
    with building():
        third = Review.unguarded.get(case=case, number=3)
    assert as_user(both).post(f"/reviews/{third.pk}/", forms.review(suspect="NOT_APPLICABLE")).status_code == 302


def test_former_officer_does_not_close_the_case(force):
    set_clock(at(MONDAY, 10))
    with building():
        both = enrol("both_roles", force.police, [Role.INVESTIGATOR, Role.INSPECTOR], force.above, rank="DI")
    case = log_case(force, by=both)
    operations.allocate_case(case, actor=actor(both), officer_id=force.investigator.pk)
    with pytest.raises(Blocked, match="You were the officer in the case."):
        operations.close_case(case, actor=actor(both), grounds=ClosingGrounds.SUSPECT_DIED, text="Died.")


def test_nobody_was_told_before_it_happened(force, case):
    officer, now = actor(force.investigator), at(MONDAY + timedelta(days=1), 9)
    (arrest,) = operations.record_event(
        case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, at=now - timedelta(hours=1), text="At home", subject="S1"
    )
    told = {"actor": officer, "kind": EventKind.VICTIM_TOLD, "text": "Rang", "about": [arrest.pk]}
    with pytest.raises(Blocked, match="V1 cannot have been told before it happened."):
        operations.record_event(case, at=now - timedelta(hours=2), **told)
    operations.record_event(case, at=now, **told)


def test_name_that_was_put_right_is_left_out_of_the_copy_too(as_user, force, case):
    browser = as_user(force.investigator)
    note = {"actor": actor(force.investigator), "kind": EventKind.NOTE, "at": at(MONDAY, 10)}
    operations.record_event(case, text="Zedrick Oldnamely was seen at the bar.", **note)
    for version, name in (("1", "Zedrick Oldnamely"), ("2", "Quillon Newnamely")):
        browser.post(
            f"/cases/{case.reference}/suspects/1/", {"version": version, "known": "NAMED", "name": name, "description": ""}
        )
    text = browser.get(f"/cases/{case.reference}/copy/").content.decode()
    assert "was seen at the bar" in text
    for name in ("Zedrick", "Oldnamely", "Newnamely"):
        assert name not in text


def test_copy_of_a_review_does_not_say_why_intelligence_was_struck_out(as_user, force, case):
    officer = actor(force.investigator)
    (entry,) = operations.record_event(
        case, actor=officer, kind=EventKind.NOTE, at=at(MONDAY, 10), text="Heard of it.", nature=Nature.INTELLIGENCE
    )
    operations.strike_event(entry, actor=officer, because="The informant was mistaken.")
    set_clock(at(DAY_14))
    as_user(force.sergeant).post(f"/reviews/{first_review(case).pk}/", forms.review())
    text = as_user(force.sergeant).get(f"/reviews/{first_review(case).pk}/copy/").content.decode()
    assert "Completed" in text or "completed" in text
    assert "informant" not in text and "Heard of it" not in text


def test_auditor_of_another_body_reads_the_rules_without_names(as_user, force):
    with building():
        oversight = Organisation.objects.create(name="Invented Oversight", kind=OrganisationKind.OVERSIGHT)
        auditor = enrol("outside_auditor", oversight, [])
        RoleAssignment.objects.create(user=auditor, role=Role.AUDITOR, organisation_kind=oversight.kind, starts_on=LONG_AGO)
    page = as_user(auditor).get("/rules/")
    assert page.status_code == 200 and "14-day review" in Sheet(page).text


def test_second_officer_who_has_left_does_not_review_the_time_in_which_they_helped(as_user, force, case):
    colleague = force.other_investigator
    operations.add_officer(case, actor=actor(force.sergeant), user_id=colleague.pk, basis=GrantBasis.SECOND)
    set_clock(at(MONDAY + timedelta(days=10)))
    operations.take_officer_off(case, actor=actor(force.sergeant), user_id=colleague.pk, basis=GrantBasis.SECOND)
    with building():
        RoleAssignment.objects.create(user=colleague, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO)
    set_clock(at(DAY_14))
    assert as_user(colleague).post(f"/reviews/{first_review(case).pk}/", forms.review()).status_code == 409
