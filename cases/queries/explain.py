"""“Explain access”: why somebody sees a case or does not, for the auditor. The finders of who_may_see.py, fed with the facts about one
person that a database function answers to auditors alone; nothing of the case is among them."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cases import access
from cases.enums import Act, GrantBasis, ReviewKind
from cases.queries.who_may_see import FINDERS, ORDER, SUPERVISING, Facts
from kit import dates
from people.cover.rules import can_cover
from people.roles import Role


@dataclass(frozen=True)
class Rule:
    """A row of cases/access.py that speaks of this person, and whether it admits them."""

    what: str
    # Why it admits them; empty where it does not.
    reason: str


@dataclass(frozen=True)
class Explanation:
    person: str
    roles: list[str]
    reference: str
    case_id: UUID
    # What takes the case away whatever the rules say.
    blocks: list[str]
    rules: list[Rule]
    # What they were given once, or has not begun.
    past: list[str]

    @property
    def admits(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.reason]

    @property
    def sees_it(self) -> bool:
        return bool(self.admits) and not self.blocks


@dataclass(frozen=True)
class Unknown:
    """There is nobody, or no case, of this name."""

    is_person_unknown: bool
    is_case_unknown: bool


def explain(username: str, reference: str) -> Explanation | Unknown:
    """One query. For an auditor; the database refuses everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.facts_to_explain(%s, %s)", [username, reference])
        (found,) = cursor.fetchone()
    known = json.loads(found) if isinstance(found, str) else found
    if known["person"] is None or known["case"] is None:
        return Unknown(known["person"] is None, known["case"] is None)
    person, facts = known["person"], facts_from(known)
    roles = [Role(role) for role in Role if facts.holds(person["id"], role)]
    return Explanation(
        person=person["called"],
        roles=[role.label for role in roles],
        reference=reference,
        case_id=UUID(known["case"]["id"]),
        blocks=blocks(known, roles),
        rules=rules(facts, person["id"], roles),
        past=[past(grant) for grant in known["grants"] if grant["user_id"] == person["id"] and not grant["runs"]],
    )


def rules(facts: Facts, person_id: int, roles: list[Role]) -> list[Rule]:
    """Each reach that the person's roles have, once, in the order of the page who may see."""
    found: dict[Any, str] = {}
    for grant in access.TABLE.grants:
        if Act.VIEW in grant.acts and grant.role in roles:
            admitted = dict(FINDERS[grant.reach](facts, Role(grant.role)))
            found[grant.reach] = found.get(grant.reach) or admitted.get(person_id, "")
    return [Rule((reach.__doc__ or "").replace("the actor", "the person"), found[reach]) for reach in ORDER if reach in found]


def blocks(known: Mapping[str, Any], roles: list[Role]) -> list[str]:
    person, sentences = known["person"], []
    if not person["is_police"]:
        sentences.append("They are not of the police. No partner sees a case, whatever their role.")
    if not person["is_active"]:
        sentences.append("They have left: their account is deactivated.")
    if known["connected_since"]:
        since = dates.day(timezone.localdate(datetime.fromisoformat(known["connected_since"])))
        sentences.append(
            f"They are kept out of it since {since}, because of a connection with somebody in it. That is stronger than any rule."
        )
    if not set(roles) & access.TABLE.roles_with(Act.VIEW):
        sentences.append("They hold no role today that sees cases.")
    return sentences


def past(grant: Mapping[str, Any]) -> str:
    begin, end = (dates.day(timezone.localdate(datetime.fromisoformat(grant[name]))) for name in ("starts_at", "ends_at"))
    return f"{GrantBasis(grant['basis']).label}, from {begin} to {end}"


def facts_from(known: Mapping[str, Any]) -> Facts:
    holders: dict[str, set[int]] = defaultdict(set)
    for user_id, role in known["roles"]:
        if user_id in known["active_police"]:
            holders[role].add(user_id)
    units: dict[int, set[int]] = defaultdict(set)
    for user_id, unit_id in known["units"]:
        units[unit_id].add(user_id)
    supervisors = set().union(*(holders[role] for role in SUPERVISING))
    nearest: dict[int, tuple[int, str]] = {}
    for distance, (unit_id, name) in enumerate(known["line"]):
        for user_id in units[unit_id] & supervisors:
            nearest.setdefault(user_id, (distance, name))
    grants: dict[str, dict[int, datetime]] = defaultdict(dict)
    for grant in known["grants"]:
        if grant["runs"]:
            grants[grant["basis"]][grant["user_id"]] = datetime.fromisoformat(grant["starts_at"])
    held = {role: frozenset(people) for role, people in holders.items()}
    return Facts(
        case=SimpleNamespace(**known["case"]),
        holders=held,
        grants=grants,
        nearest=nearest,
        reviews=[review_from(row) for row in known["reviews"]],
        covers=[cover for row in known["covers"] if (cover := cover_from(row, known["person"]["id"], held))],
        was_allocated=known["was_allocated"],
    )


def review_from(row: Mapping[str, Any]) -> Any:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("escalates_on", "escalates_further_on")}
    return SimpleNamespace(**{**row, **days}, get_kind_display=lambda: ReviewKind(row["kind"]).label)


def cover_from(row: Mapping[str, Any], covering_id: int, holders: Mapping[str, frozenset[int]]) -> Any:
    """A cover of today; nothing where one of the two does not hold the roles that it takes."""

    def roles(user_id: int) -> set[str]:
        return {role for role, people in holders.items() if user_id in people}

    if not can_cover(roles(row["absent_id"]), roles(covering_id)):
        return None
    return SimpleNamespace(
        absent_id=row["absent_id"],
        covering_id=covering_id,
        absent=SimpleNamespace(called=row["called"]),
        ends_on=date.fromisoformat(row["ends_on"]),
    )
