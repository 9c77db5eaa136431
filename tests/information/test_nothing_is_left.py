"""After a disposal and its finishing the erased values are in no table, no index, no dump and no file that the database keeps.

On a database of its own, because what is written anew has to be committed.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from cases.models import Suspect
from cases.operations import record_event, save_draft, update_suspect
from information import operations
from kit.devservers import directory_for
from kit.devservers.binaries import find_postgres
from tests import databases
from tests.conftest import connection_settings
from tests.information.requesting import approved, choose, grow_old, manager, open_request, opened, proposed
from tests.worlds import MONDAY, Force, actor, at, building, log_case, make_force, set_clock

# Words that stand nowhere else, in no template database and in no program.
NAME = "Zyxwella Quorvanthe"
WORDS = (b"Zyxwella", b"Quorvanthe", b"Brintelwick", b"zorblax-lane")


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    name = f"disposed_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.copy_of(databases.template(), name)
        connection = connections["default"]
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(connection_settings(databases.admin_url(name)))
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict.update(before)
            databases.drop(name)


def dispose_of_somebody() -> Force:
    """Everywhere where words can stand: in their record, their row and its history, an entry, a draft, a request, a search."""
    set_clock(at(MONDAY, 10))
    with building():
        force = make_force()
    officer = actor(force.investigator)
    case = log_case(force, suspect_name=NAME, suspect_description="Scar from zorblax-lane")
    record_event(case, actor=officer, kind="NOTE", at=case.recorded_at, text="Quorvanthe drinks at the Brintelwick.")
    with building():
        suspect = Suspect.unguarded.get(case=case)
    update_suspect(
        suspect, actor=officer, version=suspect.version, known="NAMED", name=NAME, description="Scar from zorblax-lane, left"
    )
    save_draft(actor=officer, form="record-context", about="x", payload={"how": ["Zyxwella Quorvanthe knew her"]})
    request = open_request(force, name=NAME, reached_at="7 zorblax-lane")
    choose(force, request, NAME)
    operations.end_request(actor=actor(manager(force)), request=request, outcome="WITHDRAWN", because="That it ends.")
    grow_old(force, case)
    with building(), connection.cursor() as cursor:
        # So that the statistics hold values, as after each analysis of the running server.
        cursor.execute("ANALYZE")
    approved(force, proposed(force, opened(force, "Invented Victim-Name")))
    approved(force, proposed(force, opened(force, NAME)))
    return force


def test_erased_values_are_nowhere(own_database: str) -> None:
    dispose_of_somebody()
    assert b"Brintelwick" not in dump(own_database)
    connection.close()
    finish(own_database)
    text = dump(own_database)
    assert [word for word in WORDS if word.lower() in text.lower()] == []
    assert "The record is whole" in run(own_database, "worker", "seal_record") + run(own_database, "worker", "verify_audit")
    assert files_with_words(own_database) == []
    with building(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), bool_and('cases_event' = ANY (tables)) FROM information_rewriting")
        assert cursor.fetchone() == (2, True)


def finish(name: str) -> None:
    """As the owner, in a process of its own."""
    assert run(name, "owner", "finish_disposals").splitlines()[-1].startswith("2 certificates")


def run(name: str, process: str, command: str) -> str:
    """A command of an operator, with the login that is meant for it."""
    addresses = {key: databases.with_name(os.environ[key], name) for key in ("DATABASE_OWNER_URL", "DATABASE_WORKER_URL")}
    environment = {**os.environ, **addresses, "RASSO_PROCESS": process, "DJANGO_SETTINGS_MODULE": "rasso.settings"}
    done = subprocess.run([sys.executable, "manage.py", command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def dump(name: str) -> bytes:
    """What a backup holds."""
    return subprocess.run([pg_dump(), databases.admin_url(name)], capture_output=True, check=True).stdout


def pg_dump() -> str:
    return str(find_postgres(None, directory_for("test")).program("pg_dump"))


def files_with_words(name: str) -> list[str]:
    """Files of this database and those that all share, without the log of changes (pg_wal), which goes on its own."""
    with psycopg.connect(databases.admin_url(name), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        statement = "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        directory, key = admin.execute(statement).fetchone()  # type: ignore[misc]
    found = []
    for folder in (Path(directory) / "base" / str(key), Path(directory) / "global"):
        for path in folder.iterdir():
            content = path.read_bytes()
            found += [f"{path.name}: {word!r}" for word in WORDS if word in content]
    return found
