"""Complete a review: what was looked at, in the reviewer's own words, and what must happen next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cases import chronology, schedule, workflow
from cases.enums import Act, EventKind, ReviewKind, ReviewResult
from cases.models import Draft, Review, ReviewAnswer
from cases.operations.actions import add_action, reasons_against
from cases.queries.workers import people_who_can_act
from kit import dates
from kit.access import Actor
from kit.clock import local_date
from kit.history import note_change
from kit.operations import operation
from kit.refusal import Blocked

REVIEW_DRAFT = "review"
NO_DIRECTION = "Add at least one direction, or choose Satisfactory"


@dataclass(frozen=True)
class Direction:
    what: str
    owner_id: int
    due_on: date
    look_again_on: date


@dataclass(frozen=True)
class ReviewFindings:
    """``answers``: group -> (answer, what needs action)."""

    answers: Mapping[str, tuple[str, str]]
    own_words: str
    directions: tuple[Direction, ...]
    result: str
    # The reviewer was shown that every answer is as last time, and completed it once more.
    is_same_again: bool = False


class SameAgain(Blocked):
    """Every answer repeats the last review: nobody ticks a review through without being asked once more."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"Your answers are the same as on {dates.day(day)}. Check them, then complete the review again to confirm."
        )


@operation(Act.REVIEW)
def complete_review(review: Review, *, actor: Actor, now: datetime, findings: ReviewFindings) -> Review | None:
    """Sign the review; each direction becomes an action, and the case gets its next review. Returns the review that decides, where
    this one was not satisfactory.

    Raises Blocked with every reason, among them that somebody else was first.
    """
    refuse(review, actor, now, findings)
    for group, (answer, text) in findings.answers.items():
        ReviewAnswer.unguarded.create(case=review.case, review=review, group=group, answer=answer, text=text)
    entry = chronology.record(
        review.case,
        EventKind.REVIEW_COMPLETED,
        by=actor.user_id,
        at=now,
        now=now,
        text=f"{review.get_kind_display()}: {ReviewResult(findings.result).label}",
    )
    give_directions(review, actor, now, findings)
    sign(review, actor, now, findings, on_behalf_of_id=entry.on_behalf_of_id)
    above = send_on(review, actor, now) if findings.result == ReviewResult.ESCALATED else None
    schedule.follow_up(review)
    Draft.unguarded.filter(owner_id=actor.user_id, form=REVIEW_DRAFT, about=str(review.pk)).delete()
    return above


def sign(review: Review, actor: Actor, now: datetime, findings: ReviewFindings, *, on_behalf_of_id: int | None) -> None:
    """Write what was found into the review; its history first, and after everything else that hangs on the case, because a Detective
    Superintendent no longer sees the case once the review that brought it to them is completed."""
    signed = {
        "completed_at": now,
        "completed_by_id": actor.user_id,
        "on_behalf_of_id": on_behalf_of_id,
        "officer_then_id": review.case.officer_id,
        "result": findings.result,
        "own_words": findings.own_words,
        "is_same_again": same_as_last_time(review, findings) is not None,
        "version": review.version + 1,
    }
    for name, value in signed.items():
        setattr(review, name, value)
    note_change(review)
    Review.unguarded.filter(pk=review.pk).update(**signed)


def refuse(review: Review, actor: Actor, now: datetime, findings: ReviewFindings) -> None:
    reasons = workflow.review_blockers(review, actor, local_date(now))
    if findings.result == ReviewResult.WITH_DIRECTIONS and not findings.directions:
        reasons.append(f"{NO_DIRECTION}.")
    days = [day for direction in findings.directions for day in (direction.due_on, direction.look_again_on)]
    reasons += reasons_against(days, local_date(now))
    if not {direction.owner_id for direction in findings.directions} <= {user.pk for user in people_who_can_act(review.case)}:
        reasons.append("A direction can only go to somebody who works on this case.")
    if findings.result == ReviewResult.ESCALATED and (refusal := workflow.refusal_to_escalate(review, actor)):
        reasons.append(refusal)
    if findings.result not in ReviewResult.values or findings.result == ReviewResult.STOOD_DOWN:
        reasons.append("Choose the result of the review.")
    before = same_as_last_time(review, findings) if not reasons and not findings.is_same_again else None
    if before is not None and before.completed_at is not None:
        raise SameAgain(local_date(before.completed_at))
    if reasons:
        raise Blocked(*reasons)


def give_directions(review: Review, actor: Actor, now: datetime, findings: ReviewFindings) -> None:
    for direction in findings.directions:
        add_action(
            review.case,
            by=actor.user_id,
            now=now,
            what=direction.what,
            owner_id=direction.owner_id,
            due_on=direction.due_on,
            look_again_on=direction.look_again_on,
            direction_of=review,
        )


def send_on(review: Review, actor: Actor, now: datetime) -> Review:
    """A review that is not satisfactory asks for one by the next role up, who decides (domain.md 13, C13)."""
    up = workflow.escalates_to(review.case, actor)
    assert up is not None
    return schedule.make_review_beside(review.case, schedule.ESCALATED_TO[up], local_date(now), escalated_from=review)


def same_as_last_time(review: Review, findings: ReviewFindings) -> Review | None:
    """The review before, if every answer of this one repeats it."""
    before = last_review(review)
    # Deciding what was sent on is no repetition, whatever the answers.
    if before is None or review.kind == ReviewKind.ESCALATED:
        return None
    answers = {answer.group: (answer.answer, answer.text) for answer in ReviewAnswer.unguarded.filter(review=before)}
    return before if answers == dict(findings.answers) else None


def last_review(review: Review) -> Review | None:
    """The one completed last before this one; what stood down when the case was closed is none."""
    completed = Review.unguarded.filter(case=review.case, completed_at__isnull=False).exclude(result=ReviewResult.STOOD_DOWN)
    return completed.exclude(pk=review.pk).order_by("-completed_at").first()
