"""Who is told that a review is due or late, when, how often, and in which words."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.utils import timezone

from cases.enums import ReminderStage
from cases.models import CaseConnection, Heartbeat, ImportRow, Message, Reminder, Review
from cases.notifications import send_message
from cases.operations import reminders
from cases.operations.reminders import Reminded, send_reminders
from kit.binding import as_worker, bound_to
from kit.refusal import Blocked
from people.models import Membership, RoleAssignment, User
from people.roles import Role
from tests import worlds
from tests.cases import trackers
from tests.cases.open_reviews import complete, open_review
from tests.worlds import Force, at, building, enrol, set_clock

MONDAY = date(2026, 12, 7)
FRIDAY = MONDAY - timedelta(days=3)
DUE, LATE, ESCALATED = ReminderStage.DUE, ReminderStage.LATE, ReminderStage.ESCALATED


@pytest.fixture(autouse=True)
def on_a_monday_as_the_worker(monkeypatch: pytest.MonkeyPatch, force: Force) -> None:
    """Everything here happens with the worker's own login, on a Monday at nine."""
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    set_clock(at(MONDAY))


def told() -> set[tuple[str, str]]:
    """Who has which line."""
    with building():
        return set(Reminder.unguarded.values_list("owner__username", "stage"))


def digests(**filters: object) -> list[Message]:
    with building():
        return list(Message.unguarded.filter(**filters).order_by("local_date", "owner"))


def let_lease_end() -> None:
    with building():
        Message.unguarded.exclude(leased_until=None).update(leased_until=timezone.now() - timedelta(seconds=1))


# Who and when ----------------------------------------------------------------------------------------------------------


def test_review_due_today_is_told_to_the_sergeant_of_its_unit(force: Force) -> None:
    open_review(force, MONDAY)
    assert send_reminders().made == 1
    assert told() == {("sergeant", DUE)}


def test_review_due_tomorrow_is_not_told_today(force: Force) -> None:
    open_review(force, MONDAY + timedelta(days=1))
    assert send_reminders() == Reminded(0)


def test_review_due_on_a_day_without_work_is_told_on_the_working_day_before(force: Force) -> None:
    open_review(force, MONDAY - timedelta(days=1), remind_on=FRIDAY)
    set_clock(at(FRIDAY - timedelta(days=1)))
    assert send_reminders().made == 0
    set_clock(at(FRIDAY))
    assert send_reminders().made == 1
    assert told() == {("sergeant", DUE)}


def test_review_is_late_from_the_day_after(force: Force) -> None:
    open_review(force, MONDAY)
    send_reminders()
    set_clock(at(MONDAY + timedelta(days=1), 0, 1))
    assert send_reminders().made == 1
    assert told() == {("sergeant", DUE), ("sergeant", LATE)}


def test_after_days_of_silence_each_hears_only_of_the_present_stage(force: Force) -> None:
    open_review(force, MONDAY - timedelta(days=3))
    assert send_reminders().made == 2
    assert told() == {("sergeant", LATE), ("inspector", ESCALATED)}


def test_second_sweep_adds_nothing(force: Force) -> None:
    open_review(force, MONDAY)
    send_reminders()
    assert send_reminders() == Reminded(0)
    assert len(digests()) == 1


def test_review_put_to_another_date_is_told_again(force: Force) -> None:
    review = open_review(force, MONDAY)
    send_reminders()
    tuesday = MONDAY + timedelta(days=1)
    with building():
        Review.unguarded.filter(pk=review.pk).update(due_on=tuesday, remind_on=tuesday, warn_on=tuesday)
    set_clock(at(tuesday))
    assert send_reminders().made == 1


def test_completed_review_is_told_to_nobody(force: Force) -> None:
    complete(open_review(force, MONDAY), force.sergeant)
    assert send_reminders() == Reminded(0)


def test_inspectors_review_is_told_to_the_inspector(force: Force) -> None:
    open_review(force, MONDAY, lowest_role=Role.INSPECTOR)
    send_reminders()
    assert told() == {("inspector", DUE)}


def test_officer_in_the_case_is_not_told_even_if_a_sergeant(force: Force) -> None:
    open_review(force, MONDAY, officer=force.sergeant)
    send_reminders()
    assert told() == {("inspector", DUE)}


def test_every_sergeant_of_the_unit_is_told_and_none_of_another(force: Force) -> None:
    with building():
        enrol("second_sergeant", force.police, [Role.SERGEANT], force.unit)
    open_review(force, MONDAY)
    assert send_reminders().made == 2
    assert told() == {("sergeant", DUE), ("second_sergeant", DUE)}


