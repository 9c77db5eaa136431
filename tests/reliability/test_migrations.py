"""A database with cases in it, migrated as a force would migrate it: its rows get what they would have held.

The owner stands under forced row-level security, as in production: a statement of a migration that would see no rows must not
pass for one that had nothing to do.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from cases.rulepacks import JE, RULES, RuleCode
from kit.postgres.roles import make_database
from tests import databases

BEFORE = "0002_scope_agrees"
MIGRATE_TO_BEFORE = f"""
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate([("cases", "{BEFORE}")])
"""
REPORTED, RECORDED = datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 4, 2, 12, tzinfo=UTC)
# For columns that must hold something, whatever it is.
ANYTHING = {"character varying": "", "text": "", "boolean": False, "date": date(2026, 4, 3), "timestamp with time zone": RECORDED}


def as_owner(name: str, *command: str) -> None:
    environment = {
        **os.environ,
        "RASSO_MODE": "test",
        "RASSO_PROCESS": "owner",
        "DATABASE_OWNER_URL": databases.with_name(os.environ["DATABASE_OWNER_URL"], name),
        "DJANGO_SETTINGS_MODULE": "rasso.settings",
    }
    subprocess.run([sys.executable, *command], check=True, env=environment, cwd=databases.ROOT)


@pytest.fixture
def scratch() -> Iterator[str]:
    """A database of the days before, with nothing in it."""
    databases.template()  # makes the roles of the cluster as well
    name = f"migrated_{os.getpid()}"
    databases.drop(name)
    with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
        make_database(admin, name)
    try:
        as_owner(name, "-c", MIGRATE_TO_BEFORE)
        yield name
    finally:
        databases.drop(name)


def insert(admin: psycopg.Connection, table: str, **given: Any) -> Any:
    """A row of the table as it is now; answers its key."""
    columns = admin.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    values = {name: uuid4() if kind == "uuid" else ANYTHING.get(kind, 1) for name, kind in columns} | given
    key = "history_id" if table.startswith("cases_historical") else "id"
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        sql.Identifier(key),
    )
    (made,) = admin.execute(statement, list(values.values())).fetchone() or (None,)
    return made


def rule(admin: psycopg.Connection, code: RuleCode) -> int:
    (row,) = (row for row in RULES if row.profile == JE and row.code == code)
    known = {
        name for (name,) in admin.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_rule'")
    }
    made: int = insert(admin, "cases_rule", **{name: value for name, value in vars(row).items() if name in known})
    return made


def fill(admin: psycopg.Connection) -> dict[str, Any]:
    """One row of everything that the migration touches, and its history; nobody but the administrator sees them."""
    organisation = insert(admin, "people_organisation", name="Invented Police", kind="POLICE")
    unit = insert(admin, "people_unit", organisation_id=organisation, name="Invented Team", digest_hour=7)
    user = insert(admin, "people_user", username="a", organisation_id=organisation, organisation_kind="POLICE", is_active=True)
    scope = {"unit_id": unit, "is_restricted": False}
    case = insert(
        admin,
        "cases_case",
        status="INVESTIGATING",
        reported_at=REPORTED,
        recorded_at=RECORDED,
        happened_when="NOT_KNOWN",
        officer_id=user,
        logged_by_id=user,
        **scope,
    )
    review = {
        "case_id": case,
        "kind": "DAY_14",
        "number": 1,
        "due_on": date(2026, 4, 13),
        "remind_on": date(2026, 4, 13),
        "rule_id": rule(admin, RuleCode.REVIEW_14_DAY),
        "lowest_role": "SERGEANT",
        **scope,
    }
    done = {
        "case_id": case,
        "number": 1,
        "owner_id": user,
        "given_by_id": user,
        "done_at": RECORDED,
        "done_by_id": user,
        "done_how": "Traced",
        **scope,
    }
    recorded = insert(
        admin, "cases_event", case_id=case, kind="CASE_RECORDED", happened_at=RECORDED, recorded_at=RECORDED, by_id=user
    )
    limits = {
        code: insert(
            admin,
            "cases_timelimit",
            case_id=case,
            rule_id=rule(admin, code),
            started_by_id=recorded,
            due_on=date(2026, 4, 1),
            **scope,
        )
        for code in (RuleCode.SUPPORT_REFERRAL, RuleCode.INVESTIGATION_PLAN)
    }
    return {
        "review": insert(admin, "cases_review", **review),
        "historicalreview": insert(admin, "cases_historicalreview", **review, id=uuid4()),
        "action": insert(admin, "cases_action", **done),
        "open action": insert(admin, "cases_action", case_id=case, number=2, owner_id=user, given_by_id=user, **scope),
        "historicalaction": insert(admin, "cases_historicalaction", **done, id=uuid4()),
        "draft": insert(admin, "cases_draft", owner_id=user, form="log-case", payload="{}", updated_at=RECORDED),
        **limits,
    }


FORCED = ("case", "review", "historicalreview", "action", "historicalaction", "timelimit", "draft", "event")


def test_rows_made_before_hold_what_they_would_have_held(scratch: str) -> None:
    with psycopg.connect(databases.admin_url(scratch), autocommit=True) as admin:
        made = fill(admin)
        for table in FORCED:
            admin.execute(
                sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").format(
                    sql.Identifier(f"cases_{table}")
                )
            )
    as_owner(scratch, "manage.py", "migrate", "--verbosity", "0")

    def of(table: str, key: UUID | int, *columns: str) -> tuple[Any, ...]:
        name = "history_id" if table.startswith("historical") else "id"
        statement = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(f"cases_{table}"), sql.Identifier(name)
        )
        return admin.execute(statement, [key]).fetchone() or ()

    with psycopg.connect(databases.admin_url(scratch)) as admin:
        # Reported at 23:30 in winter time, recorded five days later: 24 hours after it is 00:30 in summer time, two days on.
        base = (date(2026, 3, 30), 1)
        assert of("review", made["review"], "counted_from", "round") == base
        assert of("historicalreview", made["historicalreview"], "counted_from", "round") == base
        for table in ("action", "historicalaction"):
            assert of(table, made[table], "evidence", "extended_count") == ("See what was done", 0)
        assert of("action", made["open action"], "evidence", "done_at") == ("", None)
        assert of("draft", made["draft"], "begun_at") == (RECORDED,)
        for code, begins in ((RuleCode.SUPPORT_REFERRAL, REPORTED), (RuleCode.INVESTIGATION_PLAN, RECORDED)):
            given = of("timelimit", made[code], "begins_at", "first_due_on", "due_on", "due_at")
            assert given == (begins, date(2026, 4, 1), date(2026, 4, 1), None)
        # And what guards them is as strict as on a new database.
        forced = admin.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname LIKE 'cases_%'").fetchall()
        assert {f"cases_{table}" for table in FORCED} <= {name for (name,) in forced}
