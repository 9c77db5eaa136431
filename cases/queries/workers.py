"""Who works a case."""

from datetime import date
from typing import Any

from django.db.models import Q

from cases.enums import GrantBasis
from cases.independence import WORKING
from cases.models import Action, Case, CaseConnection, CaseGrant
from people.models import RoleAssignment, User
from people.queries import running_on, staff_on
from people.roles import Role

# With which role somebody works a case that they were given so; without it they do not even see it (rasso.given_case_ids).
ROLES_AT_WORK: dict[GrantBasis, tuple[Role, ...]] = {
    GrantBasis.ASSIGNED: (Role.INVESTIGATOR, Role.SERGEANT, Role.INSPECTOR),
    GrantBasis.SECOND: (Role.INVESTIGATOR,),
    GrantBasis.LIAISON: (Role.LIAISON_OFFICER,),
}


def at_work(basis: GrantBasis, today: date) -> Any:
    """The keys of those who work cases that they were given so: still here, and in a role for it."""
    held = RoleAssignment.objects.filter(running_on(today), role__in=ROLES_AT_WORK[basis], user__is_active=True)
    return held.values("user_id")


def people_who_can_act(case: Case) -> list[User]:
    """Whoever works the case, by grant: its officer first. The only people a direction can go to."""
    grants = CaseGrant.unguarded.filter(content_object=case, ends_at=None, basis__in=WORKING)
    found = {grant.user_id: grant.user for grant in grants.select_related("user").order_by("basis", "starts_at")}
    return list(found.values())


def beside_the_officer(case: Case) -> list[tuple[str, str]]:
    """Second officers and SOLO/SOITs of the case, as a form offers them: “basis-key”, rank and name with what they are."""
    grants = CaseGrant.unguarded.filter(content_object=case, ends_at=None, basis__in=(GrantBasis.SECOND, GrantBasis.LIAISON))
    return [
        (f"{grant.basis}-{grant.user_id}", f"{grant.user.called}, {GrantBasis(grant.basis).label}")
        for grant in grants.select_related("user").order_by("basis", "starts_at")
    ]


def who_could_help(case: Case, today: date) -> list[tuple[str, str]]:
    """Who could be added to the case: investigators who supervise nobody, and SOLO/SOITs; none who works on it already."""
    staff = staff_on(today)
    taken = {key for key, _ in beside_the_officer(case)}
    supervisors = {key for key, _ in staff.supervisors}
    offered = [
        *((GrantBasis.SECOND, key, called) for key, called in staff.investigators if key not in supervisors),
        *((GrantBasis.LIAISON, key, called) for key, called in staff.liaison_officers),
    ]
    return [
        (f"{basis.value}-{key}", f"{called}, {basis.label}")
        for basis, key, called in offered
        if f"{basis.value}-{key}" not in taken and key != str(case.officer_id)
    ]


def who_works_beside(today: date, *, but: int) -> dict[GrantBasis, list[tuple[str, str]]]:
    """Who could take over work beside the officer: investigators who supervise nobody, and SOLO/SOITs. Four queries."""
    staff = staff_on(today)
    supervisors = {str(but), *(key for key, _ in staff.supervisors)}
    return {
        GrantBasis.SECOND: [one for one in staff.investigators if one[0] not in supervisors],
        GrantBasis.LIAISON: [one for one in staff.liaison_officers if one[0] != str(but)],
    }


def works_beside(case: Case, user_id: int | None, today: date) -> bool:
    """Whether somebody works on the case beside its officer, so that they go on seeing it when it gets another."""
    if user_id is None:
        return False
    beside = Q(basis=GrantBasis.SECOND, user_id__in=at_work(GrantBasis.SECOND, today))
    beside |= Q(basis=GrantBasis.LIAISON, user_id__in=at_work(GrantBasis.LIAISON, today))
    return CaseGrant.unguarded.filter(beside, content_object=case, ends_at=None, user_id=user_id).exists()


def open_actions_of_officer(case: Case) -> list[Action]:
    """What the officer in the case still has to do on it, or whoever was kept out of it since."""
    kept_out = CaseConnection.unguarded.filter(case=case).values("user_id")
    theirs = Q(owner_id=case.officer_id) | Q(owner_id__in=kept_out)
    return list(Action.unguarded.filter(theirs, case=case, done_at=None).order_by("number"))
