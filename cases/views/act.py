"""Short acts on a case: allocate, record what is known of a suspect."""

from typing import Any

from django.http import HttpResponse

from cases import operations
from cases.enums import SuspectKnown
from cases.forms.case import AllocateForm, UpdateSuspectForm
from cases.models import Suspect
from cases.views.base import ActOnCase
from cases.views.editing import EditCase
from kit.records import Kind
from kit.views import row_or_not_visible
from people.queries import staff_on

ONLY_THE_OFFICER = "Only the officer in the case adds to it. Ask them, or give a direction in a review."
ONLY_SUPERVISORS = "Only a supervisor of the case’s unit allocates it."


class AllocateCase(ActOnCase):
    operation = operations.allocate_case
    refusal = ONLY_SUPERVISORS
    template_name = "cases/allocate.html"

    def form(self, data: Any = None) -> AllocateForm:
        others = [(key, called) for key, called in staff_on(self.today).investigators if key != str(self.case.officer_id)]
        return AllocateForm(data, officers=others)

    def perform(self, form: Any) -> HttpResponse:
        operations.allocate_case(self.case, actor=self.actor, once=self.once, officer_id=int(form.cleaned_data["officer"]))
        return self.done("Allocated. The officer finds it on their page at once.")


class UpdateSuspect(EditCase):
    """The name stands in the form, so opening it is recorded as showing names."""

    operation = operations.update_suspect
    refusal = ONLY_THE_OFFICER
    form_class = UpdateSuspectForm
    draft_form = "suspect"
    intro = "It is recorded that you opened this page, because the name stands on it."
    record_kind = Kind.NAMES_SHOWN
    suspect: Any

    def load(self) -> None:
        # First, because the draft is about this one suspect.
        self.case = self.visible_case()
        numbered = Suspect.unguarded.filter(case=self.case, number=self.kwargs["number"])
        self.suspect = row_or_not_visible(numbered.select_related("person"))
        super().load()

    @property
    def about(self) -> str:
        return f"{self.case.pk}:{self.suspect}"

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"What is known of {self.suspect}"

    def row(self) -> Any:
        return self.suspect

    def answers_of(self, row: Any) -> dict[str, Any]:
        return {"known": row.known, "name": row.person.name if row.person else "", "description": row.description}

    def before(self, row: Any, version: str) -> None:
        """The person whom an earlier version named is in nobody's reach any more, so nothing is chosen beforehand."""

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.update_suspect(
            self.suspect,
            actor=self.actor,
            once=self.once,
            version=answers["version"],
            known=SuspectKnown(answers["known"]),
            name=answers["name"] if answers["known"] == SuspectKnown.NAMED else "",
            description=answers["description"],
        )
        return self.done(f"What is known of {self.suspect} is recorded.")
