"""Worker, clock, broker, mail server and hands over one database: real processes, which can be killed."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kit.devservers import ROOT, valkey
from kit.devservers.binaries import find_valkey
from kit.devservers.processes import start_child, stop_child
from rasso.demo import CLOCK, WORKER
from tests import databases
from tests.floor.processes import alive
from tests.reliability.faults.books import JERSEY, Books
from tests.reliability.faults.mail import MailServer, mail_server
from tests.reliability.many import fill

TODAY = date(2026, 11, 23)
NUMBERS = itertools.count(1)
PATIENCE = 180
# How long messages wait for an answer of the mail server here; in production it is longer.
MAIL_PATIENCE = 1


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(JERSEY))


# Before the hour at which messages go, and after it.
BEFORE, AFTER = at(TODAY, 6), at(TODAY, 9)


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} seconds for {what}"
        time.sleep(0.02)


def kill_all_of(process: subprocess.Popen[str]) -> None:
    """The process and what it started, which all are in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Site:
    """``reviews``, each due on one day and signed by two sergeants: two reminders a review, one message a sergeant."""

    books: Books
    reviews: int
    sergeants: int
    place: Path
    mail: MailServer
    chance: random.Random

    def __post_init__(self) -> None:
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "RASSO_", "DJANGO_"))}
        self.socket = self.place / "broker.sock"
        self.results = self.place / "results"
        self.results.mkdir()
        self.environment = {
            **ours,
            "RASSO_MODE": "demonstration",
            "RASSO_PROCESS": "worker",
            "DJANGO_SETTINGS_MODULE": "tests.reliability.faults.settings",
            "DATABASE_WORKER_URL": databases.with_name(os.environ["DATABASE_WORKER_URL"], self.books.database),
            "REDIS_URL": f"redis+socket://{self.socket}",
            "FAULTS_MAIL": f"{self.mail.port} {MAIL_PATIENCE}",
        }
        self._puppeteer: subprocess.Popen[str] | None = None

    @property
    def reminders(self) -> int:
        return 2 * self.reviews

    def begin(self, moment: datetime = AFTER, due_on: date = TODAY) -> None:
        self.mail.begin()
        self.books.begin(due_on, moment)

    # Hands: one run of reminders each ----------------------------------------------------------------------------------

    def hand(self, moment: datetime | None = None, *, wrong_by: float = 0) -> int:
        """Start one run; answers the number of its process."""
        return self._tell(f"{moment.isoformat() if moment else 'now'} {wrong_by}")

    def by_hand(self) -> str:
        """What an operator does where there is no broker, and what the command says."""
        command = [sys.executable, "manage.py", "send_reminders"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def task(self, name: str) -> list[str]:
        """Run a task as the worker would; answers the names of all tasks. "all" runs none."""
        (names,) = self.finish([self._tell(f"task {name}")])
        return names

    def _tell(self, line: str) -> int:
        puppeteer = self._hands()
        assert puppeteer.stdin and puppeteer.stdout
        puppeteer.stdin.write(line + "\n")
        puppeteer.stdin.flush()
        return int(puppeteer.stdout.readline())

    def finish(self, hands: Iterable[int]) -> list[Any]:
        """What each of them did; nothing for one that was killed. One that failed fails the test."""
        hands = list(hands)
        until(lambda: not alive(hands), "the hands to finish")
        answers = [loads(path.read_text()) for path in (self.results / str(hand) for hand in hands) if path.exists()]
        assert not [answer["error"] for answer in answers if "error" in answer]
        return [answer["answer"] for answer in answers]

    def run(self, moment: datetime | None = None, *, wrong_by: float = 0) -> dict[str, Any]:
        (answer,) = self.finish([self.hand(moment, wrong_by=wrong_by)])
        return answer

    def _hands(self) -> subprocess.Popen[str]:
        if self._puppeteer is None:
            log = self.place / "hands.log"
            with log.open("w") as errors:
                self._puppeteer = subprocess.Popen(
                    [sys.executable, "-m", "tests.reliability.faults.hand", str(self.results)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    cwd=ROOT,
                    env=self.environment,
                )
            assert self._puppeteer.stdout and self._puppeteer.stdout.readline() == "ready\n", log.read_text()
        return self._puppeteer

    def close(self) -> None:
        if self._puppeteer is not None:
            self._puppeteer.communicate()
            self._puppeteer = None

    # Broker, worker and clock -------------------------------------------------------------------------------------------

    @contextmanager
    def broker(self, program: Path | None = None) -> Iterator[subprocess.Popen[str]]:
        command = valkey.command(program or find_valkey(None, self.place), self.socket)
        process = start_child(command, last_signal=signal.SIGKILL)
        try:
            until(lambda: valkey.is_ready(self.socket), "the broker to answer")
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def running(self, command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        with (self.place / "celery.log").open("a") as log:
            process = start_child(
                [sys.executable, "-m", *command.split()],
                last_signal=signal.SIGKILL,
                output=log,
                environment={**self.environment, **environment},
                directory=ROOT,
            )
        try:
            yield process
        finally:
            stop_child(process, signal.SIGTERM)

    def worker(self) -> Any:
        return self.running(WORKER)

    def clock(self, *, wrong_by: float = 0) -> Any:
        command = CLOCK.replace("var/clock-schedule", str(self.place / "schedule"))
        return self.running(f"tests.reliability.faults.wrong_clock {wrong_by} {command}")


@contextmanager
def running_site(*, reviews: int, units: int, seed: int) -> Iterator[Site]:
    name = f"faults_{os.getpid()}_{next(NUMBERS)}"
    place = Path(tempfile.mkdtemp(prefix="rasso-"))  # not pytest's: the path of a socket must be short
    databases.copy_of(databases.template(), name)
    try:
        fill(databases.admin_url(name), due_on=TODAY, reviews=reviews, units=units, sergeants=2, investigators=5)
        with mail_server() as mail:
            site = Site(Books(name), reviews, 2 * units, place, mail, random.Random(seed))
            try:
                yield site
            finally:
                site.close()
    finally:
        databases.drop(name)
        shutil.rmtree(place)
