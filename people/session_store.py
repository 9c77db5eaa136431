"""Where sessions are kept: in the database, which also says what time it is, so that two web servers never disagree on who is out."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db.models.functions import Now

from people.account_models import OpenSession


def stored_key(session_key: str) -> str:
    """What stands in the table for the key in somebody's cookie. Whoever reads the table can make no cookie of it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[: OpenSession._meta.get_field("session_key").max_length]


class SessionStore(InDatabase):
    """``read_at``: when the session was read, by the database's clock; nothing for one that is new.

    The table holds a digest of each key, and what a session holds is signed together with it: a row that is copied under a key of
    somebody else's making opens nothing.
    """

    read_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: dict[str, Any]) -> OpenSession:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None  # type: ignore[attr-defined]
        return row  # type: ignore[return-value]

    @property
    def key_salt(self) -> str:
        return f"people.session.{stored_key(self.session_key or '')}"

    def held_in(self, row: OpenSession) -> dict[str, Any]:
        """What a session of the table holds, without its key."""
        held: dict[str, Any] = _OfRow(row.session_key).decode(row.session_data)
        return held

    def exists(self, session_key: str) -> bool:
        return OpenSession.objects.filter(session_key=stored_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key if session_key is not None else self.session_key
        if key is not None:
            OpenSession.objects.filter(session_key=stored_key(key)).delete()

    def _get_session_from_db(self) -> OpenSession | None:
        found = (
            OpenSession.objects.filter(session_key=stored_key(self.session_key or ""), expire_date__gt=Now())
            .annotate(read_at=Now())
            .first()
        )
        if found is None:
            self._session_key = None
            return None
        self.read_at = found.read_at
        return found


class _OfRow(SessionStore):
    """Reads what a row holds; made with the key that stands in the row."""

    @property
    def key_salt(self) -> str:
        return f"people.session.{self.session_key}"
