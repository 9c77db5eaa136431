"""Enrol everybody of the invented force. Run as the owner: no person may make another one yet."""

from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password

from people.models import Membership, Organisation, RoleAssignment, Unit, User
from rasso.demonstration.accounts import ACCOUNTS, COLLEAGUES, ORGANISATIONS, TEAMS, Account

# Long before the first case.
ENROLLED_ON = date(2010, 1, 1)


def enrol_everybody() -> None:
    # Made once: hashing is meant to be slow, and all have the same password.
    password = make_password(settings.DEMONSTRATION_PASSWORD)
    organisations = {name: Organisation.objects.create(name=name, kind=kind) for name, kind in ORGANISATIONS.items()}
    units: dict[str, Unit] = {}
    for team in TEAMS:
        units[team.name] = Unit.objects.create(
            name=team.name, organisation=organisations[team.organisation], parent=units.get(team.above)
        )
    for account in (*ACCOUNTS, *COLLEAGUES):
        enrol(account, organisations[account.organisation], units.get(account.unit), password)


def enrol(account: Account, organisation: Organisation, unit: Unit | None, password: str) -> User:
    user = User(
        username=account.username,
        email=f"{account.username}@example.invalid",
        rank=account.rank,
        given_name=account.given_name,
        family_name=account.family_name,
        organisation=organisation,
        organisation_kind=organisation.kind,
    )
    user.save()
    user.password = password
    user.save_password()
    for role in account.roles:
        RoleAssignment.objects.create(user=user, role=role, organisation_kind=organisation.kind, starts_on=ENROLLED_ON)
    if unit is not None:
        Membership.objects.create(user=user, unit=unit, starts_on=ENROLLED_ON)
    return user
