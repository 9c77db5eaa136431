"""Everything on the case page, in a fixed number of queries whatever the size of the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from cases import deadlines
from cases.access import TABLE
from cases.enums import Act, LimitState, ReviewResult, WishKind
from cases.journey import Journey
from cases.models import Action, Case, CaseOffence, Event, Review, Suspect, TimeLimit, Victim, Wish
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
    with_group: QuerySet[Any] = visible.annotate(offence_group=Subquery(offences.values("offence_type__group")[:1]))
    return with_group


@dataclass(frozen=True)
class DueItem:
    """One line of what must happen: late, due, or to come."""

    what: str
    due_on: date
    urgency: dates.Urgency
    who: str
    url_name: str = ""
    key: UUID | int | str | None = None


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
    done_reviews: list[Any]
    events: list[Any]
    acts: frozenset[Any]

    @property
    def may_investigate(self) -> bool:
        return Act.INVESTIGATE in self.acts

    @property
    def may_allocate(self) -> bool:
        return Act.ALLOCATE in self.acts


def day_number(case: Case, today: date) -> int:
    """“Day 18” of a case: whole local days since it was recorded."""
    return (today - timezone.localdate(case.recorded_at)).days


def case_page(actor: Actor, case: Any, today: date) -> CasePage:
    """Eight queries."""
    victims = victims_with_wishes(case)
    suspects = list(Suspect.unguarded.filter(case=case).order_by("number"))
    reviews = list(Review.unguarded.filter(case=case).order_by("due_on").select_related("completed_by"))
    actions = list(Action.unguarded.filter(case=case).order_by("due_on", "number").select_related("owner"))
    limits = list(TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).order_by("due_on").select_related("rule"))
    events = Event.unguarded.filter(case=case).select_related("by").order_by("-happened_at", "-pk")
    facts = case_facts(case)
    acts = acts_of(TABLE, actor, case, Act)
    known = Known(case, actor, today, acts, facts, victims, suspects, limits, actions, reviews)
    due = what_is_due(reviews, limits, actions, today)
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
        done_reviews=done[:LATEST_REVIEWS],
        events=list(events[:LATEST_ENTRIES]),
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


def what_is_due(reviews: list[Any], limits: list[Any], actions: list[Any], today: date) -> list[DueItem]:
    items = [
        *(
            DueItem(r.get_kind_display(), r.due_on, dates.urgency(r.due_on, today), r.get_lowest_role_display(), "review", r.pk)
            for r in reviews
            if r.completed_at is None
        ),
        *(
            DueItem(
                x.rule.label, x.due_on, dates.urgency(x.due_on, today), x.rule.get_owner_role_display(), "record-event", met_by(x)
            )
            for x in limits
            if x.state is LimitState.RUNNING
        ),
        *(
            DueItem(
                f"A{a.number}: {a.what}", a.due_on, dates.urgency(a.due_on, today), a.owner.called, "complete-action", a.number
            )
            for a in actions
            if a.done_at is None
        ),
    ]
    return sorted(items, key=lambda item: item.due_on)


def met_by(limit: Any) -> str:
    """The kind of entry that meets a time limit."""
    return deadlines.LIMITS[limit.rule.code].met_by.value
