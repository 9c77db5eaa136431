"""Restricted cases: only the people named on them see them; who names, who takes off, who lifts, and what happens when nobody is left."""

from typing import Any

import pytest
from django.core import mail

from cases.models import Case, CaseGrant, Event, Message, Review, TimeLimit
from cases.operations.reminders import send_reminders
from people.models import User
from people.roles import Role
from tests import worlds
from tests.worlds import building, enrol, pass_days

BECAUSE = "Staff are involved."


@pytest.fixture
def pages(case):
    return f"/cases/{case.reference}/", f"/cases/{case.reference}/access/"


def restrict(browser: Any, pages: tuple[str, str], *people: User, because: str = BECAUSE) -> Any:
    return browser.post(f"{pages[1]}restrict/", {"people": [str(user.pk) for user in people], "because": because})


def rows(case: Case) -> Case:
    with building():
        return Case.unguarded.get(pk=case.pk)


def test_whoever_is_not_named_loses_the_case_everywhere_at_once(as_user, force, case, pages):
    sergeant, inspector = as_user(force.sergeant), as_user(force.inspector)
    assert inspector.get(pages[0]).status_code == 200
    assert restrict(sergeant, pages, force.sergeant).status_code == 302
    assert sergeant.get(pages[0]).status_code == as_user(force.investigator).get(pages[0]).status_code == 200
    assert inspector.get(pages[0]).status_code == 404
    for page in ("/cases/", "/reviews/?whose=unit", "/home/", "/cases/to-allocate/", "/cases/export/"):
        assert case.reference not in inspector.get(page).content.decode(), page
    with building():
        for child in (Review, TimeLimit):
            assert set(child.unguarded.filter(case=case).values_list("is_restricted", flat=True)) == {True}
        assert "Restricted to" in Event.unguarded.filter(case=case, kind="ACCESS_CHANGED").get().text
    # Nobody who loses it stands on it any more.
    assert inspector.post(f"{pages[1]}lift/", {"because": BECAUSE}).status_code == 404


def test_a_supervisor_is_named_who_is_not_the_officer(as_user, force, case, pages):
    answer = restrict(as_user(force.sergeant), pages)
    assert answer.status_code == 422
    assert "Name at least one supervisor" in answer.content.decode()
    assert restrict(as_user(force.sergeant), pages, force.sergeant, because="").status_code == 422
    assert restrict(as_user(force.sergeant), pages, force.sergeant, because="x" * 501).status_code == 422
    # Nobody else is offered, so nobody else can be sent.
    assert restrict(as_user(force.sergeant), pages, force.sergeant, force.other_sergeant).status_code == 422
    assert not rows(case).is_restricted


def test_is_restricted_once(as_user, force, case, pages):
    restrict(as_user(force.sergeant), pages, force.sergeant)
    page = as_user(force.sergeant).get(f"{pages[1]}restrict/")
    assert (page.status_code, "restricted already" in page.content.decode()) == (409, True)


def test_people_are_named_and_taken_off(as_user, force, case, pages):
    browser = as_user(force.sergeant)
    assert browser.get(f"{pages[1]}name/").status_code == 409
    restrict(browser, pages, force.sergeant)
    other = as_user(force.other_investigator)
    assert other.get(pages[0]).status_code == 404
    assert browser.post(f"{pages[1]}name/", {"person": str(force.other_investigator.pk)}).status_code == 302
    assert other.get(pages[0]).status_code == 200
    assert browser.post(f"{pages[1]}name/", {"person": "9" * 12}).status_code == 422
    off = {"person": str(force.other_investigator.pk), "because": "No longer needed."}
    assert browser.post(f"{pages[1]}un-name/", {**off, "because": ""}).status_code == 422
    assert browser.post(f"{pages[1]}un-name/", off).status_code == 302
    assert other.get(pages[0]).status_code == 404


def test_last_supervisor_and_officer_stay(as_user, force, case, pages):
    browser = as_user(force.sergeant)
    restrict(browser, pages, force.sergeant)
    answer = browser.post(f"{pages[1]}un-name/", {"person": str(force.sergeant.pk), "because": "x"})
    assert (answer.status_code, "last supervisor" in answer.content.decode()) == (409, True)
    answer = browser.post(f"{pages[1]}un-name/", {"person": str(force.investigator.pk), "because": "x"})
    assert answer.status_code == 422
    assert browser.get(pages[0]).status_code == 200


def test_only_an_inspector_who_is_named_lifts_it(as_user, force, case, pages):
    restrict(as_user(force.sergeant), pages, force.sergeant, force.inspector)
    lift = f"{pages[1]}lift/"
    assert as_user(force.sergeant).post(lift, {"because": BECAUSE}).status_code == 403
    assert as_user(force.inspector).post(lift, {"because": ""}).status_code == 422
    assert as_user(force.inspector).post(lift, {"because": BECAUSE}).status_code == 302
    assert not rows(case).is_restricted
    with building():
        assert not CaseGrant.unguarded.filter(content_object=case, basis="NAMED", ends_at=None).exists()


@pytest.fixture
def lost(as_user, force, case, pages):
    """A restricted case whose only named supervisor has left."""
    restrict(as_user(force.sergeant), pages, force.sergeant)
    with building():
        User.objects.filter(pk=force.sergeant.pk).update(is_active=False)
    return case


