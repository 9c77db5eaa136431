"""Who may enrol, promote, move and reactivate: in raw SQL as the web login, past every page and operation."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from cases.access import TABLE
from kit.binding import bound_to
from people.models import Membership, RoleAssignment, Unit, User
from people.roles import BESIDE_ADMINISTRATOR, Role
from tests.access.scene import TODAY, Scene, savepoint
from tests.access.sql import ask, refused
from tests.worlds import building, enrol

NOT_YOURS = "only an administrator changes people and units"
OWN = "another administrator does this"
CASE_ROLES = {Role(grant.role) for grant in TABLE.grants}


def acts(scene: Scene, person: User) -> dict[str, tuple[str, list[object]]]:
    """Each function that changes people or units, with arguments that an administrator could use."""
    unit = scene.force.other_unit.pk
    with building():
        role = RoleAssignment.objects.get(user=person)
    return {
        "enrol_person": ("'new.one', '', 'A', 'B', '', %s, '{INVESTIGATOR}', '{}', %s, 'hash'", [scene.force.police.pk, TODAY]),
        "give_role": ("%s, 'SERGEANT', %s, NULL", [person.pk, TODAY]),
        "end_role": ("%s, %s", [role.pk, TODAY]),
        "move_person": ("%s, NULL, %s, %s", [person.pk, unit, TODAY]),
        "change_person": ("%s, 'DC', 'A', 'B', ''", [person.pk]),
        "give_first_password": ("%s, 'hash'", [person.pk]),
        "deactivate_person": ("%s, 'Left'", [person.pk]),
        "add_unit": ("%s, 'New unit', NULL, 7, NULL", [scene.force.police.pk]),
        "change_unit": ("%s, 'Other name', NULL, 7, NULL", [unit]),
        "hold_person": ("%s", [person.pk]),
        "hold_unit": ("%s", [unit]),
    }


def call(user: User, function: str, arguments: str, values: list[object]) -> None:
    with bound_to(user.pk, user.kind, may_write=True):
        ask(f"SELECT rasso.{function}({arguments})", *values)


def test_only_an_administrator_changes_people_and_units(on_the_scene: Scene) -> None:
    person = on_the_scene.force.investigator
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    for function, (arguments, values) in acts(on_the_scene, person).items():
        for user in on_the_scene.everybody:
            if user != administrator:
                words = NOT_YOURS if user.kind == "police" else f"permission denied for function {function}"
                with refused(words):
                    call(user, function, arguments, values)
        call(administrator, function, arguments, values)


def test_tables_of_people_are_written_by_no_statement(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    statements = {
        "people_user": "UPDATE people_user SET is_active = true",
        "people_roleassignment": "INSERT INTO people_roleassignment (user_id, role, organisation_kind, starts_on) VALUES (1, 'SERGEANT', 'POLICE', now())",
        "people_membership": "UPDATE people_membership SET unit_id = 1",
        "people_unit": "UPDATE people_unit SET quiet_until = now()",
        "people_peoplechange": "INSERT INTO people_peoplechange (at) VALUES (now())",
    }
    for table, statement in statements.items():
        with bound_to(administrator.pk, "police", may_write=True), refused(f"permission denied for table {table}"):
            ask(statement)
        with refused(f"permission denied for table {table}"):
            ask(statement)


@pytest.mark.parametrize(
    "function", ["add_person", "add_role", "add_membership", "note_people_change", "enrol_first_administrator", "administer"]
)
def test_parts_that_look_at_nobody_are_called_by_nobody(on_the_scene: Scene, function: str) -> None:
    for role in ("rasso_web", "rasso_worker", "rasso_police", "rasso_police_read", "rasso_partner", "rasso_system"):
        assert ask(
            "SELECT bool_or(has_function_privilege(%s, p.oid, 'EXECUTE')) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'rasso' AND p.proname = %s",
            role,
            function,
        ) == [(False,)]


def test_administrator_raises_moves_and_removes_everybody_but_themself(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    for function in ("give_role", "end_role", "move_person", "give_first_password", "deactivate_person"):
        arguments, values = acts(on_the_scene, administrator)[function]
        with refused(OWN):
            call(administrator, function, arguments, values)


def test_rules_hold_for_the_administrator_in_raw_statements(on_the_scene: Scene) -> None:
    force = on_the_scene.force
    administrator, person = force.user(Role.ADMINISTRATOR), force.investigator
    yesterday = TODAY - timedelta(days=1)
    with building():
        elsewhere = Unit.objects.create(organisation=force.prosecution, name="Invented Chambers")
        own = Membership.objects.get(user=force.sergeant)
    for words, function, arguments, values in (
        ("from today on", "give_role", "%s, 'SERGEANT', %s, NULL", [person.pk, yesterday]),
        ("holds the role on some of these days", "give_role", "%s, 'INVESTIGATOR', %s, NULL", [person.pk, TODAY]),
        ("of another organisation", "move_person", "%s, NULL, %s, %s", [person.pk, elsewhere.pk, TODAY]),
        ("not in that unit", "move_person", "%s, %s, NULL, %s", [person.pk, own.pk, TODAY]),
        ("without a reason", "deactivate_person", "%s, ''", [person.pk]),
        ("nobody to reactivate", "reactivate_person", "%s, 'hash'", [person.pk]),
        ("below itself", "change_unit", "%s, 'Name', %s, 7, NULL", [force.above.pk, force.unit.pk]),
        ("below itself", "change_unit", "%s, 'Name', %s, 7, NULL", [force.unit.pk, force.unit.pk]),
        ("of the same organisation", "change_unit", "%s, 'Name', %s, 7, NULL", [force.unit.pk, elsewhere.pk]),
        ("more than 60 days", "change_unit", "%s, 'Name', NULL, 7, %s", [force.unit.pk, TODAY + timedelta(days=61)]),
    ):
        with refused(words):
            call(administrator, function, arguments, values)
    with pytest.raises(IntegrityError, match="organisation_may_hold_prosecutor"), savepoint():
        call(administrator, "give_role", "%s, 'PROSECUTOR', %s, NULL", [person.pk, TODAY])


def test_last_administrator_is_kept_by_the_database(on_the_scene: Scene) -> None:
    first = on_the_scene.force.user(Role.ADMINISTRATOR)
    with building():
        second = enrol("second_administrator", on_the_scene.force.police, [Role.ADMINISTRATOR])
        RoleAssignment.objects.filter(user=first).update(ends_on=TODAY)
    for function in ("end_role", "deactivate_person"):
        with refused("the last administrator stays"):
            call(first, function, *acts(on_the_scene, second)[function])


def test_only_administrators_read_what_was_changed_and_counted(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    call(administrator, "deactivate_person", "%s, 'Left'", [on_the_scene.force.other_investigator.pk])
    for user in on_the_scene.everybody:
        if user.kind == "police" and user != on_the_scene.force.other_investigator:
            with bound_to(user.pk, user.kind, may_write=False):
                reads = user == administrator or user == on_the_scene.force.user(Role.AUDITOR)
                assert (ask("SELECT count(*) FROM people_peoplechange WHERE what = 'DEACTIVATED'") == [(1,)]) == reads, user
                for function in ("open_work_of(1)", "units_without_signers()"):
                    if user != administrator:
                        with refused("only an administrator asks for this"):
                            ask(f"SELECT * FROM rasso.{function}")


def test_what_was_changed_cannot_be_changed_afterwards(on_the_scene: Scene) -> None:
    call(on_the_scene.force.user(Role.ADMINISTRATOR), "deactivate_person", "%s, 'Left'", [on_the_scene.force.investigator.pk])
    for statement in ("UPDATE people_peoplechange SET because = ''", "DELETE FROM people_peoplechange"):
        with building(), refused("append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_code_and_database_agree_on_what_no_administrator_holds(on_the_scene: Scene) -> None:
    with building():
        said = {role: ask("SELECT rasso.apart_from_administrator(%s)", role)[0][0] for role in Role}
    assert {role for role, is_apart in said.items() if is_apart} == set(Role) - BESIDE_ADMINISTRATOR
    assert CASE_ROLES.isdisjoint(BESIDE_ADMINISTRATOR)


def test_nobody_is_administrator_and_holds_a_role_that_reaches_cases(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    words = "an administrator holds no role that reaches cases"
    with building():
        second = enrol("second_administrator", on_the_scene.force.police, [Role.ADMINISTRATOR])
    for role in CASE_ROLES | {Role.AUDITOR}:
        with refused(words):
            call(administrator, "give_role", "%s, %s, %s, NULL", [second.pk, role, TODAY + timedelta(days=9)])
    with refused(words):
        call(administrator, "give_role", "%s, 'ADMINISTRATOR', %s, NULL", [on_the_scene.force.investigator.pk, TODAY])
    with refused(words):
        call(
            administrator,
            "enrol_person",
            "'ghost', 'DI', 'Invented', 'Ghost', '', %s, '{INSPECTOR,ADMINISTRATOR}', '{}', %s, 'hash'",
            [on_the_scene.force.police.pk, TODAY],
        )
    call(administrator, "give_role", "%s, 'ANALYST', %s, NULL", [second.pk, TODAY])


def test_leaver_comes_back_without_roles_and_reaches_no_restricted_case(on_the_scene: Scene) -> None:
    administrator, restricted = on_the_scene.force.user(Role.ADMINISTRATOR), on_the_scene.cases["restricted"]
    named = next(user for user in on_the_scene.everybody if user.username == "named_sergeant")
    sees = "SELECT count(*) FROM cases_case WHERE id = %s"
    with bound_to(named.pk, "police", may_write=False):
        assert ask(sees, restricted.pk) == [(1,)]
    call(administrator, "deactivate_person", "%s, 'Left'", [named.pk])
    running = "SELECT count(*) FROM cases_casegrant WHERE user_id = %s AND ends_at IS NULL"
    with building():
        # Until then it can be handed over.
        assert ask(running, named.pk) != [(0,)]
    call(administrator, "reactivate_person", "%s, 'hash'", [named.pk])
    with building():
        assert ask(running, named.pk) == [(0,)]
        assert ask("SELECT rasso.police_roles(%s)", named.pk) == [([],)]
        noted = ask("SELECT what, role FROM people_peoplechange WHERE person_id = %s ORDER BY id", named.pk)
    assert noted == [("ROLE_ENDED", "SERGEANT"), ("DEACTIVATED", ""), ("REACTIVATED", "")]
    call(administrator, "give_role", "%s, 'SERGEANT', %s, NULL", [named.pk, TODAY])
    with bound_to(named.pk, "police", may_write=False):
        assert ask(sees, restricted.pk) == [(0,)]
