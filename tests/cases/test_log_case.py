"""Log a case through its pages, as an officer does."""

from datetime import timedelta

import pytest

from cases.models import Case, Draft, Review, TimeLimit
from tests import forms
from tests.worlds import MONDAY, at, building, set_clock


@pytest.fixture
def browser(as_user, force):
    set_clock(at(MONDAY, 10))
    return as_user(force.investigator)


def send_all(browser, force, *, when=None, what=None, safety=None):
    browser.post("/cases/log/", when or forms.when(at(MONDAY, 9)))
    browser.post("/cases/log/what/", what or forms.what())
    browser.post("/cases/log/safety/", safety or forms.safety(force, officer=force.investigator))
    return browser.post("/cases/log/check/", follow=True)


def logged_cases():
    with building():
        return list(Case.unguarded.all())


def test_logs_the_case_and_says_what_now_runs(browser, force):
    page = send_all(browser, force)
    (case,) = logged_cases()
    text = page.content.decode()
    assert f"Logged: {case.reference}" in text
    assert "14-day review" in text and "28-day review" in text
    with building():
        assert [review.due_on for review in Review.unguarded.order_by("due_on")] == [
            MONDAY + timedelta(days=days) for days in (14, 28, 56)
        ]
        assert TimeLimit.unguarded.count() == 3
        assert not Draft.unguarded.exists()
    assert case.officer == force.investigator


def test_every_page_of_the_case_opens(browser, force):
    send_all(browser, force)
    (case,) = logged_cases()
    for part in ("", "names/", "history/", "chronology/add/"):
        page = browser.get(f"/cases/{case.reference}/{part}")
        assert page.status_code == 200, part
    assert browser.get("/home/").status_code == 200
    assert case.reference in browser.get("/cases/").content.decode()
