"""When bail ends: the case page, the queue, the review and the dates say the same, whatever happened since it was given."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import chronology
from cases.enums import CARRY_A_DATE, EventKind
from cases.models import Case, Review
from tests.worlds import MONDAY, Force, at, building, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
ENDS = FOURTEENTH + timedelta(days=5)
E = EventKind
# What followed the bail, in its order -> until when bail runs, if it does.
HISTORIES: dict[tuple[EventKind, ...], date | None] = {
    (): ENDS,
    (E.SUSPECT_INTERVIEWED,): ENDS,
    (E.SUSPECT_ARRESTED,): None,
    (E.SUSPECT_ARRESTED, E.SUSPECT_INTERVIEWED): None,
    (E.RELEASED_UNDER_INVESTIGATION,): None,
    (E.RELEASED_WITHOUT_CHARGE, E.SUSPECT_INTERVIEWED): None,
    (E.BAIL_CHANGED,): ENDS + timedelta(days=1),
    (E.SUSPECT_ARRESTED, E.SUSPECT_BAILED): ENDS + timedelta(days=1),
    (E.BAIL_CHANGED, E.SUSPECT_INTERVIEWED): ENDS + timedelta(days=1),
}


def note(case: Case, force: Force, kind: EventKind, hour: int, until: date | None = None, recorded: int | None = None) -> None:
    day = FOURTEENTH - timedelta(days=4)
    with building():
        chronology.record(
            case,
            kind,
            by=force.investigator.pk,
            at=at(day, hour),
            now=at(day, recorded or hour),
            subject="S1",
            until=until if kind in CARRY_A_DATE else None,
        )


def words(browser: Client, address: str) -> str:
    page = html.unescape(browser.get(address).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def ends_on(as_user: Callable[..., Client], force: Force, case: Case) -> dict[str, set[int]]:
    """In how many days bail ends by each page; empty where it does not run."""
    with building():
        review = Review.unguarded.get(case=case, number=1)
    browser = as_user(force.sergeant)
    pages = {
        "case": (reverse("case", args=[case.reference]), r"Bail ends on [^(]*\(in (\d+) days\)"),
        "queue": (reverse("review-queue"), r"Bail ends in (\d+) days"),
        "review": (reverse("review", args=[review.pk]), r"bail ends in (\d+) days"),
        "dates": (reverse("case-dates", args=[case.reference]), r"Bail of S1 ends: [^(]*Ends [^(]*\(in (\d+) days"),
    }
    return {name: {int(days) for days in re.findall(pattern, words(browser, url))} for name, (url, pattern) in pages.items()}


def everywhere(days: set[int]) -> dict[str, set[int]]:
    return dict.fromkeys(("case", "queue", "review", "dates"), days)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda kinds: " ".join(kinds) or "nothing")
def test_four_pages_agree(as_user: Callable[..., Client], force: Force, case: Case, history: tuple[EventKind, ...]) -> None:
    note(case, force, E.SUSPECT_BAILED, 9, ENDS)
    for number, kind in enumerate(history, start=1):
        note(case, force, kind, 9 + number, ENDS + timedelta(days=1))
    set_clock(at(FOURTEENTH))
    ends = HISTORIES[history]
    expected = {(ends - FOURTEENTH).days} if ends else set()
    assert ends_on(as_user, force, case) == everywhere(expected)


def test_of_two_at_the_same_moment_the_one_written_down_later_counts(
    as_user: Callable[..., Client], force: Force, case: Case
) -> None:
    note(case, force, E.SUSPECT_BAILED, 9, ENDS, recorded=12)
    note(case, force, E.RELEASED_UNDER_INVESTIGATION, 9, recorded=11)
    set_clock(at(FOURTEENTH))
    assert ends_on(as_user, force, case) == everywhere({5})
