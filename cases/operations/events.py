"""Add an entry to the chronology by hand; strike out one that was made in error."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases import chronology, deadlines, workflow
from cases.enums import ADDED_BY_HAND, CARRY_A_DATE, NEW_DEVICE, About, Act, EventKind, Nature
from cases.models import Case, Event, Suspect, Victim
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation
from kit.refusal import Blocked

# What may still be written when a case has ended: nothing that starts a time limit or asks for work.
ON_ENDED_CASES = frozenset({EventKind.NOTE, EventKind.VICTIM_CONTACT, EventKind.VICTIM_TOLD, EventKind.SAFETY_CHECKED})


@operation(Act.INVESTIGATE)
def record_event(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    kind: EventKind,
    at: datetime,
    text: str,
    subject: str = "",
    nature: Nature = Nature.FACT,
    until: date | None = None,
    about: Sequence[UUID] = (),
) -> list[Event]:
    """Write what the officer did or learned; it starts and meets the time limits that this kind of entry starts and meets.

    ``subject``: V1, S2, D3 where the kind asks for one; the only one there is need not be named. ``about``: what V1 was told of,
    entries of this case; each is an entry of its own. ``until``: the day on which bail ends.
    Raises Blocked with a sentence for each thing that does not fit.
    """
    if kind not in ADDED_BY_HAND:
        raise Blocked("This kind of entry is written by the act itself. Choose another.")
    if kind not in ON_ENDED_CASES:
        workflow.refuse_on_closed(case)
    subject = subject or the_only(case, ADDED_BY_HAND[kind])
    if subject == NEW_DEVICE and kind == EventKind.DEVICE_TAKEN:
        # Under the lock, so that two new devices never share a number.
        subject = next_device(case)
    refuse_what_does_not_fit(case, kind, at, now, subject, until, about)
    return [
        chronology.record(
            case,
            kind,
            by=actor.user_id,
            at=at,
            now=now,
            text=text,
            subject=subject,
            nature=nature,
            until=until,
            about_id=about_id,
        )
        for about_id in about or (None,)
    ]


def refuse_what_does_not_fit(
    case: Case,
    kind: EventKind,
    at: datetime,
    now: datetime,
    subject: str,
    until: date | None,
    about: Sequence[UUID],
) -> None:
    reasons = []
    if at > now:
        reasons.append("It cannot have happened later than now.")
    wanted = ADDED_BY_HAND[kind]
    # An entry of a kind that need not be about anybody may still be, but about nobody who is not there.
    there_are = [one for each in ((wanted,) if wanted else About) for one in subjects_of(case, each, kind)]
    if (wanted or subject) and subject not in there_are:
        reasons.append("Choose whom or what it is about.")
    if kind in CARRY_A_DATE and (until is None or until < local_date(at)):
        reasons.append("Enter the day on which bail ends.")
    if kind == EventKind.VICTIM_TOLD and not told_of(case, about):
        reasons.append("Choose what V1 was told about.")
    if kind == EventKind.VICTIM_TOLD and Event.unguarded.filter(case=case, pk__in=about, happened_at__gt=at).exists():
        reasons.append("V1 cannot have been told before it happened. Check the date and the time.")
    if reasons:
        raise Blocked(*reasons)


def told_of(case: Case, about: Sequence[UUID]) -> bool:
    """Whether these are entries of this case that stand and that V1 has a right to hear of."""
    fitting = Event.unguarded.filter(case=case, pk__in=about, kind__in=deadlines.TO_BE_TOLD, struck_at=None)
    return bool(about) and fitting.count() == len(set(about))


def the_only(case: Case, about: About | None) -> str:
    """The one victim or suspect there is; nothing where there are several."""
    known = subjects_of(case, about, None) if about in (About.VICTIM, About.SUSPECT) else []
    return known[0] if len(known) == 1 else ""


def subjects_of(case: Case, about: About | None, kind: EventKind | None) -> list[str]:
    """Whom or what an entry of this kind can be about: V1, S1, S2; a device that was taken, or the next one to be."""
    if about is About.DEVICE:
        taken = device_numbers(case)
        known = [f"D{number}" for number in taken]
        return [*known, next_device(case)] if kind == EventKind.DEVICE_TAKEN else known
    people: dict[About, Any] = {About.VICTIM: Victim, About.SUSPECT: Suspect}
    if about is None:
        return []
    return [str(one) for one in people[about].unguarded.filter(case=case).order_by("number")]


def next_device(case: Case) -> str:
    return f"D{max(device_numbers(case), default=0) + 1}"


def device_numbers(case: Case) -> list[int]:
    devices = Event.unguarded.filter(case=case, kind=EventKind.DEVICE_TAKEN).values_list("subject", flat=True)
    return sorted({int(subject.removeprefix("D")) for subject in devices})


@operation(Act.CORRECT)
def strike_event(event: Event, *, actor: Actor, now: datetime, because: str) -> None:
    """Strike out an entry made in error. It stays readable; what hung on it stands as if it had never been written.

    Raises Blocked for an entry that an act wrote (the act itself must be put right), that is struck out already, or of a case that
    has ended.
    """
    if reasons := workflow.strike_blockers(event):
        raise Blocked(*reasons)
    chronology.strike(event, by=actor.user_id, now=now, because=because)
