"""Several cases at once: the hand-over of those of one person, who leaves or goes elsewhere, and the first allocation of those that wait.
All of it happens, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases import workflow
from cases.enums import Act
from cases.models import Case
from cases.operations.allocate import given
from kit.access import Actor
from kit.operations import operation_on_all
from kit.refusal import Blocked
from people.models import User


@dataclass(frozen=True)
class Handing:
    """Who takes a case, and which version of it the supervisor had read."""

    officer_id: int
    version: int


@operation_on_all(Act.ALLOCATE)
def hand_over_all(cases: list[Case], *, actor: Actor, now: datetime, from_id: int, to: Mapping[UUID, Handing]) -> None:
    """Give each case to whom ``to`` says, with what its officer before had still to do. Each gets its entry.

    Raises Blocked with a sentence for each case that cannot go, which begins with its reference; then none goes.
    """
    move_all(cases, actor=actor, now=now, from_id=from_id, to=to)


@operation_on_all(Act.ALLOCATE)
def allocate_cases(cases: list[Case], *, actor: Actor, now: datetime, to: Mapping[UUID, Handing]) -> None:
    """Give each of these cases, which have no officer yet, to whom ``to`` says. Each gets its entry. Raises Blocked as above."""
    move_all(cases, actor=actor, now=now, from_id=None, to=to)


def move_all(cases: list[Case], *, actor: Actor, now: datetime, from_id: int | None, to: Mapping[UUID, Handing]) -> None:
    takers = {user.pk: user for user in User.objects.filter(pk__in={handing.officer_id for handing in to.values()})}
    refusals = []
    for case in cases:
        handing = to[case.pk]
        refusal = refusal_to_hand_over(case, handing, takers.get(handing.officer_id), from_id)
        if refusal is None and not given(case, handing.officer_id, actor=actor, now=now):
            refusal = f"It cannot be given to {takers[handing.officer_id].called}. Choose another officer."
        if refusal is not None:
            refusals.append(f"{case.reference}: {refusal}")
    if refusals:
        raise Blocked(*refusals)


def refusal_to_hand_over(case: Case, handing: Handing, taker: User | None, from_id: int | None) -> str | None:
    """Why this case does not go, before the database is asked who may have it."""
    if not case.is_open:
        return workflow.has_ended(case)
    if case.officer_id != from_id:
        return "Somebody else has allocated it meanwhile." if from_id is None else "Somebody else has handed it over meanwhile."
    if case.version != handing.version:
        return "It was changed by somebody else meanwhile. Look at it again, then choose again."
    if taker is None or not taker.is_active:
        return "Whoever was to take it has left. Choose another officer."
    if taker.pk == from_id:
        return "It is theirs already. Choose another officer."
    return None
