"""The review queue: one flat statement for the rows, one for the counts, whatever the number of cases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from cases import deadlines, independence, workflow
from cases.enums import CARRY_A_DATE, SAY_WHETHER_ON_BAIL, EventKind, ReviewKind, ReviewResult
from cases.queries.case_list import LONG_SILENCE
from cases.queries.queue_filters import Filters, Show, Whose
from cases.queries.queue_sql import completed_sql, count_sql, page_sql
from cases.queries.record_shows import CONTACTS
from cases.queries.scope import COUNT_CAP, OFFICERS, capped, officers_to_choose, rows, streamed, supervises_many
from cases.rulepacks import WORDS
from kit import dates
from kit.access import Actor
from people.roles import Role

ROWS_ON_A_PAGE = 50
SOON = timedelta(days=7)
LATER = "Later"
MOST_FLAGS = 3
# Late, these mean that a victim was not told or not offered support in time.
VICTIM_CODES = sorted(
    code for code, limit in deadlines.LIMITS.items() if limit.met_by in (EventKind.VICTIM_TOLD, EventKind.SUPPORT_REFERRED)
)


# Entries that only move people or answer for a delay: the case stands as still as before.
NO_PROGRESS = (
    *(EventKind.CASE_ALLOCATED, EventKind.OFFICER_ADDED, EventKind.OFFICER_LEFT),
    *(EventKind.ACCESS_CHANGED, EventKind.ESCALATION_ANSWERED),
)
COUNTED = (Show.ESCALATED, Show.LATE, Show.WEEK, Show.LATER)


@dataclass(frozen=True)
class QueueRow:
    id: UUID
    case_id: UUID
    section: str
    kind: str
    signer: str
    due_on: date
    urgency: dates.Urgency
    reference: str
    day_number: int
    offence_group: str
    officer: str
    changed: str
    flags: list[str]
    has_draft: bool
    is_restricted: bool
    # Why this reader may not complete it; or from when on somebody may.
    refusal: str
    opens: str

    @property
    def is_for_reader_now(self) -> bool:
        return not self.refusal and not self.opens


@dataclass(frozen=True)
class Counts:
    """The numbers above the list; each stops at the cap."""

    escalated: int
    late: int
    week: int
    later: int


@dataclass(frozen=True)
class Section:
    heading: str
    rows: list[QueueRow]
    # What is due later stands there closed, under its number.
    is_closed: bool


@dataclass(frozen=True)
class CompletedRow:
    id: UUID
    case_id: UUID
    reference: str
    kind: str
    result: str
    completed_at: datetime
    by: str


@dataclass(frozen=True)
class Queue:
    sections: list[Section]
    counts: Counts
    officers: list[tuple[str, str]]
    completed: list[CompletedRow]
    next_after: UUID | None

    @property
    def next_due(self) -> date | None:
        """When the next one is due, where nothing waits yet."""
        return self.sections[0].rows[0].due_on if self.sections and self.sections[0].is_closed else None

    @property
    def case_ids(self) -> list[UUID]:
        """Every case the page speaks of, for the access record."""
        listed = [row.case_id for section in self.sections for row in section.rows]
        return list(dict.fromkeys([*listed, *(row.case_id for row in self.completed)]))


def queue(actor: Actor, filters: Filters, now: datetime, zone: Any, after: UUID | None = None) -> Queue:
    """One page of the queue: what is escalated to the actor, then what is late, due today, due soon, later; on the
    first page also what was completed lately. Three queries."""
    today = now.astimezone(zone).date()
    known = {**parameters(actor, filters, today), "now": now, "after": after, "limit": ROWS_ON_A_PAGE + 1}
    found = rows(page_sql(filters.show, of_many=supervises_many(actor)), known)
    shown = [queue_row(row, actor, today, zone) for row in found[:ROWS_ON_A_PAGE]]
    sections: dict[str, list[QueueRow]] = {}
    for row in shown:
        sections.setdefault(row.section, []).append(row)
    more = len(found) > ROWS_ON_A_PAGE
    counts, officers = frame(actor, filters, today)
    return Queue(
        sections=[Section(heading_of(name, counts), section, name == LATER) for name, section in sections.items()],
        counts=counts,
        officers=officers_to_choose(officers, found),
        completed=[] if after else completed(actor, today, zone),
        next_after=shown[-1].id if more else None,
    )


def every_review(actor: Actor, filters: Filters, now: datetime, zone: Any, most: int) -> Iterator[QueueRow]:
    """All of the queue in its order, at most so many. One query."""
    today = now.astimezone(zone).date()
    known = {**parameters(actor, filters, today), "now": now, "after": None, "limit": most}
    return (queue_row(row, actor, today, zone) for row in streamed(page_sql(filters.show, of_many=supervises_many(actor)), known))


def reviews_to_do(actor: Actor, now: datetime, zone: Any, most: int) -> list[QueueRow]:
    """What stands in “Mine to sign” late or due this week and is not escalated to the actor: the first so many. One query."""
    today = now.astimezone(zone).date()
    known = {**parameters(actor, Filters(), today), "now": now, "after": None, "limit": most}
    return [queue_row(row, actor, today, zone) for row in rows(page_sql(Show.DUE, of_many=supervises_many(actor)), known)]


def heading_of(section: str, counts: Counts) -> str:
    return f"{section} ({capped(counts.later)})" if section == LATER else section


def completed(actor: Actor, today: date, zone: Any) -> list[CompletedRow]:
    """What was completed in the last seven days in the actor's units, newest first."""
    recently = datetime.combine(today - SOON, time.min, zone)
    known = {"units": list(actor.supervised_unit_ids), "recently": recently, "most": ROWS_ON_A_PAGE}
    found = rows(completed_sql(of_many=supervises_many(actor)), known)
    return [
        CompletedRow(**{**row, "kind": ReviewKind(row["kind"]).label, "result": ReviewResult(row["result"]).label})
        for row in found
    ]


