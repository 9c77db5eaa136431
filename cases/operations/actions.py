"""Actions: given, done with evidence, verified by another; more time is asked for and agreed to, never taken."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from cases import action_moves, chronology, deadlines, workflow
from cases.enums import Act, EventKind
from cases.models import Action, Case, MoreTime, Review
from cases.queries.workers import people_who_can_act
from cases.rulebook import rulebook_for
from cases.rulepacks import RuleCode
from kit import dates
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation
from kit.refusal import Blocked

NOT_A_WORKER = "An action can only go to somebody who works on this case."


@operation(Act.GIVE_ACTION)
def give_action(
    case: Case, *, actor: Actor, now: datetime, what: str, owner_id: int, due_on: date, look_again_on: date
) -> Action:
    """Give an action outside a review: a supervisor, or the officer in the case. Raises Blocked for an owner off the case."""
    workflow.refuse_on_closed(case)
    refuse_days(now, due_on, look_again_on)
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
        **notice_of_action(due_on, now),
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


def notice_of_action(due_on: date, now: datetime) -> dict[str, Any]:
    """Who hears of an action with this target date, and when."""
    book = rulebook_for(now)
    return deadlines.notice(book.rules[RuleCode.ACTION], due_on, book.calendar)


@operation(Act.DO_ACTION)
def complete_action(action: Action, *, actor: Actor, now: datetime, how: str, evidence: str) -> None:
    """Mark an action done, saying how and where the result can be seen. Raises Blocked when it is done already or not theirs."""
    refuse(action, action_moves.MARK_AS_DONE, actor, now)
    action.done_at, action.done_by_id, action.done_how, action.evidence = now, actor.user_id, how, evidence
    action.save(update_fields=["done_at", "done_by", "done_how", "evidence"])
    tell(action, EventKind.ACTION_DONE, actor, now, f"{how}\n{evidence}")


@operation(Act.DO_ACTION)
def ask_for_more_time(action: Action, *, actor: Actor, now: datetime, due_on: date, because: str) -> None:
    """Ask a supervisor for a later target date; until they agree the date stays. Raises Blocked when one is asked for already."""
    refuse(action, action_moves.ASK_FOR_MORE_TIME, actor, now)
    if due_on <= action.due_on:
        raise Blocked(f"Enter a date after {dates.day(action.due_on)}, the target date now.")
    refuse_days(now, due_on)
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
def answer_more_time(
    action: Action, *, actor: Actor, now: datetime, is_agreed: bool, answer: str, request_id: UUID | None = None
) -> None:
    """Agree to the later date, or keep the date that stands and say why. ``request_id``: the one that the supervisor read, where they
    read one.

    Raises Blocked for one's own request, for one that is answered, and for a date that has passed meanwhile.
    """
    refuse(action, action_moves.ANSWER_MORE_TIME, actor, now)
    request = action_moves.open_request(action)
    if request is None or request_id not in (None, request.pk):
        raise Blocked("That request is answered, and there is a new one. Load the page again to read it.")
    if is_agreed and request.due_asked < local_date(now):
        raise Blocked(
            f"{dates.day(request.due_asked)} has passed. Keep the date that stands, so that a later one can be asked for."
        )
    request.is_agreed, request.answer, request.answered_by_id, request.answered_at = is_agreed, answer, actor.user_id, now
    request.save(update_fields=["is_agreed", "answer", "answered_by", "answered_at"])
    if not is_agreed:
        tell(action, EventKind.ACTION_NOT_EXTENDED, actor, now, f"Stays {dates.day(action.due_on)}. {answer}")
        return
    if action.look_again_on == action.due_on:
        # Otherwise it is a date of its own, and nobody asked to move it.
        action.look_again_on = request.due_asked
    action.due_on, action.extended_count = request.due_asked, action.extended_count + 1
    heard = chronology.remind_anew(action, notice_of_action(action.due_on, now))
    action.save(update_fields=["due_on", "look_again_on", "extended_count", *heard])
    moved = f"From {dates.day(request.due_before)} to {dates.day(request.due_asked)}. {request.because} {answer}".strip()
    tell(action, EventKind.ACTION_EXTENDED, actor, now, moved)


@operation(Act.SUPERVISE)
def verify_action(action: Action, *, actor: Actor, now: datetime, text: str, done_at: datetime | None = None) -> None:
    """Say that what was to be done is done and that the evidence shows it. Never by whoever did it or owned it.

    ``done_at``: when it was done, as the supervisor read it, where they did. Raises Blocked where it was done anew since.
    """
    refuse(action, action_moves.VERIFY, actor, now)
    refuse_done_anew(action, done_at)
    action.verified_at, action.verified_by_id = now, actor.user_id
    action.save(update_fields=["verified_at", "verified_by"])
    tell(action, EventKind.ACTION_VERIFIED, actor, now, text)


@operation(Act.SUPERVISE)
def send_back_action(action: Action, *, actor: Actor, now: datetime, text: str, done_at: datetime | None = None) -> None:
    """Say that it is not done yet, and why; it is open again, with the target date it had. What was written stays in the chronology."""
    refuse(action, action_moves.VERIFY, actor, now)
    refuse_done_anew(action, done_at)
    action.done_at, action.done_by_id, action.done_how, action.evidence = None, None, "", ""
    action.save(update_fields=["done_at", "done_by", "done_how", "evidence"])
    tell(action, EventKind.ACTION_SENT_BACK, actor, now, text)


def refuse(action: Action, move: action_moves.ActionMove, actor: Actor, now: datetime) -> None:
    if reasons := action_moves.action_blockers(action, move, actor, local_date(now)):
        raise Blocked(*reasons)


def refuse_days(now: datetime, *days: date) -> None:
    if reasons := reasons_against(days, local_date(now)):
        raise Blocked(*reasons)


def reasons_against(days: Iterable[date], today: date) -> list[str]:
    """Why these cannot be the days of an action, each reason once."""
    reasons = (action_moves.refusal_of_day(day, today) for day in days)
    return [f"{reason}." for reason in dict.fromkeys(reasons) if reason]


def refuse_done_anew(action: Action, done_at: datetime | None) -> None:
    if done_at not in (None, action.done_at):
        raise Blocked("It was sent back and done again since you opened this page. Load the page again to read what is new.")


def tell(action: Action, kind: EventKind, actor: Actor, now: datetime, text: str) -> None:
    chronology.record(action.case, kind, by=actor.user_id, at=now, now=now, subject=str(action), text=text)
