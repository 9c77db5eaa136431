"""The sweep over many open reviews beside the plain loop that does the same, and messages beside a bare SMTP client.

The loop is what a job that escalates tickets usually is: for each open row that is due ask who signs it, ask whether they were told,
and save one reminder, each in a transaction of its own.
"""

import os
import smtplib
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any
from uuid import uuid4

import psycopg
from django.core.mail import EmailMessage
from django.db import connection

from cases.models import Case, Reminder, Review
from cases.operations.reminders import send_reminders
from tests.bench.databases import database
from tests.postgres import base
from tests.reliability.faults.mail import MailServer, mail_server
from tests.reliability.many import fill
from tests.worlds import building

SIZES = tuple(int(size) for size in os.environ.get("BENCH_REVIEWS", "1000,100000,1000000").split(","))
DUE = date(2026, 1, 19)
MORNING = datetime.combine(DUE, time_of_day(9), UTC)
# In a thousand, as in a force whose reviews come every four weeks.
DUE_TODAY = 35
LOOPED = 300
QUIET_TICKS = 9
MESSAGES = 400


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in SIZES:
        found |= {f"{size:,} open reviews: {name}": figure for name, figure in measure_sweep(size).items()}
    return {**found, **measure_delivery()}


def measure_sweep(size: int) -> dict[str, float]:
    """Of every thousand reviews DUE_TODAY are due; then, a month on, all of them are."""
    with database(f"sweep_{size}") as address:
        fill(address, due_on=DUE, reviews=size, units=10, sergeants=1, investigators=10, per_mille=DUE_TODAY)
        looped = loop()
        with psycopg.connect(address, autocommit=True) as raw:
            # The day before: not one is due.
            nothing = quiet(raw, MORNING - timedelta(days=1))
            some, seconds = swept(raw, MORNING)
            again = quiet(raw, MORNING)
            every, seconds_of_all = swept(raw, MORNING + timedelta(days=60))
    return {
        "a tick when nothing is due, ms": nothing,
        "reminders of those due today": some,
        "made a second": some / seconds,
        "a tick after that, ms": again,
        "reminders when all are late": every,
        "all late, made a second": every / seconds_of_all,
        "the loop, made a second": looped,
        "sweep / loop": every / seconds_of_all / looped,
    }


def swept(raw: Any, moment: datetime) -> tuple[int, float]:
    start = time.perf_counter()
    (made,) = raw.execute("SELECT rasso.sweep_as_of(%s)", [moment]).fetchone()
    return made, time.perf_counter() - start


def quiet(raw: Any, moment: datetime) -> float:
    """Milliseconds of what the clock asks for every few minutes; the first one of a day looks at everything."""
    raw.execute("SELECT rasso.sweep_as_of(%s, false)", [moment])
    times = []
    for _ in range(QUIET_TICKS):
        start = time.perf_counter()
        raw.execute("SELECT rasso.sweep_as_of(%s, false)", [moment])
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[QUIET_TICKS // 2]


def loop() -> float:
    """Reminders a second, one by one; taken back afterwards."""
    with building():
        due = list(Review.unguarded.filter(completed_at=None, due_on__lte=DUE).order_by("due_on")[:LOOPED])
        start = time.perf_counter()
        for review in due:
            tell(review)
        seconds = time.perf_counter() - start
        Reminder.unguarded.all().delete()
    return len(due) / seconds


def tell(review: Review) -> None:
    case = Case.unguarded.get(pk=review.case_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rasso.told_of_review(%s, %s, %s, %s, %s)",
            [review.unit_id, review.lowest_role, case.officer_id, case.pk, review.is_restricted],
        )
        owners = [owner for (owner,) in cursor.fetchall()]
    for owner in owners:
        line = {"owner_id": owner, "about": "REVIEW", "about_id": review.pk, "stage": "DUE", "due_on": review.due_on}
        if not Reminder.unguarded.filter(**line).exists():
            Reminder(**line, made_on=DUE, made_at=MORNING).save()


# Messages ------------------------------------------------------------------------------------------------------------------


def measure_delivery() -> dict[str, Any]:
    """Messages a second: ours with its claims and records, and a client that does nothing but send, each one connection a message."""
    with database("delivery") as address, mail_server() as server, sending_to(server):
        fill(address, due_on=DUE, reviews=MESSAGES, units=MESSAGES, sergeants=1, investigators=1)
        bare = rate(MESSAGES, lambda: send_bare(server))
        base.LOGIN = "rasso_worker"
        connection.close()
        try:
            start = time.perf_counter()
            done = send_reminders(as_of=MORNING)
            ours = done.sent / (time.perf_counter() - start)
        finally:
            base.LOGIN = "rasso_web"
            connection.close()
    assert done.sent == MESSAGES, done
    return {"messages a second, with the sweep": ours, "bare client, messages a second": bare, "ours / bare client": ours / bare}


def rate(number: int, send: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(number):
        send()
    return number / (time.perf_counter() - start)


def send_bare(server: MailServer) -> None:
    message = EmailMessage(
        "Work that waits for you",
        "1 due\n",
        "rasso@example.invalid",
        ["sergeant@example.invalid"],
        headers={"Message-ID": f"<{uuid4()}@x>"},
    )
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        client.sendmail("rasso@example.invalid", ["sergeant@example.invalid"], message.message().as_bytes())


def sending_to(server: MailServer) -> Any:
    from django.test.utils import override_settings

    backend = "django.core.mail.backends.smtp.EmailBackend"
    return override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port)
