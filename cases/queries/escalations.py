"""What has come to somebody because nobody acted in time: late reviews, time limits and actions, and what was answered about them.

Who it has come to is asked of the function that decides who is told (rasso.escalated_to_me, cases/sql/reminders.sql), so that whoever
gets a message finds it here and may answer; computed from the dates on each thing, whether or not reminders are running.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from cases import chronology
from cases.enums import Act, ReminderAbout, ReviewKind
from cases.independence import refusal_of_part
from cases.models import Action, Case, EscalationAnswer, Review, TimeLimit
from cases.queries.anchors import action_anchor, limit_anchor, review_anchor
from cases.queries.entries import urgency_of, with_subject
from kit import dates
from kit.access import Actor
from people.roles import Role

# The key of no row.
NOTHING = UUID(int=0)
OPEN: dict[ReminderAbout, tuple[type[Any], Q]] = {
    ReminderAbout.REVIEW: (Review, Q(completed_at=None)),
    ReminderAbout.LIMIT: (TimeLimit, Q(met_at=None, stopped_by=None)),
    ReminderAbout.ACTION: (Action, Q(done_at=None)),
}
RELATED = {
    ReminderAbout.REVIEW: ("case", "case__officer"),
    ReminderAbout.LIMIT: ("case", "case__officer", "rule"),
    ReminderAbout.ACTION: ("case", "owner"),
}
NOT_ESCALATED = (
    "This is not escalated to you. Somebody has acted, or its date has moved, or it is your own work, or somebody else of the right "
    "rank answers for it."
)

OWN_ACTION = "This action is yours, or that of somebody you cover for. Whoever else supervises the case answers for it."


class Come(NamedTuple):
    """One row of rasso.escalated_to_me. Without keys where the reader sees nothing of the case."""

    about: ReminderAbout
    key: UUID | None
    case_id: UUID | None
    unit: str
    due_on: date
    own_stage: str
    stage: str
    role: str
    is_answered: bool


@dataclass(frozen=True)
class Escalation:
    """One thing that has come to the reader. ``role``: whom it has come to by now, which is the next rank where it ``has_gone_on``.
    ``answers``: what was said of its present stage, newest first."""

    about: ReminderAbout
    thing: Any
    due_on: date
    stage: str
    role: str
    has_gone_on: bool
    what: str
    urgency: dates.Urgency
    anchor: str
    is_answered: bool = False
    answers: tuple[Any, ...] = ()

    @property
    def case(self) -> Any:
        return self.thing.case

    @property
    def to(self) -> str:
        """Detective Inspector"""
        return Role(self.role).label if self.role else ""

    @property
    def order(self) -> tuple[bool, bool, date]:
        """First what waits for the reader's answer, then what has gone on, then what is answered; earliest first."""
        return self.is_answered, self.has_gone_on, self.due_on


@dataclass(frozen=True)
class Escalations:
    """``out_of_sight``: units and how many late things in each have come to the reader only because nobody nearer is free to act."""

    rows: list[Escalation]
    waiting: int
    out_of_sight: list[tuple[str, int]]

    @property
    def more(self) -> int:
        return self.waiting - len(self.rows)


NOTHING_ESCALATED = Escalations([], 0, [])


def escalated_to(actor: Actor, now: datetime, most: int) -> Escalations:
    """What has come to the actor and is still open, no more than ``most``. Six statements, whatever there is.

    Reviews that were sent on as not satisfactory stand among them: they came to their role at once.
    """
    come = come_to(actor)
    rows = [*sent_on(actor, now), *fetched([one for one in come if one.key], actor, now)]
    unseen = Counter(one.unit for one in come if one.key is None and not one.is_answered)
    shown = sorted(rows, key=lambda one: one.order)[:most]
    return Escalations(with_answers(shown), len(rows), sorted(unseen.items()))


