"""What the entries that stand say of a case as a whole: one statement, whatever its size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.enums import CARRY_A_DATE, SAY_WHETHER_ON_BAIL, SUSPECT_STATES, Direction, EventKind, LineState
from cases.independence import WORKING
from cases.journey import Journey, journey
from cases.queries.scope import rows
from kit.access import Actor

# Every column is policed: the entries, lines and requests of a case that the reader does not see are not there.
FACTS = """
WITH since AS (SELECT coalesce(max(r.completed_at), '-infinity') AS at FROM cases_review r
  WHERE r.case_id = %(case)s AND r.result <> 'STOOD_DOWN')
SELECT
  (SELECT coalesce(json_agg(e), '[]') FROM (
     SELECT kind, subject, min(happened_at) AS first, max(happened_at) AS last,
       (array_agg(until ORDER BY place DESC))[1] AS until, max(place) AS place
     FROM (SELECT *, row_number() OVER (ORDER BY happened_at, recorded_at, id) AS place FROM cases_event
       WHERE case_id = %(case)s AND struck_at IS NULL) in_order GROUP BY kind, subject) e) AS entries,
  (SELECT coalesce(json_agg(t.offence ORDER BY x."order", x.id), '[]') FROM cases_caseoffence x
     JOIN LATERAL (SELECT label || ' (' || provision || ')' AS offence FROM cases_offencetype WHERE id = x.offence_type_id) t ON true
     WHERE x.case_id = %(case)s) AS offences,
  EXISTS (SELECT 1 FROM cases_context WHERE case_id = %(case)s) AS has_context,
  EXISTS (SELECT 1 FROM cases_investigationplan WHERE case_id = %(case)s) AS has_plan,
  (SELECT coalesce(json_object_agg(l.key, l.number), '{}') FROM (
     SELECT leads || ' ' || state AS key, count(*) AS number FROM cases_lineofenquiry WHERE case_id = %(case)s GROUP BY leads, state) l) AS lines,
  (SELECT coalesce(json_object_agg(m.action_id, m.asked_by_id), '{}') FROM cases_moretime m
     WHERE m.case_id = %(case)s AND m.answered_at IS NULL) AS more_time,
  EXISTS (SELECT 1 FROM since, cases_casegrant g WHERE g.content_object_id = %(case)s AND g.basis = ANY (%(working)s)
     AND (g.ends_at IS NULL AND g.user_id = ANY (%(does_work_of)s) OR g.user_id = %(reader)s AND g.ends_at > since.at
       OR EXISTS (SELECT 1 FROM cases_event e WHERE e.case_id = %(case)s AND e.by_id = %(reader)s AND e.on_behalf_of_id = g.user_id
         AND e.recorded_at > since.at))) AS reader_works_on_it
"""


@dataclass(frozen=True)
class Entry:
    """The standing entries of one kind about one person or thing: the first and the last of them."""

    kind: str
    subject: str
    first: datetime
    last: datetime
    until: date | None
    # Which of the standing entries of the case the last one is, the earliest being the first.
    place: int = 0


@dataclass(frozen=True)
class SuspectState:
    """Where a suspect is, by the last entry that says so."""

    label: str
    since: datetime
    bail_ends: date | None


@dataclass(frozen=True)
class CaseFacts:
    entries: tuple[Entry, ...]
    offences: tuple[str, ...] = ()
    has_context: bool = False
    has_plan: bool = False
    # (where it leads, its state) -> how many lines of enquiry.
    lines: Mapping[tuple[str, str], int] | None = None
    # Key of an action -> who asks for more time for it.
    more_time: Mapping[UUID, int] | None = None
    # Whether the reader works on the case, themselves or for somebody they cover, or did since its last review, as
    # workflow.reviewer_does_not_work_on_it and reviewer_does_not_cover_for_it ask it, and independence.part_in.
    reader_works_on_it: bool = False

    def last(self, kind: EventKind, subject: str = "") -> datetime | None:
        """When it happened last; about one person or thing where ``subject`` names it."""
        return max((e.last for e in self.entries if e.kind == kind and subject in ("", e.subject)), default=None)

    def number_of_lines(self, leads: Direction | None = None, state: LineState | None = None) -> int:
        return sum(
            number for (way, stands), number in (self.lines or {}).items() if leads in (None, way) and state in (None, stands)
        )

    def suspect(self, subject: str) -> SuspectState | None:
        return suspect_state(entry for entry in self.entries if entry.subject == subject)

    @property
    def journey(self) -> Journey:
        return journey((entry.kind, at) for entry in self.entries for at in (entry.first, entry.last))


def suspect_state(entries: Iterable[Entry]) -> SuspectState | None:
    """Of one suspect; nothing where no entry says it. Bail goes on while a suspect is interviewed again."""
    by_last = sorted(entries, key=lambda entry: (entry.last, entry.place))
    said = [entry for entry in by_last if entry.kind in SUSPECT_STATES]
    if not said:
        return None
    bail = [entry for entry in by_last if entry.kind in SAY_WHETHER_ON_BAIL]
    ends = bail[-1].until if bail and bail[-1].kind in CARRY_A_DATE else None
    return SuspectState(SUSPECT_STATES[EventKind(said[-1].kind)], said[-1].last, ends)


def case_facts(case: Any, reader: Actor | None = None) -> CaseFacts:
    known = {
        "case": case.pk,
        "reader": reader.user_id if reader else None,
        "does_work_of": list(reader.does_work_of) if reader else [],
        "working": list(WORKING),
    }
    (found,) = rows(FACTS, known)
    return CaseFacts(
        entries=tuple(
            Entry(
                one["kind"],
                one["subject"],
                datetime.fromisoformat(one["first"]),
                datetime.fromisoformat(one["last"]),
                date.fromisoformat(one["until"]) if one["until"] else None,
                one["place"],
            )
            for one in found["entries"]
        ),
        offences=tuple(found["offences"]),
        has_context=found["has_context"],
        has_plan=found["has_plan"],
        lines={tuple(key.split(" ")): number for key, number in found["lines"].items()},
        more_time={UUID(key): user for key, user in found["more_time"].items()},
        reader_works_on_it=found["reader_works_on_it"],
    )
