"""What an entry starts, meets and takes back: before it is written, after it was written, and if it were struck out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from cases import chronology, deadlines
from cases.enums import About, EventKind, LimitState
from cases.models import Event, Suspect, TimeLimit, Victim
from cases.queries.chronology import FIRST_VICTIM, about_whom, called, in_order
from kit import dates
from kit.dates import Urgency


def subjects_of(case: Any) -> dict[About, list[str]]:
    """Whom and what an entry of the case can be about. Three queries."""
    devices = Event.unguarded.filter(case=case, subject__startswith=About.DEVICE).values_list("subject", flat=True).distinct()
    return {
        About.VICTIM: [str(one) for one in Victim.unguarded.filter(case=case).order_by("number")],
        About.SUSPECT: [str(one) for one in Suspect.unguarded.filter(case=case).order_by("number")],
        About.DEVICE: in_order(devices),
    }


def still_to_tell(case: Any) -> list[tuple[str, str]]:
    """Of which entries V1 has still to be told, with the day until when. One query."""
    codes = [limit.code for limit in deadlines.LIMITS.values() if limit.is_answered]
    open_limits = TimeLimit.unguarded.filter(case=case, rule__code__in=codes, met_at=None, stopped_by=None)
    told: dict[str, str] = {}
    for limit in open_limits.select_related("started_by").order_by("due_on", "started_by_id", "subject"):
        entry = limit.started_by
        when = dates.day_and_time(timezone.localtime(entry.happened_at))
        state = "suspended" if limit.state is LimitState.SUSPENDED else f"due {dates.day(limit.due_on)}"
        told.setdefault(str(entry.pk), f"{called(entry)} on {when}; {state}")
    return list(told.items())


def told_already(case: Any, about: Iterable[UUID], now: datetime) -> str:
    """Who has told V1 about these entries meanwhile, where nobody need do so any more: “DC … logged this contact at 09:15. Nothing
    more to do.” One query."""
    limits = list(TimeLimit.unguarded.filter(case=case, started_by__in=about, stopped_by=None).select_related("met_by__by"))
    answers = [limit.met_by for limit in limits if limit.met_by is not None]
    if not answers or len(answers) < len(limits):
        return ""
    told = max(answers, key=lambda entry: entry.recorded_at)
    at = timezone.localtime(told.recorded_at)
    when = f"at {dates.time_of_day(at)}" if at.date() == timezone.localdate(now) else f"on {dates.day_and_time(at)}"
    return f"{told.by.called} logged this contact {when}. Nothing more to do."


def what_it_did(case: Any, events: Iterable[UUID]) -> str:
    """“Met: Tell V1 about the arrest. Now runs: Tell V1 about bail, due 4 November 2026.” One query."""
    keys = set(events)
    touched = TimeLimit.unguarded.filter(case=case).select_related("rule").order_by("due_on", "subject")
    limits = [limit for limit in touched if limit.met_by_id in keys or limit.started_by_id in keys]
    met = [with_subject(limit) for limit in limits if limit.met_by_id in keys]
    runs = [
        f"{with_subject(limit)}, {until_when(limit)}" for limit in limits if limit.started_by_id in keys and limit.met_at is None
    ]
    sentences = [f"Met: {'; '.join(met)}." if met else "", f"Now runs: {'; '.join(runs)}." if runs else ""]
    return " ".join(sentence for sentence in sentences if sentence)


def with_subject(limit: Any) -> str:
    """“Return or replace the device (D1)”, “Tell V2 about the arrest”; the first victim goes without saying."""
    return about_whom(limit.rule.label, "" if limit.subject == FIRST_VICTIM else limit.subject)


def until_when(limit: Any) -> str:
    if limit.due_at is not None:
        return f"due {dates.day_and_time(timezone.localtime(limit.due_at))}"
    return f"due {dates.day(limit.due_on)}"


def where_met(limit: Any, reference: str) -> str:
    """The address of the page on which the officer meets a time limit, with what is known already."""
    kind = deadlines.LIMITS[limit.rule.code].met_by
    if kind is EventKind.INVESTIGATION_PLAN_SET:
        return reverse("set-plan", args=[reference])
    known = {"kind": kind.value, "subject": limit.subject}
    if deadlines.LIMITS[limit.rule.code].is_answered:
        known["about"] = str(limit.started_by_id)
    return f"{reverse('record-event', args=[reference])}?{urlencode({name: value for name, value in known.items() if value})}"


def log_contact_url(reference: str) -> str:
    """The page on which the officer writes down a contact with V1."""
    return f"{reverse('record-event', args=[reference])}?{urlencode({'kind': EventKind.VICTIM_CONTACT.value})}"


def why_url(reference: str, anchor: str) -> str:
    """Where the reasons of a date stand."""
    return f"{reverse('case-dates', args=[reference])}#{anchor}"


def urgency_of(due: deadlines.Due, now: datetime) -> Urgency:
    """The computed word for a time limit: to the day, or to the minute where it is counted in hours."""
    if due.at is not None:
        return dates.urgency_to_the_minute(timezone.localtime(due.at), timezone.localtime(now))
    return dates.urgency(due.on, timezone.localdate(now))


# If it were struck out ---------------------------------------------------------------------------------------------------


def consequences(event: Any, now: datetime) -> list[str]:
    """What striking an entry out does to each time limit that hangs on it."""
    limits = (
        TimeLimit.unguarded.filter(case=event.case_id)
        .select_related("rule", "started_by", "stopped_by", "met_by")
        .order_by("due_on", "subject")
    )
    touched = [limit for limit in limits if event.pk in (limit.started_by_id, limit.met_by_id)]
    return list(sentences(event, touched, now))


def sentences(event: Any, touched: Sequence[Any], now: datetime) -> Iterator[str]:
    for limit in touched:
        if limit.started_by_id == event.pk:
            yield f"{with_subject(limit)}, {until_when(limit)}, falls away, because what started it did not happen."
            if limit.met_by_id is not None and limit.met_by.kind in deadlines.ANSWERS:
                yield "If you enter it again as it was, enter again as well that V1 was told: that entry names this one."
        elif limit.state is not LimitState.VOID:
            yield without(event, limit, now)


def without(event: Any, limit: Any, now: datetime) -> str:
    marks = [mark for mark in chronology.marks_of(limit) if mark.event.pk != event.pk]
    stands = deadlines.standing(chronology.first_due(limit), marks, deadlines.LIMITS[limit.rule.code].met_by)
    what = with_subject(limit)
    if stands.met is not None:
        return f"{what} stays met, by another entry of {dates.day(timezone.localdate(stands.met.at))}."
    if stands.stopped is not None:
        return f"{what} does not apply, as was said before."
    if stands.suspended is not None:
        return f"{what} is suspended again."
    word = urgency_of(stands.due, now).word
    return (
        f"{what} runs again: {word[0].lower()}{word[1:]}."
        if word.startswith("Due")
        else f"{what} runs again. It would be {word}."
    )
