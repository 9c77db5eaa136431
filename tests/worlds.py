"""The cast of the tests: one unit tree, and people named by what they are to the case at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from cases import operations
from cases.models import Case, OffenceType
from kit.access import Actor
from people.models import Membership, Organisation, RoleAssignment, Unit, User
from people.roles import OrganisationKind, Role
from tests.postgres.base import LOGIN

LONG_AGO = date(2020, 1, 1)
JERSEY = ZoneInfo("Europe/Jersey")


@contextmanager
def building() -> Iterator[None]:
    """Step back from the web login for a moment, to build rows that no single actor could build."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION DEFAULT")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute(f"SET SESSION AUTHORIZATION {LOGIN}")


def set_clock(moment: datetime) -> None:
    """Make rasso.now() (and so every page and operation) say this moment, until the test's transaction ends."""
    with building(), connection.cursor() as cursor:
        cursor.execute("UPDATE rasso.demonstration_clock SET ahead = %s - pg_catalog.now()", [moment])


def pass_days(days: int) -> None:
    """Let this many local days pass on the domain's clock (without a sweep)."""
    with building(), connection.cursor() as cursor:
        cursor.execute("UPDATE rasso.demonstration_clock SET ahead = ahead + make_interval(days => %s)", [days])


@dataclass
class Force:
    """A small police force and its partners. `unit` works the cases; `other_unit` stands beside it; `above` over both."""

    police: Organisation
    prosecution: Organisation
    above: Unit
    unit: Unit
    other_unit: Unit
    investigator: User
    other_investigator: User
    first_officer: User
    liaison_officer: User
    sergeant: User
    other_sergeant: User
    inspector: User
    superintendent: User
    people: dict[str, User]

    def user(self, role: Role) -> User:
        """Somebody who holds just this role."""
        return self.people[role]


@dataclass
class Newcomer:
    """Somebody about to be enrolled."""

    user: User
    roles: list[Role]
    unit: Unit | None


def newcomer(
    username: str, organisation: Organisation, roles: list[Role], unit: Unit | None = None, **fields: object
) -> Newcomer:
    user = User(
        username=username,
        email=f"{username}@example.invalid",
        rank=str(fields.pop("rank", "DC")),
        given_name="Invented",
        family_name=username.replace("_", " ").title(),
        organisation=organisation,
        organisation_kind=organisation.kind,
        **fields,
    )
    return Newcomer(user, roles, unit)


def enrol_all(newcomers: list[Newcomer]) -> None:
    """In three statements: nearly every test begins with thirty people."""
    User.objects.bulk_create([one.user for one in newcomers])
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(user=one.user, role=role, organisation_kind=one.user.organisation_kind, starts_on=LONG_AGO)
            for one in newcomers
            for role in one.roles
        ]
    )
    Membership.objects.bulk_create(
        [Membership(user=one.user, unit=one.unit, starts_on=LONG_AGO) for one in newcomers if one.unit is not None]
    )


def enrol(username: str, organisation: Organisation, roles: list[Role], unit: Unit | None = None, **fields: object) -> User:
    one = newcomer(username, organisation, roles, unit, **fields)
    enrol_all([one])
    return one.user


