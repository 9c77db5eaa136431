"""A list holds exactly the rows that open, each once, in its order, page by page; and no page offers what it then refuses."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, Review
from cases.queries import scope
from people.models import User
from people.roles import Role
from tests.access.asking import ABSENT, BACKEND, BY_CHANCE, own
from tests.access.many import make_cases
from tests.access.scene import Scene, savepoint
from tests.access.sql import ask
from tests.worlds import MONDAY, Force, at, building

CASE_LINK = re.compile(r'<a class="govuk-link" href="/cases/([A-Z]+-\d{4}-\d+)/">\1</a>')
NEXT_LINK = re.compile(r'href="([^"]+)" rel="next"')
LINK = re.compile(r'<a [^>]*href="([^"#]+)')
CASES, QUEUE = "/cases/", "/reviews/?whose=unit"
PARTS = 12


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def pages_of(client: Client, address: str) -> Iterator[str]:
    """The pages of a list from the first to the last, by their own links."""
    while address:
        answer = client.get(address)
        if answer.status_code == 404:
            return
        assert answer.status_code == 200, address
        page = answer.content.decode()
        yield page
        following = NEXT_LINK.search(page)
        path = urlsplit(address).path
        address = path + unescape(following[1]).removeprefix(path) if following else ""


def listed(client: Client, address: str) -> list[str]:
    return [reference for page in pages_of(client, address) for reference in CASE_LINK.findall(main_list(page))]


def main_list(page: str) -> str:
    """Without what was completed lately, which stands below the queue."""
    return page.split('id="completed"')[0]


# What opens --------------------------------------------------------------------------------------------------------------


def test_list_of_cases_holds_exactly_those_that_open(on_the_scene: Scene) -> None:
    for user in on_the_scene.everybody:
        with savepoint():
            client = browser(user)
            on_the_list = listed(client, CASES)
            opens = {
                case.reference
                for case in on_the_scene.cases.values()
                if client.get(reverse("case", args=[case.reference])).status_code == 200
            }
        assert len(on_the_list) == len(set(on_the_list)), user
        assert set(on_the_list) == opens, user


def test_queue_holds_exactly_the_open_reviews_that_open(on_the_scene: Scene) -> None:
    with building():
        reviews = list(Review.unguarded.filter(completed_at=None).select_related("case"))
    for user in on_the_scene.everybody:
        with savepoint():
            client = browser(user)
            if client.get(QUEUE).status_code == 404:
                continue
            in_the_queue = listed(client, QUEUE)
            opens = [r.case.reference for r in reviews if client.get(reverse("review", args=[r.pk])).status_code == 200]
        assert sorted(in_the_queue) == sorted(opens), user


# Twelve parts, so that the work spreads over the workers.
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_offers_what_it_then_refuses(on_the_scene: Scene, part: int) -> None:
    """Every link that somebody is shown, from their work onwards, leads somewhere."""
    for user in on_the_scene.everybody[part::PARTS]:
        client = browser(user)
        seen, waiting = set(), ["/home/"]
        while waiting:
            address = waiting.pop()
            answer = client.get(address)
            assert answer.status_code in {200, 302}, f"{user}: {address} answers {answer.status_code}"
            seen.add(address)
            # A place on a page is no page of its own.
            found = {unescape(link).partition("#")[0] for link in LINK.findall(answer.content.decode())}
            waiting += sorted(link for link in found - seen - set(waiting) if is_ours(link))


def is_ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("/static/", "/accounts/", "/demonstration/"))


def test_nobody_finds_a_word_of_a_case_out_of_reach_on_any_list(on_the_scene: Scene) -> None:
    elsewhere = on_the_scene.cases["elsewhere"]
    for user in on_the_scene.everybody:
        with savepoint():
            client = browser(user)
            for address in (
                "/home/",
                CASES,
                QUEUE,
                f"{CASES}?officer={elsewhere.officer_id}",
                f"{QUEUE}&officer={elsewhere.officer_id}",
            ):
                page = client.get(address).content.decode()
                # An auditor hears of each emergency access to a case by its reference, and of nothing else in it.
                hears = user == on_the_scene.force.user(Role.AUDITOR) and address == "/home/"
                assert hears or elsewhere.reference not in page, (user, address)
                assert str(elsewhere.pk) not in page, (user, address)


@pytest.mark.parametrize("address", [CASES, f"{CASES}?order=reference", QUEUE])
def test_cursor_of_a_row_out_of_reach_says_no_more_than_one_that_is_not_there(on_the_scene: Scene, address: str) -> None:
    """Else the place where a page begins would tell the reference or due date of somebody else's case."""
    glue = "&" if "?" in address else "?"
    named = own(on_the_scene, "elsewhere")["review_id"] if address == QUEUE else on_the_scene.cases["elsewhere"].pk
    with savepoint():
        client = browser(on_the_scene.force.sergeant)
        pages = [
            BY_CHANCE.sub("", client.get(f"{address}{glue}after={key}").content.decode()).replace(str(key), "…")
            for key in (named, ABSENT["review_id"])
        ]
    assert pages[0] == pages[1]


