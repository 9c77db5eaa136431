"""Subject requests: the register, one request, who was found, the items of the bundle and what was decided about each."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.enums import EventKind, WishKind
from information.enums import Decision, Ground, Part, RequestState
from information.models import SubjectRequest
from information.queries.asking import rows
from kit import dates

# More than this is no search for one person.
MOST_FOUND = 20

# What an item is, by the column it comes from; history says the same with “earlier”.
PLACES = {
    "cases_person.name": "The record of the person",
    "cases_case.reference": "That they stand in a case",
    "cases_wish.wish": "What they said they wish",
    "cases_victim.safety_steps": "Steps taken for their safety",
    "cases_victim.safe_contact": "How they can be reached safely",
    "cases_suspect.description": "Description",
    "cases_event.text": "Entry",
    "cases_event.struck_because": "Why an entry was struck out",
    "cases_context.how_known": "How the people of the case know each other",
    "cases_context.power": "Power of one over the other",
    "cases_context.victim_context": "Context of V1",
    "cases_context.suspect_context": "Context of the suspect",
    "cases_investigationplan.story": "Plan: the whole story",
    "cases_investigationplan.suspect": "Plan: the suspect",
    "cases_investigationplan.victim": "Plan: V1",
    "cases_investigationplan.material": "Plan: material",
    "cases_investigationplan.protection": "Plan: risk and protection",
    "cases_investigationplan.first_steps": "Plan: first steps",
    "cases_lineofenquiry.what": "Line of enquiry",
    "cases_lineofenquiry.outcome": "Line of enquiry: what came of it",
    "cases_review.own_words": "Review: in the reviewer’s own words",
    "cases_reviewanswer.text": "Review: what must be done",
    "cases_action.what": "Action",
    "cases_action.done_how": "Action: how it was done",
    "cases_action.evidence": "Action: where it can be seen",
    "cases_moretime.because": "Why more time was asked for",
    "cases_moretime.answer": "Answer about more time",
    "cases_escalationanswer.text": "Answer to an escalation",
    "cases_caseconnection.how": "How a colleague is connected with the case",
    "cases_endedconnection.how": "How a colleague was connected with the case",
    "cases_endedconnection.because": "Why a colleague is not connected any more",
    "cases_emergencyaccess.words": "Why the case was opened in an emergency",
    "cases_emergencyaccess.finding": "What the review of an emergency access found",
    "cases_draft.payload": "Unfinished form",
    "cases_importrow.cells": "Row of a tracker",
    "cases_importrow.reasons": "Row of a tracker: why it was refused",
    "cases_rememberedsearch.words": "What somebody searched for today",
}


def place_label(source: str) -> str:
    now = source.replace("historical", "", 1)
    return PLACES.get(now, "Text") + (", earlier" if now != source else "")


@dataclass(frozen=True)
class Found:
    """A record of a person, as somebody who looks for the requester sees it."""

    person_id: UUID
    name: str
    aliases: str
    born_on: date | None
    stands: list[str]
    case_ids: list[UUID]


def search(request: SubjectRequest, words: list[str], born: date | None) -> list[Found]:
    """Records with all of these words in a name; one more than MOST_FOUND where there are too many. One query."""
    statement = "SELECT * FROM rasso.search_subjects(%s, %s, %s, %s)"
    return [Found(**row) for row in rows(statement, request.pk, words, born, MOST_FOUND)]


def chosen(request: SubjectRequest) -> list[Found]:
    return [Found(**row) for row in rows("SELECT * FROM rasso.chosen_subjects(%s)", request.pk)]


@dataclass(frozen=True)
class Item:
    """One thing held about the requester, and what was decided about it as it is now."""

    source: str
    row_id: UUID
    case_id: UUID | None
    reference: str
    called: str
    kind: str
    at: datetime | None
    words: str
    others: list[str]
    marks: list[str]
    blacked: str
    digest: str
    decision: str = ""
    ground: str = ""
    because: str = ""

    @property
    def label(self) -> str:
        if self.source == "cases_event.text" and self.kind:
            return EventKind(self.kind).label
        return place_label(self.source)

    @property
    def text(self) -> str:
        """What it says, for a person to read."""
        return self.in_words(self.words)

    @property
    def text_blacked(self) -> str:
        return self.in_words(self.blacked)

    def in_words(self, words: str) -> str:
        return WishKind(self.kind).label if self.source == "cases_wish.wish" else words

    @property
    def part(self) -> Part:
        return Part.APART if self.others or self.marks else Part.THEIRS

    @property
    def why_apart(self) -> list[str]:
        named = [f"It speaks of {' and '.join(self.others)} as well"] if self.others else []
        return named + [Ground(mark).label for mark in self.marks]

    @property
    def decided(self) -> str:
        return Decision(self.decision).label if self.decision else ""

    @property
    def given(self) -> str:
        """The words that leave with the bundle; empty where it is withheld."""
        match self.decision:
            case Decision.GIVE:
                return self.text
            case Decision.GIVE_BLACKED:
                return self.text_blacked
        return ""


@dataclass(frozen=True)
class Bundle:
    """All items in their two parts."""

    items: list[Item]

    @property
    def theirs(self) -> list[Item]:
        return [item for item in self.items if item.part == Part.THEIRS]

    @property
    def apart(self) -> list[Item]:
        return [item for item in self.items if item.part == Part.APART]

    @property
    def undecided(self) -> list[Item]:
        return [item for item in self.items if not item.decision]

    @property
    def undecided_of_theirs(self) -> list[Item]:
        return [item for item in self.theirs if not item.decision]

    @property
    def given(self) -> list[Item]:
        return [item for item in self.items if item.given]

    @property
    def withheld(self) -> list[tuple[str, int]]:
        """Ground -> how many items; what they say is not told."""
        grounds = [item.ground for item in self.items if item.decision == Decision.WITHHOLD]
        return [(Ground(ground).label, grounds.count(ground)) for ground in dict.fromkeys(grounds)]

    @property
    def progress(self) -> str:
        return f"{len(self.items) - len(self.undecided)} of {dates.count(len(self.items), 'item')} decided"

    @property
    def case_ids(self) -> set[UUID]:
        return {item.case_id for item in self.items if item.case_id}

    @property
    def digest(self) -> str:
        """Of what leaves, so that what was sent can be proved without being kept."""
        whole = hashlib.sha256()
        for item in self.given:
            whole.update(f"{item.source} {item.row_id} {item.given}\0".encode())
        return whole.hexdigest()


def bundle_of(request: SubjectRequest) -> Bundle:
    """Two queries."""
    decisions = {
        (row["source"], row["row_id"], row["digest"]): {key: row[key] for key in ("decision", "ground", "because")}
        for row in rows("SELECT * FROM rasso.item_decisions(%s)", request.pk)
    }
    items = rows("SELECT * FROM rasso.subject_items(%s)", request.pk)
    return Bundle([Item(**row, **decisions.get((row["source"], row["row_id"], row["digest"]), {})) for row in items])


@dataclass(frozen=True)
class RequestRow:
    """A request on the list: its number and its days, no name."""

    request: SubjectRequest
    urgency: Any = field(default=None)


def steps_of(request: SubjectRequest) -> list[Any]:
    """In their order; those of one moment as they follow from each other."""
    return sorted(request.steps.select_related("by"), key=lambda step: (step.at, RequestState.values.index(step.state)))


def running(today: date) -> list[RequestRow]:
    found = SubjectRequest.objects.filter(ended_at=None).order_by("due_on", "number")
    return [RequestRow(request, dates.urgency(request.due_on, today)) for request in found]


def ended(most: int) -> list[SubjectRequest]:
    return list(SubjectRequest.objects.filter(ended_at__isnull=False).order_by("-ended_at", "-number")[:most])


def cases_of(found: Iterable[Found]) -> set[UUID]:
    return {key for one in found for key in one.case_ids}


NEXT: dict[str, str] = {
    RequestState.OPENED: "Confirm who asks. Until then nobody is looked for.",
    RequestState.SEARCHING: "Look for their records, and say which ones are theirs.",
    RequestState.REVIEWING: "Decide about each item what is given and what is withheld.",
}
