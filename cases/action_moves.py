"""TABLE 2, continued: what may be done to an action, and the sentences that stand in the way (as in cases/workflow.py)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from cases.enums import Act
from cases.independence import refusal_of_part
from cases.models import Action, MoreTime
from cases.workflow import has_ended
from kit.access import Actor
from kit.dates import day

ActionGate = Callable[[Action, Actor, date], str | None]

# What must be done later than this is a slip of the keys.
LONGEST = timedelta(days=366)


def refusal_of_day(day: date, today: date) -> str | None:
    """Why nothing can be due, or be looked at again, on this day: it has passed, or it is too far away."""
    if day < today:
        return "Enter today or a later date"
    return "Enter a date within a year from today" if day > today + LONGEST else None


def action_is_not_done(action: Action, actor: Actor, today: date) -> str | None:
    return "This action is done already." if action.done_at is not None else None


def action_is_done(action: Action, actor: Actor, today: date) -> str | None:
    return "This action is not done yet." if action.done_at is None else None


def action_is_not_verified(action: Action, actor: Actor, today: date) -> str | None:
    return "This action is verified already." if action.verified_at is not None else None


def more_time_is_asked(action: Action, actor: Actor, today: date) -> str | None:
    return "Nobody asks for more time for this action now." if open_request(action) is None else None


def its_case_is_open(action: Action, actor: Actor, today: date) -> str | None:
    return None if action.case.is_open else has_ended(action.case)


def action_is_theirs(action: Action, actor: Actor, today: date) -> str | None:
    """Whoever it was given to does it, or the officer in the case, or who covers for one of them."""
    if {action.owner_id, action.case.officer_id} & {*actor.does_work_of}:
        return None
    return f"This action was given to {action.owner.called}. They or the officer in the case can do this."


def no_answer_is_awaited(action: Action, actor: Actor, today: date) -> str | None:
    request = open_request(action)
    if request is None:
        return None
    return f"More time is asked for already, until {day(request.due_asked)}. Wait for the answer of a supervisor."


def somebody_else_asked(action: Action, actor: Actor, today: date) -> str | None:
    """Nobody agrees to more time for themselves, nor for the case that they work."""
    request = open_request(action)
    return refusal_to_answer(action, action.case.officer_id, request.asked_by_id if request else None, actor)


def refusal_to_answer(action: Action, officer_id: int | None, asked_by_id: int | None, actor: Actor) -> str | None:
    """Why this person may never answer it; also what the next steps of the case go by."""
    if actor.user_id == officer_id:
        return "You are the officer in the case. Another supervisor must answer the request for more time."
    if actor.user_id in (action.owner_id, asked_by_id):
        return "You cannot agree to your own request. Another supervisor can."
    if {officer_id, action.owner_id, asked_by_id} & {*actor.covers}:
        return "You cover for whoever asks, or for the officer in the case. Another supervisor must answer the request."
    return None


def somebody_else_did_it(action: Action, actor: Actor, today: date) -> str | None:
    """Nobody verifies their own work, nor that on the case that they work."""
    return refusal_to_verify(action, action.case.officer_id, actor)


def has_no_part_in_it(action: Action, actor: Actor, today: date) -> str | None:
    """Also not whoever works on the case beside its officer, or worked on it since its last review, for themself or for another."""
    if action.case.officer_id in actor.does_work_of:
        return None  # Said by the gate before this one.
    return refusal_of_part(action.case, actor)


def refusal_to_verify(action: Action, officer_id: int | None, actor: Actor) -> str | None:
    """Why this person may never verify it; also what the next steps of the case go by."""
    if actor.user_id in (action.done_by_id, action.owner_id):
        return "Somebody else must verify what you did. Another supervisor can."
    if actor.user_id == officer_id:
        return "You are the officer in the case. Another supervisor must verify this action."
    if {officer_id, action.done_by_id, action.owner_id} & {*actor.covers}:
        return "You cover for whoever did it, or for the officer in the case. Another supervisor must verify this action."
    return None


def open_request(action: Action) -> MoreTime | None:
    """The request for more time that nobody has answered yet. One query."""
    requests = MoreTime.unguarded.filter(case=action.case, action=action, answered_at=None)
    return requests.select_related("asked_by").first()


@dataclass(frozen=True)
class ActionMove:
    """What may be done to an action. ``comes_up``: where it is a question at all; ``gates``: what then stands in the way."""

    url_name: str
    label: str
    act: Act
    comes_up: tuple[ActionGate, ...]
    gates: tuple[ActionGate, ...]


MARK_AS_DONE = ActionMove(
    "complete-action", "Mark as done", Act.DO_ACTION, (action_is_not_done,), (its_case_is_open, action_is_theirs)
)
ASK_FOR_MORE_TIME = ActionMove(
    "ask-for-more-time",
    "Ask for more time",
    Act.DO_ACTION,
    (action_is_not_done,),
    (its_case_is_open, action_is_theirs, no_answer_is_awaited),
)
ANSWER_MORE_TIME = ActionMove(
    "answer-more-time",
    "Answer the request for more time",
    Act.SUPERVISE,
    (action_is_not_done, more_time_is_asked),
    (its_case_is_open, somebody_else_asked, has_no_part_in_it),
)
VERIFY = ActionMove(
    "verify-action",
    "Verify, or send back",
    Act.SUPERVISE,
    (action_is_done, action_is_not_verified),
    (its_case_is_open, somebody_else_did_it, has_no_part_in_it),
)
ACTION_MOVES = (MARK_AS_DONE, ASK_FOR_MORE_TIME, ANSWER_MORE_TIME, VERIFY)


def action_blockers(action: Action, move: ActionMove, actor: Actor, today: date) -> list[str]:
    """Every reason why the actor may not do this to the action now; where it is no question, only that."""
    return _refusals(move.comes_up, action, actor, today) or _refusals(move.gates, action, actor, today)


def moves_of_action(action: Action, actor: Actor, acts: Collection[Act], today: date) -> list[tuple[ActionMove, list[str]]]:
    """What is a question now for somebody with these rights, each with what stands in the way of it."""
    return [
        (move, _refusals(move.gates, action, actor, today))
        for move in ACTION_MOVES
        if move.act in acts and not _refusals(move.comes_up, action, actor, today)
    ]


def _refusals(gates: tuple[ActionGate, ...], action: Action, actor: Actor, today: date) -> list[str]:
    return [reason for gate in gates if (reason := gate(action, actor, today))]
