"""The time limits of a case, started, met, struck, suspended and stopped by the acts of real people."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from cases import deadlines, operations
from cases.enums import NEW_DEVICE, ClosingGrounds, EventKind, LimitState, NotApplicable, Suspension
from cases.models import Case, Event, Review, Rule, TimeLimit, Victim
from cases.rulepacks import RuleCode
from kit.access import NotAllowed
from kit.refusal import Blocked
from people.roles import Role
from tests.worlds import MONDAY, Force, actor, at, building, log_case, set_clock

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=number) for number in range(1, 5))
NEXT_MONDAY = MONDAY + timedelta(days=7)
PLAN = {"story": "s", "suspect": "s", "victim": "v", "material": "", "protection": "p", "first_steps": "f"}
# Whom or what the entries that start a limit are about.
SUBJECTS = {EventKind.DEVICE_TAKEN: "D1"}


@dataclass
class Desk:
    """The case, and people who do things to it; each act a moment after the one before."""

    force: Force
    case: Case
    moments: Iterator[datetime]

    def go_to(self, moment: datetime) -> None:
        self.moments = (moment + timedelta(seconds=number) for number in itertools.count())

    def tick(self) -> datetime:
        moment = next(self.moments)
        set_clock(moment)
        return moment

    def record(self, kind: EventKind, subject: str = "", *, about: Event | None = None, at: datetime | None = None) -> Event:
        now = self.tick()
        (event,) = operations.record_event(
            self.case,
            actor=actor(self.force.investigator),
            kind=kind,
            at=at or now - timedelta(milliseconds=1),
            text="Invented.",
            subject=subject,
            until=FRIDAY if kind in {EventKind.SUSPECT_BAILED, EventKind.BAIL_CHANGED} else None,
            about=(about.pk,) if about else (),
        )
        return event

    def plan(self) -> None:
        self.tick()
        operations.set_plan(self.case, actor=actor(self.force.investigator), version=0, answers=PLAN)

    def strike(self, event: Event) -> None:
        self.tick()
        operations.strike_event(event, actor=actor(self.force.investigator), because="Wrong case.")

    def suspend(self, limit: TimeLimit) -> None:
        self.tick()
        operations.suspend_limit(limit, actor=actor(self.force.sergeant), why=Suspension.SAFETY, text="He reads her phone.")

    def resume(self, limit: TimeLimit) -> None:
        self.tick()
        operations.resume_limit(limit, actor=actor(self.force.sergeant), text="He is in custody.")

    def stop(self, limit: TimeLimit) -> None:
        self.tick()
        operations.stop_limit(limit, actor=actor(self.force.sergeant), why=NotApplicable.VICTIM_WISH, text="She said so.")

    def restart(self, limit: TimeLimit) -> None:
        self.tick()
        operations.restart_limit(limit, actor=actor(self.force.sergeant), text="She changed her mind.")

    def limits(self, code: str, subject: str | None = None) -> list[TimeLimit]:
        with building():
            found = TimeLimit.unguarded.filter(case=self.case, rule__code=code).select_related("rule", "stopped_by", "met_by")
            return [limit for limit in found.order_by("begins_at", "subject") if subject in (None, limit.subject)]

    def limit(self, code: str, subject: str | None = None) -> TimeLimit:
        (limit,) = self.limits(code, subject)
        return limit

    def stands(self, code: str, subject: str | None = None) -> tuple[LimitState, date]:
        limit = self.limit(code, subject)
        return limit.state, limit.due_on


@pytest.fixture
def desk(force: Force, case: Case) -> Desk:
    """On the morning after the case was logged."""
    made = Desk(force, case, iter(()))
    made.go_to(at(TUESDAY))
    return made


def start(desk: Desk, code: str) -> Event:
    """The entry that starts this limit: made now, or made when the case was logged."""
    kind = sorted(deadlines.LIMITS[code].starts)[0]
    if kind == EventKind.CASE_RECORDED:
        with building():
            return Event.unguarded.get(case=desk.case, kind=kind)
    return desk.record(kind, SUBJECTS.get(kind, "S1"))


def meet(desk: Desk, code: str, started_by: Event, subject: str | None = None) -> Event | None:
    declared = deadlines.LIMITS[code]
    if declared.met_by == EventKind.INVESTIGATION_PLAN_SET:
        desk.plan()
        return None
    default = {EventKind.DEVICE_RETURNED: "D1", EventKind.EARLY_ADVICE_DECIDED: ""}.get(declared.met_by, "V1")
    return desk.record(declared.met_by, subject or default, about=started_by if declared.is_answered else None)


# Started and met -------------------------------------------------------------------------------------------------------

# All that the Jersey pack says of a case logged on Monday 2 November 2026 at 10:00, and of what happens the morning after.
FIRST_DUE = {
    RuleCode.SUPPORT_REFERRAL: WEDNESDAY,
    RuleCode.INVESTIGATION_PLAN: THURSDAY,
    RuleCode.EARLY_ADVICE_DECISION: date(2026, 11, 30),
    RuleCode.TELL_ARREST: WEDNESDAY,
    RuleCode.TELL_INTERVIEW: WEDNESDAY,
    RuleCode.TELL_RELEASE: WEDNESDAY,
    RuleCode.TELL_BAIL: WEDNESDAY,
    RuleCode.DEVICE_RETURN: WEDNESDAY,
}


def test_every_limit_has_its_line_here() -> None:
    assert set(FIRST_DUE) == set(deadlines.LIMITS)


@pytest.mark.parametrize("code", FIRST_DUE)
def test_limit_runs_from_its_entry_until_its_entry(desk: Desk, code: str) -> None:
    started_by = start(desk, code)
    limit = desk.limit(code)
    assert (limit.state, limit.due_on, limit.first_due_on, limit.started_by_id) == (
        LimitState.RUNNING,
        FIRST_DUE[RuleCode(code)],
        FIRST_DUE[RuleCode(code)],
        started_by.pk,
    )
    assert (limit.due_at is not None) == (code == RuleCode.DEVICE_RETURN)
    meet(desk, code, started_by)
    assert desk.stands(code) == (LimitState.MET, FIRST_DUE[RuleCode(code)])


@pytest.mark.parametrize("kind", sorted(deadlines.LIMITS[RuleCode.TELL_BAIL].starts))
def test_each_kind_of_release_starts_the_limit_to_tell(desk: Desk, kind: EventKind) -> None:
    event = desk.record(kind, "S1")
    assert desk.limit(RuleCode.TELL_BAIL).started_by_id == event.pk


def test_a_device_is_returned_within_24_hours_of_being_taken(desk: Desk) -> None:
    taken = at(MONDAY, 20, 30)
    desk.record(EventKind.DEVICE_TAKEN, "D1", at=taken)
    limit = desk.limit(RuleCode.DEVICE_RETURN)
    assert (limit.begins_at, limit.due_at, limit.due_on) == (taken, at(TUESDAY, 20, 30), TUESDAY)


@pytest.mark.parametrize("code", FIRST_DUE)
def test_limit_met_too_late_is_met_and_was_late(desk: Desk, code: str) -> None:
    started_by = start(desk, code)
    desk.go_to(at(date(2026, 12, 1)))
    assert deadlines.is_late(deadlines.Due(desk.limit(code).due_on, desk.limit(code).due_at), at(date(2026, 12, 1)))
    meet(desk, code, started_by)
    limit = desk.limit(code)
    assert limit.state == LimitState.MET
    assert limit.met_at is not None and timezone.localdate(limit.met_at) == date(2026, 12, 1) > limit.due_on


def test_what_happened_earlier_and_is_written_later_meets_it_when_it_happened(desk: Desk) -> None:
    desk.go_to(at(FRIDAY))
    desk.record(EventKind.SUPPORT_REFERRED, "V1", at=at(TUESDAY, 12))
    assert desk.limit(RuleCode.SUPPORT_REFERRAL).met_at == at(TUESDAY, 12)


# Not met ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_of_each(desk: Desk) -> Desk:
    """The case has a second victim; nobody can add one yet by an act."""
    with building():
        Victim.unguarded.bulk_create([Victim(case=desk.case, number=2, safe_now="YES")])
    return desk


def test_telling_of_one_arrest_is_not_telling_of_the_other(desk: Desk) -> None:
    first, second = desk.record(EventKind.SUSPECT_ARRESTED, "S1"), desk.record(EventKind.SUSPECT_ARRESTED, "S1")
    desk.record(EventKind.VICTIM_TOLD, "V1", about=second)
    states = {limit.started_by_id: limit.state for limit in desk.limits(RuleCode.TELL_ARREST)}
    assert states == {first.pk: LimitState.RUNNING, second.pk: LimitState.MET}


def test_telling_one_victim_is_not_telling_the_other(two_of_each: Desk) -> None:
    arrest = two_of_each.record(EventKind.SUSPECT_ARRESTED, "S1")
    two_of_each.record(EventKind.VICTIM_TOLD, "V2", about=arrest)
    assert two_of_each.stands(RuleCode.TELL_ARREST, "V1") == (LimitState.RUNNING, WEDNESDAY)
    assert two_of_each.stands(RuleCode.TELL_ARREST, "V2") == (LimitState.MET, WEDNESDAY)


def test_contact_about_something_else_meets_nothing(desk: Desk) -> None:
    desk.record(EventKind.SUSPECT_ARRESTED, "S1")
    desk.record(EventKind.VICTIM_CONTACT, "V1")
    assert desk.limit(RuleCode.TELL_ARREST).state == LimitState.RUNNING


def test_returning_one_device_is_not_returning_the_other(desk: Desk) -> None:
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    desk.record(EventKind.DEVICE_TAKEN, "D2")
    desk.record(EventKind.DEVICE_RETURNED, "D2")
    states = {limit.subject: limit.state for limit in desk.limits(RuleCode.DEVICE_RETURN)}
    assert states == {"D1": LimitState.RUNNING, "D2": LimitState.MET}


def test_a_device_taken_again_must_be_returned_again(desk: Desk) -> None:
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    desk.record(EventKind.DEVICE_RETURNED, "D1")
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    assert [limit.state for limit in desk.limits(RuleCode.DEVICE_RETURN)] == [LimitState.MET, LimitState.RUNNING]
    desk.record(EventKind.DEVICE_RETURNED, "D1")
    first, second = desk.limits(RuleCode.DEVICE_RETURN)
    assert first.state == second.state == LimitState.MET
    assert first.met_by_id != second.met_by_id


def test_a_return_before_the_device_was_taken_meets_nothing(desk: Desk) -> None:
    desk.go_to(at(FRIDAY))
    desk.record(EventKind.DEVICE_TAKEN, "D1", at=at(THURSDAY))
    desk.record(EventKind.DEVICE_RETURNED, "D1", at=at(WEDNESDAY))
    assert desk.limit(RuleCode.DEVICE_RETURN).state == LimitState.RUNNING


# Struck ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(set(FIRST_DUE) - {RuleCode.INVESTIGATION_PLAN}))
def test_limit_met_in_error_runs_again_with_its_old_due_date(desk: Desk, code: str) -> None:
    met_by = meet(desk, code, start(desk, code))
    assert met_by is not None
    before = desk.limit(code)
    desk.go_to(at(date(2026, 12, 1)))
    desk.strike(met_by)
    now = desk.limit(code)
    assert (now.state, now.met_at, now.due_on, now.due_at) == (LimitState.RUNNING, None, before.due_on, before.due_at)
    with building():
        struck = Event.unguarded.get(pk=met_by.pk)
        assert (struck.text, struck.struck_because, struck.struck_by_id) == (
            "Invented.",
            "Wrong case.",
            desk.force.investigator.pk,
        )


def test_another_entry_that_stands_takes_over(desk: Desk) -> None:
    first = desk.record(EventKind.SUPPORT_REFERRED, "V1")
    second = desk.record(EventKind.SUPPORT_REFERRED, "V1")
    assert desk.limit(RuleCode.SUPPORT_REFERRAL).met_by_id == first.pk
    desk.strike(first)
    assert desk.limit(RuleCode.SUPPORT_REFERRAL).met_by_id == second.pk
    desk.strike(second)
    assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.RUNNING, WEDNESDAY)


@pytest.mark.parametrize(
    "code", sorted(set(FIRST_DUE) - {RuleCode.SUPPORT_REFERRAL, RuleCode.INVESTIGATION_PLAN, RuleCode.EARLY_ADVICE_DECISION})
)
def test_limit_of_what_never_happened_is_void(desk: Desk, code: str) -> None:
    started_by = start(desk, code)
    meet(desk, code, started_by)
    desk.strike(started_by)
    assert desk.limit(code).state == LimitState.VOID
    with pytest.raises(Blocked, match="has fallen away"):
        desk.suspend(desk.limit(code))
    with pytest.raises(Blocked, match="has fallen away"):
        desk.restart(desk.limit(code))


def test_striking_one_arrest_leaves_the_limit_of_the_other(desk: Desk) -> None:
    first, second = desk.record(EventKind.SUSPECT_ARRESTED, "S1"), desk.record(EventKind.SUSPECT_ARRESTED, "S1")
    desk.strike(first)
    states = {limit.started_by_id: limit.state for limit in desk.limits(RuleCode.TELL_ARREST)}
    assert states == {first.pk: LimitState.VOID, second.pk: LimitState.RUNNING}


# Suspended, and not applicable -----------------------------------------------------------------------------------------


def test_a_suspended_limit_runs_again_with_what_was_left(desk: Desk) -> None:
    """Two days left on Tuesday; on Monday it has two days again."""
    desk.suspend(desk.limit(RuleCode.INVESTIGATION_PLAN))
    assert desk.stands(RuleCode.INVESTIGATION_PLAN) == (LimitState.SUSPENDED, THURSDAY)
    desk.go_to(at(NEXT_MONDAY))
    desk.resume(desk.limit(RuleCode.INVESTIGATION_PLAN))
    assert desk.stands(RuleCode.INVESTIGATION_PLAN) == (LimitState.RUNNING, NEXT_MONDAY + timedelta(days=2))
    assert desk.limit(RuleCode.INVESTIGATION_PLAN).first_due_on == THURSDAY


def test_a_limit_in_hours_runs_again_with_the_hours_that_were_left(desk: Desk) -> None:
    desk.record(EventKind.DEVICE_TAKEN, "D1", at=at(TUESDAY, 8))
    desk.go_to(at(TUESDAY, 20))
    desk.suspend(desk.limit(RuleCode.DEVICE_RETURN))
    desk.go_to(at(FRIDAY, 9))
    desk.resume(desk.limit(RuleCode.DEVICE_RETURN))
    assert desk.limit(RuleCode.DEVICE_RETURN).due_at == at(FRIDAY, 21)
    assert desk.limit(RuleCode.DEVICE_RETURN).due_on == FRIDAY
    # The entry that meets it being struck, it has this date and not the first one.
    returned = desk.record(EventKind.DEVICE_RETURNED, "D1")
    desk.strike(returned)
    assert desk.limit(RuleCode.DEVICE_RETURN).due_at == at(FRIDAY, 21)


def test_suspending_within_a_moment_changes_nothing(desk: Desk) -> None:
    """Also when every entry has the same moment: the one written first comes first."""
    moment = at(TUESDAY)
    desk.moments = itertools.repeat(moment)
    for _ in range(3):
        desk.suspend(desk.limit(RuleCode.SUPPORT_REFERRAL))
        assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.SUSPENDED, WEDNESDAY)
        desk.resume(desk.limit(RuleCode.SUPPORT_REFERRAL))
        assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.RUNNING, WEDNESDAY)


def test_a_late_limit_is_not_rescued(desk: Desk) -> None:
    desk.go_to(at(FRIDAY))
    desk.suspend(desk.limit(RuleCode.SUPPORT_REFERRAL))
    desk.go_to(at(NEXT_MONDAY))
    desk.resume(desk.limit(RuleCode.SUPPORT_REFERRAL))
    assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.RUNNING, WEDNESDAY)


def test_a_suspended_limit_can_be_met_and_stands_still_again_when_that_was_an_error(desk: Desk) -> None:
    desk.suspend(desk.limit(RuleCode.SUPPORT_REFERRAL))
    referral = desk.record(EventKind.SUPPORT_REFERRED, "V1")
    assert desk.limit(RuleCode.SUPPORT_REFERRAL).state == LimitState.MET
    desk.strike(referral)
    assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.SUSPENDED, WEDNESDAY)


def test_a_limit_that_does_not_apply_applies_after_all_with_its_date(desk: Desk) -> None:
    desk.stop(desk.limit(RuleCode.SUPPORT_REFERRAL))
    assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.NOT_APPLICABLE, WEDNESDAY)
    desk.go_to(at(NEXT_MONDAY))
    desk.restart(desk.limit(RuleCode.SUPPORT_REFERRAL))
    assert desk.stands(RuleCode.SUPPORT_REFERRAL) == (LimitState.RUNNING, WEDNESDAY)


def test_what_does_not_fit_the_state_is_refused_and_what_fits_is_not(desk: Desk) -> None:
    code = RuleCode.SUPPORT_REFERRAL
    for act in (desk.resume, desk.restart):
        with pytest.raises(Blocked, match="is running"):
            act(desk.limit(code))
    desk.suspend(desk.limit(code))
    for act in (desk.suspend, desk.restart):
        with pytest.raises(Blocked, match="is suspended"):
            act(desk.limit(code))
    desk.stop(desk.limit(code))
    for act in (desk.suspend, desk.resume, desk.stop):
        with pytest.raises(Blocked, match="does not apply"):
            act(desk.limit(code))
    desk.restart(desk.limit(code))
    desk.record(EventKind.SUPPORT_REFERRED, "V1")
    for act in (desk.suspend, desk.resume, desk.stop, desk.restart):
        with pytest.raises(Blocked, match="is met"):
            act(desk.limit(code))


def test_only_a_supervisor_suspends(desk: Desk) -> None:
    limit = desk.limit(RuleCode.SUPPORT_REFERRAL)
    with pytest.raises(NotAllowed):
        operations.suspend_limit(limit, actor=actor(desk.force.investigator), why=Suspension.SAFETY, text="Not mine to say.")
    desk.suspend(limit)
    assert desk.limit(RuleCode.SUPPORT_REFERRAL).state == LimitState.SUSPENDED


# What leaves limits alone ----------------------------------------------------------------------------------------------


def dates(case: Case) -> dict[UUID, tuple[object, ...]]:
    """Every due date of the case that somebody was given."""
    with building():
        limits = {limit.pk: (limit.due_on, limit.due_at, limit.first_due_on) for limit in TimeLimit.unguarded.filter(case=case)}
        reviews = {
            review.pk: (review.due_on, review.remind_on, review.escalates_on) for review in Review.unguarded.filter(case=case)
        }
    return {**limits, **reviews}


def test_the_hand_over_leaves_limits_as_they_are(desk: Desk) -> None:
    desk.suspend(desk.limit(RuleCode.SUPPORT_REFERRAL))
    before = dates(desk.case), desk.stands(RuleCode.SUPPORT_REFERRAL)
    desk.tick()
    operations.allocate_case(desk.case, actor=actor(desk.force.sergeant), officer_id=desk.force.other_investigator.pk)
    assert (dates(desk.case), desk.stands(RuleCode.SUPPORT_REFERRAL)) == before


def test_nothing_starts_or_stands_still_on_a_case_that_has_ended(desk: Desk) -> None:
    arrest = desk.record(EventKind.SUSPECT_ARRESTED, "S1")
    for code in (RuleCode.SUPPORT_REFERRAL, RuleCode.INVESTIGATION_PLAN, RuleCode.EARLY_ADVICE_DECISION, RuleCode.TELL_ARREST):
        desk.stop(desk.limit(code))
    desk.tick()
    operations.close_case(desk.case, actor=actor(desk.force.inspector), grounds=ClosingGrounds.SUSPECT_DIED, text="On Sunday.")
    for kind, subject in ((EventKind.SUSPECT_ARRESTED, "S1"), (EventKind.DEVICE_TAKEN, "D1"), (EventKind.SUPPORT_REFERRED, "V1")):
        with pytest.raises(Blocked, match="The case is closed"):
            desk.record(kind, subject)
    with pytest.raises(Blocked, match="The case is closed"):
        desk.restart(desk.limit(RuleCode.SUPPORT_REFERRAL))
    with pytest.raises(Blocked, match="The case is closed"):
        desk.strike(arrest)
    # The victim can still be told, and it meets the limit.
    desk.record(EventKind.VICTIM_TOLD, "V1", about=arrest)
    assert desk.limit(RuleCode.TELL_ARREST).state == LimitState.MET


# The pack changes ------------------------------------------------------------------------------------------------------


def rules_change(force: Force, desk: Desk) -> None:
    """Another number for every rule from tomorrow, and every day of the next two weeks a day of mourning."""
    desk.tick()
    with building():
        rules = list(Rule.objects.filter(profile="JE", is_local=False))
    administrator = actor(force.user(Role.ADMINISTRATOR))
    for rule in rules:
        operations.change_rule(
            actor=administrator,
            rule=rule,
            amount=rule.amount + 7,
            escalates_after=9,
            escalates_further_after=None,
            begins=WEDNESDAY,
            because="Tried for a year.",
        )
    for number in range(1, 14):
        operations.add_local_day(actor=administrator, day=TUESDAY + timedelta(days=number), name="Day of mourning")


def test_no_date_already_given_moves_when_the_pack_changes(force: Force, desk: Desk) -> None:
    arrest = desk.record(EventKind.SUSPECT_ARRESTED, "S1")
    told = desk.record(EventKind.VICTIM_TOLD, "V1", about=arrest)
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    before = dates(desk.case)
    rules_change(force, desk)
    assert dates(desk.case) == before

    desk.go_to(at(WEDNESDAY))
    # Each of these settles a limit anew, under the rule and the dates that it has.
    desk.strike(told)
    for code in (RuleCode.EARLY_ADVICE_DECISION, RuleCode.TELL_ARREST):
        desk.suspend(desk.limit(code))
        desk.resume(desk.limit(code))
    desk.stop(desk.limit(RuleCode.SUPPORT_REFERRAL))
    desk.restart(desk.limit(RuleCode.SUPPORT_REFERRAL))
    returned = desk.record(EventKind.DEVICE_RETURNED, "D1")
    desk.strike(returned)
    assert dates(desk.case) == before

    # A pause moves the date by itself and by nothing else.
    desk.suspend(desk.limit(RuleCode.EARLY_ADVICE_DECISION))
    desk.go_to(at(WEDNESDAY + timedelta(days=5)))
    desk.resume(desk.limit(RuleCode.EARLY_ADVICE_DECISION))
    moved = {key: value for key, value in dates(desk.case).items() if value != before[key]}
    limit = desk.limit(RuleCode.EARLY_ADVICE_DECISION)
    assert moved == {limit.pk: (date(2026, 12, 5), None, date(2026, 11, 30))}


def test_what_begins_after_the_change_is_under_the_new_rule(force: Force, desk: Desk) -> None:
    rules_change(force, desk)
    set_clock(at(WEDNESDAY))
    case = log_case(force)
    with building():
        plan = TimeLimit.unguarded.get(case=case, rule__code=RuleCode.INVESTIGATION_PLAN)
        first = Review.unguarded.get(case=case, number=1)
        assert plan.rule.is_local and plan.due_on == WEDNESDAY + timedelta(days=10)
        assert first.rule.is_local and first.due_on == WEDNESDAY + timedelta(days=21)
        # The case from before has its old rules still.
        assert not TimeLimit.unguarded.get(case=desk.case, rule__code=RuleCode.INVESTIGATION_PLAN).rule.is_local


def test_a_late_entry_is_under_the_rule_of_the_day_on_which_it_happened(force: Force, desk: Desk) -> None:
    rules_change(force, desk)
    desk.go_to(at(THURSDAY))
    before, after = desk.record(EventKind.DEVICE_TAKEN, "D1", at=at(TUESDAY, 20)), desk.record(EventKind.DEVICE_TAKEN, "D2")
    hours = {limit.started_by_id: limit.rule.amount for limit in desk.limits(RuleCode.DEVICE_RETURN)}
    assert hours == {before.pk: 24, after.pk: 31}


def test_device_entered_again_as_it_was_is_met_by_the_return_that_stands(desk: Desk) -> None:
    """Taken at a wrong time, given back, struck out and entered again: nobody keeps it, so nothing runs."""
    wrong = desk.record(EventKind.DEVICE_TAKEN, "D1")
    desk.record(EventKind.DEVICE_RETURNED, "D1")
    desk.strike(wrong)
    desk.record(EventKind.DEVICE_TAKEN, "D1", at=wrong.happened_at - timedelta(minutes=30))
    assert [limit.state for limit in desk.limits(RuleCode.DEVICE_RETURN)] == [LimitState.MET, LimitState.VOID]


def test_device_taken_again_later_is_not_met_by_the_return_before(desk: Desk) -> None:
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    desk.record(EventKind.DEVICE_RETURNED, "D1")
    desk.record(EventKind.DEVICE_TAKEN, "D1")
    assert [limit.state for limit in desk.limits(RuleCode.DEVICE_RETURN)] == [LimitState.MET, LimitState.RUNNING]


def test_two_new_devices_never_share_a_number(desk: Desk) -> None:
    taken = [desk.record(EventKind.DEVICE_TAKEN, NEW_DEVICE).subject for _ in range(2)]
    assert taken == ["D1", "D2"]