def test_superintendent_names_a_supervisor_on_a_case_they_do_not_see(as_user, force, lost, pages):
    browser = as_user(force.superintendent)
    home = browser.get("/home/").content.decode()
    assert "1 restricted case without a supervisor" in home and lost.reference not in home
    page = browser.get("/cases/without-supervisor/").content.decode()
    assert "1 restricted case has no supervisor" in page and lost.reference not in page and force.unit.name not in page
    # Its officer cannot supervise it, and an investigator cannot supervise at all.
    assert browser.post("/cases/without-supervisor/", {"person": str(force.investigator.pk)}).status_code == 422
    assert browser.post("/cases/without-supervisor/", {"person": str(force.other_sergeant.pk)}).status_code == 302
    assert as_user(force.other_sergeant).get(pages[0]).status_code == 200
    assert browser.get(pages[0]).status_code == 404
    assert "without a supervisor" not in browser.get("/home/").content.decode()
    assert browser.post("/cases/without-supervisor/", {"person": str(force.inspector.pk)}).status_code == 409
    heard = as_user(force.user(Role.AUDITOR)).get("/home/").content.decode()
    assert f"{force.superintendent.called} named {force.other_sergeant.called} on {lost.reference}" in heard
    assert "Named on a restricted case" not in as_user(force.inspector).get("/home/").content.decode()


def test_nobody_else_hears_of_it(as_user, force, lost):
    for user in (force.inspector, force.other_sergeant, force.user(Role.AUDITOR)):
        assert "without a supervisor" not in as_user(user).get("/home/").content.decode()
    assert as_user(force.inspector).get("/cases/without-supervisor/").status_code == 404


def test_connected_superintendent_does_not_hear_of_it(as_user, force, lost):
    with building():
        lost.connections.create(user=force.superintendent, said_by=force.investigator, said_at=lost.logged_at)
    assert "without a supervisor" not in as_user(force.superintendent).get("/home/").content.decode()


def test_superintendents_are_told_once_by_a_message_without_content(monkeypatch, force, lost):
    with building():
        other = enrol("other_superintendent", force.police, [Role.SUPERINTENDENT])
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    with building():
        pass
    send_reminders()
    send_reminders()
    with building():
        told = list(Message.unguarded.filter(kind="ALERT").values_list("owner_id", flat=True))
    assert sorted(told) == sorted([force.superintendent.pk, other.pk])
    assert sorted(letter.to[0] for letter in mail.outbox if "to look at now" in letter.body) == sorted(
        [force.superintendent.email, other.email]
    )


# A case that is late goes out of nobody's sight ------------------------------------------------------------------------------


@pytest.fixture
def hidden(as_user, force, case, pages):
    """A sergeant restricted a case to themself whose 28-day review is late and escalated."""
    as_user(force.inspector).get(pages[0])
    pass_days(40)
    form = as_user(force.sergeant).get(f"{pages[1]}restrict/").content.decode()
    assert restrict(as_user(force.sergeant), pages, force.sergeant).status_code == 302
    return form


def test_form_says_before_that_nobody_named_can_sign_what_is_due(as_user, force, case, pages, hidden):
    assert f"Nobody named on the case can sign it unless you name one of these below: {force.inspector.called}." in " ".join(
        hidden.split()
    )
    with building():
        case.connections.create(user=force.inspector, said_by=force.investigator, said_at=case.logged_at)
        Case.unguarded.filter(pk=case.pk).update(is_restricted=False)
    page = " ".join(as_user(force.sergeant).get(f"{pages[1]}restrict/").content.decode().split())
    assert "Nobody whom you can name below can sign it: it needs a Detective Inspector." in page and "Name somebody on it" in page


def test_nothing_is_said_of_reviews_that_are_not_due(as_user, force, case, pages):
    assert "can sign it" not in as_user(force.sergeant).get(f"{pages[1]}restrict/").content.decode()


def test_late_case_that_nobody_named_can_sign_is_counted_for_the_superintendent(as_user, force, case, pages, hidden):
    browser = as_user(force.superintendent)
    home = browser.get("/home/").content.decode()
    assert "1 restricted case without a supervisor" in home and "escalated there" in home and case.reference not in home
    page = " ".join(browser.get("/cases/without-supervisor/").content.decode().split())
    assert "1 of them: a supervisor is named, and none who may sign the review that is due. Choose an inspector." in page
    assert "Escalated there and seen by nobody above:" in page and case.reference not in page and force.unit.name not in page
    # One more who may not sign helps nobody.
    assert browser.post("/cases/without-supervisor/", {"person": str(force.other_sergeant.pk)}).status_code == 409
    assert browser.post("/cases/without-supervisor/", {"person": str(force.inspector.pk)}).status_code == 302
    assert as_user(force.inspector).get(pages[0]).status_code == 200
    assert "without a supervisor" not in browser.get("/home/").content.decode()


def test_superintendents_hear_at_once_that_a_case_was_restricted_and_not_which(as_user, force, case, pages):
    with building():
        other = enrol("connected_superintendent", force.police, [Role.SUPERINTENDENT])
        case.connections.create(user=other, said_by=force.investigator, said_at=case.logged_at)
    pass_days(1)
    restrict(as_user(force.sergeant), pages, force.sergeant, force.inspector)
    with building():
        assert list(Message.unguarded.filter(kind="ALERT").values_list("owner_id", flat=True)) == [force.superintendent.pk]
    home = as_user(force.superintendent).get("/home/").content.decode()
    assert "1 case restricted within the last day" in home and case.reference not in home and "without a supervisor" not in home
    assert (
        "Restricted within the last day: 1 case."
        in as_user(force.superintendent).get("/cases/without-supervisor/").content.decode()
    )
    for user in (other, force.user(Role.ADMINISTRATOR), force.other_sergeant):
        assert "restricted within" not in as_user(user).get("/home/").content.decode()
    pass_days(2)
    assert "restricted within" not in as_user(force.superintendent).get("/home/").content.decode()
