"""What happened to somebody's account, told to them on the next page wherever they are signed in. As the web login, outside any bound
transaction; real time."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from kit import dates
from kit.step_up import now_for
from people.lockout import client_address
from people.models import AccountEvent, Credential, KnownPlace, User

What = AccountEvent.What
WORDS = {
    What.NEW_PLACE: "Somebody signed in to your account with a browser, or from a network, that was not used for it before, on {when}.",
    What.PASSKEY_ADDED: "A passkey was added to your account on {when}.",
    What.PASSKEY_REMOVED: "A passkey was removed from your account on {when}.",
    What.APP_ADDED: "A code app was set up for your account on {when}.",
    What.APP_REMOVED: "The code app of your account was removed on {when}.",
    What.CODES_MADE: "New recovery codes were made for your account on {when}.",
    What.CODE_USED: "A recovery code of your account was used on {when}.",
    What.IDENTITY_ADDED: "Your account was connected with the sign-in of your force on {when}.",
    What.IDENTITY_REMOVED: "Your account was disconnected from the sign-in of your force on {when}.",
    What.FACTORS_RESET: "An administrator removed your passkeys, code app and recovery codes on {when}.",
    What.SESSIONS_ENDED: "An administrator signed you out everywhere on {when}.",
}
NOT_YOU = "If that was not you, tell an administrator now."
SHOWN = 10
# Until when this session's person was told what happened.
TOLD_UNTIL = "told_until"
# Whoever signs in at a place that is new hears what happened in the days before.
DAYS_TOLD = 7
# In the order in which they are looked for: browsers name one another.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Place:
    """From where somebody signs in: browser and system in plain words, and the address."""

    browser: str
    address: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.browser} {network_of(self.address)}".encode()).hexdigest()


def place_of(request: HttpRequest) -> Place:
    agent = request.headers.get("User-Agent", "")
    browser = next((name for part, name in BROWSERS.items() if part in agent), "A browser that does not say its name")
    system = next((f" on {name}" for part, name in SYSTEMS.items() if part in agent), "")
    return Place(f"{browser}{system}", client_address(request) or "")


def network_of(address: str) -> str:
    """Addresses within one change from day to day."""
    if not address:
        return ""
    bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def note(user_id: int, what: AccountEvent.What) -> None:
    """Tell them on the next page. The session in which they did it themself tells them at once (``told``)."""
    AccountEvent.objects.create(user_id=user_id, what=what)
    Credential.objects.filter(pk=user_id).update(last_event_at=Now())


def note_arrival(request: HttpRequest, user: User) -> None:
    """Somebody has just signed in: is the place known, and since when were they not told what happened?"""
    place, now = place_of(request), now_for(request.session)
    known = KnownPlace.objects.filter(user=user, digest=place.digest).first()
    since = known.last_at if known else now - timedelta(days=DAYS_TOLD)
    if known:
        KnownPlace.objects.filter(pk=known.pk).update(last_at=now)
    else:
        is_first = not KnownPlace.objects.filter(user=user).exists()
        KnownPlace.objects.bulk_create([KnownPlace(user=user, digest=place.digest, last_at=now)], ignore_conflicts=True)
        if not is_first:
            note(user.pk, What.NEW_PLACE)
    request.session[TOLD_UNTIL] = since.isoformat()


def untold(session: SessionBase, user: User) -> list[str]:
    """What happened since this session's person was last told, in sentences. No query where nothing did."""
    last = user.credential.last_event_at if hasattr(user, "credential") else None
    told = session.get(TOLD_UNTIL)
    if last is None or (told is not None and datetime.fromisoformat(told) >= last):
        return []
    events = AccountEvent.objects.filter(user=user, at__lte=last)
    if told is not None:
        events = events.filter(at__gt=datetime.fromisoformat(told))
    session[TOLD_UNTIL] = last.isoformat()
    return [sentence(one) for one in events.order_by("-at")[:3]]


def told(session: SessionBase, user_id: int) -> None:
    """The page says itself what has just happened here, so the next one need not."""
    last = Credential.objects.filter(pk=user_id).values_list("last_event_at", flat=True).first()
    session[TOLD_UNTIL] = last.isoformat() if last else None


def latest(user_id: int) -> list[str]:
    return [sentence(one) for one in AccountEvent.objects.filter(user_id=user_id).order_by("-at")[:SHOWN]]


def sentence(one: AccountEvent) -> str:
    return WORDS[What(one.what)].format(when=dates.day_and_time(timezone.localtime(one.at)))
