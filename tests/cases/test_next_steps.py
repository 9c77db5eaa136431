"""What to do next: each rule asks, and stops asking when it is done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases import operations
from cases.enums import Act, Direction, EventKind, LimitState, LineState, ReviewKind
from cases.models import Case, Victim
from cases.queries import next_steps
from cases.queries.facts import CaseFacts, Entry
from cases.queries.next_steps import Known
from cases.rulepacks import RuleCode
from kit.access import Actor
from people.roles import Role
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, set_clock

TODAY = date(2026, 11, 30)
OFFICER, SERGEANT = 1, 2
EVERYTHING = frozenset(Act)


def entry(kind: EventKind, subject: str = "", days_ago: int = 0, until: date | None = None) -> Entry:
    moment = datetime(2026, 11, 30, 9, tzinfo=UTC) - timedelta(days=days_ago)
    return Entry(kind, subject, moment, moment, until)


class Numbered(SimpleNamespace):
    def __str__(self) -> str:
        return str(self.label)


def known(**changed: Any) -> Known:
    """A case in good order: no rule asks for anything."""
    case = SimpleNamespace(
        reference="JE-2026-00001",
        officer_id=OFFICER,
        logged_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        recorded_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        is_open=True,
    )
    facts = CaseFacts(
        entries=(entry(EventKind.REPEAT_SUSPECT_CHECK, "S1", 5), entry(EventKind.WISHES_ASKED, "V1", 5)),
        has_context=True,
        has_plan=True,
        lines={(Direction.AWAY, LineState.PENDING): 1},
        more_time={},
    )
    order = Known(
        case,
        Actor(SERGEANT, "police", frozenset({Role.SERGEANT})),
        datetime(2026, 11, 30, 9, tzinfo=UTC),
        EVERYTHING,
        facts,
        victims=[Numbered(label="V1", number=1, safe_now="YES", wish="WANTS_INVESTIGATION")],
        suspects=[Numbered(label="S1", number=1, known="NAMED")],
    )
    return replace(order, **changed)


def with_entries(*entries: Entry) -> dict[str, Any]:
    return {"facts": replace(known().facts, entries=(*known().facts.entries, *entries))}


def action(**changed: Any) -> Numbered:
    fields = {
        "label": "A1",
        "number": 1,
        "pk": UUID(int=7),
        "what": "See the witness",
        "owner_id": OFFICER,
        "owner": SimpleNamespace(called="DC Invented"),
        "due_on": TODAY,
        "done_at": None,
        "done_by_id": None,
        "verified_at": None,
    }
    return Numbered(**{**fields, **changed})


def review(**changed: Any) -> SimpleNamespace:
    fields = {
        "pk": uuid4(),
        "kind": ReviewKind.DAY_14,
        "due_on": TODAY,
        "completed_at": None,
        "lowest_role": Role.SERGEANT,
        "escalated_from": None,
        "get_kind_display": lambda: "14-day review",
    }
    return SimpleNamespace(**{**fields, **changed})


DONE = datetime(2026, 11, 29, 9, tzinfo=UTC)
UNSAFE = [Numbered(label="V1", number=1, safe_now="NO", wish="WANTS_INVESTIGATION")]
UNASKED = [Numbered(label="V1", number=1, safe_now="YES", wish="NOT_YET_ASKED")]
FACTS = known().facts
NO_CHECK = {"facts": replace(FACTS, entries=())}
# A rule, a world in which it asks, and one beside it in which it does not.
WORLDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("victim_may_not_be_safe", {"victims": UNSAFE}, {"victims": UNSAFE, **with_entries(entry(EventKind.SAFETY_CHECKED, "V1"))}),
    (
        "bail_ends",
        with_entries(entry(EventKind.SUSPECT_BAILED, "S1", 20, TODAY + timedelta(days=7))),
        with_entries(entry(EventKind.SUSPECT_BAILED, "S1", 20, TODAY + timedelta(days=8))),
    ),
    (
        "bail_ends",
        with_entries(entry(EventKind.SUSPECT_BAILED, "S1", 20, TODAY - timedelta(days=1))),
        with_entries(
            entry(EventKind.SUSPECT_BAILED, "S1", 20, TODAY - timedelta(days=1)),
            entry(EventKind.RELEASED_WITHOUT_CHARGE, "S1", 2),
        ),
    ),
    ("nobody_works_it", {"case": SimpleNamespace(**{**vars(known().case), "officer_id": None})}, {}),
    ("suspect_is_not_checked", NO_CHECK, {**NO_CHECK, "suspects": [Numbered(label="S1", number=1, known="DESCRIBED")]}),
    (
        "suspect_is_not_checked",
        {"facts": replace(FACTS, entries=(entry(EventKind.REPEAT_SUSPECT_CHECK, "S1", 29),))},
        {"facts": replace(FACTS, entries=(entry(EventKind.REPEAT_SUSPECT_CHECK, "S1", 28),))},
    ),
    ("suspect_is_not_checked", {"suspects": [Numbered(label="S2", number=2, known="NAMED")]}, {}),
    ("wishes_were_never_asked", {"victims": UNASKED, **NO_CHECK}, {"victims": UNASKED}),
    (
        "review_waits",
        {"reviews": [review(due_on=TODAY - timedelta(days=1))]},
        {"reviews": [review(), review(due_on=date(2026, 11, 1), completed_at=DONE)]},
    ),
    (
        "review_waits",
        {"reviews": [review(kind=ReviewKind.ESCALATED, due_on=TODAY + timedelta(days=3))]},
        {"reviews": [review(due_on=TODAY + timedelta(days=3))]},
    ),
    ("actions_are_late", {"actions": [action(due_on=TODAY - timedelta(days=1))]}, {"actions": [action()]}),
    (
        "more_time_is_asked",
        {"actions": [action()], "facts": replace(FACTS, more_time={UUID(int=7): OFFICER})},
        {"actions": [action()]},
    ),
    (
        "actions_are_not_verified",
        {"actions": [action(done_at=DONE, done_by_id=OFFICER)]},
        {"actions": [action(done_at=DONE, done_by_id=OFFICER, verified_at=DONE), action()]},
    ),
    ("plan_is_not_set", {"facts": replace(FACTS, has_plan=False)}, {}),
    ("context_is_not_recorded", {"facts": replace(FACTS, has_context=False)}, {}),
    ("nothing_leads_away", {"facts": replace(FACTS, lines={(Direction.TOWARDS, LineState.PENDING): 3})}, {}),
]


def steps_of(rule: str, world: dict[str, Any]) -> list[next_steps.Step]:
    return list(getattr(next_steps, rule)(known(**world)))


@pytest.mark.parametrize(("rule", "asks", "is_silent"), WORLDS)
def test_rule_asks_and_stops_asking(rule: str, asks: dict[str, Any], is_silent: dict[str, Any]) -> None:
    (step,) = steps_of(rule, asks)
    assert step.what and step.why.endswith(".") and bool(step.url) != bool(step.who)
    assert steps_of(rule, is_silent) == []


def test_every_rule_is_tried() -> None:
    assert {rule.__name__ for rule in next_steps.RULES} == {rule for rule, *_ in WORLDS} | {"time_limit_is_late"}


def test_a_case_in_good_order_asks_for_nothing_and_one_that_ended_neither() -> None:
    assert next_steps.next_steps(known()).first == []
    ended = SimpleNamespace(**{**vars(known().case), "is_open": False})
    assert next_steps.next_steps(known(case=ended, victims=UNSAFE)).first == []


def test_five_are_shown_and_the_rest_stand_behind() -> None:
    late = [review(due_on=TODAY - timedelta(days=1)) for _ in range(7)]
    steps = next_steps.next_steps(known(victims=UNSAFE, reviews=late))
    assert steps.first[0].what == "Check that V1 is safe" and len(steps.first) == 5 and len(steps.more) == 3


def test_nobody_is_sent_to_verify_their_own_work() -> None:
    mine = action(done_at=DONE, done_by_id=SERGEANT)
    (step,) = steps_of("actions_are_not_verified", {"actions": [mine]})
    assert step.url == "" and step.who == "Another supervisor of the case does this."


@pytest.mark.parametrize(
    ("rule", "world"),
    [
        ("actions_are_not_verified", {"actions": [action(owner_id=9, done_at=DONE, done_by_id=9)]}),
        ("more_time_is_asked", {"actions": [action(owner_id=9)], "facts": replace(FACTS, more_time={UUID(int=7): 9})}),
    ],
)
def test_the_officer_in_the_case_is_offered_neither_answer(rule: str, world: dict[str, Any]) -> None:
    own = SimpleNamespace(**{**vars(known().case), "officer_id": SERGEANT})
    (others,), (step,) = steps_of(rule, world), steps_of(rule, {**world, "case": own})
    assert others.url and step.url == "" and step.who == "Another supervisor of the case does this."


def test_late_action_is_a_link_for_everybody_and_says_whose_it_is() -> None:
    late = {"actions": [action(due_on=TODAY - timedelta(days=1))]}
    for acts in (EVERYTHING, frozenset({Act.VIEW}), frozenset({Act.VIEW, Act.DO_ACTION})):
        (step,) = steps_of("actions_are_late", {**late, "acts": acts})
        assert step.url == "/cases/JE-2026-00001/actions/1/" and "It was given to DC Invented." in step.why


ESCALATED = {"kind": ReviewKind.ESCALATED, "due_on": TODAY + timedelta(days=3), "lowest_role": Role.INSPECTOR}
INSPECTOR = Actor(SERGEANT, "police", frozenset({Role.INSPECTOR, Role.SERGEANT}))


def test_whoever_sent_a_review_on_is_not_offered_it() -> None:
    own = review(**ESCALATED, escalated_from=SimpleNamespace(completed_by_id=SERGEANT))
    (step,) = steps_of("review_waits", {"actor": INSPECTOR, "reviews": [own]})
    assert step.url == "" and step.who == "Another Detective Inspector does this."
    others = review(**ESCALATED, escalated_from=SimpleNamespace(completed_by_id=9))
    (step,) = steps_of("review_waits", {"actor": INSPECTOR, "reviews": [others]})
    assert step.url


def test_whoever_works_on_the_case_is_offered_no_review() -> None:
    late = {"reviews": [review(due_on=TODAY - timedelta(days=1))]}
    (step,) = steps_of("review_waits", {**late, "facts": replace(FACTS, reader_works_on_it=True)})
    assert step.url == "" and step.who == "Another Detective Sergeant does this."


def test_plan_that_is_late_by_the_hour_is_asked_for_once() -> None:
    def world(hour: int) -> dict[str, Any]:
        due = datetime(2026, 11, 30, hour, tzinfo=UTC)
        rule = SimpleNamespace(code=RuleCode.INVESTIGATION_PLAN, label="Investigation plan", basis="Local", started_by_id=1)
        limit = SimpleNamespace(rule=rule, due_on=TODAY, due_at=due, state=LimitState.RUNNING, subject="")
        return {"limits": [limit], "facts": replace(FACTS, has_plan=False)}

    (early,) = steps_of("plan_is_not_set", world(10))
    assert early.why == "Due today at 10:00." and steps_of("time_limit_is_late", world(10)) == []
    assert steps_of("plan_is_not_set", world(8)) == [] and len(steps_of("time_limit_is_late", world(8))) == 1


def test_whoever_may_not_do_it_reads_who_does() -> None:
    (step,) = steps_of("victim_may_not_be_safe", {"victims": UNSAFE, "acts": frozenset({Act.VIEW})})
    assert step.url == "" and step.who == "The officer in the case does this."


# On the page -----------------------------------------------------------------------------------------------------------


def page_of(browser: Any, case: Case) -> str:
    return str(browser.get(f"/cases/{case.reference}/").content.decode())


def test_page_says_what_is_next_with_links_for_the_officer_only(as_user, force, case):
    with building():
        Victim.unguarded.filter(case=case).update(safe_now="NO")
    link = f'href="/cases/{case.reference}/chronology/add/?kind=SAFETY_CHECKED&amp;subject=V1"'
    assert link in page_of(as_user(force.investigator), case)
    seen = page_of(as_user(force.sergeant), case)
    assert link not in seen and "Check that V1 is safe" in seen and "The officer in the case does this." in seen


def test_late_time_limit_is_a_step_until_it_is_met(as_user, force, case):
    set_clock(at(MONDAY + timedelta(days=10)))
    browser = as_user(force.investigator)
    steps = page_of(browser, case).split('id="due"')[0]
    assert "kind=SUPPORT_REFERRED" in steps
    operations.record_event(
        case,
        actor=actor(force.investigator),
        kind=EventKind.SUPPORT_REFERRED,
        at=at(MONDAY + timedelta(days=10), 8),
        text="Made.",
    )
    assert "kind=SUPPORT_REFERRED" not in page_of(browser, case)


def test_suspect_stands_where_the_last_entry_says_until_it_is_struck(as_user, force, case):
    officer, browser = actor(force.investigator), as_user(force.investigator)
    assert "No arrest or interview is recorded." in page_of(browser, case)
    moment = at(MONDAY + timedelta(days=1), 8)
    operations.record_event(case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, at=moment, text="Arrested.")
    (bail,) = operations.record_event(
        case,
        actor=officer,
        kind=EventKind.SUSPECT_BAILED,
        at=moment + timedelta(minutes=1),
        text="Bailed.",
        until=MONDAY + timedelta(days=29),
    )
    page = page_of(browser, case)
    assert "On bail since 3 November" in page and "Bail ends on 1 December 2026 (in 28 days)" in page
    assert "Stage 11 of 15: Bail and protective measures" in page
    operations.strike_event(bail, actor=officer, because="Another suspect.")
    page = page_of(browser, case).split('id="chronology"')[0]
    assert "Arrested since 3 November" in page and "Bail ends" not in page
    assert "Stage 10 of 15: Arrest and interview" in page


def test_case_without_an_officer_is_allocated_by_a_supervisor(as_user, force, case):
    unallocated = log_case(force, by=force.first_officer, officer=NOBODY)
    page = page_of(as_user(force.sergeant), unallocated)
    assert "Allocate the case to an officer" in page.split('id="due"')[0]
    assert "A supervisor of the case does this." in page_of(as_user(force.first_officer), unallocated)
