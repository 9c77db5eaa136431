"""Have a message that was given up tried again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kit.access import Actor
from kit.operations import held_by
from kit.refusal import Blocked
from people.roles import Role


@held_by(Role.ADMINISTRATOR)
def try_message_again(*, actor: Actor, now: datetime, message_id: UUID, **_: Any) -> None:
    """Let the worker send it with the next tick, with attempts counted anew. Raises Blocked for one that was sent meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.try_message_again(%s)", [message_id])
        if not cursor.fetchone()[0]:
            raise Blocked("This message waits or was sent meanwhile. Nothing more to do.")
