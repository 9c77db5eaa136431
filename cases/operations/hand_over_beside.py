"""Hand over what somebody works beside the officers of several cases, to others in the same role. All of it happens, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import ProgrammingError, connection, transaction
from django.utils.timezone import localdate

from cases import workflow
from cases.enums import Act, EventKind, GrantBasis
from cases.models import Action, Case, CaseGrant
from cases.operations.officers import tell
from cases.queries.workers import at_work
from kit.access import Actor
from kit.operations import operation_on_all
from kit.refusal import Blocked
from people.models import User


@operation_on_all(Act.ALLOCATE)
def hand_over_beside(
    cases: list[Case], *, actor: Actor, now: datetime, from_id: int, to: Mapping[tuple[UUID, GrantBasis], int]
) -> None:
    """``to``: who takes what of which case. What was still to do on it goes along, and both entries are written.

    Raises Blocked with a sentence for each that cannot go, which begins with the reference of its case; then none goes.
    """
    takers = {
        (user.pk, basis): user
        for basis in {basis for _, basis in to}
        for user in User.objects.filter(pk__in=at_work(basis, localdate(now))).filter(pk__in=set(to.values()))
    }
    refusals = []
    for case in cases:
        for basis in (basis for key, basis in to if key == case.pk):
            refusal = refusal_to_move(case, basis, from_id, takers.get((to[case.pk, basis], basis)), actor, now)
            if refusal is not None:
                refusals.append(f"{case.reference}: {refusal}")
    if refusals:
        raise Blocked(*refusals)


def refusal_to_move(case: Case, basis: GrantBasis, from_id: int, taker: User | None, actor: Actor, now: datetime) -> str | None:
    """Move it, or say why not."""
    if not case.is_open:
        return workflow.has_ended(case)
    if taker is None:
        return "Whoever was to take it has left, or does not work cases so any more. Choose somebody else."
    if taker.pk == case.officer_id:
        return f"{taker.called} is the officer in it. Choose somebody else."
    if CaseGrant.unguarded.filter(content_object=case, user_id=taker.pk, basis=basis, ends_at=None).exists():
        return f"{taker.called} works on it already. Choose somebody else, or take the other off the case."
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rasso.end_grant(%s, %s, %s)", [case.pk, from_id, basis])
            if not cursor.fetchone()[0]:
                return "Somebody else has taken them off it meanwhile."
            cursor.execute("SELECT rasso.grant_case(%s, %s, %s)", [case.pk, taker.pk, basis])
    except ProgrammingError:
        return f"It cannot be given to {taker.called}. Choose somebody else."
    for action in Action.unguarded.filter(case=case, owner_id=from_id, done_at=None):
        action.owner_id = taker.pk
        action.save(update_fields=["owner"])
    tell(case, EventKind.OFFICER_LEFT, actor, now, from_id, basis)
    tell(case, EventKind.OFFICER_ADDED, actor, now, taker.pk, basis)
    return None
