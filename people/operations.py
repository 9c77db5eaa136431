"""What an administrator does to people and units. Each act locks them all, looks again, and is written by a function of the database.

Passwords arrive here hashed. Raises Blocked with sentences for the page; a version that is not the one that somebody read is one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from kit import dates
from kit.access import Actor, NotVisible
from kit.clock import local_date
from kit.operations import held_by
from kit.refusal import Blocked
from people.models import Membership, Organisation, RoleAssignment, Unit, User
from people.queries import up_from
from people.roles import DESCRIPTIONS, SUPERVISE_UNITS, OrganisationKind, Role, apart_from_administrator

LONGEST_QUIET_DAYS = 60
CHANGED_MEANWHILE = "Somebody else changed this since you opened the page. Nothing of yours is saved. Look at what stands here now; send it again if it is still right."
LAST_ADMINISTRATOR = "Nobody else is an administrator without an end date. Give that role to somebody else first, or nobody could enrol people any more."
THEY_LEFT = "They have left. Reactivate them first."
ACTIVE_ALREADY = "They are active already."
SUPERVISOR_NEEDS_UNIT = "Choose at least one unit. A Detective Sergeant or Inspector sees only the cases of their units"
OTHER_HALF = "You {} within the last seven days. Another administrator {}, so that nobody alone can sign in as somebody else."
OWN_ACCOUNT = "This is your own account. Ask another administrator to do this."


@dataclass(frozen=True)
class Details:
    rank: str
    given_name: str
    family_name: str
    email: str


@dataclass(frozen=True)
class NewPerson:
    username: str
    details: Details
    organisation_id: int
    roles: Sequence[str]
    unit_ids: Sequence[int]
    starts_on: date


@dataclass(frozen=True)
class Noted:
    """What the access record says of a change: of whom it was, by user name or unit, and what. Nothing that was typed for it, because that
    line is kept for ever."""

    recipient: str
    basis: str


# People ----------------------------------------------------------------------------------------------------------------


@held_by(Role.ADMINISTRATOR)
def enrol_person(*, actor: Actor, now: datetime, new: NewPerson, password_hash: str) -> int:
    """Answers the key of the new person, who must change the password at the first sign-in."""
    hold(User, 0)
    if User.objects.filter(username=new.username).exists():
        raise Blocked("Somebody has this user name already. Enter another one.")
    organisation = Organisation.objects.get(pk=new.organisation_id)
    refuse_roles(new.roles, OrganisationKind(organisation.kind))
    refuse_days(new.starts_on, now)
    refuse_units(new.unit_ids, organisation.pk)
    if lacks_unit(new.roles, new.unit_ids):
        raise Blocked(f"{SUPERVISOR_NEEDS_UNIT}.")
    one = new.details
    return int(
        call(
            "enrol_person(%s, %s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s)",
            *(new.username, one.rank, one.given_name, one.family_name, one.email, organisation.pk),
            *(list(new.roles), list(new.unit_ids), new.starts_on, password_hash),
        )
    )


@held_by(Role.ADMINISTRATOR)
def change_person(*, actor: Actor, now: datetime, person_id: int, version: int, details: Details) -> Noted:
    person = hold(User, person_id, version)
    parts = (details.rank, details.given_name, details.family_name, details.email)
    call("change_person(%s, %s, %s, %s, %s)", person_id, *parts)
    return Noted(person.username, "details changed")


@held_by(Role.ADMINISTRATOR)
def give_first_password(*, actor: Actor, now: datetime, person_id: int, version: int, password_hash: str) -> Noted:
    person = held_active(actor, person_id, version)
    if call("did_other_half(%s, 'FACTORS_RESET')", person_id):
        raise Blocked(OTHER_HALF.format("removed their second factors", "gives the password"))
    call("give_first_password(%s, %s)", person_id, password_hash)
    return Noted(person.username, "new first password given")


@held_by(Role.ADMINISTRATOR)
def reset_factors(*, actor: Actor, now: datetime, person_id: int, version: int) -> Noted:
    person = held_active(actor, person_id, version)
    if call("did_other_half(%s, 'PASSWORD_GIVEN') OR rasso.did_other_half(%s, 'REACTIVATED')", person_id, person_id):
        raise Blocked(OTHER_HALF.format("gave them a first password", "removes the second factors"))
    call("reset_factors(%s)", person_id)
    return Noted(person.username, "second factors removed")


@held_by(Role.ADMINISTRATOR)
def end_sessions(*, actor: Actor, now: datetime, person_id: int, version: int) -> Noted:
    """Written down here; the sessions themselves are the web login's to delete."""
    person = held_active(actor, person_id, version)
    call("note_sessions_ended(%s)", person_id)
    return Noted(person.username, "signed out everywhere")


