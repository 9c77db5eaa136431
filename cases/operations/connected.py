"""Say that somebody who works here is connected with someone in a case; what a Detective Superintendent decides of their line of command;
how it ends. Nothing is ever inferred: a person says it."""

from datetime import datetime
from uuid import UUID

from cases import chronology
from cases.enums import Act, EventKind, GrantBasis
from cases.independence import WORKING
from cases.models import Case, CaseGrant
from cases.operations.restricted import Unseen, ask, hand_actions_of
from kit.access import Actor, NotVisible
from kit.history import note_change
from kit.operations import held_by, operation
from kit.refusal import Blocked
from people.models import User
from people.roles import Role


@operation(Act.VIEW)
def say_i_am_connected(case: Case, *, actor: Actor, now: datetime, how: str) -> None:
    """The actor knows somebody in the case: they lose it at once, everywhere."""
    keep_out(case, actor, now, actor.user_id, how)


@operation(Act.RESTRICT)
def say_connected(case: Case, *, actor: Actor, now: datetime, user_id: int, how: str) -> None:
    """A supervisor says it of somebody else."""
    if user_id == actor.user_id:
        raise Blocked("Say of yourself that you know somebody in the case on the page for that.")
    keep_out(case, actor, now, user_id, how)


@operation(Act.RESTRICT)
def end_connection(case: Case, *, actor: Actor, now: datetime, key: UUID, because: str) -> None:
    """It was withdrawn, or entered in error: they see the case again by whatever their role gives them. Never by themselves."""
    if not ask("SELECT rasso.end_connection(%s, %s)", key, because, refusal="This cannot be ended."):
        raise NotVisible


@held_by(Role.SUPERINTENDENT)
def decide_connection(*, actor: Actor, now: datetime, key: UUID, line_is_out: bool, instead_id: int | None) -> Unseen:
    """Whether those who supervise a connected person lose the case too, and who supervises it then.

    Raises NotVisible where there is nothing to decide for this actor.
    """
    refusal = "They cannot supervise this case. Choose somebody else."
    case_key = ask("SELECT rasso.decide_connection(%s, %s, %s)", key, line_is_out, instead_id, refusal=refusal)
    if case_key is None:
        raise NotVisible
    return Unseen(case_key)


def keep_out(case: Case, actor: Actor, now: datetime, user_id: int, how: str) -> None:
    """Write down first what they were on the case, because whoever says it of themself no longer sees it afterwards.

    What stands on the case does not say why somebody left: who is connected is for its supervisors alone.
    """
    grants = CaseGrant.unguarded.filter(content_object=case, user_id=user_id, ends_at=None, basis__in=WORKING)
    called = User.objects.get(pk=user_id).called
    for basis in grants.values_list("basis", flat=True):
        text = f"{called}: {GrantBasis(basis).label}"
        chronology.record(case, EventKind.OFFICER_LEFT, by=actor.user_id, at=now, now=now, text=text)
    if case.officer_id != user_id:
        hand_actions_of(case, user_id)
    if user_id in (case.officer_id, case.supervisor_id):
        case.officer_id = None if case.officer_id == user_id else case.officer_id
        case.supervisor_id = None if case.supervisor_id == user_id else case.supervisor_id
        case.version += 1
        note_change(case)
    ask("SELECT rasso.connect(%s, %s, %s)", case.pk, user_id, how, refusal="This cannot be said of them. Choose somebody else.")
