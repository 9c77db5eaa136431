"""The sweep beside itself, and cut off: each reminder is made once, and none is lost."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.reliability.conftest import Reviews, due_reviews

SWEEPERS = 6
KILLS = 5
SWEEP_AND_COMMIT = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    print("ready", flush=True)
    sys.stdin.readline()
    connection.execute("SELECT rasso.bind('0:system', 'rasso_system')")
    connection.execute("SELECT rasso.sweep()")
    print("swept", flush=True)
"""


@pytest.fixture
def due() -> Iterator[Reviews]:
    with due_reviews(reviews=1000, units=4) as due:
        yield due


def sweep(due: Reviews) -> int:
    with psycopg.connect(due.worker_address) as connection:
        connection.execute("SELECT rasso.bind('0:system', 'rasso_system')")
        row = connection.execute("SELECT rasso.sweep()").fetchone()
        assert row is not None
        return int(row[0])


def test_several_sweeps_at_once_make_each_reminder_once(due: Reviews) -> None:
    together = threading.Barrier(SWEEPERS)
    answers: list[int] = []

    def one() -> None:
        together.wait()
        answers.append(sweep(due))

    threads = [threading.Thread(target=one) for _ in range(SWEEPERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0] * (SWEEPERS - 1) + [due.reminders]
    assert due.made() == (due.reminders, due.reminders)
    assert due.ask("SELECT count(*), count(DISTINCT owner_id) FROM cases_message") == (due.sergeants, due.sergeants)


def test_killed_sweep_leaves_all_or_nothing_and_the_next_one_completes_it(due: Reviews) -> None:
    random.seed(20261122)
    for _ in range(KILLS):
        kill_a_sweep(due, after=random.uniform(0, 0.3))
        assert due.made()[0] in (0, due.reminders)
    sweep(due)
    assert due.made() == (due.reminders, due.reminders)
    assert sweep(due) == 0


def kill_a_sweep(due: Reviews, *, after: float) -> None:
    command = [sys.executable, "-c", SWEEP_AND_COMMIT, due.worker_address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sweeper:
        assert sweeper.stdin and sweeper.stdout
        assert sweeper.stdout.readline() == "ready\n"
        sweeper.stdin.write("go\n")
        sweeper.stdin.flush()
        time.sleep(after)
        sweeper.kill()
    # The server notices at the end of the statement that nobody waits for the answer.
    end = time.monotonic() + 20
    busy = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{due.database}' AND usename = 'rasso_worker'"
    while due.ask(busy) != (0,):
        assert time.monotonic() < end, "the sweep of the killed process has not ended"
        time.sleep(0.05)
