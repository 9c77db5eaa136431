"""The record: entries sealed and verified in a second, and in how much memory; how many pages eight people get with it and without; and what
the audit trigger costs. The product has no switch for the record: here its function is replaced by one that does nothing."""

import os
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import Client

from audit.operations.checking import ENTRIES_AT_ONCE
from kit.binding import signed
from tests.audit.books import ENTRY
from tests.bench.databases import database
from tests.bench.pages import BACKEND
from tests.bench.timing import REPETITIONS
from tests.worlds import building, log_case, make_force

SIZES = tuple(int(size) for size in os.environ.get("BENCH_ENTRIES", "100000,1000000").split(","))
ENTRIES_OF_A_TRANSACTION = 1000
CLIENTS, PAGES_EACH, ROUNDS = 8, 15, 5
# One change each, and many rows at once.
ROWS = 5000
NOTHING = "AS $function$ BEGIN RETURN 0; END $function$"


def measure() -> dict[str, Any]:
    return {**verified(), **pages_with_and_without(), **trigger()}


# Sealed and verified -------------------------------------------------------------------------------------------------------


def verified() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    memory = []
    for size in SIZES:
        with database("verified") as address:
            sealing = sealed(address, size)
            checking, taken = checked(address, size)
        memory.append(taken)
        figures |= {
            f"entries sealed a second, of {size:,}": size / sealing,
            f"entries verified a second, of {size:,}": size / checking,
            f"memory of the server taken by it, MB, of {size:,}": taken,
        }
    return {**figures, "memory, largest / smallest": max(memory[-1], 1.0) / max(memory[0], 1.0)}


def sealed(address: str, size: int) -> float:
    """Seconds that it takes to seal so many entries."""
    with psycopg.connect(address, autocommit=True) as admin:
        for _ in range(size // ENTRIES_OF_A_TRANSACTION):
            admin.execute(ENTRY, [ENTRIES_OF_A_TRANSACTION])
        admin.execute("SELECT set_config('rasso.actor', %s, false)", [signed(0, "system")])
        return timed(lambda: every(admin, f"SELECT rasso.seal_next({ENTRIES_AT_ONCE}) IS NOT NULL"))


def checked(address: str, size: int) -> tuple[float, float]:
    """Seconds that it takes to verify them, and the memory that the session takes for it, which is of its own."""
    with psycopg.connect(address, autocommit=True) as checker:
        checker.execute("SELECT set_config('rasso.actor', %s, false)", [signed(0, "system")])
        (check,) = checker.execute("SELECT rasso.begin_check()").fetchone() or ("",)
        before = held(checker)
        seconds = timed(lambda: every(checker, f"SELECT rasso.continue_check('{check}', {ENTRIES_AT_ONCE}, '{{}}')"))
        faults, entries = checker.execute("SELECT faults, entries FROM rasso.check_found(%s)", [check]).fetchone() or (None, 0)
        # Some more: what setting the database up wrote down.
        assert faults == [] and entries >= size, (faults, entries)
        return seconds, held(checker) - before


def every(session: psycopg.Connection, statement: str) -> None:
    """Until it answers that there is no more."""
    while session.execute(statement).fetchone() == (True,):
        pass


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def held(session: psycopg.Connection) -> float:
    """Megabytes that the server process of this session holds for itself; its shared memory is not its own."""
    lines = Path(f"/proc/{session.info.backend_pid}/status").read_text(encoding="utf-8").splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
    return kilobytes / 1024


# With the record and without -----------------------------------------------------------------------------------------------


def pages_with_and_without() -> dict[str, Any]:
    with database("recorded") as address, psycopg.connect(address, autocommit=True) as admin:
        with building():
            force = make_force()
        case = log_case(force)
        browsers = [Client() for _ in range(CLIENTS)]
        for browser in browsers:
            browser.force_login(force.sergeant, backend=BACKEND)
        (real,) = admin.execute("SELECT pg_get_functiondef('rasso.record_access'::regproc)").fetchone() or ("",)
        without = str(real).partition("AS $function$")[0] + NOTHING
        taken: dict[str, list[float]] = {real: [], without: []}
        for _ in range(ROUNDS):
            for definition, rates in taken.items():
                admin.execute(definition)
                rates.append(rate(browsers, f"/cases/{case.reference}/"))
        admin.execute(real)
    recorded, unrecorded = (statistics.median(rates) for rates in taken.values())
    ratios = [one / other for one, other in zip(taken[real], taken[without], strict=True)]
    return {
        f"pages a second, {CLIENTS} clients, with the record": recorded,
        f"pages a second, {CLIENTS} clients, without": unrecorded,
        "with / without": statistics.median(ratios),
    }


def rate(browsers: list[Client], path: str) -> float:
    def read(browser: Client) -> None:
        for _ in range(PAGES_EACH):
            assert browser.get(path).status_code == 200
        connection.close()

    readers = [threading.Thread(target=read, args=(browser,)) for browser in browsers]
    start = time.perf_counter()
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return len(browsers) * PAGES_EACH / (time.perf_counter() - start)


# The audit trigger -----------------------------------------------------------------------------------------------------------


def trigger() -> dict[str, Any]:
    """Milliseconds of a statement with the trigger and without, for one row and for many."""
    figures: dict[str, Any] = {}
    with database("trigger") as address, psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO people_organisation (name, kind) SELECT 'Invented ' || n, 'OTHER' FROM generate_series(1, %s) n", [ROWS]
        )
        (one,) = admin.execute("SELECT min(id) FROM people_organisation").fetchone() or (0,)
        for what, where in (("one row", f"WHERE id = {one}"), (f"{ROWS:,} rows", "")):
            with_it, without = changing(admin, "ENABLE ALWAYS", where), changing(admin, "DISABLE", where)
            figures |= {f"change of {what} with the audit trigger, ms": with_it, f"change of {what} without, ms": without}
    return figures


def changing(admin: psycopg.Connection, state: str, where: str) -> float:
    taken = []
    for _ in range(REPETITIONS):
        with admin.transaction(force_rollback=True):
            admin.execute(f"ALTER TABLE people_organisation {state} TRIGGER audit_update")
            taken.append(timed(lambda: admin.execute(f"UPDATE people_organisation SET name = name || '.' {where}")) * 1000)
    return statistics.median(taken)
