"""How long somebody stays signed in: idle for at most fifteen minutes, twelve hours in all."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
# Writing the session row on each request would cost more than reading a small page.
WRITE_AT_MOST_EVERY = 60


class SessionLimitsMiddleware:
    """Sign out whoever has been idle or signed in too long. Stands on real time, not on the demonstration's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if self.is_over(request, now):
                logout(request)
                messages.info(request, "You were signed out because nothing was done for a while. What you had typed was kept as a draft.")
            else:
                self.note(request, now)
        return self.get_response(request)

    def is_over(self, request: HttpRequest, now: datetime) -> bool:
        idle = seconds_since(request.session.get(LAST_SEEN_AT), now)
        signed_in = seconds_since(request.session.get(SIGNED_IN_AT), now)
        return idle > settings.SESSION_IDLE_SECONDS or signed_in > settings.SESSION_ABSOLUTE_SECONDS

    def note(self, request: HttpRequest, now: datetime) -> None:
        if SIGNED_IN_AT not in request.session:
            request.session[SIGNED_IN_AT] = now.isoformat()
        if LAST_SEEN_AT not in request.session or seconds_since(request.session[LAST_SEEN_AT], now) >= WRITE_AT_MOST_EVERY:
            request.session[LAST_SEEN_AT] = now.isoformat()


def seconds_since(moment: str | None, now: datetime) -> float:
    return 0.0 if moment is None else (now - datetime.fromisoformat(moment)).total_seconds()