def make_force() -> Force:
    """Everyone there is, one person a role at least. Call it inside `building()`."""
    police = Organisation(name="Invented Police", kind=OrganisationKind.POLICE)
    prosecution = Organisation(name="Invented Prosecutors", kind=OrganisationKind.PROSECUTION)
    isva = Organisation(name="Invented Support", kind=OrganisationKind.ISVA_SERVICE)
    others = Organisation(name="Invented Neighbours", kind=OrganisationKind.OTHER)
    Organisation.objects.bulk_create([police, prosecution, isva, others])
    above = Unit.objects.create(organisation=police, name="Invented Crime")
    unit = Unit(organisation=police, name="Invented Team One", parent=above)
    other_unit = Unit(organisation=police, name="Invented Team Two", parent=above)
    Unit.objects.bulk_create([unit, other_unit])
    named = {
        "investigator": newcomer("investigator", police, [Role.INVESTIGATOR], unit),
        "other_investigator": newcomer("other_investigator", police, [Role.INVESTIGATOR], unit),
        "first_officer": newcomer("first_officer", police, [Role.FIRST_OFFICER], unit, rank="PC"),
        "liaison_officer": newcomer("liaison_officer", police, [Role.LIAISON_OFFICER], unit),
        "sergeant": newcomer("sergeant", police, [Role.SERGEANT], unit, rank="DS"),
        "other_sergeant": newcomer("other_sergeant", police, [Role.SERGEANT], other_unit, rank="DS"),
        "inspector": newcomer("inspector", police, [Role.INSPECTOR], above, rank="DI"),
        "superintendent": newcomer("superintendent", police, [Role.SUPERINTENDENT], above, rank="Det Supt"),
    }
    of_role: dict[str, Newcomer] = {
        Role.INVESTIGATOR: named["investigator"],
        Role.FIRST_OFFICER: named["first_officer"],
        Role.LIAISON_OFFICER: named["liaison_officer"],
        Role.SERGEANT: named["sergeant"],
        Role.INSPECTOR: named["inspector"],
        Role.SUPERINTENDENT: named["superintendent"],
    }
    home = {Role.PROSECUTOR: prosecution, Role.HEAD_OF_CRIMINAL_DIVISION: prosecution, Role.ISVA: isva, Role.ISVA_MANAGER: isva}
    others_of_role = {}
    for role in Role:
        if role not in of_role:
            organisation = home.get(role, others if role in {Role.PANEL_MEMBER, Role.CHAIR, Role.BOARD_MEMBER} else police)
            others_of_role[role] = newcomer(role.lower(), organisation, [role], above if organisation is police else None)
    enrol_all([*named.values(), *others_of_role.values()])
    people = {role: one.user for role, one in {**of_role, **others_of_role}.items()}
    users = {name: one.user for name, one in named.items()}
    return Force(police=police, prosecution=prosecution, above=above, unit=unit, other_unit=other_unit, people=people, **users)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of local time in Jersey."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JERSEY)


def days_after(moment: datetime, days: int) -> datetime:
    return moment + timedelta(days=days)


MONDAY = date(2026, 11, 2)


def log_case(
    force: Force, *, by: User | None = None, officer: User | None = None, supervisor: User | None = None, **changed: object
) -> Case:
    """Log a case by the real operation; by its own investigator unless said otherwise. Returns it read past every lock."""
    logger = by or force.investigator
    with building(), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.now()")
        (now,) = cursor.fetchone()
        number = Case.unguarded.count()
    answers: dict[str, object] = {
        "crime_number": f"INV/{number:04}/26",
        "reported_at": now,
        "recorded_at": now,
        "reported_how": "CALL",
        "happened_when": "NOT_KNOWN",
        "happened_from": None,
        "happened_to": None,
        "place": "HERE",
        "place_kind": "NOT_KNOWN",
        "relationship": "NOT_KNOWN_YET",
        "offence_type_ids": (OffenceType.objects.filter(profile="JE", valid_to=None).order_by("order")[0].pk,),
        "victim_name": "Invented Victim-Name",
        "wish": "NOT_YET_ASKED",
        "suspect_known": "NAMED",
        "suspects": 1,
        "suspect_name": "Invented Suspect-Name",
        "suspect_description": "",
        "safe_now": "YES",
        "safety_steps": "",
        "safe_contact": "",
        "unit_id": force.unit.pk,
        "officer_id": (officer or logger).pk if officer is not NOBODY else None,
        "supervisor_id": (supervisor or force.sergeant).pk,
        **changed,
    }
    logged = operations.log_case(actor=actor(logger), new=operations.NewCase(**answers))  # type: ignore[arg-type]
    with building():
        return Case.unguarded.get(pk=logged.pk)


def actor(user: User) -> Actor:
    """The user as an operation wants them: it asks the database for roles and units itself."""
    return Actor(user.pk, user.kind, frozenset())


# For log_case: nobody is the officer in the case yet.
NOBODY = User()
