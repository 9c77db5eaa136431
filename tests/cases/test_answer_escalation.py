"""What nobody acted on in time comes to the role that the rule names, on its day, and somebody says what will happen now."""

from datetime import date, timedelta

import pytest
from django.core import mail

from cases import operations
from cases.enums import EventKind, MessageKind, ReminderStage
from cases.models import Action, Case, EscalationAnswer, Event, Message, Reminder, Review, TimeLimit
from cases.operations.reminders import send_reminders
from people.roles import Role
from tests import worlds
from tests.covers import cover
from tests.worlds import MONDAY, Force, actor, at, building, enrol, set_clock

ANSWER = "DC Invented tells V1 today, and I check at four."


@pytest.fixture
def referral(case: Case) -> TimeLimit:
    """Due on Wednesday 4 November, two working days after the report; the sergeant hears on the next working day."""
    with building():
        return TimeLimit.unguarded.select_related("case").get(case=case, rule__code="SUPPORT_REFERRAL")


def use(login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "LOGIN", login)


def sweep(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 9) -> None:
    use("rasso_worker", monkeypatch)
    set_clock(at(day, hour))
    send_reminders()
    use("rasso_web", monkeypatch)
    set_clock(at(day, hour))


def told(thing) -> set[tuple[str, str]]:  # type: ignore[no-untyped-def]
    with building():
        return set(Reminder.unguarded.filter(about_id=thing.pk).values_list("owner__username", "stage"))


def test_late_time_limit_is_told_to_its_officer_and_then_to_the_sergeant(monkeypatch, force: Force, referral) -> None:
    day_before, late, escalated = (referral.due_on + timedelta(days=days) for days in (-1, 1, 1))
    sweep(monkeypatch, day_before)
    assert told(referral) == {("investigator", ReminderStage.COMING)}
    sweep(monkeypatch, referral.due_on)
    sweep(monkeypatch, escalated)
    assert late == referral.escalates_on
    assert told(referral) == {
        ("investigator", ReminderStage.COMING),
        ("investigator", ReminderStage.DUE),
        ("investigator", ReminderStage.LATE),
        ("sergeant", ReminderStage.ESCALATED),
    }
    assert [message.body.splitlines()[0] for message in mail.outbox if "escalated" in message.body] == ["1 escalated to you"]


def test_limit_of_an_officer_who_has_left_is_told_to_the_sergeant(monkeypatch, force: Force, referral) -> None:
    with building():
        type(force.investigator).objects.filter(pk=force.investigator.pk).update(is_active=False)
    sweep(monkeypatch, referral.due_on)
    assert told(referral) == {("sergeant", ReminderStage.DUE)}


def test_limit_that_was_met_is_told_to_nobody(monkeypatch, force: Force, referral) -> None:
    set_clock(at(MONDAY, 12))
    operations.record_event(
        referral.case,
        actor=actor(force.investigator),
        kind=EventKind.SUPPORT_REFERRED,
        subject="V1",
        at=at(MONDAY, 11),
        text="Made.",
    )
    sweep(monkeypatch, referral.due_on + timedelta(days=5))
    assert told(referral) == set()


def test_late_action_is_told_to_its_owner_then_up(monkeypatch, force: Force, case: Case) -> None:
    set_clock(at(MONDAY, 12))
    due = MONDAY + timedelta(days=4)
    action = operations.give_action(
        case,
        actor=actor(force.sergeant),
        what="See the neighbour",
        owner_id=force.investigator.pk,
        due_on=due,
        look_again_on=due,
    )
    for days in range(12):
        sweep(monkeypatch, due + timedelta(days=days))
    assert told(action) == {
        ("investigator", ReminderStage.DUE),
        ("investigator", ReminderStage.LATE),
        ("sergeant", ReminderStage.ESCALATED),
        ("inspector", ReminderStage.ESCALATED_FURTHER),
    }
    with building():
        days_told = dict(Reminder.unguarded.filter(about_id=action.pk).values_list("stage", "made_on"))
    # Due on a Friday: the sergeant hears after one working day, the inspector after five.
    assert days_told[ReminderStage.ESCALATED] == due + timedelta(days=3)
    assert days_told[ReminderStage.ESCALATED_FURTHER] == due + timedelta(days=7)


