"""The only writer of entries, and of the time limits that entries start, meet, suspend and stop."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from cases import deadlines
from cases.deadlines import CountedFrom, Due, Limit, Mark
from cases.enums import WORK_OF_THE_CASE, About, EventKind, Nature
from cases.models import Action, Case, Event, TimeLimit, Victim
from cases.rulebook import Rulebook, rulebook_for, working_calendar
from kit.binding import current
from kit.workdays import calendar_for


def record(
    case: Case,
    kind: EventKind,
    *,
    by: int,
    at: datetime,
    now: datetime,
    text: str = "",
    subject: str = "",
    nature: Nature = Nature.FACT,
    until: date | None = None,
    about_id: UUID | None = None,
    limit: TimeLimit | None = None,
) -> Event:
    """Write one entry, start each time limit that it starts and settle each that it touches.

    ``at`` is when it happened, ``now`` when it is written down; both aware. Called inside an operation, which holds the case.
    """
    event = Event.unguarded.create(
        case=case,
        kind=kind,
        subject=subject,
        nature=nature,
        text=text,
        happened_at=at,
        recorded_at=now,
        by_id=by,
        on_behalf_of_id=covered_by_actor(case, kind),
        until=until,
        about_id=about_id,
        limit=limit,
    )
    settle_limits(event)
    start_limits(case, event)
    return event


def covered_by_actor(case: Case, kind: EventKind) -> int | None:
    """For whom the bound actor acts: whoever they cover for, where that alone lets them. One query, for those who cover only."""
    bound = current()
    if bound is None or not bound.actor.covers:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.on_behalf_of(%s, %s)", [case.pk, kind in WORK_OF_THE_CASE])
        person: int | None = cursor.fetchone()[0]
    return person


def strike(event: Event, *, by: int, now: datetime, because: str) -> None:
    """Strike out an entry made in error: it stays readable, and every time limit that hung on it stands as if it had never been
    written, with the due date it had (decision 23)."""
    event.struck_at, event.struck_by_id, event.struck_because = now, by, because
    event.save(update_fields=["struck_at", "struck_by", "struck_because"])
    record(event.case, EventKind.ENTRY_STRUCK, by=by, at=now, now=now, text=because, subject=event.subject, about_id=event.pk)
    settle_limits(event)
    for limit in TimeLimit.unguarded.filter(case=event.case, started_by=event).select_related("rule", "started_by"):
        settle(limit)


def start_limits(case: Case, event: Event) -> None:
    if not started_by(event):
        return
    for limit in limits_started(case, event, rulebook_for(event.happened_at), victims_of(case)):
        limit.save(force_insert=True)
        if deadlines.LIMITS[limit.rule.code].counted_from is CountedFrom.EVENT:
            # What meets it may be written already: an entry was struck out and is entered again as it really was.
            settle(limit)


def started_by(event: Event) -> list[Limit]:
    """What this entry starts."""
    return [limit for limit in deadlines.LIMITS.values() if event.kind in limit.starts]


def limits_started(case: Case, event: Event, book: Rulebook, victims: Iterable[int]) -> list[TimeLimit]:
    """The time limits that an entry starts, not saved yet; ``victims``: the numbers of the victims of the case. No query."""
    started = []
    for limit in started_by(event):
        rule = book.rules.get(limit.code)
        if rule is None:
            # The force's pack has no such rule on that day.
            continue
        begins = deadlines.limit_begins(limit, case.reported_at, case.recorded_at, event.happened_at)
        due = deadlines.limit_due(rule, begins, book.calendar)
        started += [
            TimeLimit(
                **TimeLimit.scope_of(case),
                rule=rule,
                subject=subject,
                started_by=event,
                begins_at=begins,
                first_due_on=due.on,
                due_on=due.on,
                due_at=due.at,
                **deadlines.notice(rule, due.on, book.calendar),
            )
            for subject in subjects(limit, event, victims)
        ]
    return started


def victims_of(case: Case) -> list[int]:
    return list(Victim.unguarded.filter(case=case).order_by("number").values_list("number", flat=True))


def subjects(limit: Limit, event: Event, victims: Iterable[int]) -> list[str]:
    """Whom or what the limit is about: each victim of the case, or what the entry names."""
    if limit.about is About.VICTIM:
        return [f"V{number}" for number in victims]
    return [event.subject] if limit.about else [""]


def settle_limits(event: Event) -> None:
    """Settle the limits that this entry could meet, and the one that it names."""
    codes = [limit.code for limit in deadlines.LIMITS.values() if limit.met_by == event.kind]
    touched = TimeLimit.unguarded.filter(case=event.case).select_related("rule", "started_by")
    if event.limit_id is not None:
        settle(touched.get(pk=event.limit_id))
    could_be_met = touched.filter(rule__code__in=codes, subject__in=("", event.subject))
    if event.kind in deadlines.ANSWERS:
        # It answers one entry; all others stand as they stood.
        could_be_met = could_be_met.filter(started_by_id=event.about_id)
    for limit in could_be_met if codes else ():
        settle(limit)


def settle(limit: TimeLimit) -> None:
    """Write down how the limit stands by the entries that stand."""
    was_due_on = limit.due_on
    stand_by(limit, marks_of(limit), void_by(limit))
    changed = ["met_by", "met_at", "suspended_by", "stopped_by", "due_on", "due_at"]
    if limit.due_on != was_due_on:
        changed += remind_anew(limit, deadlines.notice(limit.rule, limit.due_on, working_calendar()))
    limit.save(update_fields=changed)


def remind_anew(thing: TimeLimit | Action, notice: dict[str, Any]) -> list[str]:
    """Set who hears of its new date and when; answers the names of the fields."""
    for name, value in notice.items():
        setattr(thing, name, value)
    return list(notice)


def stand_by(limit: TimeLimit, marks: Iterable[Mark], void: Event | None = None) -> None:
    """Set how the limit stands by these entries, and save nothing. ``void``: the entry that struck out the one that started it."""
    stands = deadlines.standing(first_due(limit), marks, deadlines.LIMITS[limit.rule.code].met_by)
    limit.met_by, limit.met_at = (stands.met.event, stands.met.at) if stands.met else (None, None)
    limit.suspended_by = stands.suspended.event if stands.suspended else None
    limit.stopped_by = void or (stands.stopped.event if stands.stopped else None)
    limit.due_on, limit.due_at = stands.due


def first_due(limit: TimeLimit) -> Due:
    """Until when it could be met when it was given. Hours are elapsed time, so no calendar is asked again."""
    if limit.due_at is None:
        return Due(limit.first_due_on)
    return deadlines.limit_due(limit.rule, limit.begins_at, calendar_for(limit.rule.profile))


def due_of(limit: TimeLimit) -> Due:
    """Until when it can be met now."""
    return Due(limit.due_on, limit.due_at)


def void_by(limit: TimeLimit) -> Event | None:
    """The entry that struck out the one that started this limit."""
    if limit.started_by.struck_at is None:
        return None
    return Event.unguarded.get(case_id=limit.case_id, kind=EventKind.ENTRY_STRUCK, about_id=limit.started_by_id)


def marks_of(limit: TimeLimit) -> list[Mark]:
    """The entries that stand and change how this limit stands."""
    standing = Event.unguarded.filter(case_id=limit.case_id, struck_at=None)
    met_by = deadlines.LIMITS[limit.rule.code].met_by
    return marks_among(limit, standing.filter(Q(limit=limit) | Q(kind=met_by)))


def marks_among(limit: TimeLimit, standing: Iterable[Event]) -> list[Mark]:
    """Those of these entries that change how the limit stands; of one moment, the one written first comes first."""
    declared = deadlines.LIMITS[limit.rule.code]
    written = sorted(standing, key=lambda event: (event.recorded_at, event.pk))
    return [
        Mark(EventKind(event.kind), event.happened_at, event, event.until)
        for event in written
        if event.limit_id == limit.pk or is_met_by(declared, limit, event)
    ]


def is_met_by(declared: Limit, limit: TimeLimit, event: Event) -> bool:
    return event.kind == declared.met_by and meets(declared, limit, event)


def meets(declared: Limit, limit: TimeLimit, event: Event) -> bool:
    if limit.subject not in ("", event.subject):
        return False
    if declared.is_answered:
        return event.about_id == limit.started_by_id
    return declared.counted_from is not CountedFrom.EVENT or event.happened_at >= limit.begins_at
