"""Where sessions are kept: in the database, which also says what time it is, so that two web servers never disagree on who is out."""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db.models.functions import Now

from people.account_models import OpenSession


class SessionStore(InDatabase):
    """``read_at``: when the session was read, by the database's clock; nothing for one that is new."""

    read_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: dict[str, Any]) -> OpenSession:
        row = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None  # type: ignore[attr-defined]
        return row  # type: ignore[return-value]

    def _get_session_from_db(self) -> OpenSession | None:
        found = OpenSession.objects.filter(session_key=self.session_key, expire_date__gt=Now()).annotate(read_at=Now()).first()
        if found is None:
            self._session_key = None
            return None
        self.read_at = found.read_at
        return found
