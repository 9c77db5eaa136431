"""What a reviewer reads before signing: last time's directions, what has changed since, what the record shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from cases.enums import EventKind, ReviewResult, SuspectKnown, WishKind
from cases.models import Action, Event, Review, ReviewAnswer, Suspect, TimeLimit, Victim, Wish
from kit import dates

MOST_CHANGES = 100
# Suspect and safety stand before the rest.
FIRST = (EventKind.SUSPECT_STEP, EventKind.SAFETY_CHECKED)


@dataclass(frozen=True)
class ReviewPageFacts:
    since: Any
    is_first: bool
    directions: list[tuple[Any, dates.Urgency]]
    changes: list[Any]
    facts: list[dict[str, str]]
    answers: list[Any]
    given: list[Any]


def review_page(review: Any, today: date, zone: Any, *, since_start: bool = False) -> ReviewPageFacts:
    """Eight queries."""
    case = review.case
    earlier, entries = changes_before(review, since_start=since_start)
    changes = sorted(entries[:MOST_CHANGES], key=lambda event: event.kind not in FIRST)
    actions = list(Action.unguarded.filter(case=case).select_related("owner", "direction_of").order_by("due_on"))
    return ReviewPageFacts(
        since=earlier.completed_at if earlier else None,
        is_first=earlier is None,
        directions=last_directions([action for action in actions if action.direction_of_id != review.pk], earlier, today),
        changes=changes,
        facts=facts_of(case, actions, today, zone),
        answers=list(ReviewAnswer.unguarded.filter(review=review)) if review.completed_at else [],
        given=[action for action in actions if action.direction_of_id == review.pk],
    )


def review_before(review: Any) -> Any:
    """The one completed last before this one; what stood down when the case was closed is none. One query."""
    completed = Review.unguarded.filter(case=review.case, completed_at__isnull=False).exclude(result=ReviewResult.STOOD_DOWN)
    if review.completed_at:
        completed = completed.filter(completed_at__lt=review.completed_at)
    return completed.exclude(pk=review.pk).select_related("completed_by").order_by("-completed_at").first()


def changes_before(review: Any, *, since_start: bool = False) -> tuple[Any, Any]:
    """The review before, and what was recorded between it and this one, newest first. One query, and one when it is read."""
    earlier = review_before(review)
    entries = Event.unguarded.filter(case=review.case).select_related("by", "struck_by").order_by("-happened_at", "-pk")
    if earlier is not None and not since_start:
        entries = entries.filter(recorded_at__gt=earlier.completed_at)
    if review.completed_at:
        entries = entries.filter(recorded_at__lt=review.completed_at)
    return earlier, entries


def last_directions(actions: list[Any], earlier: Any, today: date) -> list[tuple[Any, dates.Urgency]]:
    """Earlier directions, those not done first."""
    given = [
        action
        for action in actions
        if action.direction_of_id and (earlier is None or action.given_at <= earlier.completed_at or not action.done_at)
    ]
    marked = [(action, dates.DONE if action.done_at else dates.urgency(action.due_on, today)) for action in given]
    return sorted(marked, key=lambda pair: (pair[0].done_at is not None, pair[0].due_on))


def facts_of(case: Any, actions: list[Any], today: date, zone: Any) -> list[dict[str, str]]:
    """Only rows that hold something. Suspect first."""
    suspects = list(Suspect.unguarded.filter(case=case).order_by("number"))
    latest_wish = Wish.unguarded.filter(victim=OuterRef("pk")).order_by("-said_at", "-pk")
    victims = (
        Victim.unguarded.filter(case=case)
        .order_by("number")
        .annotate(wish=Subquery(latest_wish.values("wish")[:1]), said_at=Subquery(latest_wish.values("said_at")[:1]))
    )
    limits = TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).select_related("rule").order_by("due_on")
    open_actions = [action for action in actions if action.done_at is None]
    late = [action for action in open_actions if action.due_on < today]
    rows = [
        *(("Suspect " + str(suspect), SuspectKnown(suspect.known).label) for suspect in suspects),
        ("Last step against the suspect", last_entry(case, EventKind.SUSPECT_STEP, today, zone)),
        *((f"Safety of {victim}", f"Safe now: {victim.get_safe_now_display()}") for victim in victims),
        *(
            (
                f"Wishes of {victim}",
                f"{WishKind(victim.wish).label}, recorded {dates.ago(victim.said_at.astimezone(zone).date(), today)}",
            )
            for victim in victims
            if victim.wish
        ),
        ("Last contact with V1", last_entry(case, EventKind.VICTIM_CONTACT, today, zone)),
        *((limit.rule.label, dates.due(limit.due_on, today)) for limit in limits),
        ("Actions", f"{len(open_actions)} open, {len(late)} late" if actions else "None given"),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def last_entry(case: Any, kind: EventKind, today: date, zone: Any) -> str:
    latest = Event.unguarded.filter(case=case, kind=kind).order_by("-happened_at").values_list("happened_at", flat=True).first()
    return dates.ago(latest.astimezone(zone).date(), today) if latest else "None recorded"
