"""In raw SQL as the web login: what numbers give away, who answers for what, and what nobody keeps after a cover."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases.models import Action, Case, Review, TimeLimit
from kit.binding import bound_to
from people.models import User
from people.roles import Role
from tests.access.sql import ask, refused
from tests.cases.actions import given
from tests.covers import cover
from tests.worlds import MONDAY, NOBODY, Force, at, building, log_case, set_clock

TUESDAY = MONDAY + timedelta(days=1)
POLICY = "new row violates row-level security policy"


@pytest.fixture(autouse=True)
def clock(force: Force) -> None:
    set_clock(at(TUESDAY))


def told(user: User, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with bound_to(user.pk, user.kind, may_write=False):
        return ask(statement, *parameters)


def sees(user: User, case: Case) -> bool:
    return bool(told(user, "SELECT 1 FROM cases_case WHERE id = %s", case.pk))


def test_nothing_that_we_made_may_be_called_by_everybody(db: None) -> None:
    open_to_all = ask(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'rasso' AND (p.proacl IS NULL"
        " OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0))"
    )
    assert open_to_all == []


# Numbers -----------------------------------------------------------------------------------------------------------------


def test_numbers_of_what_a_leaver_leaves_say_nothing_of_restricted_cases(as_user, force: Force, case: Case) -> None:
    administrator = force.user(Role.ADMINISTRATOR)

    def numbers() -> Any:
        return [
            told(administrator, "SELECT * FROM rasso.open_work_of(%s)", one.pk) for one in (force.investigator, force.sergeant)
        ]

    before = numbers()
    assert before[0][0][:2] == (1, 0)
    hidden = log_case(force, has_connected_staff=True, connected_user_ids=(), unit_id=force.other_unit.pk)
    assert hidden.is_restricted and numbers() == before
    given(hidden, by=force.sergeant, owner=force.investigator, due=MONDAY + timedelta(days=9))
    assert numbers() == before
    page = as_user(administrator).get(f"/people/{force.investigator.pk}/deactivate/").content.decode()
    assert "1 case in which they are the officer" in page and "Restricted cases are never counted here" in page


def test_who_is_kept_out_of_a_case_does_not_hear_that_its_officer_carries_it(force: Force, case: Case) -> None:
    heard = "SELECT open_cases FROM rasso.caseloads() WHERE officer_id = %s"
    assert told(force.sergeant, heard, force.investigator.pk) == [(1,)]
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_caseconnection (id, case_id, user_id, said_by_id, said_at) VALUES (gen_random_uuid(), %s, %s, %s, now())",
            [case.pk, force.sergeant.pk, force.inspector.pk],
        )
    assert told(force.sergeant, heard, force.investigator.pk) == []
    assert told(force.inspector, heard, force.investigator.pk) == [(1,)]


# Answers to what was escalated -----------------------------------------------------------------------------------------


def answer(by: User, case: Case, about: str, thing: Any) -> None:
    with bound_to(by.pk, by.kind, may_write=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_escalationanswer (id, case_id, about, about_id, stage, due_on, text, by_id, at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, 'ESCALATED', %s, 'x', %s, now())",
            [case.pk, about, thing.pk, thing.due_on, by.pk],
        )


def test_answer_belongs_to_a_thing_of_its_case_and_comes_from_whoever_supervises_it(force: Force, case: Case) -> None:
    other = log_case(force, by=force.inspector, officer=NOBODY, supervisor=force.other_sergeant, unit_id=force.other_unit.pk)
    given(case, by=force.sergeant, owner=force.investigator, due=MONDAY + timedelta(days=9))
    with building():
        things = {
            "REVIEW": Review.unguarded.filter(case=case).order_by("number").first(),
            "LIMIT": TimeLimit.unguarded.filter(case=case).order_by("pk").first(),
            "ACTION": Action.unguarded.get(case=case),
        }
        elsewhere = Review.unguarded.filter(case=other).order_by("number").first()
    for about, thing in things.items():
        # The officer for their own late work; the sergeant of another unit, who does not see the case.
        for stranger in (force.investigator, force.other_sergeant):
            with refused(POLICY):
                answer(stranger, case, about, thing)
        answer(force.sergeant, case, about, thing)
        with refused(POLICY):
            answer(force.other_sergeant, other, about, thing)
    with refused(POLICY):
        answer(force.sergeant, case, "REVIEW", elsewhere)
    with refused(POLICY):
        answer(force.sergeant, case, "LIMIT", things["REVIEW"])


# Cover ends with itself ------------------------------------------------------------------------------------------------


def allocate(by: User, case: Case, receiver: User) -> None:
    with bound_to(by.pk, by.kind, may_write=True), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.allocate_case(%s, %s)", [case.pk, receiver.pk])


def test_who_reaches_a_case_only_by_covering_does_not_give_it_to_themself(force: Force, case: Case) -> None:
    cover(force.sergeant, force.other_sergeant, TUESDAY, days=2, by=force.inspector)
    assert sees(force.other_sergeant, case)
    with refused("nobody gives themself a case that they reach by covering"):
        allocate(force.other_sergeant, case, force.other_sergeant)
    allocate(force.other_sergeant, case, force.other_investigator)
    set_clock(at(TUESDAY + timedelta(days=5)))
    assert sees(force.other_investigator, case) and not sees(force.other_sergeant, case)


def test_why_somebody_is_away_is_read_by_them_and_their_supervisors_only(as_user, force: Force) -> None:
    key = cover(force.investigator, force.other_investigator, TUESDAY)
    for user in force.people.values():
        if user.kind == "police":
            with refused("permission denied for table people_cover"):
                told(user, "SELECT reason FROM people_cover")
            reads = user in (force.investigator, force.sergeant, force.inspector)
            assert told(user, "SELECT * FROM rasso.cover_reasons(%s)", [key]) == ([(key, "LEAVE")] if reads else []), user
    for reader, reads in ((force.other_investigator, False), (force.investigator, True), (force.sergeant, True)):
        page = as_user(reader).get("/cover/").content.decode()
        assert "covers for" in page and ("On leave" in page) == reads