def leaves(force: Force) -> None:
    User.objects.filter(pk=force.sergeant.pk).update(is_active=False)


def loses_the_role(force: Force) -> None:
    RoleAssignment.objects.filter(user=force.sergeant).update(ends_on=MONDAY - timedelta(days=1))


def moves_to_another_unit(force: Force) -> None:
    Membership.objects.filter(user=force.sergeant).update(ends_on=MONDAY - timedelta(days=1))


@pytest.mark.parametrize("happens", [leaves, loses_the_role, moves_to_another_unit])
def test_without_a_sergeant_the_next_one_up_is_told(force: Force, happens) -> None:  # type: ignore[no-untyped-def]
    open_review(force, MONDAY)
    with building():
        happens(force)
    send_reminders()
    assert told() == {("inspector", DUE)}


def test_line_of_somebody_who_left_is_made_again_for_who_follows(force: Force) -> None:
    open_review(force, MONDAY)
    send_reminders()
    with building():
        leaves(force)
    send_reminders()
    assert told() == {("sergeant", DUE), ("inspector", DUE)}


def test_somebody_connected_with_the_case_is_not_told(force: Force) -> None:
    review, other = open_review(force, MONDAY), open_review(force, MONDAY)
    with building():
        CaseConnection.unguarded.bulk_create(
            [CaseConnection(case=review.case, user=force.sergeant, said_by=force.sergeant, said_at=timezone.now())]
        )
    send_reminders()
    with building():
        lines = set(Reminder.unguarded.values_list("about_id", "owner__username"))
    assert lines == {(review.pk, "inspector"), (other.pk, "sergeant")}


def test_restricted_case_is_told_only_to_who_is_named_on_it_and_may_sign(force: Force) -> None:
    open_review(force, MONDAY, restricted=True, named=(force.other_sergeant, force.inspector, force.other_investigator))
    send_reminders()
    assert told() == {("other_sergeant", DUE)}


def test_restricted_case_is_not_told_to_its_officer(force: Force) -> None:
    open_review(force, MONDAY, restricted=True, officer=force.sergeant, named=(force.sergeant, force.inspector))
    send_reminders()
    assert told() == {("inspector", DUE)}


def test_restricted_case_with_nobody_named_is_told_only_to_the_superintendent(force: Force) -> None:
    """Not of the review: that there is such a case, without a word of it, so that they name somebody."""
    case = open_review(force, MONDAY, restricted=True).case
    done = send_reminders()
    assert (done.made, done.sent, told()) == (0, 1, set())
    (message,) = mail.outbox
    assert message.to == [force.superintendent.email]
    assert case.reference not in message.subject + message.body


@pytest.mark.parametrize(
    ("moment", "made"),
    [
        # In summer Jersey is an hour ahead of UTC: its day begins at 23:00 UTC of the day before.
        (at(date(2026, 7, 1), 23, 30), 0),
        (at(date(2026, 7, 2), 0, 30), 1),
        (at(date(2026, 7, 2), 23, 30), 1),
    ],
)
def test_days_are_those_of_the_force(force: Force, moment: datetime, made: int) -> None:
    open_review(force, date(2026, 7, 2))
    set_clock(moment)
    assert send_reminders().made == made
    assert told() == ({("sergeant", DUE)} if made else set())


# The message of the day -----------------------------------------------------------------------------------------------


def test_message_says_how_many_and_where_and_nothing_else(force: Force, settings) -> None:  # type: ignore[no-untyped-def]
    settings.PUBLIC_ADDRESS = "https://rasso.example"
    open_review(force, MONDAY - timedelta(days=1))
    for _ in range(3):
        open_review(force, MONDAY)
    assert send_reminders() == Reminded(4, sent=1)
    (message,) = mail.outbox
    (digest,) = digests()
    assert message.to == ["sergeant@example.invalid"]
    assert message.subject == "Work that waits for you"
    assert message.body == "1 late, 3 due\n\nhttps://rasso.example/home/\n"
    assert message.message()["Message-ID"] == f"<{digest.pk}@rasso.example>"
    assert digest.sent_at == at(MONDAY)


def test_message_waits_for_the_hour_of_the_unit(force: Force) -> None:
    with building():
        force.unit.digest_hour = 14
        force.unit.save()
    open_review(force, MONDAY)
    assert send_reminders() == Reminded(1)
    set_clock(at(MONDAY, 13, 59))
    assert send_reminders() == Reminded(0)
    set_clock(at(MONDAY, 14, 0))
    assert send_reminders() == Reminded(0, sent=1)


