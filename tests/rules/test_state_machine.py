"""Cases in the hands of people who do anything at any time, as the operations let them; what must hold after every step.

Hypothesis chooses the acts, the people and how much time passes. Beside the database runs a plain record of every due date that
anybody was given: it moves only where an entry of the chronology says so.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from cases import deadlines, operations, workflow
from cases.deadlines import Due, Mark
from cases.enums import (
    ClosingGrounds,
    Direction,
    EventKind,
    GrantBasis,
    LimitState,
    LineState,
    NotApplicable,
    ReopeningReason,
    ReviewKind,
    ReviewResult,
    Status,
    Suspension,
)
from cases.models import Action, Case, Event, LineOfEnquiry, Review, Rule, TimeLimit
from kit.access import NotAllowed, NotVisible
from kit.binding import bound_to
from kit.clock import local_date
from kit.refusal import Blocked
from people.models import User
from people.roles import Role
from tests.access.scene import savepoint, undone
from tests.worlds import MONDAY, NOBODY, Force, actor, at, building, enrol, log_case, make_force, set_clock

HOUR = timedelta(hours=1)
ANY = st.integers(0, 999)
PLAN = {"story": "s", "suspect": "s", "victim": "v", "material": "", "protection": "p", "first_steps": "f"}
BY_HAND = (
    EventKind.SUPPORT_REFERRED,
    EventKind.EARLY_ADVICE_DECIDED,
    EventKind.SUSPECT_ARRESTED,
    EventKind.SUSPECT_INTERVIEWED,
    EventKind.SUSPECT_BAILED,
    EventKind.RELEASED_WITHOUT_CHARGE,
    EventKind.DEVICE_TAKEN,
    EventKind.DEVICE_RETURNED,
    EventKind.NOTE,
)
REFUSALS = (Blocked, NotAllowed, NotVisible)


@dataclass
class Cast:
    force: Force
    officers: list[User]
    sergeants: list[User]
    inspectors: list[User]

    @property
    def reviewers(self) -> list[User]:
        return [*self.sergeants, *self.inspectors, self.force.superintendent]


@dataclass
class Rows:
    """What stands in the tables, by key."""

    cases: dict[UUID, Case] = field(default_factory=dict)
    reviews: dict[UUID, Review] = field(default_factory=dict)
    limits: dict[UUID, TimeLimit] = field(default_factory=dict)
    actions: dict[UUID, Action] = field(default_factory=dict)
    lines: dict[UUID, LineOfEnquiry] = field(default_factory=dict)
    events: dict[UUID, Event] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Rows":
        with building():
            return cls(
                cases={row.pk: row for row in Case.unguarded.order_by("logged_at", "pk")},
                reviews={row.pk: row for row in Review.unguarded.order_by("pk")},
                limits={
                    row.pk: row for row in TimeLimit.unguarded.select_related("rule", "started_by", "stopped_by").order_by("pk")
                },
                actions={row.pk: row for row in Action.unguarded.order_by("pk")},
                lines={row.pk: row for row in LineOfEnquiry.unguarded.order_by("pk")},
                events={row.pk: row for row in Event.unguarded.order_by("pk")},
            )

    def values(self) -> list[dict[str, Any]]:
        tables: tuple[dict[UUID, Any], ...] = (self.cases, self.reviews, self.limits, self.actions, self.lines, self.events)
        return [
            {name: value for name, value in vars(row).items() if not name.startswith("_")}
            for table in tables
            for row in table.values()
        ]

    def of(self, table: dict[UUID, Any], case: Case) -> list[Any]:
        return [row for row in table.values() if row.case_id == case.pk]

    def open_limits(self, case: Case) -> list[TimeLimit]:
        return [limit for limit in self.of(self.limits, case) if limit.state in (LimitState.RUNNING, LimitState.SUSPENDED)]


def pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else None


class Cases(RuleBasedStateMachine):
    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.stack = ExitStack()
        self.stack.enter_context(undone())
        self.now = at(MONDAY)
        set_clock(self.now)
        self.rows = Rows.read()
        self.was_refused = False
        self.changes = 0
        self.seen: dict[UUID, tuple[str, int | None]] = {}

    def teardown(self) -> None:
        self.stack.close()

    # Doing things --------------------------------------------------------------------------------------------------

    def tick(self, passed: timedelta = timedelta(minutes=1)) -> None:
        self.now += passed
        set_clock(self.now)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Somebody tries something. Refused, nothing may have changed; the invariants look."""
        self.tick()
        try:
            with savepoint():
                yield
        except REFUSALS:
            self.was_refused = True

    def case(self, number: int) -> Case:
        return pick(list(self.rows.cases.values()), number)  # type: ignore[no-any-return]

    def officer(self, case: Case) -> User:
        """Who works the case; before it is allocated, whoever would like to."""
        return next((user for user in self.cast.officers if user.pk == case.officer_id), self.cast.officers[0])

    has_cases = precondition(lambda self: bool(self.rows.cases))

    @initialize()
    def a_case_is_logged(self) -> None:
        self.log(0, True, 0)

    @precondition(lambda self: len(self.rows.cases) < 3)
    @rule(who=ANY, allocated=st.booleans(), slow=st.integers(0, 60))
    def log(self, who: int, allocated: bool, slow: int) -> None:
        officer = pick(self.cast.officers, who)
        with self.attempt():
            log_case(
                self.cast.force,
                by=self.cast.force.first_officer,
                officer=officer if allocated else NOBODY,
                reported_at=self.now - slow * HOUR,
            )

    @has_cases
    @rule(which=ANY, who=ANY, by=ANY)
    def hand_over(self, which: int, who: int, by: int) -> None:
        with self.attempt():
            operations.allocate_case(
                self.case(which),
                actor=actor(pick([*self.cast.sergeants, *self.cast.inspectors], by)),
                officer_id=pick(self.cast.officers, who).pk,
            )

    @has_cases
    @rule(which=ANY, who=ANY, comes=st.booleans())
    def work_beside(self, which: int, who: int, comes: bool) -> None:
        sergeant, user = actor(self.cast.sergeants[0]), pick(self.cast.officers[:2], who)
        act = operations.add_officer if comes else operations.take_officer_off
        with self.attempt():
            act(self.case(which), actor=sergeant, user_id=user.pk, basis=GrantBasis.SECOND)

    @has_cases
    @rule(which=ANY, kind=st.sampled_from(BY_HAND), hours=st.integers(0, 60))
    def record(self, which: int, kind: EventKind, hours: int) -> None:
        case = self.case(which)
        with self.attempt():
            operations.record_event(
                case,
                actor=actor(self.officer(case)),
                kind=kind,
                at=max(self.now - hours * HOUR, case.reported_at),
                text="Invented.",
                subject="D1" if kind.startswith("DEVICE") else "",
                until=local_date(self.now) + timedelta(days=28) if kind == EventKind.SUSPECT_BAILED else None,
            )

    @has_cases
    @rule(which=ANY, event=ANY, hours=st.integers(0, 60))
    def tell_the_victim(self, which: int, event: int, hours: int) -> None:
        case = self.case(which)
        what = pick([one for one in self.rows.of(self.rows.events, case) if one.kind in deadlines.TO_BE_TOLD], event)
        if what is not None:
            with self.attempt():
                operations.record_event(
                    case,
                    actor=actor(self.officer(case)),
                    kind=EventKind.VICTIM_TOLD,
                    at=max(self.now - hours * HOUR, case.reported_at),
                    text="Invented.",
                    about=(what.pk,),
                )

    @has_cases
    @rule(which=ANY, event=ANY, by_sergeant=st.booleans())
    def strike(self, which: int, event: int, by_sergeant: bool) -> None:
        case = self.case(which)
        entry = pick(
            [one for one in self.rows.of(self.rows.events, case) if one.kind in (*BY_HAND, EventKind.VICTIM_TOLD)], event
        )
        if entry is not None:
            who = self.cast.sergeants[0] if by_sergeant else self.officer(case)
            with self.attempt():
                operations.strike_event(entry, actor=actor(who), because="Made in error.")

    @has_cases
    @rule(which=ANY, line=ANY, state=st.sampled_from(LineState))
    def plan_and_follow(self, which: int, line: int, state: LineState) -> None:
        case = self.case(which)
        who = actor(self.officer(case))
        known = self.rows.of(self.rows.lines, case)
        with self.attempt():
            if not known:
                operations.set_plan(case, actor=who, version=0, answers=PLAN)
                operations.add_line(case, actor=who, line=operations.Line("Footage", Direction.AWAY))
            else:
                row = pick(known, line)
                stated = operations.Line("Footage", Direction.AWAY, state, "" if state == LineState.PENDING else "Seen")
                operations.change_line(row, actor=who, version=row.version, line=stated)

    # Actions -------------------------------------------------------------------------------------------------------

    @has_cases
    @rule(which=ANY, days=st.integers(1, 20), by=ANY)
    def give_an_action(self, which: int, days: int, by: int) -> None:
        case, due_on = self.case(which), local_date(self.now) + timedelta(days=days)
        with self.attempt():
            operations.give_action(
                case,
                actor=actor(pick([*self.cast.sergeants, self.officer(case)], by)),
                what="Trace the driver",
                owner_id=self.officer(case).pk,
                due_on=due_on,
                look_again_on=due_on,
            )

    @precondition(lambda self: bool(self.rows.actions))
    @rule(which=ANY, act=st.sampled_from(["done", "verified", "sent back", "asked", "agreed", "refused"]), days=st.integers(1, 9))
    def act_on_an_action(self, which: int, act: str, days: int) -> None:
        action: Action = pick(list(self.rows.actions.values()), which)
        officer = actor(self.officer(self.rows.cases[action.case_id]))
        sergeant = actor(pick(self.cast.sergeants, days))
        with self.attempt():
            if act == "done":
                operations.complete_action(action, actor=officer, how="Traced", evidence="Statement 4")
            elif act == "verified":
                operations.verify_action(action, actor=sergeant, text="Seen")
            elif act == "sent back":
                operations.send_back_action(action, actor=sergeant, text="Not yet")
            elif act == "asked":
                due_on = action.due_on + timedelta(days=days)
                operations.ask_for_more_time(action, actor=officer, due_on=due_on, because="He is away")
            else:
                operations.answer_more_time(action, actor=sergeant, is_agreed=act == "agreed", answer="As you say")

    # Time limits ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: bool(self.rows.limits))
    @rule(which=ANY, act=st.sampled_from(["suspend", "resume", "resume", "stop", "restart"]), by=ANY)
    def act_on_a_limit(self, which: int, act: str, by: int) -> None:
        wanted = {"resume": LimitState.SUSPENDED, "restart": LimitState.NOT_APPLICABLE}.get(act, LimitState.RUNNING)
        fitting = [limit for limit in self.rows.limits.values() if limit.state == wanted]
        limit = pick(fitting or list(self.rows.limits.values()), which)
        who = actor(pick([*self.cast.sergeants, *self.cast.inspectors], by))
        with self.attempt():
            if act == "suspend":
                operations.suspend_limit(limit, actor=who, why=Suspension.SAFETY, text="Not safe")
            elif act == "resume":
                operations.resume_limit(limit, actor=who, text="Safe")
            elif act == "stop":
                operations.stop_limit(limit, actor=who, why=NotApplicable.OVERTAKEN, text="Overtaken")
            else:
                operations.restart_limit(limit, actor=who, text="It does")

    @precondition(lambda self: self.changes < 3)
    @rule(which=ANY, amount=st.integers(1, 40), days=st.integers(0, 20))
    def the_rules_change(self, which: int, amount: int, days: int) -> None:
        administrator = actor(self.cast.force.user(Role.ADMINISTRATOR))
        changed: Rule = pick(list(self.rows.limits.values()), which).rule
        today = local_date(self.now)
        self.changes += 1
        with self.attempt():
            operations.change_rule(
                actor=administrator,
                rule=changed,
                amount=amount,
                escalates_after=None,
                escalates_further_after=None,
                begins=today + timedelta(days=1),
                because="Tried for a year",
            )
            operations.add_local_day(actor=administrator, day=today + timedelta(days=days), name="Day of mourning")

    # Reviews, closing, time ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.waiting())
    @rule(
        which=ANY,
        days=st.integers(-8, 20),
        by=ANY,
        answer=st.sampled_from(["SATISFACTORY", "NOT_APPLICABLE"]),
        result=st.sampled_from([ReviewResult.SATISFACTORY, ReviewResult.WITH_DIRECTIONS, ReviewResult.ESCALATED]),
        again=st.booleans(),
    )
    def review(self, which: int, days: int, by: int, answer: str, result: ReviewResult, again: bool) -> None:
        """Too early, early, on the day or late; by somebody who may sign it, or by anybody."""
        review: Review = pick(self.waiting()[:4], which)
        case = self.rows.cases[review.case_id]
        self.tick(max(review.due_on + timedelta(days=days) - local_date(self.now), timedelta(0)))
        due_on = local_date(self.now) + timedelta(days=7)
        direction = operations.Direction("Ask the neighbours", self.officer(case).pk, due_on, due_on)
        findings = operations.ReviewFindings(
            answers={"SUSPECT": (answer, "")},
            own_words="Invented.",
            directions=(direction,) if result == ReviewResult.WITH_DIRECTIONS else (),
            result=result,
            is_same_again=again,
        )
        who = self.signer(case, review) if by % 4 else pick(self.cast.reviewers, by // 4)
        with self.attempt():
            operations.complete_review(review, actor=actor(who), findings=findings)

    def waiting(self) -> list[Review]:
        found = [review for review in self.rows.reviews.values() if review.completed_at is None]
        return sorted(found, key=lambda review: review.due_on)

    @has_cases
    @rule(which=ANY, by=ANY, grounds=st.sampled_from(ClosingGrounds))
    def close(self, which: int, by: int, grounds: ClosingGrounds) -> None:
        with self.attempt():
            operations.close_case(
                self.case(which),
                actor=actor(pick(self.cast.inspectors, by)),
                grounds=grounds,
                text="Invented.",
                goes_on_as=self.case(which + 1).reference,
            )

    @has_cases
    @rule(which=ANY, grounds=st.sampled_from([ClosingGrounds.TAKEN_OVER, ClosingGrounds.SUSPECT_DIED]))
    def wind_up(self, which: int, grounds: ClosingGrounds) -> None:
        """Every open case can be brought to an end by acts that are allowed, whatever happened to it before."""
        case = self.case(which)
        if case.is_open and not (case.officer_id is None and grounds != ClosingGrounds.TAKEN_OVER):
            self.do_what_is_left(case)
            self.tick()
            operations.close_case(case, actor=actor(self.another_inspector(case)), grounds=grounds, text="Invented.")

    def do_what_is_left(self, case: Case) -> None:
        rows, sergeant = Rows.read(), self.another_sergeant(case)
        for limit in rows.open_limits(case):
            self.tick()
            operations.stop_limit(limit, actor=actor(sergeant), why=NotApplicable.OVERTAKEN, text="Ends")
        for line in rows.of(rows.lines, case):
            if line.state == LineState.PENDING:
                stated = operations.Line(line.what, line.leads, LineState.NOT_PURSUED, "Ends")
                operations.change_line(line, actor=actor(self.officer(case)), version=line.version, line=stated)
        for action in rows.of(rows.actions, case):
            if action.done_at is None:
                operations.complete_action(action, actor=actor(self.officer(case)), how="Ends", evidence="None")
            if action.verified_at is None:
                operations.verify_action(action, actor=actor(self.another_sergeant(case, action)), text="Seen")
        while late := self.reviews_in_the_way(case):
            self.tick(max(late.due_on - timedelta(days=5) - local_date(self.now), timedelta(minutes=1)))
            findings = operations.ReviewFindings({}, "Ends.", (), ReviewResult.SATISFACTORY, True)
            operations.complete_review(late, actor=actor(self.signer(case, late)), findings=findings)

    def reviews_in_the_way(self, case: Case) -> Review | None:
        waiting = [review for review in Rows.read().reviews.values() if review.case_id == case.pk and review.completed_at is None]
        today = local_date(self.now)
        return next((one for one in waiting if one.due_on <= today or one.kind == ReviewKind.ESCALATED), None)

    def another_sergeant(self, case: Case, action: Action | None = None) -> User:
        own = {case.officer_id} | ({action.owner_id, action.done_by_id} if action else set())
        return next(user for user in (*self.cast.sergeants, *self.cast.inspectors) if user.pk not in own)

    def another_inspector(self, case: Case) -> User:
        return next(user for user in self.cast.inspectors if user.pk != case.officer_id)

    def signer(self, case: Case, review: Review) -> User:
        if review.lowest_role == Role.SUPERINTENDENT:
            return self.cast.force.superintendent
        sent_by = (
            self.rows.reviews[review.escalated_from_id].completed_by_id if review.escalated_from_id in self.rows.reviews else None
        )
        return next(user for user in self.cast.inspectors if user.pk not in (case.officer_id, sent_by))

    @precondition(lambda self: any(not case.is_open for case in self.rows.cases.values()))
    @rule(which=ANY, by=ANY)
    def reopen(self, which: int, by: int) -> None:
        ended = [case for case in self.rows.cases.values() if not case.is_open]
        with self.attempt():
            operations.reopen_case(
                pick(ended, which),
                actor=actor(pick(self.cast.inspectors, by)),
                why=ReopeningReason.NEW_EVIDENCE,
                text="Invented.",
            )

    @rule(days=st.integers(1, 17), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.tick(timedelta(days=days, hours=hours))

    # What must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        before, now = self.rows, Rows.read()
        if self.was_refused:
            assert now.values() == before.values(), "a refused act left something behind"
            self.was_refused = False
            return
        self.rows = now
        for case in now.cases.values():
            case_stands(case, now)
        for limit in now.limits.values():
            limit_stands(limit, now)
        nobody_signs_what_is_their_own(now)
        dates_move_only_by_entries(before, now)
        self.each_case_has_a_way_out()

    def each_case_has_a_way_out(self) -> None:
        """Looked at where somebody has just moved the case."""
        for case in self.rows.cases.values():
            if (case.status, case.officer_id) == self.seen.get(case.pk):
                continue
            self.seen[case.pk] = case.status, case.officer_id
            assert any(self.can_move(user, case) for user in (*self.cast.inspectors, *self.cast.sergeants)), case.status

    def can_move(self, user: User, case: Case) -> bool:
        with bound_to(user.pk, user.kind, may_write=False) as bound:
            return any(
                not workflow.blockers(case, transition, bound.actor, local_date(bound.now))
                and Case.objects.visible_to(bound.actor, transition.act).filter(pk=case.pk).exists()
                for transition in workflow.TRANSITIONS
            )


def case_stands(case: Case, rows: Rows) -> None:
    assert case.status in Status.values
    has_ended = case.status in (Status.CLOSED, Status.TRANSFERRED)
    assert has_ended == (case.closed_at is not None) == bool(case.closing_grounds)
    if not has_ended:
        assert (case.status == Status.RECORDED) == (case.officer_id is None), "a case is investigated by its officer"
    reviews = rows.of(rows.reviews, case)
    waiting = [review for review in reviews if review.completed_at is None]
    grid = [review for review in reviews if review.number is not None]
    for number_of_round in range(1, max(review.round for review in grid) + 1):
        numbers = [review.number for review in grid if review.round == number_of_round]
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), f"round {number_of_round} has {numbers}"
        assert len({review.counted_from for review in grid if review.round == number_of_round}) == 1
    for review in grid:
        assert (review.due_on - review.counted_from).days == (14 if review.number == 1 else 28 * (review.number - 1))
    if has_ended:
        assert not waiting, "an ended case has a review to come"
        assert not rows.open_limits(case), "an ended case has a time limit that runs"
        assert all(action.verified_at for action in rows.of(rows.actions, case)), "an ended case has an open action"
        assert all(line.state != LineState.PENDING for line in rows.of(rows.lines, case)), "an ended case has a pending line"
    else:
        last_round = max(review.round for review in grid)
        assert [review for review in waiting if review.number and review.round == last_round], (
            "nobody will look at this case again"
        )


def limit_stands(limit: TimeLimit, rows: Rows) -> None:
    """Its state and date are what the entries say, read here once more."""
    declared = deadlines.LIMITS[limit.rule.code]
    entries = [event for event in rows.events.values() if event.case_id == limit.case_id and event.struck_at is None]
    marks = [
        Mark(EventKind(event.kind), event.happened_at, event.pk, event.until) for event in entries if event.limit_id == limit.pk
    ]
    marks += [
        Mark(declared.met_by, event.happened_at, event.pk)
        for event in entries
        if event.kind == declared.met_by and answers(event, limit)
    ]
    first = Due(limit.first_due_on, None if limit.due_at is None else limit.begins_at + limit.rule.amount * HOUR)
    stands = deadlines.standing(first, marks, declared.met_by)
    is_void = rows.events[limit.started_by_id].struck_at is not None
    expected = (
        LimitState.VOID
        if is_void
        else LimitState.MET
        if stands.met
        else LimitState.NOT_APPLICABLE
        if stands.stopped
        else LimitState.SUSPENDED
        if stands.suspended
        else LimitState.RUNNING
    )
    assert (limit.state, limit.due_on, limit.due_at) == (expected, *stands.due), limit.rule.code
    assert limit.met_by_id == (stands.met.event if stands.met else None)


def answers(event: Event, limit: TimeLimit) -> bool:
    if limit.rule.code.startswith("TELL_"):
        return event.about_id == limit.started_by_id and event.subject == limit.subject
    if limit.rule.code == "DEVICE_RETURN":
        return event.subject == limit.subject and event.happened_at >= limit.begins_at and event.pk > limit.started_by_id
    return limit.subject in ("", event.subject)


def nobody_signs_what_is_their_own(rows: Rows) -> None:
    for review in rows.reviews.values():
        assert review.completed_by_id is None or review.completed_by_id != review.officer_then_id
        sent_on = rows.reviews.get(review.escalated_from_id) if review.escalated_from_id else None
        if sent_on is not None and review.completed_by_id is not None and review.result != ReviewResult.STOOD_DOWN:
            assert review.completed_by_id != sent_on.completed_by_id
    for action in rows.actions.values():
        assert action.verified_by_id is None or action.verified_by_id not in (action.done_by_id, action.owner_id)
    for case in rows.cases.values():
        assert case.closed_by_id is None or case.closed_by_id != case.officer_id


def dates_move_only_by_entries(before: Rows, now: Rows) -> None:
    new = [event for key, event in now.events.items() if key not in before.events]
    for key, review in before.reviews.items():
        given = ("due_on", "remind_on", "counted_from", "escalates_on", "escalates_further_on", "lowest_role", "rule_id")
        assert [getattr(review, name) for name in given] == [getattr(now.reviews[key], name) for name in given]
    for key, action in before.actions.items():
        if now.actions[key].due_on != action.due_on:
            assert [event for event in new if event.kind == EventKind.ACTION_EXTENDED and event.subject == str(action)]
        extended = [event for event in now.events.values() if event.kind == EventKind.ACTION_EXTENDED]
        told = [event for event in extended if event.case_id == action.case_id and event.subject == str(action)]
        assert len(told) == now.actions[key].extended_count
    for key, limit in before.limits.items():
        is_now = now.limits[key]
        assert (is_now.first_due_on, is_now.begins_at, is_now.rule_id) == (limit.first_due_on, limit.begins_at, limit.rule_id)
        # A limit that is met keeps the date it had at that moment; found to be met earlier, or not, it has that of then or now.
        if (is_now.due_on, is_now.due_at) != (limit.due_on, limit.due_at) and is_now.met_by_id == limit.met_by_id:
            assert [event for event in new if event.kind == EventKind.LIMIT_RESUMED and event.limit_id == key]


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), undone():
        set_clock(at(MONDAY))
        with building():
            force = make_force()
            sergeant = enrol("second_sergeant", force.police, [Role.SERGEANT], force.unit)
            inspector = enrol("second_inspector", force.police, [Role.INSPECTOR], force.above)
        yield Cast(
            force,
            officers=[force.investigator, force.other_investigator, sergeant, inspector],
            sergeants=[force.sergeant, sergeant],
            inspectors=[
                force.inspector,
                inspector,
            ],
        )


def test_whatever_is_done_to_cases_what_must_hold_holds(cast: Cast) -> None:
    run_state_machine_as_test(
        lambda: Cases(cast),
        settings=settings(
            max_examples=8,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
