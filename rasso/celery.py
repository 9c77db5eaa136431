"""Worker and clock. Rows in PostgreSQL decide what is due and what was sent; this only wakes whoever looks.

No request queues a task: losing the broker loses nothing, and a silent one holds up no page.
"""

import logging.config
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")
os.environ.setdefault("RASSO_PROCESS", "worker")

from celery import Celery, signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from rasso.checks import refuse_unfit_database

if settings.PRODUCTION and not settings.REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is missing. Set it to the address of the broker that wakes the worker: redis://host/0.")
refuse_unfit_database()


@signals.setup_logging.connect
def log_as_everywhere(**about: Any) -> None:
    """Celery's own lines would hold the texts of exceptions, and those hold rows."""
    logging.config.dictConfig(settings.LOGGING)


app = Celery("rasso", broker=settings.REDIS_URL or "memory://")
app.conf.update(
    # In UTC: Celery's clock stops or shifts at the clock changes of other zones.
    timezone="UTC",
    enable_utc=True,
    task_ignore_result=True,
    # Whose worker dies gives its task back, and every task may be done again (docs/reliability.md, tests/house/test_worker.py).
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # A run begins no message after three minutes, and the last one is leased for ten. Only when even that is over is it ended, and
    # only after that does the broker give it to somebody else.
    task_time_limit=800,
    # A broker that is away may be away for long; whoever sends reminders by hand (manage.py send_reminders) needs none.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # One that takes over may answer with errors at first.
    broker_channel_error_retry=True,
    # What a task has begun it ends; the broker gives it out once more, and then there is nothing left to do.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_transport_options={
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "visibility_timeout": 900,
    },
    beat_schedule={
        "send-reminders": {
            "task": "cases.tasks.send_reminders",
            "schedule": settings.TICK_SECONDS,
            # Ticks that nobody took must not pile up for days. Not sooner: what has expired is judged by the worker's clock, and one
            # that is five minutes ahead of the clock process would throw every tick away.
            "options": {"expires": 3600},
        },
        "seal-record": {
            "task": "audit.tasks.seal_record",
            "schedule": min(settings.TICK_SECONDS, 60),
            "options": {"expires": 3600},
        },
        # Looks whether the check of the day is due (06:00 where the force is) and does a part of it.
        "check-record": {
            "task": "audit.tasks.check_record",
            "schedule": 60,
            "options": {"expires": 3600},
        },
    },
)
app.autodiscover_tasks(["cases", "audit"])
