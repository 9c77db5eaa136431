"""Signed out after fifteen idle minutes, and after twelve hours in any case."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from people.models import User
from people.session import LAST_SEEN_AT, SIGNED_IN_AT
from tests.people.signing_in import SIGN_IN, is_signed_in, sign_in
from tests.worlds import at, set_clock

PAGE = "/accounts/logout/"
IDLE = "You were signed out because nothing had been done for 15 minutes. Drafts that were saved are kept."
TOO_LONG = "You were signed out because you had been signed in for 12 hours. Drafts that were saved are kept."


@pytest.fixture
def client(client: Client, investigator: User) -> Client:
    client.force_login(investigator)
    assert open_page(client).status_code == 200
    return client


def open_page(client: Client, **more: object) -> HttpResponse:
    return client.get(PAGE, **more)


def let_pass(client: Client, only: str | None = None, **time: int) -> None:
    """As if the session had been used, and begun, that much earlier."""
    session: SessionBase = client.session
    for moment in (only,) if only else (SIGNED_IN_AT, LAST_SEEN_AT):
        session[moment] = (timezone.datetime.fromisoformat(session[moment]) - timedelta(**time)).isoformat()
    session.save()


# Idle ----------------------------------------------------------------------------------------------------------------


def test_idle_for_less_stays(client: Client) -> None:
    let_pass(client, minutes=14, seconds=55)
    open_page(client)
    assert is_signed_in(client)


def test_idle_for_fifteen_minutes_is_out(client: Client) -> None:
    let_pass(client, minutes=15)
    open_page(client)
    assert not is_signed_in(client)


def test_what_is_done_counts_from_anew(client: Client) -> None:
    for _ in range(5):
        let_pass(client, minutes=10)
        open_page(client)
    assert is_signed_in(client)


def test_session_is_written_at_most_once_a_minute(client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    let_pass(client, seconds=55)
    # The session and the person.
    with django_assert_num_queries(2):
        open_page(client)
    let_pass(client, seconds=10)
    before = client.session[LAST_SEEN_AT]
    open_page(client)
    assert client.session[LAST_SEEN_AT] > before


def test_stands_on_real_time_and_not_on_the_demonstration_s_clock(client: Client) -> None:
    set_clock(at(timezone.localdate() + timedelta(days=28)))
    open_page(client)
    assert is_signed_in(client)


# Twelve hours --------------------------------------------------------------------------------------------------------


def test_twelve_hours_are_the_end_for_the_busiest(client: Client) -> None:
    let_pass(client, only=SIGNED_IN_AT, hours=11, minutes=59)
    open_page(client)
    assert is_signed_in(client)
    let_pass(client, only=SIGNED_IN_AT, minutes=1)
    assert_told(client, TOO_LONG)


def test_staying_signed_in_does_not_move_the_end_of_twelve_hours(client: Client) -> None:
    let_pass(client, only=SIGNED_IN_AT, hours=11, minutes=50)
    assert 595 <= int(stay(client).headers["Session-Seconds"]) <= 601


# Afterwards ----------------------------------------------------------------------------------------------------------


def test_one_is_told_and_comes_back_to_the_page(client: Client) -> None:
    let_pass(client, minutes=20)
    answer = client.get("/accounts/no-role/?page=2", follow=True)
    assert answer.redirect_chain == [(f"{SIGN_IN}?next=/accounts/no-role/%3Fpage%3D2", 302)]
    assert IDLE in answer.content.decode()
    # Said once.
    assert IDLE not in client.get(SIGN_IN).content.decode()
    assert sign_in(client, next="/accounts/no-role/?page=2").headers["Location"] == "/accounts/no-role/?page=2"


def test_one_is_told_even_if_a_script_was_the_first_to_notice(client: Client) -> None:
    let_pass(client, minutes=20)
    assert stay(client).status_code == 302
    assert IDLE in client.get("/accounts/no-role/", follow=True).content.decode()


def test_old_session_is_gone(client: Client) -> None:
    key = client.session.session_key
    let_pass(client, minutes=20)
    open_page(client)
    assert not client.session.exists(key)


def assert_told(client: Client, sentence: str) -> None:
    assert sentence in client.get("/accounts/no-role/", follow=True).content.decode()
    assert not is_signed_in(client)


# The warning ---------------------------------------------------------------------------------------------------------


def seconds_on(page: HttpResponse) -> int:
    found = re.search(r'data-session-seconds="(\d+)" data-stay-signed-in-url="/accounts/stay-signed-in/"', page.content.decode())
    assert found
    return int(found[1])


def test_page_says_how_long_the_session_lasts(client: Client) -> None:
    assert seconds_on(open_page(client)) == 901
    let_pass(client, only=SIGNED_IN_AT, hours=11, minutes=55)
    assert seconds_on(open_page(client)) <= 301


@pytest.mark.parametrize("lag", [0, 30, 59])
def test_page_that_comes_back_at_the_end_does_not_keep_itself_alive(client: Client, lag: int) -> None:
    """A page is read again by its script when its time is over; the last act may have been written up to a minute early."""
    let_pass(client, only=LAST_SEEN_AT, seconds=lag)
    let_pass(client, seconds=seconds_on(open_page(client)))
    open_page(client)
    assert not is_signed_in(client)


@pytest.mark.parametrize("lag", [0, 30, 59])
def test_offer_to_stay_holds_to_the_last_second_of_the_page(client: Client, lag: int) -> None:
    let_pass(client, only=LAST_SEEN_AT, seconds=lag)
    let_pass(client, seconds=seconds_on(open_page(client)) - 2)
    assert stay(client).status_code == 204
    assert is_signed_in(client)


def test_offer_to_stay_does_not_outlast_the_page(client: Client) -> None:
    let_pass(client, minutes=16)
    assert stay(client).status_code == 302


def test_page_says_until_when_to_those_without_script(client: Client) -> None:
    page = open_page(client).content.decode()
    ends = timezone.localtime() + timedelta(minutes=15)
    said = re.search(r"<noscript>.*?You will be signed out at (\d\d:\d\d).*?</noscript>", page, re.DOTALL)
    assert said
    assert said[1] in {f"{ends:%H:%M}", f"{ends - timedelta(seconds=3):%H:%M}"}


def test_nothing_of_it_for_those_who_are_signed_out(client: Client) -> None:
    client.logout()
    page = client.get(SIGN_IN).content.decode()
    assert "data-session-seconds" not in page
    assert "You will be signed out" not in page


def stay(client: Client, **headers: str) -> HttpResponse:
    return client.post("/accounts/stay-signed-in/", headers={"Accept": "*/*", **headers})


def test_script_gets_an_empty_answer_and_the_time_left(client: Client) -> None:
    let_pass(client, minutes=14)
    answer = stay(client)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Session-Seconds"] == "901"
    let_pass(client, minutes=14)
    open_page(client)
    assert is_signed_in(client)


def test_counts_at_once_though_the_last_act_was_a_moment_ago(client: Client) -> None:
    let_pass(client, only=LAST_SEEN_AT, seconds=40)
    stay(client)
    let_pass(client, minutes=14, seconds=50)
    open_page(client)
    assert is_signed_in(client)


def test_browser_without_script_goes_back_to_its_page(client: Client) -> None:
    referer = {"Accept": "text/html,*/*;q=0.8", "Referer": "http://testserver/reviews/?kind=14"}
    assert stay(client, **referer).headers["Location"] == "/reviews/?kind=14"
    assert stay(client, Accept="text/html").headers["Location"] == "/home/"


@pytest.mark.parametrize("page", ["https://elsewhere.invalid/", "http://testserver//elsewhere.invalid/"])
def test_browser_is_never_sent_elsewhere(client: Client, page: str) -> None:
    assert stay(client, Accept="text/html", Referer=page).headers["Location"] in {"/home/", "/%2Felsewhere.invalid/"}


def test_staying_is_an_act_and_not_a_link(client: Client) -> None:
    assert client.get("/accounts/stay-signed-in/").status_code == 405
