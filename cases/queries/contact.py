"""The cases of somebody who is about to write down a contact with V1."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from cases.enums import Act
from cases.models import Event
from cases.queries.case_list import contact_in_words, silence_in_words
from cases.queries.case_page import cases_with_names, day_number
from cases.queries.entries import log_contact_url
from cases.queries.record_shows import CONTACTS
from cases.workflow import OPEN
from kit.access import Actor

MOST_CASES = 200


@dataclass(frozen=True)
class CaseToContact:
    case: Any
    day_number: int
    contact: str
    silence: str
    url: str


def cases_to_contact(actor: Actor, today: date) -> list[CaseToContact]:
    """Open cases to which the actor may add an entry; whose victim has heard nothing for longest first. One query."""
    contacts = Event.unguarded.filter(case=OuterRef("pk"), struck_at=None, kind__in=CONTACTS).order_by("-happened_at")
    mine = cases_with_names(actor, Act.INVESTIGATE).filter(status__in=OPEN)
    told = mine.annotate(last_contact=Subquery(contacts.values("happened_at")[:1]))
    return [
        row_of(case, today) for case in told.order_by(F("last_contact").asc(nulls_first=True), "recorded_at", "pk")[:MOST_CASES]
    ]


def row_of(case: Any, today: date) -> CaseToContact:
    last = timezone.localdate(case.last_contact) if case.last_contact else None
    return CaseToContact(
        case,
        day_number(case, today),
        contact_in_words(last, today),
        silence_in_words(last or timezone.localdate(case.recorded_at), today),
        log_contact_url(case.reference),
    )
