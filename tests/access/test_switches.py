"""Six hundred changes of person on one pooled connection of the real web login: nobody is ever shown a row of whoever had it before.

Four threads share a pool of one connection, as the threads of a web server do. Each turn somebody reads; some turns break off half-way, in
Python or in the database, one in fifty takes the connection down with it, and after each turn whatever runs on without saying for whom
gets nothing at all.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, DataError, OperationalError, ProgrammingError
from django.test import Client

from kit.binding import bound_to
from people import session
from people.models import User
from tests import databases
from tests.access.asking import BACKEND
from tests.access.sql import ask
from tests.worlds import MONDAY, at, building, log_case, make_force, set_clock

TURNS, THREADS = 600, 4
PAGES = 24


@dataclass(frozen=True)
class Somebody:
    user: User
    # The references of the cases that they may read; None for whoever has no privilege on them.
    reads: frozenset[str] | None
    session: str


class HalfWay(Exception):
    pass


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker) -> Iterator[list[Somebody]]:  # type: ignore[no-untyped-def]
    """Two officers with a case each, their sergeant who reads both, and a prosecutor; committed, in a database of their own."""
    settings = connections["default"].settings_dict
    usual, name = settings["NAME"], f"switches_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    connections["default"].close()
    settings["NAME"] = name
    try:
        with django_db_blocker.unblock():
            made = make_people()
            connections["default"].close()
            with pooled_web_login():
                yield made
    finally:
        connections["default"].close()
        settings["NAME"] = usual
        databases.drop(name)


def make_people() -> list[Somebody]:
    set_clock(at(MONDAY, 10))
    with building():
        force = make_force()
    one, other = (log_case(force, by=officer).reference for officer in (force.investigator, force.other_investigator))
    readers = {
        force.investigator: frozenset({one}),
        force.other_investigator: frozenset({other}),
        force.sergeant: frozenset({one, other}),
        force.people["PROSECUTOR"]: None,
    }
    return [Somebody(user, reads, signed_in(user)) for user, reads in readers.items()]


def signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies["sessionid"].value


@contextmanager
def pooled_web_login() -> Iterator[None]:
    """New threads get their connection as production does: the real login, out of a pool that holds one."""
    shared = connections.settings["default"]
    usual = {key: shared[key] for key in ("ENGINE", "USER", "OPTIONS")}
    pool = {"min_size": 1, "max_size": 1, "timeout": 20}
    shared.update(
        ENGINE="django.db.backends.postgresql",
        USER="rasso_web",
        OPTIONS={**usual["OPTIONS"], "pool": pool},
        CONN_HEALTH_CHECKS=True,
    )
    try:
        yield
    finally:
        in_threads(lambda _: connections["default"].close_pool(), range(1))
        shared.update(usual)


def in_threads(act: Any, turns: Any) -> list[Any]:
    """What is said by each turn; every thread is new and takes its connection from the pool."""
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(act, turns))


# One turn -----------------------------------------------------------------------------------------------------------------


def read() -> frozenset[str] | None:
    try:
        with transaction.atomic():
            return frozenset(reference for (reference,) in ask("SELECT reference FROM cases_case"))
    except ProgrammingError as refused:
        assert "permission denied for table cases_case" in str(refused), refused
        return None


def turn(number: int, people: list[Somebody]) -> list[str]:
    """Faults, in words. Which person and which ending follows from the number, in no order that repeats soon."""
    who = people[(number * 7 + number // 5) % len(people)]
    faults = []
    try:
        try:
            with bound_to(who.user.pk, who.user.kind, may_write=number % 3 == 0):
                if (seen := read()) != who.reads:
                    faults.append(f"turn {number}: {who.user} reads {seen}")
                end(number)
        except (HalfWay, DataError, OperationalError):
            pass
        faults += afterwards(number)
    finally:
        # As at the end of a request: back into the pool.
        connection.close()
    return faults


def end(number: int) -> None:
    """Commit; or break off in Python, in the database, or with the connection."""
    if number % 50 == 49:
        with pytest.raises(DatabaseError):
            terminate(connection.connection.info.backend_pid)
            ask("SELECT 1")
        raise OperationalError
    if number % 4 == 1:
        raise HalfWay
    if number % 4 == 2:
        ask("SELECT 1 / 0")


def terminate(pid: int) -> None:
    with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def afterwards(number: int) -> list[str]:
    """A task that runs on without saying for whom: on the same connection, or on what the pool gives next."""
    if number % 50 == 49:
        connection.close()
    faults = []
    if ask("SELECT current_user::text, coalesce(current_setting('rasso.actor', true), '')") != [("rasso_web", "")]:
        faults.append(f"turn {number}: somebody is still bound")
    if (seen := read()) is not None:
        faults.append(f"turn {number}: nobody reads {seen}")
    with transaction.atomic():
        # With the role, but without the person.
        ask("SELECT set_config('role', 'rasso_police_read', true)")
        try:
            with transaction.atomic():
                faults.append(f"turn {number}: a role alone reads {ask('SELECT reference FROM cases_case')}")
        except ProgrammingError as refused:
            assert "no actor is bound" in str(refused), refused
    return faults


# The proof ------------------------------------------------------------------------------------------------------------------


def test_nobody_reads_a_row_of_whoever_had_the_connection_before(people: list[Somebody]) -> None:
    turns = in_threads(lambda number: turn(number, people), range(TURNS))
    assert len(turns) == TURNS
    assert [fault for faults in turns for fault in faults] == []


def test_pages_asked_for_at_once_show_each_their_own(people: list[Somebody], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same through the whole site: list of cases, in the order in which four threads happen to ask."""
    monkeypatch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
    every = frozenset().union(*(who.reads for who in people if who.reads))

    def page(number: int) -> str:
        who = people[number % len(people)]
        client = Client()
        client.cookies["sessionid"] = who.session
        try:
            answer = client.get("/cases/")
        finally:
            # The test client leaves it open.
            connection.close()
        shown = frozenset(reference for reference in every if reference in answer.content.decode())
        wanted = (404, frozenset()) if who.reads is None else (200, who.reads)
        return "" if (answer.status_code, shown) == wanted else f"{who.user} was answered {answer.status_code} with {set(shown)}"

    assert [said for said in in_threads(page, range(PAGES)) if said] == []


def test_a_binding_that_lasted_would_be_found(people: list[Somebody]) -> None:
    """Else the tests above would look at nothing: with a binding that outlives its transaction the next turn is red."""

    def lasting(_: int) -> list[str]:
        who = people[0]
        try:
            with bound_to(who.user.pk, who.user.kind, may_write=False):
                ask(
                    "SELECT set_config('rasso.actor', current_setting('rasso.actor'), false), set_config('role', 'rasso_police_read', false)"
                )
            return afterwards(0)
        except ProgrammingError as refused:
            return [str(refused)]
        finally:
            ask("SELECT set_config('rasso.actor', '', false), set_config('role', 'none', false)")
            connection.close()

    (faults,) = in_threads(lasting, range(1))
    assert "turn 0: somebody is still bound" in faults


def test_the_pool_is_the_one_of_production(people: list[Somebody]) -> None:
    def told(_: int) -> tuple[str, str, bool]:
        try:
            (login,) = ask("SELECT session_user::text")[0]
            return login, connections.settings["default"]["ENGINE"], connection.pool is not None
        finally:
            connection.close()

    assert in_threads(told, range(1)) == [("rasso_web", "django.db.backends.postgresql", True)]
