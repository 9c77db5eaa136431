"""“Copy for the crime report” of a completed review: V1 and S1 only, no intelligence, recorded."""

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import chronology
from cases.enums import EventKind, Nature
from cases.models import Case, Review
from tests import forms
from tests.worlds import MONDAY, Force, at, building, log_case, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
Browser = Callable[..., Client]


@pytest.fixture
def case(force: Force) -> Case:
    set_clock(at(MONDAY, 10))
    return log_case(force, victim_name="Orla Quennevais", suspect_name="Piers Rozel")


@pytest.fixture
def review(case: Case, force: Force) -> Review:
    set_clock(at(FOURTEENTH))
    with building():
        for nature, text in ((Nature.FACT, "Rozel was seen."), (Nature.INTELLIGENCE, "A source says so.")):
            chronology.record(
                case, EventKind.NOTE, by=force.investigator.pk, at=at(MONDAY, 11), now=at(MONDAY, 12), text=text, nature=nature
            )
        return Review.unguarded.get(case=case, number=1)


def copy_of(browser: Client, review: Review) -> str:
    return html.unescape(browser.get(reverse("copy-review", args=[review.pk])).content.decode())


def test_says_what_was_found_without_a_name(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    answers = forms.review(
        "WITH_DIRECTIONS",
        own_words="Orla is waiting for news of ROZEL.",
        suspect="NEEDS_ACTION",
        suspect_text="See Piers Rozel.",
        **{"direction-1-what": "Ask Quennevais", "direction-1-owner": str(force.investigator.pk)},
        **forms.date_boxes("direction-1-due_on", FOURTEENTH + timedelta(days=5)),
    )
    sergeant = as_user(force.sergeant)
    assert sergeant.post(reverse("review", args=[review.pk]), answers).status_code == 302
    assert reverse("copy-review", args=[review.pk]) in sergeant.get(reverse("review", args=[review.pk])).content.decode()
    page = copy_of(sergeant, review)
    for sentence in (
        f"14-day review of {case.reference}",
        "V1 is waiting for news of S1.",
        "Suspect and risk: Needs action: See S1.",
        "A1: Ask V1 (DC Invented Investigator, by 21 November 2026)",
        "Note: S1 was seen.",
    ):
        assert sentence in page
    for left_out in ("Orla", "Quennevais", "Piers", "Rozel", "ROZEL", "A source says so."):
        assert left_out not in page


def test_review_that_is_not_completed_cannot_be_copied(as_user: Browser, force: Force, review: Review) -> None:
    page = copy_of(as_user(force.sergeant), review)
    assert "This review is not completed yet." in page
    assert "Rozel" not in page and "<textarea" not in page
