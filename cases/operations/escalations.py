"""Answer what was escalated: whoever hears of it says what will happen now, and it stands on the case."""

from datetime import datetime
from uuid import UUID

from cases import chronology
from cases.enums import Act, EventKind, ReminderAbout
from cases.models import Case, EscalationAnswer
from cases.queries.escalations import NOT_ESCALATED, Escalation, escalation_in, own_work
from kit import dates
from kit.access import Actor
from kit.operations import operation
from kit.refusal import Blocked
from kit.wording import before


@operation(Act.ANSWER)
def answer_escalation(case: Case, *, actor: Actor, now: datetime, about_id: UUID, text: str) -> None:
    """Say what will happen about a late review, time limit or action. The messages of this stage stop; it stays late until it is
    done, and goes on to the next role if the rule says so.

    Raises Blocked for what has not come to the actor, and for what they have to do themselves.
    """
    escalation = escalation_in(case, about_id, actor, now)
    if escalation is None:
        raise Blocked(NOT_ESCALATED)
    if reason := own_work(escalation, actor):
        raise Blocked(reason)
    EscalationAnswer.unguarded.create(
        case=case,
        about=escalation.about,
        about_id=about_id,
        stage=escalation.stage,
        due_on=escalation.due_on,
        text=text,
        by_id=actor.user_id,
        at=now,
    )
    chronology.record(
        case,
        EventKind.ESCALATION_ANSWERED,
        by=actor.user_id,
        at=now,
        now=now,
        subject=subject_of(escalation),
        text=f"{before(escalation.what, ',')} due {dates.day(escalation.due_on)}. {text}",
    )


def subject_of(escalation: Escalation) -> str:
    if escalation.about is ReminderAbout.ACTION:
        return str(escalation.thing)
    return str(getattr(escalation.thing, "subject", ""))
