"""Whether somebody has proved lately who they are; asked again before what would do most harm in another's hands.

A fresh sign-in counts. Stands on real time, that of the database. A form that was opened in time may be sent a little later, so that
nobody types against the clock; one that comes later still is shown again with everything in it.
"""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone

PROVED_AT = "proved_at"
# How long after a proof a page may be opened, and how long a form that stands on it may be sent.
OPENS_FOR_SECONDS = 5 * 60
SENDS_FOR_SECONDS = 10 * 60


def now_for(session: SessionBase) -> datetime:
    """When the session was read, by the database; by this machine for one that is new."""
    return getattr(session, "read_at", None) or timezone.now()


def is_proved(request: HttpRequest) -> bool:
    """Whether the last proof is fresh enough for this request."""
    proved = request.session.get(PROVED_AT)
    lasts = OPENS_FOR_SECONDS if request.method in ("GET", "HEAD") else SENDS_FOR_SECONDS
    return proved is not None and (now_for(request.session) - datetime.fromisoformat(proved)).total_seconds() < lasts


def address(returns_to: str) -> str:
    """The page where they prove it, which leads back to this one."""
    return f"{resolve_url(settings.STEP_UP_URL)}?{urlencode({'next': returns_to})}"
