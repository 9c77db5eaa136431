"""Where sessions are kept: in the database, which also says what time it is, so that two web servers never disagree on who is out."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session
from django.db.models.functions import Now


class SessionStore(InDatabase):
    """``read_at``: when the session was read, by the database's clock; nothing for one that is new."""

    read_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(session_key=self.session_key, expire_date__gt=Now()).annotate(read_at=Now()).first()
        if found is None:
            self._session_key = None
            return None
        self.read_at = found.read_at
        return found