@held_by(Role.ADMINISTRATOR)
def deactivate_person(*, actor: Actor, now: datetime, person_id: int, version: int, because: str) -> Noted:
    person = held_active(actor, person_id, version)
    is_administrator = RoleAssignment.objects.filter(not_ended(now), user_id=person_id, role=Role.ADMINISTRATOR).exists()
    if is_administrator and not call("other_administrator(%s)", person_id):
        raise Blocked(LAST_ADMINISTRATOR)
    call("deactivate_person(%s, %s)", person_id, because)
    return Noted(person.username, "deactivated")


@held_by(Role.ADMINISTRATOR)
def reactivate_person(*, actor: Actor, now: datetime, person_id: int, version: int, password_hash: str) -> Noted:
    person = hold(User, person_id, version)
    if person.is_active:
        raise Blocked(ACTIVE_ALREADY)
    call("reactivate_person(%s, %s)", person_id, password_hash)
    return Noted(person.username, "reactivated")


# Roles and units of a person -------------------------------------------------------------------------------------------


@held_by(Role.ADMINISTRATOR)
def give_role(
    *, actor: Actor, now: datetime, person_id: int, version: int, role: str, starts_on: date, ends_on: date | None
) -> Noted:
    person = held_active(actor, person_id, version)
    refuse_roles([role], OrganisationKind(person.organisation_kind))
    refuse_days(starts_on, now)
    if ends_on and ends_on < starts_on:
        raise Blocked("The last day is before the first. Enter a last day on or after it, or none.")
    on_these_days = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    if ends_on:
        on_these_days &= Q(starts_on__lte=ends_on)
    for held in RoleAssignment.objects.filter(on_these_days, user_id=person_id, role=role):
        raise Blocked(
            f"They hold this role {between(held.starts_on, held.ends_on)} already. End that first, or choose other days."
        )
    refuse_apart([role, *RoleAssignment.objects.filter(on_these_days, user_id=person_id).values_list("role", flat=True)])
    call("give_role(%s, %s, %s, %s)", person_id, role, starts_on, ends_on)
    return Noted(person.username, f"role given: {Role(role).label} {between(starts_on, ends_on)}")


@held_by(Role.ADMINISTRATOR)
def end_role(*, actor: Actor, now: datetime, person_id: int, version: int, assignment_id: int, last_day: date) -> Noted:
    """``last_day`` is the last on which the role is held; yesterday ends it at once."""
    person = hold(User, person_id, version)
    if person_id == actor.user_id:
        raise Blocked(OWN_ACCOUNT)
    held = RoleAssignment.objects.filter(not_ended(now), pk=assignment_id, user_id=person_id).first()
    if held is None:
        raise Blocked("This role has ended already.")
    if last_day < local_date(now) - timedelta(days=1):
        raise Blocked("Enter today or a day to come. What has been cannot be changed.")
    if held.role == Role.ADMINISTRATOR and not call("other_administrator(%s)", person_id):
        raise Blocked(LAST_ADMINISTRATOR)
    call("end_role(%s, %s)", assignment_id, last_day)
    return Noted(person.username, f"role ended: {held.get_role_display()}, last day {dates.day(last_day)}")


@held_by(Role.ADMINISTRATOR)
def move_person(
    *, actor: Actor, now: datetime, person_id: int, version: int, leaves_id: int | None, joins_id: int | None, day: date
) -> Noted:
    """Leave one unit (the key of the membership), join another, both on one day; or only one of the two."""
    person = held_active(actor, person_id, version)
    refuse_days(day, now)
    if leaves_id is None and joins_id is None:
        raise Blocked("Choose a unit that they leave, or one that they join.")
    memberships = Membership.objects.filter(not_ended(now), user_id=person_id).select_related("unit")
    left = memberships.filter(pk=leaves_id).first() if leaves_id is not None else None
    if leaves_id is not None and left is None:
        raise Blocked("They have left that unit already.")
    if joins_id is not None:
        refuse_units([joins_id], person.organisation_id)
        present = memberships.filter(Q(ends_on=None) | Q(ends_on__gte=day), unit_id=joins_id).first()
        if present is not None:
            raise Blocked(f"They are in that unit {between(present.starts_on, present.ends_on)} already. Choose another.")
    call("move_person(%s, %s, %s, %s)", person_id, leaves_id, joins_id, day)
    joined = Unit.objects.get(pk=joins_id).name if joins_id is not None else ""
    done = [f"left unit {left.unit.name}"] if left else []
    return Noted(person.username, ", ".join([*done, *([f"joined unit {joined}"] if joined else [])]) + f", from {dates.day(day)}")


# Units -----------------------------------------------------------------------------------------------------------------


