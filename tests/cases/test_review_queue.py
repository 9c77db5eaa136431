"""The review queue: what a row warns of, what counts as a review, what it says when nothing waits."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import chronology, operations, workflow
from cases.enums import EventKind, GrantBasis, Suspension
from cases.models import Case, CaseGrant, Event, Review, TimeLimit
from people.models import User
from people.roles import Role
from tests import forms
from tests.access.scene import give
from tests.worlds import MONDAY, Force, actor, at, building, enrol, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
Browser = Callable[..., Client]


@pytest.fixture
def settled(case: Case, force: Force) -> Case:
    """On the day of its first review, with the support referral made in time."""
    note(case, force, EventKind.SUPPORT_REFERRED, 1, subject="V1")
    set_clock(at(FOURTEENTH))
    return case


def note(case: Case, force: Force, kind: EventKind, day: int, **more: object) -> Event:
    moment = at(MONDAY + timedelta(days=day), 11)
    with building():
        return chronology.record(case, kind, by=force.investigator.pk, at=moment, now=moment, **more)  # type: ignore[arg-type]


def queue(browser: Client, query: str = "") -> str:
    page = html.unescape(browser.get(reverse("review-queue") + query).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_flags_worst_first(as_user: Browser, force: Force, settled: Case) -> None:
    until = FOURTEENTH + timedelta(days=5)
    assert "Victim contact late" not in queue(as_user(force.sergeant))
    note(settled, force, EventKind.SUSPECT_BAILED, 9, subject="S1", until=until)
    set_clock(at(MONDAY + timedelta(days=21)))
    late = queue(as_user(force.sergeant))
    assert "Victim contact late Bail ended 2 days ago No contact for 21 days" in late
    assert "No early investigative advice (EIA) decision" not in late
    set_clock(at(FOURTEENTH))
    assert "Victim contact late Bail ends in 5 days" in queue(as_user(force.sergeant))


def test_early_advice_is_warned_of_a_week_before(as_user: Browser, force: Force, settled: Case) -> None:
    assert "No early investigative advice (EIA) decision" not in queue(as_user(force.sergeant))
    set_clock(at(MONDAY + timedelta(days=20)))
    assert "No early investigative advice (EIA) decision" not in queue(as_user(force.sergeant))
    set_clock(at(MONDAY + timedelta(days=21)))
    assert "No early investigative advice (EIA) decision" in queue(as_user(force.sergeant))
    note(settled, force, EventKind.EARLY_ADVICE_DECIDED, 20)
    assert "No early investigative advice (EIA) decision" not in queue(as_user(force.sergeant))


def test_what_is_counted_in_hours_is_late_by_the_hour(as_user: Browser, force: Force, settled: Case) -> None:
    note(settled, force, EventKind.SUSPECT_ARRESTED, 13, subject="S1")
    for due_at, is_late in ((at(FOURTEENTH, 15), False), (at(FOURTEENTH, 8), True)):
        with building():
            TimeLimit.unguarded.filter(case=settled, rule__code="TELL_ARREST").update(due_on=FOURTEENTH, due_at=due_at)
        assert ("Victim contact late" in queue(as_user(force.sergeant))) is is_late


def test_device_is_warned_of_once_its_limit_has_passed(as_user: Browser, force: Force, settled: Case) -> None:
    taken = note(settled, force, EventKind.DEVICE_TAKEN, 12, subject="D1")
    with building():
        limit = TimeLimit.unguarded.get(case=settled, started_by=taken)
    set_clock(at(limit.due_on))
    assert "Device kept past its limit" not in queue(as_user(force.sergeant))
    set_clock(at(limit.due_on + timedelta(days=1)))
    assert "Device kept past its limit" in queue(as_user(force.sergeant))
    note(settled, force, EventKind.DEVICE_RETURNED, 13, subject="D1")
    assert "Device kept past its limit" not in queue(as_user(force.sergeant))


def test_silence_is_warned_of_after_three_weeks(as_user: Browser, force: Force, settled: Case) -> None:
    set_clock(at(MONDAY + timedelta(days=20)))
    assert "No contact for" not in queue(as_user(force.sergeant))
    set_clock(at(MONDAY + timedelta(days=22)))
    assert "No contact for 22 days" in queue(as_user(force.sergeant))
    spoken = note(settled, force, EventKind.VICTIM_CONTACT, 15, subject="V1")
    assert "No contact for" not in queue(as_user(force.sergeant))
    operations.strike_event(spoken, actor=actor(force.investigator), because="Another case")
    assert "No contact for 22 days" in queue(as_user(force.sergeant))


@pytest.mark.parametrize(
    "kind", [EventKind.ESCALATION_ANSWERED, EventKind.CASE_ALLOCATED, EventKind.OFFICER_ADDED, EventKind.OFFICER_LEFT]
)
def test_who_only_answers_or_moves_people_has_recorded_no_work(
    as_user: Browser, force: Force, settled: Case, kind: EventKind
) -> None:
    with building():
        Review.unguarded.filter(case=settled, number=1).update(
            completed_at=at(FOURTEENTH, 8), completed_by=force.sergeant, result="SATISFACTORY", own_words="Goes on."
        )
    set_clock(at(MONDAY + timedelta(days=50)))
    still = f"Nothing recorded for {50 - 1} days"
    assert still in queue(as_user(force.inspector))
    note(settled, force, kind, 40)
    assert still in queue(as_user(force.inspector))
    note(settled, force, EventKind.NOTE, 40)
    assert "1 change since 16 November" in queue(as_user(force.inspector))


def test_what_is_suspended_is_not_late(as_user: Browser, force: Force, case: Case) -> None:
    set_clock(at(FOURTEENTH))
    assert "Victim contact late" in queue(as_user(force.sergeant))
    with building():
        limit = TimeLimit.unguarded.get(case=case, rule__code="SUPPORT_REFERRAL")
    operations.suspend_limit(limit, actor=actor(force.sergeant), why=Suspension.SAFETY, text="He reads her messages")
    assert "Victim contact late" not in queue(as_user(force.sergeant))


def test_who_was_released_or_whose_bail_was_struck_is_not_on_bail(as_user: Browser, force: Force, settled: Case) -> None:
    bailed = note(settled, force, EventKind.SUSPECT_BAILED, 9, subject="S1", until=FOURTEENTH + timedelta(days=5))
    longer = note(settled, force, EventKind.BAIL_CHANGED, 10, subject="S1", until=FOURTEENTH + timedelta(days=8))
    assert "Bail ends" not in queue(as_user(force.sergeant))
    operations.strike_event(longer, actor=actor(force.investigator), because="Wrong suspect")
    assert "Bail ends in 5 days" in queue(as_user(force.sergeant))
    note(settled, force, EventKind.RELEASED_UNDER_INVESTIGATION, 12, subject="S1")
    assert "Bail ends" not in queue(as_user(force.sergeant))
    assert bailed.struck_at is None


def test_review_that_stood_down_is_no_review(as_user: Browser, force: Force, settled: Case) -> None:
    stand_down(settled, 3, force.inspector)
    page = queue(as_user(force.sergeant), "?whose=unit")
    assert "Completed in the last 7 days" not in page
    assert "since 2 November" in page


def stand_down(case: Case, number: int, by: User) -> None:
    with building():
        Review.unguarded.filter(case=case, number=number).update(
            completed_at=at(FOURTEENTH, 8), completed_by=by, result="STOOD_DOWN", own_words="Closed."
        )


def test_nothing_waits_and_when_the_next_is_due(as_user: Browser, force: Force, case: Case) -> None:
    page = queue(as_user(force.sergeant))
    assert "No review is waiting for you. The next is due on Monday 16 November." in page
    assert "Later (" in page and case.reference in page
    set_clock(at(FOURTEENTH))
    assert "No review is waiting" not in queue(as_user(force.sergeant))


def test_superintendent_is_not_offered_a_unit(as_user: Browser, force: Force, case: Case) -> None:
    page = queue(as_user(force.superintendent))
    assert "My unit" not in page and "See all reviews in my unit" not in page
    assert "No review is waiting for you." in page
    assert "My unit" in queue(as_user(force.sergeant))


# What may be started ---------------------------------------------------------------------------------------------------


def test_what_is_too_early_says_from_when_and_can_be_read(as_user: Browser, force: Force, case: Case) -> None:
    with building():
        first = Review.unguarded.get(case=case, number=1)
    sergeant = as_user(force.sergeant)
    sergeant.post(reverse("review", args=[first.pk]), {"own_words": "Half a thought", "later": "yes"}, follow=True)
    set_clock(at(FOURTEENTH - timedelta(days=6)))
    early = queue(sergeant)
    assert f"From 11 November Read : 14-day review of {case.reference}" in early
    assert "Start review" not in early and "Continue review" not in early
    set_clock(at(FOURTEENTH - timedelta(days=5)))
    assert "Continue review" in queue(sergeant) and "From 11 November" not in queue(sergeant)


def test_who_works_on_the_case_is_told_so_in_the_queue(as_user: Browser, force: Force, settled: Case) -> None:
    assert "Start review" in queue(as_user(force.sergeant))
    with building():
        give(settled, force.sergeant, GrantBasis.SECOND, by=force.inspector)
    page = queue(as_user(force.sergeant))
    assert workflow.WORKS_ON_IT in page and "Read : 14-day review" in page and "Start review" not in page
    with building():
        CaseGrant.unguarded.filter(content_object=settled, user=force.sergeant, basis=GrantBasis.SECOND).update(
            ends_at=at(FOURTEENTH, 8)
        )
    page = queue(as_user(force.sergeant))
    assert workflow.WORKED_ON_IT in page and "Start review" not in page


def test_who_sent_it_on_is_told_so_in_the_queue(as_user: Browser, force: Force, settled: Case) -> None:
    with building():
        both = enrol("both", force.police, [Role.SERGEANT, Role.INSPECTOR], force.unit, rank="DI")
        first = Review.unguarded.get(case=settled, number=1)
    sent = forms.review("ESCALATED", enquiries="NEEDS_ACTION", enquiries_text="See the witness.")
    assert as_user(force.sergeant).post(reverse("review", args=[first.pk]), sent).status_code == 302
    assert workflow.SENT_IT_ON not in queue(as_user(both))
    with building(), connection.cursor() as cursor:
        # What is signed cannot be signed over, not even here; so the guard steps aside for a moment.
        cursor.execute("SET LOCAL session_replication_role = replica")
        Review.unguarded.filter(pk=first.pk).update(completed_by=both)
        cursor.execute("SET LOCAL session_replication_role = origin")
    page = queue(as_user(both))
    assert workflow.SENT_IT_ON in page and "Start review" not in page
