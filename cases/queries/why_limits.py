"""Why a time limit is due when it is due, and how it stands: in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cases import chronology, deadlines
from cases.deadlines import CountedFrom, Due, Limit
from cases.enums import Calendar, EventKind, LimitState
from cases.queries.chronology import called
from kit import dates
from kit.wording import in_sentence
from kit.workdays import calendar_for, public_holidays

SATURDAY = 5
STATES = {
    LimitState.RUNNING: "Runs",
    LimitState.SUSPENDED: "Suspended",
    LimitState.NOT_APPLICABLE: "Does not apply",
    LimitState.VOID: "Fell away",
}


@dataclass(frozen=True)
class Daybook:
    """Which days are not worked, each by its name."""

    profile: str
    local_days: list[Any]

    def not_counted(self, start: date, end: date, given_at: datetime | None = None) -> Iterator[str]:
        """“Not counted, because nobody works then: …”, for the days after start up to end. A local day that was added after the
        date was given was counted, so it is not among them."""
        local = {one.day: one.name for one in self.local_days if was_known(one, given_at)}
        calendar = calendar_for(self.profile, local)
        days = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
        named = [self.named(day, local) for day in days if not calendar.is_working_day(day)]
        if named:
            yield f"Not counted, because nobody works then: {', '.join(named)}."

    def named(self, day: date, local: dict[date, str]) -> str:
        """“25 December 2026 (Christmas Day)”"""
        name = local.get(day) or public_holidays(self.profile, day.year).get(day)
        return f"{dates.day(day)} ({name or dates.WEEKDAYS[day.weekday()]})"


def was_known(local_day: Any, given_at: datetime | None) -> bool:
    return given_at is None or local_day.added_at is None or local_day.added_at <= given_at


class Told:
    """The entries of a case, by what they say about time limits."""

    def __init__(self, events: Iterable[Any]) -> None:
        self.events = list(events)
        self.by_limit: dict[Any, list[Any]] = {}
        for event in self.events:
            if event.limit_id is not None and event.struck_at is None:
                self.by_limit.setdefault(event.limit_id, []).append(event)

    def struck_meetings(self, declared: Limit, limit: Any) -> list[Any]:
        """Entries that would have met it, had they not been struck out."""
        return [
            event
            for event in self.events
            if event.struck_at is not None and event.kind == declared.met_by and chronology.meets(declared, limit, event)
        ]


def why_limit(case: Any, limit: Any, told: Told, book: Daybook) -> dict[str, Any]:
    declared = deadlines.LIMITS[limit.rule.code]
    first = chronology.first_due(limit)
    reasons = [
        *start_in_words(limit, declared),
        *allowed(limit, first, book),
        *pauses(limit, first, told, book),
        *(struck_meeting(event) for event in told.struck_meetings(declared, limit)),
        *end_in_words(limit),
    ]
    return {
        "due": due_in_words(chronology.due_of(limit)),
        "due_on": limit.due_on,
        "state": state_in_words(limit),
        "reasons": reasons,
    }


def state_in_words(limit: Any) -> str:
    if limit.state is LimitState.MET:
        return "Met late" if deadlines.is_late(chronology.due_of(limit), limit.met_at) else "Met"
    return STATES[limit.state]


def start_in_words(limit: Any, declared: Limit) -> Iterator[str]:
    begins = timezone.localtime(limit.begins_at)
    if declared.counted_from is CountedFrom.EVENT:
        what = f"when this happened: {called(limit.started_by)}"
    else:
        what = f"the day the crime was {declared.counted_from.value}"
    if limit.due_at is not None:
        yield f"Counted from {dates.day_and_time(begins)}, {what}."
    else:
        yield f"Counted from {dates.day(begins.date())}, {what}; that day is day 0."


def allowed(limit: Any, first: Due, book: Daybook) -> Iterator[str]:
    rule = limit.rule
    if rule.calendar == Calendar.HOURS:
        yield f"{rule.allowed} are allowed, day and night: until {due_in_words(first)}."
        return
    yield f"{rule.allowed} {'is' if rule.amount == 1 else 'are'} allowed; it ends with the last of them, on {dates.day(first.on)}."
    if rule.calendar == Calendar.WORKING_DAYS:
        yield from book.not_counted(timezone.localdate(limit.begins_at), first.on, limit.started_by.recorded_at)


def pauses(limit: Any, first: Due, told: Told, book: Daybook) -> Iterator[str]:
    """Each suspension and resumption, each “does not apply” and “applies after all”, in their order."""
    due, since = first, None
    for event in told.by_limit.get(limit.pk, ()):
        day = dates.day(timezone.localdate(event.happened_at))
        if event.kind == EventKind.LIMIT_SUSPENDED:
            since = event
            again = f" To be looked at again on {dates.day(event.until)}." if event.until else ""
            yield f"Suspended on {day} by {event.by_whom}. {event.text}{again}"
        elif event.kind == EventKind.LIMIT_RESUMED:
            before, due = due, resumed(due, since, event)
            yield resumed_in_words(event, since, before, due)
            if limit.rule.calendar == Calendar.WORKING_DAYS and due != before:
                yield from book.not_counted(timezone.localdate(event.happened_at), due.on, event.recorded_at)
            since = None
        elif event.kind == EventKind.LIMIT_NOT_APPLICABLE:
            yield f"Said on {day} by {event.by_whom} not to apply. {event.text}"
        elif event.kind == EventKind.LIMIT_REOPENED:
            yield f"Said on {day} by {event.by_whom} to apply after all; it runs with the date it had. {event.text}"


def resumed(due: Due, since: Any, event: Any) -> Due:
    if due.at is None:
        return Due(event.until or due.on)
    if since is None or due.at < since.happened_at:
        return due
    at = event.happened_at + (due.at - since.happened_at)
    return Due(timezone.localdate(at), at)


def resumed_in_words(event: Any, since: Any, before: Due, due: Due) -> str:
    day = dates.day(timezone.localdate(event.happened_at))
    words = f"Ran again from {day}, by {event.by_whom}. {event.text}"
    if due == before or since is None:
        return f"{words} Its date stayed {due_in_words(due)}."
    stood_still = (timezone.localdate(event.happened_at) - timezone.localdate(since.happened_at)).days
    return f"{words} It had stood still for {dates.count(stood_still, 'day')}, so it is due {due_in_words(due)} and not {due_in_words(before)}."


def struck_meeting(event: Any) -> str:
    struck = (
        f"struck out on {dates.day(timezone.localdate(event.struck_at))} by {event.struck_by.called} ({event.struck_because})"
    )
    return f"“{called(event)}” of {dates.day(timezone.localdate(event.happened_at))} said that it was met. That was {struck}, so it counts for nothing."


def end_in_words(limit: Any) -> Iterator[str]:
    if limit.state is LimitState.VOID:
        start = limit.started_by
        struck = f"struck out on {dates.day(timezone.localdate(start.struck_at))} by {start.struck_by.called}"
        yield f"It fell away: what started it was {struck}. {start.struck_because}"
    elif limit.state is LimitState.MET:
        met = timezone.localtime(limit.met_at)
        when = dates.day_and_time(met) if limit.due_at is not None else dates.day(met.date())
        late = f", {lateness(limit)}" if deadlines.is_late(chronology.due_of(limit), limit.met_at) else ""
        yield f"It was met on {when}{late}: {in_sentence(limit.met_by.get_kind_display())}."


def lateness(limit: Any) -> str:
    """“2 days late”"""
    if limit.due_at is not None:
        local = [timezone.localtime(moment) for moment in (limit.due_at, limit.met_at)]
        return dates.urgency_to_the_minute(*local).word.split(",")[0]
    return dates.urgency(limit.due_on, timezone.localdate(limit.met_at)).word.split(",")[0]


def due_in_words(due: Due) -> str:
    return dates.day_and_time(timezone.localtime(due.at)) if due.at is not None else dates.day(due.on)
