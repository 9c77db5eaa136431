"""The invented force: built once by its own command with its own logins, then copied; kept for the day if no code changes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql

from tests import databases

HERE = Path(__file__).resolve().parent
CODE = ("kit", "people", "cases", "information", "audit", "rasso")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker makes the world and uses it; another would only wait for it."""
    for item in items:
        if HERE in item.path.parents and "world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("world"))


def demonstration(database: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py demonstration` on a database of this name, as `make demo` does."""
    addresses = {
        name: databases.with_name(os.environ[name], database)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")
    }
    modes = {"DJANGO_SETTINGS_MODULE": "rasso.settings", "RASSO_MODE": "demonstration", "RASSO_PROCESS": "owner"}
    return subprocess.run(
        [sys.executable, databases.ROOT / "manage.py", "demonstration", *arguments],
        env={**os.environ, **addresses, **modes, **environment},
        cwd=databases.ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="session")
def world() -> str:
    """The name of a database with the whole invented force. Several workers may ask at once; one builds it."""
    name = f"world_{fingerprint()}"
    with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('rasso.test-world'))")
        if not databases.exists(admin, name):
            for (old,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'world\\_%'").fetchall():
                databases.drop(old, admin)
            making = f"{name}_making"
            databases.copy_of(databases.template(), making)
            built = demonstration(making)
            assert built.returncode == 0, built.stderr
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    return name


def fingerprint() -> str:
    # The force's own date: what is due depends on it.
    today = datetime.now(ZoneInfo("Europe/Jersey")).date()
    digest = hashlib.sha256(f"{databases.fingerprint()} {today}".encode())
    for directory in CODE:
        for path in sorted((databases.ROOT / directory).rglob("*.*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def copied_world(world: str, worker_id: str) -> Iterator[str]:
    name = f"test_world_{worker_id}_{os.getpid()}"
    databases.copy_of(world, name)
    yield name
    databases.drop(name)


@pytest.fixture
def force_at_work(request: pytest.FixtureRequest, django_db_setup: None, copied_world: str) -> Iterator[dict[str, object]]:
    """A test's transaction in that database, with everybody by user name."""
    from django.db import connections

    connection = connections["default"]
    connection.close()
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = copied_world
    request.addfinalizer(lambda: put_back(usual))
    request.getfixturevalue("db")

    from people.models import User

    yield {user.username: user for user in User.objects.all()}


def put_back(usual: str) -> None:
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = usual


@pytest.fixture
def sign_in(force_at_work):  # type: ignore[no-untyped-def]
    """A browser in the hands of an account: `sign_in("sergeant").get("/reviews/")`."""
    from django.test import Client

    def browser(username: str) -> Client:
        client = Client()
        client.force_login(force_at_work[username], backend="people.backends.PeopleBackend")
        return client

    return browser


@pytest.fixture
def empty_database(worker_id: str) -> Iterator[str]:
    """A database with nobody in it, outside every test's transaction."""
    name = f"test_nobody_{worker_id}_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    yield name
    databases.drop(name)
