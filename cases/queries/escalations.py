"""What has come to somebody because nobody acted in time: late reviews, time limits and actions, and what was answered about them.

Computed from the dates that each thing carries, so that it stands there whether or not the sweep has run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases import chronology
from cases.enums import Act, ReminderAbout, ReminderStage, ReviewKind
from cases.independence import refusal_of_part
from cases.models import Action, Case, EscalationAnswer, Review, TimeLimit
from cases.queries.anchors import action_anchor, limit_anchor, review_anchor
from cases.queries.entries import urgency_of, with_subject
from kit import dates
from kit.access import Actor

MOST_LINES = 30
# The key of no row.
NOTHING = UUID(int=0)
OPEN: dict[ReminderAbout, tuple[type[Any], Q]] = {
    ReminderAbout.REVIEW: (Review, Q(completed_at=None)),
    ReminderAbout.LIMIT: (TimeLimit, Q(met_at=None, stopped_by=None, suspended_by=None)),
    ReminderAbout.ACTION: (Action, Q(done_at=None)),
}
RELATED = {
    ReminderAbout.REVIEW: ("case", "case__officer"),
    ReminderAbout.LIMIT: ("case", "case__officer", "rule"),
    ReminderAbout.ACTION: ("case", "owner"),
}

OWN_ACTION = "This action is yours to do, or you cover for whoever does it. Whoever else supervises the case answers for it."
NOT_ESCALATED = "This is not escalated to you any more: somebody has acted, or its date has moved. Nothing more to do."


@dataclass(frozen=True)
class Escalation:
    """One thing that has come to a role. ``answers``: what was said of this stage, newest first."""

    about: ReminderAbout
    thing: Any
    stage: ReminderStage
    role: str
    what: str
    urgency: dates.Urgency
    anchor: str
    answers: tuple[Any, ...] = ()

    @property
    def case(self) -> Any:
        return self.thing.case

    @property
    def is_answered(self) -> bool:
        return bool(self.answers)


def reached(roles: Iterable[str], today: date) -> Q:
    """Whose date has come to one of these roles by today."""
    return Q(escalates_to__in=roles, escalates_on__lte=today) | Q(escalates_further_to__in=roles, escalates_further_on__lte=today)


def escalated_to(actor: Actor, now: datetime) -> list[Escalation]:
    """What has come to one of the actor's roles and is still open, earliest first; first what nobody has answered. Four queries.

    What is theirs to do themselves is not escalated to them.
    """
    today = timezone.localdate(now)
    reach = Case.objects.visible_to(actor, Act.ANSWER).values("pk")
    found: list[Escalation] = []
    for about, (model, is_open) in OPEN.items():
        late = reached(actor.roles, today)
        if about is ReminderAbout.REVIEW:
            late |= Q(kind=ReviewKind.ESCALATED, lowest_role__in=actor.roles)
        rows = model.unguarded.filter(is_open, late, case__in=reach).exclude(pk__in=own(model, actor))
        found += [
            escalation(about, thing, now) for thing in rows.select_related(*RELATED[about]).order_by("due_on", "pk")[:MOST_LINES]
        ]
    found = with_answers(found)
    return sorted(found, key=lambda one: (one.is_answered, one.thing.due_on))[:MOST_LINES]


def own(model: type[Any], actor: Actor) -> Any:
    """The keys of what the actor has to do themselves or for somebody they cover, or of the cases that they work so."""
    mine = Q(owner_id__in=actor.does_work_of) if model is Action else Q(case__officer_id__in=actor.does_work_of)
    return model.unguarded.filter(mine, case__in=Case.objects.visible_to(actor, Act.VIEW).values("pk")).values("pk")


def escalation(about: ReminderAbout, thing: Any, now: datetime) -> Escalation:
    stage, role = stage_of(thing, timezone.localdate(now))
    return Escalation(about, thing, stage, role, what_is(about, thing), urgency(about, thing, now), anchor(about, thing))


def stage_of(thing: Any, today: date) -> tuple[ReminderStage, str]:
    """How far up it has come by today, and to which role. A review that was sent on came to its own role at once."""
    if thing.escalates_further_on is not None and thing.escalates_further_on <= today:
        return ReminderStage.ESCALATED_FURTHER, thing.escalates_further_to
    if thing.escalates_on is not None and thing.escalates_on <= today:
        return ReminderStage.ESCALATED, thing.escalates_to
    return ReminderStage.DUE, getattr(thing, "lowest_role", "")


def what_is(about: ReminderAbout, thing: Any) -> str:
    match about:
        case ReminderAbout.REVIEW:
            return str(thing.get_kind_display())
        case ReminderAbout.LIMIT:
            return with_subject(thing)
        case ReminderAbout.ACTION:
            return f"{thing}: {thing.what}"


def urgency(about: ReminderAbout, thing: Any, now: datetime) -> dates.Urgency:
    if about is ReminderAbout.LIMIT:
        return urgency_of(chronology.due_of(thing), now)
    return dates.urgency(thing.due_on, timezone.localdate(now))


def anchor(about: ReminderAbout, thing: Any) -> str:
    match about:
        case ReminderAbout.REVIEW:
            return review_anchor(thing.pk)
        case ReminderAbout.LIMIT:
            return limit_anchor(thing.pk)
        case ReminderAbout.ACTION:
            return action_anchor(thing.number)


def with_answers(found: list[Escalation]) -> list[Escalation]:
    """The same with what was said of each at its present stage. One query, also for nothing: their number tells nothing."""
    said: dict[UUID, list[Any]] = {}
    answers = EscalationAnswer.unguarded.filter(
        case__in={NOTHING, *(one.thing.case_id for one in found)}, about_id__in=[NOTHING, *(one.thing.pk for one in found)]
    )
    for answer in answers.select_related("by").order_by("-at", "-pk"):
        said.setdefault(answer.about_id, []).append(answer)
    return [
        Escalation(one.about, one.thing, one.stage, one.role, one.what, one.urgency, one.anchor, tuple(of_stage(one, said)))
        for one in found
    ]


def of_stage(one: Escalation, said: dict[UUID, list[Any]]) -> list[Any]:
    return [answer for answer in said.get(one.thing.pk, ()) if (answer.stage, answer.due_on) == (one.stage, one.thing.due_on)]


def escalation_in(case: Any, key: UUID, actor: Actor, now: datetime) -> Escalation | None:
    """What of this case has this key, is open, and has come to one of the actor's roles; None for anything else. Three queries at
    most, and one for the answers."""
    today = timezone.localdate(now)
    for about, (model, is_open) in OPEN.items():
        rows = model.unguarded.filter(is_open, reached(actor.roles, today), case=case, pk=key)
        thing = rows.select_related(*RELATED[about]).first()
        if thing is not None:
            return with_answers([escalation(about, thing, now)])[0]
    return None


def own_work(escalation: Escalation, actor: Actor) -> str:
    """Why the actor cannot answer for it; empty when they can."""
    if escalation.about is ReminderAbout.ACTION and escalation.thing.owner_id in actor.does_work_of:
        return OWN_ACTION
    if escalation.thing.case.officer_id == actor.user_id:
        return "You are the officer in the case. Another supervisor answers for it."
    if escalation.thing.case.officer_id in actor.covers:
        return "You cover for the officer in the case. Another supervisor answers for it."
    return refusal_of_part(escalation.thing.case, actor, "Another supervisor answers for it.") or ""
