"""The named acts; the only public writers. Each is guarded: one transaction, the case locked, the right looked at again."""

from cases.operations.actions import complete_action
from cases.operations.allocate import allocate_case
from cases.operations.drafts import discard_draft, save_draft
from cases.operations.events import record_event
from cases.operations.log_case import NewCase, log_case
from cases.operations.reviews import Direction, ReviewFindings, complete_review
from cases.operations.suspects import update_suspect

__all__ = [
    "Direction",
    "NewCase",
    "ReviewFindings",
    "allocate_case",
    "complete_action",
    "complete_review",
    "discard_draft",
    "log_case",
    "record_event",
    "save_draft",
    "update_suspect",
]
