"""Cases that nobody works: those without an officer, and those whose officer has left or holds no role any more that works cases."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.db.models.functions import Greatest
from django.utils import timezone

from cases.enums import Act, GrantBasis
from cases.models import CaseGrant
from cases.queries.case_page import cases_with_names, day_number
from cases.queries.open_work import OpenWork, number_late, open_work
from cases.queries.workers import at_work
from cases.workflow import OPEN
from kit import dates
from kit.access import Actor
from people.models import User

# Of each kind; the page then says that there are more.
MOST_CASES = 200


@dataclass(frozen=True)
class CaseToAllocate:
    case: Any
    day_number: int
    work: OpenWork
    # Whole days since it has had no officer here; only for a case that has none.
    days_waiting: int = 0

    @property
    def waiting(self) -> str:
        """waiting 3 days"""
        return f"waiting {dates.count(self.days_waiting, 'day')}" if self.days_waiting > 0 else "waiting since today"


@dataclass
class Leaver:
    """Somebody who has left, or who is still here in no role that works cases: with the cases that are still theirs and those on which
    they worked beside the officer."""

    user: Any
    cases: list[CaseToAllocate] = field(default_factory=list)
    beside: list[Any] = field(default_factory=list)

    @property
    def what_happened(self) -> str:
        """DC A has left; DC A no longer works cases"""
        if not self.user.is_active:
            return f"{self.user.called} has left"
        return f"{self.user.called} no longer works {'cases' if self.cases else 'beside the officer'}"


@dataclass(frozen=True)
class ToAllocate:
    waiting: list[CaseToAllocate]
    leavers: list[Leaver]
    has_more: bool
    # How many have no officer, shown or not.
    number: int = 0

    @property
    def waiting_in_words(self) -> str:
        """7; first 200 of 207"""
        shown = len(self.waiting)
        return f"first {shown} of {self.number}" if shown < self.number else str(shown)

    @property
    def case_ids(self) -> list[UUID]:
        own = [row.case.pk for rows in (self.waiting, *(leaver.cases for leaver in self.leavers)) for row in rows]
        beside = [grant.content_object_id for leaver in self.leavers for grant in leaver.beside]
        return list(dict.fromkeys([*own, *beside]))


NOTHING_TO_ALLOCATE = ToAllocate([], [], has_more=False)


def to_allocate(actor: Actor, now: datetime, unit_id: int | None = None) -> ToAllocate:
    """Of the cases that the actor may allocate, those without an officer, longest waiting first, and those of people who have
    left or hold no role any more that works cases. ``unit_id``: of those without an officer only the cases of this unit. Six
    queries."""
    today = timezone.localdate(now)
    mine = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN).order_by("recorded_at", "pk")
    unallocated = without_officer(mine if unit_id is None else mine.filter(unit_id=unit_id))
    nobodys = list(unallocated.annotate(of_all=Window(Count("pk")))[:MOST_CASES])
    left = list(mine.exclude(officer=None).exclude(officer_id__in=at_work(GrantBasis.ASSIGNED, today))[: MOST_CASES + 1])
    working = Q(basis=GrantBasis.SECOND, user_id__in=at_work(GrantBasis.SECOND, today))
    working |= Q(basis=GrantBasis.LIAISON, user_id__in=at_work(GrantBasis.LIAISON, today))
    beside = list(grants_beside(actor).exclude(working)[:MOST_CASES])
    shown = [*nobodys, *left[:MOST_CASES]]
    work = open_work(shown, now)
    rows = {case.pk: row_of(case, work, today) for case in shown}
    leavers: dict[int, Leaver] = {}
    for case in left[:MOST_CASES]:
        leavers.setdefault(case.officer_id, Leaver(case.officer)).cases.append(rows[case.pk])
    for grant in beside:
        leavers.setdefault(grant.user_id, Leaver(grant.user)).beside.append(grant)
    return ToAllocate(
        waiting=[rows[case.pk] for case in nobodys],
        leavers=sorted(leavers.values(), key=lambda leaver: (leaver.user.family_name, leaver.user.given_name, leaver.user.pk)),
        has_more=len(left) > MOST_CASES,
        number=nobodys[0].of_all if nobodys else 0,
    )


def without_officer(cases: Any) -> Any:
    """Each with the moment since when it has had no officer here: since it was logged or taken over, which may be long after it was
    recorded, or since the last officer was taken off. Longest waiting first."""
    ended = CaseGrant.unguarded.filter(content_object=OuterRef("pk"), basis=GrantBasis.ASSIGNED, ends_at__isnull=False)
    since = Greatest("logged_at", Subquery(ended.order_by("-ends_at").values("ends_at")[:1]))
    return cases.filter(officer=None).annotate(waits_since=since).order_by("waits_since", "pk")


def late_without_officer(actor: Actor, now: datetime) -> int:
    """How much is late in all the cases without an officer that the actor may allocate. Three queries."""
    cases = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN, officer=None)
    return number_late(cases.values("pk"), now)


def row_of(case: Any, work: dict[UUID, OpenWork], today: date) -> CaseToAllocate:
    since = getattr(case, "waits_since", None)
    days = (today - timezone.localdate(since)).days if since else 0
    return CaseToAllocate(case, day_number(case, today), work[case.pk], days)


def grants_beside(actor: Actor) -> Any:
    """Who works beside the officer on open cases that the actor may allocate."""
    cases = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN)
    bases = (GrantBasis.SECOND, GrantBasis.LIAISON)
    grants = CaseGrant.unguarded.filter(content_object__in=cases.values("pk"), ends_at=None, basis__in=bases)
    return grants.select_related("content_object", "user").order_by("content_object__recorded_at", "pk")


def officers_at_work(actor: Actor, today: date) -> list[tuple[User, int]]:
    """Who of those at work is the officer in cases that the actor may allocate, and in how many; in the order of names. Two
    queries."""
    cases = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN, officer_id__in=at_work(GrantBasis.ASSIGNED, today))
    number = dict(cases.order_by().values_list("officer_id").annotate(number=Count("pk")))
    users = User.objects.filter(pk__in=number).order_by("family_name", "given_name", "pk")
    return [(user, number[user.pk]) for user in users]
