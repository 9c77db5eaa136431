"""End a case without a decision about prosecution, and take it up again."""

from datetime import datetime

from cases import schedule, workflow
from cases.enums import Act, ClosingGrounds, ReopeningReason
from cases.models import Case
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation


@operation(Act.CLOSE)
def close_case(case: Case, *, actor: Actor, now: datetime, grounds: ClosingGrounds, text: str) -> None:
    """Close the case, or hand it to another body. Raises Blocked with everything that is left to do."""
    transition = workflow.TRANSFER if grounds == ClosingGrounds.TAKEN_OVER else workflow.CLOSE
    words = f"{grounds.label}. {text}"
    workflow.move(
        case,
        transition,
        actor=actor,
        now=now,
        text=words,
        closed_at=now,
        closed_by_id=actor.user_id,
        closing_grounds=grounds,
    )
    schedule.stand_down(case, by=actor.user_id, now=now, because=words)


@operation(Act.CLOSE)
def reopen_case(case: Case, *, actor: Actor, now: datetime, why: ReopeningReason, text: str) -> None:
    """Take up a case again; its reviews begin anew, counted from today. Raises Blocked for a case that has not ended."""
    workflow.move(
        case,
        workflow.REOPEN if case.officer_id else workflow.REOPEN_UNALLOCATED,
        actor=actor,
        now=now,
        text=f"{why.label}. {text}",
        closed_at=None,
        closed_by_id=None,
        closing_grounds="",
    )
    schedule.start_again(case, local_date(now))
