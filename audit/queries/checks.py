"""Whether the record is whole, in words."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.models import Check
from kit.dates import day_and_time

PARTS = {1: "access record", 2: "record of changes"}


def left() -> Check | None:
    """A check that somebody began and left, unless another has ended since."""
    newest = Check.objects.order_by("-began_at").first()
    return newest if newest and newest.ended_at is None else None


def in_words(fault: dict[str, Any]) -> str:
    """“Seal 12: entry 4711 of the access record (2 November 2026 at 14:05) was changed or added after it was sealed.”"""
    where = [f"Seal {fault['seal']}"] if fault.get("seal") else []
    if fault.get("table"):
        return f"Table {fault['table']}{', row ' + fault['row'] if fault.get('row') else ''}: {fault['fault']}."
    if not fault.get("entry"):
        return ": ".join([*where, fault["fault"]]) + "."
    at = f" ({written(fault)})" if fault.get("at") else ""
    return ": ".join([*where, f"entry {fault['entry']} of the {PARTS[fault['part']]}{at} {fault['fault']}."])


def written(fault: dict[str, Any]) -> str:
    return day_and_time(timezone.localtime(datetime.fromisoformat(fault["at"])))
