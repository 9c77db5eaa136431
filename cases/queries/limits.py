"""What would become of a time limit."""

from datetime import datetime
from typing import Any

from cases import chronology, deadlines
from cases.deadlines import Due
from cases.rulebook import working_calendar


def due_if_resumed(limit: Any, now: datetime) -> Due:
    """The date that a suspended limit would have if it ran again from this moment. One query."""
    due = chronology.due_of(limit)
    return deadlines.resumed_due(limit.rule, due, limit.suspended_by.happened_at, now, working_calendar())
