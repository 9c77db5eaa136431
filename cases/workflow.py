"""TABLE 2, what may happen next: the moves of a case, and gates that return a sentence, or nothing when the way is free.

The same sentences refuse the act, stand on the page beside what may not be done now, and say what is left to do. All of them are
collected, not only the first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from cases import chronology, deadlines
from cases.enums import ADDED_BY_HAND, Act, EventKind, GrantBasis, LimitState, LineState, ReviewKind, Status
from cases.independence import (
    WORKING,
    covers_for_a_worker,
    last_reviewed,
    refusal_of_part,
    worked_for_another,
    worked_lately_for_another,
)
from cases.models import Action, Case, CaseGrant, Event, LineOfEnquiry, Review, TimeLimit
from kit.access import Actor
from kit.clock import local_date
from kit.dates import day as day_in_words
from kit.dates import day_and_time, time_of_day
from kit.history import note_change
from kit.refusal import Blocked
from people.roles import Role

# The case --------------------------------------------------------------------------------------------------------------

CaseGate = Callable[[Case, Actor, date], str | None]


def somebody_else_is_the_officer(case: Case, actor: Actor, today: date) -> str | None:
    """Nobody ends a case that they ever worked on, as its officer or beside them."""
    ever = CaseGrant.unguarded.filter(content_object=case, user_id=actor.user_id, basis__in=WORKING)
    bases = set(ever.values_list("basis", flat=True))
    if case.officer_id == actor.user_id:
        return f"You are the officer in the case. Another {Role.INSPECTOR.label} can do this."
    if GrantBasis.ASSIGNED in bases:
        return f"You were the officer in the case. Another {Role.INSPECTOR.label} can do this."
    return f"You worked on this case. Another {Role.INSPECTOR.label} can do this." if bases else None


def nobody_covered_works_it(case: Case, actor: Actor, today: date) -> str | None:
    """Nobody ends a case for whose officer they cover, or on which they ever worked for somebody else."""
    if covers_for_a_worker(case, actor):
        return f"You cover for somebody who works on this case. Another {Role.INSPECTOR.label} can do this."
    return (
        f"You worked on this case for somebody you covered for. Another {Role.INSPECTOR.label} can do this."
        if worked_for_another(case, actor)
        else None
    )


def no_action_is_open(case: Case, actor: Actor, today: date) -> str | None:
    """What somebody was to do is done."""
    numbers = Action.unguarded.filter(case=case, done_at=None).order_by("number").values_list("number", flat=True)
    return _left("A", numbers, "is not done yet", "are not done yet")


def every_done_action_is_verified(case: Case, actor: Actor, today: date) -> str | None:
    """Somebody else has made sure that it was done."""
    done = Action.unguarded.filter(case=case, done_at__isnull=False, verified_at=None)
    return _left("A", done.order_by("number").values_list("number", flat=True), "is not verified yet", "are not verified yet")


def every_line_has_an_end(case: Case, actor: Actor, today: date) -> str | None:
    """Each line of enquiry is pursued, or is not pursued for a reason."""
    pending = LineOfEnquiry.unguarded.filter(case=case, state=LineState.PENDING).order_by("number")
    return _left("L", pending.values_list("number", flat=True), "is still pending", "are still pending")


def no_time_limit_runs(case: Case, actor: Actor, today: date) -> str | None:
    """Each time limit is met or does not apply; one that is suspended still runs."""
    running = TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None).order_by("due_on").select_related("rule")
    labels = [f"{limit.rule.label}, due {day_in_words(limit.due_on)}" for limit in running]
    return f"Still running: {'; '.join(labels)}." if labels else None


def no_review_is_late(case: Case, actor: Actor, today: date) -> str | None:
    """No review that is due today, or was due before, is still open."""
    late = Review.unguarded.filter(case=case, completed_at=None, due_on__lte=today).order_by("due_on")
    labels = [f"{review.get_kind_display()}, due {day_in_words(review.due_on)}" for review in late]
    return f"Still to be completed: {'; '.join(labels)}." if labels else None


def nothing_is_escalated(case: Case, actor: Actor, today: date) -> str | None:
    """What was not satisfactory is decided by the next role up."""
    waiting = Review.unguarded.filter(case=case, completed_at=None, kind=ReviewKind.ESCALATED, due_on__gt=today)
    return "A review was escalated and is not decided yet." if waiting.exists() else None


def _left(letter: str, numbers: Any, one: str, many: str) -> str | None:
    names = [f"{letter}{number}" for number in numbers]
    if not names:
        return None
    return f"{names[0]} {one}." if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} {many}."


@dataclass(frozen=True)
class Transition:
    """One move of a case: from where to where, who may, what is written down, what stands in the way."""

    name: str
    sources: frozenset[Status]
    target: Status
    act: Act
    event: EventKind
    gates: tuple[CaseGate, ...] = ()


OPEN = frozenset({Status.RECORDED, Status.INVESTIGATING})
ENDED = frozenset({Status.CLOSED, Status.TRANSFERRED})
TO_END = (
    somebody_else_is_the_officer,
    nobody_covered_works_it,
    no_review_is_late,
    nothing_is_escalated,
    no_time_limit_runs,
    no_action_is_open,
    every_done_action_is_verified,
    every_line_has_an_end,
)

ALLOCATE = Transition("allocate to an officer", OPEN, Status.INVESTIGATING, Act.ALLOCATE, EventKind.CASE_ALLOCATED)
CLOSE = Transition("close", frozenset({Status.INVESTIGATING}), Status.CLOSED, Act.CLOSE, EventKind.CASE_CLOSED, TO_END)
TRANSFER = Transition("hand to another body", OPEN, Status.TRANSFERRED, Act.CLOSE, EventKind.CASE_CLOSED, TO_END)
REOPEN = Transition(
    "re-open",
    ENDED,
    Status.INVESTIGATING,
    Act.CLOSE,
    EventKind.CASE_REOPENED,
    (somebody_else_is_the_officer, nobody_covered_works_it),
)
# One that was handed to another body before anybody had it here waits for an officer again.
REOPEN_UNALLOCATED = Transition(
    "re-open where it never had an officer", frozenset({Status.TRANSFERRED}), Status.RECORDED, Act.CLOSE, EventKind.CASE_REOPENED
)
TRANSITIONS = (ALLOCATE, CLOSE, TRANSFER, REOPEN, REOPEN_UNALLOCATED)


def blockers(case: Case, transition: Transition, actor: Actor, today: date) -> list[str]:
    """Every reason why the case may not make this move now; empty when it may."""
    if case.status not in transition.sources:
        return [f"The case is {Status(case.status).label.lower()}."]
    return [reason for _, reason in standing_in_the_way(case, transition, actor, today)]


def standing_in_the_way(case: Case, transition: Transition, actor: Actor, today: date) -> list[tuple[CaseGate, str]]:
    """The gates that are shut, each with its sentence, so that a page can lead to where each is opened."""
    return [(gate, reason) for gate in transition.gates if (reason := gate(case, actor, today))]


def ending_of(case: Case) -> Transition:
    """How an open case can end: one without an officer only in the hands of another body."""
    return CLOSE if case.status in CLOSE.sources else TRANSFER


def move(
    case: Case,
    transition: Transition,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    by_database: bool = False,
    **fields: Any,
) -> Event:
    """Make a move: check, set, write down, save. The only place where the status of a case changes.

    ``by_database``: a database function changes the row itself (rasso.allocate_case); then only its history is written here.
    Raises Blocked with every reason.
    """
    if reasons := blockers(case, transition, actor, local_date(now)):
        raise Blocked(*reasons)
    set_moved(case, transition, **fields)
    event = chronology.record(case, transition.event, by=actor.user_id, at=now, now=now, text=text)
    if by_database:
        note_change(case)
    else:
        case.save(update_fields=["status", "version", *fields])
    return event


def set_moved(case: Case, transition: Transition, **fields: Any) -> None:
    """What a move changes on the case; nothing is saved."""
    case.status, case.version = transition.target, case.version + 1
    for name, value in fields.items():
        setattr(case, name, value)


def refuse_on_closed(case: Case) -> None:
    """Raise Blocked where somebody would work on a case that has ended."""
    if not case.is_open:
        raise Blocked(has_ended(case))


def has_ended(case: Case) -> str:
    return f"The case is {Status(case.status).label.lower()}. A {Role.INSPECTOR.label} can re-open it."


# Reviews ---------------------------------------------------------------------------------------------------------------

# Who may sign what: a role signs reviews whose lowest role is its own or one below. A Detective Superintendent signs only what
# was sent on to them.
SIGNS: dict[str, tuple[str, ...]] = {
    Role.SERGEANT: (Role.SERGEANT,),
    Role.INSPECTOR: (Role.SERGEANT, Role.INSPECTOR),
    Role.SUPERINTENDENT: (Role.SUPERINTENDENT,),
}
# To whom somebody of this role sends a case on that they do not find satisfactory.
NEXT_UP: dict[str, Role] = {Role.SERGEANT: Role.INSPECTOR, Role.INSPECTOR: Role.SUPERINTENDENT}

# Somebody waits for these: they may be completed on the day on which they are asked for.
WAITED_FOR = frozenset({ReviewKind.ESCALATED, ReviewKind.BEFORE_NFA})

WORKS_ON_IT = "You work on this case. Somebody who does not reviews it."
WORKED_ON_IT = "You worked on this case in the time that is reviewed. Somebody who did not reviews it."
COVERS_FOR_IT = "You cover for somebody who works on this case. Somebody who does not reviews it."
COVERED_FOR_IT = (
    "You worked on this case for somebody you covered for, in the time that is reviewed. Somebody who did not reviews it."
)
SENT_IT_ON = "You sent this review on yourself. Somebody else decides it."

ReviewGate = Callable[[Review, Actor, date], str | None]


def signable_roles(actor: Actor) -> tuple[str, ...]:
    """The lowest roles of the reviews that the actor's own roles may sign."""
    return tuple(sorted({lowest for role in actor.roles for lowest in SIGNS.get(role, ())}))


