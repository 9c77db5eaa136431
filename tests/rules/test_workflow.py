"""Each gate, through the act that it guards: from the same world it blocks, and when its one reason is gone lets through."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from cases import operations, workflow
from cases.enums import (
    ClosingGrounds,
    Direction,
    EventKind,
    GrantBasis,
    LineState,
    NotApplicable,
    ReopeningReason,
    ReviewResult,
    Status,
)
from cases.models import Action, Case, Event, LineOfEnquiry, Review, TimeLimit
from cases.workflow import CaseGate, ReviewGate
from kit.refusal import Blocked
from people.models import Membership, RoleAssignment, User
from people.roles import Role
from tests.covers import cover
from tests.worlds import LONG_AGO, MONDAY, NOBODY, Force, actor, at, building, enrol, log_case, set_clock

DAY = timedelta(days=1)
DUE = MONDAY + timedelta(days=14)
SEEN = operations.ReviewFindings({"SUSPECT": ("SATISFACTORY", "")}, "Seen.", (), ReviewResult.SATISFACTORY)
SENT_ON = operations.ReviewFindings({"SUSPECT": ("NEEDS_ACTION", "All of it")}, "No.", (), ReviewResult.ESCALATED)


@dataclass
class World:
    """A case with nothing left to do, on the day after it was logged."""

    force: Force
    case: Case
    closer: User

    @property
    def officer(self) -> User:
        return self.force.investigator

    def review(self, number: int | None) -> Review:
        with building():
            return Review.unguarded.get(case=self.case, number=number, completed_at=None)

    def complete(self, review: Review, by: User, findings: operations.ReviewFindings = SEEN) -> None:
        operations.complete_review(review, actor=actor(by), findings=findings)

    def close(self) -> None:
        operations.close_case(self.case, actor=actor(self.closer), grounds=ClosingGrounds.SUSPECT_DIED, text="Invented.")

    def status(self) -> str:
        with building():
            return Case.unguarded.get(pk=self.case.pk).status


@pytest.fixture
def world(force: Force, case: Case) -> World:
    made = World(force, case, force.inspector)
    for limit in running(case):
        stop(made, limit)
    return made


def running(case: Case) -> list[TimeLimit]:
    with building():
        return list(TimeLimit.unguarded.filter(case=case, met_at=None, stopped_by=None))


def stop(world: World, limit: TimeLimit) -> None:
    operations.stop_limit(limit, actor=actor(world.force.sergeant), why=NotApplicable.OVERTAKEN, text="Invented.")


# To end a case ---------------------------------------------------------------------------------------------------------


def closer_is_the_officer(world: World) -> None:
    operations.allocate_case(world.case, actor=actor(world.force.sergeant), officer_id=world.force.inspector.pk)


def closer_covers_for_the_officer(world: World) -> None:
    cover(world.officer, world.force.inspector, MONDAY + DAY, by=world.force.sergeant)


def somebody_else_closes(world: World) -> None:
    with building():
        world.closer = enrol("another_inspector", world.force.police, [Role.INSPECTOR], world.force.above)


def a_review_falls_due(world: World) -> None:
    set_clock(at(DUE))


def the_review_is_completed(world: World) -> None:
    world.complete(world.review(1), world.force.sergeant)


def a_review_is_sent_on(world: World) -> None:
    set_clock(at(DUE - 3 * DAY))
    world.complete(world.review(1), world.force.sergeant, SENT_ON)


def the_inspector_decides(world: World) -> None:
    world.complete(world.review(None), world.force.inspector)


def a_limit_starts(world: World) -> None:
    operations.record_event(
        world.case, actor=actor(world.officer), kind=EventKind.SUSPECT_ARRESTED, at=at(MONDAY, 12), text="Invented.", subject="S1"
    )


def the_limit_does_not_apply(world: World) -> None:
    (limit,) = running(world.case)
    stop(world, limit)


def an_action_is_given(world: World) -> Action:
    return operations.give_action(
        world.case,
        actor=actor(world.force.sergeant),
        what="Trace the driver",
        owner_id=world.officer.pk,
        due_on=DUE,
        look_again_on=DUE,
    )


def action(world: World) -> Action:
    with building():
        return Action.unguarded.get(case=world.case)


def the_action_is_done(world: World) -> None:
    operations.complete_action(action(world), actor=actor(world.officer), how="Traced", evidence="Statement 4")


def the_action_is_verified(world: World) -> None:
    operations.verify_action(action(world), actor=actor(world.force.sergeant), text="Seen")


def a_line_is_added(world: World) -> None:
    operations.add_line(world.case, actor=actor(world.officer), line=operations.Line("Footage", Direction.AWAY))


def the_line_ends(world: World) -> None:
    with building():
        line = LineOfEnquiry.unguarded.get(case=world.case)
    stated = operations.Line("Footage", Direction.AWAY, LineState.NOT_PURSUED, "It is erased after a week")
    operations.change_line(line, actor=actor(world.officer), version=1, line=stated)


Deed = Callable[[World], object]
CLOSING: dict[CaseGate, tuple[tuple[Deed, ...], str, tuple[Deed, ...]]] = {
    workflow.somebody_else_is_the_officer: (
        (closer_is_the_officer,),
        "You are the officer in the case. Another Detective Inspector can do this.",
        (somebody_else_closes,),
    ),
    workflow.nobody_covered_works_it: (
        (closer_covers_for_the_officer,),
        "You cover for somebody who works on this case. Another Detective Inspector can do this.",
        (somebody_else_closes,),
    ),
    workflow.no_review_is_late: (
        (a_review_falls_due,),
        "Still to be completed: 14-day review, due 16 November 2026.",
        (the_review_is_completed,),
    ),
    workflow.nothing_is_escalated: (
        (a_review_is_sent_on,),
        "A review was escalated and is not decided yet.",
        (the_inspector_decides,),
    ),
    workflow.no_time_limit_runs: (
        (a_limit_starts,),
        "Still running: Tell V1 about the arrest, due 3 November 2026.",
        (the_limit_does_not_apply,),
    ),
    workflow.no_action_is_open: (
        (an_action_is_given,),
        "A1 is not done yet.",
        (the_action_is_done, the_action_is_verified),
    ),
    workflow.every_done_action_is_verified: (
        (an_action_is_given, the_action_is_done),
        "A1 is not verified yet.",
        (the_action_is_verified,),
    ),
    workflow.every_line_has_an_end: ((a_line_is_added,), "L1 is still pending.", (the_line_ends,)),
}


def test_every_gate_of_ending_a_case_is_tried_here() -> None:
    assert set(CLOSING) == set(workflow.TO_END)


def test_a_case_with_nothing_left_to_do_closes_and_its_reviews_stand_down(world: World) -> None:
    world.close()
    assert world.status() == Status.CLOSED
    with building():
        results = set(Review.unguarded.filter(case=world.case).values_list("result", "officer_then"))
    assert results == {(ReviewResult.STOOD_DOWN, world.officer.pk)}


@pytest.mark.parametrize("gate", CLOSING, ids=lambda gate: gate.__name__)
def test_gate_of_ending_blocks_for_its_one_reason_and_lets_through_without_it(world: World, gate: CaseGate) -> None:
    obstacles, sentence, ways = CLOSING[gate]
    for deed in obstacles:
        deed(world)
    with pytest.raises(Blocked) as refused:
        world.close()
    assert refused.value.reasons == (sentence,)
    assert world.status() == Status.INVESTIGATING
    for deed in ways:
        deed(world)
    world.close()
    assert world.status() == Status.CLOSED


def test_every_reason_is_said_at_once(world: World) -> None:
    for deed in (closer_is_the_officer, an_action_is_given_to_the_new_officer, a_review_falls_due):
        deed(world)
    with pytest.raises(Blocked) as refused:
        world.close()
    assert len(refused.value.reasons) == 3


def an_action_is_given_to_the_new_officer(world: World) -> None:
    operations.give_action(
        world.case,
        actor=actor(world.force.sergeant),
        what="Trace the driver",
        owner_id=world.force.inspector.pk,
        due_on=DUE,
        look_again_on=DUE,
    )


# Other moves -----------------------------------------------------------------------------------------------------------


def test_a_case_nobody_has_yet_is_handed_over_but_not_closed(force: Force, world: World) -> None:
    world.case = log_case(force, by=force.first_officer, officer=NOBODY)
    for limit in running(world.case):
        stop(world, limit)
    with pytest.raises(Blocked, match="The case is recorded."):
        world.close()
    hand_to_another_body(world)
    assert world.status() == Status.TRANSFERRED
    # Sent back, it waits for an officer again: nobody investigates it.
    reopen(world, force.inspector)
    assert world.status() == Status.RECORDED
    operations.allocate_case(world.case, actor=actor(force.sergeant), officer_id=force.investigator.pk)
    assert world.status() == Status.INVESTIGATING


def hand_to_another_body(world: World) -> None:
    operations.close_case(world.case, actor=actor(world.closer), grounds=ClosingGrounds.TAKEN_OVER, text="Invented.")


def reopen(world: World, by: User) -> None:
    operations.reopen_case(world.case, actor=actor(by), why=ReopeningReason.SENT_BACK, text="Invented.")


def test_nobody_reopens_their_own_case(world: World) -> None:
    closer_is_the_officer(world)
    somebody_else_closes(world)
    world.close()
    with pytest.raises(Blocked, match="You are the officer in the case"):
        reopen(world, world.force.inspector)
    reopen(world, world.closer)
    assert world.status() == Status.INVESTIGATING


def test_a_case_taken_up_again_has_a_grid_counted_from_that_day(world: World) -> None:
    world.close()
    set_clock(at(date(2027, 3, 1)))
    reopen(world, world.force.inspector)
    with building():
        again = Review.unguarded.filter(case=world.case, completed_at=None).order_by("number")
        assert [(review.round, review.number, (review.due_on - date(2027, 3, 1)).days) for review in again] == [
            (2, 1, 14),
            (2, 2, 28),
            (2, 3, 56),
        ]


def test_a_case_that_is_open_is_not_reopened_nor_an_ended_one_closed(world: World) -> None:
    with pytest.raises(Blocked, match="The case is investigating."):
        reopen(world, world.force.inspector)
    world.close()
    with pytest.raises(Blocked, match="The case is closed."):
        world.close()
    with pytest.raises(Blocked, match="The case is closed."):
        operations.allocate_case(world.case, actor=actor(world.force.sergeant), officer_id=world.force.other_investigator.pk)


# To complete a review --------------------------------------------------------------------------------------------------


@dataclass
class Signing:
    """A review that one person may not complete, and another may."""

    review: Review
    refused: User
    admitted: User
    # The local day on which the second one tries.
    on: date | None = None


def of_too_low_a_rank(world: World) -> Signing:
    set_clock(at(MONDAY + timedelta(days=28)))
    return Signing(world.review(2), world.force.sergeant, world.force.inspector)


def by_whoever_works_on_it(world: World) -> Signing:
    """The second investigator has become a sergeant of the unit since."""
    second = world.force.other_investigator
    operations.add_officer(world.case, actor=actor(world.force.sergeant), user_id=second.pk, basis=GrantBasis.SECOND)
    with building():
        give_role(second, Role.SERGEANT)
    set_clock(at(DUE))
    return Signing(world.review(1), second, world.force.sergeant)


def give_role(user: User, role: Role) -> None:
    RoleAssignment.objects.create(user=user, role=role, organisation_kind=user.organisation_kind, starts_on=LONG_AGO)


def by_whoever_covers_for_its_officer(world: World) -> Signing:
    set_clock(at(DUE))
    cover(world.officer, world.force.sergeant, DUE, by=world.force.inspector)
    return Signing(world.review(1), world.force.sergeant, world.force.inspector)


def by_whoever_sent_it_on(world: World) -> Signing:
    """The sergeant who sent it on has become an inspector since."""
    set_clock(at(DUE))
    world.complete(world.review(1), world.force.sergeant, SENT_ON)
    with building():
        give_role(world.force.sergeant, Role.INSPECTOR)
        Membership.objects.filter(user=world.force.sergeant).update(unit=world.force.above)
    return Signing(world.review(None), world.force.sergeant, world.force.inspector)


def too_early(world: World) -> Signing:
    set_clock(at(DUE - 6 * DAY))
    return Signing(world.review(1), world.force.sergeant, world.force.sergeant, on=DUE - 5 * DAY)


REVIEWING: dict[ReviewGate, tuple[Callable[[World], Signing], str]] = {
    workflow.reviewer_may_sign: (of_too_low_a_rank, "You cannot sign this one. A Detective Inspector can."),
    workflow.reviewer_does_not_work_on_it: (
        by_whoever_works_on_it,
        "You work on this case. Somebody who does not reviews it.",
    ),
    workflow.reviewer_does_not_cover_for_it: (
        by_whoever_covers_for_its_officer,
        "You cover for somebody who works on this case. Somebody who does not reviews it.",
    ),
    workflow.reviewer_did_not_send_it_on: (by_whoever_sent_it_on, "You sent this review on yourself. Somebody else decides it."),
    workflow.review_is_not_too_early: (
        too_early,
        "This review is due on 16 November 2026. It can be completed from 11 November 2026.",
    ),
}


def test_every_gate_of_a_review_is_tried_here() -> None:
    assert {*REVIEWING, workflow.review_is_open} == set(workflow.COMPLETE_REVIEW)


@pytest.mark.parametrize("gate", REVIEWING, ids=lambda gate: gate.__name__)
def test_gate_of_a_review_blocks_for_its_one_reason_and_lets_through_without_it(world: World, gate: ReviewGate) -> None:
    make, sentence = REVIEWING[gate]
    signing = make(world)
    with pytest.raises(Blocked) as refused:
        world.complete(signing.review, signing.refused)
    assert refused.value.reasons == (sentence,)
    if signing.on is not None:
        set_clock(at(signing.on))
    world.complete(signing.review, signing.admitted)
    assert_completed(signing.review, signing.admitted)


def assert_completed(review: Review, by: User) -> None:
    with building():
        assert Review.unguarded.get(pk=review.pk).completed_by_id == by.pk


def test_a_review_is_completed_once(world: World) -> None:
    set_clock(at(DUE))
    review = world.review(1)
    world.complete(review, world.force.sergeant)
    with pytest.raises(Blocked) as refused:
        world.complete(review, world.force.inspector)
    (sentence,) = refused.value.reasons
    assert sentence.startswith(f"The 14-day review of {world.case.reference} was completed at ")
    assert_completed(review, world.force.sergeant)


def test_the_officer_in_the_case_never_signs(world: World) -> None:
    """An inspector who is the officer of one case signs the review of another."""
    closer_is_the_officer(world)
    other = log_case(world.force)
    set_clock(at(DUE))
    with pytest.raises(Blocked, match="you are the officer in the case"):
        world.complete(world.review(1), world.force.inspector)
    world.case = other
    review = world.review(1)
    world.complete(review, world.force.inspector)
    assert_completed(review, world.force.inspector)


def test_what_is_done_leaves_its_entry(world: World) -> None:
    world.close()
    reopen(world, world.force.inspector)
    with building():
        kinds = list(Event.unguarded.filter(case=world.case).order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == [EventKind.CASE_CLOSED, EventKind.CASE_REOPENED]
