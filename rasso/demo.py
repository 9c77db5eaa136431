"""The whole site with an invented force, from nothing to a page that answers: `make demo`.

This process owns PostgreSQL, Valkey, the web server, the worker and the clock. When it goes, however it goes, they go.
"""

import argparse
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import ProgrammingError

from kit.devservers import ROOT, Servers, ServersError, directory_for
from kit.devservers.processes import follow, start_child, stop_child
from rasso.demonstration.accounts import ACCOUNTS
from rasso.demonstration.outlines import OUTLINES

LOGS = ROOT / "var" / "logs"
PATIENCE = 60.0


class Failed(Exception):
    """The demonstration cannot run; the message says why and what to do."""


class Asked(BaseException):
    """Somebody wants it to end: Ctrl-C, SIGTERM, or the `make` that started it has gone."""


@dataclass(frozen=True)
class Part:
    """One process of the site: what Python runs, with which database login, and the signal it gets if we are killed."""

    name: str
    command: str
    login: str
    last_signal: signal.Signals

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def start(self) -> subprocess.Popen[str]:
        # Only this process may make roles and change tables.
        ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL")}
        with self.log.open("w") as log:
            return start_child(
                [sys.executable, "-m", *self.command.split()],
                last_signal=self.last_signal,
                output=log,
                environment={**ours, "RASSO_PROCESS": self.login},
                directory=ROOT,
            )


# One web process with threads, and one worker process: enough to show everything, light enough for a laptop.
WEB = "gunicorn rasso.wsgi --threads 8 --graceful-timeout 3 --no-control-socket --bind 127.0.0.1"
WORKER = "celery -A rasso.celery worker --concurrency 1 -l WARNING --without-gossip --without-mingle --without-heartbeat"
CLOCK = "celery -A rasso.celery beat -l WARNING -s var/clock-schedule --pidfile="


def parts(port: int) -> tuple[Part, ...]:
    return (
        Part("web", f"{WEB}:{port}", "web", signal.SIGTERM),  # Gunicorn ends its own workers when it is asked to.
        Part("worker", WORKER, "worker", signal.SIGKILL),  # Celery's pool has tied itself to Celery.
        Part("clock", CLOCK, "worker", signal.SIGKILL),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m rasso.demo", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--parent", type=int, help="end when this process, which started us, has gone")
    parser.add_argument("--data", type=Path, default=directory_for("demonstration"), help="where the servers keep theirs")
    parser.add_argument("--cases", type=int, default=len(OUTLINES), help="invent only so many cases, if there are none")
    chosen = parser.parse_args()
    for request in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request, _ask)
    try:
        if chosen.parent:
            follow(chosen.parent)
        show(chosen.port, chosen.data, chosen.cases)
    except (Failed, ServersError) as error:
        print(error, file=sys.stderr)
        return 1
    except Asked:
        print("Stopped.", flush=True)
    return 0


def show(port: int, data: Path, cases: int) -> None:
    _refuse_a_taken_port(port)
    LOGS.mkdir(parents=True, exist_ok=True)
    servers = Servers(data, join=False)
    _say("Starting PostgreSQL and Valkey")
    with _stopping_last(servers) as environment:
        os.environ.update(environment)
        os.environ["PUBLIC_ADDRESS"] = f"http://127.0.0.1:{port}"
        _prepare_site(cases)
        _say("Starting the web server, the worker and the clock")
        with _running(parts(port)) as running:
            _wait_until_it_answers(port, running)
            _introduce(port)
            _watch(running, servers)


@contextlib.contextmanager
def _stopping_last(servers: Servers) -> Iterator[dict[str, str]]:
    try:
        yield servers.start()
    finally:
        _ignore_requests()
        servers.stop()


def _prepare_site(cases: int) -> None:
    """In this process and as the owner, because starting Django for each command would take longer than their work."""
    os.environ.update(DJANGO_SETTINGS_MODULE="rasso.settings", RASSO_MODE="demonstration", RASSO_PROCESS="owner")
    django.setup()
    _say("Preparing the database and the static files")
    try:
        for command in ("setup_roles", "migrate --no-input", "collectstatic --no-input"):
            call_command(*command.split(), verbosity=0, stdout=io.StringIO())
    except ProgrammingError as error:
        raise Failed(
            f"The data of an earlier demonstration do not fit this version ({type(error).__name__}). They are invented: "
            "delete var/servers/demonstration and start again."
        ) from error
    _say("Looking for the invented force, and inventing it if it is not there")
    call_command("demonstration", cases=cases)
    connections.close_all()


@contextlib.contextmanager
def _running(wanted: tuple[Part, ...]) -> Iterator[dict[Part, subprocess.Popen[str]]]:
    running: dict[Part, subprocess.Popen[str]] = {}
    try:
        for part in wanted:
            running[part] = part.start()
        yield running
    finally:
        _ignore_requests()
        for process in running.values():
            process.terminate()
        for process in running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            stop_child(process, signal.SIGQUIT)


def _wait_until_it_answers(port: int, running: dict[Part, subprocess.Popen[str]]) -> None:
    end = time.monotonic() + PATIENCE
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < end:
        _refuse_the_fallen(running)
        with contextlib.suppress(OSError), direct.open(f"http://127.0.0.1:{port}/health/live", timeout=5):
            return
        time.sleep(0.1)
    raise Failed(f"The web server has not answered within {PATIENCE:.0f} seconds; see {LOGS / 'web.log'}.")


def _watch(running: dict[Part, subprocess.Popen[str]], servers: Servers) -> None:
    while True:
        _refuse_the_fallen(running)
        fallen = servers.fallen()
        if fallen:
            raise Failed(f"{fallen} has ended by itself, so the demonstration stops.")
        time.sleep(0.5)


def _refuse_the_fallen(running: dict[Part, subprocess.Popen[str]]) -> None:
    for part, process in running.items():
        if process.poll() is not None:
            end = "\n".join(part.log.read_text().splitlines()[-20:])
            raise Failed(f"{end}\nThe {part.name} has ended by itself, so the demonstration stops; see {part.log}.")


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failed(
                f"Port {port} cannot be used ({error.strerror}); perhaps another demonstration runs. "
                f"Choose another port: make demo PORT={port + 1}"
            ) from error


def _introduce(port: int) -> None:
    accounts = "\n".join(f"    {account.username:<16} {account.does}" for account in ACCOUNTS)
    print(
        f"\nThe demonstration is on http://127.0.0.1:{port}/ with these accounts:\n\n{accounts}\n\n"
        f"The password of each is {settings.DEMONSTRATION_PASSWORD}. All people and cases are invented.\n"
        "Stop it with Ctrl-C; the data are kept for the next time.",
        flush=True,
    )


def _ask(*_: object) -> None:
    raise Asked


def _ignore_requests() -> None:
    """A second Ctrl-C must not interrupt the stopping."""
    for request in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request, signal.SIG_IGN)


def _say(sentence: str) -> None:
    print(f"- {sentence} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
