"""Allocate a case to an officer, or hand it to another."""

from collections.abc import Iterable
from datetime import datetime

from django.db import ProgrammingError, connection, transaction
from django.utils.timezone import localdate

from cases import workflow
from cases.enums import Act
from cases.models import Action, Case
from cases.queries.workers import open_actions_of_officer, works_beside
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked
from kit.wording import listed
from people.models import User


@operation(Act.ALLOCATE)
def allocate_case(case: Case, *, actor: Actor, now: datetime, officer_id: int, keeps: Iterable[int] = ()) -> None:
    """Make somebody the officer in the case. Raises Blocked when they already are, or may not be.

    ``keeps``: numbers of the open actions that the officer before goes on with, which only somebody can who works on it still.
    """
    kept = frozenset(keeps)
    if case.officer_id == officer_id:
        raise Blocked("They are the officer in the case already.")
    if kept and not works_beside(case, case.officer_id, localdate(now)):
        names = listed(f"A{number}" for number in sorted(kept))
        raise Blocked(f"The officer before does not see the case any more. {names} must go with it.")
    if not given(case, officer_id, actor=actor, now=now, keeps=kept):
        raise Blocked("This case cannot be given to them. Choose another officer.")


def given(case: Case, officer_id: int, *, actor: Actor, now: datetime, keeps: frozenset[int] = frozenset()) -> bool:
    """Allocate it, unless the database refuses: somebody connected with the case, deactivated, not of the police or without a role
    that works cases. It says no more than no; nor do we."""
    try:
        with transaction.atomic():
            assign(case, officer_id, actor=actor, now=now, keeps=keeps)
    except ProgrammingError:
        return False
    return True


def assign(case: Case, officer_id: int, *, actor: Actor, now: datetime, keeps: frozenset[int] = frozenset()) -> None:
    """Write the change down, then let the database make it: it ends the grant of the officer before, gives the new one and
    checks who gives. In this order, because whoever logged a case no longer sees it once it has an officer."""
    officer = User.objects.get(pk=officer_id)
    handed = hand_over_actions(case, officer_id, keeps)
    text = f"To {officer.called}"
    if handed:
        text += f"\nWith {listed(str(action) for action in handed)}, which {'was' if len(handed) == 1 else 'were'} still to do."
    workflow.move(case, workflow.ALLOCATE, actor=actor, now=now, text=text, by_database=True, officer_id=officer_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.allocate_case(%s, %s)", [case.pk, officer_id])


def hand_over_actions(case: Case, officer_id: int, keeps: frozenset[int]) -> list[Action]:
    """What the officer before still had to do goes with the case; otherwise it would stand on nobody's page."""
    handed = [action for action in open_actions_of_officer(case) if action.number not in keeps]
    for action in handed:
        action.owner_id = officer_id
        action.save(update_fields=["owner"])
    return handed
