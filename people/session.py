"""How long somebody stays signed in: idle for at most fifteen minutes, twelve hours in all.

Stands on real time, not on the demonstration's clock: that of the database, which is one for all web servers (session_store.py).
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse

from kit.step_up import PROVED_AT
from kit.step_up import now_for as now_for
from people.account_models import OpenSession
from people.session_store import SessionStore, stored_key

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
# Whether it was begun with a second factor, or one was set up in it.
SECOND_FACTOR = "second_factor"
PLACE = "place"
# Writing the session row on each request would cost more than reading a small page.
WRITE_AT_MOST_EVERY = 60


def begin(session: SessionBase, *, with_second_factor: bool, browser: str, address: str) -> None:
    """Somebody has just signed in, and so proved who they are."""
    session[SIGNED_IN_AT] = session[LAST_SEEN_AT] = session[PROVED_AT] = now_for(session).isoformat()
    session[SECOND_FACTOR] = with_second_factor
    session[PLACE] = {"browser": browser, "address": address}


def prove(session: SessionBase) -> None:
    """They have proved anew who they are. The session gets another key, so that whoever knew the old one has nothing."""
    session[PROVED_AT] = now_for(session).isoformat()
    session.cycle_key()


def note_activity(session: SessionBase, now: datetime, *, at_once: bool = False) -> None:
    session.setdefault(SIGNED_IN_AT, now.isoformat())
    session.setdefault(PROVED_AT, session[SIGNED_IN_AT])
    if at_once or LAST_SEEN_AT not in session or seconds_since(session[LAST_SEEN_AT], now) >= WRITE_AT_MOST_EVERY:
        session[LAST_SEEN_AT] = now.isoformat()


def seconds_left(session: SessionBase | Mapping[str, Any], now: datetime) -> float:
    """How long this session lasts if nothing more is done; zero or less when it is over."""
    idle = settings.SESSION_IDLE_SECONDS - seconds_since(session.get(LAST_SEEN_AT), now)
    return float(min(idle, absolute_seconds_left(session, now)))


def absolute_seconds_left(session: SessionBase | Mapping[str, Any], now: datetime) -> float:
    return float(settings.SESSION_ABSOLUTE_SECONDS - seconds_since(session.get(SIGNED_IN_AT), now))


def seconds_for_script(session: SessionBase, now: datetime) -> int:
    """After how long the page in the browser asks for itself again, counted from any answer of ours.

    Never less than the session lasts: a page that came back a moment too early would keep alive what nobody uses.
    """
    return math.ceil(min(settings.SESSION_IDLE_SECONDS, absolute_seconds_left(session, now))) + 1


def why_it_ended(session: SessionBase, now: datetime) -> str:
    if absolute_seconds_left(session, now) <= 0:
        hours = settings.SESSION_ABSOLUTE_SECONDS // 3600
        return f"You were signed out because you had been signed in for {hours} hours. Drafts that were saved are kept."
    minutes = settings.SESSION_IDLE_SECONDS // 60
    return f"You were signed out because nothing had been done for {minutes} minutes. Drafts that were saved are kept."


def seconds_since(moment: str | None, now: datetime) -> float:
    return 0.0 if moment is None else (now - datetime.fromisoformat(moment)).total_seconds()


@dataclass(frozen=True)
class SignedIn:
    """One session of somebody, for themself. ``name`` stands for it in a form; the key itself is on no page."""

    name: str
    browser: str
    address: str
    since: datetime
    last_seen: datetime
    is_this: bool


def sessions_of(user_id: int, this: SessionStore) -> list[SignedIn]:
    """Those that still last, the one at hand first. One query."""
    now = now_for(this)
    found = []
    for row in OpenSession.objects.filter(user_id=user_id, expire_date__gt=now):
        held = this.held_in(row)
        if not held.get(SIGNED_IN_AT) or seconds_left(held, now) <= 0:
            continue
        place, is_this = held.get(PLACE, {}), row.session_key == stored_key(this.session_key or "")
        since, seen = (datetime.fromisoformat(held[name]) for name in (SIGNED_IN_AT, LAST_SEEN_AT))
        found.append(SignedIn(name_of(row), place.get("browser", ""), place.get("address", ""), since, seen, is_this))
    return sorted(found, key=lambda one: (not one.is_this, -one.last_seen.timestamp()))


def name_of(row: OpenSession) -> str:
    return hashlib.sha256(f"name of {row.session_key}".encode()).hexdigest()


def end_session(user_id: int, name: str) -> bool:
    """Whether somebody had a session of this name; it is over."""
    theirs = [row.pk for row in OpenSession.objects.filter(user_id=user_id) if name_of(row) == name]
    return bool(OpenSession.objects.filter(pk__in=theirs).delete()[0])


def end_sessions_of(user_id: int, *, but: str | None = None) -> None:
    """Delete what somebody left open elsewhere; the next request there finds nobody signed in. As the web login, outside any
    bound transaction."""
    OpenSession.objects.filter(user_id=user_id).exclude(session_key=stored_key(but) if but else None).delete()


def notice(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: what base.html and its script need to warn before the session ends."""
    if not request.user.is_authenticated:
        return {}
    now = now_for(request.session)
    return {
        "session_seconds": seconds_for_script(request.session, now),
        "session_ends_at": now + timedelta(seconds=seconds_left(request.session, now)),
        "stay_signed_in_url": reverse("stay-signed-in"),
    }
