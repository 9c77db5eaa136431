"""The case as it stood at the end of a day: its rows from the history, its entries and time limits from when they were written down.

Nothing here is stored. What is changed in place has its history (simple-history); what is only added, and what is struck out, says when
itself; a time limit is worked out again from the entries that stood then (decision 23).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst

from cases import deadlines
from cases.chronology import first_due, marks_among
from cases.deadlines import Due, Standing
from cases.enums import EventKind, Exploited, LimitState, WishKind
from cases.models import (
    Action,
    Case,
    Context,
    Event,
    InvestigationPlan,
    LineOfEnquiry,
    MoreTime,
    Review,
    Suspect,
    TimeLimit,
    Victim,
    Wish,
)
from cases.queries.chronology import called
from cases.queries.investigation import CONTEXT_FIELDS, PLAN_FIELDS
from kit import dates
from people.models import Unit, User


class LimitThen(NamedTuple):
    """A time limit as it stood: its state, and the due date that it had."""

    limit: Any
    state: LimitState
    due: Due
    met_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.state is LimitState.RUNNING

    @property
    def words(self) -> str:
        """How it stood, where it did not run; nothing of one whose start was struck out."""
        if self.state is LimitState.MET and self.met_at is not None:
            return f"met on {dates.day(timezone.localdate(self.met_at))}"
        return {LimitState.SUSPENDED: "suspended", LimitState.NOT_APPLICABLE: "did not apply"}.get(self.state, "")


class ActionThen(NamedTuple):
    """An action as it stood, with the rank and name of its owner. ``asks_until``: more time was asked for and not answered yet."""

    action: Any
    owner: str
    asks_until: date | None


class ReviewThen(NamedTuple):
    review: Any
    by: str


class VictimThen(NamedTuple):
    victim: Any
    wish: str


@dataclass(frozen=True)
class AsAt:
    """Rows are records of the history: they have the fields of the row, and its words (get_status_display)."""

    case: Any
    unit: str
    officer: str
    supervisor: str
    victims: list[VictimThen]
    suspects: list[Any]
    context: Any
    plan: Any
    lines: list[Any]
    actions: list[ActionThen]
    reviews: list[ReviewThen]
    limits: list[LimitThen]
    # Newest first; ``is_struck`` of those that were struck out by then.
    events: list[Any]

    @property
    def context_parts(self) -> list[tuple[str, str]]:
        return parts_of(Context, self.context, CONTEXT_FIELDS)

    @property
    def plan_parts(self) -> list[tuple[str, str]]:
        return parts_of(InvestigationPlan, self.plan, PLAN_FIELDS)

    @property
    def open_reviews(self) -> list[ReviewThen]:
        return [then for then in self.reviews if then.review.completed_at is None]

    @property
    def completed_reviews(self) -> list[ReviewThen]:
        return [then for then in self.reviews if then.review.completed_at is not None]


def parts_of(model: Any, row: Any, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The parts of a text that hold something, each under its name."""
    parts = []
    for name in names if row is not None else ():
        value = getattr(row, name)
        if name == "exploited":
            words = ", ".join(Exploited(code).label for code in value)
        else:
            words = str(dict(model._meta.get_field(name).flatchoices).get(value, value))
        if words:
            parts.append((capfirst(model._meta.get_field(name).verbose_name), words))
    return parts


