"""Whatever changes a row, the audit trigger writes one line for it: when, by whom, which columns, and no value."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import F

from cases.models import Case, Suspect
from kit.binding import bound_to, signed
from kit.classification import Classification
from kit.postgres import rules
from rasso import database
from tests.access.scene import Scene
from tests.access.sql import ask, run
from tests.worlds import Force, building

TRAILED = {one.table: one for one in database.TABLES if one.trail is not None}
MODELS = {model._meta.db_table: model for model in apps.get_models() if model._meta.db_table in TRAILED}


@pytest.fixture
def as_owner(on_the_scene: Scene) -> Iterator[Scene]:
    with building():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        yield on_the_scene


def lines(table: str) -> int:
    return int(ask("SELECT count(*) FROM audit_datachange WHERE table_name = %s", table)[0][0])


def refuses_change(table: str) -> bool:
    return bool(ask("SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only'", table))


def plain_field(model: type[models.Model]) -> Any:
    return next(field for field in model._meta.concrete_fields if not field.primary_key)


def test_tables_of_cases_and_of_who_may_see_them_are_trailed() -> None:
    """Their histories too, and the rules that say what is due; not what people keep for themselves, nor what is derived from other rows."""
    derived = {"cases_searchword"}
    operational = {one.table for one in database.TABLES if one.classification is Classification.OPERATIONAL}
    rules_of_due = {"cases_rule", "cases_localday", "cases_offencetype", "information_informationrule"}
    deciding = {"people_user", "people_roleassignment", "people_membership", "people_unit", "people_cover", "people_peoplechange"}
    ways_in = {"people_credential", "people_identity", "people_accountevent", "mfa_authenticator"}
    assert (operational - derived) | rules_of_due | deciding | ways_in <= set(TRAILED)
    assert not derived & set(TRAILED)


def test_every_way_to_change_rows_leaves_one_line_for_each(as_owner: Scene) -> None:
    """Raw SQL, update() and bulk_update(), which tell no signal and no history of it."""
    filled = 0
    for table, model in MODELS.items():
        rows = list(model._base_manager.all())
        field, before = plain_field(model), lines(table)
        if not rows or refuses_change(table):
            continue
        filled += 1
        run(f"UPDATE {table} SET {field.column} = {field.column}")
        assert lines(table) == before + len(rows), table
        model._base_manager.update(**{field.name: F(field.name)})
        assert lines(table) == before + 2 * len(rows), table
        model._base_manager.bulk_update(rows, [field.name])
        assert lines(table) == before + 3 * len(rows), table
    assert filled > 15


def test_line_says_who_which_columns_and_which_case(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    with bound_to(force.investigator.pk, "police", may_write=True), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_suspect SET known = 'DESCRIBED', version = version + 1 WHERE case_id = %s", [case.pk])
    with building():
        suspect = Suspect._base_manager.get(case=case)
        assert ask(
            "SELECT user_id, login, row_key, case_id, command, columns, old_digest <> new_digest FROM audit_datachange"
            " WHERE table_name = 'cases_suspect' ORDER BY id DESC LIMIT 1"
        ) == [(force.investigator.pk, "rasso_web", str(suspect.pk), case.pk, "UPDATE", ["known", "version"], True)]


def test_change_by_nobody_names_the_login(as_owner: Scene) -> None:
    run("UPDATE people_unit SET digest_hour = 8")
    assert ask("SELECT user_id, login FROM audit_datachange ORDER BY id DESC LIMIT 1") == [(None, "postgres")]


def test_history_and_trail_agree_where_rows_are_saved(as_owner: Scene) -> None:
    """Each thing that people read as a version of the row is one line of the trail."""
    ((versions, of_trail),) = ask(
        """SELECT (SELECT count(*) FROM cases_historicalcase WHERE id = %s),
                  (SELECT count(*) FROM audit_datachange WHERE table_name = 'cases_case' AND row_key = %s)""",
        as_owner.cases["at hand"].pk,
        str(as_owner.cases["at hand"].pk),
    )
    assert versions == of_trail > 0
    case = Case.unguarded.get(pk=as_owner.cases["at hand"].pk)
    case.version += 1
    case.save()
    assert ask("SELECT count(*) FROM cases_historicalcase WHERE id = %s", case.pk) == [(versions + 1,)]
    assert ask("SELECT count(*) FROM audit_datachange WHERE row_key = %s", str(case.pk)) == [(of_trail + 1,)]


def test_rows_agree_with_the_trail_until_they_are_changed_past_it(as_owner: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rasso.actor', %s, true)", [signed(0, "system")])
    for table in TRAILED:
        assert ask("SELECT * FROM rasso.rows_unlike_trail(%s)", table) == [], table
    ((first,), *_) = ask("SELECT id FROM cases_event ORDER BY id")
    run(
        "ALTER TABLE cases_event DISABLE TRIGGER audit_update",
        f"UPDATE cases_event SET happened_at = happened_at - interval '1 hour' WHERE id = '{first}'",
    )
    assert ask("SELECT row_key, fault FROM rasso.rows_unlike_trail('cases_event')") == [
        ("", "its audit trigger is missing or switched off"),
        (str(first), "was changed past the audit trigger"),
    ]


def test_columns_that_a_migration_adds_break_nothing_and_those_it_takes_are_written_down_anew(as_owner: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rasso.actor', %s, true)", [signed(0, "system")])
    run("ALTER TABLE people_unit ADD COLUMN later int NOT NULL DEFAULT 7, ADD COLUMN last_of_all text")
    assert ask("SELECT * FROM rasso.rows_unlike_trail('people_unit')") == []
    rules.apply(database.TABLES, database.FUNCTIONS, time_zone=settings.TIME_ZONE)
    assert ask("SELECT count(*) FROM audit_datachange WHERE command = 'BASELINE' AND table_name = 'people_unit'") == [(0,)]
    run("UPDATE people_unit SET later = 8", "ALTER TABLE people_unit DROP COLUMN later")
    ((units,),) = ask("SELECT count(*) FROM people_unit")
    assert len(ask("SELECT * FROM rasso.rows_unlike_trail('people_unit')")) == units
    rules.apply(database.TABLES, database.FUNCTIONS, time_zone=settings.TIME_ZONE)
    assert ask("SELECT count(*) FROM audit_datachange WHERE command = 'BASELINE' AND table_name = 'people_unit'") == [(units,)]
    assert ask("SELECT * FROM rasso.rows_unlike_trail('people_unit')") == []


def test_nobody_who_signs_in_reads_the_key_of_the_digests(force: Force) -> None:
    for role in ("rasso_web", "rasso_worker", "rasso_police", "rasso_system", "rasso_partner"):
        assert ask("SELECT has_table_privilege(%s, 'rasso.digest_key', 'SELECT')", role) == [(False,)], role
