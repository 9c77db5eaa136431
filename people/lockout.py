"""What django-axes asks us: whose failures are counted together, and until when a lock-out lasts.

Five failures of one user name from one address lock that pair out for fifteen minutes, whether or not there is such a user.
"""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.http import HttpRequest


class ByTheDatabasesClock(AxesDatabaseHandler):
    """Counts failures by the clock of the database: those of web servers differ, and one that is fast would let somebody in too early."""

    def is_allowed(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
        # Asked first of all, and once for each attempt; everything else of axes looks at this moment.
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            (request.axes_attempt_time,) = cursor.fetchone()  # type: ignore[attr-defined]
        allowed: bool = super().is_allowed(request, credentials)
        return allowed


def user_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str | None:
    """In small letters, as the sign-in compares it; else each spelling would have five attempts of its own."""
    typed = (credentials or {}).get("username") or request.POST.get("login")
    return str(typed).strip().lower() if typed else None


def client_address(request: HttpRequest) -> str | None:
    """Whose address it is, seen past our own proxies; what a client wrote into the header itself stands further left."""
    addresses = [request.META.get("REMOTE_ADDR", "")]
    if settings.PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        addresses = [*forwarded[-settings.PROXIES :][:1], *addresses]
    return next(filter(None, map(valid_address, addresses)), None)


def valid_address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


def locked_until(request: HttpRequest, credentials: Mapping[str, Any] | None) -> datetime:
    attempts = AccessAttempt.objects.filter(username=user_name(request, credentials), ip_address=client_address(request))
    last: datetime = attempts.aggregate(last=Max("attempt_time"))["last"] or request.axes_attempt_time  # type: ignore[attr-defined]
    wait: timedelta = get_cool_off(request)
    return last + wait
