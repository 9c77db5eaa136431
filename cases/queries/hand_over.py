"""What the officer who takes a case over must know first: what the victim has said already, so that nobody asks it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from cases import deadlines
from cases.chronology import due_of
from cases.enums import EventKind, LimitState, LineState, ReviewResult
from cases.models import Action, Event, InvestigationPlan, LineOfEnquiry, Review, Suspect, TimeLimit
from cases.queries.case_page import DueItem, SuspectRow, suspect_row, victims_with_wishes, what_is_due
from cases.queries.chronology import called
from cases.queries.entries import urgency_of, with_subject
from cases.queries.facts import case_facts
from kit import dates

SAID = (EventKind.VICTIM_ACCOUNT, EventKind.VICTIM_CONTACT, EventKind.WISHES_ASKED, EventKind.SPECIAL_MEASURES)
READ_HERE = (*SAID, EventKind.PROTECTIVE_ORDER, EventKind.CASE_ALLOCATED)
# Two pages of paper: what is older or longer stands on its own page.
MOST_SAID = 20
MOST_ORDERS = 5
MOST_LINES = 15
SHORT = 600


@dataclass(frozen=True)
class Said:
    """A victim, what they have told, how to reach them, and what they have still to be told."""

    victim: Any
    entries: list[Any]
    more: int
    still_to_tell: list[tuple[str, dates.Urgency]]


@dataclass(frozen=True)
class Officer:
    """Who was the officer in the case from when; ``until`` is None for the present one."""

    called: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class HandOver:
    victims: list[Said]
    suspects: list[SuspectRow]
    orders: list[Any]
    runs: list[DueItem]
    actions: list[tuple[Any, dates.Urgency]]
    more_actions: int
    lines: list[Any]
    more_lines: int
    plan: list[tuple[str, str]]
    review: Any
    directions: list[Any]
    officers: list[Officer]


def hand_over(case: Any, now: datetime) -> HandOver:
    """Eleven queries, whatever the size of the case."""
    today = timezone.localdate(now)
    entries = list(
        Event.unguarded.filter(case=case, struck_at=None, kind__in=READ_HERE)
        .select_related("by", "on_behalf_of")
        .order_by("-happened_at", "-pk")
    )
    limits = list(TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).order_by("due_on").select_related("rule"))
    reviews = list(Review.unguarded.filter(case=case).order_by("due_on").select_related("completed_by", "on_behalf_of"))
    actions = list(
        Action.unguarded.filter(case=case, done_at=None).order_by("due_on", "number").select_related("owner")[: MOST_LINES + 1]
    )
    number_of_actions = Action.unguarded.filter(case=case, done_at=None).count()
    pending = list(LineOfEnquiry.unguarded.filter(case=case, state=LineState.PENDING).order_by("number"))
    facts = case_facts(case)
    last = last_review(reviews)
    return HandOver(
        victims=[said_by(victim, entries, limits, now) for victim in victims_with_wishes(case)],
        suspects=[suspect_row(suspect, facts, today) for suspect in Suspect.unguarded.filter(case=case).order_by("number")],
        orders=[entry for entry in entries if entry.kind == EventKind.PROTECTIVE_ORDER][:MOST_ORDERS],
        runs=what_is_due(case, reviews, limits, [], now)[:MOST_LINES],
        actions=[(action, dates.urgency(action.due_on, today)) for action in actions[:MOST_LINES]],
        more_actions=max(0, number_of_actions - MOST_LINES),
        lines=pending[:MOST_LINES],
        more_lines=max(0, len(pending) - MOST_LINES),
        plan=plan_in_short(InvestigationPlan.unguarded.filter(case=case).first()),
        review=last,
        directions=list(Action.unguarded.filter(case=case, direction_of=last).select_related("owner").order_by("number")),
        officers=officers_of(entries),
    )


def said_by(victim: Any, entries: Iterable[Any], limits: Iterable[Any], now: datetime) -> Said:
    """An entry that names nobody is about the one victim there was when it was written: V1."""
    mine = [entry for entry in entries if entry.kind in SAID and (entry.subject or "V1") == str(victim)]
    for entry in mine:
        entry.title = called(entry)
    tell = [
        (with_subject(limit), urgency_of(due_of(limit), now))
        for limit in limits
        if deadlines.LIMITS[limit.rule.code].is_answered
        and limit.subject in ("", str(victim))
        and limit.state is LimitState.RUNNING
    ]
    return Said(victim, mine[:MOST_SAID], max(0, len(mine) - MOST_SAID), tell)


def last_review(reviews: Iterable[Any]) -> Any:
    """The review completed last; what stood down when the case was closed is none."""
    held = [review for review in reviews if review.completed_at and review.result != ReviewResult.STOOD_DOWN]
    return max(held, key=lambda review: review.completed_at, default=None)


def plan_in_short(plan: Any) -> list[tuple[str, str]]:
    if plan is None:
        return []
    parts = (("The whole story", plan.story), ("Risk and protection", plan.protection), ("What is done first", plan.first_steps))
    return [(label, in_short(text)) for label, text in parts if text]


def in_short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(maxsplit=1)[0]} …"


def officers_of(entries: Iterable[Any]) -> list[Officer]:
    """Newest first, from the entries of allocation: “To DC …”, and on further lines what went with the case."""
    given = [entry for entry in entries if entry.kind == EventKind.CASE_ALLOCATED]
    ends = [None, *(entry.happened_at for entry in given)]
    return [
        Officer(entry.text.partition("\n")[0].removeprefix("To "), entry.happened_at, until)
        for entry, until in zip(given, ends, strict=False)
    ]
