"""Everything that stands in one person's name, within the reach of the supervisor who hands it over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.enums import Act, GrantBasis
from cases.models import Action
from cases.queries.case_page import cases_with_names
from cases.queries.open_work import open_work
from cases.queries.to_allocate import CaseToAllocate, grants_beside, row_of
from cases.queries.workers import at_work
from cases.workflow import OPEN
from kit import dates
from kit.access import Actor
from people.models import Membership, User
from people.roles import OrganisationKind

# In one go; the page then says that there are more.
MOST_CASES = 100


@dataclass(frozen=True)
class CaseToHand:
    row: CaseToAllocate
    # What the person has still to do on it, with its dates; it goes along.
    actions: list[tuple[Any, dates.Urgency]]

    @property
    def case(self) -> Any:
        return self.row.case

    @property
    def reference(self) -> str:
        return str(self.case.reference)

    @property
    def said_above(self) -> Any:
        """The action that is the most pressing thing on the case, and so stands there in full already."""
        first = self.row.work.first
        return next((action for action, _ in self.actions if first and first.what == f"{action}: {action.what}"), None)

    @property
    def numbers(self) -> str:
        """A3, A7"""
        return ", ".join(str(action) for action, _ in self.actions)


@dataclass(frozen=True)
class Beside:
    """A case on which the person works beside its officer, and what they have still to do on it."""

    case: Any
    kind: GrantBasis
    actions: list[tuple[Any, dates.Urgency]]

    @property
    def basis(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class Everything:
    person: Any
    cases: list[CaseToHand]
    beside: list[Beside]
    has_more: bool
    # Whether they hold a role in which somebody is the officer in a case.
    works_cases: bool

    @property
    def case_ids(self) -> list[UUID]:
        return list(dict.fromkeys([*(one.case.pk for one in self.cases), *(one.case.pk for one in self.beside)]))


def person_within_reach(actor: Actor, user_id: int) -> Any:
    """Somebody of the actor's units, now or before, or in whose name something stands that the actor may hand over. One query."""
    cases = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN)
    members = Membership.objects.filter(unit_id__in=actor.supervised_unit_ids)
    within = Q(pk__in=cases.values("officer_id")) | Q(pk__in=members.values("user_id"))
    within |= Q(pk__in=grants_beside(actor).order_by().values("user_id"))
    return User.objects.filter(within, pk=user_id, organisation_kind=OrganisationKind.POLICE).first()


def everything_of(actor: Actor, person: Any, now: datetime) -> Everything:
    """Seven queries."""
    today = timezone.localdate(now)
    mine = cases_with_names(actor, Act.ALLOCATE).filter(status__in=OPEN, officer_id=person.pk)
    cases = list(mine.order_by("recorded_at", "pk")[: MOST_CASES + 1])
    shown = cases[:MOST_CASES]
    work = open_work(shown, now)
    grants = list(grants_beside(actor).filter(user_id=person.pk)[:MOST_CASES])
    keys = [*(case.pk for case in shown), *(grant.content_object_id for grant in grants)]
    actions: dict[UUID, list[tuple[Any, dates.Urgency]]] = {key: [] for key in keys}
    for action in Action.unguarded.filter(case__in=keys, owner_id=person.pk, done_at=None).order_by("number"):
        actions[action.case_id].append((action, dates.urgency(action.due_on, today)))
    return Everything(
        person=person,
        cases=[CaseToHand(row_of(case, work, today), actions[case.pk]) for case in shown],
        beside=[Beside(grant.content_object, GrantBasis(grant.basis), actions[grant.content_object_id]) for grant in grants],
        has_more=len(cases) > MOST_CASES,
        works_cases=User.objects.filter(pk__in=at_work(GrantBasis.ASSIGNED, today), pk=person.pk).exists(),
    )
