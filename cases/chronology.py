"""The only writer of events, and of the time limits that events start and meet."""

from datetime import datetime

from cases import deadlines
from cases.enums import EventKind
from cases.models import Case, Event, TimeLimit
from cases.rulebook import rulebook_for


def record(case: Case, kind: EventKind, *, by: int, at: datetime, now: datetime, text: str = "", subject: str = "") -> Event:
    """Write one entry of the chronology, meet each time limit it meets and start each it starts.

    ``at`` is when it happened, ``now`` when it is written down; both aware. Called inside an operation, which holds the case.
    """
    event = Event.unguarded.create(case=case, kind=kind, subject=subject, text=text, happened_at=at, recorded_at=now, by_id=by)
    meet_limits(case, event)
    start_limits(case, event)
    return event


def meet_limits(case: Case, event: Event) -> None:
    codes = [limit.code for limit in deadlines.LIMITS.values() if limit.met_by == event.kind]
    if codes:
        TimeLimit.unguarded.filter(case=case, met_at=None, rule__code__in=codes).update(met_by=event, met_at=event.happened_at)


def start_limits(case: Case, event: Event) -> None:
    started = [limit for limit in deadlines.LIMITS.values() if limit.starts == event.kind]
    if not started:
        return
    book = rulebook_for(case.recorded_at)
    for limit in started:
        begins = deadlines.limit_begins(limit, case.reported_at, case.recorded_at)
        rule = book.rules[limit.code]
        due_on = deadlines.limit_due(rule, begins, book.calendar)
        TimeLimit.unguarded.create(**TimeLimit.scope_of(case), rule=rule, started_by=event, due_on=due_on)
