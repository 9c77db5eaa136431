"""The grid of due dates of one case, and the kinds of review that something asks for beside it."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import schedule
from cases.enums import ReviewKind
from cases.models import Case, Review
from cases.rulepacks import RuleCode
from people.roles import Role
from tests import forms
from tests.worlds import MONDAY, Force, at, building, set_clock

Browser = Callable[..., Client]


def grid(browser: Client, case: Case) -> str:
    page = html.unescape(browser.get(reverse("case-reviews", args=[case.reference])).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_grid_says_what_was_due_and_what_was_done(as_user: Browser, force: Force, case: Case) -> None:
    set_clock(at(MONDAY + timedelta(days=16)))
    with building():
        first = Review.unguarded.get(case=case, number=1)
    assert as_user(force.sergeant).post(reverse("review", args=[first.pk]), forms.review()).status_code == 302
    page = grid(as_user(force.investigator), case)
    assert "Since the case was recorded, counted from 2 November 2026" in page
    assert (
        "1. 14-day review 16 November 2026 Detective Sergeant or Detective Inspector "
        "18 November 2026, 2 days late, by DS Invented Sergeant Satisfactory" in page
    )
    assert "2. 28-day review 30 November 2026 Detective Inspector Due Monday 30 November, 12 days" in page
    assert "Later reviews, every 28 days while the case is open" in page
    # The third is there already; the fourth is due 84 days after the first day, and every third one is an Inspector's.
    assert "25 January 2027, Detective Sergeant or Detective Inspector 22 February 2027, Detective Inspector" in page


def test_another_round_after_reopening_and_reviews_beside_the_grid(as_user: Browser, force: Force, case: Case) -> None:
    again = MONDAY + timedelta(days=40)
    set_clock(at(again))
    with building():
        schedule.stand_down(case, by=force.inspector.pk, now=at(again), because="Closed.")
        schedule.start_again(case, again)
        schedule.make_review_beside(case, RuleCode.REVIEW_BEFORE_NFA, again)
    page = grid(as_user(force.investigator), case)
    assert "Stood down on 12 December 2026: the case was closed" in page
    assert "Since the case was re-opened, counted from 12 December 2026" in page
    assert "1. 14-day review 26 December 2026" in page
    assert "Reviews beside these, asked for by what happened" in page and "Review before no further action" in page
    assert "6 March 2027" in page


@pytest.mark.parametrize(
    ("code", "kind", "days", "signer", "chased_by"),
    [
        (RuleCode.REVIEW_BEFORE_NFA, ReviewKind.BEFORE_NFA, 3, Role.INSPECTOR, Role.SUPERINTENDENT),
        (RuleCode.REVIEW_ACTIONS_14, ReviewKind.ACTIONS_14, 14, Role.SERGEANT, Role.CRIMINAL_JUSTICE),
        (RuleCode.REVIEW_ACTIONS_28, ReviewKind.ACTIONS_28, 28, Role.INSPECTOR, Role.CRIMINAL_JUSTICE),
    ],
)
def test_kinds_that_something_will_ask_for(
    case: Case, code: RuleCode, kind: ReviewKind, days: int, signer: Role, chased_by: Role
) -> None:
    with building():
        assert not Review.unguarded.filter(case=case, kind=kind).exists()
        made = schedule.make_review_beside(case, code, MONDAY)
    assert (made.kind, made.due_on, made.lowest_role) == (kind, MONDAY + timedelta(days=days), signer)
    assert (made.escalates_to, made.number, made.counted_from) == (chased_by, None, MONDAY)
    assert made.escalates_on is not None and made.escalates_on > made.due_on


def test_review_before_no_further_action_waits_for_no_day(as_user: Browser, force: Force, case: Case) -> None:
    """Asked for on the day before Christmas it is due six days later; who waits for it need not wait for that."""
    eve = MONDAY.replace(month=12, day=24)
    set_clock(at(eve))
    with building():
        made = schedule.make_review_beside(case, RuleCode.REVIEW_BEFORE_NFA, eve)
    assert (made.due_on - eve).days > 5
    assert as_user(force.sergeant).post(reverse("review", args=[made.pk]), forms.review()).status_code == 403
    assert as_user(force.inspector).post(reverse("review", args=[made.pk]), forms.review()).status_code == 302
