"""Who may give a case to whom: the two database functions that are the only way, and the constraints beneath them."""

import pytest
from django.db import IntegrityError, transaction

from cases.models import Case, CaseConnection, CaseGrant
from kit.binding import bound_to
from people.models import Organisation, RoleAssignment, User
from people.roles import DESCRIPTIONS, OrganisationKind, Role
from tests.access.scene import Scene, undone
from tests.access.sql import ask, refused
from tests.worlds import LONG_AGO, building

MAY_NOT_GIVE = "this actor may not give this case"


def grant(giver: User, case: Case, receiver: User, basis: str = "LIAISON") -> None:
    with bound_to(giver.pk, giver.kind, may_write=True):
        ask("SELECT rasso.grant_case(%s, %s, %s)", case.pk, receiver.pk, basis)


def allocate(giver: User, case: Case, receiver: User) -> None:
    with bound_to(giver.pk, giver.kind, may_write=True):
        ask("SELECT rasso.allocate_case(%s, %s)", case.pk, receiver.pk)


def running_grants(case: Case) -> set[tuple[int, str]]:
    with building():
        return set(CaseGrant.unguarded.filter(content_object=case, ends_at=None).values_list("user_id", "basis"))


def person(scene: Scene, name: str) -> User:
    return next(user for user in scene.everybody if user.username == name)


# Who gives ---------------------------------------------------------------------------------------------------------------

GIVERS = {
    "at hand": {"sergeant", "inspector", "covering_sergeant", "instead_sergeant", "unnamed_sergeant"},
    "not yet allocated": {
        "first_officer",
        "sergeant",
        "inspector",
        "connected_sergeant",
        "covering_sergeant",
        "unnamed_sergeant",
    },
    "allocated since": {"sergeant", "inspector", "connected_sergeant", "covering_sergeant", "unnamed_sergeant"},
    "restricted": {"named_sergeant"},
    "elsewhere": set(),
}


@pytest.mark.parametrize("act", [grant, allocate])
@pytest.mark.parametrize("case", GIVERS)
def test_only_these_may_give(on_the_scene: Scene, case: str, act: object) -> None:
    """Of everybody in the scene: strangers, connected, partners, the officer and whoever logged an allocated case may not."""
    receiver = on_the_scene.force.other_investigator
    for user in on_the_scene.everybody:
        if user.username in GIVERS[case]:
            with undone():
                act(user, on_the_scene.cases[case], receiver)  # type: ignore[operator]
        else:
            function = "grant_case" if act is grant else "allocate_case"
            words = MAY_NOT_GIVE if user.kind == "police" else f"permission denied for function {function}"
            with refused(words):
                act(user, on_the_scene.cases[case], receiver)  # type: ignore[operator]


def test_whoever_logged_a_case_without_the_role_any_more_may_not_give(on_the_scene: Scene) -> None:
    first_officer = on_the_scene.force.first_officer
    with building():
        RoleAssignment.objects.filter(user=first_officer).update(ends_on=LONG_AGO)
    with refused(MAY_NOT_GIVE):
        grant(first_officer, on_the_scene.cases["not yet allocated"], on_the_scene.force.investigator)


# To whom -----------------------------------------------------------------------------------------------------------------


def test_case_is_given_to_nobody_outside_the_police(on_the_scene: Scene) -> None:
    for user in on_the_scene.everybody:
        if user.kind == "partner":
            with refused("cases are given to police only"):
                grant(on_the_scene.force.sergeant, on_the_scene.cases["at hand"], user)


def test_case_is_not_given_to_somebody_deactivated_or_unknown(on_the_scene: Scene) -> None:
    receiver = on_the_scene.force.other_investigator
    with building():
        User.objects.filter(pk=receiver.pk).update(is_active=False)
    for somebody in (receiver, User(pk=0)):
        with refused("cases are given to police only"):
            allocate(on_the_scene.force.sergeant, on_the_scene.cases["at hand"], somebody)


def test_case_is_not_given_to_somebody_connected_with_it(on_the_scene: Scene) -> None:
    with refused("the receiver is connected with this case"):
        grant(on_the_scene.force.sergeant, on_the_scene.cases["at hand"], person(on_the_scene, "connected_sergeant"))


def test_officer_in_the_case_has_a_role_that_works_cases(on_the_scene: Scene) -> None:
    case, force = on_the_scene.cases["at hand"], on_the_scene.force
    roles = {Role.INVESTIGATOR, Role.SERGEANT, Role.INSPECTOR}
    for role in Role:
        receiver = force.other_investigator if role is Role.INVESTIGATOR else force.user(role)
        if receiver.kind != "police":
            continue
        if role in roles:
            with undone():
                allocate(force.inspector, case, receiver)
        else:
            with refused("the officer in the case is an investigator or a supervisor"):
                allocate(force.inspector, case, receiver)
    assert {user for user, basis in running_grants(case) if basis == "ASSIGNED"} == {force.investigator.pk}


