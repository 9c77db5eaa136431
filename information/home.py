"""What an information manager, or the second person of a disposal, finds on the home page: numbers."""

from dataclasses import dataclass
from datetime import date

from information.queries import disposals, requests, retention
from kit.access import Actor
from people.roles import Role

SEE_IT = frozenset({Role.INFORMATION_MANAGER, Role.SUPERINTENDENT})


@dataclass(frozen=True)
class ToInform:
    is_manager: bool
    running: list[requests.RequestRow]
    due: int
    # Proposals of somebody else, which wait for this reader.
    to_answer: int


def to_inform(actor: Actor, today: date) -> ToInform | None:
    """None for whoever has nothing to do with it. Three queries at most."""
    if not actor.roles & SEE_IT:
        return None
    is_manager = Role.INFORMATION_MANAGER in actor.roles
    to_answer = [one for one in disposals.waiting() if one.proposed_by_id != actor.user_id]
    running = requests.running(today) if is_manager else []
    due = len(retention.due_for_review(today)) if is_manager else 0
    return ToInform(is_manager, running, due, len(to_answer))
