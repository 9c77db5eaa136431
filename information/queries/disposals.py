"""What a disposal would erase, the proposals that wait, and the certificates."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from information.models import Certificate, Disposal
from information.queries.asking import answer
from information.queries.requests import place_label
from information.queries.retention import number_of
from kit import dates
from kit.wording import listed

BLOCKERS = {
    "ERASED": "The record has been erased already.",
    "OUT_OF_REACH": "You cannot dispose of this record. Another information manager must look at it.",
    "OPEN_CASE": "A case of theirs is open. Wait until it has ended.",
    "HOLD": "A hold stands over it. Lift the hold first, if its reason has gone.",
    "OPEN_REQUEST": "Somebody has asked what is held about them, and that request is not answered yet.",
    "NOT_DUE": "It is not due yet.",
}


@dataclass(frozen=True)
class CaseGoing:
    """A case of the person, and what becomes of its words."""

    case_id: UUID
    reference: str
    called: str
    entries: int
    kept_by: list[str]

    @property
    def becomes(self) -> str:
        entries = dates.count(self.entries, "entry").replace("entrys", "entries")
        if not self.kept_by:
            return f"All words of the case are erased. That {entries} happened, what kind they were and when, stays."
        return f"Kept by {listed(self.kept_by)}: the words of its {entries} stay, but for the places that are ticked."


@dataclass(frozen=True)
class Place:
    """A text that may name them, in a case that somebody else keeps, or in no case."""

    source: str
    row_id: UUID
    reference: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.source} {self.row_id}"

    @property
    def label(self) -> str:
        where = f" in {self.reference}" if self.reference else ""
        return f"{place_label(self.source)}{where}"


@dataclass(frozen=True)
class Preview:
    """Everything that would go."""

    name: str
    aliases: str
    born_on: date | None
    force_person_number: str
    cases: list[CaseGoing]
    places: list[Place]
    whole: list[tuple[str, int]]
    requests: int
    searches: int
    digest: str
    blockers: list[str]

    @property
    def case_ids(self) -> list[UUID]:
        return [case.case_id for case in self.cases]


def preview_of(person_id: UUID) -> Preview | None:
    """None for whoever may not see it. One query."""
    found = answer("SELECT rasso.disposal_preview(%s, %s)", person_id, settings.FORCE_PROFILE)
    if found is None:
        return None
    found = json.loads(found)
    shown, person = found["shown"], found["shown"]["person"]
    held = f" ({listed([f'hold {number}' for number in found['holds']])})" if found["holds"] else ""
    entries = shown["entries"]
    return Preview(
        name=person["name"],
        aliases=person["aliases"],
        born_on=date.fromisoformat(person["born_on"]) if person["born_on"] else None,
        force_person_number=person["number"],
        cases=[
            CaseGoing(UUID(one["case_id"]), one["reference"], one["called"], entries.get(one["case_id"], 0), one["kept_by"])
            for one in shown["cases"]
        ],
        places=[Place(one["source"], UUID(one["row_id"]), one["reference"], one["words"]) for one in shown["places"]],
        whole=[(place_label(source), number) for source, number in sorted(shown["whole"].items())],
        requests=shown["requests"],
        searches=shown["searches"],
        digest=found["digest"],
        blockers=[BLOCKERS[word].replace("hold stands", f"hold{held} stands") for word in found["blockers"]],
    )


def disposals() -> QuerySet[Disposal]:
    return Disposal.objects.select_related("proposed_by", "rule", "answer", "answer__by")


def waiting() -> list[Disposal]:
    return list(disposals().filter(answer=None).order_by("number"))


def answered(most: int) -> list[Disposal]:
    found = disposals().filter(answer__isnull=False).select_related("certificate", "certificate__rewriting")
    return list(found.order_by("-number")[:most])


def certificates() -> QuerySet[Certificate]:
    return Certificate.objects.select_related(
        "disposal", "disposal__rule", "disposal__proposed_by", "disposal__answer", "disposal__answer__by", "rewriting"
    )


def lines_of(certificate: Certificate) -> list[dict[str, Any]]:
    """What was erased, by kind: no name."""
    labels = {"people_searchedwords.words": "Words somebody searched for", "information_requester.name": "Who made a request"}
    counts: dict[str, int] = {}
    for source, number in certificate.erased.items():
        label = labels.get(source) or place_label(source)
        counts[label] = counts.get(label, 0) + number
    return [{"key": label, "value": str(number)} for label, number in sorted(counts.items())]


def in_groups(digest: str) -> str:
    """So that it can be read aloud, and fits on a narrow page."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def record_number(disposal: Disposal) -> str:
    return number_of(disposal.person_id)
