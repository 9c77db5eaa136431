"""Roles and units of one person, each with its days."""

from typing import Any

from django.http import HttpResponse

from kit.views import row_or_not_visible
from people import operations
from people.directory import Dated, dated, not_over, unit_choices
from people.forms.people import EndRoleForm, GiveRoleForm, MoveForm
from people.models import RoleAssignment
from people.roles import OrganisationKind, Role
from people.views.administration import AboutPerson


class GiveRole(AboutPerson):
    operation = operations.give_role
    needs_step_up = True
    template_name = "people/give_role.html"

    def form(self, data: Any = None) -> GiveRoleForm:
        kind = OrganisationKind(self.person.organisation_kind)
        return GiveRoleForm(data, kind=kind, today=self.today, initial={"starts_on": self.today})

    def act(self, form: GiveRoleForm) -> HttpResponse:
        answers = form.cleaned_data
        days = {"starts_on": answers["starts_on"], "ends_on": answers["ends_on"]}
        operations.give_role(**self.whose(), role=answers["role"], **days)
        return self.done(f"{Role(answers['role']).label}: the role is given.")


class EndRole(AboutPerson):
    """As with DeactivatePerson, what is left open comes from the part that knows of work."""

    to_active = None
    operation = operations.end_role
    template_name = "people/end_role.html"
    held: Dated
    assignment: RoleAssignment

    def load(self) -> None:
        super().load()
        self.assignment = row_or_not_visible(
            self.person.role_assignments.filter(not_over(self.today), pk=self.kwargs["assignment_id"])
        )
        self.held = dated(self.assignment, self.assignment.get_role_display(), self.today)

    def form(self, data: Any = None) -> EndRoleForm:
        return EndRoleForm(data, today=self.today)

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "held": self.held}

    def act(self, form: EndRoleForm) -> HttpResponse:
        operations.end_role(**self.whose(), assignment_id=self.held.key, last_day=form.cleaned_data["last_day"])
        return self.done(f"{self.held.label}: the end of the role is set.")


class MovePerson(AboutPerson):
    operation = operations.move_person
    # A supervisor sees the cases of their units, so a unit is as much a way in as a role.
    needs_step_up = True
    template_name = "people/move.html"

    def form(self, data: Any = None) -> MoveForm:
        members = self.person.memberships.filter(not_over(self.today)).select_related("unit").order_by("unit__name")
        shown = [dated(one, one.unit.name, self.today) for one in members]
        return MoveForm(
            data,
            memberships=[(str(one.key), f"{one.label}, {one.when}") for one in shown],
            units=unit_choices(self.person.organisation_id),
            today=self.today,
            initial={"day": self.today},
        )

    def act(self, form: MoveForm) -> HttpResponse:
        keys = {"leaves_id": form.key_of("leaves"), "joins_id": form.key_of("joins")}
        operations.move_person(**self.whose(), **keys, day=form.cleaned_data["day"])
        return self.done("The move is recorded.")
