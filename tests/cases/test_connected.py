"""Somebody who works here is connected with somebody in a case: they lose it, and so does their line of command when that is decided."""

import re
from uuid import UUID

import pytest

from cases import operations
from cases.models import Action, Case, CaseConnection, EndedConnection, Review
from kit.refusal import Blocked
from people.roles import Role
from tests.access.asking import BY_CHANCE
from tests.worlds import actor, building, enrol, log_case


@pytest.fixture
def pages(case):
    return f"/cases/{case.reference}/", f"/cases/{case.reference}/access/connected/"


def connection(case: Case) -> CaseConnection:
    with building():
        return CaseConnection.unguarded.get(case=case, because_of=None)


def test_officer_who_knows_somebody_loses_the_case_and_it_is_to_be_allocated(as_user, force, case, pages):
    browser = as_user(force.investigator)
    assert browser.get(pages[1]).status_code == 200
    once = {"how": "A friend of V1", "once": "00000000-0000-7000-8000-000000000001"}
    assert browser.post(pages[1], once).url == "/home/"
    assert browser.post(pages[1], once).url == "/home/"
    assert browser.get(pages[0]).status_code == 404
    assert browser.get(pages[1]).status_code == 404
    assert case.reference not in browser.get("/home/").content.decode()
    assert case.reference in as_user(force.sergeant).get("/cases/to-allocate/").content.decode()
    access = as_user(force.sergeant).get(f"{pages[0]}access/").content.decode()
    assert "A friend of V1" in access
    # The others who see the case are not told who it is.
    happened = as_user(force.sergeant).get(f"{pages[0]}chronology/").content.decode()
    assert "friend" not in happened
    answer = as_user(force.sergeant).post(f"{pages[0]}allocate/", {"officer": str(force.investigator.pk)})
    assert answer.status_code == 409


def test_their_open_actions_go_with_the_case(as_user, force, case, pages):
    day = case.logged_at.date()
    with building():
        Action.unguarded.create(
            **Action.scope_of(case), number=1, what="Trace the driver", owner=force.investigator, due_on=day, warn_on=day, remind_on=day,
            look_again_on=day, given_by=force.sergeant, given_at=case.logged_at,
        )  # fmt: skip
    as_user(force.investigator).post(pages[1], {"how": ""})
    as_user(force.sergeant).post(f"{pages[0]}allocate/", {"officer": str(force.other_investigator.pk)})
    with building():
        assert Action.unguarded.get(case=case).owner == force.other_investigator


def test_supervisor_says_it_of_somebody_else_and_ends_it(as_user, force, case, pages):
    sergeant = as_user(force.sergeant)
    add = f"{pages[1]}add/"
    assert as_user(force.investigator).post(add, {}).status_code == 403
    assert sergeant.post(add, {"person": str(force.inspector.pk), "how": ""}).status_code == 422
    assert sergeant.post(add, {"person": str(force.inspector.pk), "how": "The brother of S1"}).status_code == 302
    assert as_user(force.inspector).get(pages[0]).status_code == 404
    end = f"{pages[1]}{connection(case).pk}/end/"
    assert end in sergeant.get(f"{pages[0]}access/").content.decode()
    assert as_user(force.inspector).post(end, {"because": "I say so"}).status_code == 404
    assert as_user(force.investigator).post(end, {"because": "Why"}).status_code == 403
    assert sergeant.post(end, {"because": " "}).status_code == 422
    assert sergeant.post(end, {"because": "Another man of that name"}).status_code == 302
    assert as_user(force.inspector).get(pages[0]).status_code == 200
    with building():
        ended = EndedConnection.unguarded.get(case=case)
        assert (ended.user, ended.ended_by, ended.how) == (force.inspector, force.sergeant, "The brother of S1")


@pytest.fixture
def said(as_user, force, case, pages):
    as_user(force.investigator).post(pages[1], {"how": "A friend of V1"})
    return f"/cases/connected/{connection(case).pk}/"


