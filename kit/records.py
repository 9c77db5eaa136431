"""One line in the access record: who looked at, listed, searched, changed or was refused what.

Written in the transaction of the read, before the page is sent: no record, no page. The actor is not an argument; the
database takes it from the binding, so nobody can write a line in another's name.
"""

import enum
import uuid
from collections.abc import Iterable

from django.db import connection


class Kind(enum.StrEnum):
    LOOKED_AT = "LOOKED_AT"
    LISTED = "LISTED"
    NAMES_SHOWN = "NAMES_SHOWN"
    CHANGED = "CHANGED"
    COPIED = "COPIED"
    EXPORTED = "EXPORTED"
    REFUSED = "REFUSED"


def record(kind: Kind, page: str, case_ids: Iterable[uuid.UUID] = (), *, outcome: int | None = None) -> None:
    """Write one line. ``page`` is the URL name or the operation's name; ``outcome`` the status of a refusal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.record_access(%s, %s, %s, %s)", [kind, page, list(case_ids), outcome])
