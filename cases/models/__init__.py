"""Everything a case is made of."""

from cases.models.action import Action, MoreTime
from cases.models.case import Case, CaseConnection, CaseGrant, CaseOffence, EndedConnection, ReferenceNumber
from cases.models.chronology import Event, TimeLimit
from cases.models.draft import Draft, SentForm
from cases.models.emergency import EmergencyAccess, EmergencyFinding, EmergencyReason
from cases.models.imports import ImportRow, ImportRun
from cases.models.investigation import Context, InvestigationPlan, LineOfEnquiry
from cases.models.people import Person, Suspect, Victim, Wish
from cases.models.reference import LocalDay, OffenceType, Rule
from cases.models.reminder import EscalationAnswer, Heartbeat, Message, Reminder
from cases.models.review import Review, ReviewAnswer
from cases.models.search import RememberedSearch, SearchWord

__all__ = [
    "Action",
    "Case",
    "CaseConnection",
    "CaseGrant",
    "CaseOffence",
    "Context",
    "Draft",
    "EmergencyAccess",
    "EmergencyFinding",
    "EmergencyReason",
    "EndedConnection",
    "EscalationAnswer",
    "Event",
    "Heartbeat",
    "ImportRow",
    "ImportRun",
    "InvestigationPlan",
    "LineOfEnquiry",
    "LocalDay",
    "Message",
    "MoreTime",
    "OffenceType",
    "Person",
    "ReferenceNumber",
    "RememberedSearch",
    "Reminder",
    "Review",
    "ReviewAnswer",
    "Rule",
    "SearchWord",
    "SentForm",
    "Suspect",
    "TimeLimit",
    "Victim",
    "Wish",
]
