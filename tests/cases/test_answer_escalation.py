"""What nobody acted on in time comes to the role that the rule names, on its day, and somebody says what will happen now."""

from datetime import date, timedelta

import pytest
from django.core import mail

from cases import operations
from cases.enums import EventKind, MessageKind, ReminderStage, Suspension
from cases.models import Action, Case, EscalationAnswer, Event, Message, Reminder, Review, TimeLimit
from cases.operations.reminders import send_reminders
from people.models import RoleAssignment
from people.roles import Role
from tests import worlds
from tests.cases.open_reviews import open_review
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
    assert "or it is your own work" in page.content.decode()


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


# Whoever is told may answer, and nobody else --------------------------------------------------------------------------------


def test_sergeant_silences_nothing_that_has_gone_on_to_the_inspector(as_user, monkeypatch, force: Force, case: Case) -> None:
    set_clock(at(MONDAY, 12))
    due = MONDAY + timedelta(days=4)
    action = operations.give_action(
        case, actor=actor(force.sergeant), what="See her", owner_id=force.investigator.pk, due_on=due, look_again_on=due
    )
    set_clock(at(due + timedelta(days=7), 6))
    address = f"/cases/{case.reference}/escalations/{action.pk}/"
    page = as_user(force.sergeant).post(address, {"text": ANSWER})
    assert page.status_code == 409 and "it has gone on to the Detective Inspector" in page.content.decode()
    assert "gone on to the Detective Inspector" in as_user(force.sergeant).get("/home/").content.decode()
    assert as_user(force.inspector).post(address, {"text": ANSWER}).status_code == 302
    with building():
        assert [answer.stage for answer in EscalationAnswer.unguarded.all()] == [ReminderStage.ESCALATED_FURTHER]


def test_without_a_sergeant_the_inspector_who_is_told_finds_it_and_answers(as_user, monkeypatch, force: Force, referral) -> None:
    with building():
        type(force.sergeant).objects.filter(pk=force.sergeant.pk).update(is_active=False)
    late = referral.due_on + timedelta(days=1)
    sweep(monkeypatch, late)
    assert ("inspector", ReminderStage.ESCALATED) in told(referral)
    browser = as_user(force.inspector)
    address = f"/cases/{referral.case.reference}/escalations/{referral.pk}/"
    assert address in browser.get("/home/").content.decode()
    assert browser.post(address, {"text": ANSWER}).status_code == 302


def test_where_nobody_is_free_to_act_the_superintendent_hears_of_the_unit_and_of_no_case(
    as_user, monkeypatch, force: Force, referral
) -> None:
    with building():
        for user in (force.sergeant, force.inspector):
            type(user).objects.filter(pk=user.pk).update(is_active=False)
    sweep(monkeypatch, referral.due_on + timedelta(days=1))
    assert ("superintendent", ReminderStage.ESCALATED) in told(referral)
    browser = as_user(force.superintendent)
    for page in ("/home/", "/escalations/"):
        shown = browser.get(page).content.decode()
        assert force.unit.name in shown and referral.case.reference not in shown
    assert browser.get(f"/cases/{referral.case.reference}/escalations/{referral.pk}/").status_code == 404


def test_officer_who_no_longer_works_cases_is_not_told(monkeypatch, force: Force, referral) -> None:
    with building():
        RoleAssignment.objects.filter(user=force.investigator).update(ends_on=MONDAY)
    sweep(monkeypatch, referral.due_on)
    assert told(referral) == {("sergeant", ReminderStage.DUE)}


def test_nothing_is_escalated_before_the_quiet_time_of_the_unit_is_over(as_user, monkeypatch, force: Force, referral) -> None:
    over = referral.due_on + timedelta(days=6)
    with building():
        type(force.unit).objects.filter(pk=force.unit.pk).update(quiet_until=over)
    sweep(monkeypatch, over - timedelta(days=1))
    assert told(referral) == {("investigator", ReminderStage.LATE)}
    assert str(referral.pk) not in as_user(force.sergeant).get("/home/").content.decode()
    sweep(monkeypatch, over)
    assert ("sergeant", ReminderStage.ESCALATED) in told(referral)


def test_many_escalations_of_one_morning_come_in_one_message_and_all_stand_on_a_page(as_user, monkeypatch, force: Force) -> None:
    """Six reviews late at once: at the first step the inspector hears."""
    reviews = [open_review(force, MONDAY) for _ in range(12)]
    sweep(monkeypatch, MONDAY + timedelta(days=3))
    to_inspector = [message for message in mail.outbox if message.to == [force.inspector.email]]
    assert [message.body.splitlines()[0] for message in to_inspector] == ["12 escalated to you"]
    browser = as_user(force.inspector)
    assert "See all 12" in browser.get("/home/").content.decode()
    page = browser.get("/escalations/").content.decode()
    assert all(str(review.pk) in page for review in reviews)


def test_suspended_limit_that_nobody_looks_at_again_goes_to_the_inspector(as_user, monkeypatch, force: Force, referral) -> None:
    set_clock(at(MONDAY, 12))
    again = MONDAY + timedelta(days=10)
    operations.suspend_limit(
        referral, actor=actor(force.sergeant), why=Suspension.SAFETY, text="He is in the house.", look_again_on=again
    )
    sweep(monkeypatch, again)
    sweep(monkeypatch, again + timedelta(days=3))
    assert told(referral) == {
        ("sergeant", ReminderStage.DUE),
        ("sergeant", ReminderStage.LATE),
        ("inspector", ReminderStage.ESCALATED),
    }
    assert "Look again at: Support referral" in as_user(force.inspector).get("/home/").content.decode()
