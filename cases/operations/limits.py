"""Time limits that stand still for a while, or do not apply: each by a supervisor, with a reason, and taken back by another act."""

from datetime import date, datetime

from cases import chronology, deadlines, workflow
from cases.deadlines import Due
from cases.enums import Act, EventKind, LimitState, NotApplicable, Suspension
from cases.models import TimeLimit
from cases.rulebook import working_calendar
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation
from kit.refusal import Blocked


@operation(Act.SUPERVISE)
def suspend_limit(
    limit: TimeLimit, *, actor: Actor, now: datetime, why: Suspension, text: str, look_again_on: date | None = None
) -> None:
    """Let a limit stand still because it would be unsafe or unwelcome now (decision 26: with approval).

    ``look_again_on``: the day on which a supervisor looks at it again, so that nothing stands still for ever. Raises Blocked unless
    it runs, or for a day that is not to come.
    """
    refuse_unless(limit, actor, LimitState.RUNNING)
    if look_again_on is not None and look_again_on <= local_date(now):
        raise Blocked("Enter a day after today on which to look at it again.")
    words = f"{limit.rule.label}: {why.label}. {text}"
    note(limit, EventKind.LIMIT_SUSPENDED, actor, now, words, until=look_again_on)


@operation(Act.SUPERVISE)
def resume_limit(limit: TimeLimit, *, actor: Actor, now: datetime, text: str) -> None:
    """Let it run again, with as much time as was left when it was suspended. Raises Blocked unless it is suspended."""
    refuse_unless(limit, actor, LimitState.SUSPENDED)
    assert limit.suspended_by is not None
    due = deadlines.resumed_due(
        limit.rule, Due(limit.due_on, limit.due_at), limit.suspended_by.happened_at, now, working_calendar()
    )
    note(limit, EventKind.LIMIT_RESUMED, actor, now, f"{limit.rule.label}. {text}", until=due.on)


@operation(Act.SUPERVISE)
def stop_limit(limit: TimeLimit, *, actor: Actor, now: datetime, why: NotApplicable, text: str) -> None:
    """Say that a limit does not apply, and why. Raises Blocked unless it runs or is suspended."""
    refuse_unless(limit, actor, LimitState.RUNNING, LimitState.SUSPENDED)
    note(limit, EventKind.LIMIT_NOT_APPLICABLE, actor, now, f"{limit.rule.label}: {why.label}. {text}")


@operation(Act.SUPERVISE)
def restart_limit(limit: TimeLimit, *, actor: Actor, now: datetime, text: str) -> None:
    """Say that a limit applies after all; it runs with the date it had. Raises Blocked unless it was said not to apply."""
    refuse_unless(limit, actor, LimitState.NOT_APPLICABLE)
    note(limit, EventKind.LIMIT_REOPENED, actor, now, f"{limit.rule.label}. {text}")


def refuse_unless(limit: TimeLimit, actor: Actor, *states: LimitState) -> None:
    if reasons := workflow.limit_blockers(limit, actor, states):
        raise Blocked(*reasons)


def note(limit: TimeLimit, kind: EventKind, actor: Actor, now: datetime, text: str, until: date | None = None) -> None:
    chronology.record(
        limit.case,
        kind,
        by=actor.user_id,
        at=now,
        now=now,
        text=text,
        subject=limit.subject,
        until=until,
        limit=limit,
    )
