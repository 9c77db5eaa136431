"""A review that is not satisfactory is sent on: Sergeant, Inspector, Superintendent; whoever sent it on does not decide it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import operations
from cases.enums import Answer, ReviewGroup, ReviewKind, ReviewResult
from cases.models import Action, Case, Review
from kit.refusal import Blocked
from people.models import User
from people.roles import Role
from tests import forms
from tests.worlds import MONDAY, Force, actor, at, building, enrol, log_case, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
Browser = Callable[..., Client]
WHY = "Nobody has spoken to the second witness for two weeks."


@pytest.fixture
def review(case: Case) -> Review:
    set_clock(at(FOURTEENTH))
    with building():
        return Review.unguarded.get(case=case, number=1)


def escalated(case: Case, role: str) -> Review:
    with building():
        return Review.unguarded.select_related("escalated_from").get(case=case, kind=ReviewKind.ESCALATED, lowest_role=role)


def not_satisfactory(own_words: str = WHY) -> dict[str, str]:
    return forms.review("ESCALATED", own_words=own_words, enquiries="NEEDS_ACTION", enquiries_text="See the witness.")


def address(review: Review) -> str:
    return reverse("review", args=[review.pk])


def direction(owner: User, due: date) -> dict[str, str]:
    return {
        "direction-1-what": "See the second witness this week",
        "direction-1-owner": str(owner.pk),
        **forms.date_boxes("direction-1-due_on", due),
    }


def test_whole_chain(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    """Due three working days after Monday 16 November, then again after that Thursday."""
    sergeant, inspector, superintendent = map(as_user, (force.sergeant, force.inspector, force.superintendent))
    page = sergeant.get(address(review)).content.decode()
    assert "Not satisfactory: escalate to Detective Inspector" in page
    said = sergeant.post(address(review), not_satisfactory(), follow=True).content.decode()
    assert "is complete. A Detective Inspector decides it by 19 November 2026." in said
    first = escalated(case, Role.INSPECTOR)
    assert (first.due_on, first.escalated_from) == (FOURTEENTH + timedelta(days=3), review)
    queue = inspector.get(reverse("review-queue")).content.decode()
    assert "Escalated to you" in queue and address(first) in queue
    why = inspector.get(address(first)).content.decode()
    assert "Why it was sent on" in why and WHY in why and "See the witness." in why and "Invented Sergeant" in why
    assert superintendent.get(address(first)).status_code == 404

    set_clock(at(FOURTEENTH + timedelta(days=3)))
    assert inspector.post(address(first), not_satisfactory("Still nothing.")).status_code == 302
    second = escalated(case, Role.SUPERINTENDENT)
    assert second.due_on == FOURTEENTH + timedelta(days=8)
    assert address(second) in superintendent.get(reverse("review-queue")).content.decode()
    page = superintendent.get(address(second)).content.decode()
    assert "Still nothing." in page
    assert "escalate to" not in page and "Nobody above you can see this case" in page
    answers = forms.review(
        "WITH_DIRECTIONS", own_words="This week.", **direction(force.investigator, FOURTEENTH + timedelta(days=9))
    )
    assert superintendent.post(address(second), answers).status_code == 302
    with building():
        (action,) = Action.unguarded.filter(case=case)
        signed = Review.unguarded.get(pk=second.pk)
    assert (action.direction_of_id, action.given_by_id) == (second.pk, force.superintendent.pk)
    assert (signed.completed_by_id, signed.result) == (force.superintendent.pk, ReviewResult.WITH_DIRECTIONS)
    assert superintendent.get(address(second)).status_code == 404
    assert "This week." in sergeant.get(address(second)).content.decode()


def test_superintendent_signs_only_what_was_sent_on_to_them(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    with building():
        Review.unguarded.filter(pk=review.pk).update(
            escalates_on=MONDAY, escalates_further_to=Role.SUPERINTENDENT, escalates_further_on=MONDAY
        )
    superintendent = as_user(force.superintendent)
    assert superintendent.get(address(review)).status_code == 200
    assert superintendent.post(address(review), forms.review()).status_code == 403


def test_whoever_sent_it_on_does_not_decide_it(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    """An Inspector may sign a Sergeant's review; what they send on goes to the Superintendent, past another Inspector."""
    inspector = as_user(force.inspector)
    assert inspector.post(address(review), not_satisfactory()).status_code == 302
    sent = escalated(case, Role.SUPERINTENDENT)
    assert inspector.post(address(sent), forms.review()).status_code == 403
    with building():
        both = enrol("both", force.police, [Role.SERGEANT, Role.INSPECTOR], force.above, rank="DI")
        Review.unguarded.filter(pk=sent.pk).update(lowest_role=Role.INSPECTOR, escalated_from=review)
        with connection.cursor() as cursor:
            # What is signed cannot be signed over, not even here; so the guard steps aside for a moment.
            cursor.execute("SET LOCAL session_replication_role = replica")
            Review.unguarded.filter(pk=review.pk).update(completed_by=both)
            cursor.execute("SET LOCAL session_replication_role = origin")
    page = as_user(both).get(address(sent)).content.decode()
    assert "You sent this review on yourself. Somebody else decides it." in page
    assert as_user(both).post(address(sent), forms.review()).status_code == 409
    assert inspector.post(address(sent), forms.review()).status_code == 302


