"""TABLE 5, what to do next on a case and why: one function for each rule, suspect and safety first.

A step is advice that is computed, never stored: it goes away when what it asks for is done. Who may do it is read from the same
acts that guard it, so a step is a link for whoever may take it and a sentence for everybody else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from cases import chronology, deadlines, workflow
from cases.action_moves import refusal_to_answer, refusal_to_verify
from cases.enums import Act, Direction, EventKind, LimitState, ReviewKind, SafeNow, SuspectKnown, WishKind
from cases.queries.entries import urgency_of, where_met, with_subject
from cases.queries.facts import CaseFacts
from kit import dates
from kit.access import Actor
from people.roles import Role

SHOWN_AT_ONCE = 5
BAIL_SOON = timedelta(days=7)
CHECK_AGAIN_AFTER = timedelta(days=28)

BY_THE_OFFICER = "The officer in the case does this."
BY_A_SUPERVISOR = "A supervisor of the case does this."
BY_ANOTHER_SUPERVISOR = "Another supervisor of the case does this."


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, and where. ``url`` is empty where somebody else does it; then ``who`` says who."""

    what: str
    why: str
    url: str = ""
    who: str = ""


@dataclass(frozen=True)
class Known:
    """What the rules look at; nothing here is asked for again."""

    case: Any
    actor: Actor
    now: datetime
    acts: frozenset[Any]
    facts: CaseFacts
    victims: list[Any]
    suspects: list[Any]
    limits: list[Any] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)
    reviews: list[Any] = field(default_factory=list)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def address(self, name: str, *more: Any, **query: str) -> str:
        path = reverse(name, args=[self.case.reference, *more])
        return f"{path}?{urlencode(query)}" if query else path

    def step(self, what: str, why: str, act: Act, url: str, *, not_mine: bool = False) -> Step:
        """A link where the reader may do it. ``not_mine``: they hold the right, but not for their own work."""
        if act in self.acts and not not_mine:
            return Step(what, why, url)
        if act is Act.INVESTIGATE:
            return Step(what, why, who=BY_THE_OFFICER if self.case.officer_id else "The officer does this, once there is one.")
        return Step(what, why, who=BY_ANOTHER_SUPERVISOR if not_mine else BY_A_SUPERVISOR)

    def by_entry(self, what: str, why: str, kind: EventKind, about: Any) -> Step:
        """The form of the entry knows already what is to be recorded, and about whom."""
        return self.step(what, why, Act.INVESTIGATE, self.address("record-event", kind=kind.value, subject=str(about)))


Rule = Callable[[Known], Iterator[Step]]


def on(moment: datetime) -> str:
    return dates.day(timezone.localdate(moment))


def late_by(due_on: date, today: date) -> str:
    return dates.urgency(due_on, today).word


# Suspect and safety ----------------------------------------------------------------------------------------------------


def victim_may_not_be_safe(known: Known) -> Iterator[Step]:
    """Until somebody has looked again since the case was logged."""
    for victim in known.victims:
        looked = known.facts.last(EventKind.SAFETY_CHECKED, str(victim))
        if victim.safe_now == SafeNow.YES or (looked and looked > known.case.logged_at):
            continue
        why = "was not safe" if victim.safe_now == SafeNow.NO else "was not known to be safe"
        yield known.by_entry(
            f"Check that {victim} is safe",
            f"{victim} {why} when the case was logged, and no check has been recorded since.",
            EventKind.SAFETY_CHECKED,
            victim,
        )


def bail_ends(known: Known) -> Iterator[Step]:
    for suspect in known.suspects:
        state = known.facts.suspect(str(suspect))
        ends = state.bail_ends if state else None
        if ends is None or ends > known.today + BAIL_SOON:
            continue
        when = "ended" if ends < known.today else "ends"
        yield known.by_entry(
            f"Decide about the bail of {suspect}",
            f"Bail {when} on {dates.day(ends)} ({dates.distance(ends, known.today)}). V1 must hear of any change.",
            EventKind.BAIL_CHANGED,
            suspect,
        )


def nobody_works_it(known: Known) -> Iterator[Step]:
    if known.case.officer_id is None:
        why = f"Recorded on {on(known.case.recorded_at)} and nobody is the officer in the case."
        yield known.step("Allocate the case to an officer", why, Act.ALLOCATE, known.address("allocate-case"))


def time_limit_is_late(known: Known) -> Iterator[Step]:
    for limit in known.limits:
        due = chronology.due_of(limit)
        if limit.state is LimitState.RUNNING and deadlines.is_late(due, known.now):
            why = f"{urgency_of(due, known.now).word}. Rule: {limit.rule.basis}."
            yield known.step(with_subject(limit), why, Act.INVESTIGATE, where_met(limit, known.case.reference))


def suspect_is_not_checked(known: Known) -> Iterator[Step]:
    for suspect in known.suspects:
        if suspect.known != SuspectKnown.NAMED:
            continue
        last = known.facts.last(EventKind.REPEAT_SUSPECT_CHECK, str(suspect))
        if last is None:
            why = f"{suspect} is named, and no check for other reports is recorded."
        elif timezone.localdate(last) < known.today - CHECK_AGAIN_AFTER:
            why = f"The last check was on {on(last)}, more than 28 days ago. Others may have reported {suspect} since."
        else:
            continue
        yield known.by_entry(f"Check whether {suspect} is reported elsewhere", why, EventKind.REPEAT_SUSPECT_CHECK, suspect)


