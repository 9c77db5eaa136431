"""The page for everyone, and what a load balancer asks."""

import time
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags
from pytest_django.fixtures import Settings

from rasso import checks
from tests.worlds import Force


def test_start_page_says_what_this_is_and_leads_to_the_sign_in(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert "investigations of rape and serious sexual offences" in page
    assert 'href="/accounts/login/"' in page
    text = strip_tags(page.partition('id="main-content">')[2].partition("</main>")[0])
    assert not any(character.isdigit() for character in text)


def test_start_page_leads_those_who_are_signed_in_to_their_work(client: Client, force: Force) -> None:
    client.force_login(force.investigator)
    assert 'href="/home/"' in client.get("/").content.decode()


def test_live_touches_no_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_the_database_answers(client: Client, db: None) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_not_ready_when_the_database_is_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "get_connection_params", lambda: {"host": "127.0.0.1", "port": 1, "dbname": "away"})
    assert_unavailable(client)


def test_not_ready_when_the_database_takes_its_time(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = checks.connection_apart

    @contextmanager
    def slow(patience: checks.Patience) -> Any:
        with apart(patience) as trial:
            trial.execute("SELECT pg_sleep(30)")
            yield trial

    monkeypatch.setattr(checks, "connection_apart", slow)
    begun = time.monotonic()
    assert_unavailable(client)
    assert time.monotonic() - begun < 5


def test_not_ready_to_serve_a_demonstration_in_production(client: Client, db: None, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert_unavailable(client)


def test_ready_does_not_wait_for_the_pool(client: Client, db: None) -> None:
    with checks.connection_apart(checks.WHILE_SERVING) as trial:
        assert trial.info.backend_pid != backend_of_the_pages()


def assert_unavailable(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def backend_of_the_pages() -> int:
    connection.ensure_connection()
    assert isinstance(connection.connection, psycopg.Connection)
    return connection.connection.info.backend_pid


def test_tests_are_no_production() -> None:
    assert not settings.PRODUCTION
