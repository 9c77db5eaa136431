"""What the investigation thinks and follows: context, plan, lines of enquiry; what the victim wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from cases import chronology, workflow
from cases.enums import Act, Direction, EventKind, LineState, WishKind
from cases.models import Case, Context, InvestigationPlan, LineOfEnquiry, Victim, Wish
from cases.queries.investigation import CONTEXT_FIELDS, PLAN_FIELDS
from kit.access import Actor, NotVisible
from kit.operations import operation
from kit.refusal import refuse_stale


@operation(Act.INVESTIGATE)
def record_context(
    case: Case, *, actor: Actor, now: datetime, version: int, relationship: str, answers: Mapping[str, Any]
) -> None:
    """Write down the context in its three parts. ``version`` is the one that was read, 0 for none yet; ``answers``: CONTEXT_FIELDS.
    Raises ChangedMeanwhile."""
    workflow.refuse_on_closed(case)
    context = Context.unguarded.filter(case=case).first() or Context(case=case, version=0)
    refuse_stale(context.version, version)
    write(context, CONTEXT_FIELDS, answers)
    if case.relationship != relationship:
        case.relationship, case.version = relationship, case.version + 1
        case.save(update_fields=["relationship", "version"])
    chronology.record(case, EventKind.CONTEXT_RECORDED, by=actor.user_id, at=now, now=now)


@operation(Act.INVESTIGATE)
def set_plan(case: Case, *, actor: Actor, now: datetime, version: int, answers: Mapping[str, str]) -> None:
    """Set the investigation plan, or change it; the first one meets the time limit of day 3. ``answers``: PLAN_FIELDS.
    Raises ChangedMeanwhile."""
    workflow.refuse_on_closed(case)
    plan = InvestigationPlan.unguarded.filter(case=case).first() or InvestigationPlan(case=case, version=0)
    refuse_stale(plan.version, version)
    write(plan, PLAN_FIELDS, answers)
    text = "" if plan.version == 1 else f"Changed, version {plan.version}."
    chronology.record(case, EventKind.INVESTIGATION_PLAN_SET, by=actor.user_id, at=now, now=now, text=text)


def write(row: Context | InvestigationPlan, names: tuple[str, ...], answers: Mapping[str, Any]) -> None:
    for name in names:
        setattr(row, name, answers[name])
    row.version += 1
    if row.version == 1:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*names, "version"])


@dataclass(frozen=True)
class Line:
    """A line of enquiry as somebody states it; ``outcome``: what came of it, or why it is not pursued."""

    what: str
    leads: Direction
    state: LineState = LineState.PENDING
    outcome: str = ""


@operation(Act.INVESTIGATE)
def add_line(case: Case, *, actor: Actor, now: datetime, line: Line) -> LineOfEnquiry:
    workflow.refuse_on_closed(case)
    last = LineOfEnquiry.unguarded.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    added: LineOfEnquiry = LineOfEnquiry.unguarded.create(
        case=case, number=last + 1, what=line.what, leads=line.leads, state=line.state, outcome=line.outcome
    )
    tell(added, actor, now)
    return added


@operation(Act.INVESTIGATE)
def change_line(row: LineOfEnquiry, *, actor: Actor, now: datetime, version: int, line: Line) -> None:
    """Say what became of a line, or state it better. Raises ChangedMeanwhile."""
    workflow.refuse_on_closed(row.case)
    refuse_stale(row.version, version)
    row.what, row.leads, row.state, row.outcome, row.version = line.what, line.leads, line.state, line.outcome, version + 1
    row.save(update_fields=["what", "leads", "state", "outcome", "version"])
    tell(row, actor, now)


def tell(line: LineOfEnquiry, actor: Actor, now: datetime) -> None:
    parts = (line.what, f"{LineState(line.state).label}. {line.outcome}".strip())
    chronology.record(
        line.case, EventKind.LINE_OF_ENQUIRY, by=actor.user_id, at=now, now=now, subject=str(line), text="\n".join(parts)
    )


@operation(Act.INVESTIGATE)
def record_wish(
    case: Case, *, actor: Actor, now: datetime, victim_number: int, wish: WishKind, said_at: datetime, text: str
) -> None:
    """Write down what a victim said they want; never changed, only followed by the next (domain.md 1.2)."""
    workflow.refuse_on_closed(case)
    victim = Victim.unguarded.filter(case=case, number=victim_number).first()
    if victim is None:
        raise NotVisible
    Wish.unguarded.create(case=case, victim=victim, wish=wish, said_at=said_at, recorded_by_id=actor.user_id)
    words = f"{WishKind(wish).label}. {text}".strip()
    chronology.record(case, EventKind.WISHES_ASKED, by=actor.user_id, at=said_at, now=now, subject=str(victim), text=words)