def refusal_to_escalate(review: Review, actor: Actor) -> str | None:
    """Why this reviewer may not send the case on: the page says it in the place of that result, and the act refuses with it."""
    waiting = Review.unguarded.filter(case=review.case, kind=ReviewKind.ESCALATED, completed_at=None).exclude(pk=review.pk)
    if waiting.exists():
        return "Another review of this case is escalated already and not decided yet."
    if escalates_to(review.case, actor) is None:
        return "Nobody above you can see this case. Choose another result and give a direction."
    return None


def escalates_to(case: Case, actor: Actor) -> Role | None:
    """The role to which this reviewer may send the case on; None where nobody above can see it."""
    up = next((NEXT_UP[role] for role in (Role.INSPECTOR, Role.SERGEANT) if role in actor.roles), None)
    # On a restricted case only who is named on it could decide, and a Detective Superintendent is not named.
    return None if case.is_restricted and up is Role.SUPERINTENDENT else up


def review_is_open(review: Review, actor: Actor, today: date) -> str | None:
    """Nobody has completed it, and the case was not closed before it fell due."""
    if review.completed_at is None or review.completed_by is None:
        return None
    when, name = localtime(review.completed_at), f"{review.get_kind_display()} of {review.case.reference}"
    moment = f"at {time_of_day(when)}" if when.date() == today else f"on {day_and_time(when)}"
    if not review.was_held:
        return f"This review is not needed: the case was closed {moment} by {review.by_whom}."
    return f"The {name} was completed {moment} by {review.by_whom}."


