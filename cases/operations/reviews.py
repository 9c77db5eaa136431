"""Complete a review: what was looked at, in the reviewer's own words, and what must happen next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from cases import chronology, schedule, workflow
from cases.enums import Act, EventKind, ReviewResult
from cases.models import Action, Draft, Review, ReviewAnswer
from cases.queries.workers import people_who_can_act
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


@operation(Act.REVIEW)
def complete_review(review: Review, *, actor: Actor, now: datetime, version: int, findings: ReviewFindings) -> None:
    """Sign the review; each direction becomes an action, and the case gets its next review.

    ``version`` is the one the reviewer read. Raises Blocked with every reason, among them that somebody else was first.
    """
    refuse(review, actor, now, version, findings)
    review.completed_at, review.completed_by_id, review.officer_then_id = now, actor.user_id, review.case.officer_id
    review.result, review.own_words = findings.result, findings.own_words
    review.version += 1
    review.save(update_fields=["completed_at", "completed_by", "officer_then", "result", "own_words", "version"])
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
    if reasons:
        raise Blocked(*reasons)


def give_directions(review: Review, actor: Actor, now: datetime, findings: ReviewFindings) -> None:
    last = Action.unguarded.filter(case=review.case).aggregate(last=Max("number"))["last"] or 0
    for number, direction in enumerate(findings.directions, start=last + 1):
        Action.unguarded.create(
            **Action.scope_of(review.case),
            number=number,
            what=direction.what,
            owner_id=direction.owner_id,
            due_on=direction.due_on,
            look_again_on=direction.look_again_on,
            given_by_id=actor.user_id,
            given_at=now,
            direction_of=review,
        )
        chronology.record(
            review.case, EventKind.ACTION_GIVEN, by=actor.user_id, at=now, now=now, subject=f"A{number}", text=direction.what
        )
