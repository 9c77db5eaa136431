"""What every test gets without asking: a real PostgreSQL, a database of its own, no network, the web login's rights."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
os.environ["RASSO_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "rasso.settings_test"
# What is loaded by now stays. A run makes many small objects and few circles of them: looking for these as often as Python does by itself
# took a tenth of it.
gc.freeze()
gc.set_threshold(100_000, 50, 100)
# Playwright leaves an event loop in the process; Django would refuse every later query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

SERVERS = pytest.StashKey()
# Nobody looks: what is painted is painted by the processor, without a pretended graphics card between.
CHROMIUM = "--no-sandbox --disable-gpu"


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that the workers are started from; they inherit the addresses."""
    if hasattr(config, "workerinput") or "DATABASE_ADMIN_URL" in os.environ:
        return
    from kit.devservers import Servers, directory_for

    servers = Servers(directory_for("test"), durable=False)
    os.environ.update(servers.start())
    config.stash[SERVERS] = servers


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(SERVERS, None)
    if servers is not None:
        servers.stop()


# Each is long and cannot be divided; begun last, they would keep one worker waiting for the other.
LONG = ("security/test_every_page.py", "reliability", "journeys/test_two_months.py", "demonstration", "access/test_lists.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = ROOT / "tests"
    items.sort(key=lambda item: not any(item.path.is_relative_to(tests / long) for long in LONG))


@pytest.fixture(scope="session")
def django_db_setup(worker_id: str) -> Iterator[None]:
    """This worker's own copy of the migrated database, in place of Django's test-database machinery."""
    from django.db import connections

    from tests import databases

    # With the process in its name, so that two runs side by side leave each other alone.
    name = f"test_{worker_id}_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    settings = connections["default"].settings_dict
    settings.update(connection_settings(databases.admin_url(name)))
    connections["default"].close()
    yield
    connections["default"].close()
    databases.drop(name)


def connection_settings(address: str) -> dict[str, object]:
    import dj_database_url

    parsed = dj_database_url.parse(address)
    return {key: parsed[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this worker that want one; each opens a context of its own in it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM.split())
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """Limits kept in the cache must not outlive a test; the cache is a table, so the transaction takes them back."""


@pytest.fixture(autouse=True)
def templates_send_no_query() -> Iterator[None]:
    """In every test that shows a page."""
    from tests.rendering import no_query_while_rendering

    with no_query_while_rendering():
        yield


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """In CI a left-out test is a failure: the machine there has everything."""
    if os.environ.get("RASSO_TEST_ALL") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Left out although RASSO_TEST_ALL=1: {report.longrepr}"


@pytest.fixture
def force(db: None):  # type: ignore[no-untyped-def]
    """The shared cast (tests/worlds.py)."""
    from tests.worlds import building, make_force

    with building():
        return make_force()


@pytest.fixture
def as_user(force):  # type: ignore[no-untyped-def]
    """A browser in somebody's hands: `as_user(force.sergeant).get("/reviews/")`."""
    from django.test import Client

    def browser(user):  # type: ignore[no-untyped-def]
        client = Client()
        client.force_login(user, backend="people.backends.PeopleBackend")
        return client

    return browser


@pytest.fixture
def case(force):  # type: ignore[no-untyped-def]
    """A case of `force.unit`, logged by its investigator on Monday 2 November 2026; it is the morning after."""
    from datetime import timedelta

    from tests.worlds import MONDAY, at, log_case, set_clock

    set_clock(at(MONDAY, 10))
    logged = log_case(force)
    set_clock(at(MONDAY + timedelta(days=1)))
    return logged
