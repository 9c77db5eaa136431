"""Two people at once, really: the right to act is looked at under the lock, and nobody who only reads is held up by it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from cases import operations
from cases.enums import Act, EventKind, ReviewResult
from cases.models import Case, CaseConnection, CaseGrant, Event, Review
from kit.access import NotVisible
from kit.binding import bound_to
from kit.operations import locked_and_allowed
from kit.refusal import Blocked
from people import second_factor
from people.models import User
from tests import databases
from tests.access.asking import BACKEND
from tests.access.sql import ask
from tests.worlds import MONDAY, Force, actor, at, building, log_case, make_force, set_clock

FINDINGS = operations.ReviewFindings(answers={}, own_words="Mine.", directions=(), result=ReviewResult.SATISFACTORY)
PATIENCE = 20


@pytest.fixture(scope="module")
def force(django_db_setup: None, django_db_blocker) -> Iterator[Force]:  # type: ignore[no-untyped-def]
    """The cast in a database of its own, in which everything is committed."""
    settings = connections["default"].settings_dict
    usual, name = settings["NAME"], f"race_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    connections["default"].close()
    settings["NAME"] = name
    try:
        with django_db_blocker.unblock():
            set_clock(at(MONDAY))
            with building():
                made = make_force()
            yield made
    finally:
        connections["default"].close()
        settings["NAME"] = usual
        databases.drop(name)


@pytest.fixture
def case(force: Force) -> Case:
    set_clock(at(MONDAY))
    return log_case(force)


class Somebody(threading.Thread):
    """Does one thing in a thread, with a connection of their own."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.answer, self.raised = act, None, None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self.act()
        except Exception as raised:
            self.raised: Exception | None = raised
        finally:
            connections["default"].close()

    def outcome(self) -> Any:
        """What they got, or were refused with."""
        self.join(PATIENCE)
        assert not self.is_alive(), "still waiting"
        return self.raised or self.answer


@contextmanager
def holding(case: Case, user: User) -> Iterator[None]:
    """As an operation of this user in the middle: the case locked, nothing committed yet."""
    with bound_to(user.pk, user.kind, may_write=True) as bound:
        locked_and_allowed(Case, case.pk, bound.actor, Act.VIEW)
        yield


def wait_for_waiters(number: int = 1) -> None:
    """Until that many connections stand before a lock."""
    with psycopg.connect(databases.admin_url(connection.settings_dict["NAME"]), autocommit=True) as admin:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            (found,) = admin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone() or (0,)
            if found == number:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


def note(case: Case, user: User) -> Callable[[], Any]:
    when: datetime = case.recorded_at
    return lambda: operations.record_event(case, actor=actor(user), kind=EventKind.NOTE, at=when, text="An invented note.")


def notes(case: Case) -> int:
    with building():
        return Event.unguarded.filter(case=case, kind=EventKind.NOTE).count()


def test_grant_that_ends_while_the_act_waits_is_honoured(force: Force, case: Case) -> None:
    with holding(case, force.sergeant):
        officer = Somebody(note(case, force.investigator))
        wait_for_waiters()
        ask("SELECT rasso.allocate_case(%s, %s)", case.pk, force.other_investigator.pk)
    assert isinstance(officer.outcome(), NotVisible)
    assert notes(case) == 0


def test_connection_that_is_said_while_the_act_waits_is_honoured(force: Force, case: Case) -> None:
    with holding(case, force.sergeant):
        officer = Somebody(note(case, force.investigator))
        wait_for_waiters()
        CaseConnection.unguarded.create(case=case, user=force.investigator, said_by=force.sergeant, said_at=case.recorded_at)
    assert isinstance(officer.outcome(), NotVisible)
    assert notes(case) == 0


def test_act_goes_on_when_nothing_changed_while_it_waited(force: Force, case: Case) -> None:
    with holding(case, force.sergeant):
        officer = Somebody(note(case, force.investigator))
        wait_for_waiters()
    assert [type(entry) for entry in officer.outcome()] == [Event]
    assert notes(case) == 1


