"""`make bench`: how long things take, beside the plainest way of doing them, in the same run. It gates nothing.

Times of one machine mean little; ratios within one run do. Each figure is the median of interleaved repetitions.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,20000").split(","))
REPETITIONS = 15
DUE = date(2026, 1, 19)
RAW_PAGE = "SELECT id, due_on FROM cases_review WHERE unit_id = %s AND completed_at IS NULL ORDER BY due_on, id LIMIT 50"


def median_of(repetitions: int, *subjects: Callable[[], object]) -> list[float]:
    """Milliseconds of each subject, run in turn so that a slow moment of the machine hits all alike."""
    taken: list[list[float]] = [[] for _ in subjects]
    for _ in range(repetitions):
        for times, subject in zip(taken, subjects, strict=True):
            start = time.perf_counter()
            subject()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


def measure(size: int) -> dict[str, Any]:
    import psycopg
    from django.db import connections
    from django.test import Client

    from people.models import User
    from tests import databases
    from tests.conftest import connection_settings
    from tests.reliability.many import fill

    name = f"bench_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    try:
        fill(databases.admin_url(name), due_on=DUE, reviews=size, units=10, sergeants=1, investigators=10)
        connections["default"].settings_dict.update(connection_settings(databases.admin_url(name)))
        connections["default"].close()
        sergeant = User.objects.filter(family_name="sergeant").order_by("pk")[0]
        browser = Client()
        browser.force_login(sergeant, backend="allauth.account.auth_backends.AuthenticationBackend")
        with psycopg.connect(databases.admin_url(name), autocommit=True) as raw:
            unit = raw.execute("SELECT unit_id FROM people_membership WHERE user_id = %s", [sergeant.pk]).fetchone()
            pages = median_of(
                REPETITIONS,
                lambda: browser.get("/reviews/").content,
                lambda: browser.get("/cases/").content,
                lambda: raw.execute(RAW_PAGE, unit).fetchall(),
            )
            reminders, loop = sweep_and_loop(raw)
    finally:
        connections["default"].close()
        databases.drop(name)
    return {
        "open reviews": size,
        "queue page, ms": pages[0],
        "case list, ms": pages[1],
        "raw SQL of 50 rows, ms": pages[2],
        "queue page / raw SQL": pages[0] / pages[2],
        "reminders a second, sweep": reminders,
        "reminders a second, loop with save()": loop,
        "sweep / loop": reminders / loop,
    }


def sweep_and_loop(raw: Any) -> tuple[float, float]:
    """Rows a second: one sweep over everything, and Django saving one reminder after the other."""
    from cases.models import Reminder, Review
    from tests.worlds import building

    with building():
        some = list(Review.unguarded.all()[:300])
        owner = Reminder._meta.get_field("owner").related_model.objects.order_by("pk")[0]  # type: ignore[union-attr]
        start = time.perf_counter()
        for review in some:
            Reminder(
                owner=owner,
                review=review,
                stage="DUE",
                due_on=DUE,
                made_on=DUE,
                made_at=review.completed_at or "2026-01-19T00:00Z",
            ).save()
        loop = len(some) / (time.perf_counter() - start)
    start = time.perf_counter()
    (made,) = raw.execute("SELECT rasso.sweep()").fetchone()
    return made / (time.perf_counter() - start), loop


# Pages of the case with 500 events, 100 actions and 30 reviews, and the rows that each is made of.
PAGES_OF_A_CASE: dict[str, tuple[str, ...]] = {
    "case": ("event", "timelimit", "review", "action"),
    "case-chronology": ("event",),
    "review": ("event", "review", "action", "timelimit"),
    "case-history": ("historicalcase", "historicalreview", "historicalaction"),
    "case-dates": ("timelimit", "review", "event"),
    "case-actions": ("action", "moretime"),
    "case-enquiries": ("lineofenquiry",),
}


def measure_long_case() -> dict[str, Any]:
    """Milliseconds of each page, of reading its rows with raw SQL, and how many times as long the page takes."""
    import psycopg
    from django.db import connections
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from tests import databases
    from tests.access.many import LONG_CASE, make_cases
    from tests.conftest import connection_settings
    from tests.worlds import building, make_force

    name = f"bench_case_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    found: dict[str, Any] = {}
    try:
        connections["default"].settings_dict.update(connection_settings(databases.admin_url(name)))
        connections["default"].close()
        with building():
            force = make_force()
        make_cases(force, 1, size=LONG_CASE)
        browser = Client()
        browser.force_login(force.sergeant, backend="allauth.account.auth_backends.AuthenticationBackend")
        with psycopg.connect(databases.admin_url(name), autocommit=True) as raw:
            case, reference = raw.execute("SELECT id, reference FROM cases_case").fetchone() or (None, "")
            review = raw.execute("SELECT id FROM cases_review ORDER BY number").fetchone()
            for page, tables in PAGES_OF_A_CASE.items():
                try:
                    address = reverse(page, args=review if page == "review" else [reference])
                except NoReverseMatch:
                    continue
                assert browser.get(address).status_code == 200, page
                rows = [
                    f"SELECT * FROM cases_{table} WHERE {'id' if table == 'historicalcase' else 'case_id'} = %s"
                    for table in tables
                ]
                served, read = median_of(
                    REPETITIONS,
                    lambda address=address: browser.get(address).content,
                    lambda rows=rows: [raw.execute(statement, [case]).fetchall() for statement in rows],
                )
                found |= {f"{page}, ms": served, f"{page}, raw SQL, ms": read, f"{page} / raw SQL": served / read}
    finally:
        connections["default"].close()
        databases.drop(name)
    return found


def main() -> None:
    from kit.devservers import Servers, directory_for

    servers = Servers(directory_for("test"), durable=False)
    os.environ.update(servers.start())
    os.environ["DJANGO_SETTINGS_MODULE"] = "rasso.settings_test"
    try:
        django.setup()
        results = [measure(size) for size in SIZES]
        long_case = measure_long_case()
    finally:
        servers.stop()
    for name in results[0]:
        print(f"{name:40}" + "".join(f"{result[name]:>14,.1f}" for result in results))
    print("\nA case with 500 events, 100 actions, 30 reviews")
    for name, figure in long_case.items():
        print(f"{name:40}{figure:>14,.1f}")
    out = ROOT / "var" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    path = out / time.strftime("%Y-%m-%d.json")
    path.write_text(json.dumps({"by size": results, "a long case": long_case}, indent=2))
    print(f"Written to {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
