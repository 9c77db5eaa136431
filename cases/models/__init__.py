"""Everything a case is made of."""

from cases.models.action import Action
from cases.models.case import Case, CaseConnection, CaseGrant, CaseOffence, ReferenceNumber
from cases.models.chronology import Event, TimeLimit
from cases.models.draft import Draft
from cases.models.people import Person, Suspect, Victim, Wish
from cases.models.reference import LocalDay, OffenceType, Rule
from cases.models.reminder import Digest, Heartbeat, Reminder
from cases.models.review import Review, ReviewAnswer

__all__ = [
    "Action",
    "Case",
    "CaseConnection",
    "CaseGrant",
    "CaseOffence",
    "Digest",
    "Draft",
    "Event",
    "Heartbeat",
    "LocalDay",
    "OffenceType",
    "Person",
    "ReferenceNumber",
    "Reminder",
    "Review",
    "ReviewAnswer",
    "Rule",
    "Suspect",
    "TimeLimit",
    "Victim",
    "Wish",
]
