"""Half-filled forms are kept, for their owner only, until they are sent or thrown away."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cases import operations
from cases.models import Case, Draft, Review
from cases.views import log
from kit.refusal import Blocked
from people.session import LAST_SEEN_AT
from tests import forms
from tests.pages import Sheet, assert_kept
from tests.worlds import MONDAY, Force, at, building, set_clock

WHEN, WHAT, SAFETY, CHECK = "/cases/log/", "/cases/log/what/", "/cases/log/safety/", "/cases/log/check/"
AUTOSAVE = "/cases/log/draft/when/"
HALF = {"crime_number": "INV/HALF", "happened_when": "", "reported_at_day": "2"}
UNFINISHED = "You have an unfinished case from 2 November 2026 at 10:00."


@pytest.fixture(autouse=True)
def on_monday(force: Force) -> None:
    set_clock(at(MONDAY, 10))


@pytest.fixture
def officer(as_user: Callable[..., Client], force: Force) -> Client:
    return as_user(force.investigator)


def key_on(browser: Client, path: str = WHEN) -> str:
    (key,) = Sheet(browser.get(path)).values["draft"]
    return key


def typed_again(browser: Client, path: str = WHEN) -> Sheet:
    page = browser.get(path)
    assert page.status_code == 200
    return Sheet(page)


def drafts() -> int:
    with building():
        return Draft.unguarded.count()


def log_it(officer: Client, force: Force) -> None:
    key = key_on(officer)
    officer.post(WHEN, {**forms.when(at(MONDAY, 9)), "draft": key})
    officer.post(WHAT, {**forms.what(), "draft": key})
    officer.post(SAFETY, {**forms.safety(force, officer=force.investigator), "draft": key})
    assert officer.post(CHECK).headers["Location"] == "/cases/log/done/"


# Kept ----------------------------------------------------------------------------------------------------------------


def test_page_that_is_not_right_is_kept(officer: Client) -> None:
    assert officer.post(WHEN, HALF).status_code == 422
    page = typed_again(officer)
    assert_kept(page, HALF)
    assert UNFINISHED in page.text
    # Nobody is told off for what they have not come to yet.
    assert page.summary == {}


def test_save_and_finish_later_needs_nothing(officer: Client) -> None:
    assert officer.post(WHAT, {"later": "yes", "victim_name": "Invented"}).headers["Location"] == "/home/"
    assert_kept(typed_again(officer, WHAT), {"victim_name": "Invented"})


def test_what_a_page_sends_by_itself_is_kept(officer: Client) -> None:
    assert officer.post(AUTOSAVE, {**HALF, "draft": key_on(officer)}).status_code == 204
    assert_kept(typed_again(officer), HALF)


def test_each_page_is_kept_beside_the_others(officer: Client) -> None:
    officer.post(WHEN, forms.when(at(MONDAY, 9)))
    officer.post("/cases/log/draft/what/", {"victim_name": "Invented", "draft": key_on(officer)})
    assert_kept(typed_again(officer), {"crime_number": "INV/0001/26"})
    assert_kept(typed_again(officer, WHAT), {"victim_name": "Invented"})


def test_survives_signing_out(officer: Client, as_user: Callable[..., Client], force: Force) -> None:
    officer.post(WHEN, HALF)
    officer.post("/accounts/logout/")
    back = as_user(force.investigator)
    assert_kept(typed_again(back), HALF)
    assert back.post(AUTOSAVE, {**HALF, "crime_number": "INV/MORE", "draft": key_on(back)}).status_code == 204
    assert_kept(typed_again(back), {"crime_number": "INV/MORE"})


def test_survives_the_end_of_the_session(officer: Client, as_user: Callable[..., Client], force: Force) -> None:
    officer.post(AUTOSAVE, {**HALF, "draft": key_on(officer)})
    session = officer.session
    session[LAST_SEEN_AT] = (timezone.now() - timedelta(minutes=20)).isoformat()
    session.save()
    assert officer.get(WHEN).status_code == 302
    assert_kept(typed_again(as_user(force.investigator)), HALF)


def test_is_seen_by_its_owner_only(officer: Client, as_user: Callable[..., Client], force: Force) -> None:
    officer.post(WHEN, HALF)
    colleague = as_user(force.other_investigator)
    page = typed_again(colleague)
    assert "INV/HALF" not in page.values["crime_number"]
    assert "unfinished" not in page.text
    colleague.post("/cases/log/discard/")
    assert_kept(typed_again(officer), HALF)


def test_first_officer_keeps_one_as_well(as_user: Callable[..., Client], force: Force) -> None:
    browser = as_user(force.first_officer)
    browser.post(WHEN, HALF)
    assert_kept(typed_again(browser), HALF)


def test_page_that_does_not_exist_keeps_nothing(officer: Client) -> None:
    assert officer.post("/cases/log/draft/elsewhere/", {**HALF, "draft": key_on(officer)}).status_code == 404
    assert drafts() == 0


# Ended ---------------------------------------------------------------------------------------------------------------


def test_is_discarded_on_request(officer: Client) -> None:
    officer.post(WHEN, HALF)
    assert "The unfinished case was discarded." in Sheet(officer.post("/cases/log/discard/", follow=True)).text
    assert typed_again(officer).values["crime_number"] == [""]
    assert drafts() == 0


def test_page_that_stood_open_does_not_bring_back_a_case_that_was_logged(officer: Client, force: Force) -> None:
    key = key_on(officer)
    log_it(officer, force)
    for path in (AUTOSAVE, "/cases/log/draft/safety/"):
        assert officer.post(path, {**HALF, "draft": key}).status_code == 409
    assert drafts() == 0
    assert officer.post(SAFETY, {**forms.safety(force), "draft": key}).headers["Location"] == "/cases/log/done/"
    assert drafts() == 0


def test_page_that_stood_open_does_not_bring_back_what_was_discarded(officer: Client) -> None:
    key = key_on(officer)
    officer.post(AUTOSAVE, {**HALF, "draft": key})
    officer.post("/cases/log/discard/")
    assert officer.post(AUTOSAVE, {**HALF, "draft": key}).status_code == 409
    assert drafts() == 0


def test_page_of_an_older_draft_does_not_write_into_the_next(officer: Client, force: Force) -> None:
    key = key_on(officer)
    log_it(officer, force)
    officer.post(AUTOSAVE, {**HALF, "draft": key_on(officer)})
    assert officer.post(AUTOSAVE, {"crime_number": "INV/OLD", "draft": key}).status_code == 409
    assert_kept(typed_again(officer), HALF)


@pytest.mark.parametrize("key", ["", "somebody-elses"])
def test_page_without_the_right_key_keeps_nothing(officer: Client, key: str) -> None:
    assert officer.post(AUTOSAVE, {**HALF, "draft": key}).status_code == 409
    key_on(officer)
    assert officer.post(AUTOSAVE, {**HALF, "draft": key}).status_code == 409
    assert drafts() == 0


def test_draft_that_goes_while_a_page_sends_itself_is_not_begun_again(
    officer: Client, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_on(officer)
    officer.post(AUTOSAVE, {**HALF, "draft": key})
    really_save = operations.save_page

    def save_too_late(**arguments: Any) -> bool:
        with building():
            Draft.unguarded.all().delete()
        return really_save(**arguments)

    monkeypatch.setattr(operations, "save_page", save_too_late)
    assert officer.post(AUTOSAVE, {**HALF, "draft": key}).status_code == 409
    assert drafts() == 0


def test_same_form_sent_twice_at_the_same_moment_is_one_case_and_no_error(
    officer: Client, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_log = operations.log_case

    def log_twice(**arguments: Any) -> Any:
        really_log(**arguments)
        return really_log(**arguments)

    monkeypatch.setattr(log.operations, "log_case", log_twice)
    log_it(officer, force)
    with building():
        assert Case.unguarded.count() == 1


def test_crime_number_that_is_taken_keeps_the_draft(officer: Client, force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**arguments: Any) -> None:
        raise Blocked("No.")

    officer.post(WHEN, forms.when(at(MONDAY, 9)))
    officer.post(WHAT, forms.what())
    officer.post(SAFETY, forms.safety(force, officer=force.investigator))
    monkeypatch.setattr(log.operations, "log_case", refuse)
    assert officer.post(CHECK).status_code == 409
    assert_kept(typed_again(officer, WHAT), {"victim_name": "Invented Victim-Name"})


def test_what_was_overtaken_on_its_way_does_not_take_the_place_of_what_was_sent_later(officer: Client) -> None:
    page = Sheet(officer.get(WHEN)).values
    of_page = {"draft": page["draft"][0], "showing": page["showing"][0]}
    assert officer.post(WHEN, {**forms.when(at(MONDAY, 9)), **of_page, "sending": "3"}).headers["Location"] == WHAT
    assert officer.post(AUTOSAVE, {**HALF, **of_page, "sending": "2"}).status_code == 204
    assert_kept(typed_again(officer), {"crime_number": "INV/0001/26"})
    # After “Back” the same page goes on counting; another showing begins anew.
    for other in ({**of_page, "sending": "4"}, {**of_page, "showing": str(uuid4()), "sending": "1"}):
        assert officer.post(AUTOSAVE, {**HALF, **other}).status_code == 204
        assert_kept(typed_again(officer), HALF)
        officer.post(WHEN, {**forms.when(at(MONDAY, 9)), **other})


def test_page_of_a_logged_draft_begins_none_though_its_session_is_not_told_yet(officer: Client, force: Force) -> None:
    key = key_on(officer)
    log_it(officer, force)
    session = officer.session
    session[log.NEXT_KEY] = key
    session.save()
    assert officer.post(AUTOSAVE, {**HALF, "draft": key}).status_code == 409
    assert officer.post(WHEN, {**HALF, "draft": "another"}).headers["Location"] == "/cases/log/done/"
    assert drafts() == 0


# Of a review ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def review(case: Case) -> Review:
    set_clock(at(MONDAY + timedelta(days=14)))
    with building():
        return Review.unguarded.get(case=case, number=1)


TYPED = {"own_words": "Half a sentence", "suspect": "NEEDS_ACTION", "suspect_text": "Where is he", "direction-2-what": "Find him"}


def test_half_a_review_is_kept(as_user: Callable[..., Client], force: Force, review: Review) -> None:
    sergeant = as_user(force.sergeant)
    assert sergeant.post(f"/reviews/{review.pk}/draft/", TYPED).status_code == 204
    page = typed_again(sergeant, f"/reviews/{review.pk}/")
    assert_kept(page, TYPED)
    assert page.summary == {}
    assert "Continue review" in sergeant.get("/reviews/").content.decode()


def test_half_a_review_is_kept_for_later(as_user: Callable[..., Client], force: Force, review: Review) -> None:
    sergeant = as_user(force.sergeant)
    assert sergeant.post(f"/reviews/{review.pk}/", {**TYPED, "later": "yes"}).headers["Location"] == "/reviews/"
    assert_kept(typed_again(sergeant, f"/reviews/{review.pk}/"), TYPED)


def test_half_a_review_that_was_overtaken_on_its_way_changes_nothing(
    as_user: Callable[..., Client], force: Force, review: Review
) -> None:
    sergeant, of_page = as_user(force.sergeant), {"showing": str(uuid4())}
    sergeant.post(f"/reviews/{review.pk}/", {**TYPED, **of_page, "sending": "2", "later": "yes"})
    assert sergeant.post(f"/reviews/{review.pk}/draft/", {"own_words": "Half", **of_page, "sending": "1"}).status_code == 204
    assert_kept(typed_again(sergeant, f"/reviews/{review.pk}/"), TYPED)


def test_half_a_review_is_seen_by_its_owner_only(as_user: Callable[..., Client], force: Force, review: Review) -> None:
    as_user(force.sergeant).post(f"/reviews/{review.pk}/draft/", TYPED)
    inspector = as_user(force.inspector)
    assert not re.search("Half a sentence|Continue review", inspector.get(f"/reviews/{review.pk}/").content.decode())
    assert "Continue review" not in inspector.get("/reviews/?whose=unit").content.decode()


def test_page_that_stood_open_does_not_bring_back_a_review_that_was_completed(
    as_user: Callable[..., Client], force: Force, review: Review
) -> None:
    sergeant = as_user(force.sergeant)
    sergeant.post(f"/reviews/{review.pk}/draft/", TYPED)
    assert sergeant.post(f"/reviews/{review.pk}/", forms.review()).headers["Location"] == "/reviews/"
    assert sergeant.post(f"/reviews/{review.pk}/draft/", TYPED).status_code in (404, 409)
    assert drafts() == 0
