"""Run a module's program on a machine whose clock is wrong: `python -m tests.reliability.faults.wrong_clock -300 celery ...`."""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine

if __name__ == "__main__":
    _, seconds, program, *arguments = sys.argv
    sys.argv = [program, *arguments]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(seconds)), tick=True):
        runpy.run_module(program, run_name="__main__", alter_sys=True)
