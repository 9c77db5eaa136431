"""The fifth lock: every transaction that reads guarded rows first tells the database for whom.

``rasso.bind`` (people/sql) sets the actor and the database role for this transaction only, so nothing can survive in a pooled
connection. Reading requests get a role that can only SELECT and call the record function.

Who is asking is signed with a key that the database checks and no login can read: a statement that somebody smuggles into a
request can set the actor's name, but not sign it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor

from kit.access import Actor

DATABASE_ROLES = {
    ("police", False): "rasso_police_read",
    ("police", True): "rasso_police",
    ("partner", False): "rasso_partner_read",
    ("partner", True): "rasso_partner",
    ("system", False): "rasso_system",
    ("system", True): "rasso_system",
}


@dataclass(frozen=True)
class Bound:
    """What the database answered when it was told who is asking: the actor as it is now, and the time."""

    actor: Actor
    now: datetime
    # When reminders were last made, in real time; None for never. A clock that has stopped cannot say so itself.
    reminded_at: datetime | None = None
    is_silent: bool = False


def signed(user_id: int, kind: str) -> str:
    """``id:kind:signature``, as rasso.is_signed checks it."""
    key, said = settings.ACTOR_KEY.encode(), f"{int(user_id)}:{kind}"
    return f"{said}:{hashlib.sha256(key + hashlib.sha256(key + said.encode()).digest()).hexdigest()}"


@contextmanager
def _cursor_that_sends_values_apart() -> Iterator[Any]:
    """The text of a statement is shown to other sessions of the same login (pg_stat_activity); its values are not, sent this way."""
    connection.ensure_connection()
    with connection._prepare_cursor(ServerBindingCursor(connection.connection)) as cursor:  # type: ignore[attr-defined,call-arg]
        yield cursor


def as_now(actor: Actor) -> Actor:
    """The bound actor as the database knows them now: whoever waited for a lock may have lost a role, or left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.actor_roles(), ARRAY(SELECT rasso.supervised_units()), ARRAY(SELECT rasso.covered_people())")
        roles, units, covers = cursor.fetchone()
    return replace(actor, roles=frozenset(roles), supervised_unit_ids=tuple(units), covers=tuple(covers))


_current: ContextVar[Bound | None] = ContextVar("bound", default=None)


def current() -> Bound | None:
    """The binding of the open transaction, for records that must not trust an argument (kit.history)."""
    return _current.get()


@contextmanager
def bound_to(user_id: int, kind: str, *, may_write: bool) -> Iterator[Bound]:
    """Open the one transaction of a request or operation, bound to this person.

    The transaction is durable: opening it inside another raises RuntimeError, because the actor of an open transaction
    must not change. (Inside a test's own transaction it becomes a savepoint, and the binding is taken back at its end.)
    """
    with transaction.atomic(durable=True):
        with _cursor_that_sends_values_apart() as cursor:
            cursor.execute(
                "SELECT now, roles, supervised_units, covered_people, reminded_at, is_silent FROM rasso.bind(%s, %s)",
                [signed(user_id, kind), DATABASE_ROLES[kind, may_write]],
            )
            now, roles, units, covers, reminded_at, is_silent = cursor.fetchone()
        bound = Bound(Actor(user_id, kind, frozenset(roles), tuple(units), tuple(covers)), now, reminded_at, is_silent)
        token = _current.set(bound)
        try:
            yield bound
        finally:
            _current.reset(token)
        # An exception needs no such care: the savepoint that it rolls back takes the binding with it.
        if len(connection.atomic_blocks) > 1 and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('rasso.actor', '', true), set_config('role', 'none', true)")


# The system's own actor; no user has this number.
SYSTEM_ID = 0


@contextmanager
def as_worker() -> Iterator[Bound]:
    """A transaction of the system's own actor, with time for a large sweep or for waiting until another one has ended."""
    with bound_to(SYSTEM_ID, "system", may_write=True) as bound:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '200s'; SET LOCAL lock_timeout = '100s'")
        yield bound
