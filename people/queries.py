"""Who works where today: lists for forms to choose from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from people.models import Membership, RoleAssignment, Unit, User
from people.roles import OrganisationKind, Role


@dataclass(frozen=True)
class Staff:
    """The police staff of a day. Keys are strings, as forms send them."""

    units: list[tuple[str, str]]
    everybody: list[tuple[str, str]]
    investigators: list[tuple[str, str]]
    liaison_officers: list[tuple[str, str]]
    supervisors: list[tuple[str, str]]
    inspectors: list[tuple[str, str]]
    supervisors_of: dict[str, frozenset[str]]
    units_of: dict[str, tuple[str, ...]]


def running_on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def staff_on(day: date) -> Staff:
    """Active police users with their roles and units on a local date. Four queries, whatever the size of the force."""
    users = {
        str(user.pk): user.called
        for user in User.objects.filter(is_active=True, organisation_kind=OrganisationKind.POLICE).order_by(
            "family_name", "given_name"
        )
    }
    units = {str(unit.pk): unit for unit in Unit.objects.order_by("name")}
    parents = {key: str(unit.parent_id or "") for key, unit in units.items()}
    holders: dict[str, set[str]] = defaultdict(set)
    for user_id, role in RoleAssignment.objects.filter(running_on(day)).values_list("user_id", "role"):
        holders[role].add(str(user_id))
    members: dict[str, set[str]] = defaultdict(set)
    units_of: dict[str, list[str]] = defaultdict(list)
    for user_id, unit_id in Membership.objects.filter(running_on(day)).order_by("pk").values_list("user_id", "unit_id"):
        members[str(unit_id)].add(str(user_id))
        units_of[str(user_id)].append(str(unit_id))
    supervisors = holders[Role.SERGEANT] | holders[Role.INSPECTOR]

    def choices(keys: set[str]) -> list[tuple[str, str]]:
        return [(key, called) for key, called in users.items() if key in keys]

    return Staff(
        units=[(key, unit.name) for key, unit in units.items()],
        everybody=list(users.items()),
        investigators=choices(holders[Role.INVESTIGATOR]),
        liaison_officers=choices(holders[Role.LIAISON_OFFICER]),
        supervisors=choices(supervisors),
        inspectors=choices(holders[Role.INSPECTOR]),
        supervisors_of={
            unit: frozenset().union(*(members[above] & supervisors for above in up_from(unit, parents))) & users.keys()
            for unit in parents
        },
        units_of={user: tuple(units) for user, units in units_of.items()},
    )


def up_from(unit: str, parents: dict[str, str]) -> list[str]:
    """The unit and every unit above it."""
    line = []
    while unit:
        line.append(unit)
        unit = parents[unit]
    return line
