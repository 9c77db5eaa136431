"""A real worker and a real clock on a real broker, killed in the middle of their work."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kit.devservers import ROOT, valkey
from kit.devservers.binaries import find_valkey
from kit.devservers.processes import start_child, stop_child
from tests.reliability.conftest import Reviews, due_reviews

# As in rasso/demo.py, but with two hands.
WORKER = "celery -A rasso.celery worker --concurrency 2 -l WARNING --without-gossip --without-mingle --without-heartbeat"
CLOCK = "celery -A rasso.celery beat -l WARNING --pidfile= -s"
HANDS = 2
FEW = 5
PATIENCE = 60


@pytest.fixture
def due() -> Iterator[Reviews]:
    with due_reviews(reviews=150, units=30) as due:
        yield due


@pytest.fixture
def place() -> Iterator[Path]:
    """Not pytest's own directory: the path of a socket must be short."""
    made = Path(tempfile.mkdtemp(prefix="rasso-"))
    yield made
    shutil.rmtree(made)


class Site:
    """Broker, worker and clock over one database, with the mail in a directory."""

    def __init__(self, due: Reviews, place: Path) -> None:
        self.place = place
        self.socket = place / "broker.sock"
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "RASSO_", "DJANGO_"))}
        self.environment = {
            **ours,
            "RASSO_MODE": "demonstration",
            "DATABASE_WORKER_URL": due.worker_address,
            "REDIS_URL": f"redis+socket://{self.socket}",
            "EMAIL_FILE_PATH": str(place / "mail"),
        }

    @contextmanager
    def broker(self) -> Iterator[None]:
        process = start_child(valkey.command(find_valkey(None, self.place), self.socket), last_signal=signal.SIGKILL)
        try:
            until(lambda: valkey.is_ready(self.socket), "the broker to answer")
            yield
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def running(self, command: str) -> Iterator[subprocess.Popen[str]]:
        with (self.place / "log").open("a") as log:
            process = start_child(
                [sys.executable, "-m", *command.split()],
                last_signal=signal.SIGKILL,
                output=log,
                environment={**self.environment, "RASSO_PROCESS": "worker"},
                directory=ROOT,
            )
        try:
            yield process
        finally:
            stop_child(process, signal.SIGTERM)

    def sent(self) -> Counter[str]:
        """How often each message was handed over."""
        found: Counter[str] = Counter()
        for file in (self.place / "mail").glob("*"):
            found.update(re.findall(r"^Message-ID: <(.+?)@", file.read_text(), flags=re.MULTILINE))
        return found

    def send_by_hand(self) -> str:
        command = [sys.executable, "manage.py", "send_reminders"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def kill_all_of(process: subprocess.Popen[str]) -> None:
    """The process and what it started, which all are in its session."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} seconds for {what}"
        time.sleep(0.02)


def test_killed_worker_and_lost_broker_lose_no_reminder_and_no_message(due: Reviews, place: Path) -> None:
    site = Site(due, place)
    with ExitStack() as first:
        first.enter_context(site.broker())
        worker = first.enter_context(site.running(WORKER))
        first.enter_context(site.running(f"{CLOCK} {place / 'schedule'}"))
        until(lambda: len(site.sent()) >= FEW, "the first messages")
        kill_all_of(worker)
    # Broker and clock are gone as well, with whatever was queued.
    assert len(site.sent()) < due.sergeants, "the worker was killed in the middle"
    assert due.made() == (due.reminders, due.reminders)

    due.change("UPDATE cases_message SET leased_until = now() WHERE sent_at IS NULL")  # so long that the leases end
    with ExitStack() as second:
        second.enter_context(site.broker())
        second.enter_context(site.running(WORKER))
        second.enter_context(site.running(f"{CLOCK} {place / 'schedule'}"))
        until(lambda: due.ask("SELECT count(*) FROM cases_message WHERE sent_at IS NULL") == (0,), "the last message")
    sent = site.sent()
    assert len(sent) == due.sergeants
    assert sent.total() <= due.sergeants + HANDS, "each hand of the killed worker may repeat one"
    assert due.made() == (due.reminders, due.reminders)


def test_without_a_broker_reminders_go_out_by_hand(due: Reviews, place: Path) -> None:
    site = Site(due, place)
    assert (
        site.send_by_hand()
        == f"{due.reminders} reminders made, {due.sergeants} messages sent, 0 had nothing left to say, 0 failed.\n"
    )
    due.pass_a_day()
    assert site.send_by_hand().startswith(f"{due.reminders} reminders made, {due.sergeants} messages sent")
    assert site.send_by_hand().startswith("0 reminders made, 0 messages sent")
    assert set(site.sent().values()) == {1}
