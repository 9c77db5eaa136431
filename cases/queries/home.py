"""What `/home/` shows of cases: late, due, new directions, the officer's cases, the supervisor's reminders."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from cases import chronology
from cases.enums import ESCALATIONS, Act, ReminderAbout
from cases.models import Action, Case, MoreTime, Reminder, Review, TimeLimit
from cases.queries.anchors import action_anchor, limit_anchor, review_anchor
from cases.queries.case_page import met_by
from cases.queries.entries import urgency_of, where_met, with_subject
from cases.workflow import ENDED
from kit import dates
from kit.access import Actor

MOST_LINES = 30
SOON = timedelta(days=7)
NEW_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One thing to do: one link, one urgency."""

    case_id: UUID
    what: str
    reference: str
    due_on: date
    urgency: dates.Urgency
    url_name: str
    key: Any = None
    # Where a time limit is met, and where the date is explained.
    url: str = ""
    anchor: str = ""

    @property
    def is_late(self) -> bool:
        return self.urgency.css == dates.LATE


@dataclass(frozen=True)
class OfficersWork:
    late: list[Line]
    soon: list[Line]
    directions: list[Any]
    next: Line | None

    @property
    def case_ids(self) -> list[UUID]:
        return [*(line.case_id for line in (*self.late, *self.soon)), *(action.case_id for action in self.directions)]

    @property
    def nothing(self) -> bool:
        return not (self.late or self.soon)


NO_WORK = OfficersWork([], [], [], None)


def worked_by(actor: Actor) -> QuerySet[Any]:
    """The keys of the cases that the actor works on."""
    return Case.objects.visible_to(actor, Act.INVESTIGATE).values("pk")


def officers_work(actor: Actor, now: datetime) -> OfficersWork:
    """What the officer owes on cases they work, or work for somebody they cover: actions, and time limits that run. Each thing once, earliest first. Two queries."""
    today = timezone.localdate(now)
    mine, theirs = worked_by(actor), Case.objects.visible_to(actor, Act.DO_ACTION).values("pk")
    actions = (
        Action.unguarded.filter(case__in=theirs, owner_id__in=actor.does_work_of, done_at=None)
        .select_related("case", "given_by")
        .order_by("due_on")[:MOST_LINES]
    )
    limits = (
        TimeLimit.unguarded.filter(case__in=mine, met_at=None, stopped_by=None, suspended_by=None)
        .select_related("case", "rule")
        .order_by("due_on")[:MOST_LINES]
    )
    waiting = list(actions)
    lines = sorted(
        [
            *(action_line(action, today) for action in waiting),
            *(limit_line(limit, now) for limit in limits),
        ],
        key=lambda line: line.due_on,
    )
    later = [line for line in lines if line.due_on > today + SOON]
    return OfficersWork(
        late=[line for line in lines if line.is_late],
        soon=[line for line in lines if not line.is_late and line.due_on <= today + SOON],
        # Those that are late or due soon stand there; a thing stands in one block only.
        directions=[
            a
            for a in waiting
            if a.direction_of_id and a.due_on > today + SOON and timezone.localdate(a.given_at) >= today - NEW_FOR
        ],
        next=later[0] if later else None,
    )


def reminders_of(actor: Actor, today: date) -> list[Line]:
    """The supervisor's reminders that still hold: the review is open, and they may see it. One query."""
    told = Reminder.unguarded.filter(owner_id=actor.user_id, about=ReminderAbout.REVIEW).exclude(stage__in=ESCALATIONS)
    reach = Case.objects.visible_to(actor, Act.VIEW).values("pk")
    open_ones = Review.unguarded.filter(case__in=reach, completed_at=None, pk__in=told.values("about_id"))
    return [review_line(review, today) for review in open_ones.select_related("case").order_by("due_on", "pk")[:MOST_LINES]]


def action_line(action: Any, today: date) -> Line:
    return Line(
        action.case_id,
        f"A{action.number}: {action.what}",
        action.case.reference,
        action.due_on,
        dates.urgency(action.due_on, today),
        "action",
        action.number,
        anchor=action_anchor(action.number),
    )


def limit_line(limit: Any, now: datetime) -> Line:
    return Line(
        limit.case_id,
        with_subject(limit),
        limit.case.reference,
        limit.due_on,
        urgency_of(chronology.due_of(limit), now),
        "record-event",
        met_by(limit),
        where_met(limit, limit.case.reference),
        limit_anchor(limit.pk),
    )


def to_verify(actor: Actor) -> list[Any]:
    """Done actions that the actor may verify, those that wait longest first. One query."""
    done = Action.unguarded.filter(case__in=supervised_by(actor), done_at__isnull=False, verified_at=None)
    others = done.exclude(done_by_id__in=actor.does_work_of).exclude(owner_id__in=actor.does_work_of)
    return list(others.select_related("case", "done_by").order_by("done_at", "pk")[:MOST_LINES])


def more_time_asked(actor: Actor) -> list[Any]:
    """Requests for more time that the actor may answer, those that wait longest first. One query."""
    waiting = MoreTime.unguarded.filter(case__in=supervised_by(actor), answered_at=None, action__done_at=None)
    others = waiting.exclude(asked_by_id__in=actor.does_work_of).exclude(action__owner_id__in=actor.does_work_of)
    return list(others.select_related("case", "action", "asked_by").order_by("asked_at", "pk")[:MOST_LINES])


def supervised_by(actor: Actor) -> QuerySet[Any]:
    """The keys of the open cases that the actor supervises without being their officer, nor covering for them."""
    supervised = Case.objects.visible_to(actor, Act.SUPERVISE).exclude(officer_id__in=actor.does_work_of)
    return supervised.exclude(status__in=ENDED).values("pk")


def review_line(review: Review, today: date) -> Line:
    return Line(
        review.case_id,
        review.get_kind_display(),
        review.case.reference,
        review.due_on,
        dates.urgency(review.due_on, today),
        "review",
        review.pk,
        anchor=review_anchor(review.pk),
    )


def next_review(actor: Actor) -> Any:
    """The next review of a case the actor works on, for “Your next date is …”. One query."""
    mine = worked_by(actor)
    return Review.unguarded.filter(case__in=mine, completed_at=None).select_related("case").order_by("due_on").first()
