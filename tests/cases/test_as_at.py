"""The case as it stood on a day: for each day just what could be read on that day."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from cases import operations
from cases.enums import (
    Direction,
    EventKind,
    LimitState,
    LineState,
    NotApplicable,
    ReviewGroup,
    ReviewResult,
    SuspectKnown,
    Suspension,
    WishKind,
)
from cases.models import (
    Action,
    Case,
    Context,
    Event,
    InvestigationPlan,
    LineOfEnquiry,
    MoreTime,
    Review,
    Suspect,
    TimeLimit,
)
from cases.queries.as_at import AsAt, case_as_at, end_of
from cases.queries.case_page import victims_with_wishes
from kit.refusal import Blocked
from tests import forms
from tests.pages import Sheet
from tests.worlds import MONDAY, Force, actor, at, building, log_case, set_clock

DAYS = 24
CONTEXT = {
    "duration": "DAYS",
    "domestic_abuse": "NO",
    "power": "",
    "victim_context": "",
    "exploited": ["AGE"],
    "suspect_context": "",
}
ROW_FIELDS: dict[type, tuple[str, ...]] = {
    Case: ("status", "officer_id", "relationship", "closed_at", "closing_grounds", "version"),
    Suspect: ("known", "description", "person_id", "version"),
    Context: ("how_known", "exploited", "version"),
    InvestigationPlan: ("story", "version"),
    LineOfEnquiry: ("what", "state", "outcome", "version"),
    Action: ("due_on", "owner_id", "done_at", "evidence", "verified_at", "extended_count"),
    Review: ("kind", "due_on", "completed_at", "result", "own_words"),
}


def values(model: type, row: Any) -> Any:
    return row and tuple(getattr(row, name) for name in ROW_FIELDS[model])


def read_today(case: Case) -> dict[str, Any]:
    """Everything as it can be read from the rows themselves, now."""
    with building():

        def rows(model: Any, order: str = "number") -> list[Any]:
            return [values(model, row) for row in model.unguarded.filter(case=case).order_by(order)]

        waiting = MoreTime.unguarded.filter(case=case, answered_at=None)
        limits = TimeLimit.unguarded.filter(case=case).select_related("stopped_by")
        return {
            "case": values(Case, Case.unguarded.get(pk=case.pk)),
            "wishes": [victim.wish_label for victim in victims_with_wishes(case)],
            "suspects": rows(Suspect),
            "context": values(Context, Context.unguarded.filter(case=case).first()),
            "plan": values(InvestigationPlan, InvestigationPlan.unguarded.filter(case=case).first()),
            "lines": rows(LineOfEnquiry),
            "actions": rows(Action),
            "asks": sorted((one.action.number, one.due_asked) for one in waiting.select_related("action")),
            "reviews": sorted(map(str, rows(Review, "due_on"))),
            "limits": sorted((str(one.pk), one.state, one.due_on, one.due_at, one.met_at) for one in limits),
            "events": sorted((str(one.pk), one.struck_at is not None) for one in Event.unguarded.filter(case=case)),
        }


def read_later(found: AsAt) -> dict[str, Any]:
    """The same, of the case as it stood."""
    return {
        "case": values(Case, found.case),
        "wishes": [then.wish.split(", recorded")[0] for then in found.victims],
        "suspects": [values(Suspect, row) for row in found.suspects],
        "context": values(Context, found.context),
        "plan": values(InvestigationPlan, found.plan),
        "lines": [values(LineOfEnquiry, row) for row in found.lines],
        "actions": [values(Action, then.action) for then in found.actions],
        "asks": sorted((then.action.number, then.asks_until) for then in found.actions if then.asks_until),
        "reviews": sorted(str(values(Review, then.review)) for then in found.reviews),
        "limits": sorted((str(one.limit.pk), one.state, one.due.on, one.due.at, one.met_at) for one in found.limits),
        "events": sorted((str(one.pk), one.is_struck) for one in found.events),
    }


class Work:
    """What officers and supervisors do on a day, by chance; what a rule refuses is not done."""

    def __init__(self, force: Force, case: Case, seed: int) -> None:
        self.force, self.case, self.chance = force, case, random.Random(seed)
        self.officer, self.sergeant, self.inspector = (
            actor(user) for user in (force.investigator, force.sergeant, force.inspector)
        )
        self.acts = [name for name in dir(self) if name.startswith("act_")]
        self.done: set[str] = set()

    def day(self, today: date) -> None:
        self.today = today
        for hour in range(9, 9 + self.chance.randint(2, 10)):
            self.now = at(today, hour, 30)
            set_clock(self.now)
            name = self.chance.choice(self.acts)
            try:
                getattr(self, name)()
                self.done.add(name)
            except (Blocked, IndexError):
                continue

    def any_of(self, model: Any, **found: Any) -> Any:
        with building():
            return self.chance.choice(list(model.unguarded.filter(case=self.case, **found).order_by("pk")))

    def version_of(self, model: Any) -> int:
        with building():
            return model.unguarded.filter(case=self.case).values_list("version", flat=True).first() or 0

    def word(self) -> str:
        return f"Words of {self.now:%d at %H}"

    def act_record(self) -> None:
        kinds = (EventKind.SUSPECT_ARRESTED, EventKind.DEVICE_TAKEN, EventKind.SUPPORT_REFERRED, EventKind.ENQUIRY)
        kind = self.chance.choice(kinds)
        happened = self.now - timedelta(hours=self.chance.randint(0, 30))
        subject = "D1" if kind == EventKind.DEVICE_TAKEN else ""
        operations.record_event(self.case, actor=self.officer, kind=kind, at=happened, text=self.word(), subject=subject)

    def act_tell(self) -> None:
        arrest = self.any_of(Event, kind=EventKind.SUSPECT_ARRESTED, struck_at=None)
        told = {"kind": EventKind.VICTIM_TOLD, "at": self.now, "text": self.word(), "about": [arrest.pk]}
        operations.record_event(self.case, actor=self.officer, **told)

    def act_strike(self) -> None:
        operations.strike_event(self.any_of(Event, struck_at=None), actor=self.officer, because=self.word())

    def act_suspend(self) -> None:
        limit = self.any_of(TimeLimit)
        operations.suspend_limit(limit, actor=self.sergeant, why=Suspension.SAFETY, text=self.word())

    def act_resume(self) -> None:
        operations.resume_limit(self.any_of(TimeLimit), actor=self.sergeant, text=self.word())

    def act_stop(self) -> None:
        operations.stop_limit(self.any_of(TimeLimit), actor=self.sergeant, why=NotApplicable.OVERTAKEN, text=self.word())

    def act_restart(self) -> None:
        operations.restart_limit(self.any_of(TimeLimit), actor=self.sergeant, text=self.word())

    def act_context(self) -> None:
        answers = {**CONTEXT, "how_known": self.word()}
        version = self.version_of(Context)
        relationship = self.chance.choice(("STRANGER", "COLLEAGUE"))
        operations.record_context(self.case, actor=self.officer, version=version, relationship=relationship, answers=answers)

    def act_plan(self) -> None:
        answers = dict.fromkeys(("story", "suspect", "victim", "material", "protection", "first_steps"), self.word())
        operations.set_plan(self.case, actor=self.officer, version=self.version_of(InvestigationPlan), answers=answers)

    def act_add_line(self) -> None:
        operations.add_line(self.case, actor=self.officer, line=operations.Line(self.word(), Direction.AWAY))

    def act_change_line(self) -> None:
        line = self.any_of(LineOfEnquiry)
        changed = operations.Line(line.what, Direction.AWAY, LineState.PURSUED, self.word())
        operations.change_line(line, actor=self.officer, version=line.version, line=changed)

    def act_suspect(self) -> None:
        suspect = self.any_of(Suspect)
        answers = {"known": SuspectKnown.DESCRIBED, "name": "", "description": self.word()}
        operations.update_suspect(suspect, actor=self.officer, version=suspect.version, **answers)

    def act_wish(self) -> None:
        wish = self.chance.choice((WishKind.UNDECIDED, WishKind.WANTS_INVESTIGATION, WishKind.WANTS_PAUSE))
        said = self.now - timedelta(hours=self.chance.randint(0, 20))
        operations.record_wish(self.case, actor=self.officer, victim_number=1, wish=wish, said_at=said, text=self.word())

    def act_give(self) -> None:
        dates = {"due_on": self.today + timedelta(days=5), "look_again_on": self.today + timedelta(days=6)}
        what = {"what": self.word(), "owner_id": self.force.investigator.pk}
        operations.give_action(self.case, actor=self.sergeant, **what, **dates)

    def act_finish(self) -> None:
        operations.complete_action(self.any_of(Action), actor=self.officer, how=self.word(), evidence="Exhibit 1")

    def act_ask(self) -> None:
        action = self.any_of(Action)
        operations.ask_for_more_time(action, actor=self.officer, due_on=action.due_on + timedelta(days=3), because=self.word())

    def act_answer(self) -> None:
        agrees = self.chance.choice((True, False))
        operations.answer_more_time(self.any_of(Action), actor=self.sergeant, is_agreed=agrees, answer=self.word())

    def act_verify(self) -> None:
        operations.verify_action(self.any_of(Action), actor=self.sergeant, text=self.word())

    def act_send_back(self) -> None:
        operations.send_back_action(self.any_of(Action), actor=self.sergeant, text=self.word())

    def act_review(self) -> None:
        review = self.any_of(Review, completed_at=None)
        findings = operations.ReviewFindings(
            answers={group.value: ("SATISFACTORY", "") for group in ReviewGroup},
            own_words=self.word(),
            result=ReviewResult.SATISFACTORY,
            directions=(),
            is_same_again=True,
        )
        operations.complete_review(review, actor=self.inspector, findings=findings)


@pytest.mark.parametrize("seed", range(4))
def test_each_day_is_told_as_it_was_read_on_that_day(force: Force, seed: int) -> None:
    set_clock(at(MONDAY, 8))
    case = log_case(force)
    work, read = Work(force, case, seed), {}
    for number in range(DAYS):
        today = MONDAY + timedelta(days=number)
        work.day(today)
        read[today] = read_today(case)
    assert len(work.done) > 15, sorted(set(work.acts) - work.done)
    set_clock(at(MONDAY + timedelta(days=DAYS + 30)))
    with building():
        for day, snapshot in read.items():
            assert read_later(case_as_at(Case.unguarded.get(pk=case.pk), end_of(day))) == snapshot, day


def test_handing_over_closing_and_taking_up_again_are_told(force: Force, case: Case) -> None:
    tuesday = MONDAY + timedelta(days=1)
    operations.allocate_case(case, actor=actor(force.sergeant), officer_id=force.other_investigator.pk)
    with building():
        for day, officer in ((MONDAY, "DC Invented Investigator"), (tuesday, "DC Invented Other Investigator")):
            assert case_as_at(case, end_of(day)).officer == officer


# The page --------------------------------------------------------------------------------------------------------------


def asked(browser: Any, case: Case, day: date) -> Any:
    return browser.get(f"/cases/{case.reference}/as-at/", forms.date_boxes("day", day))


def test_page_says_that_it_may_have_changed_since(as_user: Any, force: Force, case: Case) -> None:
    (entry,) = operations.record_event(
        case, actor=actor(force.investigator), kind=EventKind.SUPPORT_REFERRED, at=at(MONDAY, 12), text="Made on Monday."
    )
    set_clock(at(MONDAY + timedelta(days=2)))
    operations.strike_event(entry, actor=actor(force.investigator), because="Another case.")
    browser = as_user(force.sergeant)
    page = Sheet(asked(browser, case, MONDAY + timedelta(days=1))).text
    assert "This is how the case stood at the end of 3 November 2026. It may have changed since." in page
    assert "Made on Monday." in page and "Another case." not in page
    assert "Another case." in Sheet(asked(browser, case, MONDAY + timedelta(days=2))).text
    monday = Sheet(asked(browser, case, MONDAY)).text
    assert "Made on Monday." not in monday and "Support referral" in monday


def test_first_look_asks_for_the_day(as_user: Any, force: Force, case: Case) -> None:
    page = as_user(force.investigator).get(f"/cases/{case.reference}/as-at/")
    assert page.status_code == 200 and "There is a problem" not in page.content.decode()


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({"day_day": "", "day_month": "", "day_year": ""}, "Enter the day"),
        (
            forms.date_boxes("day", MONDAY - timedelta(days=1)),
            "The case was logged on 2 November 2026. Enter that day or a later one.",
        ),
        (forms.date_boxes("day", MONDAY + timedelta(days=2)), "That day has not come yet. Enter today or an earlier day."),
        ({"day_day": "31", "day_month": "2", "day_year": "2026"}, "Enter a real date"),
        ({"day_day": "\x00", "day_month": "11", "day_year": "2026"}, "Enter a real date"),
    ],
)
def test_wrong_day_is_refused_beside_its_boxes(
    as_user: Any, force: Force, case: Case, boxes: dict[str, str], sentence: str
) -> None:
    response = as_user(force.investigator).get(f"/cases/{case.reference}/as-at/", boxes)
    sheet = Sheet(response)
    assert response.status_code == 422 and sentence in sheet.summary
    assert sheet.values["day_year"] == [boxes["day_year"]]


def test_time_limit_that_was_void_is_not_listed(as_user: Any, force: Force, case: Case) -> None:
    (arrest,) = operations.record_event(
        case, actor=actor(force.investigator), kind=EventKind.SUSPECT_ARRESTED, at=at(MONDAY, 12), text="Arrested."
    )
    operations.strike_event(arrest, actor=actor(force.investigator), because="Another suspect.")
    with building():
        found = case_as_at(Case.unguarded.get(pk=case.pk), end_of(MONDAY + timedelta(days=1)))
    assert [one.state for one in found.limits if one.limit.started_by_id == arrest.pk] == [LimitState.VOID]
