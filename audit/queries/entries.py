"""Entries of the record as the auditor reads them: who, what, by what right, from where; never what a case holds."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.queries import words
from audit.queries.ask import ask
from kit.records import KINDS, Kind
from people.roles import Role

RIGHTS = {
    "ASSIGNED": "assigned",
    "SECOND": "works on it too",
    "LIAISON": "liaison officer of the case",
    "NAMED": "named on it",
    "SUPERVISING": "supervises it in place of its unit",
    "SUPERVISOR": "supervisor of the unit",
    "LOGGED": "logged it",
    "ESCALATED": "escalated to them",
    "EMERGENCY": "emergency access",
}
MOST = 1000
A_PAGE = 50
LAST_DAYS = 7


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Days are local, the last one included."""

    since: date
    until: date
    kinds: tuple[str, ...]
    case_id: UUID | None = None
    person_id: int | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        zone = timezone.get_current_timezone()
        begins = datetime.combine(self.since, time(), zone)
        ends = datetime.combine(self.until + timedelta(days=1), time(), zone)
        return self.case_id, self.person_id, begins, ends, list(self.kinds)


@dataclass(frozen=True)
class Entry:
    """One line of the record, in words."""

    id: int
    at: datetime
    who: str
    place: str
    kind: str
    what: str
    because: str
    shared: str
    address: str
    has_words: bool
    case_ids: list[UUID]


def default_kinds() -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind != Kind.LISTED)


def number_of(wanted: Wanted) -> int:
    """How many entries fit; one more than MOST means too many."""
    (found,) = ask("SELECT rasso.count_entries(%s, %s, %s, %s, %s, %s) AS number", *wanted.values, MOST + 1)
    return int(found["number"])


def find(wanted: Wanted, below: int | None = None, most: int = A_PAGE) -> list[Entry]:
    rows = ask("SELECT * FROM rasso.find_entries(%s, %s, %s, %s, %s, %s, %s)", *wanted.values, below, most)
    return [in_words(row) for row in rows]


def of_auditors(wanted: Wanted, below: int | None = None) -> list[Entry]:
    _, _, begins, ends, _ = wanted.values
    return [in_words(row) for row in ask("SELECT * FROM rasso.entries_of_auditors(%s, %s, %s, %s)", begins, ends, below, A_PAGE)]


def case_id_of(reference: str) -> UUID | None:
    (found,) = ask("SELECT rasso.case_to_audit(%s) AS id", reference)
    return found["id"]  # type: ignore[no-any-return]


def staff_called(name: str) -> list[dict[str, Any]]:
    return ask("SELECT * FROM rasso.staff_called(%s)", name)


def staff_of_number(number: int) -> dict[str, Any] | None:
    return next(iter(ask("SELECT * FROM rasso.staff_of_number(%s)", number)), None)


def who_may_see(case_id: UUID) -> list[dict[str, Any]]:
    """Who may see a case at this moment, and by what right."""
    return [
        {"who": row["who"], "because": because(row["rights"], row["behalf"])}
        for row in sorted(ask("SELECT * FROM rasso.seers_of(%s)", case_id), key=lambda row: str(row["who"]))
    ]


def who_looked(case_id: UUID) -> list[dict[str, Any]]:
    """Who has looked at a case, each with their last time."""
    return [
        {"who": row["who"] or "RASSO itself", "at": row["at"], "kind": KINDS.get(row["kind"], row["kind"])}
        for row in ask("SELECT * FROM rasso.lookers_of(%s, %s)", case_id, A_PAGE)
    ]


def in_words(row: dict[str, Any]) -> Entry:
    roles = [Role(role).label for role in row["roles"] if role in Role.values]
    shared = [row["recipient"], row["basis"]] if row["recipient"] else []
    return Entry(
        id=row["id"],
        at=row["at"],
        who=row["who"] or f"Number {row['user_id']}",
        place=", ".join([*roles, *row["units"]]),
        kind=KINDS.get(row["kind"], row["kind"]),
        what=what(row),
        because=because(row["rights"], row["behalf"]),
        shared=": ".join(part for part in shared if part),
        address=row["address"] or "",
        has_words=row["has_words"],
        case_ids=list(row["case_ids"] or ()),
    )


def what(row: dict[str, Any]) -> str:
    """“JE-2026-00042, case plan”; of many cases the first three and how many more; what was changed, by table and column."""
    named = list(row["case_references"])
    if row["cases"] > len(named) and named:
        named.append(f"and {row['cases'] - len(named)} more")
    outcome = f" ({row['outcome']})" if row["outcome"] else ""
    # What was asked for, or for whom: the key in the address, the subject request.
    asked = row["basis"].split(", ") if row["kind"] in (Kind.REFUSED, Kind.SEARCHED) else ()
    said = ", ".join([*named, words.page(row["page"]), *(one for one in asked if one and one not in named)]) + outcome
    tables = [words.changed(*one.partition(": ")[::2]) for one in row["changed"]]
    return f"{said}. Changed: {'; '.join(tables)}" if tables else said


def because(rights: list[str], behalf: list[str]) -> str:
    """“assigned; covering for DS Vibert”."""
    said = [RIGHTS.get(right, right.lower()) for right in rights if right != "COVERING"]
    return "; ".join([*said, *(f"covering for {who}" for who in behalf if who)])