def test_reader_is_not_held_up_by_an_act(force: Force, case: Case) -> None:
    client = Client()
    client.force_login(force.investigator, backend=BACKEND)
    with holding(case, force.sergeant):
        reader = Somebody(lambda: client.get(f"/cases/{case.reference}/").status_code)
        assert reader.outcome() == 200


def test_rows_that_refer_to_a_locked_case_can_be_written(force: Force, case: Case) -> None:
    """A foreign key's check asks for just this lock; a page must never wait for an act because of one."""
    with holding(case, force.sergeant), psycopg.connect(databases.admin_url(connection.settings_dict["NAME"])) as admin:
        assert admin.execute("SELECT 1 FROM cases_case WHERE id = %s FOR KEY SHARE NOWAIT", [case.pk]).fetchone() == (1,)


def test_of_two_who_complete_a_review_one_is_told(force: Force, case: Case) -> None:
    set_clock(at(MONDAY + timedelta(days=14)))
    with building():
        review = Review.unguarded.get(case=case, number=1)
    with holding(case, force.investigator):
        both = [
            Somebody(lambda user=user: operations.complete_review(review, actor=actor(user), findings=FINDINGS))
            for user in (force.sergeant, force.inspector)
        ]
        wait_for_waiters(2)
    outcomes = [somebody.outcome() for somebody in both]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Blocked", "NoneType"]
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, Blocked))
    assert " was completed at " in told.reasons[0]


def test_of_two_who_strike_an_entry_one_is_told(force: Force, case: Case) -> None:
    (entry,) = note(case, force.investigator)()
    with holding(case, force.investigator):
        both = [
            Somebody(lambda user=user: operations.strike_event(entry, actor=actor(user), because=f"Says {user.pk}."))
            for user in (force.investigator, force.sergeant)
        ]
        wait_for_waiters(2)
    outcomes = [somebody.outcome() for somebody in both]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Blocked", "NoneType"]
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, Blocked))
    assert told.reasons == ("This entry is struck out already.",)
    with building():
        struck = Event.unguarded.get(pk=entry.pk)
        assert struck.struck_because == f"Says {struck.struck_by_id}."
        assert Event.unguarded.filter(case=case, kind=EventKind.ENTRY_STRUCK).count() == 1


def test_of_two_who_allocate_a_case_the_last_one_stands(force: Force, case: Case) -> None:
    with holding(case, force.investigator):
        both = [
            Somebody(lambda officer=officer: operations.allocate_case(case, actor=actor(force.sergeant), officer_id=officer.pk))
            for officer in (force.other_investigator, force.inspector)
        ]
        wait_for_waiters(2)
    for somebody in both:
        somebody.outcome()
    with building():
        (running,) = CaseGrant.unguarded.filter(content_object=case, basis="ASSIGNED", ends_at=None)
        assert Case.unguarded.get(pk=case.pk).officer_id == running.user_id


# Several cases at once --------------------------------------------------------------------------------------------------


def hand_over_both(cases: list[Case], force: Force) -> Callable[[], Any]:
    to = {case.pk: operations.Handing(force.other_investigator.pk, case.version) for case in cases}
    return lambda: operations.hand_over_all(cases, actor=actor(force.sergeant), from_id=force.investigator.pk, to=to)


def officers_of(cases: list[Case]) -> set[int | None]:
    with building():
        return set(Case.unguarded.filter(pk__in=[case.pk for case in cases]).values_list("officer_id", flat=True))


def test_all_of_it_is_refused_when_one_case_is_lost_while_the_act_waits(force: Force, case: Case) -> None:
    cases = [case, log_case(force)]
    with holding(cases[1], force.inspector):
        sergeant = Somebody(hand_over_both(cases, force))
        wait_for_waiters()
        CaseConnection.unguarded.create(case=cases[1], user=force.sergeant, said_by=force.inspector, said_at=case.recorded_at)
    assert isinstance(sergeant.outcome(), NotVisible)
    assert officers_of(cases) == {force.investigator.pk}


