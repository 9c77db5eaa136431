"""`manage.py seed` follows from its seed alone, and adds to what is there without doubling it."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from cases.models import Case
from rasso.demonstration import seed
from tests.access.scene import undone
from tests.worlds import MONDAY, at, building, set_clock

SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND sequencename LIKE 'people_%'"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'cases_%' ORDER BY 1"


def made(cases: int, number: int, chunk: int = 170) -> None:
    with building():
        seed.build(seed.Plan(cases, number), chunk=chunk)


def rows() -> dict[str, list[Any]]:
    """Every row of every table of cases."""
    with building(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT md5(x::text) FROM "{table}" x ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_same_seed_makes_the_same_rows_and_another_adds_others(db: None) -> None:
    set_clock(at(MONDAY, 10))
    with building(), connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        drawn = cursor.fetchall()
    with undone():
        made(40, 3)
        first = rows()
    with building(), connection.cursor() as cursor:
        # A sequence does not go back with its transaction.
        for name, value in drawn:
            cursor.execute("SELECT setval(%s, coalesce(%s, 1), %s)", [name, value, value is not None])
    made(40, 3, chunk=15)
    assert rows() == first and len(first["cases_case"]) == 40
    made(30, 4)
    both = rows()
    assert len(both["cases_case"]) == 70
    assert all(set(first[table]) <= set(both[table]) for table in both)


def test_refuses_what_is_there_and_goes_on_where_it_was_interrupted(db: None) -> None:
    set_clock(at(MONDAY, 10))

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with building(), pytest.raises(KeyboardInterrupt):
        seed.build(seed.Plan(30, 5), tell=stop, chunk=10)
    with connection.cursor() as cursor, building():
        cursor.execute("DROP TABLE seed_unit, seed_review, seed_limit, seed_notice")
    made(30, 5)
    with building():
        assert Case.unguarded.count() == 30
        for plan, words in (
            (seed.Plan(30, 5), "are here already"),
            (seed.Plan(31, 5), "was used for 30 cases"),
            (seed.Plan(200_000, 4), "would draw reference numbers of seed 5"),
            (seed.Plan(10, 99), "Give a seed from 1 to 98"),
            (seed.Plan(0, 1), "at least 1"),
        ):
            with pytest.raises(seed.Refused, match=words):
                seed.build(plan)


def test_command_runs_neither_in_production_nor_as_the_web_server(settings: Any) -> None:
    settings.PROCESS = "web"
    with pytest.raises(CommandError, match="RASSO_PROCESS=owner"):
        call_command("seed", "--cases", "1")
    settings.MODE = "production"
    with pytest.raises(CommandError, match="do not belong among real ones"):
        call_command("seed", "--cases", "1")
