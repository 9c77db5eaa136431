"""What an officer owes on the cases they work, what they wait for, and their cases: each thing once, in one block only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases import deadlines
from cases.enums import CARRY_A_DATE, SAY_WHETHER_ON_BAIL, Act, EventKind, ReviewKind
from cases.models import Action, Case, Event, MoreTime, Review, TimeLimit
from cases.queries.anchors import bail_anchor
from cases.queries.case_list import CaseRow
from cases.queries.case_page import bail_in_words
from cases.queries.chronology import FIRST_VICTIM
from cases.queries.home import SOON, Line, action_line, limit_line, review_line
from cases.workflow import OPEN
from kit import dates
from kit.access import Actor
from people.roles import Role

OFFICERS = frozenset({Role.INVESTIGATOR, Role.FIRST_OFFICER, Role.LIAISON_OFFICER})
# Of each kind; more than the open cases of one officer hold.
MOST_LINES = 200
# A direction is new for so long; what somebody has read does not go away by being read.
NEW_FOR = timedelta(days=7)
# When to ask after a done action that nobody has verified.
CHASE_AFTER = timedelta(days=7)
# Met by telling V1, or by offering V1 somebody to tell.
TO_TELL = frozenset({EventKind.VICTIM_TOLD, EventKind.SUPPORT_REFERRED})


@dataclass(frozen=True)
class Telling:
    """Somebody must be told: who and what about, by when, and what to press once it is done."""

    line: Line
    about: str
    label: str


@dataclass(frozen=True)
class Waiting:
    """Something that somebody else must do: whom it waits for, since when, and when to ask after it."""

    case_id: UUID
    reference: str
    what: str
    whom: str
    since: date
    chase_on: date
    url_name: str
    key: Any


@dataclass(frozen=True)
class OfficersWork:
    tell: list[Telling] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)
    soon: list[Line] = field(default_factory=list)
    directions: list[Any] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    next: Line | None = None
    # Of late and due actions for which more time is asked: since when.
    asked_on: dict[tuple[UUID, int], date] = field(default_factory=dict)
    # Something that others do in these cases is late or due this week.
    others_are_pressed: bool = False

    @property
    def case_ids(self) -> list[UUID]:
        lines = (*(telling.line for telling in self.tell), *self.late, *self.soon)
        return [*(line.case_id for line in lines), *(one.case_id for one in (*self.directions, *self.waiting))]

    @property
    def nothing(self) -> bool:
        return not (self.tell or self.late or self.soon)


def worked_by(actor: Actor, act: Act = Act.INVESTIGATE) -> QuerySet[Any]:
    """The keys of the open cases that the actor works on."""
    return Case.objects.visible_to(actor, act).filter(status__in=OPEN).values("pk")


def looked_on_by(actor: Actor) -> QuerySet[Any]:
    """The keys of the open cases that are the actor's to see but not to work on: those of a liaison officer, those logged and not
    allocated yet, restricted ones on which they are named. Not those of the units that they supervise, nor what they only look at in an emergency."""
    as_officer = replace(actor, roles=actor.roles & OFFICERS)
    return Case.objects.visible_to(as_officer, Act.TAKE_OUT).filter(status__in=OPEN).exclude(pk__in=worked_by(actor)).values("pk")


def officers_work(actor: Actor, now: datetime) -> OfficersWork:
    """Twelve queries at most, whatever the number of cases."""
    today = timezone.localdate(now)
    actions = open_actions(actor)
    asked = more_time_asked_by(actor)
    limits = running_limits(actor)
    tell = [limit for limit in limits if deadlines.LIMITS[limit.rule.code].met_by in TO_TELL]
    looked_on = [replace(bail, whom=officer_of(case)) for bail, case in bails_that_end(looked_on_by(actor), today)]
    bails = [*(bail for bail, _ in bails_that_end(worked_by(actor), today)), *looked_on]
    # Who waits for an answer waits, until the date that stands has passed.
    waits = {action.pk for action in actions if action.pk in asked and action.due_on >= today}
    lines = [
        *(action_line(action, today) for action in actions if action.pk not in waits),
        *(limit_line(limit, now) for limit in limits if limit not in tell),
        *lines_looked_on(actor, now),
    ]
    late = in_order([*(bail for bail in bails if bail.due_on < today), *(line for line in lines if line.is_late)])
    soon = in_order(
        [
            *(bail for bail in bails if bail.due_on >= today),
            *(line for line in lines if not line.is_late and line.due_on <= today + SOON),
        ]
    )
    later = in_order(line for line in lines if line.due_on > today + SOON)
    return OfficersWork(
        tell=sorted((telling_of(limit, now) for limit in tell), key=lambda one: (one.line.due_on, one.line.reference)),
        late=late,
        soon=soon,
        directions=[action for action in actions if action.pk not in waits and is_new_direction(action, today)],
        waiting=sorted(
            [
                *(waits_for_answer(asked[action.pk], action) for action in actions if action.pk in waits),
                *waits_for_verification(actor, today),
                *waits_for_review(actor, today),
            ],
            key=lambda one: (one.chase_on, one.since),
        ),
        next=later[0] if later else None,
        asked_on={
            (action.case_id, action.number): timezone.localdate(asked[action.pk].asked_at)
            for action in actions
            if action.pk in asked
        },
        others_are_pressed=others_are_pressed(actor, today),
    )


def in_order(lines: Iterable[Line]) -> list[Line]:
    """What the reader does before what they only look on at; safety first, then what is due earliest."""
    return sorted(lines, key=lambda line: (bool(line.whom), not line.is_safety, line.due_on, line.reference))


# What is owed ------------------------------------------------------------------------------------------------------------


def open_actions(actor: Actor) -> list[Any]:
    theirs = worked_by(actor, Act.DO_ACTION)
    mine = Action.unguarded.filter(case__in=theirs, owner_id__in=actor.does_work_of, done_at=None)
    return list(mine.select_related("case", "given_by").order_by("due_on", "pk")[:MOST_LINES])


def more_time_asked_by(actor: Actor) -> dict[UUID, Any]:
    """The requests for more time for these actions that nobody has answered, by action."""
    theirs = worked_by(actor, Act.DO_ACTION)
    mine = MoreTime.unguarded.filter(
        case__in=theirs, action__owner_id__in=actor.does_work_of, answered_at=None, action__done_at=None
    )
    return {request.action_id: request for request in mine.order_by("asked_at", "pk")[:MOST_LINES]}


def running_limits(actor: Actor) -> list[Any]:
    running = TimeLimit.unguarded.filter(case__in=worked_by(actor), met_at=None, stopped_by=None, suspended_by=None)
    return list(running.select_related("case", "rule", "started_by").order_by("due_on", "pk")[:MOST_LINES])


def telling_of(limit: Any, now: datetime) -> Telling:
    line, victim = limit_line(limit, now), limit.subject or FIRST_VICTIM
    if deadlines.LIMITS[limit.rule.code].met_by == EventKind.SUPPORT_REFERRED:
        return Telling(line, f"{victim} hears who can support them, and is referred or says no", "Log the referral")
    when = dates.ago(timezone.localdate(limit.started_by.happened_at), timezone.localdate(now))
    return Telling(line, f"{limit.started_by.get_kind_display()} {when}", f"Log that you told {victim}")


def bails_that_end(cases: QuerySet[Any], today: date) -> list[tuple[Line, Any]]:
    """Bail of suspects in these cases that ends within a week, or has ended and nobody has written what became of it. The
    last entry that stands and speaks of bail says when. Each with its case."""
    entries = Event.unguarded.filter(case__in=cases, struck_at=None, kind__in=sorted(SAY_WHETHER_ON_BAIL))
    last = entries.order_by("case", "subject", "-happened_at", "-recorded_at", "-pk").distinct("case", "subject")
    return [
        (bail_line(entry, today), entry.case)
        for entry in last.select_related("case__officer")
        if entry.kind in CARRY_A_DATE and entry.until is not None and entry.until <= today + SOON
    ]


def bail_line(entry: Any, today: date) -> Line:
    return Line(
        entry.case_id,
        f"Decide about the bail of {entry.subject}",
        entry.case.reference,
        entry.until,
        bail_in_words(entry.until, today),
        "bail",
        entry.subject,
        anchor=bail_anchor(entry.pk),
        is_safety=True,
    )


def is_new_direction(action: Any, today: date) -> bool:
    """Those that are late or due soon stand there."""
    is_new = timezone.localdate(action.given_at) >= today - NEW_FOR
    return action.direction_of_id is not None and action.due_on > today + SOON and is_new


# What is waited for ------------------------------------------------------------------------------------------------------


def waits_for_answer(request: Any, action: Any) -> Waiting:
    """Chased when the date that stands comes: until somebody agrees, it is the date."""
    return Waiting(
        action.case_id,
        action.case.reference,
        f"{action}: more time asked until {dates.day(request.due_asked)}",
        "a supervisor to answer",
        timezone.localdate(request.asked_at),
        action.due_on,
        "action",
        action.number,
    )


def waits_for_verification(actor: Actor, today: date) -> list[Waiting]:
    theirs = worked_by(actor, Act.DO_ACTION)
    done = Action.unguarded.filter(case__in=theirs, owner_id__in=actor.does_work_of, done_at__isnull=False, verified_at=None)
    return [
        Waiting(
            action.case_id,
            action.case.reference,
            f"{action}: {action.what}",
            "a supervisor to verify that it is done",
            timezone.localdate(action.done_at),
            timezone.localdate(action.done_at) + CHASE_AFTER,
            "action",
            action.number,
        )
        for action in done.select_related("case").order_by("done_at", "pk")[:MOST_LINES]
    ]


def waits_for_review(actor: Actor, today: date) -> list[Waiting]:
    """A review of the actor's case that is late, and whose it is to sign; to be chased at once."""
    late = Review.unguarded.filter(case__in=worked_by(actor), completed_at=None, due_on__lt=today)
    return [
        Waiting(
            review.case_id,
            review.case.reference,
            review.get_kind_display(),
            signed_by(review),
            review.due_on,
            today,
            "case-reviews",
            None,
        )
        for review in late.select_related("case").order_by("due_on", "pk")[:MOST_LINES]
    ]


