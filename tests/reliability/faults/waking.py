"""F9, F10, F25 and F26: the real worker and the real clock on a real broker, each of which is killed in the middle of its work."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kit.devservers import ROOT
from tests.reliability.faults.delivering import delivered
from tests.reliability.faults.line import Line
from tests.reliability.faults.site import Site, kill_all_of, until
from tests.reliability.faults.sweeping import made

TICKS = 300
FEW = 3
FILL = f"""
from rasso.celery import app
for _ in range({TICKS}):
    app.send_task("cases.tasks.send_reminders")
"""


def bad_day(site: Site, program: Path | None = None) -> Iterator[Line]:
    """Broker, worker, broker and worker fall one after the other, on a clock that is five minutes behind."""
    name = program.name if program else "valkey-server"
    site.begin()
    with site.broker(program) as broker:
        fill_queue(site)
        assert queued(site) == TICKS
        kill_all_of(broker)
    with site.broker(program) as broker, site.clock(wrong_by=-300):
        assert queued(site) == 0
        yield from worker_killed(site, name)
        with site.worker() as worker:
            kill_all_of(broker)
            with site.broker(program) as back:
                yield broker_back(site, name)
                yield silent_for_a_while(site, name, back)
                yield worker_asked_to_stop(site, name, worker)


def worker_killed(site: Site, name: str) -> Iterator[Line]:
    site.mail.answers_after = 0.05
    with site.worker() as worker:
        until(lambda: len(site.mail.accepted) >= FEW, "the first messages")
        kill_all_of(worker)
    site.books.let_sessions_end()
    assert site.books.messages().waiting, "killed in the middle"
    site.books.let_leases_end()
    with site.worker():
        until(lambda: site.books.messages().sent == site.sergeants, "the last message")
    yield made(site, "F9", f"{name} killed (-9) with {TICKS} ticks in its queue", seen=f"{TICKS} ticks gone, no reminder")
    yield delivered(site, "F10", f"worker killed (-9) in its task, {name}", may_double=1)
    yield delivered(site, "F26", f"clock process five minutes behind, {name}", may_double=1)


def broker_back(site: Site, name: str) -> Line:
    site.begin()
    until(lambda: site.books.messages().sent == site.sergeants, "the worker to find the broker again")
    return delivered(site, "F9", f"{name} killed (-9) under worker and clock, then back")


def silent_for_a_while(site: Site, name: str, broker: subprocess.Popen[str]) -> Line:
    """It has the connections and answers nothing; then it goes on."""
    broker.send_signal(signal.SIGSTOP)
    site.begin()
    time.sleep(6)
    broker.send_signal(signal.SIGCONT)
    until(lambda: site.books.messages().sent == site.sergeants, "the worker to go on with the broker")
    return delivered(site, "F8", f"{name} silent for a while under worker and clock")


def worker_asked_to_stop(site: Site, name: str, worker: subprocess.Popen[str]) -> Line:
    """SIGTERM in the middle of a task: it ends its task first, and nothing is left half done."""
    site.begin()
    site.mail.answers_after = 0.1
    until(lambda: len(site.mail.accepted) >= FEW, "the first messages")
    before = len(site.mail.accepted)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(60) == 0
    messages = site.books.messages()
    assert (messages.sent, messages.waiting) == (site.sergeants, 0)
    return delivered(site, "F25", f"worker asked to stop (TERM) in its task, {name}", seen=f"asked after {before} messages")


def fill_queue(site: Site) -> None:
    subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=site.environment, check=True)


def queued(site: Site) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(site.socket))
        connection.sendall(b"LLEN celery\r\n")
        return int(connection.recv(64).strip(b":\r\n"))
