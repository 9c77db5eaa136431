"""Cover for tests, set by the database's own function as the absent person themselves, or by somebody else."""

from datetime import date, timedelta

from django.db import connection

from kit.binding import bound_to
from people.models import User


def cover(absent: User, covering: User, starts_on: date, days: int = 10, *, by: User | None = None) -> int:
    """Answers its key. ``days``: how many, the first one included."""
    ends_on = starts_on + timedelta(days=days - 1)
    with bound_to((by or absent).pk, absent.kind, may_write=True), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.set_cover(%s, %s, %s, %s, 'LEAVE')", [absent.pk, covering.pk, starts_on, ends_on])
        return int(cursor.fetchone()[0])
