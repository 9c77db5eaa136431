"""A crime report that was begun a day ago and not logged: its supervisors hear of it, nobody else does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from cases import operations
from cases.models import Draft
from cases.queries.unfinished import unfinished_reports
from kit.binding import bound_to
from people.models import AccessRecord
from people.roles import Role
from tests import forms
from tests.pages import Sheet
from tests.worlds import MONDAY, actor, at, building, set_clock

BEGUN = at(MONDAY, 14, 10)
LINE = "DC Invented Investigator began a crime report at 14:10 on 2 November 2026 and has not logged it"
DAY = timedelta(hours=24)


def typed(answers):
    return {name: [value] for name, value in answers.items()}


@pytest.fixture
def draft(force):
    """Half of a report; the safety page was not reached."""
    set_clock(BEGUN)
    payload = {"key": str(uuid4()), "when": typed(forms.when(at(MONDAY, 9), place="")), "what": typed(forms.what(wish=""))}
    operations.save_draft(actor=actor(force.investigator), form="log-case", about="", payload=payload)
    set_clock(BEGUN + DAY)
    with building():
        return Draft.unguarded.get()


def address(draft):
    return f"/cases/log/unfinished/{draft.pk}/"


def home_of(browser):
    return Sheet(browser.get("/home/")).text


def say_staff_are_involved(draft, answer="yes"):
    with building():
        draft.payload["safety"] = {"has_connected_staff": [answer]}
        draft.save(update_fields=["payload"])


def test_supervisors_read_after_a_day_what_was_typed(as_user, force, draft):
    for supervisor in (force.sergeant, force.inspector):
        browser = as_user(supervisor)
        assert LINE in home_of(browser) and f'href="{address(draft)}"' in browser.get("/home/").content.decode()
        page = Sheet(browser.get(address(draft))).text
        for words in ("INV/0001/26", "2 November 2026 at 09:00", "Invented Victim-Name", "Nothing was typed here yet."):
            assert words in page
    with building():
        assert AccessRecord.objects.filter(page="unfinished-report", kind="NAMES_SHOWN", user_id=force.sergeant.pk).count() == 1


def test_names_do_not_stand_on_the_home_page(as_user, force, draft):
    assert "Victim-Name" not in home_of(as_user(force.sergeant))


@pytest.mark.parametrize(("after", "status"), [(timedelta(hours=23), 404), (DAY - timedelta(seconds=1), 404), (DAY, 200)])
def test_is_nobody_elses_matter_before_24_hours(as_user, force, draft, after, status):
    set_clock(BEGUN + after)
    browser = as_user(force.sergeant)
    assert browser.get(address(draft)).status_code == status
    assert (LINE in home_of(browser)) is (status == 200)


def test_a_change_does_not_begin_it_anew(as_user, force, draft):
    operations.save_draft(actor=actor(force.investigator), form="log-case", about="", payload={**draft.payload, "more": {}})
    assert as_user(force.sergeant).get(address(draft)).status_code == 200


@pytest.mark.parametrize(
    "reader", ["other_sergeant", "other_investigator", "investigator", "superintendent", Role.ISVA, Role.ANALYST]
)
def test_nobody_else_finds_it(as_user, force, draft, reader):
    browser = as_user(force.people[reader] if isinstance(reader, Role) else getattr(force, reader))
    assert browser.get(address(draft)).status_code == 404
    assert LINE not in home_of(browser)


def test_nobody_sees_one_in_which_staff_are_involved(as_user, force, draft):
    say_staff_are_involved(draft, "no")
    assert as_user(force.sergeant).get(address(draft)).status_code == 200
    say_staff_are_involved(draft)
    for supervisor in (force.sergeant, force.inspector):
        assert as_user(supervisor).get(address(draft)).status_code == 404
        assert LINE not in home_of(as_user(supervisor))


def test_database_admits_just_these_rows(force, draft):
    def seen_by(user):
        with bound_to(user.pk, user.kind, may_write=False), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_draft")
            return cursor.fetchone()[0]

    with building():
        Draft.unguarded.create(owner=force.investigator, form="review", about="x", begun_at=BEGUN, updated_at=BEGUN)
    assert [seen_by(user) for user in (force.investigator, force.sergeant, force.inspector)] == [2, 1, 1]
    assert [seen_by(user) for user in (force.other_sergeant, force.superintendent)] == [0, 0]
    say_staff_are_involved(draft)
    assert seen_by(force.sergeant) == 0
    say_staff_are_involved(draft, "no")
    set_clock(BEGUN + timedelta(hours=23))
    assert seen_by(force.sergeant) == 0


def test_query_asks_for_just_these_rows_where_no_policy_holds_it(force, draft):
    def found_by(user, now):
        with bound_to(user.pk, user.kind, may_write=False) as bound:
            reader = bound.actor
        with building():
            return unfinished_reports(reader, now).count()

    later = BEGUN + DAY
    assert [found_by(user, later) for user in (force.sergeant, force.inspector, force.other_sergeant, force.investigator)] == [
        1,
        1,
        0,
        0,
    ]
    assert found_by(force.sergeant, later - timedelta(seconds=1)) == 0
    say_staff_are_involved(draft)
    assert found_by(force.sergeant, later) == 0


def test_is_gone_when_it_is_discarded(as_user, force, draft):
    operations.discard_draft(actor=actor(force.investigator), form="log-case")
    assert as_user(force.sergeant).get(address(draft)).status_code == 404


def test_is_gone_when_it_is_logged(as_user, force, draft):
    officer = as_user(force.investigator)
    key = {"draft": "k"}
    officer.post("/cases/log/", {**forms.when(at(MONDAY, 9)), **key})
    officer.post("/cases/log/what/", {**forms.what(), **key})
    officer.post("/cases/log/safety/", {**forms.safety(force, officer=force.investigator), **key})
    assert officer.post("/cases/log/check/").headers["Location"] == "/cases/log/done/"
    assert as_user(force.sergeant).get(address(draft)).status_code == 404


def test_owner_is_reminded_at_once_and_goes_on(as_user, force, draft):
    set_clock(BEGUN + timedelta(minutes=5))
    page = home_of(as_user(force.investigator))
    assert "You have an unfinished case from 2 November 2026 at 14:10." in page and "Continue" in page
    assert "unfinished case" not in home_of(as_user(force.other_investigator))


def test_sweep_leaves_it_and_takes_other_drafts_that_nobody_touches(force, draft):
    with building(), connection.cursor() as cursor:
        for about, days in (("old", 31), ("young", 29)):
            touched = BEGUN + timedelta(days=60 - days)
            Draft.unguarded.create(owner=force.investigator, form="review", about=about, begun_at=BEGUN, updated_at=touched)
        cursor.execute("SELECT rasso.sweep_as_of(%s)", [BEGUN + timedelta(days=60)])
        assert set(Draft.unguarded.values_list("form", "about")) == {("log-case", ""), ("review", "young")}


def test_supervisor_who_is_named_in_it_does_not_read_it_and_another_does(as_user, force, draft):
    """Whatever was answered about staff so far."""
    with building():
        draft.payload["what"]["suspect_name"] = [f"Somebody {force.sergeant.family_name.upper()}"]
        draft.save(update_fields=["payload"])
    named = as_user(force.sergeant)
    assert LINE not in home_of(named) and named.get(address(draft)).status_code == 404
    with bound_to(force.sergeant.pk, "police", may_write=False), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_draft WHERE id = %s", [draft.pk])
        assert cursor.fetchone() == (0,)
    with building():
        force.inspector.family_name = "Nobody-Named-There"
        force.inspector.save(update_fields=["family_name"])
    assert as_user(force.inspector).get(address(draft)).status_code == 200
