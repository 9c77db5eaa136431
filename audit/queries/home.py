"""What the auditor's home page says: whether the record is whole, and how many things wait."""

from datetime import date
from typing import Any

from audit.queries.signals import open_signals
from audit.queries.state import state


def to_audit(today: date) -> dict[str, Any]:
    return {"sentence": state(today).sentence, "number": len(open_signals())}