def test_supervisor_finds_it_at_home_answers_and_hears_no_more(as_user, monkeypatch, force: Force, referral) -> None:
    late = referral.due_on + timedelta(days=1)
    set_clock(at(late, 6))
    address = f"/cases/{referral.case.reference}/escalations/{referral.pk}/"
    browser = as_user(force.sergeant)
    assert address in browser.get("/home/").content.decode()
    sweep(monkeypatch, late, 6)
    empty = browser.post(address, {"text": ""})
    assert empty.status_code == 422 and "Say what will happen now" in empty.content.decode()
    assert browser.post(address, {"text": ANSWER}).status_code == 302
    with building():
        (answer,) = EscalationAnswer.unguarded.all()
        entry = Event.unguarded.get(kind=EventKind.ESCALATION_ANSWERED)
    assert (answer.text, answer.by, answer.stage) == (ANSWER, force.sergeant, ReminderStage.ESCALATED)
    assert ANSWER in entry.text and entry.subject == "V1"
    assert "answered" in browser.get("/home/").content.decode()
    sweep(monkeypatch, late)
    with building():
        message = Message.unguarded.get(kind=MessageKind.ESCALATION, owner=force.sergeant, reminder__about_id=referral.pk)
    assert message.dropped_at is not None, "somebody has said what they will do"


def test_nobody_answers_before_it_has_come_to_them(as_user, force: Force, case: Case, referral) -> None:
    set_clock(at(referral.due_on))
    address = f"/cases/{case.reference}/escalations/{referral.pk}/"
    page = as_user(force.sergeant).post(address, {"text": ANSWER})
    assert page.status_code == 409
    assert "not escalated to you" in page.content.decode()
    assert as_user(force.investigator).get(address).status_code == 403
    assert as_user(force.other_sergeant).get(address).status_code == 404
    with building():
        assert not EscalationAnswer.unguarded.exists()


def test_nobody_answers_for_their_own_action(as_user, force: Force, case: Case) -> None:
    set_clock(at(MONDAY, 12))
    action = operations.give_action(
        case,
        actor=actor(force.sergeant),
        what="See the neighbour",
        owner_id=force.investigator.pk,
        due_on=MONDAY + timedelta(days=1),
        look_again_on=MONDAY + timedelta(days=1),
    )
    with building():
        Action.unguarded.filter(pk=action.pk).update(owner=force.sergeant)
    set_clock(at(MONDAY + timedelta(days=3)))
    page = as_user(force.sergeant).post(f"/cases/{case.reference}/escalations/{action.pk}/", {"text": ANSWER})
    assert page.status_code == 409
    assert "This action is yours" in page.content.decode()


def test_superintendent_who_cannot_complete_a_review_answers_for_it(as_user, force: Force, case: Case) -> None:
    set_clock(at(MONDAY + timedelta(days=28)))
    with building():
        late = Review.unguarded.get(case=case, number=1)
    browser = as_user(force.superintendent)
    address = f"/cases/{case.reference}/escalations/{late.pk}/"
    page = browser.get(address).content.decode()
    assert "14-day review" in page and "Detective Superintendent" in page
    assert browser.post(address, {"text": ANSWER}).status_code == 302
    assert ANSWER in browser.get(f"/cases/{case.reference}/chronology/").content.decode()


def test_supervisor_who_covers_for_the_officer_is_not_told_of_the_review(monkeypatch, force: Force, case: Case) -> None:
    """They could not complete it; the inspector hears of it at once."""
    set_clock(at(MONDAY, 12))
    with building():
        late = Review.unguarded.get(case=case, number=1)
    cover(force.investigator, force.sergeant, late.due_on, by=force.inspector)
    sweep(monkeypatch, late.due_on)
    assert told(late) == {("inspector", ReminderStage.DUE)}


def test_who_covers_for_somebody_is_told_of_their_limits_and_one_hop_further_nobody(monkeypatch, force: Force, referral) -> None:
    cover(force.investigator, force.other_investigator, referral.due_on, by=force.inspector)
    with building():
        third = enrol("third_investigator", force.police, [Role.INVESTIGATOR], force.other_unit)
    cover(force.other_investigator, third, referral.due_on, by=force.inspector)
    sweep(monkeypatch, referral.due_on)
    assert told(referral) == {("other_investigator", ReminderStage.DUE)}
