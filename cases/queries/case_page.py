"""Everything on the case page, in a fixed number of queries whatever the size of the case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from cases import chronology, deadlines
from cases.access import TABLE, RassoNow
from cases.enums import Act, LimitState, ReviewResult, WishKind
from cases.journey import Journey
from cases.models import Action, Case, CaseOffence, EmergencyAccess, Review, Suspect, TimeLimit, Victim, Wish
from cases.queries.anchors import action_anchor, limit_anchor, review_anchor
from cases.queries.chronology import Entry, Filters, page_of_entries
from cases.queries.entries import urgency_of, where_met, with_subject
from cases.queries.facts import CaseFacts, SuspectState, case_facts
from cases.queries.next_steps import Known, NextSteps, next_steps
from kit import dates
from kit.access import Actor, acts_of

LATEST_ENTRIES = 10
DUE_AT_ONCE = 10
LATEST_REVIEWS = 3


def cases_with_names(actor: Actor, act: Act = Act.VIEW) -> QuerySet[Any]:
    """Visible cases with their people and the group of their first offence."""
    offences = CaseOffence.unguarded.filter(case=OuterRef("pk")).order_by("order")
    visible = Case.objects.visible_to(actor, act).select_related("unit", "officer", "supervisor", "logged_by")
    opened = EmergencyAccess.unguarded.filter(case=OuterRef("pk"), user_id=actor.user_id, ends_at__gt=RassoNow()).order_by(
        "-ends_at"
    )
    annotated: QuerySet[Any] = visible.annotate(
        offence_group=Subquery(offences.values("offence_type__group")[:1]),
        # Which emergency access of the reader is open, and until when.
        emergency_id=Subquery(opened.values("pk")[:1]),
        emergency_until=Subquery(opened.values("ends_at")[:1]),
    )
    return annotated


@dataclass(frozen=True)
class DueItem:
    """One line of what must happen: late, due, or to come."""

    what: str
    due_on: date
    urgency: dates.Urgency
    who: str
    url_name: str = ""
    key: UUID | int | str | None = None
    # Where a time limit is met, and where each date is explained.
    url: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class SuspendedLimit:
    """A time limit that stands still: neither due nor late, and not lost."""

    what: str
    since: date
    why: str
    by: str
    key: UUID
    anchor: str
    look_again_on: date | None


@dataclass(frozen=True)
class SuspectRow:
    """A suspect with where they are now, and when bail ends."""

    suspect: Any
    state: SuspectState | None
    bail: dates.Urgency | None


@dataclass(frozen=True)
class CasePage:
    case: Any
    day_number: int
    facts: CaseFacts
    journey: Journey
    steps: NextSteps
    victims: list[Any]
    suspects: list[SuspectRow]
    due: list[DueItem]
    due_later: list[DueItem]
    suspended: list[SuspendedLimit]
    done_reviews: list[Any]
    latest: list[Entry]
    acts: frozenset[Any]

    @property
    def may_investigate(self) -> bool:
        return Act.INVESTIGATE in self.acts

    @property
    def may_supervise(self) -> bool:
        return Act.SUPERVISE in self.acts

    @property
    def may_close(self) -> bool:
        return Act.CLOSE in self.acts

    @property
    def may_allocate(self) -> bool:
        return Act.ALLOCATE in self.acts


def day_number(case: Case, today: date) -> int:
    """“Day 18” of a case: whole local days since it was recorded."""
    return (today - timezone.localdate(case.recorded_at)).days


def case_page(actor: Actor, case: Any, now: datetime) -> CasePage:
    """Eight queries."""
    today = timezone.localdate(now)
    victims = victims_with_wishes(case)
    suspects = list(Suspect.unguarded.filter(case=case).order_by("number"))
    reviews = list(
        Review.unguarded.filter(case=case).order_by("due_on").select_related("completed_by", "on_behalf_of", "escalated_from")
    )
    actions = list(Action.unguarded.filter(case=case).order_by("due_on", "number").select_related("owner"))
    open_limits = TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).order_by("due_on", "pk")
    limits = list(open_limits.select_related("rule", "suspended_by__by", "suspended_by__on_behalf_of"))
    latest, _ = page_of_entries(case, Filters(), None, LATEST_ENTRIES)
    facts = case_facts(case, actor)
    acts = acts_of(TABLE, actor, case, Act)
    known = Known(case, actor, now, acts, facts, victims, suspects, limits, actions, reviews)
    due = what_is_due(case, reviews, limits, actions, now)
    done = [review for review in reversed(reviews) if review.completed_at and review.result != ReviewResult.STOOD_DOWN]
    return CasePage(
        case=case,
        day_number=day_number(case, today),
        facts=facts,
        journey=facts.journey,
        steps=next_steps(known),
        victims=victims,
        suspects=[suspect_row(suspect, facts, today) for suspect in suspects],
        due=due[:DUE_AT_ONCE],
        due_later=due[DUE_AT_ONCE:],
        suspended=[suspended_limit(limit) for limit in limits if limit.state is LimitState.SUSPENDED],
        done_reviews=done[:LATEST_REVIEWS],
        latest=latest,
        acts=acts,
    )


def victims_with_wishes(case: Any) -> list[Any]:
    """Each with what they want, as it was asked last. One query."""
    latest_wish = Wish.unguarded.filter(victim=OuterRef("pk")).order_by("-said_at", "-pk")
    victims = (
        Victim.unguarded.filter(case=case)
        .order_by("number")
        .annotate(wish=Subquery(latest_wish.values("wish")[:1]), wish_said_at=Subquery(latest_wish.values("said_at")[:1]))
    )
    return [with_wish(victim) for victim in victims]


def suspect_row(suspect: Any, facts: CaseFacts, today: date) -> SuspectRow:
    state = facts.suspect(str(suspect))
    bail = bail_in_words(state.bail_ends, today) if state and state.bail_ends else None
    return SuspectRow(suspect, state, bail)


def bail_in_words(ends: date, today: date) -> dates.Urgency:
    """“Bail ends on 27 November 2026 (in 3 days)”, with the colour of a date that is due."""
    ended = "ended" if ends < today else "ends"
    return dates.Urgency(f"Bail {ended} on {dates.day(ends)} ({dates.distance(ends, today)})", dates.urgency(ends, today).css)


def with_wish(victim: Any) -> Any:
    victim.wish_label = WishKind(victim.wish).label if victim.wish else ""
    return victim


def what_is_due(case: Any, reviews: list[Any], limits: list[Any], actions: list[Any], now: datetime) -> list[DueItem]:
    items = [
        *(due_review(review, timezone.localdate(now)) for review in reviews if review.completed_at is None),
        *(due_limit(case, limit, now) for limit in limits if limit.state is LimitState.RUNNING),
        *(due_action(action, timezone.localdate(now)) for action in actions if action.done_at is None),
    ]
    return sorted(items, key=lambda item: item.due_on)


def due_review(review: Any, today: date) -> DueItem:
    return DueItem(
        review.get_kind_display(),
        review.due_on,
        dates.urgency(review.due_on, today),
        review.get_lowest_role_display(),
        "review",
        review.pk,
        anchor=review_anchor(review.pk),
    )


def due_limit(case: Any, limit: Any, now: datetime) -> DueItem:
    return DueItem(
        with_subject(limit),
        limit.due_on,
        urgency_of(chronology.due_of(limit), now),
        limit.rule.get_owner_role_display(),
        "record-event",
        met_by(limit),
        url=where_met(limit, case.reference),
        anchor=limit_anchor(limit.pk),
    )


def due_action(action: Any, today: date) -> DueItem:
    return DueItem(
        f"A{action.number}: {action.what}",
        action.due_on,
        dates.urgency(action.due_on, today),
        action.owner.called,
        "action",
        action.number,
        anchor=action_anchor(action.number),
    )


def suspended_limit(limit: Any) -> SuspendedLimit:
    event = limit.suspended_by
    since = timezone.localdate(event.happened_at)
    # The words of the entry begin with the name of the limit.
    why = event.text.removeprefix(f"{limit.rule.label}: ")
    return SuspendedLimit(
        with_subject(limit), since, why, event.by_whom, limit.pk, limit_anchor(limit.pk), look_again_on=event.until
    )


def met_by(limit: Any) -> str:
    """The kind of entry that meets a time limit."""
    return deadlines.LIMITS[limit.rule.code].met_by.value