def end_of(day: date) -> datetime:
    """The first moment that does not belong to the local day any more."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()), timezone.get_default_timezone())


def case_as_at(case: Any, end: datetime) -> AsAt:
    """What was on the record just before ``end``. Fifteen queries; the case must have been logged by then."""
    (row,) = then(Case, end, id=case.pk)
    events = events_then(case, end)
    actions, reviews = then(Action, end, case_id=case.pk), then(Review, end, case_id=case.pk)
    asked = MoreTime.unguarded.filter(case=case, asked_at__lt=end)
    asks = {one.action_id: one.due_asked for one in asked if one.answered_at is None or one.answered_at >= end}
    context, plan = then(Context, end, case_id=case.pk), then(InvestigationPlan, end, case_id=case.pk)
    mentioned = {
        row.officer_id,
        row.supervisor_id,
        *(a.owner_id for a in actions),
        *(r.completed_by_id for r in reviews),
        *(r.on_behalf_of_id for r in reviews),
    }
    names = {user.pk: user.called for user in User.objects.filter(pk__in=mentioned - {None})}
    wishes = wishes_then(case, events, end)
    return AsAt(
        case=row,
        unit=Unit.objects.get(pk=row.unit_id).name,
        officer=names.get(row.officer_id, ""),
        supervisor=names.get(row.supervisor_id, ""),
        victims=[
            VictimThen(victim, wishes.get(victim.id, "")) for victim in sorted(then(Victim, end, case_id=case.pk), key=by_number)
        ],
        suspects=sorted(then(Suspect, end, case_id=case.pk), key=by_number),
        context=context[0] if context else None,
        plan=plan[0] if plan else None,
        lines=sorted(then(LineOfEnquiry, end, case_id=case.pk), key=by_number),
        actions=[ActionThen(action, names[action.owner_id], asks.get(action.id)) for action in sorted(actions, key=by_number)],
        reviews=[
            ReviewThen(
                review, " for ".join(names[key] for key in (review.completed_by_id, review.on_behalf_of_id) if key in names)
            )
            for review in sorted(reviews, key=lambda review: (review.due_on, review.id))
        ],
        limits=limits_then(case, events, end),
        events=events,
    )


def by_number(row: Any) -> int:
    return int(row.number)


def then(model: Any, end: datetime, **of_case: UUID) -> list[Any]:
    """The last record of each row before that moment. One query."""
    records = model.history.model.objects.filter(**of_case, history_date__lt=end)
    return list(records.order_by("id", "-history_date", "-history_id").distinct("id"))


def events_then(case: Any, end: datetime) -> list[Any]:
    """The entries that were written down by then, newest first."""
    events = list(
        Event.unguarded.filter(case=case, recorded_at__lt=end)
        .select_related("by", "on_behalf_of", "struck_by")
        .order_by("-happened_at", "-pk")
    )
    for event in events:
        event.is_struck = event.struck_at is not None and event.struck_at < end  # type: ignore[attr-defined]
        event.title = called(event)  # type: ignore[attr-defined]
    return events


def wishes_then(case: Any, events: Iterable[Any], end: datetime) -> dict[UUID, str]:
    """What each victim wanted by what was written down by then. A wish has no time of writing of its own: the first one was written
    when the case was logged, each other one with its entry."""
    asked = {(event.subject, event.happened_at) for event in events if event.kind == EventKind.WISHES_ASKED}
    known: dict[UUID, str] = {}
    for wish in Wish.unguarded.filter(case=case, said_at__lt=end).select_related("victim").order_by("said_at", "pk"):
        if wish.said_at == case.logged_at or (str(wish.victim), wish.said_at) in asked:
            known[wish.victim_id] = f"{WishKind(wish.wish).label}, recorded {dates.day(timezone.localdate(wish.said_at))}"
    return known


# Time limits -----------------------------------------------------------------------------------------------------------


def limits_then(case: Any, events: list[Any], end: datetime) -> list[LimitThen]:
    started = TimeLimit.unguarded.filter(case=case, started_by__recorded_at__lt=end).select_related("rule", "started_by")
    standing = [event for event in events if not event.is_struck]
    found = [limit_then(limit, standing, end) for limit in started]
    return sorted(found, key=lambda one: (one.due.on, one.limit.rule.label, one.limit.subject))


def limit_then(limit: Any, standing: list[Any], end: datetime) -> LimitThen:
    """``standing``: the entries of the case that stood then."""
    met_by = deadlines.LIMITS[limit.rule.code].met_by
    stands = deadlines.standing(first_due(limit), marks_among(limit, standing), met_by)
    is_void = limit.started_by.struck_at is not None and limit.started_by.struck_at < end
    return LimitThen(limit, state_of(stands, is_void), stands.due, stands.met.at if stands.met and not is_void else None)


def state_of(stands: Standing, is_void: bool) -> LimitState:
    if is_void:
        return LimitState.VOID
    if stands.stopped is not None:
        return LimitState.NOT_APPLICABLE
    if stands.met is not None:
        return LimitState.MET
    return LimitState.SUSPENDED if stands.suspended is not None else LimitState.RUNNING
