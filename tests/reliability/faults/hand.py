"""A worker's hand: for each line it reads, a process of its own makes and sends reminders once. Such a process may be killed.

Django is loaded once, so that a run costs what its work costs. A line says as of which moment ("now" for the present) and by how many
seconds the clock of the hand's machine is wrong; or "task", then the name of a task to run as the worker would, or "all" to list them.
"""

import dataclasses
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import time_machine


def main() -> None:
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        first, second = line.split()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer = task(second) if first == "task" else remind(first, float(second))
            keep(Path(sys.argv[1]) / str(os.getpid()), answer)
            os._exit(0)
        print(pid, flush=True)


def answering(function: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """What went wrong is an answer too."""

    def answer(*arguments: Any) -> dict[str, Any]:
        try:
            return {"answer": function(*arguments)}
        except Exception:
            return {"error": traceback.format_exc()}

    return answer


@answering
def remind(moment: str, wrong: float) -> dict[str, int]:
    from cases.operations.reminders import send_reminders

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=wrong), tick=True):
        done = send_reminders(as_of=None if moment == "now" else datetime.fromisoformat(moment))
    return dataclasses.asdict(done)


@answering
def task(name: str) -> list[str]:
    from rasso.celery import app

    app.loader.import_default_modules()
    if name != "all":
        app.tasks[name].apply(throw=True)
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def keep(path: Path, answer: dict[str, Any]) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(answer))
    unfinished.rename(path)


if __name__ == "__main__":
    main()
