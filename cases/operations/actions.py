"""Actions: done with what was done."""

from datetime import datetime

from cases import chronology
from cases.enums import Act, EventKind
from cases.models import Action
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked


@operation(Act.INVESTIGATE)
def complete_action(action: Action, *, actor: Actor, now: datetime, how: str) -> None:
    """Mark an action done, saying how. Raises Blocked when it is done already."""
    if action.done_at is not None:
        raise Blocked("This action is done already.")
    action.done_at, action.done_by_id, action.done_how = now, actor.user_id, how
    action.save(update_fields=["done_at", "done_by", "done_how"])
    chronology.record(
        action.case, EventKind.ACTION_DONE, by=actor.user_id, at=now, now=now, subject=f"A{action.number}", text=how
    )
