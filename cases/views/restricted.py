"""Who may see a case: restrict it to those named on it, name and un-name people, lift the restriction."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.forms.restricted import LiftRestrictionForm, PersonForm, RestrictCaseForm, UnnameForm
from cases.operations.restricted import NEEDS_A_SUPERVISOR, NOT_RESTRICTED, RESTRICTED_ALREADY
from cases.queries.restricted import (
    DueReview,
    Unsupervised,
    due_reviews,
    named_beside_officer,
    number_without_supervisor,
    who_could_be_named,
    who_sees_it,
)
from cases.views.base import ActOnCase
from kit import dates
from kit.views import FormView, OpenTo
from people.queries import staff_on
from people.roles import Role


class WhoMaySeeIt(ActOnCase):
    """It is looked at where everybody who may see the case stands; whoever loses the case by it goes to their own work."""

    refusal = "Only a supervisor of the case says who may see it. If it is restricted, a supervisor who is named on it."
    after_the_end = True

    def back_url(self) -> str:
        return reverse("case-access", args=[self.case.reference])


class RestrictCase(WhoMaySeeIt):
    operation = operations.restrict_case
    template_name = "cases/restrict_case.html"
    heading = "Restrict this case"
    submit = "Restrict this case"
    due: Sequence[DueReview] = ()

    def not_now(self) -> list[str]:
        return [RESTRICTED_ALREADY] if self.case.is_restricted else []

    def form(self, data: Any = None) -> RestrictCaseForm:
        staff, people = staff_on(self.today), who_sees_it(self.case, self.now)
        # What is due and who could sign it is said before the form is sent: else the case would be late out of everybody's sight.
        self.due = due_reviews(self.case, people, staff, self.today)
        return RestrictCaseForm(data, people=people, supervisors=frozenset(key for key, _ in staff.supervisors))

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "due_reviews": self.due}

    def field_of(self, reason: str) -> str | None:
        return "people" if reason.endswith(NEEDS_A_SUPERVISOR) else None

    def perform(self, form: Any) -> HttpResponse:
        people = form.cleaned_data["people"]
        because = form.cleaned_data["because"]
        operations.restrict_case(self.case, actor=self.actor, once=self.once, people=people, because=because)
        sees_it = self.actor.user_id in (*people, self.case.officer_id)
        messages.success(self.request, "The case is restricted. Only the people named on it see it.")
        return HttpResponseRedirect(self.back_url() if sees_it else reverse("home"))


class OfRestrictedCase(WhoMaySeeIt):
    def not_now(self) -> list[str]:
        return [] if self.case.is_restricted else [NOT_RESTRICTED]


class NameOnCase(OfRestrictedCase):
    operation = operations.name_on_case
    heading = "Name somebody on this case"
    intro = "They see the case at once. Investigators and SOLO/SOITs then only see it; a supervisor may review it."
    submit = "Name them"

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, people=who_could_be_named(self.case, self.today))

    def perform(self, form: Any) -> HttpResponse:
        operations.name_on_case(self.case, actor=self.actor, once=self.once, user_id=form.person_id)
        return self.done("Named. They see the case at once.")


class UnnameOnCase(OfRestrictedCase):
    operation = operations.unname_on_case
    heading = "Take somebody off this restricted case"
    intro = "They lose the case at once. What they still had to do goes to the officer in the case."
    submit = "Take off the case"

    def form(self, data: Any = None) -> UnnameForm:
        return UnnameForm(data, people=named_beside_officer(self.case))

    def perform(self, form: Any) -> HttpResponse:
        because = form.cleaned_data["because"]
        operations.unname_on_case(self.case, actor=self.actor, once=self.once, user_id=form.person_id, because=because)
        if form.person_id == self.actor.user_id:
            messages.success(self.request, "You are taken off the case.")
            return HttpResponseRedirect(reverse("home"))
        return self.done("Taken off the case.")


class LiftRestriction(OfRestrictedCase):
    operation = operations.lift_restriction
    refusal = "An inspector who is named on the case lifts its restriction. If none is, ask for one to be named: a supervisor on the case can."
    heading = "Lift the restriction"
    intro = "From then on the supervisors of its unit see the case as any other. Those who were named keep only what else they have of it."
    submit = "Lift the restriction"
    form_class = LiftRestrictionForm

    def perform(self, form: Any) -> HttpResponse:
        operations.lift_restriction(self.case, actor=self.actor, once=self.once, because=form.cleaned_data["because"])
        messages.success(self.request, "The case is no longer restricted.")
        return HttpResponseRedirect(reverse("home"))


class NameSupervisorUnseen(FormView):
    """For a Detective Superintendent, who learns that there is such a case and nothing of it."""

    access = OpenTo(frozenset({Role.SUPERINTENDENT}))
    operation = operations.name_supervisor_unseen
    template_name = "cases/name_supervisor_unseen.html"
    unsupervised: Unsupervised

    def load(self) -> None:
        self.unsupervised = number_without_supervisor()

    def form(self, data: Any = None) -> PersonForm:
        people = [one for one in staff_on(self.today).supervisors if one[0] != str(self.actor.user_id)]
        return PersonForm(data, people=people)

    def context(self, form: Any) -> dict[str, Any]:
        number = self.unsupervised.cases
        how_many = f"{dates.count(number, 'restricted case')} {'has' if number == 1 else 'have'}"
        return {"form": form, "number": number, "how_many": how_many, "unsupervised": self.unsupervised}

    def perform(self, form: Any) -> HttpResponse:
        operations.name_supervisor_unseen(actor=self.actor, once=self.once, user_id=form.person_id)
        return self.done("Named. They see the case now and can name others. The auditor has been told.")

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("home"))

    def sent_before(self) -> HttpResponse:
        return self.done("That form was sent twice. It was recorded once.")
