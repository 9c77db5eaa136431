"""Fifth lock, in raw SQL as the web login: what the database itself admits, whatever the code forgot."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from cases.enums import Act
from cases.models import Case
from kit.access import Actor
from kit.binding import bound_to
from kit.classification import Classification
from people.models import User
from rasso import database
from tests import worlds
from tests.access.scene import Scene, undone
from tests.access.sql import ask, refused, run
from tests.worlds import building

OPERATIONAL = sorted(rules.table for rules in database.TABLES if rules.classification is Classification.OPERATIONAL)
# Where the key of the case does not stand in "case_id".
KEY = {"cases_case": "id", "cases_historicalcase": "id", "cases_casegrant": "content_object_id"}
# Of these a person also sees the rows about themselves: that they were given a case, or are kept out of it.
ABOUT_ONESELF = {"cases_casegrant", "cases_caseconnection", "cases_endedconnection", "cases_emergencyaccess"}
# Reached otherwise, or by nobody; each has a test of its own.
APART = {"cases_person", "cases_referencenumber", "cases_searchword"} | {
    table for table in OPERATIONAL if table.startswith("information_")
}
# Without a privilege for anybody who can be bound.
NOBODYS = ["cases_referencenumber", "cases_searchword"]
BY_CASE = [table for table in OPERATIONAL if table not in APART]


def actor_of(user: User) -> Actor:
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        return bound.actor


def visible_cases(user: User) -> list[Any]:
    """What the table of Python says, with the policies off."""
    actor = actor_of(user)
    with building():
        return list(Case.objects.visible_to(actor, Act.VIEW).values_list("pk", flat=True))


@pytest.fixture(scope="module")
def visible(scene: Scene) -> dict[int, list[Any]]:
    return {user.pk: visible_cases(user) for user in scene.everybody}


def police(scene: Scene) -> list[User]:
    return [user for user in scene.everybody if user.kind == "police"]


def partners(scene: Scene) -> list[User]:
    return [user for user in scene.everybody if user.kind == "partner"]


# Nobody ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", OPERATIONAL)
def test_login_without_an_actor_gets_no_row_and_is_told_so(on_the_scene: Scene, table: str) -> None:
    with refused(f"permission denied for table {table}"):
        ask(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize("table", [table for table in OPERATIONAL if table not in NOBODYS])
def test_role_taken_without_an_actor_gets_no_row_and_is_told_so(on_the_scene: Scene, table: str) -> None:
    """Whoever forgets to bind, but takes the role."""
    with undone():
        ask("SELECT set_config('role', 'rasso_police', true)")
        with refused("no actor is bound to this transaction"):
            ask(f"SELECT count(*) FROM {table}")


def test_actor_is_bound_for_the_transaction_only(on_the_scene: Scene) -> None:
    force = on_the_scene.force
    with bound_to(force.sergeant.pk, "police", may_write=False) as bound:
        assert bound.actor.roles == {"SERGEANT"}
        assert bound.actor.supervised_unit_ids == (force.unit.pk,)
        assert ask("SELECT count(*) > 0 FROM cases_case") == [(True,)]
    assert ask("SELECT current_user::text, current_setting('rasso.actor', true)") == [("rasso_web", "")]


# Reading ---------------------------------------------------------------------------------------------------------------


def rows_by_case(table: str) -> list[tuple[Any, ...]]:
    who = "user_id" if table in ABOUT_ONESELF else "0"
    return ask(f"SELECT {KEY.get(table, 'case_id')}, {who}, count(*) FROM {table} GROUP BY 1, 2 ORDER BY 1, 2")


@pytest.mark.parametrize("table", BY_CASE)
def test_each_table_holds_rows_of_each_case_of_the_scene(on_the_scene: Scene, table: str) -> None:
    """Else the next test would prove nothing."""
    with building():
        held = {row[0] for row in rows_by_case(table)} & {case.pk for case in on_the_scene.cases.values()}
    without = {"cases_caseconnection": 3}.get(table, 0)
    assert len(held) == len(on_the_scene.cases) - without


@pytest.mark.parametrize("may_write", [False, True])
@pytest.mark.parametrize("table", BY_CASE)
def test_each_person_sees_the_rows_of_the_cases_they_may_view(
    on_the_scene: Scene, visible: dict[int, list[Any]], table: str, may_write: bool
) -> None:
    with building():
        every_row = rows_by_case(table)
    for user in police(on_the_scene):
        mine = {user.pk} if table in ABOUT_ONESELF else set()
        wanted = [row for row in every_row if row[0] in visible[user.pk] or row[1] in mine]
        with bound_to(user.pk, user.kind, may_write=may_write):
            assert rows_by_case(table) == wanted, user


def test_person_is_seen_through_a_victim_or_suspect_of_a_visible_case(on_the_scene: Scene, visible: dict[int, list[Any]]) -> None:
    people = """SELECT DISTINCT person_id FROM (SELECT case_id, person_id FROM cases_victim UNION ALL
        SELECT case_id, person_id FROM cases_suspect) p WHERE person_id IS NOT NULL AND case_id = ANY(%s::uuid[]) ORDER BY 1"""
    for user in police(on_the_scene):
        with building():
            wanted = ask(people, visible[user.pk])
        with bound_to(user.pk, user.kind, may_write=True):
            assert ask("SELECT id FROM cases_person ORDER BY 1") == wanted, user


@pytest.mark.parametrize("table", NOBODYS)
def test_numbers_already_drawn_and_words_to_search_in_are_seen_by_nobody(on_the_scene: Scene, table: str) -> None:
    for user in on_the_scene.everybody:
        with bound_to(user.pk, user.kind, may_write=True), refused(f"permission denied for table {table}"):
            ask(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize(
    "table",
    [
        *OPERATIONAL,
        "cases_draft",
        "cases_reminder",
        "cases_message",
        "cases_importrun",
        "cases_importrow",
        "cases_rememberedsearch",
    ],
)
def test_partners_have_no_privilege_on_any_operational_table(on_the_scene: Scene, table: str) -> None:
    for user in partners(on_the_scene):
        for may_write in (False, True):
            with bound_to(user.pk, user.kind, may_write=may_write), refused(f"permission denied for table {table}"):
                ask(f"SELECT count(*) FROM {table}")


def test_partner_bound_as_police_holds_no_role_and_sees_nothing(on_the_scene: Scene) -> None:
    """Whoever gets the kind wrong in code finds the database knowing better."""
    with building():
        on_the_scene.force.user("PROSECUTOR").memberships.create(unit=on_the_scene.force.unit, starts_on="2020-01-01")
    with bound_to(on_the_scene.force.user("PROSECUTOR").pk, "police", may_write=True) as bound:
        assert bound.actor.roles == frozenset()
        assert bound.actor.supervised_unit_ids == ()
        assert ask("SELECT count(*) FROM cases_case") == [(0,)]


def test_deactivated_person_sees_nothing(on_the_scene: Scene) -> None:
    sergeant = on_the_scene.force.sergeant
    with building():
        User.objects.filter(pk=sergeant.pk).update(is_active=False)
    with bound_to(sergeant.pk, "police", may_write=True):
        assert ask("SELECT count(*) FROM cases_case") == [(0,)]


@pytest.mark.parametrize("table", OPERATIONAL)
def test_worker_reads_no_operational_table(on_the_scene: Scene, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    with undone():
        with building():
            pass
        with bound_to(0, "system", may_write=True), refused(f"permission denied for table {table}"):
            ask(f"SELECT count(*) FROM {table}")


def test_web_login_cannot_become_the_worker_nor_the_worker_a_person(on_the_scene: Scene) -> None:
    with refused('permission denied to set role "rasso_system"'):
        ask("SELECT set_config('role', 'rasso_system', true)")
    with undone(), building():
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION AUTHORIZATION rasso_worker")
        with refused('permission denied to set role "rasso_police_read"'):
            ask("SELECT set_config('role', 'rasso_police_read', true)")


def test_each_person_sees_only_their_own_drafts_and_reminders(on_the_scene: Scene) -> None:
    from cases.operations import save_draft

    for user in police(on_the_scene):
        save_draft(actor=actor_of(user), form="review", about="", payload={"who": user.pk})
    for user in police(on_the_scene):
        with bound_to(user.pk, user.kind, may_write=True):
            assert ask("SELECT owner_id FROM cases_draft WHERE form = 'review'") == [(user.pk,)]


def test_search_is_seen_by_whoever_searched(on_the_scene: Scene) -> None:
    owners = {search.owner_id for search in on_the_scene.searches.values()}
    assert len(owners) == 2
    for user in police(on_the_scene):
        with bound_to(user.pk, user.kind, may_write=True):
            assert ask("SELECT owner_id FROM cases_rememberedsearch") == ([(user.pk,)] if user.pk in owners else []), user


@pytest.mark.parametrize("table", ["cases_importrun", "cases_importrow"])
def test_tracker_is_seen_by_the_inspector_who_takes_it_over_and_by_nobody_else(on_the_scene: Scene, table: str) -> None:
    inspector = on_the_scene.force.inspector
    for user in police(on_the_scene):
        with bound_to(user.pk, user.kind, may_write=True):
            assert ask(f"SELECT owner_id FROM {table}") == ([(inspector.pk,)] if user == inspector else []), user


def test_access_record_is_read_by_auditors_only(on_the_scene: Scene) -> None:
    auditor = on_the_scene.force.user("AUDITOR")
    for user in on_the_scene.everybody:
        with bound_to(user.pk, user.kind, may_write=False):
            assert ask("SELECT count(*) > 0 FROM people_accessrecord") == [(user.pk == auditor.pk,)], user


# Writing ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}", "TRUNCATE {}"]
)
def test_reading_page_can_write_nothing(on_the_scene: Scene, statement: str) -> None:
    sergeant = on_the_scene.force.sergeant
    with bound_to(sergeant.pk, "police", may_write=False):
        for rules in database.TABLES:
            with connection.cursor() as cursor, refused(f"permission denied for table {rules.table}"):
                column = column_of(rules.table)
                second = rules.table if "INSERT" in statement else column
                cursor.execute(statement.format(rules.table, second, column))


def column_of(table: str) -> str:
    return ask("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table)[0][0]


def test_reading_page_writes_its_own_line_of_the_record_in_nobody_elses_name(on_the_scene: Scene) -> None:
    sergeant = on_the_scene.force.sergeant
    with bound_to(sergeant.pk, "police", may_write=False):
        ask("SELECT rasso.record_access('LOOKED_AT', 'case', '{}', NULL, '', '', '', NULL, NULL)")
    with building():
        assert ask("SELECT user_id FROM people_accessrecord ORDER BY id DESC LIMIT 1") == [(sergeant.pk,)]


def test_record_cannot_be_changed_even_by_the_administrator_of_the_server(on_the_scene: Scene) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE people_accessrecord SET page = ''",
        "DELETE FROM people_accessrecord",
        "TRUNCATE people_accessrecord CASCADE",
    ):
        with building(), refused("append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


CHANGED = [
    *("cases_case", "cases_suspect", "cases_timelimit", "cases_review", "cases_action", "cases_event", "cases_moretime"),
    *("cases_context", "cases_investigationplan", "cases_lineofenquiry"),
]


@pytest.mark.parametrize("table", CHANGED)
def test_only_rows_of_cases_they_may_view_can_be_changed(on_the_scene: Scene, visible: dict[int, list[Any]], table: str) -> None:
    """Locking a row for a change asks the policy of the change."""
    key = KEY.get(table, "case_id")
    for user in police(on_the_scene):
        with undone(), bound_to(user.pk, user.kind, may_write=True):
            changeable = ask(f"SELECT {key} FROM {table} FOR NO KEY UPDATE")
        assert {row[0] for row in changeable} == set(visible[user.pk]), user


def test_tables_that_are_changed_are_all_in_the_test_above() -> None:
    declared = {
        rules.table
        for rules in database.TABLES
        if rules.table in BY_CASE and any("UPDATE" in words for words in rules.privileges.values())
    }
    assert declared == set(CHANGED)


# Columns that say whose act a row is: nobody acts in another's name (tests/access/test_signed.py).
SIGNED_IN = ("said_by_id", "asked_by_id", "by_id", "given_by_id", "recorded_by_id", "history_user_id")
# Written by functions only.
BY_FUNCTIONS = {"cases_casegrant", "cases_emergencyaccess", "cases_endedconnection"}
CHILDREN = [table for table in BY_CASE if table not in {"cases_case", *BY_FUNCTIONS}]


@pytest.mark.parametrize("table", CHILDREN)
def test_nobody_adds_to_a_case_that_they_may_not_view(on_the_scene: Scene, table: str) -> None:
    """A copy of a row of the case elsewhere is refused; the same of one's own case is not (whatever its constraints say)."""
    inspector = on_the_scene.force.inspector
    key = KEY.get(table, "case_id")
    elsewhere, own = on_the_scene.cases["elsewhere"], on_the_scene.cases["at hand"]
    with building():
        (row,) = ask(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1")[0]
    row = json.loads(row) if isinstance(row, str) else row
    insert = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    said_by = {name: inspector.pk for name in SIGNED_IN if name in row}
    # Whoever is known by name stands on one case alone; who may say so is another test's matter.
    said_by |= {"person_id": None} if table in {"cases_victim", "cases_suspect"} else {}
    with bound_to(inspector.pk, "police", may_write=True), connection.cursor() as cursor:
        with refused("new row violates row-level security policy"):
            cursor.execute(insert, [json.dumps({**row, **said_by, key: str(elsewhere.pk)})])
        with undone():
            try:
                cursor.execute(insert, [json.dumps({**row, **said_by, key: str(own.pk)})])
            except Exception as stopped:
                assert "row-level security" not in str(stopped)


@pytest.mark.parametrize("table", CHANGED)
def test_no_row_is_moved_out_of_ones_own_reach(on_the_scene: Scene, table: str) -> None:
    """The columns that say whose it is cannot be changed; and if somebody gave that privilege by mistake, the policy would refuse."""
    key = KEY.get(table, "case_id")
    own, elsewhere = on_the_scene.cases["at hand"], on_the_scene.cases["elsewhere"]
    scoped = {"cases_case", "cases_timelimit", "cases_review", "cases_action"}
    moved = f"unit_id = {elsewhere.unit_id}" if table in scoped else f"{key} = '{elsewhere.pk}'"
    for words in (f"permission denied for table {table}", "new row violates row-level security policy"):
        with bound_to(on_the_scene.force.inspector.pk, "police", may_write=True), refused(words):
            ask(f"UPDATE {table} SET {moved} WHERE {key} = %s RETURNING 1", own.pk)
        with building():
            run(f"GRANT UPDATE ON {table} TO rasso_police")


@pytest.mark.parametrize("table", ["cases_timelimit", "cases_review", "cases_action"])
def test_child_cannot_say_another_unit_or_restriction_than_its_case(on_the_scene: Scene, table: str) -> None:
    """Its policy trusts these columns, so the composite foreign key must hold them: even for the administrator of the server."""
    own, elsewhere = on_the_scene.cases["at hand"], on_the_scene.cases["elsewhere"]
    for moved in (f"case_id = '{elsewhere.pk}'", f"unit_id = {elsewhere.unit_id}", "is_restricted = true"):
        number = "" if table == "cases_timelimit" else ", number = number + 70"
        with building(), pytest.raises(IntegrityError, match="scope_is_of_the_case"), transaction.atomic():
            ask(f"UPDATE {table} SET {moved}{number} WHERE case_id = %s RETURNING 1", own.pk)


def test_children_follow_their_case_to_another_unit(on_the_scene: Scene) -> None:
    own, unit = on_the_scene.cases["at hand"], on_the_scene.force.other_unit
    with building():
        Case.unguarded.filter(pk=own.pk).update(unit=unit, is_restricted=True)
        for table in ("cases_timelimit", "cases_review", "cases_action"):
            assert ask(f"SELECT DISTINCT unit_id, is_restricted FROM {table} WHERE case_id = %s", own.pk) == [(unit.pk, True)]


@pytest.mark.parametrize("table", sorted(BY_FUNCTIONS))
def test_nobody_writes_the_grants_nor_what_functions_write(on_the_scene: Scene, table: str) -> None:
    for user in on_the_scene.everybody:
        for statement in (
            f"INSERT INTO {table} SELECT * FROM {table}",
            f"UPDATE {table} SET id = id",
            f"DELETE FROM {table}",
        ):
            with bound_to(user.pk, user.kind, may_write=True), refused(f"permission denied for table {table}"):
                ask(statement)


def test_nobody_writes_a_decided_connection(on_the_scene: Scene) -> None:
    """Whoever may say that somebody is connected decides nothing about their line of command by it."""
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    insert = """INSERT INTO cases_caseconnection (id, case_id, user_id, said_by_id, said_at, how, decided_at, decided_by_id, line_is_out)
        VALUES (gen_random_uuid(), %s, %s, %s, rasso.now(), '', rasso.now(), %s, true) RETURNING 1"""
    with (
        bound_to(force.sergeant.pk, "police", may_write=True),
        refused("new row violates row-level security policy"),
    ):
        ask(insert, case.pk, force.inspector.pk, force.sergeant.pk, force.superintendent.pk)


def test_nobody_logs_a_case_in_anothers_name(on_the_scene: Scene) -> None:
    with building():
        (row,) = ask("SELECT to_jsonb(t) FROM cases_case t LIMIT 1")[0]
    row = json.loads(row) if isinstance(row, str) else row
    row |= {"logged_by_id": on_the_scene.force.other_investigator.pk, "officer_id": None}
    insert = "INSERT INTO cases_case SELECT * FROM jsonb_populate_record(NULL::cases_case, %s::jsonb)"
    with (
        bound_to(on_the_scene.force.investigator.pk, "police", may_write=True),
        refused("new row violates row-level security policy"),
    ):
        ask(insert, json.dumps(row))


def test_nobody_answers_a_request_for_more_time_in_anothers_name(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    answer = """UPDATE cases_moretime SET is_agreed = true, answer = 'Yes', answered_by_id = %s, answered_at = rasso.now()
        WHERE case_id = %s RETURNING 1"""
    with bound_to(force.inspector.pk, "police", may_write=True):
        with refused("new row violates row-level security policy"):
            ask(answer, force.sergeant.pk, case.pk)
        assert ask(answer, force.inspector.pk, case.pk) == [(1,)]


def test_nobody_asks_for_more_time_in_anothers_name(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    insert = """INSERT INTO cases_moretime (id, case_id, action_id, due_before, due_asked, because, answer, asked_by_id, asked_at)
        SELECT gen_random_uuid(), case_id, action_id, due_before, due_asked, 'Why', '', %s, rasso.now() FROM cases_moretime
        WHERE case_id = %s"""
    with building():
        run("DROP INDEX one_open_request_for_more_time")
    with bound_to(force.investigator.pk, "police", may_write=True), connection.cursor() as cursor:
        with refused("new row violates row-level security policy"):
            cursor.execute(insert, [force.other_investigator.pk, case.pk])
        cursor.execute(insert, [force.investigator.pk, case.pk])


def test_nobody_verifies_an_action_in_anothers_name(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    done = """UPDATE cases_action SET done_at = rasso.now(), done_by_id = %s, done_how = 'Seen', evidence = 'Statement 1'
        WHERE case_id = %s RETURNING 1"""
    verified = "UPDATE cases_action SET verified_at = rasso.now(), verified_by_id = %s WHERE case_id = %s RETURNING 1"
    with bound_to(force.investigator.pk, "police", may_write=True):
        assert ask(done, force.investigator.pk, case.pk) == [(1,)]
        with refused("new row violates row-level security policy"):
            ask(verified, force.sergeant.pk, case.pk)
    with bound_to(force.sergeant.pk, "police", may_write=True):
        assert ask(verified, force.sergeant.pk, case.pk) == [(1,)]
