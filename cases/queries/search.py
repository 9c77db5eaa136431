"""Search: cases within the reader's reach, by reference, crime number or name.

The database looks among words of that reach alone (cases/sql/search.sql); what it finds is asked for as the reader once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from cases.enums import Act
from cases.models import Case, CaseOffence, Suspect, Victim
from cases.queries.scope import rows
from kit.access import Actor

MOST = 50
# The newest that the policy lets through, after one whose whole reference was typed.
CANDIDATES = """
WITH found AS MATERIALIZED (
  SELECT case_id, array_agg(DISTINCT called) AS called, bool_or(is_whole) AS is_whole FROM rasso.search(%(words)s) GROUP BY case_id)
SELECT f.case_id, f.called FROM found f CROSS JOIN LATERAL (SELECT c.id, c.recorded_at FROM cases_case c WHERE c.id = f.case_id LIMIT 1) c
ORDER BY f.is_whole DESC, c.recorded_at DESC, c.id DESC LIMIT %(most)s
"""
NUMBERS = ("reference", "crime number")


@dataclass(frozen=True)
class Match:
    """What of a case was found: V1 and, where the reader asked for names, who that is."""

    called: str
    name: str = ""


@dataclass(frozen=True)
class Found:
    id: UUID
    reference: str
    offence_group: str
    officer: str
    day_number: int
    # Only where the case has ended.
    status: str
    is_restricted: bool
    matches: list[Match]

    @property
    def numbers(self) -> list[str]:
        return [match.called for match in self.matches if match.called in NUMBERS]

    @property
    def people(self) -> list[Match]:
        return [match for match in self.matches if match.called not in NUMBERS]


@dataclass(frozen=True)
class Results:
    rows: list[Found]
    is_cut_short: bool


def search(actor: Actor, words: str, today: Any, zone: Any, *, with_names: bool = False) -> Results:
    """Two queries; two more with names."""
    called = {row["case_id"]: row["called"] for row in rows(CANDIDATES, {"words": words, "most": MOST + 1})}
    offence = CaseOffence.unguarded.filter(case=OuterRef("pk")).order_by("order").values("offence_type__group")[:1]
    visible = Case.objects.visible_to(actor, Act.VIEW, among=called).annotate(offence_group=Subquery(offence))
    cases = {case.pk: case for case in visible.select_related("officer")}
    shown = [cases[key] for key in called if key in cases][:MOST]
    names = names_of(shown) if with_names else {}
    return Results([found(case, in_order(called[case.pk]), names, today, zone) for case in shown], len(cases) > MOST)


def in_order(called: Iterable[str]) -> list[str]:
    """Victims before suspects."""
    return sorted(called, key=lambda one: (one[0] != "V", one))


def names_of(cases: list[Any]) -> dict[tuple[UUID, str], str]:
    people: Iterable[Any] = (
        *Victim.unguarded.filter(case__in=cases, person__isnull=False).select_related("person"),
        *Suspect.unguarded.filter(case__in=cases, person__isnull=False).select_related("person"),
    )
    return {(one.case_id, str(one)): in_full(one.person) for one in people}


def in_full(person: Any) -> str:
    return f"{person.name} (also {person.aliases})" if person.aliases else str(person.name)


def found(case: Any, called: list[str], names: dict[tuple[UUID, str], str], today: Any, zone: Any) -> Found:
    return Found(
        id=case.pk,
        reference=case.reference,
        offence_group=case.offence_group or "",
        officer=case.officer.called if case.officer else "No officer yet",
        day_number=(today - case.recorded_at.astimezone(zone).date()).days,
        status="" if case.is_open else case.get_status_display(),
        is_restricted=case.is_restricted,
        matches=[Match(one, names.get((case.pk, one), "")) for one in called],
    )