def test_all_of_it_is_refused_when_one_case_is_handed_over_while_the_act_waits(force: Force, case: Case) -> None:
    cases = [case, log_case(force)]
    with holding(cases[0], force.inspector):
        sergeant = Somebody(hand_over_both(cases, force))
        wait_for_waiters()
        ask("SELECT rasso.allocate_case(%s, %s)", cases[0].pk, force.inspector.pk)
    outcome = sergeant.outcome()
    assert isinstance(outcome, Blocked)
    assert outcome.reasons == (f"{cases[0].reference}: Somebody else has handed it over meanwhile.",)
    assert officers_of(cases) == {force.inspector.pk, force.investigator.pk}


def test_cases_are_locked_in_the_order_of_their_keys_whatever_the_order_they_are_given_in(force: Force, case: Case) -> None:
    """So that two who hand over the same cases never wait for each other in a circle: whoever has the first gets the others."""
    first, last = sorted([case, log_case(force)], key=lambda one: one.pk)
    with holding(last, force.inspector):
        sergeant = Somebody(hand_over_both([last, first], force))
        wait_for_waiters()
        admin = psycopg.connect(databases.admin_url(connection.settings_dict["NAME"]))
        with admin, pytest.raises(psycopg.errors.LockNotAvailable):
            admin.execute("SELECT 1 FROM cases_case WHERE id = %s FOR NO KEY UPDATE NOWAIT", [first.pk])
    assert sergeant.outcome() is None
    assert officers_of([first, last]) == {force.other_investigator.pk}


def test_of_two_who_hand_over_the_same_cases_one_is_told(force: Force, case: Case) -> None:
    cases = [case, log_case(force)]
    with holding(cases[0], force.inspector):
        both = [Somebody(hand_over_both(order, force)) for order in (cases, cases[::-1])]
        wait_for_waiters(2)
    outcomes = [somebody.outcome() for somebody in both]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Blocked", "NoneType"]
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, Blocked))
    assert set(told.reasons) == {f"{one.reference}: Somebody else has handed it over meanwhile." for one in cases}


def test_nothing_is_locked_for_no_cases_or_for_rows_of_two_kinds(force: Force, case: Case) -> None:
    for rows in ([], [case, force.sergeant]):
        with pytest.raises(ValueError, match="at least one, and all of one kind"):
            operations.hand_over_all(rows, actor=actor(force.sergeant), from_id=force.investigator.pk, to={})


# Codes of the sign-in ---------------------------------------------------------------------------------------------------


def both_at_once(user: User, typed: str, now: datetime) -> list[Any]:
    """Two web servers that are sent one code at the same moment: both stand before the person's row, then go on."""
    with psycopg.connect(databases.admin_url(connection.settings_dict["NAME"])) as admin:
        admin.execute("SELECT 1 FROM people_credential WHERE user_id = %s FOR UPDATE", [user.pk])
        servers = [Somebody(lambda: second_factor.accept_code(user, typed, now)) for _ in range(2)]
        wait_for_waiters(2)
    return sorted((one.outcome() for one in servers), key=lambda found: found is None)


def test_code_is_accepted_by_one_of_two_servers(force: Force) -> None:
    now, secret = timezone.now(), totp.generate_totp_secret()
    earlier = now - timedelta(seconds=second_factor.PERIOD_SECONDS)

    def code(moment: datetime) -> str:
        return totp.format_hotp_value(totp.hotp_value(secret, int(moment.timestamp()) // second_factor.PERIOD_SECONDS))

    assert second_factor.add_app(force.sergeant, secret, code(earlier), now)
    accepted, refused = both_at_once(force.sergeant, code(now), now)
    assert (accepted.type, refused) == ("totp", None)


def test_recovery_code_is_accepted_by_one_of_two_servers(force: Force) -> None:
    typed = second_factor.new_recovery_codes(force.sergeant)[0]
    accepted, refused = both_at_once(force.sergeant, typed, timezone.now())
    assert (accepted.type, refused) == ("recovery_codes", None)
