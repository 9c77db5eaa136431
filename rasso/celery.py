"""Worker and clock. Rows in PostgreSQL decide what is due and what was sent; this only wakes whoever looks.

No request queues a task: losing the broker loses nothing, and a silent one holds up no page.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")
os.environ.setdefault("RASSO_PROCESS", "worker")

from celery import Celery
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from rasso.checks import refuse_unfit_database

if settings.PRODUCTION and not settings.REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is missing. Set it to the address of the broker that wakes the worker: redis://host/0.")
refuse_unfit_database()

app = Celery("rasso", broker=settings.REDIS_URL or "memory://")
app.conf.update(
    # In UTC: Celery's clock stops or shifts at the clock changes of other zones.
    timezone="UTC",
    enable_utc=True,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=240,
    # A broker that is away may be away for long; whoever sends a reminder by hand (manage.py send_reminders) needs none.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_transport_options={"socket_timeout": 10, "socket_connect_timeout": 5, "visibility_timeout": 300},
    beat_schedule={
        "send-reminders": {
            "task": "cases.tasks.send_reminders",
            "schedule": settings.TICK_SECONDS,
            # A tick that nobody took is worthless once the next one has come.
            "options": {"expires": settings.TICK_SECONDS},
        },
    },
)
app.autodiscover_tasks(["cases"])
