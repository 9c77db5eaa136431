"""Emergency access: what is open to the reader now, and what waits for a second person to review it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.enums import Act
from cases.models import Case, EmergencyAccess
from cases.models.emergency import EmergencyFinding, EmergencyReason
from cases.queries.scope import rows
from kit.access import Actor
from kit.records import KINDS, page_in_words
from people.roles import Role

COLUMNS = """SELECT id, case_id, reference, user_id, called, roles, unit, why, words, given_at, ends_at, review_by, reviewed_at, reviewed_by,
    found, finding, is_own FROM rasso.emergency_accesses(%(only_open)s, %(key)s)"""


# More than anybody opens in an hour who reads what they open.
MOST_LOOKS = 200
# Pages on which the case is seen with others, and those whose names say little.
PAGES = {
    "case": "the page of the case",
    "case-names": "names and contact",
    "case-as-at": "the case as it was at a moment",
    "case-access": "who may see the case",
    "case-list": "list of cases",
    "case-history": "history of the record",
    "emergency-access": "the page where emergency access is opened",
    "review": "a review of the case",
    "action": "an action of the case",
    "search-results": "search",
    "search-names": "search by name",
}


@dataclass(frozen=True)
class Look:
    """One entry of the record: when somebody opened something of the case, and what."""

    at: datetime
    what: str
    page: str


@dataclass(frozen=True)
class Emergency:
    """One emergency access, as its reviewers see it: nothing of the case but its reference."""

    id: UUID
    case_id: UUID
    reference: str
    user_id: int
    called: str
    roles: list[str]
    unit: str | None
    why: str
    words: str
    given_at: datetime
    ends_at: datetime
    review_by: date
    reviewed_at: datetime | None
    reviewed_by: str | None
    found: str
    finding: str
    is_own: bool

    @property
    def roles_in_words(self) -> str:
        return ", ".join(Role(role).label for role in self.roles)

    @property
    def reason(self) -> str:
        return EmergencyReason(self.why).label

    @property
    def found_in_words(self) -> str:
        return EmergencyFinding(self.found).label if self.found else ""

    def is_overdue(self, today: date) -> bool:
        """Nobody has reviewed it by the end of the next working day."""
        return self.reviewed_at is None and self.review_by < today


def emergency_accesses(*, only_open: bool) -> list[Emergency]:
    """Oldest first: all of them for the auditor, for a supervisor those of the cases that they supervise. ``only_open``: those that
    nobody has reviewed. One query."""
    return [Emergency(**row) for row in rows(COLUMNS, {"only_open": only_open, "key": None})]


def emergency_to_review(key: UUID) -> Emergency | None:
    """One of the same; nothing where it is not the reader's to review. One query."""
    return next((Emergency(**row) for row in rows(COLUMNS, {"only_open": False, "key": key})), None)


def looks_in(key: UUID) -> list[Look]:
    """What was opened of the case while this emergency access ran, oldest first, at most MOST_LOOKS; nothing where it is not the
    reader's to review. One query."""
    found = rows("SELECT at, kind, page FROM rasso.looks_in_emergency(%(key)s, %(most)s)", {"key": key, "most": MOST_LOOKS})
    return [
        Look(row["at"], KINDS.get(row["kind"], row["kind"]), PAGES.get(row["page"], page_in_words(row["page"]))) for row in found
    ]


def waiting_for_review(actor: Actor) -> list[Emergency]:
    """Those that the reader may review and nobody has: never their own. One query."""
    return [one for one in emergency_accesses(only_open=True) if not one.is_own]


def open_now(actor: Actor, now: datetime) -> list[Any]:
    """What the reader has opened and may still look at. One query."""
    visible = Case.objects.visible_to(actor, Act.VIEW)
    mine = EmergencyAccess.unguarded.filter(case__in=visible, user_id=actor.user_id, ends_at__gt=now)
    return list(mine.select_related("case").order_by("ends_at", "pk"))
