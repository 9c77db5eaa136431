"""The review queue: what a row warns of, what counts as a review, what it says when nothing waits."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import chronology, operations
from cases.enums import EventKind, Suspension
from cases.models import Case, Event, Review, TimeLimit
from people.models import User
from tests.worlds import MONDAY, Force, actor, at, building, set_clock

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
    assert "Victim contact late Bail ended 2 days ago No early-advice decision" in late
    set_clock(at(FOURTEENTH))
    assert "Victim contact late Bail ends in 5 days" in queue(as_user(force.sergeant))


def test_early_advice_is_warned_of_a_week_before(as_user: Browser, force: Force, settled: Case) -> None:
    assert "No early-advice decision" not in queue(as_user(force.sergeant))
    set_clock(at(MONDAY + timedelta(days=20)))
    assert "No early-advice decision" not in queue(as_user(force.sergeant))
    set_clock(at(MONDAY + timedelta(days=21)))
    assert "No early-advice decision" in queue(as_user(force.sergeant))
    note(settled, force, EventKind.EARLY_ADVICE_DECIDED, 20)
    assert "No early-advice decision" not in queue(as_user(force.sergeant))


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
