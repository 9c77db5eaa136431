"""The registers: shares, exports, erasures as the record has them; breaches as they were entered."""

from datetime import datetime, timedelta
from typing import Any

from audit.models import Breach
from audit.queries.ask import ask
from audit.queries.entries import Entry, in_words
from information.models import Certificate, SubjectRequest
from kit.records import Kind

# Counted in hours from when it was known, holidays or not.
TELL_WITHIN = timedelta(hours=72)
SHOWN_DAYS = 365
MOST = 100
EXPORTS = (Kind.EXPORTED, Kind.COPIED, Kind.PRINTED)


def of_kinds(kinds: tuple[Kind, ...], now: datetime) -> list[Entry]:
    """The newest entries of these kinds within a year."""
    rows = ask(
        "SELECT * FROM rasso.find_entries(NULL, NULL, %s, %s, %s, NULL, %s)",
        now - timedelta(days=SHOWN_DAYS),
        now + timedelta(days=1),
        list(kinds),
        MOST,
    )
    return [in_words(row) for row in rows]


def breaches(now: datetime) -> list[dict[str, Any]]:
    """Open ones first; with how long is left to tell the regulator where nothing is decided."""
    rows = Breach.objects.order_by("closed_at", "-known_at")
    return [{"breach": row, "tell_by": row.known_at + TELL_WITHIN, "clock": clock(row, now)} for row in rows]


def clock(breach: Breach, now: datetime) -> str:
    """“51 hours left to tell the regulator”."""
    if breach.reported_at is not None:
        late = breach.reported_at - breach.known_at > TELL_WITHIN
        return "The regulator was told" + (" after more than 72 hours" if late else " within 72 hours")
    if breach.is_not_reported:
        return "Decided that the regulator need not be told"
    left = breach.known_at + TELL_WITHIN - now
    hours = int(abs(left).total_seconds() // 3600)
    if left < timedelta():
        return f"The 72 hours ended {hours} hour{'s' * (hours != 1)} ago and nothing is decided"
    return f"{hours} hour{'s' * (hours != 1)} left to tell the regulator or decide that it need not be told"


def subject_requests() -> list[SubjectRequest]:
    """Who asked what is held about them: when and what became of it, never who."""
    return list(SubjectRequest.objects.order_by("-number")[:MOST])


def certificates() -> list[Certificate]:
    """What was disposed of: how much and when, never whose."""
    return list(Certificate.objects.order_by("-number")[:MOST])