def test_message_leaves_out_what_was_completed_meanwhile(force: Force) -> None:
    reviews = [open_review(force, MONDAY) for _ in range(3)]
    set_clock(at(MONDAY, 6))
    send_reminders()
    complete(reviews[0], force.inspector)
    set_clock(at(MONDAY, 7))
    send_reminders()
    assert mail.outbox[0].body.startswith("2 due\n")


def test_message_that_has_nothing_left_to_say_is_dropped(force: Force) -> None:
    review = open_review(force, MONDAY)
    set_clock(at(MONDAY, 6))
    send_reminders()
    complete(review, force.inspector)
    set_clock(at(MONDAY, 7))
    assert send_reminders() == Reminded(0, dropped=1)
    assert not mail.outbox
    assert send_reminders() == Reminded(0)


@pytest.mark.parametrize("happens", [leaves, loses_the_role, moves_to_another_unit])
def test_message_to_somebody_who_no_longer_signs_is_dropped(force: Force, happens) -> None:  # type: ignore[no-untyped-def]
    open_review(force, MONDAY)
    set_clock(at(MONDAY, 6))
    send_reminders()
    with building():
        happens(force)
    set_clock(at(MONDAY, 7))
    assert send_reminders() == Reminded(1, sent=1, dropped=1)
    assert [message.to for message in mail.outbox] == [["inspector@example.invalid"]]


def test_one_message_a_day_and_what_comes_later_is_told_tomorrow(force: Force) -> None:
    open_review(force, MONDAY - timedelta(days=1))
    assert send_reminders().sent == 1
    open_review(force, MONDAY - timedelta(days=1))
    assert send_reminders() == Reminded(1)
    set_clock(at(MONDAY + timedelta(days=1)))
    assert send_reminders() == Reminded(0, sent=1)
    assert mail.outbox[1].body.startswith("2 late\n")


def test_day_without_anything_new_brings_no_message(force: Force) -> None:
    open_review(force, MONDAY - timedelta(days=1))
    send_reminders()
    set_clock(at(MONDAY + timedelta(days=1)))
    assert send_reminders() == Reminded(0)


def test_undelivered_message_gives_way_to_todays(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    open_review(force, MONDAY)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "send_message", refuse)
        assert send_reminders().failed == 1
    let_lease_end()
    set_clock(at(MONDAY + timedelta(days=2)))
    assert send_reminders() == Reminded(1, sent=1)
    assert mail.outbox[0].body.startswith("1 late\n")
    old, new = digests()
    assert (old.sent_at, old.dropped_at is not None, new.sent_at is not None) == (None, True, True)


def test_undelivered_message_whose_turn_comes_while_todays_is_sent_stays_unsent(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_review(force, MONDAY)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "send_message", refuse)
        send_reminders()
    set_clock(at(MONDAY + timedelta(days=1)))

    def send_meanwhile(*words: Any, **numbers: Any) -> None:
        let_lease_end()
        send_message(*words, **numbers)

    monkeypatch.setattr(reminders, "send_message", send_meanwhile)
    assert send_reminders() == Reminded(1, sent=1)
    assert len(mail.outbox) == 1


def refuse(*_: object, **__: object) -> None:
    raise OSError("no mail server")


