"""The clock of the demonstration: who moves it, where to, and what the days bring that go by."""

import importlib.util
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import resolve

from cases.enums import ReminderStage
from cases.models import Message, Reminder
from kit import clock
from tests.cases.open_reviews import open_review
from tests.worlds import JERSEY, Force, at, building, set_clock

SUNDAY = date(2026, 11, 22)
ADDRESS = "/demonstration/clock/"


@pytest.fixture
def page(client: Client, force: Force) -> Client:
    set_clock(at(SUNDAY, 15, 30))
    client.force_login(force.sergeant)
    return client


def move(page: Client, **answers: object) -> str:
    """What the page says after the clock was moved."""
    response = page.post(ADDRESS, answers, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def local_now() -> datetime:
    return clock.now().astimezone(JERSEY)


def test_every_day_that_goes_by_brings_its_reminders(page: Client, force: Force) -> None:
    for days in (1, 5, 14, 15):
        open_review(force, SUNDAY + timedelta(days=days))
    # The first two come due, late, and after three days to the inspector; the third comes due on the last day, the fourth the day after.
    assert "Moved 14 days to Sunday 6 December 2026. 7 reminders were made." in move(page, by="fortnight")
    with building():
        made = list(Reminder.unguarded.order_by("made_on").values_list("stage", "made_on"))
        assert [day for _, day in made] == [SUNDAY + timedelta(days=days) for days in (1, 2, 4, 5, 6, 8, 14)]
        assert [stage for stage, _ in made] == [
            *[ReminderStage.DUE, ReminderStage.LATE, ReminderStage.ESCALATED] * 2,
            ReminderStage.DUE,
        ]
        assert Message.unguarded.latest("local_date").local_date == date(2026, 12, 6)


@pytest.mark.parametrize(
    ("answers", "sentence", "day"),
    [
        ({"by": "day"}, "Moved 1 day to Monday 23 November 2026. No reminder was made.", date(2026, 11, 23)),
        (
            {"by": "date", "day_day": "29", "day_month": "March", "day_year": "2027"},
            "Moved 127 days to Monday 29 March 2027. No reminder was made.",
            date(2027, 3, 29),
        ),
    ],
)
def test_new_day_begins_at_nine(page: Client, answers: dict[str, str], sentence: str, day: date) -> None:
    """The second move goes over a change of the clocks."""
    assert sentence in move(page, **answers)
    assert local_now().date() == day
    assert (local_now().hour, local_now().minute) == (9, 0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("22", "11", "2026"), "Enter a date after today, Sunday 22 November 2026"),
        (("1", "1", "2020"), "Enter a date after today, Sunday 22 November 2026"),
        (("28", "12", "2027"), "Enter a date within 400 days from today"),
        (("31", "2", "2027"), "Enter a real date"),
        (("", "", ""), "Enter a date"),
    ],
)
def test_clock_only_moves_forward_and_not_too_far(page: Client, typed: tuple[str, str, str], sentence: str) -> None:
    before = local_now()
    boxes = dict(zip(("day_day", "day_month", "day_year"), typed, strict=True))
    response = page.post(ADDRESS, {"by": "date", **boxes})
    text = response.content.decode()
    assert response.status_code == 422
    assert text.count(sentence) == 2, "in the summary and beside the field"
    assert all(f'value="{value}"' in text for value in typed if value)
    assert local_now() - before < timedelta(minutes=1)


@pytest.mark.parametrize("by", ["", "year"])
def test_step_that_does_not_exist_is_refused(page: Client, by: str) -> None:
    assert page.post(ADDRESS, {"by": by}).status_code == 422


def test_comes_back_to_the_page_it_was_pressed_on(page: Client) -> None:
    assert page.post(ADDRESS, {"by": "day", "next": "/home/?group=late"})["Location"] == "/home/?group=late"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_never_leads_to_another_site(page: Client, elsewhere: str) -> None:
    assert page.post(ADDRESS, {"by": "day", "next": elsewhere})["Location"] == ADDRESS


def test_control_stands_on_the_page_with_the_date(page: Client) -> None:
    text = page.get(ADDRESS).content.decode()
    assert "Today is Sunday 22 November 2026." in text
    assert all(words in text for words in ("One day", "14 days", "To a date"))


def test_partner_may_move_it_too(client: Client, force: Force) -> None:
    client.force_login(force.people["PROSECUTOR"])
    assert client.post(ADDRESS, {"by": "day"}).status_code == 302


def test_nobody_moves_it_before_signing_in(client: Client, force: Force) -> None:
    before = clock.now()
    assert client.post(ADDRESS, {"by": "day"})["Location"].startswith("/accounts/login/")
    assert clock.now() - before < timedelta(minutes=1)


def test_address_does_not_exist_in_production(settings) -> None:  # type: ignore[no-untyped-def]
    assert resolve(ADDRESS).url_name == "demonstration-clock"
    settings.DEMONSTRATION = False
    spec = importlib.util.find_spec("rasso.urls")
    assert spec and spec.loader
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert not any(str(pattern.pattern).startswith("demonstration") for pattern in fresh.urlpatterns)
