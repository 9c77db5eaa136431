"""Add an entry to the chronology by hand."""

from datetime import datetime

from cases import chronology
from cases.enums import ADDED_BY_HAND, Act, EventKind
from cases.models import Case, Event
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked


@operation(Act.INVESTIGATE)
def record_event(case: Case, *, actor: Actor, now: datetime, kind: EventKind, at: datetime, text: str) -> Event:
    """Write what the officer did or learned; it meets the time limits that this kind of event meets."""
    if kind not in ADDED_BY_HAND:
        raise Blocked("This kind of entry is written by the act itself. Choose another.")
    if at > now:
        raise Blocked("It cannot have happened later than now.")
    return chronology.record(case, kind, by=actor.user_id, at=at, now=now, text=text)
