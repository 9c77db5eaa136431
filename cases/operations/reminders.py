"""Remind: one sweep, then the messages of the day that wait. Celery's clock, cron and people all call `send_reminders`.

The rows decide, so it may run at any time, twice at once, and again after a crash: each reminder is made once, each message
sent at least once.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from cases.models import Digest
from cases.notifications import send_digest
from kit.binding import Bound, bound_to
from kit.clock import local_date
from kit.refusal import Blocked

log = logging.getLogger(__name__)

# The system's own actor; no user has this number.
SYSTEM_ID = 0
# Longer than any mail server may take to answer; a message whose sender died is taken up again after it.
LEASE = timedelta(minutes=5)
# How long to wait after the first failure, the second, and so on.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# No message is begun when a run has lasted so long, so that the worker's own limit (rasso/celery.py) never cuts one off.
RUN_SECONDS = 180


@dataclass(frozen=True)
class Reminded:
    """What one run did: lines made on people's lists; messages sent, left unsaid and failed."""

    made: int
    sent: int = 0
    dropped: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Claim:
    """A message taken for sending. It says nothing (``due`` and ``late`` are 0) if everything was done meanwhile."""

    digest_id: UUID
    attempt: int
    address: str | None
    due: int
    late: int


def send_reminders(*, as_of: datetime | None = None) -> Reminded:
    """Sweep and deliver, as of now or another moment.

    Raises Blocked for a moment ahead of the clock: a reminder made early could not be taken back. Only where the clock itself
    can be moved, in the demonstration and in tests, may the moment be later.
    """
    end = time.monotonic() + RUN_SECONDS
    with as_worker() as bound:
        if as_of is not None and as_of > bound.now and not settings.DEMONSTRATION:
            raise Blocked("Choose a moment that has passed. Reminders are not made ahead of time.")
        moment = as_of or bound.now
        made = _ask("SELECT rasso.sweep_as_of(%s)", moment)[0]
        _waiting(moment).filter(_overtaken(moment)).update(dropped_at=moment)
    outcomes = list(_deliver(moment, end))
    return Reminded(made, *(outcomes.count(outcome) for outcome in ("sent", "dropped", "failed")))


@contextmanager
def as_worker() -> Iterator[Bound]:
    """A transaction of the system's own actor, with time for a large sweep or for waiting until another one has ended."""
    with bound_to(SYSTEM_ID, "system", may_write=True) as bound:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '200s'; SET LOCAL lock_timeout = '100s'")
        yield bound


def _deliver(moment: datetime, end: float) -> Iterator[str]:
    """Send what waits, one by one, so that what each says is as fresh as it can be."""
    while time.monotonic() < end:
        claim = _claim(moment)
        if claim is None:
            return
        if claim.address is None or not claim.due + claim.late:
            _settle(claim, dropped_at=moment)
            yield "dropped"
            continue
        yield _send(claim, moment)


def _claim(moment: datetime) -> Claim | None:
    """Take the next message for the length of the lease, and choose its words: both in one transaction, see rasso.digest_content."""
    with as_worker():
        free = _waiting(moment).exclude(_overtaken(moment)).filter(send_after__lte=moment)
        digest = free.order_by("send_after", "pk").select_for_update(skip_locked=True).first()
        if digest is None:
            return None
        Digest.unguarded.filter(pk=digest.pk).update(leased_until=Now() + LEASE, attempts=F("attempts") + 1)
        address, due, late = _ask(
            "SELECT address, due, late FROM rasso.digest_content(%s, %s)", digest.owner_id, local_date(moment)
        )
        return Claim(digest.pk, digest.attempts + 1, address, due, late)


def _send(claim: Claim, moment: datetime) -> str:
    try:
        send_digest(claim.digest_id, claim.address or "", due=claim.due, late=claim.late)
    except Exception as error:  # whatever is wrong with one message must not hold up the others
        log.warning(
            "cases.digest.failed", extra={"digest": str(claim.digest_id), "attempt": claim.attempt, "error": type(error).__name__}
        )
        if claim.attempt <= len(BACK_OFF):
            _settle(claim, leased_until=Now() + BACK_OFF[claim.attempt - 1])
        return "failed"
    _settle(claim, sent_at=moment)
    return "sent"


def _settle(claim: Claim, **fields: Any) -> None:
    with as_worker():
        Digest.unguarded.filter(pk=claim.digest_id, sent_at=None).update(**fields)


def _waiting(moment: datetime) -> QuerySet[Digest]:
    """Messages of this day and earlier that are neither sent nor dropped nor given up, and that nobody is sending."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    return Digest.unguarded.filter(
        free, sent_at=None, dropped_at=None, attempts__lt=Digest.MOST_ATTEMPTS, local_date__lte=local_date(moment)
    )


def _overtaken(moment: datetime) -> Exists:
    """There is a later message to the same person, which says it all."""
    later = Digest.unguarded.filter(
        owner=OuterRef("owner"), local_date__gt=OuterRef("local_date"), local_date__lte=local_date(moment)
    )
    return Exists(later)


def _ask(statement: str, *parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
