"""End a case without a decision about prosecution, and take it up again."""

from datetime import datetime

from cases import schedule, workflow
from cases.enums import Act, ClosingGrounds, ReopeningReason
from cases.models import Case, Review
from cases.queries.closing import case_that_goes_on
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation


@operation(Act.CLOSE)
def close_case(
    case: Case, *, actor: Actor, now: datetime, grounds: ClosingGrounds, text: str, goes_on_as: str = ""
) -> list[Review]:
    """Close the case, or hand it to another body. ``goes_on_as``: the reference of the case under which the same crime is recorded.
    Answers the reviews that are not needed any more. Raises Blocked with everything that is left to do."""
    transition = workflow.TRANSFER if grounds == ClosingGrounds.TAKEN_OVER else workflow.CLOSE
    words = f"{grounds.label}. {text}"
    if grounds == ClosingGrounds.RECORDED_TWICE:
        words = f"{grounds.label}: {named(case_that_goes_on(actor, case, goes_on_as), case)}. {text}"
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
    return schedule.stand_down(case, by=actor.user_id, now=now, because=words)


def named(other: Case, case: Case) -> str:
    """The other case, as it may be named here: nobody who reads this case may learn of one that is kept from them."""
    return "a restricted case" if other.is_restricted and not case.is_restricted else other.reference


@operation(Act.CLOSE)
def reopen_case(case: Case, *, actor: Actor, now: datetime, why: ReopeningReason, text: str) -> list[Review]:
    """Take up a case again; its reviews begin anew, counted from today. Answers them. Raises Blocked for a case that has not ended."""
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
    return schedule.start_again(case, local_date(now))
