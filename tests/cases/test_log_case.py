"""Log a case through its pages, as an officer does."""

from datetime import timedelta

import pytest
from django.db import connection

from cases.models import Case, Draft, Event, Review, TimeLimit
from tests import forms
from tests.worlds import MONDAY, at, building, log_case, set_clock


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


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"safe_now": "YES"}, "Safe when the case was logged."),
        ({"safe_now": "YES", "safety_steps": "At her sister's."}, "At her sister's."),
        ({"safe_now": "NO", "safety_steps": "Taken to a refuge."}, "Taken to a refuge."),
        ({"safe_now": "NOT_KNOWN"}, None),
    ],
)
def test_what_is_known_of_the_safety_of_v1_reaches_its_stage(as_user, force, answers, said):
    set_clock(at(MONDAY, 10))
    case = log_case(force, **answers)
    with building():
        checks = Event.unguarded.filter(case=case, kind="SAFETY_CHECKED", subject="V1").values_list("text", flat=True)
        assert list(checks) == ([said] if said else [])
    page = " ".join(as_user(force.investigator).get(f"/cases/{case.reference}/").content.decode().split())
    assert f"Safety and immediate needs: {'reached 2 November 2026' if said else 'not reached'}" in page


def test_every_page_of_the_case_opens(browser, force):
    send_all(browser, force)
    (case,) = logged_cases()
    for part in ("", "names/", "history/", "chronology/add/"):
        page = browser.get(f"/cases/{case.reference}/{part}")
        assert page.status_code == 200, part
    assert browser.get("/home/").status_code == 200
    assert case.reference in browser.get("/cases/").content.decode()


def test_restricted_case_names_who_can_sign_each_review(browser, force, as_user):
    staff = {"has_connected_staff": "yes", "connected": str(force.other_sergeant.pk)}
    page = browser.post("/cases/log/safety/", forms.safety(force, officer=force.investigator, **staff))
    assert "Choose the Detective Inspector who is named on the case" in page.content.decode()
    named = forms.safety(force, officer=force.investigator, **staff, inspector=str(force.inspector.pk))
    send_all(browser, force, safety=named)
    (case,) = logged_cases()
    for user, status in ((force.sergeant, 200), (force.inspector, 200), (force.other_sergeant, 404), (force.superintendent, 404)):
        assert as_user(user).get(f"/cases/{case.reference}/").status_code == status
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_review r WHERE NOT EXISTS"
            " (SELECT 1 FROM rasso.told_of_review(r.unit_id, r.lowest_role, %s, r.case_id, r.is_restricted))",
            [force.investigator.pk],
        )
        assert cursor.fetchone() == (0,)