def signed_by(review: Any) -> str:
    """a Detective Sergeant to complete it"""
    return f"a {Role(review.lowest_role).label} to {'decide' if review.kind == ReviewKind.ESCALATED else 'complete'} it"


def next_review(actor: Actor) -> Any:
    """The next review of a case the actor works on, for “Your next date is …”. One query."""
    mine = worked_by(actor)
    return Review.unguarded.filter(case__in=mine, completed_at=None).select_related("case").order_by("due_on", "pk").first()


def others_are_pressed(actor: Actor, today: date) -> bool:
    """Whether somebody else has an action or a review in the cases the actor works on that is late or due this week. Two queries."""
    cases, until = worked_by(actor), today + SOON
    actions = Action.unguarded.filter(case__in=cases, done_at=None, due_on__lte=until).exclude(owner_id__in=actor.does_work_of)
    reviews = Review.unguarded.filter(case__in=cases, completed_at=None, due_on__lte=until)
    return any([actions.exists(), reviews.exists()])


# What is looked on at ----------------------------------------------------------------------------------------------------


def lines_looked_on(actor: Actor, now: datetime) -> list[Line]:
    """All that is open in the cases that the actor does not work on, each with who does it. Three queries; none for whoever has
    no such case by role."""
    today, cases = timezone.localdate(now), looked_on_by(actor)
    limits = TimeLimit.unguarded.filter(case__in=cases, met_at=None, stopped_by=None, suspended_by=None)
    own = Q(owner_id__in=actor.does_work_of, case__in=worked_by(actor, Act.DO_ACTION))
    actions = Action.unguarded.filter(case__in=cases, done_at=None).exclude(own)
    reviews = Review.unguarded.filter(case__in=cases, completed_at=None)
    return [
        *(
            replace(limit_line(one, now), whom=officer_of(one.case))
            for one in earliest(limits, "case__officer", "rule", "started_by")
        ),
        *(replace(action_line(one, today), whom=f"{one.owner.called} to do it") for one in earliest(actions, "case", "owner")),
        *(replace(review_line(one, today), whom=signed_by(one)) for one in earliest(reviews, "case")),
    ]