# Page by page ------------------------------------------------------------------------------------------------------------


def expected(order: tuple[str, ...]) -> list[str]:
    with building():
        return list(Case.unguarded.filter(crime_number__startswith="MANY").order_by(*order).values_list("reference", flat=True))


@pytest.mark.parametrize("who", ["sergeant", "investigator"])
@pytest.mark.parametrize(("query", "order"), [("", ("-recorded_at", "-pk")), ("?order=reference", ("reference",))])
def test_pages_of_cases_hold_each_row_once_in_order(force: Force, who: str, query: str, order: tuple[str, ...]) -> None:
    make_cases(force, 163)
    assert listed(browser(getattr(force, who)), CASES + query) == expected(order)


def test_pages_of_the_queue_hold_each_review_once_in_order(force: Force) -> None:
    make_cases(force, 81, each=2)
    client = browser(force.sergeant)
    with building():
        reviews = Review.unguarded.order_by("due_on", "pk").values_list("case__reference", flat=True)
        wanted = list(reviews)
    assert listed(client, QUEUE) == wanted
    assert len(wanted) == 162


def test_pages_of_the_queue_begin_with_what_is_escalated(force: Force) -> None:
    make_cases(force, 120)
    with building():
        wanted = [
            reference
            for reference, _, _, _ in sorted(
                Review.unguarded.values_list("case__reference", "escalates_on", "due_on", "pk"),
                key=lambda row: (row[1] > today(), row[2], row[3]),
            )
        ]
    assert listed(browser(force.inspector), QUEUE) == wanted


def today() -> Any:
    return ask("SELECT rasso.today()")[0][0]


def test_filter_and_order_stay_from_page_to_page(force: Force) -> None:
    make_cases(force, 130)
    with building():
        second = [pk for place, pk in enumerate(Case.unguarded.order_by("reference").values_list("pk", flat=True)) if place % 2]
        Case.unguarded.filter(pk__in=second).update(officer=force.other_investigator)
        wanted = list(Case.unguarded.filter(pk__in=second).order_by("reference").values_list("reference", flat=True))
    assert listed(browser(force.sergeant), f"{CASES}?officer={force.other_investigator.pk}&order=reference") == wanted


def test_who_supervises_many_units_is_shown_the_same(on_the_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """One index of all is walked for them instead of one for each unit."""
    force = on_the_scene.force
    make_cases(force, 60)
    with building():
        done = Review.unguarded.filter(case__crime_number__startswith="MANY").order_by("pk")[:9]
        Review.unguarded.filter(pk__in=[review.pk for review in done]).update(
            completed_at=at(MONDAY), completed_by=force.inspector, result="SATISFACTORY", own_words="Seen."
        )
    queries = ("", "?whose=unit&show=escalated", "?show=late", "?show=week", "?show=later", "?whose=covering", "?kind=DAY_14")
    lists = ["/reviews/", QUEUE, f"{QUEUE}&officer={force.investigator.pk}", *(f"/reviews/{query}" for query in queries)]
    lists += [CASES, f"{CASES}?order=reference&show=all", f"{CASES}?officer=none", f"{CASES}?officer={force.investigator.pk}"]
    for user in (force.sergeant, force.inspector, force.other_sergeant, force.investigator):
        with savepoint():
            client = browser(user)
            for address in lists:
                shown = []
                for many in (scope.MANY_UNITS, -1):
                    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as sent:
                        patch.setattr(scope, "MANY_UNITS", many)
                        shown.append([BY_CHANCE.sub("", page) for page in pages_of(client, address)])
                    assert any("unit_id + 0" in one["sql"] for one in sent) is (many < 0 and shown[-1] != [])
                assert shown[0] == shown[1], (user, address)


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1 case<"), (999, "999 cases<"), (1000, "1,000 cases<"), (1001, "1,000+ cases<")]
)
def test_total_is_counted_no_further_than_a_thousand(force: Force, number: int, shown: str) -> None:
    make_cases(force, number)
    assert shown in next(pages_of(browser(force.sergeant), CASES))


def test_numbers_above_the_queue_are_counted_no_further_than_a_thousand(force: Force) -> None:
    make_cases(force, 3500)
    (page,) = islice(pages_of(browser(force.sergeant), QUEUE), 1)
    assert "1,000+ late" in page
