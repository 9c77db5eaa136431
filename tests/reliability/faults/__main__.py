"""`make faults`: each fault at full size, as a table and as JSON in var/faults. FAULTS_SEED repeats a run."""

import json
import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def sweeps(seed: int) -> Iterator[object]:
    from tests.reliability.faults import sweeping
    from tests.reliability.faults.site import running_site

    with running_site(reviews=20_000, units=50, seed=seed) as site:
        yield sweeping.sweeps_at_once(site)
        yield sweeping.sweep_killed(site, kills=20)
        yield sweeping.clock_jumps(site)
        yield from sweeping.odd_days(site)
        yield sweeping.days_away(site)
        yield sweeping.wrong_machine_clock(site)


def messages(seed: int) -> Iterator[object]:
    from tests.reliability.faults import delivering
    from tests.reliability.faults.site import running_site

    with running_site(reviews=2000, units=100, seed=seed) as site:
        yield delivering.dispatchers_killed(site, kills=20)
        yield delivering.poison(site)
        yield delivering.mail_server_misbehaves(site, stalls=10)
        yield delivering.mail_server_away(site)
        yield delivering.mail_server_slow(site)


def worker_and_clock(seed: int) -> Iterator[object]:
    from tests.reliability.faults import waking
    from tests.reliability.faults.site import running_site

    redis = shutil.which("redis-server")
    for program in (None, Path(redis)) if redis else (None,):
        with running_site(reviews=1500, units=100, seed=seed) as site:
            yield from waking.bad_day(site, program)


def pages(seed: int) -> Iterator[object]:
    from tests.reliability.faults import asking
    from tests.reliability.faults.web import web_site

    with web_site(seed=seed) as web:
        yield asking.ratio_without_broker(web)
        yield asking.web_server_stopped(web, stops=20)
        yield asking.wrong_web_clock(web)
        with web.serving():
            yield asking.broker_away(web)
            yield from asking.sent_twice(web, rounds=20)
            yield asking.logged_twice(web, rounds=10)
            yield asking.editors(web, 2, rounds=50)
            yield asking.editors(web, 3, rounds=50)
            yield asking.editors(web, 2, rounds=50, beside_worker=True)
            yield from asking.right_ends_meanwhile(web)


def main() -> int:
    os.environ.update(RASSO_MODE="test", DJANGO_SETTINGS_MODULE="rasso.settings_test")
    from kit.devservers import Servers, directory_for
    from tests.reliability.faults.line import Line, heading

    parts: tuple[Callable[[int], Iterator[object]], ...] = (sweeps, messages, worker_and_clock, pages)
    wanted = [part for part in parts if not sys.argv[1:] or part.__name__ in sys.argv[1:]]
    seed = int(os.environ.get("FAULTS_SEED", random.randrange(10**6)))
    start = time.monotonic()
    found: list[Line] = []
    with Servers(directory_for("test"), durable=False) as environment:
        os.environ.update(environment)
        django.setup()
        print(f"Seed {seed}\n{heading()}", flush=True)
        for line in chain.from_iterable(part(seed) for part in wanted):
            assert isinstance(line, Line)
            found.append(line)
            print(line, "" if line.passes else "  FAILED", flush=True)
    directory = ROOT / "var" / "faults"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{datetime.now(UTC):%Y-%m-%dT%H%M}.json"
    report = {"seed": seed, "seconds": round(time.monotonic() - start), "lines": [line.as_json() for line in found]}
    path.write_text(json.dumps(report, indent=1) + "\n")
    failed = [line for line in found if not line.passes]
    print(f"{len(found) - len(failed)} of {len(found)} hold; {report['seconds']} s; {path.relative_to(ROOT)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
