"""What is open on several cases, whoever does it: time limits that run, reviews, actions. For whoever must find them a new officer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.models import Action, Review, TimeLimit
from cases.queries.home import Line, action_line, limit_line, review_line

SOON = timedelta(days=7)


@dataclass(frozen=True)
class OpenWork:
    """The lines of one case, earliest first."""

    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line | None:
        return self.lines[0] if self.lines else None

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)


def open_work(cases: Iterable[Any], now: datetime) -> dict[UUID, OpenWork]:
    """By case, everything that is open on it: the number of cases is what the caller bounds. Three queries, whatever it is."""
    today = timezone.localdate(now)
    by_key = {case.pk: case for case in cases}
    limits = TimeLimit.unguarded.filter(case__in=by_key, met_at=None, stopped_by=None, suspended_by=None)
    reviews = Review.unguarded.filter(case__in=by_key, completed_at=None)
    actions = Action.unguarded.filter(case__in=by_key, done_at=None)
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for limit in limits.select_related("rule").order_by("due_on", "pk"):
        limit.case = by_key[limit.case_id]
        lines[limit.case_id].append(limit_line(limit, now))
    for review in reviews.order_by("due_on", "pk"):
        review.case = by_key[review.case_id]
        lines[review.case_id].append(review_line(review, today))
    for action in actions.order_by("due_on", "number"):
        action.case = by_key[action.case_id]
        lines[action.case_id].append(action_line(action, today))
    return {key: OpenWork(sorted(lines[key], key=lambda line: (not line.is_late, line.due_on))) for key in by_key}


def number_late(cases: QuerySet[Any], now: datetime) -> int:
    """How many of those lines are late in these cases, by their keys. Three queries."""
    today = timezone.localdate(now)
    is_late = Q(due_at=None, due_on__lt=today) | Q(due_at__lt=now)
    limits = TimeLimit.unguarded.filter(is_late, case__in=cases, met_at=None, stopped_by=None, suspended_by=None)
    reviews = Review.unguarded.filter(case__in=cases, completed_at=None, due_on__lt=today)
    actions = Action.unguarded.filter(case__in=cases, done_at=None, due_on__lt=today)
    return limits.count() + reviews.count() + actions.count()
