"""Actions: given, done with evidence, verified by another; more time is asked for and agreed to, never taken."""

from datetime import date, datetime

from django.db.models import Max

from cases import chronology, workflow
from cases.enums import Act, EventKind
from cases.models import Action, Case, MoreTime, Review
from cases.queries.workers import people_who_can_act
from kit import dates
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked

NOT_A_WORKER = "An action can only go to somebody who works on this case."


@operation(Act.GIVE_ACTION)
def give_action(
    case: Case, *, actor: Actor, now: datetime, what: str, owner_id: int, due_on: date, look_again_on: date
) -> Action:
    """Give an action outside a review: a supervisor, or the officer to themselves. Raises Blocked for an owner off the case."""
    workflow.refuse_on_closed(case)
    if owner_id not in {user.pk for user in people_who_can_act(case)}:
        raise Blocked(NOT_A_WORKER)
    return add_action(case, by=actor.user_id, now=now, what=what, owner_id=owner_id, due_on=due_on, look_again_on=look_again_on)


def add_action(
    case: Case,
    *,
    by: int,
    now: datetime,
    what: str,
    owner_id: int,
    due_on: date,
    look_again_on: date,
    direction_of: Review | None = None,
) -> Action:
    """Write the next action of a case down, and its entry."""
    last = Action.unguarded.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    action: Action = Action.unguarded.create(
        **Action.scope_of(case),
        number=last + 1,
        what=what,
        owner_id=owner_id,
        due_on=due_on,
        look_again_on=look_again_on,
        given_by_id=by,
        given_at=now,
        direction_of=direction_of,
    )
    chronology.record(case, EventKind.ACTION_GIVEN, by=by, at=now, now=now, subject=str(action), text=what)
    return action


@operation(Act.INVESTIGATE)
def complete_action(action: Action, *, actor: Actor, now: datetime, how: str, evidence: str) -> None:
    """Mark an action done, saying how and where the result can be seen. Raises Blocked when it is done already."""
    workflow.refuse_on_closed(action.case)
    refuse_done(action)
    action.done_at, action.done_by_id, action.done_how, action.evidence = now, actor.user_id, how, evidence
    action.save(update_fields=["done_at", "done_by", "done_how", "evidence"])
    tell(action, EventKind.ACTION_DONE, actor, now, f"{how}\n{evidence}")


@operation(Act.INVESTIGATE)
def ask_for_more_time(action: Action, *, actor: Actor, now: datetime, due_on: date, because: str) -> None:
    """Ask a supervisor for a later target date; until they agree the date stays. Raises Blocked when one is asked for already."""
    workflow.refuse_on_closed(action.case)
    refuse_done(action)
    if open_request(action) is not None:
        raise Blocked("More time is asked for already. Wait for the answer.")
    if due_on <= action.due_on:
        raise Blocked(f"Enter a date after {dates.day(action.due_on)}, the present target date.")
    MoreTime.unguarded.create(
        case=action.case,
        action=action,
        due_before=action.due_on,
        due_asked=due_on,
        because=because,
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    tell(action, EventKind.ACTION_TIME_ASKED, actor, now, f"Until {dates.day(due_on)}. {because}")


@operation(Act.SUPERVISE)
def answer_more_time(action: Action, *, actor: Actor, now: datetime, is_agreed: bool, answer: str) -> None:
    """Agree to the later date, or refuse it with a reason. Raises Blocked for one's own request, or when there is none."""
    workflow.refuse_on_closed(action.case)
    request = open_request(action)
    if request is None:
        raise Blocked("Nobody asks for more time for this action now.")
    if actor.user_id in (request.asked_by_id, action.owner_id):
        raise Blocked("You cannot agree to your own request. Another supervisor can.")
    request.is_agreed, request.answer, request.answered_by_id, request.answered_at = is_agreed, answer, actor.user_id, now
    request.save(update_fields=["is_agreed", "answer", "answered_by", "answered_at"])
    if not is_agreed:
        tell(action, EventKind.ACTION_NOT_EXTENDED, actor, now, f"Stays {dates.day(action.due_on)}. {answer}")
        return
    action.due_on, action.extended_count = request.due_asked, action.extended_count + 1
    action.look_again_on = max(action.look_again_on, request.due_asked)
    action.save(update_fields=["due_on", "look_again_on", "extended_count"])
    moved = f"From {dates.day(request.due_before)} to {dates.day(request.due_asked)}. {request.because} {answer}"
    tell(action, EventKind.ACTION_EXTENDED, actor, now, moved)


@operation(Act.SUPERVISE)
def verify_action(action: Action, *, actor: Actor, now: datetime, text: str) -> None:
    """Say that what was to be done is done and that the evidence shows it. Never by whoever did it or owned it."""
    refuse_own_work(action, actor)
    action.verified_at, action.verified_by_id = now, actor.user_id
    action.save(update_fields=["verified_at", "verified_by"])
    tell(action, EventKind.ACTION_VERIFIED, actor, now, text)


@operation(Act.SUPERVISE)
def send_back_action(action: Action, *, actor: Actor, now: datetime, text: str) -> None:
    """Say that it is not done yet, and why; it is open again, with the target date it had. What was written stays in the chronology."""
    workflow.refuse_on_closed(action.case)
    refuse_own_work(action, actor)
    action.done_at, action.done_by_id, action.done_how, action.evidence = None, None, "", ""
    action.save(update_fields=["done_at", "done_by", "done_how", "evidence"])
    tell(action, EventKind.ACTION_SENT_BACK, actor, now, text)


def refuse_done(action: Action) -> None:
    if action.done_at is not None:
        raise Blocked("This action is done already.")


def refuse_own_work(action: Action, actor: Actor) -> None:
    if action.done_at is None:
        raise Blocked("This action is not done yet.")
    if action.verified_at is not None:
        raise Blocked("This action is verified already.")
    if actor.user_id in (action.done_by_id, action.owner_id):
        raise Blocked("Somebody else must verify what you did. Another supervisor can.")


def open_request(action: Action) -> MoreTime | None:
    return MoreTime.unguarded.filter(action=action, answered_at=None).first()


def tell(action: Action, kind: EventKind, actor: Actor, now: datetime, text: str) -> None:
    chronology.record(action.case, kind, by=actor.user_id, at=now, now=now, subject=str(action), text=text)
