"""What the database says was made and sent. The one place here that knows the tables of reminders and messages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from tests import databases

REMINDERS = "cases_reminder"
MESSAGES = "cases_message"
ONE_REMINDER = "about, about_id, owner_id, stage, due_on"
JERSEY = "Europe/Jersey"
PATIENCE = 30


@dataclass(frozen=True)
class Messages:
    total: int
    sent: int
    dropped: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.total - self.sent - self.dropped - self.failed


@dataclass(frozen=True)
class Books:
    """Of one database, seen by the cluster's administrator."""

    database: str

    def all(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(databases.admin_url(self.database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *parameters: Any) -> tuple[Any, ...]:
        (row,) = self.all(statement, *parameters)
        return row

    def begin(self, due_on: date, at: datetime) -> None:
        """Nothing was ever made or sent; every review is due on this day, and it is this moment."""
        self.all(f"TRUNCATE {REMINDERS}, {MESSAGES}")
        self.all(
            "UPDATE cases_review SET due_on = day, warn_on = day, remind_on = day, counted_from = day - 14 FROM (SELECT %s::date AS day) d WHERE due_on <> day",
            due_on,
        )
        self.set_clock(at)

    def set_clock(self, at: datetime) -> None:
        self.all("UPDATE rasso.demonstration_clock SET ahead = %s - now()", at)

    def reminders(self) -> tuple[int, int]:
        """How many there are, and how many different ones."""
        rows, different = self.one(f"SELECT count(*), count(DISTINCT ({ONE_REMINDER})) FROM {REMINDERS}")
        return rows, different

    def stages(self) -> dict[str, int]:
        return dict(self.all(f"SELECT stage, count(*) FROM {REMINDERS} GROUP BY stage"))

    def messages(self) -> Messages:
        return Messages(
            *self.one(
                f"""SELECT count(*), count(sent_at), count(dropped_at),
                    count(*) FILTER (WHERE sent_at IS NULL AND dropped_at IS NULL AND attempts >= 5) FROM {MESSAGES}"""
            )
        )

    def message_ids(self) -> set[str]:
        return {str(key) for (key,) in self.all(f"SELECT id FROM {MESSAGES}")}

    def attempts(self) -> list[int]:
        return [number for (number,) in self.all(f"SELECT attempts FROM {MESSAGES} ORDER BY attempts")]

    def fingerprint(self) -> dict[str, str]:
        """Of every row there is, less the heartbeat, which only says when."""
        tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'cases_heartbeat'"
        return {
            table: str(self.one(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM public.{table} t")[0])
            for (table,) in self.all(tables)
        }

    def let_leases_end(self) -> None:
        """As if so much time had passed. Only when nobody is sending."""
        self.all(f"UPDATE {MESSAGES} SET leased_until = now() WHERE leased_until > now()")

    def let_sessions_end(self) -> None:
        """The server notices at the end of a statement that whoever asked was killed."""
        end = time.monotonic() + PATIENCE
        busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'rasso_worker'"
        while self.one(busy) != (0,):
            assert time.monotonic() < end, "the sessions of killed processes have not ended"
            time.sleep(0.02)

    @contextmanager
    def holding(self, statement: str, *parameters: Any) -> Iterator[psycopg.Connection]:
        """Keep the rows of a SELECT ... FOR UPDATE locked meanwhile."""
        with psycopg.connect(databases.admin_url(self.database)) as connection:
            connection.execute(statement.encode(), parameters)
            yield connection

    def wait_for_waiters(self, number: int) -> None:
        """Until so many sessions stand before a lock."""
        end = time.monotonic() + PATIENCE
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        while self.one(waiting)[0] < number:
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.02)
