"""Faults that people meet on pages, each at a small size, through a real web server."""

from collections.abc import Iterator

import pytest

from tests.reliability.faults import asking
from tests.reliability.faults.test_faults import passes
from tests.reliability.faults.web import Web, web_site


@pytest.fixture(scope="module")
def web(django_db_blocker) -> Iterator[Web]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), web_site(seed=20261123) as web:
        yield web


@pytest.fixture(scope="module")
def served(web: Web) -> Iterator[Web]:
    with web.serving():
        yield web


def test_web_server_stopped(web: Web) -> None:
    """First, because it brings its own web servers."""
    passes(asking.web_server_stopped(web, stops=2))


def test_wrong_web_clock(web: Web) -> None:
    passes(asking.wrong_web_clock(web))


def test_broker_is_asked_for_nothing(served: Web) -> None:
    passes(asking.broker_away(served))


def test_sent_twice(served: Web) -> None:
    passes(*asking.sent_twice(served, rounds=1), asking.logged_twice(served, rounds=1))


def test_editors(served: Web) -> None:
    passes(asking.editors(served, 2, rounds=2), asking.editors(served, 3, rounds=1))
    passes(asking.editors(served, 2, rounds=2, beside_worker=True))


def test_right_ends_meanwhile(served: Web) -> None:
    passes(*asking.right_ends_meanwhile(served))
