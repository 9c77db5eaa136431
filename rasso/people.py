"""Pages about people that say in numbers what the work has to do with them: put together here, because people knows of no case."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from cases.enums import GrantBasis
from cases.queries.jobs import troubles
from cases.queries.leaving import RANK_THAT_SIGNS, LeftOpen, open_work_of, units_without_signers
from cases.queries.workers import ROLES_AT_WORK
from people.models import User
from people.queries import Staff, running_on, staff_on
from people.views.people import DeactivatePerson
from people.views.person import EndRole
from people.views.units import Units

WORKING_ROLES = frozenset(role for roles in ROLES_AT_WORK.values() for role in roles)


class DeactivateWithOpenWork(DeactivatePerson):
    def context(self, form: Any) -> dict[str, Any]:
        work = open_work_of(self.person.pk)
        return {**super().context(form), "work": work, "hears": who_hears(work, self.person, staff_on(self.today))}


class EndRoleWithOpenWork(EndRole):
    """The numbers stand there when it is the last role in which they work: then they leave the same behind as somebody who goes."""

    def context(self, form: Any) -> dict[str, Any]:
        context = super().context(form)
        if self.still_works():
            return context
        work = open_work_of(self.person.pk)
        return {**context, "work": work, "hears": who_hears(work, self.person, staff_on(self.today))}

    def still_works(self) -> bool:
        """Whether this role is none for work, or they hold another in which they go on with it."""
        ends = self.assignment.role
        roles = ROLES_AT_WORK[GrantBasis.ASSIGNED] if ends in ROLES_AT_WORK[GrantBasis.ASSIGNED] else WORKING_ROLES
        others = self.person.role_assignments.filter(running_on(self.today), role__in=roles).exclude(pk=self.assignment.pk)
        return ends not in WORKING_ROLES or others.exists()


class UnitsWithWarnings(Units):
    def warnings(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for unit_id, role in units_without_signers():
            found.setdefault(unit_id, []).append(RANK_THAT_SIGNS[role])
        return found


@dataclass(frozen=True)
class ToAdminister:
    """What an administrator finds on the home page."""

    people: int
    without_own_password: int
    units_without_signers: int
    # What of the jobs does not run, and the messages that could not be sent.
    troubles: list[str]


def to_administer() -> ToAdminister:
    """Four queries."""
    counts = User.objects.filter(is_active=True).aggregate(
        everybody=Count("pk"), without_own=Count("pk", filter=Q(must_change_password=True))
    )
    units = {unit_id for unit_id, _ in units_without_signers()}
    return ToAdminister(counts["everybody"], counts["without_own"], len(units), troubles(timezone.now()))


def who_hears(work: LeftOpen, person: User, staff: Staff) -> list[str]:
    """The supervisors in whose queue the cases of somebody stand who has left."""
    units = [str(key) for key in work.unit_ids] or list(staff.units_of.get(str(person.pk), ()))
    keys = {key for unit in units for key in staff.supervisors_of.get(unit, ())} - {str(person.pk)}
    return [called for key, called in staff.supervisors if key in keys]
