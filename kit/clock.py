"""What time it is, for the domain: one clock for Python and SQL, which the demonstration can move forward.

Sessions, one-time codes, access records and log lines stay on real time (django.utils.timezone.now).
"""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The present moment (aware, UTC) by rasso.now(); one query. Inside a bound transaction use the time it was bound at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.now()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def local_date(moment: datetime) -> date:
    """The calendar date of a moment in the force's own time zone."""
    return timezone.localdate(moment)