@held_by(Role.ADMINISTRATOR)
def add_unit(
    *, actor: Actor, now: datetime, organisation_id: int, name: str, parent_id: int | None, hour: int, quiet_until: date | None
) -> int:
    hold(Unit, 0)
    refuse_unit(now, 0, organisation_id, name, parent_id, quiet_until)
    return int(call("add_unit(%s, %s, %s, %s, %s)", organisation_id, name, parent_id, hour, quiet_until))


@held_by(Role.ADMINISTRATOR)
def change_unit(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    version: int,
    name: str,
    parent_id: int | None,
    hour: int,
    quiet_until: date | None,
) -> Noted:
    unit = hold(Unit, unit_id, version)
    # A quiet time that is over may stand as it is.
    new_quiet = quiet_until if quiet_until != unit.quiet_until else None
    refuse_unit(now, unit_id, unit.organisation_id, name, parent_id, new_quiet)
    call("change_unit(%s, %s, %s, %s, %s)", unit_id, name, parent_id, hour, quiet_until)
    if parent_id == unit.parent_id:
        return Noted(f"unit {unit.name}", "name, hour or quiet time changed")
    above = f"below {Unit.objects.get(pk=parent_id).name}" if parent_id is not None else "to the top"
    return Noted(f"unit {unit.name}", f"moved {above}")


# What is looked at under the lock ----------------------------------------------------------------------------------------


def call(function: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rasso.{function}", arguments)
        return cursor.fetchone()[0]


def hold(model: type[User] | type[Unit], key: int, opened: int | None = None) -> Any:
    """Lock people and units, and fetch the row in a second statement. Blocked if it is not the version that somebody read."""
    version = call(f"hold_{'person' if model is User else 'unit'}(%s)", key)
    if opened is None:
        return None
    if version is None:
        raise NotVisible
    if version != opened:
        raise Blocked(CHANGED_MEANWHILE)
    return model.objects.get(pk=key)


def held_active(actor: Actor, person_id: int, version: int) -> User:
    person: User = hold(User, person_id, version)
    if person_id == actor.user_id:
        raise Blocked(OWN_ACCOUNT)
    if not person.is_active:
        raise Blocked(THEY_LEFT)
    return person


def not_ended(now: datetime) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=local_date(now))


def between(starts_on: date, ends_on: date | None) -> str:
    return f"from {dates.day(starts_on)}" + (f" until {dates.day(ends_on)}" if ends_on else "")


def refuse_days(day: date, now: datetime) -> None:
    today = local_date(now)
    if not today <= day <= today + timedelta(days=366):
        raise Blocked("Enter today or a day within the next year. What has been cannot be changed.")


def refuse_roles(roles: Sequence[str], kind: OrganisationKind) -> None:
    wrong = [Role(role).label for role in roles if kind not in DESCRIPTIONS[Role(role)].held_by]
    if wrong:
        raise Blocked(f"People of this kind of organisation ({kind.label}) cannot be: {', '.join(wrong)}.")
    refuse_apart(roles)


def refuse_apart(roles: Sequence[str]) -> None:
    if apart := apart_from_administrator(roles):
        labels = ", ".join(role.label for role in apart)
        raise Blocked(
            f"An administrator reaches no case, so nobody is one and {labels} on the same day. Give it to somebody else."
        )


def lacks_unit(roles: Sequence[str], units: Sequence[Any]) -> bool:
    return bool(SUPERVISE_UNITS.intersection(roles)) and not units


def refuse_units(keys: Sequence[int], organisation_id: int) -> None:
    if Unit.objects.filter(pk__in=keys, organisation_id=organisation_id).count() != len(set(keys)):
        raise Blocked("Choose only units of the organisation that they belong to.")


def refuse_unit(
    now: datetime, unit_id: int, organisation_id: int, name: str, parent_id: int | None, quiet_until: date | None
) -> None:
    reasons = []
    if Unit.objects.filter(organisation_id=organisation_id, name__iexact=name).exclude(pk=unit_id).exists():
        reasons.append("There is a unit of this name already. Enter another one.")
    parents = {
        str(key): str(above or "")
        for key, above in Unit.objects.filter(organisation_id=organisation_id).values_list("pk", "parent_id")
    }
    if parent_id is not None and str(parent_id) not in parents:
        reasons.append("Choose a unit of the same organisation to stand above it.")
    elif parent_id is not None and str(unit_id) in up_from(str(parent_id), parents):
        reasons.append("A unit cannot stand below itself, nor below one that stands below it. Choose another.")
    today = local_date(now)
    if quiet_until and not today < quiet_until <= today + timedelta(days=LONGEST_QUIET_DAYS):
        reasons.append(
            f"Enter a day after today, at most {LONGEST_QUIET_DAYS} days ahead: lateness must not stay unheard for longer."
        )
    if reasons:
        raise Blocked(*reasons)