def earliest(rows: QuerySet[Any], *related: str) -> QuerySet[Any]:
    return rows.select_related(*related).order_by("due_on", "pk")[:MOST_LINES]


def officer_of(case: Any) -> str:
    return f"{case.officer.called} to do it" if case.officer else "a supervisor to allocate the case"


# The cases ---------------------------------------------------------------------------------------------------------------


def references_worked_by(actor: Actor, most: int) -> list[str]:
    """References of the open cases to which the actor may add an entry, no more than so many. One query."""
    mine = Case.objects.visible_to(actor, Act.INVESTIGATE).filter(status__in=OPEN)
    return list(mine.order_by("pk").values_list("reference", flat=True)[:most])


@dataclass(frozen=True)
class OwnCase:
    """A case of the reader with what comes next in it, and when in the fewest words: what presses stands above in full."""

    row: CaseRow
    next: Line | None
    when: dates.Urgency | None = None


def own_cases(actor: Actor, found: list[CaseRow], now: datetime) -> list[OwnCase]:
    """Those whose next thing is due earliest first. Three queries."""
    today, keys = timezone.localdate(now), [row.id for row in found]
    limits = TimeLimit.unguarded.filter(case__in=keys, met_at=None, stopped_by=None, suspended_by=None)
    actions = Action.unguarded.filter(case__in=keys, owner_id__in=actor.does_work_of, done_at=None)
    reviews = Review.unguarded.filter(case__in=keys, completed_at=None)
    lines = [
        *(limit_line(limit, now) for limit in first_of_each(limits.select_related("case", "rule"))),
        *(action_line(action, today) for action in first_of_each(actions.select_related("case"))),
        *(review_line(review, today) for review in first_of_each(reviews.select_related("case"))),
    ]
    following: dict[UUID, Line] = {}
    for line in sorted(lines, key=lambda line: line.due_on):
        following.setdefault(line.case_id, line)
    cases = [own_case(row, following.get(row.id), today) for row in found]
    return sorted(cases, key=lambda one: (one.next is None, one.next.due_on if one.next else today, one.row.reference))


def own_case(row: CaseRow, line: Line | None, today: date) -> OwnCase:
    if line is None:
        return OwnCase(row, None)
    day = dates.short_day(line.due_on, today)
    return OwnCase(row, line, dates.Urgency(f"late, was due {day}" if line.is_late else f"due {day}", line.urgency.css))


def first_of_each(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of each case the one that is due first."""
    return rows.order_by("case", "due_on", "pk").distinct("case")
