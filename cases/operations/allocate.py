"""Allocate a case to an officer, or hand it to another."""

from datetime import datetime

from django.db import ProgrammingError, connection, transaction

from cases import workflow
from cases.enums import Act
from cases.models import Action, Case
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked
from people.models import User


@operation(Act.ALLOCATE)
def allocate_case(case: Case, *, actor: Actor, now: datetime, officer_id: int) -> None:
    """Make somebody the officer in the case. Raises Blocked when they already are, or may not be."""
    if case.officer_id == officer_id:
        raise Blocked("They are the officer in the case already.")
    try:
        with transaction.atomic():
            assign(case, officer_id, actor=actor, now=now)
    except ProgrammingError:
        # The database refuses somebody connected with the case, deactivated or not of the police, and says no more; nor do we.
        raise Blocked("This case cannot be given to them. Choose another officer.") from None


def assign(case: Case, officer_id: int, *, actor: Actor, now: datetime) -> None:
    """Write the change down, then let the database make it: it ends the grant of the officer before, gives the new one and
    checks who gives. In this order, because whoever logged a case no longer sees it once it has an officer."""
    officer = User.objects.get(pk=officer_id)
    hand_over_actions(case, officer_id)
    workflow.move(
        case, workflow.ALLOCATE, actor=actor, now=now, text=f"To {officer.called}", by_database=True, officer_id=officer_id
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.allocate_case(%s, %s)", [case.pk, officer_id])


def hand_over_actions(case: Case, officer_id: int) -> None:
    """What the officer before still had to do goes with the case; otherwise it would stand on nobody's page."""
    for action in Action.unguarded.filter(case=case, owner_id=case.officer_id, done_at=None):
        action.owner_id = officer_id
        action.save(update_fields=["owner"])
