"""Restrict a case to the people named on it, name and un-name them, lift it. The database decides who may (cases/sql/restricted.sql)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import ProgrammingError, connection, transaction

from cases import chronology
from cases.enums import Act, EventKind
from cases.models import Action, Case
from kit.access import Actor
from kit.history import note_change
from kit.operations import held_by, operation
from kit.refusal import Blocked
from kit.wording import listed
from people.models import User
from people.roles import Role

RESTRICTED_ALREADY = "This case is restricted already. Name people on it instead."
NOT_RESTRICTED = "This case is not restricted."
NEEDS_A_SUPERVISOR = "Name at least one supervisor who is not the officer in the case, so that somebody reviews it."
# Whatever the reason; the database says no more, so that nobody learns who is connected with whom.
CANNOT_BE_NAMED = "These people cannot all be named on this case. Choose others."


@operation(Act.RESTRICT)
def restrict_case(case: Case, *, actor: Actor, now: datetime, people: Collection[int], because: str) -> None:
    """From now on its officer and these people see the case, and nobody else. Raises Blocked where no supervisor is among them."""
    if case.is_restricted:
        raise Blocked(RESTRICTED_ALREADY)
    named = {*people, *([case.officer_id] if case.officer_id else [])}
    hand_actions_to_officer(case, named)
    called = [user.called for user in User.objects.filter(pk__in=named).order_by("family_name", "given_name")]
    tell(case, actor, now, f"Restricted to {listed(called)}.\n{because}")
    case.is_restricted, case.version = True, case.version + 1
    note_change(case)
    ask("SELECT rasso.restrict_case(%s, %s)", case.pk, sorted(named), refusal=f"{CANNOT_BE_NAMED} {NEEDS_A_SUPERVISOR}")


@operation(Act.RESTRICT)
def name_on_case(case: Case, *, actor: Actor, now: datetime, user_id: int) -> None:
    """Name somebody on a restricted case; they see it at once."""
    refuse_unless_restricted(case)
    ask("SELECT rasso.name_on_case(%s, %s)", case.pk, user_id, refusal="They cannot be named on this case. Choose somebody else.")
    tell(case, actor, now, f"{User.objects.get(pk=user_id).called} was named on it.")


@operation(Act.RESTRICT)
def unname_on_case(case: Case, *, actor: Actor, now: datetime, user_id: int, because: str) -> None:
    """Take somebody off a restricted case; they lose it at once. Never its officer, nor the last supervisor."""
    refuse_unless_restricted(case)
    if user_id == case.officer_id:
        raise Blocked("They are the officer in the case. Allocate the case to somebody else first.")
    tell(case, actor, now, f"{User.objects.get(pk=user_id).called} was taken off it.\n{because}")
    refusal = "They are the last supervisor who is named. Name another one first."
    hand_actions_of(case, user_id)
    if not ask("SELECT rasso.unname_on_case(%s, %s)", case.pk, user_id, refusal=refusal):
        raise Blocked("They are not named on this case.")


@operation(Act.LIFT)
def lift_restriction(case: Case, *, actor: Actor, now: datetime, because: str) -> None:
    """From now on the case is seen as any other of its unit. Only by an inspector who is named on it."""
    refuse_unless_restricted(case)
    tell(case, actor, now, f"No longer restricted.\n{because}")
    case.is_restricted, case.version = False, case.version + 1
    note_change(case)
    ask("SELECT rasso.lift_restriction(%s)", case.pk, refusal="Only an inspector who is named on the case lifts its restriction.")


class Unseen:
    """What a Detective Superintendent did to a case that they do not see; only the access record names it."""

    def __init__(self, key: UUID) -> None:
        self.case_ids = [key]


@held_by(Role.SUPERINTENDENT)
def name_supervisor_unseen(*, actor: Actor, now: datetime, user_id: int) -> Unseen:
    """Name a supervisor on a restricted case that has none any more, without seeing which it is. The auditor hears of it."""
    refusal = "They cannot be named here. Choose another supervisor."
    key = ask("SELECT rasso.name_supervisor_unseen(%s)", user_id, refusal=refusal)
    if key is None:
        raise Blocked(refusal)
    return Unseen(key)


def refuse_unless_restricted(case: Case) -> None:
    if not case.is_restricted:
        raise Blocked(NOT_RESTRICTED)


def tell(case: Case, actor: Actor, now: datetime, text: str) -> None:
    chronology.record(case, EventKind.ACCESS_CHANGED, by=actor.user_id, at=now, now=now, text=text)


def hand_actions_to_officer(case: Case, kept: Collection[int]) -> None:
    """What people who lose the case still had to do goes to its officer, so that it stands on somebody's page."""
    if case.officer_id is None:
        return
    for action in Action.unguarded.filter(case=case, done_at=None).exclude(owner_id__in=kept):
        action.owner_id = case.officer_id
        action.save(update_fields=["owner"])


def hand_actions_of(case: Case, user_id: int) -> None:
    owners = Action.unguarded.filter(case=case, done_at=None).exclude(owner_id=user_id).values_list("owner_id", flat=True)
    hand_actions_to_officer(case, set(owners))


def ask(statement: str, *parameters: Any, refusal: str) -> Any:
    """What the database function answers; Blocked with this sentence where it refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchone()[0]
    except ProgrammingError:
        raise Blocked(refusal) from None
