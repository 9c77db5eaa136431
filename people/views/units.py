"""The tree of units, for administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kit.records import Kind
from kit.views import GuardedView, row_or_not_visible
from people import operations
from people.directory import changes_of_unit, unit_choices, unit_tree
from people.forms.people import AddUnitForm, UnitForm
from people.models import Organisation, Unit
from people.views.administration import ADMINISTRATORS, AdministratorsForm


class Units(GuardedView):
    access = ADMINISTRATORS
    record_kind = Kind.LISTED
    template_name = "people/units.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"rows": unit_tree(self.today, self.warnings())})

    def warnings(self) -> dict[int, list[str]]:
        """Unit -> ranks that nobody holds who could complete its reviews; for the part that knows of work to say (rasso/people.py)."""
        return {}


class AboutUnits(AdministratorsForm):
    @property
    def back_url(self) -> str:
        return reverse("units")


class AddUnit(AboutUnits):
    operation = operations.add_unit
    template_name = "people/add_unit.html"

    def form(self, data: Any = None) -> AddUnitForm:
        organisations = list(Organisation.objects.order_by("name"))
        return AddUnitForm(data, parents=unit_choices(), organisations=organisations, initial={"hour": 7})

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "back_url": self.back_url}

    def act(self, form: AddUnitForm) -> HttpResponse:
        organisation_id = int(form.cleaned_data["organisation"])
        operations.add_unit(actor=self.actor, once=self.once, organisation_id=organisation_id, **form.answers())
        return self.done("The unit is added.")


class ChangeUnit(AboutUnits):
    operation = operations.change_unit
    # Whoever supervises the unit above sees the cases of this one.
    needs_step_up = True
    template_name = "people/change_unit.html"
    unit: Unit

    def load(self) -> None:
        self.unit = row_or_not_visible(Unit.objects.select_related("organisation", "parent").filter(pk=self.kwargs["unit_id"]))

    def form(self, data: Any = None) -> UnitForm:
        unit = self.unit
        now = {"name": unit.name, "parent": str(unit.parent_id or ""), "hour": unit.digest_hour, "quiet_until": unit.quiet_until}
        return UnitForm(data, parents=unit_choices(unit.organisation_id, but=unit.pk), initial=now)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "unit": self.unit,
            "version": self.version(self.unit.version),
            "changes": changes_of_unit(self.unit),
            "back_url": self.back_url,
        }

    def act(self, form: UnitForm) -> HttpResponse:
        answers = form.answers()
        operations.change_unit(actor=self.actor, once=self.once, unit_id=self.unit.pk, version=self.opened, **answers)
        return self.done("The unit is changed.")
