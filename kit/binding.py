"""The fifth lock: every transaction that reads guarded rows first tells the database for whom.

``rasso.bind`` (people/sql) sets the actor and the database role for this transaction only, so nothing can survive in a pooled
connection. Reading requests get a role that can only SELECT and call the record function.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

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
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT now, roles, supervised_units, covered_people, reminded_at, is_silent FROM rasso.bind(%s, %s)",
                [f"{int(user_id)}:{kind}", DATABASE_ROLES[kind, may_write]],
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
