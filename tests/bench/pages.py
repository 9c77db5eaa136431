"""The queue and the list of cases in a small force and in a large one: for a sergeant, whose team has the same number of cases in both,
and for the force's inspector, whose queue holds them all. The worlds come from `manage.py seed`."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import psycopg
from django.db import connections
from django.test import Client

from people.models import User
from tests import databases
from tests.bench.databases import database, use
from tests.bench.timing import REPETITIONS, median_of

SIZES = tuple(int(size) for size in os.environ.get("BENCH_CASES", "1000,100000").split(","))
READERS = {"a team's sergeant": "seed1_sergeant_1_1", "the force's inspector": "seed1_inspector_force"}
PAGES = {"queue": "/reviews/?whose=unit", "own queue": "/reviews/", "cases": "/cases/"}
RAW_PAGE = "SELECT id, due_on FROM cases_review WHERE unit_id = %s AND completed_at IS NULL ORDER BY due_on, id LIMIT 50"
BACKEND = "people.backends.PeopleBackend"


def seed(address: str, cases: int) -> None:
    """As its own process and login do it."""
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    addresses = {
        each: databases.with_name(os.environ[each], str(name))
        for each in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")
    }
    modes = {"DJANGO_SETTINGS_MODULE": "rasso.settings", "RASSO_MODE": "development", "RASSO_PROCESS": "owner"}
    command = [sys.executable, str(databases.ROOT / "manage.py"), "seed", "--cases", str(cases)]
    subprocess.run(command, env={**os.environ, **addresses, **modes}, cwd=databases.ROOT, check=True, stdout=sys.stderr)


def measure() -> dict[str, Any]:
    """Milliseconds of each page at each size, all in turn, and how many times as long it takes in the largest force."""
    with ExitStack() as worlds:
        names = {}
        for size in SIZES:
            address = worlds.enter_context(database(f"pages_{size}"))
            seed(address, size)
            names[size] = str(psycopg.conninfo.conninfo_to_dict(address)["dbname"])
        found: dict[str, Any] = {}
        for who, username in READERS.items():
            for page, path in PAGES.items():
                asked = [asking(names[size], username, path) for size in SIZES]
                times = median_of(REPETITIONS, *asked)
                found |= {f"{page} of {who}, {size:,} cases, ms": taken for size, taken in zip(SIZES, times, strict=True)}
                found[f"{page} of {who}, largest / smallest"] = times[-1] / times[0]
        connections["default"].close()
    return found


def asking(name: str, username: str, path: str) -> Callable[[], object]:
    """Open the page in that database. Only the page is timed by comparison: both sizes connect anew for each repetition."""
    use(name)
    browser = Client()
    browser.force_login(User.objects.get(username=username), backend=BACKEND)

    def ask() -> object:
        use(name)
        answer = browser.get(path)
        assert answer.status_code == 200, path
        return answer.content

    ask()
    return ask
