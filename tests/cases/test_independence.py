"""Nobody decides about their own work: not after handing it over, not after ending a cover, not after being promoted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases import operations, workflow
from cases.enums import EventKind, GrantBasis, NotApplicable
from cases.models import Action, Case, Review, TimeLimit
from kit.binding import bound_to
from kit.refusal import Blocked
from people.models import RoleAssignment, User
from people.roles import Role
from tests import forms
from tests.cases.actions import address, asked, done, given
from tests.covers import cover
from tests.worlds import LONG_AGO, MONDAY, Force, actor, at, building, log_case, set_clock

TUESDAY = MONDAY + timedelta(days=1)
DUE = MONDAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def clock(force: Force) -> None:
    set_clock(at(TUESDAY))


def handed_over(force: Force, case: Case) -> tuple[Case, User]:
    """A sergeant's own case, handed to an investigator a moment ago."""
    own = log_case(force, by=force.sergeant, officer=force.sergeant, supervisor=force.inspector)
    work(own, by=force.inspector, owner=force.investigator)
    operations.allocate_case(own, actor=actor(force.sergeant), officer_id=force.investigator.pk)
    return own, force.sergeant


def ended_cover(force: Force, case: Case) -> tuple[Case, User]:
    """The sergeant did some of the officer's work for them and then ended the cover."""
    key = cover(force.investigator, force.sergeant, TUESDAY, by=force.inspector)
    operations.record_event(case, actor=actor(force.sergeant), kind=EventKind.NOTE, at=at(TUESDAY, 8), text="Seen")
    work(case, by=force.inspector, owner=force.investigator)
    with bound_to(force.inspector.pk, force.inspector.kind, may_write=True), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.end_cover(%s)", [key])
    return case, force.sergeant


def promoted(force: Force, case: Case) -> tuple[Case, User]:
    """A second officer who is a sergeant of the unit since."""
    one = force.other_investigator
    operations.add_officer(case, actor=actor(force.sergeant), user_id=one.pk, basis=GrantBasis.SECOND)
    work(case, by=force.sergeant, owner=force.investigator)
    with building():
        RoleAssignment.objects.create(user=one, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO)
    return case, one


def work(case: Case, *, by: User, owner: User) -> None:
    """A1 is done, for A2 more time is asked."""
    if owner.pk != case.officer_id:
        operations.add_officer(case, actor=actor(by), user_id=owner.pk, basis=GrantBasis.SECOND)
    finished, waiting = (given(case, by=by, owner=owner, due=DUE) for _ in range(2))
    done(finished, by=owner)
    asked(waiting, by=owner, until=DUE + timedelta(days=7))


def action(case: Case, number: int) -> Any:
    with building():
        return Action.unguarded.select_related("case").get(case=case, number=number)


def referral(case: Case) -> Any:
    with building():
        return TimeLimit.unguarded.select_related("case").get(case=case, rule__code="SUPPORT_REFERRAL")


def decisions(case: Case, by: User) -> list[Callable[[], Any]]:
    """Everything that a supervisor decides about the work of others, the escalation last: it has come to them by then."""
    return [
        lambda: operations.verify_action(action(case, 1), actor=actor(by), text="Read."),
        lambda: operations.answer_more_time(action(case, 2), actor=actor(by), is_agreed=False, answer="No."),
        lambda: operations.answer_escalation(case, actor=actor(by), about_id=referral(case).pk, text="Today."),
        lambda: operations.stop_limit(referral(case), actor=actor(by), why=NotApplicable.OVERTAKEN, text="x"),
    ]


@pytest.mark.parametrize("history", [handed_over, ended_cover, promoted], ids=lambda one: one.__name__)
def test_nobody_decides_about_work_that_they_did_since_the_last_review(as_user, force: Force, case: Case, history) -> None:
    case, who = history(force, case)
    set_clock(at(referral(case).escalates_on, 12))
    for decide in decisions(case, who):
        with pytest.raises(Blocked, match=r"^You .*\. Another supervisor (can do this|answers for it)\."):
            decide()
    page = as_user(who).get(address(action(case, 1), "verify/")).content.decode()
    assert "Another supervisor can do this." in page
    # The inspector may: only the escalation has not come to them yet.
    verify, answer, _, stop = decisions(case, force.inspector)
    for decide in (verify, answer, stop):
        decide()


def test_what_lies_before_a_completed_review_is_no_bar(as_user, force: Force, case: Case) -> None:
    case, who = handed_over(force, case)
    with building():
        review = Review.unguarded.get(case=case, number=1)
    set_clock(at(DUE))
    assert as_user(force.inspector).post(f"/reviews/{review.pk}/", forms.review()).status_code == 302
    operations.verify_action(action(case, 1), actor=actor(who), text="Read.")
    assert action(case, 1).verified_by_id == who.pk


def test_next_steps_offer_it_to_somebody_else(as_user, force: Force, case: Case) -> None:
    case, who = handed_over(force, case)
    verify = address(action(case, 1), "verify/")
    assert verify not in as_user(who).get(f"/cases/{case.reference}/").content.decode()
    assert verify in as_user(force.inspector).get(f"/cases/{case.reference}/").content.decode()


def test_who_was_ever_a_second_officer_does_not_end_the_case(force: Force, case: Case) -> None:
    case, who = promoted(force, case)
    with building():
        RoleAssignment.objects.create(user=who, role=Role.INSPECTOR, organisation_kind="POLICE", starts_on=LONG_AGO)
    operations.take_officer_off(case, actor=actor(force.sergeant), user_id=who.pk, basis=GrantBasis.SECOND)
    for one, reason in ((who, "You worked on this case. Another Detective Inspector can do this."), (force.inspector, None)):
        with bound_to(one.pk, one.kind, may_write=False) as bound:
            assert workflow.somebody_else_is_the_officer(Case.unguarded.get(pk=case.pk), bound.actor, TUESDAY) == reason
