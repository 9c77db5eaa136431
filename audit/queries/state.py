"""Whether the record is whole, in one sentence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from audit.models import Check, KeptSeal
from audit.policies import TRAILED
from audit.queries.ask import ask
from audit.queries.checks import in_words
from kit import dates


@dataclass(frozen=True)
class State:
    sentence: str
    faults: list[str]
    is_whole: bool
    # The record has not been sealed for more than five minutes.
    is_late: bool
    # A check that somebody began and nobody has ended.
    running: Any = None


def state(today: date) -> State:
    newest = list(Check.objects.order_by("-began_at")[:5])
    ended = next((check for check in newest if check.ended_at is not None), None)
    kept = KeptSeal.objects.order_by("-pk").first()
    (late,) = ask("SELECT rasso.sealing_is_late() AS is_late")
    running = newest[0] if newest and newest[0].ended_at is None else None
    if ended is None:
        return State("The record has not been checked yet.", [], False, late["is_late"], running)
    if ended.faults:
        return State(broken(ended, today), [in_words(fault) for fault in ended.faults], False, late["is_late"], running)
    whole = f"The record is whole: {entries(ended.entries)} checked {when(ended.ended_at, today)}; {kept_elsewhere(kept, today)}."
    return State(whole, [], True, late["is_late"], running)


def broken(check: Check, today: date) -> str:
    """“The record is broken at entry 4711, 2 November 2026 at 14:05.”"""
    named = next((fault for fault in check.faults if fault.get("entry")), None)
    if named is None:
        return f"The record is broken. It was checked {when(check.ended_at, today)}."
    at = f", {dates.day_and_time(timezone.localtime(datetime.fromisoformat(named['at'])))}" if named.get("at") else ""
    return f"The record is broken at entry {named['entry']}{at}."


def entries(number: int) -> str:
    return f"{number:,} entr{'y' if number == 1 else 'ies'}"


def when(moment: datetime | None, today: date) -> str:
    """“today at 06:00”, “on 22 November 2026 at 06:00”."""
    local = timezone.localtime(moment)
    return f"today at {local:%H:%M}" if local.date() == today else f"on {dates.day_and_time(local)}"


def kept_elsewhere(kept: KeptSeal | None, today: date) -> str:
    if kept is None:
        return "no seal is kept elsewhere yet"
    day = timezone.localtime(kept.at).date()
    return "newest seal kept elsewhere " + ("today" if day == today else f"on {dates.day(day)}")


def progress(check: Check) -> dict[str, Any]:
    """How far a check has come: seals first, then what the audit trigger said of each table."""
    total = check.last_number + 1 + len(TRAILED)
    return {"done": min(check.next_number - 1, check.last_number) + check.tables_done, "total": total, "words": "parts checked"}
