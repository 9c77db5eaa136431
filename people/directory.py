"""Who works here, for administrators: the list, one person with everything dated, the tree of units. Fixed numbers of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from kit import dates
from people.models import Membership, PeopleChange, RoleAssignment, Unit, User
from people.queries import running_on
from people.roles import Role

ROWS_ON_A_PAGE = 50
CHANGES_SHOWN = 100


@dataclass(frozen=True)
class Dated:
    """A role or a unit of somebody, with its days in words."""

    key: int
    label: str
    when: str
    is_over: bool = False


@dataclass
class PersonRow:
    user: User
    roles: list[Dated] = field(default_factory=list)
    units: list[Dated] = field(default_factory=list)


@dataclass(frozen=True)
class PeopleFilters:
    unit: str = ""
    role: str = ""
    show: str = "active"


@dataclass(frozen=True)
class PeopleList:
    rows: list[PersonRow]
    next_after: int | None


def people_list(filters: PeopleFilters, today: date, after: int | None = None) -> PeopleList:
    """One page in the order of names. Three queries, one more behind the first page."""
    users = filtered(filters, today)
    if after is not None and (last := User.objects.filter(pk=after).first()):
        users = users.filter(behind(last))
    return a_page(users, today)


def everybody(filters: PeopleFilters, today: date, most: int) -> list[PersonRow]:
    """The whole list under the filters, no more than ``most``. Three queries."""
    return a_page(filtered(filters, today), today, most).rows


def filtered(filters: PeopleFilters, today: date) -> QuerySet[User]:
    users = User.objects.select_related("organisation")
    if filters.show != "all":
        users = users.filter(is_active=filters.show == "active")
    if filters.unit:
        users = users.filter(pk__in=Membership.objects.filter(running_on(today), unit_id=filters.unit).values("user_id"))
    if filters.role:
        users = users.filter(pk__in=RoleAssignment.objects.filter(running_on(today), role=filters.role).values("user_id"))
    return users


def behind(last: User) -> Q:
    """Whoever comes after this person in the list; the address holds their number and not their name."""
    names = Q(family_name__gt=last.family_name) | Q(family_name=last.family_name, given_name__gt=last.given_name)
    return names | Q(family_name=last.family_name, given_name=last.given_name, pk__gt=last.pk)


def people_found(term: str, today: date) -> PeopleList:
    """Whoever has this in their name or user name, active or not; the first page only."""
    users = User.objects.select_related("organisation").annotate(called_as=Concat("given_name", Value(" "), "family_name"))
    return a_page(users.filter(Q(called_as__icontains=term) | Q(username__icontains=term)), today)


def a_page(users: QuerySet[User], today: date, most: int = ROWS_ON_A_PAGE) -> PeopleList:
    found = list(users.order_by("family_name", "given_name", "pk")[: most + 1])
    rows = {user.pk: PersonRow(user) for user in found[:most]}
    for held in RoleAssignment.objects.filter(not_over(today), user__in=rows).order_by("starts_on", "role"):
        rows[held.user_id].roles.append(dated(held, held.get_role_display(), today))
    members = Membership.objects.filter(not_over(today), user__in=rows).select_related("unit").order_by("starts_on", "unit__name")
    for member in members:
        rows[member.user_id].units.append(dated(member, member.unit.name, today))
    shown = list(rows.values())
    return PeopleList(shown, shown[-1].user.pk if len(found) > most else None)


def not_over(today: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=today)


def dated(row: RoleAssignment | Membership, label: str, today: date) -> Dated:
    is_over = row.ends_on is not None and row.ends_on < today
    begins = "from" if is_over or row.starts_on > today else "since"
    ends = f" until {dates.day(row.ends_on)}" if row.ends_on else ""
    return Dated(row.pk, label, f"{begins} {dates.day(row.starts_on)}{ends}", is_over)


# One person ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    at: Any
    sentence: str
    by: str


@dataclass(frozen=True)
class PersonPage:
    person: User
    roles: list[Dated]
    units: list[Dated]
    past: list[Dated]
    changes: list[Change]
    left_because: str


def person_page(person: User, today: date) -> PersonPage:
    """Three queries."""
    roles = [
        dated(one, one.get_role_display(), today) for one in person.role_assignments.order_by("ends_on", "starts_on", "role")
    ]
    members = person.memberships.select_related("unit").order_by("ends_on", "starts_on", "unit__name")
    units = [dated(one, one.unit.name, today) for one in members]
    noted = list(person.changes.select_related("by", "unit").order_by("-at", "-pk")[:CHANGES_SHOWN])
    leaving = next((one.because for one in noted if one.what == PeopleChange.What.DEACTIVATED), "")
    return PersonPage(
        person,
        roles=[one for one in roles if not one.is_over],
        units=[one for one in units if not one.is_over],
        past=[one for one in (*roles, *units) if one.is_over],
        changes=changes_in_words(noted),
        left_because="" if person.is_active else leaving,
    )


def changes_of_unit(unit: Unit) -> list[Change]:
    kinds = (PeopleChange.What.UNIT_ADDED, PeopleChange.What.UNIT_CHANGED)
    noted = unit.changes.filter(what__in=kinds).select_related("by", "unit").order_by("-at", "-pk")
    return changes_in_words(noted[:CHANGES_SHOWN])


def changes_in_words(noted: Iterable[PeopleChange]) -> list[Change]:
    return [Change(one.at, sentence_of(one), one.by.called if one.by else "whoever set up this installation") for one in noted]


def sentence_of(one: PeopleChange) -> str:
    what = PeopleChange.What
    day = dates.day(one.day) if one.day else ""
    if one.what == what.ROLE_GIVEN:
        until = f" until {dates.day(date.fromisoformat(one.became))}" if one.became else ""
        return f"{Role(one.role).label} from {day}{until}"
    if one.what == what.ROLE_ENDED:
        return f"{Role(one.role).label} no more after {day}"
    if one.what == what.UNIT_JOINED:
        return f"In {one.unit} from {day}"
    if one.what == what.UNIT_LEFT:
        return f"In {one.unit} no more after {day}"
    if one.what == what.COVER_SET:
        return f"Covered by {one.became} from {day} until {dates.day(date.fromisoformat(one.was))}"
    if one.what == what.COVER_ENDED:
        return f"Covered by {one.became} no more from {day}"
    if one.what in (what.DETAILS, what.UNIT_CHANGED):
        return f"Changed from “{one.was}” to “{one.became}”"
    if one.what == what.DEACTIVATED:
        return f"Deactivated: {one.because}"
    return f"{one.get_what_display()}: {one.became}" if one.became else one.get_what_display()


# Units -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitRow:
    unit: Unit
    # What it stands below: the unit, or at the top the organisation.
    above: str
    people: int
    is_quiet: bool
    # Ranks that complete the reviews of its cases, and that nobody holds here or above.
    unsigned: list[str]


def unit_tree(today: date, unsigned: Mapping[int, list[str]]) -> list[UnitRow]:
    """Every unit, each under the one it stands below. Two queries."""
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.select_related("organisation").order_by("organisation__name", "name"):
        below[unit.parent_id].append(unit)
    active = Membership.objects.filter(running_on(today), user__is_active=True)
    members: dict[int, set[int]] = defaultdict(set)
    for unit_id, user_id in active.values_list("unit_id", "user_id"):
        members[unit_id].add(user_id)

    def rows(above: Unit | None) -> list[UnitRow]:
        return [
            row
            for unit in below[above.pk if above else None]
            for row in (
                UnitRow(
                    unit,
                    above.name if above else unit.organisation.name,
                    len(members[unit.pk]),
                    is_quiet(unit, today),
                    unsigned.get(unit.pk, []),
                ),
                *rows(unit),
            )
        ]

    return rows(None)


def is_quiet(unit: Unit, today: date) -> bool:
    return unit.quiet_until is not None and unit.quiet_until > today


def unit_choices(organisation_id: int | None = None, *, but: int | None = None) -> list[tuple[str, str]]:
    """Units to choose from; of every organisation, or of one."""
    units = Unit.objects.order_by("name")
    if but is not None:
        units = units.exclude(pk=but)
    if organisation_id is not None:
        units = units.filter(organisation_id=organisation_id)
    return [(str(key), name) for key, name in units.values_list("pk", "name")]
