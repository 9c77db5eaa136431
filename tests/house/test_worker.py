"""What keeps worker and clock from losing, repeating or hanging (docs/reliability.md says why each of these is so)."""

import ast
import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from celery.schedules import crontab

from cases.operations import reminders
from tests.house.sources import ROOT, called, nodes, place

QUEUEING = {"delay", "apply_async", "send_task"}
# What a conversation with a mail server may consist of, each with an answer to wait for: connection, greeting, EHLO, STARTTLS, its
# handshake, EHLO again, three for the password, sender, recipient, DATA, the message, QUIT.
ANSWERS = 14
DIFFERENCE_OF_CLOCKS = timedelta(minutes=15)


@pytest.fixture(scope="module")
def options() -> dict[str, Any]:
    """Of the worker as it would run, asked in a process of its own."""
    ask = "import json; from rasso.celery import app; print(json.dumps({k: v for k, v in app.conf.items()}, default=str))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_request_and_no_operation_queues_a_task() -> None:
    found = [
        place(path, node) for path, node in nodes(ast.Call) if called(node) in QUEUEING and isinstance(node.func, ast.Attribute)
    ]  # type: ignore[attr-defined]
    assert found == [], "rows in the database decide what is to be done; the clock wakes whoever looks"


def test_web_server_does_not_even_load_the_client_of_the_broker() -> None:
    ask = "import sys, rasso.wsgi; print([name for name in ('celery', 'kombu', 'redis') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_waits_in_the_queue_for_its_time(options: dict[str, Any]) -> None:
    """What has a time far ahead is given out again each time the broker's patience ends."""
    found = [
        place(path, node)
        for path, node in nodes(ast.Call)
        if {keyword.arg for keyword in node.keywords} & {"eta", "countdown"}  # type: ignore[attr-defined]
    ]
    assert found == []
    assert all(not {"eta", "countdown"} & set(entry["options"]) for entry in options["beat_schedule"].values())


def only_in_the_last_hour(schedule: Any) -> bool:
    """Of the day in UTC, which in summer is another day here."""
    return isinstance(schedule, crontab) and set(schedule.hour) == {23}


def test_last_hour_of_the_day_is_recognised() -> None:
    assert only_in_the_last_hour(crontab(hour=23, minute=30))
    assert not only_in_the_last_hour(crontab(hour="22,23", minute=0))
    assert not only_in_the_last_hour(300)


def test_clock_counts_in_utc_and_nothing_runs_only_in_its_last_hour(options: dict[str, Any]) -> None:
    assert (options["timezone"], options["enable_utc"]) == ("UTC", True)
    assert not any(only_in_the_last_hour(entry["schedule"]) for entry in options["beat_schedule"].values())


def test_tick_outlives_the_difference_of_two_clocks(options: dict[str, Any]) -> None:
    for entry in options["beat_schedule"].values():
        assert timedelta(seconds=entry["options"]["expires"]) >= 2 * DIFFERENCE_OF_CLOCKS


def test_task_is_given_back_only_when_its_worker_is_gone(options: dict[str, Any]) -> None:
    assert options["task_acks_late"] and options["task_reject_on_worker_lost"]
    assert options["worker_prefetch_multiplier"] == 1
    longest = reminders.RUN_SECONDS + reminders.LEASE.total_seconds()
    assert longest < options["task_time_limit"] < options["broker_transport_options"]["visibility_timeout"]


def test_message_is_leased_for_longer_than_its_sending_takes() -> None:
    """Read, because only production sends messages to a server."""
    tree = ast.parse((ROOT / "rasso" / "settings.py").read_text())
    (timeout,) = (
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and called(node.targets[0]) == "EMAIL_TIMEOUT"
    )
    assert isinstance(timeout, ast.Constant)
    assert timedelta(seconds=ANSWERS * timeout.value) < reminders.LEASE


def test_nothing_waits_for_the_broker_for_ever(options: dict[str, Any]) -> None:
    given = options["broker_transport_options"]
    assert given["socket_timeout"] and given["socket_connect_timeout"] and given["socket_keepalive"]
    assert options["broker_connection_retry"] and options["broker_connection_retry_on_startup"]
    assert options["broker_connection_max_retries"] is None, "for ever; 0 would be never"
    assert options["broker_channel_error_retry"]
