"""Who may see a case and why: the VIEW rows of cases/access.py, read from the case's side.

The table answers for one person which cases they reach; here each of its reaches has a finder, which answers for one case whom the
reach admits. A test holds the two equal for everybody and every case.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cases import access
from cases.enums import Act, GrantBasis
from cases.models import CaseConnection, CaseGrant
from kit import dates
from people.cover.queries import covers_on
from people.cover.rules import can_cover
from people.models import Membership, RoleAssignment, Unit, User
from people.queries import running_on
from people.roles import OrganisationKind, Role

SUPERVISING = (Role.SERGEANT, Role.INSPECTOR)
# Those who work the case stand first, whoever hears of it because something is late last.
ORDER = (
    access.assigned,
    access.second,
    access.liaison,
    access.covered_assigned,
    access.covered_second,
    access.covered_liaison,
    access.named,
    access.supervising_instead,
    access.logged_and_unallocated,
    access.own_units,
    access.escalated,
    access.emergency,
)


@dataclass(frozen=True)
class Seer:
    """Somebody who may see the case, with every reason."""

    user_id: int
    called: str
    reasons: tuple[str, ...]
    # The reach of cases/access.py behind each reason.
    reaches: tuple[Any, ...]


@dataclass(frozen=True)
class KeptOut:
    """Somebody who is connected with someone in the case."""

    called: str
    how: str
    # Of the connection, where it was said of themself; none of those who lost the case because they supervise somebody.
    key: UUID | None


@dataclass(frozen=True)
class WhoMaySee:
    people: list[Seer]
    # Who is kept out because they are connected with somebody in the case: for supervisors by name, for others how many.
    kept_out: list[KeptOut]
    number_kept_out: int

    def reasons_of(self, user_id: int) -> tuple[str, ...]:
        return next((seer.reasons for seer in self.people if seer.user_id == user_id), ())


@dataclass(frozen=True)
class Facts:
    """What the finders look at."""

    case: Any
    # Role -> who holds it today.
    holders: Mapping[str, frozenset[int]]
    # Running grants by basis: who, and since when.
    grants: Mapping[str, dict[int, datetime]]
    # Of supervisors: the unit they answer for that stands nearest to the case, and how many steps above it.
    nearest: Mapping[int, tuple[int, str]]
    reviews: list[Any]
    # Who covers for whom today.
    covers: list[Any]
    # Whether somebody was ever the officer in the case.
    was_allocated: bool

    def holds(self, user_id: int, *roles: str) -> bool:
        return any(user_id in self.holders.get(role, ()) for role in roles)


# For whom of a role a reach admits the case, each with the reason.
Found = Iterable[tuple[int, str]]
Finder = Callable[[Facts, Role], Found]


def since(moment: datetime) -> str:
    return dates.day(timezone.localdate(moment))


def given(basis: GrantBasis, words: str) -> Finder:
    def find(facts: Facts, role: Role) -> Found:
        return [(user_id, f"{words} since {since(at)}") for user_id, at in facts.grants.get(basis, {}).items()]

    return find


def covered(basis: GrantBasis, words: str, *roles: Role) -> Finder:
    """Whoever covers for somebody who was given the case on this basis and still holds one of the roles."""

    def find(facts: Facts, role: Role) -> Found:
        if facts.case.is_restricted:
            return []
        given_to = facts.grants.get(basis, {})
        return [
            (cover.covering_id, f"Covers for {cover.absent.called}, {words}, until {dates.day(cover.ends_on)}")
            for cover in facts.covers
            if cover.absent_id in given_to and facts.holds(cover.absent_id, *roles)
        ]

    return find


def find_named(facts: Facts, role: Role) -> Found:
    if not facts.case.is_restricted:
        return []
    named = facts.grants.get(GrantBasis.NAMED, {})
    return [(user_id, f"Named on this restricted case since {since(at)}") for user_id, at in named.items()]


def find_supervising_instead(facts: Facts, role: Role) -> Found:
    if facts.case.is_restricted:
        return []
    supervises = facts.grants.get(GrantBasis.SUPERVISING, {})
    return [
        (user_id, f"{role.label}: supervises it in place of its unit since {since(at)}") for user_id, at in supervises.items()
    ]


def find_emergency(facts: Facts, role: Role) -> Found:
    if facts.case.is_restricted:
        return []
    opened = facts.grants.get(GrantBasis.EMERGENCY, {})
    return [(user_id, f"Emergency access for one hour, since {moment_in_words(at)}") for user_id, at in opened.items()]


def moment_in_words(moment: datetime) -> str:
    return dates.day_and_time(timezone.localtime(moment))


def find_logged(facts: Facts, role: Role) -> Found:
    if facts.case.officer_id is not None or facts.was_allocated:
        return []
    return [(facts.case.logged_by_id, "Logged the case; nobody is the officer in the case yet")]


def find_unit(facts: Facts, role: Role) -> Found:
    if facts.case.is_restricted:
        return []
    return [
        (user_id, f"{role.label} of {name}" if distance == 0 else f"{role.label} of {name}, above the unit of the case")
        for user_id, (distance, name) in facts.nearest.items()
    ] + [
        (cover.covering_id, f"Covers for {cover.absent.called}, who supervises {name}, until {dates.day(cover.ends_on)}")
        for cover in facts.covers
        if (name := facts.nearest.get(cover.absent_id, (0, ""))[1]) and supervises_for(facts, cover)
    ]


def supervises_for(facts: Facts, cover: Any) -> bool:
    """Whether the covering person’s own rank is at least that of the absent one."""
    if facts.holds(cover.absent_id, Role.INSPECTOR):
        return facts.holds(cover.covering_id, Role.INSPECTOR)
    return facts.holds(cover.covering_id, *SUPERVISING)


def find_escalated(facts: Facts, role: Role) -> Found:
    return [
        (user_id, f"{role.label}: {reached(review)}") for user_id in facts.holders.get(role, ()) for review in facts.reviews[:1]
    ]


def reached(review: Any) -> str:
    """How an open review came to the Detective Superintendent."""
    if review.lowest_role == Role.SUPERINTENDENT:
        return f"the {review.get_kind_display()} was sent on to them"
    day = review.escalates_on if review.escalates_to == Role.SUPERINTENDENT else review.escalates_further_on
    return f"the {review.get_kind_display()} is late and reached them on {dates.day(day)}"


FINDERS: dict[Any, Finder] = {
    access.assigned: given(GrantBasis.ASSIGNED, "Officer in the case"),
    access.second: given(GrantBasis.SECOND, "Works on the case beside its officer,"),
    access.liaison: given(GrantBasis.LIAISON, "SOLO/SOIT of the case"),
    access.covered_assigned: covered(GrantBasis.ASSIGNED, "officer in the case", Role.INVESTIGATOR, *SUPERVISING),
    access.covered_second: covered(GrantBasis.SECOND, "who works on it beside its officer", Role.INVESTIGATOR),
    access.covered_liaison: covered(GrantBasis.LIAISON, "SOLO/SOIT of the case", Role.LIAISON_OFFICER),
    access.named: find_named,
    access.supervising_instead: find_supervising_instead,
    access.emergency: find_emergency,
    access.logged_and_unallocated: find_logged,
    access.own_units: find_unit,
    access.escalated: find_escalated,
}


def who_may_see(case: Any, acts: frozenset[Any], now: datetime) -> WhoMaySee:
    """Eight queries, whatever the number of people. ``acts``: what the reader may do to the case."""
    facts, connected = facts_of(case, now)
    reasons: dict[int, dict[Any, str]] = defaultdict(dict)
    for grant in access.TABLE.grants:
        if Act.VIEW not in grant.acts:
            continue
        for user_id, reason in FINDERS[grant.reach](facts, Role(grant.role)):
            if user_id in facts.holders.get(grant.role, ()) and user_id not in connected:
                reasons[user_id].setdefault(grant.reach, reason)
    users = {user.pk: user.called for user in User.objects.filter(pk__in={*reasons, *connected})}
    people = []
    for user_id, why in reasons.items():
        reaches = tuple(reach for reach in ORDER if reach in why)
        people.append(Seer(user_id, users[user_id], tuple(why[reach] for reach in reaches), reaches))
    rank = {user_id: min(ORDER.index(reach) for reach in why) for user_id, why in reasons.items()}
    return WhoMaySee(
        people=sorted(people, key=lambda seer: (rank[seer.user_id], seer.called)),
        # Decision 11: they lose the case at once. Who supervises must know whom to keep it from; nobody else needs the name.
        kept_out=sorted(
            (
                KeptOut(users[user_id], how_in_words(one), None if one.because_of_id else one.pk)
                for user_id, one in connected.items()
            ),
            key=lambda one: one.called,
        )
        if Act.SUPERVISE in acts
        else [],
        number_kept_out=len(connected),
    )


def how_in_words(connection: Any) -> str:
    return "supervises somebody who is connected" if connection.because_of_id else connection.how


def facts_of(case: Any, now: datetime) -> tuple[Facts, dict[int, Any]]:
    today = timezone.localdate(now)
    grants: dict[str, dict[int, datetime]] = defaultdict(dict)
    every_grant = list(CaseGrant.unguarded.filter(content_object=case).order_by("-starts_at"))
    for grant in every_grant:
        # An emergency access opens nothing at the moment at which it is written (rasso.emergency_case_ids).
        if grant.starts_at > now or (grant.starts_at == now and grant.basis == GrantBasis.EMERGENCY):
            continue
        if grant.ends_at is None or grant.ends_at > now:
            grants[grant.basis][grant.user_id] = grant.starts_at
    connected = {one.user_id: one for one in CaseConnection.unguarded.filter(case=case)}
    holders: dict[str, set[int]] = defaultdict(set)
    units: dict[int, set[int]] = defaultdict(set)
    for role, user_id, unit_id in roles_today(today):
        holders[role].add(user_id)
        if unit_id is not None:
            units[unit_id].add(user_id)
    supervisors = frozenset().union(*(holders[role] for role in SUPERVISING))
    nearest: dict[int, tuple[int, str]] = {}
    for distance, unit in enumerate(line_above(case.unit_id)):
        for user_id in units[unit.pk] & supervisors:
            nearest.setdefault(user_id, (distance, unit.name))
    reviews = list(access.reviews_for_superintendent().filter(case=case).order_by("due_on", "pk"))
    held = {role: frozenset(people) for role, people in holders.items()}
    was_allocated = any(grant.basis == GrantBasis.ASSIGNED for grant in every_grant)
    return Facts(case, held, grants, nearest, reviews, covers_today(held, today), was_allocated), connected


def covers_today(holders: Mapping[str, frozenset[int]], today: date) -> list[Any]:
    """Who covers for whom, where both still hold the roles that it takes."""

    def roles(user_id: int) -> set[str]:
        return {role for role, people in holders.items() if user_id in people}

    return [cover for cover in covers_on(today) if can_cover(roles(cover.absent_id), roles(cover.covering_id))]


def roles_today(today: date) -> Iterable[tuple[str, int, int | None]]:
    """Each running role of each active member of the police who could see a case, with each unit they are in today."""
    held = RoleAssignment.objects.filter(
        running_on(today),
        role__in=access.TABLE.roles_with(Act.VIEW),
        user__is_active=True,
        user__organisation_kind=OrganisationKind.POLICE,
    )
    units: dict[int, list[int]] = defaultdict(list)
    for member_id, of_unit in Membership.objects.filter(running_on(today)).values_list("user_id", "unit_id"):
        units[member_id].append(of_unit)
    for role, user_id in held.values_list("role", "user_id"):
        for unit_id in units.get(user_id) or (None,):
            yield role, user_id, unit_id


def line_above(unit_id: int) -> list[Unit]:
    """The unit of a case and every unit above it, nearest first."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    line, at = [], units.get(unit_id)
    while at is not None:
        line.append(at)
        at = units.get(at.parent_id) if at.parent_id else None
    return line