def test_superintendent_takes_the_case_from_the_line_and_names_another_unseen(as_user, force, case, pages, said):
    """If need be somebody of another force."""
    with building():
        other = enrol("from_elsewhere", force.police, [Role.INSPECTOR], rank="DI")
    supt = as_user(force.superintendent)
    assert said in supt.get("/home/").content.decode()
    page = supt.get(said).content.decode()
    assert case.reference not in page and "friend" not in page and force.sergeant.called in page
    assert as_user(force.inspector).get(said).status_code == 404
    assert supt.post(said, {"decision": "OUT", "instead": ""}).status_code == 422
    # Somebody of the line that loses it.
    assert supt.post(said, {"decision": "OUT", "instead": str(force.inspector.pk)}).status_code == 422
    assert as_user(force.sergeant).get(pages[0]).status_code == 200
    assert supt.post(said, {"decision": "OUT", "instead": str(other.pk)}).status_code == 302
    for user in (force.sergeant, force.inspector, force.superintendent):
        assert as_user(user).get(pages[0]).status_code == 404
    instead = as_user(other)
    assert instead.get(pages[0]).status_code == 200
    with building():
        review = Review.unguarded.get(case=case, number=1)
    assert f"/reviews/{review.pk}/" in instead.get("/reviews/?whose=all").content.decode()
    assert instead.post(f"{pages[0]}allocate/", {"officer": str(force.other_investigator.pk)}).status_code == 302
    assert supt.get(said).status_code == 404
    # It ends for all of them together.
    assert instead.post(f"{pages[1]}{connection(case).pk}/end/", {"because": "In error"}).status_code == 302
    assert as_user(force.sergeant).get(pages[0]).status_code == 200


def test_nobody_is_offered_who_cannot_supervise_it(as_user, force, case, pages, said):
    """The line that would lose it, whoever is connected with it themself, and whoever is no supervisor; the database refuses them too."""
    with building():
        free = enrol("from_elsewhere", force.police, [Role.INSPECTOR], rank="DI")
        connected = enrol("connected_too", force.police, [Role.INSPECTOR], rank="DI")
        CaseConnection.unguarded.create(case=case, user=connected, said_by=force.sergeant, said_at=case.logged_at)
    shown = as_user(force.superintendent).get(said).content.decode()
    offered = {int(key) for key in re.findall(r'<option value="(\d+)"', shown)}
    assert offered == {free.pk, force.other_sergeant.pk}
    for nobody in (connected, force.inspector, force.investigator, force.superintendent):
        with pytest.raises(Blocked):
            operations.decide_connection(
                actor=actor(force.superintendent), key=UUID(said.split("/")[-2]), line_is_out=True, instead_id=nobody.pk
            )


def test_line_may_keep_the_case(as_user, force, case, pages, said):
    supt = as_user(force.superintendent)
    assert supt.post(said, {"decision": "KEEPS"}).status_code == 302
    assert as_user(force.sergeant).get(pages[0]).status_code == 200
    assert said not in supt.get("/home/").content.decode()


def test_whoever_logged_it_does_not_get_it_back(as_user, force):
    """A first officer sees a case until it is allocated, and not again when its officer turns out to be connected."""
    case = log_case(force, by=force.first_officer, officer=force.investigator)
    page = f"/cases/{case.reference}/"
    assert as_user(force.investigator).post(f"{page}access/connected/", {"how": ""}).status_code == 302
    assert as_user(force.first_officer).get(page).status_code == 404


def test_nobody_says_it_of_a_case_that_they_do_not_see(as_user, force, case, pages):
    browser = as_user(force.other_sergeant)
    for method in (browser.get, browser.post):
        assert method(pages[1]).status_code == method(f"{pages[1]}add/").status_code == 404
    answers = [browser.get(f"/cases/{reference}/access/connected/") for reference in (case.reference, "JE-2026-00000")]
    shown = {BY_CHANCE.sub("", answer.content.decode()).replace(case.reference, "JE-2026-00000") for answer in answers}
    assert len(shown) == 1