def refusal_to_sign(officer_id: int | None, lowest_role: str, actor: Actor) -> str | None:
    """Why this person may never sign it, whatever the day; also what the queue says beside the row."""
    signer = " or ".join(Role(role).label for role, lowest_roles in SIGNS.items() if lowest_role in lowest_roles)
    if officer_id == actor.user_id:
        return f"You cannot sign this one: you are the officer in the case. A {signer} who is not can."
    if lowest_role not in signable_roles(actor):
        return f"You cannot sign this one. A {signer} can."
    return None


def reviewer_may_sign(review: Review, actor: Actor, today: date) -> str | None:
    """Somebody of the role that the review asks for or one above, who is not the officer in the case."""
    return refusal_to_sign(review.case.officer_id, review.lowest_role, actor)


def reviewer_does_not_work_on_it(review: Review, actor: Actor, today: date) -> str | None:
    """Also not beside its officer, and not for having handed the case over a moment ago: whoever worked on it since the last review
    would review their own work."""
    works = CaseGrant.unguarded.filter(content_object=review.case, user_id=actor.user_id, basis__in=WORKING)
    since = last_reviewed(review.case, but=review)
    if works.filter(ends_at=None).exists():
        return WORKS_ON_IT
    lately = works.filter(ends_at__gt=since) if since else works
    return WORKED_ON_IT if lately.exists() else None


def reviewer_does_not_cover_for_it(review: Review, actor: Actor, today: date) -> str | None:
    """Also not for somebody who works on it: whoever does their work, or did some of it since the last review, would review it."""
    if covers_for_a_worker(review.case, actor):
        return COVERS_FOR_IT
    return COVERED_FOR_IT if worked_lately_for_another(review.case, actor, but=review) else None


def reviewer_did_not_send_it_on(review: Review, actor: Actor, today: date) -> str | None:
    """Nobody decides what they themselves sent up."""
    sent_by = review.escalated_from.completed_by_id if review.escalated_from is not None else None
    return SENT_IT_ON if sent_by == actor.user_id else None


