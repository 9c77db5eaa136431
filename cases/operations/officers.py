"""Who works on a case beside its officer: a second investigator, a SOLO/SOIT; added and taken off by a supervisor."""

from datetime import datetime

from django.db import ProgrammingError, connection, transaction

from cases import chronology, workflow
from cases.enums import Act, EventKind, GrantBasis
from cases.models import Action, Case, CaseGrant
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked
from people.models import User


@operation(Act.ALLOCATE)
def add_officer(case: Case, *, actor: Actor, now: datetime, user_id: int, basis: GrantBasis) -> None:
    """Give somebody the case beside its officer, as SECOND or LIAISON. Raises Blocked when they may not have it."""
    workflow.refuse_on_closed(case)
    if user_id == case.officer_id:
        raise Blocked("They are the officer in the case already.")
    if CaseGrant.unguarded.filter(content_object=case, user_id=user_id, basis=basis, ends_at=None).exists():
        raise Blocked("They work on this case already.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rasso.grant_case(%s, %s, %s)", [case.pk, user_id, basis])
    except ProgrammingError:
        # The database refuses somebody connected with the case, a supervisor or somebody who has left, and says no more; nor do we.
        raise Blocked("This case cannot be given to them. Choose another officer.") from None
    tell(case, EventKind.OFFICER_ADDED, actor, now, user_id, basis)


@operation(Act.ALLOCATE)
def take_officer_off(case: Case, *, actor: Actor, now: datetime, user_id: int, basis: GrantBasis) -> None:
    """End what was given beside the officer in the case; their open actions go to the officer, so that none is on nobody's page.

    Raises Blocked when they do not work on it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.end_grant(%s, %s, %s)", [case.pk, user_id, basis])
        if not cursor.fetchone()[0]:
            raise Blocked("They do not work on this case.")
    if case.officer_id is not None:
        for action in Action.unguarded.filter(case=case, owner_id=user_id, done_at=None):
            action.owner_id = case.officer_id
            action.save(update_fields=["owner"])
    tell(case, EventKind.OFFICER_LEFT, actor, now, user_id, basis)


def tell(case: Case, kind: EventKind, actor: Actor, now: datetime, user_id: int, basis: GrantBasis) -> None:
    called = User.objects.get(pk=user_id).called
    chronology.record(case, kind, by=actor.user_id, at=now, now=now, text=f"{called}: {GrantBasis(basis).label}")
