"""What a supervisor has to do now, for the home page, each in a fixed number of queries. What an officer has: home_officer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Window

from cases import chronology
from cases.enums import Act
from cases.models import Action, Case, MoreTime, Review, TimeLimit
from cases.queries.anchors import action_anchor, limit_anchor, review_anchor
from cases.queries.case_page import met_by
from cases.queries.entries import urgency_of, where_met, with_subject
from cases.workflow import ENDED
from kit import dates
from kit.access import Actor

MOST_LINES = 30
SOON = timedelta(days=7)


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
    # Stands first in its block.
    is_safety: bool = False
    # Whose it is to do, where the reader only looks on.
    whom: str = ""

    @property
    def is_late(self) -> bool:
        return self.urgency.css == dates.LATE


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
    return first_of_all(others.select_related("case", "done_by").order_by("done_at", "pk"))


def more_time_asked(actor: Actor) -> list[Any]:
    """Requests for more time that the actor may answer, those that wait longest first. One query."""
    waiting = MoreTime.unguarded.filter(case__in=supervised_by(actor), answered_at=None, action__done_at=None)
    others = waiting.exclude(asked_by_id__in=actor.does_work_of).exclude(action__owner_id__in=actor.does_work_of)
    return first_of_all(others.select_related("case", "action", "asked_by").order_by("asked_at", "pk"))


def to_look_at_again(actor: Actor, today: date) -> list[Any]:
    """Suspended time limits whose day has come on which a supervisor looks at them again, in the cases that the actor supervises. One
    query."""
    limits = TimeLimit.unguarded.filter(
        case__in=supervised_by(actor), met_at=None, stopped_by=None, suspended_by__until__lte=today
    ).select_related("case", "rule", "suspended_by")
    return first_of_all(limits.order_by("suspended_by__until", "pk"))


def first_of_all(rows: QuerySet[Any]) -> list[Any]:
    """The first of these rows; each says how many there are (``of_all``)."""
    return list(rows.annotate(of_all=Window(Count("pk")))[:MOST_LINES])


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
