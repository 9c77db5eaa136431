"""What the auditor says: of what stands out, and of breaches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from uuid6 import uuid7

from kit.access import Actor, NotVisible
from kit.operations import held_by
from kit.refusal import Blocked
from people.roles import Role

OF_YOURSELF = "This is about yourself. Ask another auditor or a Detective Superintendent to answer it."


@held_by(Role.AUDITOR, Role.SUPERINTENDENT)
def answer_signal(*, actor: Actor, now: datetime, signal_id: int, about: int | None, answer: str, words: str) -> None:
    """Raises Blocked for whoever it is about, and NotVisible where it is not theirs to answer: a Detective Superintendent answers of
    auditors only."""
    if about == actor.user_id:
        raise Blocked(OF_YOURSELF)
    if not _done("SELECT rasso.answer_signal(%s, %s, %s)", signal_id, answer, words):
        raise NotVisible


@held_by(Role.AUDITOR)
def enter_breach(*, actor: Actor, now: datetime, known_at: datetime, what: str, people_about: int | None) -> UUID:
    made: UUID = uuid7()
    _done("SELECT rasso.enter_breach(%s, %s, %s, %s)", made, known_at, what, people_about)
    return made


@held_by(Role.AUDITOR)
def decide_breach(*, actor: Actor, now: datetime, breach_id: UUID, told_at: datetime | None, because: str) -> None:
    if not _done("SELECT rasso.decide_breach(%s, %s, %s)", breach_id, told_at, because):
        raise Blocked("Somebody has decided this already. Open the register to see what they said.")


@held_by(Role.AUDITOR)
def close_breach(*, actor: Actor, now: datetime, breach_id: UUID) -> None:
    if not _done("SELECT rasso.close_breach(%s)", breach_id):
        raise Blocked("A breach is closed once, after it was decided whether to tell the regulator.")


def _done(statement: str, *values: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.fetchone()[0])