def wishes_were_never_asked(known: Known) -> Iterator[Step]:
    for victim in known.victims:
        if victim.wish in ("", None, WishKind.NOT_YET_ASKED) and known.facts.last(EventKind.WISHES_ASKED, str(victim)) is None:
            yield known.step(
                f"Ask what {victim} wants",
                f"{victim} has not been asked whether they want an investigation.",
                Act.INVESTIGATE,
                known.address("record-wish", victim.number),
            )


# Reviews and actions ---------------------------------------------------------------------------------------------------


def review_waits(known: Known) -> Iterator[Step]:
    """Reviews that are late, and those that were sent on to be decided."""
    for review in known.reviews:
        is_escalated = review.kind == ReviewKind.ESCALATED
        if review.completed_at is not None or not (is_escalated or review.due_on < known.today):
            continue
        what = "Decide the escalated review" if is_escalated else f"Complete the {review.get_kind_display()}"
        why = f"{late_by(review.due_on, known.today)}."
        if is_escalated:
            why = f"The last reviewer did not find the case satisfactory. {why}"
        review.case = known.case
        works_on_it = known.facts.reader_works_on_it
        if Act.REVIEW in known.acts and not workflow.review_blockers(review, known.actor, known.today, works_on_it=works_on_it):
            yield Step(what, why, reverse("review", args=[review.pk]))
        else:
            article = "Another" if review.lowest_role in known.actor.roles else "A"
            yield Step(what, why, who=f"{article} {Role(review.lowest_role).label} does this.")


def actions_are_late(known: Known) -> Iterator[Step]:
    """Whose it is stands there, and everybody may read the action: whoever supervises it asks its owner."""
    late = [action for action in known.actions if action.done_at is None and action.due_on < known.today]
    if not late:
        return
    oldest = min(late, key=lambda action: (action.due_on, action.number))
    what = f"Finish {oldest}: {oldest.what}"
    why = f"{late_by(oldest.due_on, known.today)}. It was given to {oldest.owner.called}."
    if len(late) > 1:
        why = f"{why} It is the oldest of {len(late)} late actions."
    yield Step(what, why, known.address("action", oldest.number))


def more_time_is_asked(known: Known) -> Iterator[Step]:
    requests = known.facts.more_time or {}
    for action in known.actions:
        if action.done_at is None and action.pk in requests:
            yield known.step(
                f"Answer the request for more time for {action}",
                f"{action.owner.called} asks for it. Until it is answered the target date stays {dates.day(action.due_on)}.",
                Act.SUPERVISE,
                known.address("answer-more-time", action.number),
                not_mine=known.facts.reader_works_on_it
                or refusal_to_answer(action, known.case.officer_id, requests[action.pk], known.actor) is not None,
            )


def actions_are_not_verified(known: Known) -> Iterator[Step]:
    for action in known.actions:
        if action.done_at is not None and action.verified_at is None:
            yield known.step(
                f"Verify {action}: {action.what}",
                f"Marked as done on {on(action.done_at)}. Somebody else must make sure that the evidence shows it.",
                Act.SUPERVISE,
                known.address("verify-action", action.number),
                not_mine=known.facts.reader_works_on_it
                or refusal_to_verify(action, known.case.officer_id, known.actor) is not None,
            )


# The investigation -----------------------------------------------------------------------------------------------------


def context_is_not_recorded(known: Known) -> Iterator[Step]:
    if not known.facts.has_context:
        why = "The relationship, V1’s context and the suspect’s are considered from the moment of the report."
        yield known.step("Record the context", why, Act.INVESTIGATE, known.address("record-context"))


def plan_is_not_set(known: Known) -> Iterator[Step]:
    """Where its time limit is late, that says so already."""
    kind = EventKind.INVESTIGATION_PLAN_SET
    running = [limit for limit in known.limits if deadlines.LIMITS[limit.rule.code].met_by == kind]
    if known.facts.has_plan or any(deadlines.is_late(chronology.due_of(limit), known.now) for limit in running):
        return
    why = f"{urgency_of(chronology.due_of(running[0]), known.now).word}." if running else "The case has no plan yet."
    yield known.step("Set the investigation plan", why, Act.INVESTIGATE, known.address("set-plan"))


def nothing_leads_away(known: Known) -> Iterator[Step]:
    """A fair investigation follows what leads away from the suspect as well."""
    if known.facts.number_of_lines(Direction.AWAY) or known.facts.number_of_lines(Direction.EITHER):
        return
    why = "No line of enquiry leads away from the suspect. Every reasonable line is followed, wherever it leads."
    yield known.step("Add a line of enquiry away from the suspect", why, Act.INVESTIGATE, known.address("add-line"))


RULES: tuple[Rule, ...] = (
    victim_may_not_be_safe,
    bail_ends,
    nobody_works_it,
    time_limit_is_late,
    suspect_is_not_checked,
    wishes_were_never_asked,
    review_waits,
    actions_are_late,
    more_time_is_asked,
    actions_are_not_verified,
    plan_is_not_set,
    context_is_not_recorded,
    nothing_leads_away,
)


@dataclass(frozen=True)
class NextSteps:
    first: list[Step]
    more: list[Step]


def next_steps(known: Known, rules: tuple[Rule, ...] = RULES) -> NextSteps:
    """All steps in the order of the table; none for a case that has ended."""
    steps = [step for rule in rules for step in rule(known)] if known.case.is_open else []
    return NextSteps(steps[:SHOWN_AT_ONCE], steps[SHOWN_AT_ONCE:])
