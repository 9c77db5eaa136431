"""Everything on the case page, in a fixed number of queries whatever the size of the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from cases import deadlines
from cases.access import TABLE
from cases.enums import Act, WishKind
from cases.models import Action, Case, CaseOffence, Event, Review, Suspect, TimeLimit, Victim, Wish
from kit import dates
from kit.access import Actor, acts_of

EVENTS_ON_A_PAGE = 50


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
class CasePage:
    case: Any
    day_number: int
    offences: list[str]
    victims: list[Any]
    suspects: list[Any]
    due: list[DueItem]
    done_reviews: list[Any]
    actions: list[Any]
    events: list[Any]
    earlier: UUID | None
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


def case_page(actor: Actor, case: Any, today: date, before: UUID | None = None) -> CasePage:
    """Ten queries. ``before``: the key of an entry; the chronology shows what lies earlier."""
    offences = CaseOffence.unguarded.filter(case=case).order_by("order").select_related("offence_type")
    latest_wish = Wish.unguarded.filter(victim=OuterRef("pk")).order_by("-said_at", "-pk")
    victims = (
        Victim.unguarded.filter(case=case)
        .order_by("number")
        .annotate(wish=Subquery(latest_wish.values("wish")[:1]), wish_said_at=Subquery(latest_wish.values("said_at")[:1]))
    )
    reviews = list(Review.unguarded.filter(case=case).order_by("due_on").select_related("completed_by"))
    actions = list(Action.unguarded.filter(case=case).order_by("due_on", "number").select_related("owner", "done_by"))
    limits = list(TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).order_by("due_on").select_related("rule"))
    events, earlier = page_of_events(case, before)
    return CasePage(
        case=case,
        day_number=day_number(case, today),
        offences=[str(offence.offence_type) for offence in offences],
        victims=[with_wish(victim) for victim in victims],
        suspects=list(Suspect.unguarded.filter(case=case).order_by("number")),
        due=what_is_due(reviews, limits, actions, today),
        done_reviews=[review for review in reversed(reviews) if review.completed_at],
        actions=actions,
        events=events,
        earlier=earlier,
        acts=acts_of(TABLE, actor, case, (Act.INVESTIGATE, Act.ALLOCATE, Act.REVIEW)),
    )


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


def page_of_events(case: Any, before: UUID | None) -> tuple[list[Any], UUID | None]:
    """The newest entries, or those earlier than one of them; and the key from which the next page goes on."""
    entries = Event.unguarded.filter(case=case).select_related("by").order_by("-happened_at", "-pk")
    if before is not None:
        mark = Event.unguarded.filter(case=case, pk=before).values("happened_at", "pk").first()
        if mark is not None:
            entries = entries.filter(happened_at__lte=mark["happened_at"]).exclude(
                happened_at=mark["happened_at"], pk__gte=mark["pk"]
            )
    shown = list(entries[: EVENTS_ON_A_PAGE + 1])
    more = len(shown) > EVENTS_ON_A_PAGE
    shown = shown[:EVENTS_ON_A_PAGE]
    return shown, shown[-1].pk if more else None
