"""What home pages say of the record: to the auditor whether it is whole and how many things wait, to whoever looks at auditors how many."""

from datetime import date
from typing import Any

from audit.queries.signals import open_signals
from audit.queries.state import state
from kit.access import Actor
from people.roles import Role


def to_audit(today: date) -> dict[str, Any]:
    return {"sentence": state(today).sentence, "number": len(open_signals())}


def to_look_at_of_auditors(actor: Actor) -> int:
    """How many things that auditors did wait for this reader."""
    looks_at_them = Role.SUPERINTENDENT in actor.roles and Role.AUDITOR not in actor.roles
    return len(open_signals(of_auditors=True)) if looks_at_them else 0