def count(actor: Actor, filters: Filters, today: date) -> Counts:
    """Only the numbers. One query."""
    return frame(actor, filters, today)[0]


def frame(actor: Actor, filters: Filters, today: date) -> tuple[Counts, list[list[Any]]]:
    """The numbers of the sentence on top, under the same filters but for the part shown, and the officers to filter by."""
    columns = [count_sql(part, of_many=supervises_many(actor)) for part in COUNTED]
    known = {**parameters(actor, replace(filters, show=Show.ALL), today), "cap": COUNT_CAP + 1}
    (found,) = rows(f"SELECT {', '.join(columns)}, {OFFICERS}", known)
    officers = found.pop("officers")
    return Counts(**found), officers


def parameters(actor: Actor, filters: Filters, today: date) -> dict[str, Any]:
    return {
        "units": list(actor.supervised_unit_ids),
        "roles": sorted(actor.roles),
        "signs": list(workflow.signable_roles(actor)),
        "me": actor.user_id,
        "covers": list(actor.covers),
        "does_work_of": list(actor.does_work_of),
        "mine": filters.whose == Whose.MINE,
        "covering": filters.whose == Whose.COVERING,
        "kind": filters.kind,
        "officer": filters.officer_id,
        "today": today,
        "soon": today + SOON,
        "victim_codes": VICTIM_CODES,
        "say_bail": sorted(SAY_WHETHER_ON_BAIL),
        "bails": sorted(CARRY_A_DATE),
        "contacts": [kind.value for kind in CONTACTS],
        "working": [basis.value for basis in independence.WORKING],
        "no_progress": [kind.value for kind in NO_PROGRESS],
    }


def queue_row(row: dict[str, Any], actor: Actor, today: date, zone: Any) -> QueueRow:
    due_on = row["due_on"]
    silent_days = (today - (row["last_contact"] or row["recorded_at"]).astimezone(zone).date()).days
    opens_on = workflow.opens_on(row["kind"], due_on, today)
    return QueueRow(
        id=row["id"],
        case_id=row["case_id"],
        section=section_of(row, today),
        kind=ReviewKind(row["kind"]).label,
        signer=Role(row["lowest_role"]).label,
        due_on=due_on,
        urgency=dates.urgency(due_on, today),
        reference=row["reference"],
        day_number=(today - row["recorded_at"].astimezone(zone).date()).days,
        offence_group=row["offence_group"] or "",
        officer=row["officer"] or "No officer yet",
        changed=changed_in_words(row, today, zone),
        flags=flags_of({**row, "silent_days": silent_days}, today),
        has_draft=row["has_draft"],
        is_restricted=row["is_restricted"],
        refusal=refusal_of(row, actor),
        opens=f"From {dates.short_day(opens_on, today)}" if opens_on else "",
    )


def refusal_of(row: dict[str, Any], actor: Actor) -> str:
    """Why this reader may not complete the review of a row, whatever the day, in the words of the review's own page."""
    if refusal := workflow.refusal_to_sign(row["officer_id"], row["lowest_role"], actor):
        return refusal
    if row["works_on_it"]:
        return workflow.WORKS_ON_IT
    if row["worked_on_it"]:
        return workflow.WORKED_ON_IT
    if row["covers_for_it"]:
        return workflow.COVERS_FOR_IT
    if row["covered_for_it"]:
        return workflow.COVERED_FOR_IT
    return workflow.SENT_IT_ON if row["sent_it_on"] else ""


def bail_in_words(until: date | None, today: date) -> str:
    return f"Bail {'ends' if until >= today else 'ended'} {dates.distance(until, today)}" if until else ""


def no_early_advice_in_words() -> str:
    """“No early investigative advice (EIA) decision”, in the words of the profile."""
    decision = WORDS[settings.FORCE_PROFILE].early_advice_decision
    return f"No {decision[0].lower()}{decision[1:]}"


# What a row warns of, worst first.
FLAGS: tuple[Callable[[dict[str, Any], date], str], ...] = (
    lambda row, today: "Victim contact late" if row["victim_late"] else "",
    lambda row, today: bail_in_words(row["bail_until"], today),
    lambda row, today: "Device kept past its limit" if row["device_late"] else "",
    lambda row, today: f"No contact for {row['silent_days']} days" if row["silent_days"] >= LONG_SILENCE else "",
    lambda row, today: no_early_advice_in_words() if row["no_early_advice"] else "",
)


def flags_of(row: dict[str, Any], today: date) -> list[str]:
    return [words for flag in FLAGS if (words := flag(row, today))][:MOST_FLAGS]


def section_of(row: dict[str, Any], today: date) -> str:
    if not row["not_escalated"]:
        return "Escalated to you"
    if row["due_on"] < today:
        return "Late"
    if row["due_on"] == today:
        return "Due today"
    return "Next 7 days" if row["due_on"] <= today + SOON else LATER


def changed_in_words(row: dict[str, Any], today: date, zone: Any) -> str:
    if row["changes"]:
        since = dates.short_day(row["changes_since"].astimezone(zone).date(), today)
        return f"{dates.count(row['changes'], 'change')} since {since}"
    last = (row["last_change"] or row["recorded_at"]).astimezone(zone).date()
    quiet = (today - last).days
    return f"Nothing recorded for {dates.count(quiet, 'day')}" if quiet else "Nothing new since the last review"
