"""The server's own log holds no row: constraints print what they refuse, errors the statement with everything in it.

Taken out: the settings (kit.postgres.roles.QUIET_LOG) for one session; the name then stood in the log (`..._would_show`).
"""

import os

import psycopg
import pytest

from kit.devservers import directory_for
from kit.postgres.roles import LOGINS, QUIET_LOG
from rasso import checks
from tests import databases

NAME = "Zebedee Quillfeather"
FAULTS = (
    "CREATE TEMP TABLE trial (name text UNIQUE, kind text CHECK (kind <> '{name}'), n int NOT NULL DEFAULT 1)",
    "INSERT INTO trial (name) VALUES ('{name}'), ('{name}')",
    "INSERT INTO trial (kind) VALUES ('{name}')",
    "INSERT INTO trial (name, n) VALUES ('{name}', NULL)",
    "SELECT '{name}'::int",
    "SELECT * FROM cases_person WHERE name = '{name}'",
    "SELECT to_tsquery('{name}')",
    "SELECT pg_sleep(0.001), '{name}'",
)


def said_while(*settings: str, name: str) -> str:
    """What the server wrote while a web login made mistakes."""
    log = directory_for("test") / "postgresql.log"
    before = log.stat().st_size
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], autocommit=True) as session:
        for one in settings:
            session.execute(one)
        for fault in FAULTS:
            try:
                session.execute(fault.format(name=name))
            except psycopg.Error:
                continue
    with log.open("rb") as opened:
        opened.seek(before)
        return opened.read().decode("utf-8", "replace")


def test_log_of_the_server_names_nobody(django_db_setup: None) -> None:
    assert NAME not in said_while(name=NAME)


def test_log_without_the_settings_would_show_it(django_db_setup: None) -> None:
    loose = ("SET log_error_verbosity = 'default'", "SET log_min_error_statement = 'error'", "SET log_min_messages = 'error'")
    said = said_while(*loose, name="Invented Name-Of-Nobody")
    assert "DETAIL" in said and "STATEMENT" in said and "Invented Name-Of-Nobody" in said


@pytest.mark.parametrize("login", LOGINS)
def test_settings_hang_on_our_logins_whatever_else_the_server_is_for(django_db_setup: None, login: str) -> None:
    with psycopg.connect(databases.admin_url(), autocommit=True) as session:
        (said,) = session.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [login]).fetchone() or (None,)
    assert {f"{name}={value}" for name, value in QUIET_LOG.items()} <= set(said or ())


def test_production_says_at_the_start_what_is_loose(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.loose_log_settings() == []
    monkeypatch.setitem(checks.QUIET_LOG, "log_statement", "ddl")
    assert checks.loose_log_settings() == ["log_statement"]
    (warning,) = checks.warnings_of_database()
    assert warning.id == "rasso.W001"
    assert "log_statement" in warning.msg