def opens_on(kind: str, due_on: date, today: date) -> date | None:
    """The first day on which a review may be completed, where that is still to come."""
    first_day = deadlines.may_complete_from(due_on)
    return None if today >= first_day or kind in WAITED_FOR else first_day


def review_is_not_too_early(review: Review, actor: Actor, today: date) -> str | None:
    """It is due within five days, or was due before."""
    first_day = opens_on(review.kind, review.due_on, today)
    if first_day is None:
        return None
    return f"This review is due on {day_in_words(review.due_on)}. It can be completed from {day_in_words(first_day)}."


COMPLETE_REVIEW: tuple[ReviewGate, ...] = (
    review_is_open,
    reviewer_may_sign,
    reviewer_does_not_work_on_it,
    reviewer_does_not_cover_for_it,
    reviewer_did_not_send_it_on,
    review_is_not_too_early,
)


def review_blockers(review: Review, actor: Actor, today: date, *, works_on_it: bool | None = None) -> list[str]:
    """Every reason why this actor may not complete this review now; empty when they may.

    ``works_on_it``: whether they work on the case, themselves or for somebody they cover, or did since its last review, where that
    is known already; a page of many reviews asks it once.
    """
    if works_on_it is None:
        return [reason for gate in COMPLETE_REVIEW if (reason := gate(review, actor, today))]
    known = (reviewer_does_not_work_on_it, reviewer_does_not_cover_for_it)
    rest = (gate for gate in COMPLETE_REVIEW if gate not in known)
    reasons = [reason for gate in rest if (reason := gate(review, actor, today))]
    return [*reasons, WORKS_ON_IT] if works_on_it else reasons


# Entries and time limits --------------------------------------------------------------------------------------------------

# How what an act wrote is put right: the entry itself is never struck out, or act and chronology would disagree.
PUT_RIGHT: dict[EventKind, str] = {
    EventKind.REVIEW_COMPLETED: "A completed review stays. Say what was wrong with it in the next one.",
    EventKind.ACTION_DONE: "If the action is not done, a supervisor sends it back.",
    EventKind.CASE_ALLOCATED: "If somebody else is the officer, allocate the case to them.",
    EventKind.SUSPECT_DETAILS: "Change what is known of the suspect; what stood there before stays in the history.",
    EventKind.LIMIT_SUSPENDED: "A supervisor lets the time limit run again.",
    EventKind.LIMIT_RESUMED: "A supervisor suspends the time limit again.",
    EventKind.LIMIT_NOT_APPLICABLE: "A supervisor says that the time limit applies after all.",
    EventKind.LIMIT_REOPENED: "A supervisor says that the time limit does not apply.",
    EventKind.ESCALATION_ANSWERED: "Answer it again, and say what is different now.",
    EventKind.ENTRY_STRUCK: "If the entry was right after all, add it again.",
}
WRITTEN_BY_AN_ACT = "This entry was written by an act. Put the act right instead."


def strike_blockers(event: Event) -> list[str]:
    """Every reason why an entry may not be struck out now; empty when it may."""
    reasons = []
    if event.kind not in ADDED_BY_HAND:
        reasons.append(f"{WRITTEN_BY_AN_ACT} {PUT_RIGHT.get(EventKind(event.kind), '')}".strip())
    if event.struck_at is not None:
        reasons.append("This entry is struck out already.")
    if not event.case.is_open:
        reasons.append(has_ended(event.case))
    return reasons


def limit_blockers(limit: TimeLimit, actor: Actor, states: Iterable[LimitState]) -> list[str]:
    """Every reason why this actor may not change how a time limit stands, which it must in one of these states; empty when they may."""
    reasons = []
    if not limit.case.is_open:
        reasons.append(has_ended(limit.case))
    if limit.case.officer_id == actor.user_id:
        reasons.append("You are the officer in the case. Another supervisor can do this.")
    elif limit.case.officer_id in actor.covers:
        reasons.append("You cover for the officer in the case. Another supervisor can do this.")
    elif reason := refusal_of_part(limit.case, actor):
        reasons.append(reason)
    if limit.state not in states:
        reasons.append(f"This time limit {IN_WORDS[limit.state]}.")
    return reasons


IN_WORDS = {
    LimitState.RUNNING: "is running",
    LimitState.SUSPENDED: "is suspended",
    LimitState.MET: "is met",
    LimitState.NOT_APPLICABLE: "does not apply",
    LimitState.VOID: "has fallen away, because what started it was struck out",
}
