"""A database of the test's own, full of due reviews, in which everything is committed for real."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.reliability.many import fill

TODAY = date(2026, 11, 23)
NUMBERS = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@dataclass(frozen=True)
class Reviews:
    """Each is due today and signed by two sergeants, so it brings two reminders."""

    database: str
    reviews: int
    sergeants: int

    @property
    def reminders(self) -> int:
        return 2 * self.reviews

    @property
    def worker_address(self) -> str:
        return databases.with_name(os.environ["DATABASE_WORKER_URL"], self.database)

    def ask(self, statement: str) -> tuple[int, ...]:
        """One row, seen by the cluster's administrator."""
        with psycopg.connect(databases.admin_url(self.database)) as connection:
            row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return tuple(row)

    def change(self, statement: str) -> None:
        with psycopg.connect(databases.admin_url(self.database)) as connection:
            connection.execute(statement.encode())

    def made(self) -> tuple[int, ...]:
        """How many reminders there are, and how many different ones."""
        return self.ask("SELECT count(*), count(DISTINCT (about_id, owner_id, stage, due_on)) FROM cases_reminder")

    def set_clock(self, day: date) -> None:
        self.change(f"UPDATE rasso.demonstration_clock SET ahead = ('{day} 09:00' AT TIME ZONE 'Europe/Jersey') - now()")

    def pass_a_day(self) -> None:
        self.set_clock(TODAY + timedelta(days=1))


@contextmanager
def due_reviews(*, reviews: int, units: int) -> Iterator[Reviews]:
    name = f"reliability_{os.getpid()}_{next(NUMBERS)}"
    databases.copy_of(databases.template(), name)
    try:
        fill(databases.admin_url(name), due_on=TODAY, reviews=reviews, units=units, sergeants=2, investigators=5)
        made = Reviews(name, reviews, 2 * units)
        made.set_clock(TODAY)
        yield made
    finally:
        databases.drop(name)
