"""Who works on a case beside its officer."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from cases import operations
from cases.enums import GrantBasis
from cases.forms.case import OfficersForm
from cases.queries.workers import beside_the_officer, who_could_help
from cases.views.act import ONLY_SUPERVISORS
from cases.views.base import ActOnCase


class WithOfficers(ActOnCase):
    """They are looked at where everybody who may see the case stands."""

    def back_url(self) -> str:
        return reverse("case-access", args=[self.case.reference])


class AddOfficer(WithOfficers):
    operation = operations.add_officer
    refusal = ONLY_SUPERVISORS
    heading = "Add somebody to the case"
    intro = "They see the case at once. Its officer stays responsible. Whoever works on a case does not review it."
    submit = "Add to the case"

    def form(self, data: Any = None) -> OfficersForm:
        return OfficersForm(data, people=who_could_help(self.case, self.today))

    def perform(self, form: Any) -> HttpResponse:
        basis, key = form.cleaned_data["person"].split("-")
        operations.add_officer(self.case, actor=self.actor, once=self.once, user_id=int(key), basis=GrantBasis(basis))
        return self.done("Added. They find the case on their page at once.")


class TakeOfficerOff(WithOfficers):
    operation = operations.take_officer_off
    refusal = ONLY_SUPERVISORS
    heading = "Take somebody off the case"
    intro = "They lose the case at once. What they still had to do goes to the officer in the case."
    submit = "Take off the case"

    def not_now(self) -> list[str]:
        nobody = [] if beside_the_officer(self.case) else ["Nobody works on this case beside its officer."]
        return super().not_now() or nobody

    def form(self, data: Any = None) -> OfficersForm:
        return OfficersForm(data, people=beside_the_officer(self.case))

    def perform(self, form: Any) -> HttpResponse:
        basis, key = form.cleaned_data["person"].split("-")
        operations.take_officer_off(self.case, actor=self.actor, once=self.once, user_id=int(key), basis=GrantBasis(basis))
        return self.done("Taken off the case.")
