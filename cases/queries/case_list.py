"""The list of cases: exactly the rows that open, in declared orders, a page at a time."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cases.enums import Status
from cases.queries.record_shows import CONTACTS
from cases.queries.scope import COUNT_CAP, OFFICERS, capped, officers_to_choose, rows, streamed, supervises_many
from kit import dates
from kit.access import Actor

ROWS_ON_A_PAGE = 50
# Days without a word to V1 from which on a row says so.
LONG_SILENCE = 21


class Order(enum.StrEnum):
    """The orders that have an index, unit first."""

    NEWEST = "newest"
    REFERENCE = "reference"


ORDER_SQL = {
    # The columns to sort by, and what comes after the row that the cursor names.
    Order.NEWEST: (
        "c.recorded_at DESC, c.id DESC",
        "(c.recorded_at, c.id) < (SELECT m.recorded_at, m.id FROM cases_case m WHERE m.id = %(after)s)",
    ),
    Order.REFERENCE: ("c.reference", "c.reference > (SELECT m.reference FROM cases_case m WHERE m.id = %(after)s)"),
}
FILTERS = """(%(officer)s::bigint IS NULL OR c.officer_id = %(officer)s) AND (NOT %(unallocated)s OR c.officer_id IS NULL)
  AND c.status = ANY (%(statuses)s)
  AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))"""
OF_UNITS = """
  SELECT b.* FROM unnest(%(units)s::bigint[]) AS u(unit_id) CROSS JOIN LATERAL (
    SELECT {columns} FROM cases_case c WHERE c.unit_id = u.unit_id AND NOT c.is_restricted AND {rest} {order}) b
"""
OF_MANY_UNITS = """
  (SELECT {columns} FROM cases_case c WHERE c.unit_id + 0 = ANY (%(units)s::bigint[]) AND NOT c.is_restricted AND {rest} {order})
"""
OF_OWN_CASES = """
  SELECT b.* FROM unnest(ARRAY(SELECT DISTINCT {own})) AS own(case_id) CROSS JOIN LATERAL (
    SELECT {columns} FROM cases_case c
    WHERE c.id = own.case_id AND (c.is_restricted OR c.unit_id <> ALL (%(units)s::bigint[])) AND {rest} {order}) b
"""
PAGE = """
WITH page AS MATERIALIZED (SELECT c.* FROM ({branches}) c ORDER BY {order} LIMIT %(limit)s)
SELECT c.id, c.reference, c.recorded_at, c.status, c.is_restricted, c.officer_id,
  trim(concat_ws(' ', o.rank, o.given_name, o.family_name)) AS officer,
  (SELECT t."group" FROM cases_caseoffence x JOIN cases_offencetype t ON t.id = x.offence_type_id
     WHERE x.case_id = c.id ORDER BY x."order" LIMIT 1) AS offence_group,
  (SELECT min(r.due_on) FROM cases_review r WHERE r.case_id = c.id AND r.completed_at IS NULL) AS next_review,
  (SELECT max(e.happened_at) FROM cases_event e WHERE e.case_id = c.id AND e.struck_at IS NULL AND e.kind = ANY (%(contacts)s)) AS last_contact
FROM page c LEFT JOIN people_user o ON o.id = c.officer_id ORDER BY {order}
"""


class Shown(enum.StrEnum):
    """Which cases the list holds."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


STATUSES = {
    Shown.OPEN: [Status.RECORDED.value, Status.INVESTIGATING.value],
    Shown.CLOSED: [Status.CLOSED.value, Status.TRANSFERRED.value],
    Shown.ALL: list(Status.values),
}


@dataclass(frozen=True)
class ListFilters:
    order: Order = Order.NEWEST
    shown: Shown = Shown.OPEN
    officer_id: int | None = None
    unallocated: bool = False
    # Only what was given to the reader, where they supervise units as well.
    own: bool = False
    # Without what the reader only looks at in an emergency.
    kept: bool = False


@dataclass(frozen=True)
class CaseRow:
    id: UUID
    reference: str
    day_number: int
    offence_group: str
    officer: str
    officer_id: int | None
    # Only where the case has ended.
    status: str
    is_restricted: bool
    next_review: dates.Urgency | None
    contact: str
    # “No contact for 21 days”, where it is so.
    silence: str
    # The same as days, for whoever sorts and counts them.
    recorded_on: date
    next_review_on: date | None
    contact_on: date | None


