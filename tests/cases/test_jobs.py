"""The administrator's page of jobs and messages, and what everybody sees when the clock has stopped."""

from datetime import date, datetime, timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from cases.models import Heartbeat, Message
from cases.operations import reminders
from kit.binding import bound_to
from people.models import RoleAssignment, User
from people.roles import Role
from tests import databases, worlds
from tests.cases.open_reviews import open_review
from tests.worlds import MONDAY, Force, at, building, set_clock

STOPPED = "Reminders have stopped"


def administrator(force: Force):  # type: ignore[no-untyped-def]
    return force.user(Role.ADMINISTRATOR)


def page(as_user, user) -> str:  # type: ignore[no-untyped-def]
    return as_user(user).get("/jobs/").content.decode()


def given_up(force: Force) -> Message:
    with building():
        (message,) = Message.unguarded.bulk_create(
            [Message(owner=force.sergeant, local_date=MONDAY, send_after=at(MONDAY), attempts=5, last_error="SMTPDataError")]
        )
    return message


def test_message_that_was_given_up_stands_there_and_is_tried_again(as_user, force: Force) -> None:
    message = given_up(force)
    shown = page(as_user, administrator(force))
    assert force.sergeant.called in shown and "The mail server refused the message" in shown
    answer = as_user(administrator(force)).post(f"/jobs/messages/{message.pk}/try-again/", follow=True)
    assert "It is tried again within a few minutes." in answer.content.decode()
    assert "The mail server refused" not in page(as_user, administrator(force))
    with building():
        message.refresh_from_db()
    assert (message.attempts, message.leased_until) == (0, None)
    again = as_user(administrator(force)).post(f"/jobs/messages/{message.pk}/try-again/", follow=True)
    assert "Nothing more to do." in again.content.decode()


def test_nobody_else_sees_it_or_has_it_tried_again(as_user, force: Force) -> None:
    message = given_up(force)
    for user in (force.inspector, force.investigator):
        assert as_user(user).get("/jobs/").status_code == 404
        assert as_user(user).post(f"/jobs/messages/{message.pk}/try-again/").status_code == 404
    with (
        pytest.raises(ProgrammingError, match="only an administrator has a message tried again"),
        bound_to(force.inspector.pk, "police", may_write=True),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT rasso.try_message_again(%s)", [message.pk])


def test_run_that_broke_off_says_so_without_its_words(as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    with building():
        Heartbeat.objects.filter(job="reminders").update(at=timezone.now() - timedelta(minutes=1))
        Heartbeat.objects.filter(job="reminders").update(failed_at=timezone.now(), last_error="OperationalError")
    shown = page(as_user, administrator(force))
    assert "OperationalError" in shown and "It has not run since" in shown


def test_unit_where_nobody_completes_reviews_is_named(as_user, force: Force) -> None:
    open_review(force, date(2026, 12, 7))
    assert "Every unit with open cases has somebody" in page(as_user, administrator(force))
    with building():
        RoleAssignment.objects.filter(role__in=(Role.SERGEANT, Role.INSPECTOR)).update(ends_on=MONDAY - timedelta(days=1))
    assert f"{force.unit.name}: no Detective Inspector" in page(as_user, administrator(force))


def test_people_without_an_address_are_named_once(as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    heading = "People who are told of things but have no email address"
    assert heading not in page(as_user, administrator(force))
    with building():
        User.objects.filter(pk__in=(force.sergeant.pk, administrator(force).pk)).update(email="")
    shown = page(as_user, administrator(force)).split(heading)[1]
    # An administrator is told of nothing, so lacks nothing.
    assert f"/people/{force.sergeant.pk}/" in shown and f"/people/{administrator(force).pk}/" not in shown


def last_made(moment: datetime | None) -> None:
    with building():
        if moment is None:
            Heartbeat.objects.all().delete()
        else:
            Heartbeat.objects.filter(job="reminders").update(at=moment)


@pytest.mark.parametrize(
    ("minutes", "stopped"), [(14, False), (16, True), (None, True)], ids=["a tick ago", "too long ago", "never"]
)
def test_everybody_in_the_police_sees_that_the_clock_has_stopped(as_user, force: Force, minutes, stopped) -> None:  # type: ignore[no-untyped-def]
    last_made(None if minutes is None else timezone.now() - timedelta(minutes=minutes))
    for user in (force.investigator, force.sergeant, administrator(force)):
        assert (STOPPED in as_user(user).get("/home/").content.decode()) is stopped
    assert STOPPED not in as_user(force.user(Role.PROSECUTOR)).get("/home/").content.decode()


def test_load_balancer_hears_that_it_is_degraded_and_keeps_the_site_up(client, force: Force, empty_of_beats: str) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/health/ready").json() == {"status": "ok"}
    # It asks by a connection of its own, so the row is taken away in the database of this worker, and put back.
    with psycopg.connect(empty_of_beats, autocommit=True) as admin:
        (at_first,) = admin.execute("SELECT at FROM cases_heartbeat WHERE job = 'reminders'").fetchone() or (None,)
        admin.execute("UPDATE cases_heartbeat SET at = clock_timestamp() - interval '16 minutes' WHERE job = 'reminders'")
        try:
            answer = client.get("/health/ready")
        finally:
            admin.execute("UPDATE cases_heartbeat SET at = %s WHERE job = 'reminders'", [at_first])
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "reminders": "late"})


@pytest.fixture
def empty_of_beats() -> str:
    """The administrator's address of this worker's database, in which this test has changed no beat yet."""
    return databases.admin_url(str(connection.settings_dict["NAME"]))


def test_broken_off_run_is_written_down(force: Force, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    set_clock(at(MONDAY))
    reminders.broke_off(OSError("smtp.internal refused detective@example.invalid"))
    with building():
        beat = Heartbeat.objects.get(job="reminders")
    assert beat.last_error == "OSError"


def test_administrators_home_says_what_does_not_run_and_nothing_where_all_runs(as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    def home() -> str:
        return as_user(administrator(force)).get("/home/").content.decode()

    with building():
        for job in ("reminders", "whole sweep", "messages"):
            Heartbeat.objects.update_or_create(job=job, defaults={"at": timezone.now(), "failed_at": None})
    assert "Jobs and messages need you" not in home()
    given_up(force)
    with building():
        Heartbeat.objects.filter(job="whole sweep").update(failed_at=timezone.now() + timedelta(seconds=1))
        Heartbeat.objects.filter(job="messages").update(at=timezone.now() - timedelta(hours=2))
    shown = home()
    assert "Jobs and messages need you" in shown and 'href="/jobs/">See jobs and messages</a>' in shown
    assert "1 message could not be sent" in shown
    assert "Full check of who is told: its last run failed " in shown and "Messages: has not run since " in shown
    assert "Reminders: " not in shown
    assert "need you" not in as_user(force.inspector).get("/home/").content.decode()