def test_officer_whose_role_has_ended_is_not_given_the_case(on_the_scene: Scene) -> None:
    receiver = on_the_scene.force.other_investigator
    with building():
        RoleAssignment.objects.filter(user=receiver).update(ends_on=LONG_AGO)
    with refused("the officer in the case is an investigator or a supervisor"):
        allocate(on_the_scene.force.sergeant, on_the_scene.cases["at hand"], receiver)


def test_only_supervisors_hear_what_officers_carry(on_the_scene: Scene) -> None:
    """Counts of open cases that are not restricted; the scene has three of the investigator's."""
    force = on_the_scene.force
    for user in on_the_scene.everybody:
        if user.kind != "police":
            with refused("permission denied for function caseloads"), bound_to(user.pk, user.kind, may_write=False):
                ask("SELECT * FROM rasso.caseloads()")
            continue
        with bound_to(user.pk, user.kind, may_write=False) as bound:
            heard = {officer: number for officer, number, _ in ask("SELECT * FROM rasso.caseloads()")}
        elsewhere = on_the_scene.cases["elsewhere"].officer_id
        # Whoever is kept out of a case does not hear that its officer carries it.
        known = 2 if user == person(on_the_scene, "connected_sergeant") else 3
        told = {force.investigator.pk: known, elsewhere: 1} if bound.actor.roles & {Role.SERGEANT, Role.INSPECTOR} else {}
        assert heard == told, user


def test_allocating_ends_the_grant_of_the_officer_before(on_the_scene: Scene) -> None:
    case, force = on_the_scene.cases["at hand"], on_the_scene.force
    allocate(force.sergeant, case, force.other_investigator)
    assert {user for user, basis in running_grants(case) if basis == "ASSIGNED"} == {force.other_investigator.pk}
    with bound_to(force.investigator.pk, "police", may_write=False):
        assert ask("SELECT count(*) FROM cases_case WHERE id = %s", case.pk) == [(0,)]


def test_giver_is_the_bound_actor(on_the_scene: Scene) -> None:
    case, force = on_the_scene.cases["at hand"], on_the_scene.force
    allocate(force.inspector, case, force.other_investigator)
    with building():
        newest = CaseGrant.unguarded.get(content_object=case, user=force.other_investigator, ends_at=None)
    assert newest.given_by_id == force.inspector.pk


def test_connected_person_loses_the_case_at_once(on_the_scene: Scene) -> None:
    case, sergeant = on_the_scene.cases["allocated since"], on_the_scene.force.sergeant
    with building():
        CaseConnection.unguarded.create(case=case, user=sergeant, said_by=on_the_scene.force.investigator, said_at=case.logged_at)
    with bound_to(sergeant.pk, "police", may_write=True):
        for table, key in (("cases_case", "id"), ("cases_review", "case_id"), ("cases_event", "case_id")):
            assert ask(f"SELECT count(*) FROM {table} WHERE {key} = %s", case.pk) == [(0,)], table


# Roles -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", OrganisationKind)
@pytest.mark.parametrize("role", Role)
def test_role_is_held_only_in_organisations_of_its_kind(on_the_scene: Scene, role: Role, kind: OrganisationKind) -> None:
    with building():
        organisation = Organisation.objects.create(name="Invented Organisation", kind=kind)
        user = User.objects.create(username="somebody", organisation=organisation, organisation_kind=kind)
        if kind in DESCRIPTIONS[role].held_by:
            RoleAssignment.objects.create(user=user, role=role, organisation_kind=kind, starts_on=LONG_AGO)
        else:
            with pytest.raises(IntegrityError, match=f"organisation_may_hold_{role.lower()}"), transaction.atomic():
                RoleAssignment.objects.create(user=user, role=role, organisation_kind=kind, starts_on=LONG_AGO)


def test_kind_of_organisation_cannot_be_claimed(on_the_scene: Scene) -> None:
    """The columns that the constraints speak of are held to the truth by composite foreign keys."""
    prosecutor = on_the_scene.force.user(Role.PROSECUTOR)
    with building():
        with pytest.raises(IntegrityError, match="role_kind_is_of_the_user"), transaction.atomic():
            RoleAssignment.objects.create(user=prosecutor, role=Role.SERGEANT, organisation_kind="POLICE", starts_on=LONG_AGO)
        RoleAssignment.objects.filter(user=prosecutor).delete()
        with pytest.raises(IntegrityError, match="user_kind_is_of_the_organisation"), transaction.atomic():
            User.objects.filter(pk=prosecutor.pk).update(organisation_kind="POLICE")


def test_organisation_cannot_become_another_kind_under_people_with_roles(on_the_scene: Scene) -> None:
    with building(), pytest.raises(IntegrityError, match="organisation_may_hold_"), transaction.atomic():
        Organisation.objects.filter(pk=on_the_scene.force.police.pk).update(kind=OrganisationKind.PROSECUTION)
