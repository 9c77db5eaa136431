"""Complete a review through its page, as a supervisor does."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import EventKind, ReviewResult
from cases.models import Action, Draft, Review, ReviewAnswer
from kit.refusal import Blocked
from tests import forms
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)


@pytest.fixture
def review(case):
    """The 14-day review of the case, on the day it is due."""
    set_clock(at(FOURTEENTH))
    with building():
        return Review.unguarded.get(case=case, number=1)


def read_again(review):
    with building():
        return Review.unguarded.select_related("case").get(pk=review.pk)


def address(review):
    return f"/reviews/{review.pk}/"


def direction(number, what="Trace the driver", owner=None, due=FOURTEENTH + timedelta(days=5)):
    prefix = f"direction-{number}-"
    return {f"{prefix}what": what, f"{prefix}owner": str(owner.pk), **forms.date_boxes(f"{prefix}due_on", due)}


def test_queue_leads_to_the_review(as_user, force, review, case):
    page = as_user(force.sergeant).get("/reviews/").content.decode()
    assert case.reference in page and address(review) in page and "Due today" in page


def test_signs_and_gives_a_direction_that_becomes_an_action(as_user, force, review):
    answers = forms.review("WITH_DIRECTIONS", **direction(1, owner=force.investigator))
    page = as_user(force.sergeant).post(address(review), answers, follow=True)
    assert "is complete" in page.content.decode()
    done = read_again(review)
    assert (done.completed_by_id, done.result) == (force.sergeant.pk, "WITH_DIRECTIONS")
    with building():
        (action,) = Action.unguarded.all()
        assert ReviewAnswer.unguarded.filter(review=review).count() == 7
    assert (action.owner_id, action.direction_of_id, action.look_again_on) == (force.investigator.pk, review.pk, action.due_on)
    assert "Trace the driver" in as_user(force.investigator).get("/home/").content.decode()


def test_is_never_signed_by_the_officer_in_the_case(as_user, force, case, review):
    own = log_case_of_the_sergeant(force)
    with building():
        mine = Review.unguarded.get(case=own, number=1)
    page = as_user(force.sergeant).get(address(mine))
    assert "you are the officer in the case" in page.content.decode()
    assert as_user(force.sergeant).post(address(mine), forms.review()).status_code == 403
    with building():
        assert Review.unguarded.get(pk=mine.pk).completed_at is None


def log_case_of_the_sergeant(force):
    set_clock(at(MONDAY))
    own = log_case(force, by=force.sergeant, officer=force.sergeant, supervisor=force.inspector)
    set_clock(at(FOURTEENTH))
    return own


def test_database_refuses_the_officer_in_the_case_too(force, review):
    from django.db import IntegrityError

    with building(), pytest.raises(IntegrityError, match="review_never_by_the_officer_in_the_case"):
        Review.unguarded.filter(pk=review.pk).update(
            completed_at=at(FOURTEENTH),
            completed_by=force.investigator,
            officer_then=force.investigator,
            result="SATISFACTORY",
            own_words="x",
        )


def test_28_day_review_needs_an_inspector(as_user, force, case):
    set_clock(at(MONDAY + timedelta(days=28)))
    with building():
        second = Review.unguarded.get(case=case, number=2)
    assert as_user(force.sergeant).post(address(second), forms.review()).status_code == 403
    assert as_user(force.inspector).post(address(second), forms.review()).status_code == 302


def test_completing_the_28_day_review_does_not_complete_the_14_day_one(as_user, force, case, review):
    set_clock(at(MONDAY + timedelta(days=28)))
    with building():
        second = Review.unguarded.get(case=case, number=2)
    as_user(force.inspector).post(address(second), forms.review())
    assert read_again(review).completed_at is None


@pytest.mark.parametrize(("days_before", "status"), [(6, 409), (5, 302)])
def test_can_be_completed_five_days_early_and_no_earlier(as_user, force, review, days_before, status):
    set_clock(at(FOURTEENTH - timedelta(days=days_before)))
    assert as_user(force.sergeant).post(address(review), forms.review()).status_code == status


def test_result_with_directions_needs_one(as_user, force, review):
    page = as_user(force.sergeant).post(address(review), forms.review("WITH_DIRECTIONS"))
    assert page.status_code == 422
    text = page.content.decode()
    assert "Add at least one direction, or choose Satisfactory" in text
    assert "Find the second witness before the bail date." in text


def test_direction_without_a_date_says_which(as_user, force, review):
    answers = {
        **forms.review("WITH_DIRECTIONS"),
        "direction-2-what": "Trace the driver",
        "direction-2-owner": str(force.investigator.pk),
    }
    page = as_user(force.sergeant).post(address(review), answers)
    assert page.status_code == 422
    assert "Enter the date by which direction 2 must be done" in page.content.decode()


def test_second_of_two_sergeants_is_told(force, review):
    findings = operations.ReviewFindings(answers={}, own_words="Mine.", directions=(), result=ReviewResult.SATISFACTORY)
    operations.complete_review(review, actor=actor(force.sergeant), findings=findings)
    with pytest.raises(Blocked, match="was completed at 09:00 by DS Invented Sergeant"):
        operations.complete_review(review, actor=actor(force.inspector), findings=findings)
    assert read_again(review).completed_by_id == force.sergeant.pk


def test_case_is_never_without_a_review_to_come(force, case):
    findings = operations.ReviewFindings(
        answers={}, own_words="Mine.", directions=(), result=ReviewResult.SATISFACTORY, is_same_again=True
    )
    set_clock(at(MONDAY + timedelta(days=400)))
    for _ in range(8):
        with building():
            following = Review.unguarded.filter(case=case, completed_at=None).order_by("due_on").first()
        assert following is not None
        operations.complete_review(following, actor=actor(force.inspector), findings=findings)
    with building():
        dues = list(Review.unguarded.filter(case=case).order_by("number").values_list("due_on", flat=True))
    assert [(due - MONDAY).days for due in dues] == [14, *(28 * number for number in range(1, len(dues)))]


def test_unfinished_review_is_kept_and_continued(as_user, force, review):
    browser = as_user(force.sergeant)
    browser.post(address(review), {**forms.review(), "own_words": "Half a thought", "later": "yes"})
    assert "Continue review" in browser.get("/reviews/").content.decode()
    assert "Half a thought" in browser.get(address(review)).content.decode()
    assert "Half a thought" not in as_user(force.inspector).get(address(review)).content.decode()
    browser.post(address(review), forms.review())
    with building():
        assert not Draft.unguarded.exists()


def test_completed_review_shows_what_its_reviewer_saw(as_user, force, review):
    answers = forms.review("WITH_DIRECTIONS", **direction(1, owner=force.investigator))
    as_user(force.sergeant).post(address(review), answers)
    set_clock(at(FOURTEENTH + timedelta(days=1)))
    operations.record_event(
        read_again(review).case, actor=actor(force.investigator), kind=EventKind.NOTE, at=at(FOURTEENTH, 12), text="Came later."
    )
    page = as_user(force.sergeant).get(address(review)).content.decode()
    assert "This is the first review." in page
    assert page.count("Trace the driver") == 1
    assert "Came later." not in page


def test_only_directions_that_were_begun_stand_open_after_an_error(as_user, force, review):
    begun = {"direction-1-what": "Trace the driver", "direction-2-what": "Ask the bar"}
    owners = {f"direction-{number}-owner": str(force.investigator.pk) for number in range(1, 5)}
    page = as_user(force.sergeant).post(address(review), forms.review(**begun, **owners))
    assert page.status_code == 422
    text = page.content.decode()
    assert [f"Add direction {number}" in text for number in (1, 2, 3, 4)] == [False, False, True, True]
