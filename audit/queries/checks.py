"""Whether the record is whole, in words."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.models import Check
from audit.queries import words
from kit.dates import day_and_time

PARTS = {1: "access record", 2: "record of changes"}
FAULTS = {
    "its audit trigger is missing or switched off": "changes are no longer written down",
    "was added past the audit trigger": "was added and not written down",
    "was changed past the audit trigger": "was changed and not written down",
    "was deleted past the audit trigger": "was deleted and not written down",
}


def left() -> Check | None:
    """A check that somebody began and left, unless another has ended since."""
    newest = Check.objects.order_by("-began_at").first()
    return newest if newest and newest.ended_at is None else None


def in_words(fault: dict[str, Any]) -> str:
    """“2 November 2026 at 14:05, access record: was changed or added after it was sealed (entry 4711, seal 12).” When and what first, the
    key last."""
    says = FAULTS.get(fault["fault"], fault["fault"])
    if fault.get("table"):
        when = f", last written down on {written(fault)}" if fault.get("at") else ""
        return f"{capitalised(words.table(fault['table']))}{when}: {says}{keys(fault, row='row')}."
    if not fault.get("entry"):
        return capitalised(f"{says}{keys(fault, seal='seal')}.")
    when = f"{written(fault)}, " if fault.get("at") else ""
    return capitalised(f"{when}{PARTS[fault['part']]}: {says}{keys(fault, entry='entry', seal='seal')}.")


def keys(fault: dict[str, Any], **named: str) -> str:
    said = ", ".join(f"{word} {fault[name]}" for name, word in named.items() if fault.get(name))
    return f" ({said})" if said else ""


def capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def written(fault: dict[str, Any]) -> str:
    return day_and_time(timezone.localtime(datetime.fromisoformat(fault["at"])))