def come_to(actor: Actor, key: UUID | None = None) -> list[Come]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about, id, case_id, unit, due_on, own_stage, stage, role, is_answered FROM rasso.escalated_to_me()"
            " WHERE %s::uuid IS NULL OR id = %s",
            [key, key],
        )
        return [Come(ReminderAbout(row[0]), *row[1:]) for row in cursor.fetchall()]


def fetched(come: list[Come], actor: Actor, now: datetime) -> list[Escalation]:
    """The rows behind these, as the actor sees them. One query for each kind."""
    reach = Case.objects.visible_to(actor, Act.ANSWER).values("pk")
    found = []
    for about, (model, is_open) in OPEN.items():
        wanted = {one.key: one for one in come if one.about is about}
        rows = model.unguarded.filter(is_open, case__in=reach, pk__in=[NOTHING, *wanted]).select_related(*RELATED[about])
        found += [escalation(wanted[thing.pk], thing, now) for thing in rows]
    return found


def sent_on(actor: Actor, now: datetime) -> list[Escalation]:
    """Open reviews that were sent on to one of the actor's roles and are not late enough to have gone further. One query."""
    reach = Case.objects.visible_to(actor, Act.ANSWER).values("pk")
    today = timezone.localdate(now)
    later = Q(escalates_on=None) | Q(escalates_on__gt=today)
    reviews = Review.unguarded.filter(
        later, case__in=reach, completed_at=None, kind=ReviewKind.ESCALATED, lowest_role__in=actor.roles
    ).exclude(case__officer_id=actor.user_id)
    return [
        escalation(Come(ReminderAbout.REVIEW, review.pk, review.case_id, "", review.due_on, "", "", "", False), review, now)
        for review in reviews.select_related(*RELATED[ReminderAbout.REVIEW])
    ]


def escalation(come: Come, thing: Any, now: datetime) -> Escalation:
    return Escalation(
        come.about,
        thing,
        come.due_on,
        come.stage,
        come.role,
        come.own_stage != come.stage,
        what_is(come.about, thing),
        urgency(come, thing, now),
        anchor(come.about, thing),
        come.is_answered,
    )


def what_is(about: ReminderAbout, thing: Any) -> str:
    match about:
        case ReminderAbout.REVIEW:
            return str(thing.get_kind_display())
        case ReminderAbout.LIMIT:
            name = with_subject(thing)
            return f"Look again at: {name}" if thing.suspended_by_id else name
        case ReminderAbout.ACTION:
            return f"{thing}: {thing.what}"


def urgency(come: Come, thing: Any, now: datetime) -> dates.Urgency:
    if come.about is ReminderAbout.LIMIT and thing.suspended_by_id is None:
        return urgency_of(chronology.due_of(thing), now)
    return dates.urgency(come.due_on, timezone.localdate(now))


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
    return [replace(one, answers=tuple(of_stage(one, said))) for one in found]


def of_stage(one: Escalation, said: dict[UUID, list[Any]]) -> list[Any]:
    return [answer for answer in said.get(one.thing.pk, ()) if (answer.stage, answer.due_on) == (one.stage, one.due_on)]


def escalation_in(case: Any, key: UUID, actor: Actor, now: datetime) -> Escalation | None:
    """What of this case has this key, is open, and has come to the actor; None for anything else. Five statements."""
    come = [one for one in come_to(actor, key) if one.case_id == case.pk]
    found = with_answers(fetched(come, actor, now))
    return found[0] if found else None


def own_work(escalation: Escalation, actor: Actor) -> str:
    """Why the actor cannot answer for it; empty when they can."""
    if escalation.has_gone_on:
        return f"Nobody answered in time, so it has gone on to the {escalation.to}. They answer for it now."
    if escalation.about is ReminderAbout.ACTION and escalation.thing.owner_id in actor.does_work_of:
        return OWN_ACTION
    if escalation.thing.case.officer_id == actor.user_id:
        return "You are the officer in the case. Another supervisor answers for it."
    if escalation.thing.case.officer_id in actor.covers:
        return "You cover for the officer in the case. Another supervisor answers for it."
    return refusal_of_part(escalation.thing.case, actor, "Another supervisor answers for it.") or ""