def test_message_that_cannot_be_sent_is_tried_five_times_then_stands_as_failed(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_review(force, MONDAY)
    monkeypatch.setattr(reminders, "send_message", refuse)
    for attempt in range(1, 6):
        assert send_reminders().failed == 1, attempt
        assert send_reminders().failed == 0, "it waits before the next attempt"
        let_lease_end()
    assert send_reminders() == Reminded(0)
    (digest,) = digests()
    assert (digest.attempts, digest.sent_at, digest.dropped_at) == (Message.MOST_ATTEMPTS, None, None)


def test_after_a_failed_day_the_next_starts_anew_and_the_failure_stays(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    open_review(force, MONDAY - timedelta(days=1))
    send_reminders()
    with building():
        Message.unguarded.update(sent_at=None, attempts=Message.MOST_ATTEMPTS)
    let_lease_end()
    set_clock(at(MONDAY + timedelta(days=1)))
    assert send_reminders() == Reminded(0, sent=1)
    failed, sent = digests()
    assert (failed.sent_at, failed.dropped_at) == (None, None)
    assert sent.sent_at is not None


def test_bad_address_does_not_hold_up_the_others(force: Force) -> None:
    with building():
        enrol("second_sergeant", force.police, [Role.SERGEANT], force.unit)
        User.objects.filter(pk=force.sergeant.pk).update(email="sergeant@example.invalid\nBcc: all@example.invalid")
    open_review(force, MONDAY)
    done = send_reminders()
    assert (done.sent, done.failed) == (1, 1)


def test_message_to_somebody_without_an_address_is_dropped_and_never_fails(force: Force) -> None:
    with building():
        User.objects.filter(pk=force.sergeant.pk).update(email="")
    open_review(force, MONDAY)
    assert send_reminders() == Reminded(1, dropped=1)
    assert send_reminders() == Reminded(0)
    with building():
        (message,) = Message.unguarded.all()
    assert (message.attempts, message.last_error) == (1, "") and message.dropped_at is not None


def test_message_whose_sender_died_is_sent_when_the_lease_ends(force: Force) -> None:
    open_review(force, MONDAY)
    send_and_die()
    assert send_reminders() == Reminded(0), "somebody has it"
    let_lease_end()
    assert send_reminders() == Reminded(0, sent=1)


def send_and_die() -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "send_message", die)
        with pytest.raises(KeyboardInterrupt):
            send_reminders()


# As of another moment -------------------------------------------------------------------------------------------------


def test_command_does_the_same_without_a_broker(force: Force, capsys: pytest.CaptureFixture[str]) -> None:
    open_review(force, MONDAY)
    call_command("send_reminders")
    assert capsys.readouterr().out == "1 reminder made, 1 message sent, 0 had nothing left to say, 0 failed.\n"


def test_command_looks_ahead_in_the_demonstration(force: Force) -> None:
    open_review(force, MONDAY)
    set_clock(at(FRIDAY))
    call_command("send_reminders", "--now", "2026-12-07T09:00", verbosity=0)
    assert told() == {("sergeant", DUE)}
    assert mail.outbox[0].body.startswith("1 due\n")


def test_looking_ahead_then_back_adds_nothing(force: Force) -> None:
    open_review(force, MONDAY)
    send_reminders(as_of=at(MONDAY + timedelta(days=14)))
    ahead = {("sergeant", LATE), ("inspector", ESCALATED)}
    assert told() == ahead
    send_reminders(as_of=at(MONDAY + timedelta(days=14)))
    send_reminders()
    assert told() == {*ahead, ("sergeant", DUE)}
    with building():
        assert Reminder.unguarded.count() == 3


def test_production_does_not_look_ahead(force: Force, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEMONSTRATION = False
    open_review(force, MONDAY)
    set_clock(at(FRIDAY))
    with pytest.raises(Blocked):
        send_reminders(as_of=at(MONDAY))
    with pytest.raises(CommandError, match="Choose a moment that has passed"):
        call_command("send_reminders", "--now", "2026-12-07T09:00")
    assert send_reminders(as_of=at(FRIDAY, 8)) == Reminded(0)


def test_command_refuses_what_is_no_moment() -> None:
    with pytest.raises(CommandError, match="“tomorrow” is not a moment"):
        call_command("send_reminders", "--now", "tomorrow")


# What the worker may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        "cases_case",
        "cases_review",
        "cases_victim",
        "cases_suspect",
        "cases_person",
        "cases_event",
        "cases_reminder",
        "people_user",
    ],
)
def test_worker_reads_no_name_and_no_case(force: Force, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=f"permission denied for table {table}"),
        as_worker(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT 1 FROM {table}")


def test_worker_changes_of_a_message_only_how_far_it_got(force: Force) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied for table cases_message"),
        as_worker(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_message SET owner_id = owner_id")


def test_worker_cannot_become_police() -> None:
    with pytest.raises(ProgrammingError, match="permission denied to set role"), connection.cursor() as cursor:
        cursor.execute("SET ROLE rasso_police")


def test_web_server_cannot_make_reminders(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "LOGIN", "rasso_web")
    set_clock(at(MONDAY))
    with (
        pytest.raises(ProgrammingError, match="permission denied for function sweep"),
        bound_to(force.sergeant.pk, "police", may_write=True),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT rasso.sweep()")


def test_sweep_says_that_it_came_to_its_end(force: Force) -> None:
    before = timezone.now()
    send_reminders()
    with building():
        beats = {beat.job: beat for beat in Heartbeat.objects.exclude(job="seals")}
    assert set(beats) == {"reminders", "whole sweep", "messages"}
    assert all(beat.at >= before and not beat.last_error for beat in beats.values())


def test_sweep_erases_what_stood_in_a_tracker_a_month_ago(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as web:
        web.setattr(worlds, "LOGIN", "rasso_web")
        set_clock(at(MONDAY))
        run = trackers.staged(force.inspector, [trackers.row()])
    for days, erased in ((29, False), (31, True)):
        set_clock(at(MONDAY + timedelta(days=days)))
        send_reminders()
        with building():
            assert (ImportRow.unguarded.get(run=run).cells == []) is erased
