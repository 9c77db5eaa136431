"""The sweep over many open reviews, beside a loop that saves one reminder after the other."""

import os
import time
from datetime import date
from typing import Any

import psycopg

from cases.models import Reminder, Review
from tests.bench.databases import database
from tests.reliability.many import fill
from tests.worlds import building

SIZES = tuple(int(size) for size in os.environ.get("BENCH_REVIEWS", "1000,20000").split(","))
DUE = date(2026, 1, 19)


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in SIZES:
        with database(f"sweep_{size}") as address:
            fill(address, due_on=DUE, reviews=size, units=10, sergeants=1, investigators=10)
            with psycopg.connect(address, autocommit=True) as raw:
                swept, saved = sweep_and_loop(raw)
        found |= {
            f"sweep of {size:,} open reviews, reminders a second": swept,
            f"loop with save() beside {size:,}, reminders a second": saved,
            f"sweep / loop at {size:,}": swept / saved,
        }
    return found


def sweep_and_loop(raw: Any) -> tuple[float, float]:
    """Rows a second: one sweep over everything, and Django saving one reminder after the other."""
    with building():
        some = list(Review.unguarded.all()[:300])
        owner = Reminder._meta.get_field("owner").related_model.objects.order_by("pk")[0]  # type: ignore[union-attr]
        start = time.perf_counter()
        for review in some:
            Reminder(
                owner=owner,
                about="REVIEW",
                about_id=review.pk,
                stage="DUE",
                due_on=DUE,
                made_on=DUE,
                made_at=review.completed_at or "2026-01-19T00:00Z",
            ).save()
        loop = len(some) / (time.perf_counter() - start)
    start = time.perf_counter()
    (made,) = raw.execute("SELECT rasso.sweep()").fetchone()
    return made / (time.perf_counter() - start), loop