@dataclass(frozen=True)
class CaseList:
    rows: list[CaseRow]
    total: int
    next_after: UUID | None
    # To filter by.
    officers: list[tuple[str, str]]

    @property
    def total_in_words(self) -> str:
        return capped(self.total)


def case_list(actor: Actor, filters: ListFilters, today: date, zone: Any, after: UUID | None = None) -> CaseList:
    """One page of the cases the actor may see. Two queries."""
    known = parameters(actor, filters, after, ROWS_ON_A_PAGE + 1)
    found = rows(page_sql(actor, filters), known)
    counted = branches(actor, filters, columns="1", rest=FILTERS, order="LIMIT %(cap)s")
    (frame,) = rows(
        f"SELECT (SELECT count(*) FROM (SELECT 1 FROM ({counted}) b LIMIT %(cap)s) capped) AS total, {OFFICERS}",
        {**known, "today": today},
    )
    shown = [case_row(row, today, zone) for row in found[:ROWS_ON_A_PAGE]]
    return CaseList(
        rows=shown,
        total=frame["total"],
        next_after=shown[-1].id if len(found) > ROWS_ON_A_PAGE else None,
        officers=officers_to_choose(frame["officers"], found),
    )


def every_case(actor: Actor, filters: ListFilters, today: date, zone: Any, most: int) -> Iterator[CaseRow]:
    """All of the list in its order, at most so many. One query."""
    return (case_row(row, today, zone) for row in streamed(page_sql(actor, filters), parameters(actor, filters, None, most)))


def page_sql(actor: Actor, filters: ListFilters) -> str:
    order, beyond = ORDER_SQL[filters.order]
    rest = f"{FILTERS} AND (%(after)s::uuid IS NULL OR {beyond})"
    page = branches(actor, filters, columns="c.*", rest=rest, order=f"ORDER BY {order} LIMIT %(limit)s")
    return PAGE.format(branches=page, order=order)


def branches(actor: Actor, filters: ListFilters, **parts: str) -> str:
    """The cases of the units supervised, and those given one by one."""
    parts["own"] = "rasso.kept_case_ids()" if filters.kept else "rasso.own_case_ids()"
    of_units = OF_MANY_UNITS if supervises_many(actor) else OF_UNITS
    return " UNION ALL ".join(of.format(**parts) for of in (of_units, OF_OWN_CASES))


def parameters(actor: Actor, filters: ListFilters, after: UUID | None, limit: int) -> dict[str, Any]:
    return {
        "units": [] if filters.own else list(actor.supervised_unit_ids),
        "contacts": [kind.value for kind in CONTACTS],
        "officer": filters.officer_id,
        "unallocated": filters.unallocated,
        "statuses": STATUSES[filters.shown],
        "after": after,
        "limit": limit,
        "cap": COUNT_CAP + 1,
    }


def case_row(row: dict[str, Any], today: date, zone: Any) -> CaseRow:
    recorded_on = row["recorded_at"].astimezone(zone).date()
    contact_on = row["last_contact"].astimezone(zone).date() if row["last_contact"] else None
    return CaseRow(
        id=row["id"],
        reference=row["reference"],
        day_number=(today - recorded_on).days,
        offence_group=row["offence_group"] or "",
        officer=row["officer"] or "No officer yet",
        officer_id=row["officer_id"],
        status="" if row["status"] in STATUSES[Shown.OPEN] else Status(row["status"]).label,
        is_restricted=row["is_restricted"],
        next_review=dates.urgency(row["next_review"], today) if row["next_review"] else None,
        contact=contact_in_words(contact_on, today),
        silence=silence_in_words(contact_on or recorded_on, today),
        recorded_on=recorded_on,
        next_review_on=row["next_review"],
        contact_on=contact_on,
    )


def contact_in_words(on: date | None, today: date) -> str:
    return f"Last contact {dates.ago(on, today)}" if on else "No contact with V1 recorded"


def silence_in_words(since: date, today: date) -> str:
    """Counted from the last contact, or from the day of recording where there was none."""
    days = (today - since).days
    return f"No contact for {days} days" if days >= LONG_SILENCE else ""