def test_second_one_waits_until_the_first_is_decided(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    sergeant, inspector = as_user(force.sergeant), as_user(force.inspector)
    sergeant.post(address(review), not_satisfactory())
    set_clock(at(MONDAY + timedelta(days=28)))
    with building():
        next_one = Review.unguarded.get(case=case, number=2)
    page = inspector.get(address(next_one)).content.decode()
    assert "Another review of this case is escalated already and not decided yet." in page
    assert "Not satisfactory: escalate to" not in page
    assert inspector.post(address(next_one), not_satisfactory()).status_code == 422
    findings = operations.ReviewFindings(
        answers={group.value: (Answer.SATISFACTORY, "") for group in ReviewGroup},
        own_words=WHY,
        directions=(),
        result=ReviewResult.ESCALATED,
    )
    with pytest.raises(Blocked, match="escalated already"):
        operations.complete_review(next_one, actor=actor(force.inspector), findings=findings)
    assert inspector.post(address(escalated(case, Role.INSPECTOR)), forms.review()).status_code == 302
    assert inspector.post(address(next_one), not_satisfactory()).status_code == 302


def test_restricted_case_goes_to_no_superintendent(as_user: Browser, force: Force) -> None:
    set_clock(at(MONDAY, 10))
    case = log_case(force, supervisor=force.inspector, has_connected_staff=True)
    set_clock(at(FOURTEENTH))
    with building():
        review = Review.unguarded.get(case=case, number=1)
    inspector = as_user(force.inspector)
    page = inspector.get(address(review)).content.decode()
    assert "Nobody above you can see this case" in page and "escalate to" not in page
    assert inspector.post(address(review), not_satisfactory()).status_code == 422
    assert inspector.post(address(review), forms.review()).status_code == 302


def test_superintendent_who_sends_the_form_twice_is_answered_as_the_first_time(
    as_user: Browser, force: Force, case: Case, review: Review
) -> None:
    """Their reach ends with the review, so the second form finds a case that they do not see any more."""
    assert as_user(force.inspector).post(address(review), not_satisfactory()).status_code == 302
    sent = escalated(case, Role.SUPERINTENDENT)
    answers = forms.review(own_words="Enough.", once="01a21393-b702-7f39-a98b-c125b8def71e")
    superintendent = as_user(force.superintendent)
    for _ in range(2):
        assert superintendent.post(address(sent), answers).headers.get("Location") == reverse("review-queue")
    assert superintendent.post(address(sent), forms.review()).status_code == 404
