"""A database of its own, whose transactions end: only what has ended is sealed. Its administrator is the tamperer of these tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from kit.binding import signed
from tests import databases

ENTRY = """INSERT INTO people_accessrecord (at, user_id, kind, page, case_ids, on_behalf_of, rights, address, recipient, basis, xact, cluster)
    SELECT clock_timestamp(), n, 'LOOKED_AT', 'case', ARRAY[gen_random_uuid()], '{}', '{ASSIGNED}', '10.0.0.1', '', '',
      pg_current_xact_id()::text::bigint, rasso.cluster() FROM generate_series(1, %s) n"""
# Of whoever owns the server: they can do that.
OFF = "ALTER TABLE {0} DISABLE TRIGGER USER"
ON = """DO $$ DECLARE t text; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = '{0}'::regclass AND NOT tgisinternal LOOP
    EXECUTE format('ALTER TABLE {0} ENABLE ALWAYS TRIGGER %I', t); END LOOP; END $$"""


class Books:
    def __init__(self, name: str) -> None:
        self.name = name
        self.admin = psycopg.connect(databases.admin_url(name), autocommit=True)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.admin.execute(statement, values or None).fetchall()

    def run(self, statement: str, *values: Any) -> None:
        self.admin.execute(statement, values or None)

    def tamper(self, table: str, statement: str, *values: Any) -> None:
        """As the owner of everything, with the triggers of the table switched off and on again."""
        self.run(OFF.format(table))
        self.run(statement, *values)
        self.run("SET CONSTRAINTS ALL IMMEDIATE")
        self.run(ON.format(table))

    @contextmanager
    def as_worker(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(databases.admin_url(self.name)) as worker:
            worker.execute("SET SESSION AUTHORIZATION rasso_worker")
            worker.execute("SELECT * FROM rasso.bind(%s, 'rasso_system')", [signed(0, "system")])
            yield worker

    def seal(self, most: int = 50_000) -> int:
        """Everything there is to seal; how many seals it made."""
        for made in range(1000):
            with self.as_worker() as worker:
                if worker.execute("SELECT rasso.seal_next(%s)", [most]).fetchone() == (None,):
                    return made
        raise AssertionError("sealing does not end")

    def write(self, entries: int) -> None:
        self.run(ENTRY, entries)

    def faults(self) -> list[tuple[Any, ...]]:
        """(number, fault, part, entry) of every seal that is not whole, and of what no seal will cover; within the tamperer's own
        transaction, so that it can be taken back."""
        self.run("SELECT set_config('rasso.actor', %s, false)", signed(0, "system"))
        strange = self.ask("SELECT strange_part, strange_id FROM rasso.unsealed() WHERE strange > 0")
        return [
            *self.ask(
                "SELECT number, fault, part, entry_id FROM rasso.verify_seals(1, 9223372036854775807) WHERE fault IS NOT NULL"
            ),
            *((None, "strange", part, entry) for part, entry in strange),
        ]


@contextmanager
def books(what: str, source: str = "") -> Iterator[Books]:
    """``source``: copy this one, as a dump and its restoring would."""
    name = f"books_{what}_{os.getpid()}"
    if source:
        # A database that somebody is in cannot be copied.
        with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
    databases.copy_of(source or databases.template(), name)
    opened = Books(name)
    try:
        yield opened
    finally:
        opened.admin.close()
        databases.drop(name)
