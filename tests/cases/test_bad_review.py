"""Whatever is typed into the form of a review, and whoever was quicker: a clear sentence, all typed text kept, nothing half saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from cases import operations
from cases.enums import Answer, ReviewGroup, ReviewResult
from cases.models import Case, Draft, Review
from cases.operations.reviews import NO_DIRECTION
from kit.refusal import Blocked
from people.models import User
from tests import forms
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, Force, actor, at, building, log_case, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
LONG = "é" * 100_001
NOT_IN_THE_LIST = "Choose one of the answers in the list"
DIRECTION = "direction-1"


@pytest.fixture
def review(case: Case) -> Review:
    """The 14-day review of the case, on the day it is due."""
    set_clock(at(FOURTEENTH, 9))
    with building():
        return Review.unguarded.select_related("case").get(case=case, number=1)


@pytest.fixture
def sergeant(as_user: Callable[..., Client], force: Force) -> Client:
    return as_user(force.sergeant)


def with_direction(force: Force, **changed: str) -> dict[str, str]:
    first = {
        f"{DIRECTION}-what": "Trace the driver",
        f"{DIRECTION}-owner": str(force.investigator.pk),
        **forms.date_boxes(f"{DIRECTION}-due_on", FOURTEENTH + timedelta(days=5)),
    }
    return forms.review("WITH_DIRECTIONS", **{**first, **changed})


def complete(review: Review, by: User) -> None:
    operations.complete_review(review, actor=actor(by), findings=satisfactory())


def satisfactory() -> operations.ReviewFindings:
    return operations.ReviewFindings(
        answers={group.value: (Answer.SATISFACTORY, "") for group in ReviewGroup},
        own_words="Hers.",
        directions=(),
        result=ReviewResult.SATISFACTORY,
    )


# What is typed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"suspect": ""}, "suspect", "Choose an answer for “Suspect and risk”"),
        ({"suspect": "PERHAPS"}, "suspect", NOT_IN_THE_LIST),
        ({"suspect": "NEEDS_ACTION"}, "suspect_text", "Say what needs action: Suspect and risk"),
        (
            {"suspect": "NEEDS_ACTION", "suspect_text": LONG},
            "suspect_text",
            "Shorten this to 10,000 characters or fewer. It has 100,001.",
        ),
        ({"own_words": ""}, "own_words", "Say in your own words what matters most in this case now"),
        ({"own_words": LONG}, "own_words", "Shorten this to 100,000 characters or fewer. It has 100,001."),
        (
            {"own_words": "See\x08n"},
            "own_words",
            "Delete the character that cannot be shown after “See”. It may have come from copying.",
        ),
        ({"result": ""}, "result", "Choose the result of the review"),
        ({"result": "EXCELLENT"}, "result", NOT_IN_THE_LIST),
    ],
)
def test_wrong_answer(sergeant: Client, review: Review, changed: dict[str, str], field: str, sentence: str) -> None:
    typed = forms.review(**changed)
    with nothing_saved():
        sheet = assert_says(sergeant.post(f"/reviews/{review.pk}/", typed), field, sentence)
    assert_kept(sheet, {name: text for name, text in typed.items() if text not in ("PERHAPS", "EXCELLENT")})


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({f"{DIRECTION}-what": ""}, "what", "Enter what must be done in direction 1"),
        ({f"{DIRECTION}-what": LONG}, "what", "Shorten this to 2,000 characters or fewer. It has 100,001."),
        ({f"{DIRECTION}-owner": ""}, "owner", "Choose who must do direction 1"),
        (forms.date_boxes(f"{DIRECTION}-due_on", MONDAY), "due_on", "Enter today or a later date"),
        (forms.date_boxes(f"{DIRECTION}-due_on", date(9999, 12, 31)), "due_on", "Enter a date within a year from today"),
        (
            forms.date_boxes(f"{DIRECTION}-look_again_on", date(2999, 1, 1)),
            "look_again_on",
            "Enter a date within a year from today",
        ),
        (
            {f"{DIRECTION}-due_on_month": "2", f"{DIRECTION}-due_on_day": "29", f"{DIRECTION}-due_on_year": "2027"},
            "due_on",
            "Enter a real date",
        ),
        ({f"{DIRECTION}-due_on_day": ""}, "due_on", "Enter the day"),
    ],
)
def test_wrong_direction(
    sergeant: Client, force: Force, review: Review, changed: dict[str, str], field: str, sentence: str
) -> None:
    typed = with_direction(force, **changed)
    with nothing_saved():
        sheet = assert_says(sergeant.post(f"/reviews/{review.pk}/", typed), f"{DIRECTION}-{field}", sentence)
    assert_kept(sheet, typed)
    assert "Error: 14-day review" in sheet.text


def test_direction_to_somebody_else_is_answered_like_one_to_nobody(sergeant: Client, force: Force, review: Review) -> None:
    for key in (force.other_investigator.pk, force.people["ISVA"].pk, 999999, "9" * 30, "x"):
        with nothing_saved():
            answer = sergeant.post(f"/reviews/{review.pk}/", with_direction(force, **{f"{DIRECTION}-owner": str(key)}))
            assert_says(answer, f"{DIRECTION}-owner", NOT_IN_THE_LIST)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"due_on": MONDAY}, "Enter today or a later date."),
        ({"due_on": date(2999, 1, 1)}, "Enter a date within a year from today."),
        ({"look_again_on": MONDAY}, "Enter today or a later date."),
    ],
)
def test_operation_too_refuses_a_direction_for_a_day_that_cannot_be(
    force: Force, review: Review, changed: dict[str, date], sentence: str
) -> None:
    days = {"due_on": FOURTEENTH, "look_again_on": FOURTEENTH, **changed}
    findings = replace(satisfactory(), directions=(operations.Direction("Trace the driver", force.investigator.pk, **days),))
    with nothing_saved(), pytest.raises(Blocked) as refused:
        operations.complete_review(review, actor=actor(force.sergeant), findings=findings)
    assert refused.value.reasons == (sentence,)


def test_with_directions_but_none_is_said_beside_the_result(sergeant: Client, force: Force, review: Review) -> None:
    typed = forms.review("WITH_DIRECTIONS", own_words="")
    with nothing_saved():
        sheet = assert_says(sergeant.post(f"/reviews/{review.pk}/", typed), "result", NO_DIRECTION)
    # Together with whatever else is wrong.
    assert_says(
        sergeant.post(f"/reviews/{review.pk}/", typed), "own_words", "Say in your own words what matters most in this case now"
    )
    assert_kept(sheet, typed)
    findings = replace(satisfactory(), result=ReviewResult.WITH_DIRECTIONS)
    with pytest.raises(Blocked, match=NO_DIRECTION):
        operations.complete_review(review, actor=actor(force.sergeant), findings=findings)


def test_fields_that_no_form_has_change_nothing(sergeant: Client, force: Force, review: Review) -> None:
    extra = {"completed_by": str(force.inspector.pk), "due_on": "2030-01-01", "lowest_role": "INVESTIGATOR", "officer_then": "1"}
    sergeant.post(f"/reviews/{review.pk}/", forms.review(**extra))
    with building():
        done = Review.unguarded.get(pk=review.pk)
    assert (done.completed_by_id, done.due_on, done.lowest_role) == (force.sergeant.pk, review.due_on, review.lowest_role)
    assert done.officer_then_id == force.investigator.pk


# Of whom -------------------------------------------------------------------------------------------------------------


def test_review_of_a_hidden_case_is_answered_like_one_that_does_not_exist(
    as_user: Callable[..., Client], force: Force, review: Review
) -> None:
    stranger = as_user(force.other_sergeant)
    for path in ("", "draft/"):
        for send in (stranger.get, stranger.post):
            with nothing_saved():
                hidden, absent = (
                    send(f"/reviews/{key}/{path}", forms.review()) for key in (review.pk, "01890000-0000-7000-8000-000000000000")
                )
            assert hidden.status_code == absent.status_code
            if hidden.status_code != 405:
                assert hidden.status_code == 404
                assert Sheet(hidden).text == Sheet(absent).text
    with building():
        assert not Draft.unguarded.exists()


def test_key_of_a_strange_shape(sergeant: Client, review: Review) -> None:
    for key in ("1", "x", str(review.pk).upper(), f"{review.pk}%00"):
        assert sergeant.get(f"/reviews/{key}/").status_code == 404


# Who was quicker -----------------------------------------------------------------------------------------------------

TYPED = {"own_words": "Ask the neighbour again.", "suspect": "NEEDS_ACTION", "suspect_text": "Where was he?"}


def test_review_that_somebody_else_has_signed(sergeant: Client, force: Force, review: Review) -> None:
    set_clock(at(FOURTEENTH, 10, 42))
    complete(review, force.inspector)
    with nothing_saved():
        answer = sergeant.post(f"/reviews/{review.pk}/", with_direction(force, **TYPED))
    assert answer.status_code == 409
    told = f"The 14-day review of {review.case.reference} was completed at 10:42 by DI Invented Inspector."
    assert f"{told} What you had typed is kept below." in Sheet(answer).summary
    assert_still_there(answer)
    # And later too, until they throw it away.
    assert_still_there(sergeant.get(f"/reviews/{review.pk}/"))
    page = sergeant.post(f"/reviews/{review.pk}/", {"discard": "yes"}, follow=True)
    assert "What you had typed was discarded." in Sheet(page).text
    assert "Ask the neighbour again." not in Sheet(page).text
    with building():
        assert not Draft.unguarded.exists()


def assert_still_there(page: object) -> None:
    text = Sheet(page).text
    for words in (
        "What you had typed",
        "Ask the neighbour again.",
        "Where was he?",
        "Needs action",
        "Trace the driver",
        "21 11 2026",
    ):
        assert words in text


def test_even_a_wrong_form_is_kept_when_somebody_was_quicker(sergeant: Client, force: Force, review: Review) -> None:
    complete(review, force.inspector)
    answer = sergeant.post(f"/reviews/{review.pk}/", {**TYPED, "result": ""})
    assert answer.status_code == 409
    assert "Ask the neighbour again." in Sheet(answer).text


def test_what_was_typed_is_nobody_elses_to_read(
    sergeant: Client, as_user: Callable[..., Client], force: Force, review: Review
) -> None:
    complete(review, force.inspector)
    sergeant.post(f"/reviews/{review.pk}/", with_direction(force, **TYPED))
    assert "Ask the neighbour again." not in Sheet(as_user(force.inspector).get(f"/reviews/{review.pk}/")).text


def test_somebody_is_quicker_by_a_moment(sergeant: Client, force: Force, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    really_complete = operations.complete_review

    def come_second(review: Review, **arguments: object) -> None:
        complete_first(review)
        really_complete(review, **arguments)

    def complete_first(review: Review) -> None:
        monkeypatch.setattr(operations, "complete_review", really_complete)
        complete(review, force.inspector)

    monkeypatch.setattr(operations, "complete_review", come_second)
    answer = sergeant.post(f"/reviews/{review.pk}/", with_direction(force, **TYPED))
    assert answer.status_code == 409
    assert_still_there(answer)


def test_same_form_sent_twice_completes_it_once(sergeant: Client, review: Review) -> None:
    assert sergeant.post(f"/reviews/{review.pk}/", forms.review()).headers["Location"] == "/reviews/"
    with nothing_saved():
        assert sergeant.post(f"/reviews/{review.pk}/", forms.review()).headers["Location"] == "/reviews/"
    with building():
        assert not Draft.unguarded.exists()


def test_review_that_is_not_due_yet_says_from_when(sergeant: Client, force: Force) -> None:
    case = log_case(force)
    with building():
        early = Review.unguarded.filter(case=case).order_by("due_on").last()
    assert early
    with nothing_saved():
        answer = sergeant.post(f"/reviews/{early.pk}/", forms.review())
    assert answer.status_code == 409
    assert "It can be completed from" in Sheet(answer).text
