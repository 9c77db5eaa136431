"""Complete a review: what was looked at, in the reviewer's own words, and what must happen next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cases import chronology, schedule, workflow
from cases.enums import Act, EventKind, ReviewKind, ReviewResult
from cases.models import Draft, Review, ReviewAnswer
from cases.operations.actions import add_action
from cases.queries.workers import people_who_can_act
from kit import dates
from kit.access import Actor
from kit.clock import local_date
from kit.operations import operation
from kit.refusal import Blocked

REVIEW_DRAFT = "review"


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
def complete_review(review: Review, *, actor: Actor, now: datetime, version: int, findings: ReviewFindings) -> None:
    """Sign the review; each direction becomes an action, and the case gets its next review.

    ``version`` is the one the reviewer read. Raises Blocked with every reason, among them that somebody else was first.
    """
    refuse(review, actor, now, version, findings)
    review.completed_at, review.completed_by_id, review.officer_then_id = now, actor.user_id, review.case.officer_id
    review.result, review.own_words = findings.result, findings.own_words
    review.is_same_again = same_as_last_time(review, findings) is not None
    review.version += 1
    review.save(update_fields=["completed_at", "completed_by", "officer_then", "result", "own_words", "is_same_again", "version"])
    for group, (answer, text) in findings.answers.items():
        ReviewAnswer.unguarded.create(case=review.case, review=review, group=group, answer=answer, text=text)
    chronology.record(
        review.case,
        EventKind.REVIEW_COMPLETED,
        by=actor.user_id,
        at=now,
        now=now,
        text=f"{review.get_kind_display()}: {review.get_result_display()}",
    )
    give_directions(review, actor, now, findings)
    if findings.result == ReviewResult.ESCALATED:
        send_on(review, actor, now)
    schedule.follow_up(review)
    Draft.unguarded.filter(owner_id=actor.user_id, form=REVIEW_DRAFT, about=str(review.pk)).delete()


def refuse(review: Review, actor: Actor, now: datetime, version: int, findings: ReviewFindings) -> None:
    reasons = workflow.review_blockers(review, actor, local_date(now))
    if review.version != version and not reasons:
        reasons.append("This review was changed since you opened it. Read it again, then complete it.")
    if findings.result == ReviewResult.WITH_DIRECTIONS and not findings.directions:
        reasons.append("Add at least one direction, or choose Satisfactory.")
    if not {direction.owner_id for direction in findings.directions} <= {user.pk for user in people_who_can_act(review.case)}:
        reasons.append("A direction can only go to somebody who works on this case.")
    if findings.result == ReviewResult.ESCALATED and workflow.escalates_to(review.case, actor) is None:
        reasons.append("Nobody above you can see this case. Choose another result and give a direction.")
    if findings.result == ReviewResult.ESCALATED and is_being_decided(review):
        reasons.append("Another review of this case is escalated already and not decided yet.")
    if findings.result not in ReviewResult.values or findings.result == ReviewResult.STOOD_DOWN:
        reasons.append("Choose the result of the review.")
    before = same_as_last_time(review, findings) if not reasons and not findings.is_same_again else None
    if before is not None and before.completed_at is not None:
        raise SameAgain(local_date(before.completed_at))
    if reasons:
        raise Blocked(*reasons)


def is_being_decided(review: Review) -> bool:
    waiting = Review.unguarded.filter(case=review.case, kind=ReviewKind.ESCALATED, completed_at=None)
    return waiting.exclude(pk=review.pk).exists()


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


def send_on(review: Review, actor: Actor, now: datetime) -> None:
    """A review that is not satisfactory asks for one by the next role up, who decides (domain.md 13, C13)."""
    up = workflow.escalates_to(review.case, actor)
    assert up is not None
    schedule.make_review_beside(review.case, schedule.ESCALATED_TO[up], local_date(now), escalated_from=review)


def same_as_last_time(review: Review, findings: ReviewFindings) -> Review | None:
    """The review before, if every answer of this one repeats it."""
    before = last_review(review)
    if before is None:
        return None
    answers = {answer.group: (answer.answer, answer.text) for answer in ReviewAnswer.unguarded.filter(review=before)}
    return before if answers == dict(findings.answers) else None


def last_review(review: Review) -> Review | None:
    """The one completed last before this one; what stood down when the case was closed is none."""
    completed = Review.unguarded.filter(case=review.case, completed_at__isnull=False).exclude(result=ReviewResult.STOOD_DOWN)
    return completed.exclude(pk=review.pk).order_by("-completed_at").first()
