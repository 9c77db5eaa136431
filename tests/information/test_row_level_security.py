"""What the database itself admits to the information manager, whatever the code forgot."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import DataError, ProgrammingError

from information import operations
from kit.binding import bound_to
from kit.classification import Classification
from people.models import User
from people.roles import Role
from rasso import database
from tests.access.scene import savepoint
from tests.access.sql import ask
from tests.information.requesting import (
    VICTIM,
    approved,
    choose,
    grow_old,
    manager,
    open_request,
    opened,
    person_called,
    proposed,
)
from tests.worlds import actor, building

OF_CASES = sorted(
    rules.table
    for rules in database.TABLES
    if rules.table.startswith("cases_") and rules.classification is Classification.OPERATIONAL
)
# Without a privilege for anybody.
NOBODYS = {"cases_referencenumber", "cases_searchword"}
OURS = sorted(rules.table for rules in database.TABLES if rules.table.startswith("information_") and rules.policies)
REGISTERS = {"information_subjectrequest", "information_requeststep", "information_hold", "information_holdend"}
OF_DISPOSALS = {"information_disposal", "information_disposalanswer", "information_certificate", "information_rewriting"}


def may_read(table: str) -> set[Role]:
    found = {Role.INFORMATION_MANAGER}
    if table in REGISTERS | OF_DISPOSALS:
        found.add(Role.AUDITOR)
    if table in OF_DISPOSALS | {"information_disposalmark"}:
        found.add(Role.SUPERINTENDENT)
    return found


@pytest.fixture
def everything(force, case):  # type: ignore[no-untyped-def]
    """A row in each of our tables."""
    from tests.information.requesting import items, reviewing

    who = actor(manager(force))
    request = reviewing(force)
    operations.decide_item(actor=who, request=request, item=items(request)[0], decision="GIVE", ground="", because="")
    operations.end_request(actor=who, request=request, outcome="WITHDRAWN", because="That it ends.")
    grow_old(force, case)
    approved(force, proposed(force, opened(force)))
    operations.place_hold(actor=who, kind="INQUIRY", about="EVERYTHING", because="An inquiry")
    with building():
        from information.models import Certificate, Hold, Rewriting
        from tests.worlds import MONDAY, at

        Rewriting.objects.create(certificate=Certificate.objects.get(), tables=[], at=at(MONDAY))
        hold = Hold.objects.get()
    operations.lift_hold(actor=who, hold=hold, because="It is over.")
    return case


@pytest.mark.parametrize("may_write", [False, True])
def test_information_manager_reads_no_row_of_a_case_even_with_a_request_open(force, case, may_write: bool) -> None:
    choose(force, open_request(force))
    with bound_to(manager(force).pk, "police", may_write=may_write):
        for table in OF_CASES:
            if table not in NOBODYS:
                assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table


def test_each_of_our_tables_is_read_by_these_roles_and_by_nobody_else(force, everything) -> None:
    for role in Role:
        user = force.user(role)
        with bound_to(user.pk, user.kind, may_write=False):
            for table in OURS:
                wanted = role in may_read(table)
                assert reads(table) is wanted, (role, table)


def reads(table: str) -> bool:
    try:
        with savepoint():
            return bool(ask(f"SELECT count(*) > 0 FROM {table}")[0][0])
    except ProgrammingError:
        return False


def test_nobody_writes_our_tables_but_through_functions(force, everything) -> None:
    for user in (manager(force), force.superintendent):
        with bound_to(user.pk, "police", may_write=True):
            for table in OURS:
                for statement in (
                    f"INSERT INTO {table} SELECT * FROM {table}",
                    f"UPDATE {table} SET id = id",
                    f"DELETE FROM {table}",
                ):
                    with pytest.raises(ProgrammingError, match="permission denied"), savepoint(), connection.cursor() as cursor:
                        cursor.execute(statement)


CALLS = {
    "search_subjects": "SELECT * FROM rasso.search_subjects('{request}', '{{victim-name}}', NULL, 20)",
    "chosen_subjects": "SELECT * FROM rasso.chosen_subjects('{request}')",
    "subject_items": "SELECT * FROM rasso.subject_items('{request}')",
    "item_decisions": "SELECT * FROM rasso.item_decisions('{request}')",
    "retention_due": "SELECT * FROM rasso.retention_due('JE', '2050-01-01', 10)",
    "review_of": "SELECT * FROM rasso.review_of('{person}', 'JE')",
    "disposal_preview": "SELECT * FROM rasso.disposal_preview('{person}', 'JE')",
    "open_request": "SELECT rasso.open_request('JE', '2026-11-01', 'LETTER', 'DOCUMENT', 'A', 'B', '', '')",
    "confirm_identity": "SELECT rasso.confirm_identity('{request}', 'LAWYER')",
    "choose_subject": "SELECT rasso.choose_subject('{request}', '{person}', true)",
    "move_request": "SELECT rasso.move_request('{request}', 'REVIEWING')",
    "decide_items": "SELECT rasso.decide_items('{request}', '[]', 'GIVE', '', '')",
    "send_bundle": "SELECT rasso.send_bundle('{request}', 'POST', '')",
    "end_request": "SELECT rasso.end_request('{request}', 'WITHDRAWN', 'x')",
    "extend_request": "SELECT rasso.extend_request('{request}', 'JE', 'x')",
    "open_review": "SELECT rasso.open_review('{person}', 'JE', 'x')",
    "keep_record": "SELECT rasso.keep_record('{person}', 'JE', '2030-01-01', 'x')",
    "place_hold": "SELECT rasso.place_hold('INQUIRY', 'EVERYTHING', NULL, '', 'x')",
    "lift_hold": "SELECT rasso.lift_hold('{person}', 'x')",
    "propose_disposal": "SELECT rasso.propose_disposal('{person}', 'JE', '', '[]', 'x')",
    "answer_disposal": "SELECT rasso.answer_disposal('{person}', 'JE', 'APPROVED', '', 'x')",
}


def answers(user: User, statement: str) -> list[tuple]:
    """What somebody gets who calls a function of ours by hand."""
    with bound_to(user.pk, user.kind, may_write=True):
        try:
            with savepoint():
                return [row for row in ask(statement) if any(row)]
        except (ProgrammingError, DataError):
            return []


@pytest.mark.parametrize("name", sorted(CALLS))
def test_no_other_role_gets_anything_from_a_function(force, case, name: str) -> None:
    request = open_request(force)
    statement = CALLS[name].format(request=request.pk, person=person_called(VICTIM).pk)
    for role in set(Role) - {Role.INFORMATION_MANAGER}:
        assert answers(force.user(role), statement) == [], role


@pytest.mark.parametrize("name", ["search_subjects", "chosen_subjects", "subject_items", "disposal_preview", "review_of"])
def test_manager_gets_nothing_without_an_open_request_or_record(force, case, name: str) -> None:
    statement = CALLS[name].format(request=uuid4(), person=person_called(VICTIM).pk)
    assert answers(manager(force), statement) == []


@pytest.mark.parametrize("identity", ["NOT_YET", "DOCUMENT"])
def test_nobody_is_found_for_a_request_that_is_not_confirmed_or_has_ended(force, case, identity: str) -> None:
    request = open_request(force, identity=identity)
    statement = CALLS["search_subjects"].format(request=request.pk)
    assert bool(answers(manager(force), statement)) is (identity == "DOCUMENT")
    ending = {"outcome": "WITHDRAWN", "because": "That it ends."}
    operations.end_request(actor=actor(manager(force)), request=request, **ending)
    assert answers(manager(force), statement) == []


def test_every_function_of_ours_that_can_be_called_stands_in_the_list(force, case) -> None:
    with building():
        names = ask(
            "SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'rasso'"
            " AND has_function_privilege('rasso_police', p.oid, 'EXECUTE') AND p.prosrc ~ 'information|has_opened|subjects_of|sees_disposal'"
        )
    assert {name for (name,) in names} - set(CALLS) == set()
