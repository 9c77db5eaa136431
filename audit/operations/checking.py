"""Check the whole record a slice at a time, and hand out the newest seal."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.policies import TRAILED
from kit import origin
from kit.access import Actor
from kit.binding import SYSTEM_ID, bound_to
from kit.views import OpenTo
from people.roles import Role

SYSTEM = Actor(SYSTEM_ID, "system", frozenset())
AUDITORS = OpenTo(frozenset({Role.AUDITOR}))
# Of a slice: less than a second's work.
ENTRIES_AT_ONCE = 50_000
# Of the worker, which has reminders to send as well; the next tick goes on.
SECONDS_OF_A_TICK = 20.0


@dataclass(frozen=True)
class Kept:
    """A seal as it is kept elsewhere."""

    number: int
    at: datetime
    hash: str
    cluster: int

    def as_file(self) -> str:
        """What `manage.py verify_audit --checkpoint` reads."""
        return json.dumps({**vars(self), "at": self.at.isoformat()}) + "\n"


@dataclass(frozen=True)
class Found:
    """How many entries a check read, how many wait for their seal, and what is wrong (audit.queries.checks.in_words)."""

    entries: int
    not_sealed: int
    faults: list[dict[str, Any]]


def begin_check(*, actor: Actor) -> UUID:
    return UUID(str(_ask(actor, "SELECT rasso.begin_check()")[0]))


def continue_check(check_id: UUID, *, actor: Actor) -> bool:
    """Do one slice; whether there is more to do."""
    return bool(_ask(actor, "SELECT rasso.continue_check(%s, %s, %s)", check_id, ENTRIES_AT_ONCE, TRAILED)[0])


def check_daily(*, actor: Actor) -> bool:
    """Some slices of the check that the clock makes each day; whether it is done with it for now. Safe to repeat and to run twice at once."""
    check_id, end = _ask(actor, "SELECT rasso.daily_check()")[0], time.monotonic() + SECONDS_OF_A_TICK
    while check_id and continue_check(check_id, actor=actor):
        if time.monotonic() > end:
            return False
    return True


def check_found(check_id: UUID, *, actor: Actor) -> Found:
    entries, not_sealed, faults = _ask(actor, "SELECT * FROM rasso.check_found(%s)", check_id)
    return Found(entries, not_sealed, faults if isinstance(faults, list) else json.loads(faults))


def seal_is(number: int, seal: str, *, actor: Actor) -> bool:
    """Whether this seal, kept elsewhere, is in the record."""
    return bool(_ask(actor, "SELECT rasso.seal_is(%s, %s)", number, seal)[0])


def keep_seal(*, actor: Actor) -> Kept | None:
    """The newest seal, and write down that it was handed out; nothing while nothing is sealed."""
    asked = origin.current()
    found = _ask(actor, "SELECT * FROM rasso.keep_seal(%s, %s)", asked.address, asked.request_id)
    return Kept(*found) if found[0] is not None else None


def _ask(actor: Actor, statement: str, *values: Any) -> tuple[Any, ...]:
    """In a transaction of its own; the function looks itself whether an auditor or the system asks."""
    with bound_to(actor.user_id, actor.kind, may_write=True), connection.cursor() as cursor:
        if actor.kind == "system":
            cursor.execute("SET LOCAL statement_timeout = '200s'")
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
