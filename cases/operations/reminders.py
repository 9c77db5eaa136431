"""Remind: one sweep, then the messages of the day that wait. Celery's clock, cron and people all call `send_reminders`.

The rows decide, so it may run at any time, twice at once, and again after a crash: each reminder is made once, each message
sent at least once.
"""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from cases.enums import MessageKind
from cases.models import Message
from cases.notifications import Counts, send_message
from kit.binding import as_worker
from kit.clock import local_date
from kit.refusal import Blocked

log = logging.getLogger(__name__)

# Longer than a whole conversation with a mail server that is as slow as it may be (EMAIL_TIMEOUT for each answer); a message whose
# sender died is taken up again after it.
LEASE = timedelta(minutes=10)
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
    """A message taken for sending. It says nothing (all counts are 0) if everything was done meanwhile, and goes to nobody if its owner
    has left or has no address: the administrator's page names them once, and no message of theirs fails.
    """

    message_id: UUID
    attempt: int
    address: str
    counts: Counts


def send_reminders(*, as_of: datetime | None = None, whole: bool = True) -> Reminded:
    """Sweep and deliver, as of now or another moment. ``whole``: look at everything again; see rasso.sweep_as_of.

    Raises Blocked for a moment ahead of the clock: a reminder made early could not be taken back. Only where the clock itself
    can be moved, in the demonstration and in tests, may the moment be later.
    """
    end = time.monotonic() + RUN_SECONDS
    with as_worker() as bound:
        if as_of is not None and as_of > bound.now and not settings.DEMONSTRATION:
            raise Blocked("Choose a moment that has passed. Reminders are not made ahead of time.")
        moment = as_of or bound.now
        made = _ask("SELECT rasso.sweep_as_of(%s, %s)", moment, whole)[0]
        _waiting(moment).filter(_overtaken(moment)).update(dropped_at=moment)
    began = timezone.now()
    outcomes = list(_deliver(moment, end))
    done = Reminded(made, *(outcomes.count(outcome) for outcome in ("sent", "dropped", "failed")))
    with as_worker():
        numbers = json.dumps({"sent": done.sent, "had nothing left to say or no address": done.dropped, "failed": done.failed})
        _ask("SELECT rasso.job_ended('messages', %s, %s)", began, numbers)
    return done


def broke_off(error: Exception) -> None:
    """Write down that a run ended by a fault: the kind of fault, never its words."""
    with as_worker():
        _ask("SELECT rasso.job_broke_off('reminders', %s)", type(error).__name__)


def _deliver(moment: datetime, end: float) -> Iterator[str]:
    """Send what waits, one by one, so that what each says is as fresh as it can be."""
    while time.monotonic() < end:
        claim = _claim(moment)
        if claim is None:
            return
        if not claim.address or not any(claim.counts):
            _settle(claim, dropped_at=moment)
            yield "dropped"
            continue
        yield _send(claim, moment)


def _claim(moment: datetime) -> Claim | None:
    """Take the next message for the length of the lease, and choose its words: both in one transaction, see rasso.message_content."""
    with as_worker():
        free = _waiting(moment).exclude(_overtaken(moment)).filter(send_after__lte=moment)
        message = free.order_by("send_after", "pk").select_for_update(skip_locked=True).first()
        if message is None:
            return None
        Message.unguarded.filter(pk=message.pk).update(leased_until=Now() + LEASE, attempts=F("attempts") + 1)
        address, *counts = _ask("SELECT * FROM rasso.message_content(%s, %s)", message.pk, moment)
        return Claim(message.pk, message.attempts + 1, address or "", Counts(*counts))


def _send(claim: Claim, moment: datetime) -> str:
    try:
        send_message(claim.message_id, claim.address, claim.counts)
    except Exception as error:  # whatever is wrong with one message must not hold up the others
        log.warning(
            "cases.message.failed",
            extra={"message_id": str(claim.message_id), "attempt": claim.attempt, "error": type(error).__name__},
        )
        # The last attempt needs no later one: it stands on the administrator's page as given up.
        wait = BACK_OFF[claim.attempt - 1] if claim.attempt <= len(BACK_OFF) else timedelta()
        _settle(claim, leased_until=Now() + wait, last_error=type(error).__name__)
        return "failed"
    _settle(claim, sent_at=moment)
    return "sent"


def _settle(claim: Claim, **fields: Any) -> None:
    with as_worker():
        Message.unguarded.filter(pk=claim.message_id, sent_at=None).update(**fields)


def _waiting(moment: datetime) -> QuerySet[Message]:
    """Messages of this day and earlier that are neither sent nor dropped nor given up, and that nobody is sending."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    return Message.unguarded.filter(
        free, sent_at=None, dropped_at=None, attempts__lt=Message.MOST_ATTEMPTS, local_date__lte=local_date(moment)
    )


def _overtaken(moment: datetime) -> Any:
    """There is a later message of the day to the same person, which says it all. No escalation is overtaken."""
    later = Message.unguarded.filter(
        kind=MessageKind.DIGEST,
        owner=OuterRef("owner"),
        local_date__gt=OuterRef("local_date"),
        local_date__lte=local_date(moment),
    )
    return Exists(later) & Q(kind=MessageKind.DIGEST)


def _ask(statement: str, *parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
