"""Short acts on a case: allocate, record what is known of a suspect."""

from typing import Any

from django.http import HttpResponse

from cases import operations
from cases.enums import SuspectKnown
from cases.forms.case import AllocateForm, UpdateSuspectForm
from cases.models import Suspect
from cases.queries.caseloads import officers_to_choose
from cases.queries.workers import open_actions_of_officer, works_beside
from cases.views.base import ActOnCase
from cases.views.editing import EditCase
from kit import dates
from kit.records import Kind
from kit.views import row_or_not_visible

ONLY_THE_OFFICER = "Only the officer in the case adds to it. Ask them, or give a direction in a review."
ONLY_SUPERVISORS = "Only a supervisor of the case’s unit allocates it."


class AllocateCase(ActOnCase):
    operation = operations.allocate_case
    refusal = ONLY_SUPERVISORS
    template_name = "cases/allocate.html"

    # Whether there is a choice: otherwise what the officer before had to do goes with the case.
    may_keep: bool

    def load(self) -> None:
        super().load()
        self.actions = open_actions_of_officer(self.case)
        self.may_keep = bool(self.actions) and works_beside(self.case, self.case.officer_id, self.today)

    def form(self, data: Any = None) -> AllocateForm:
        return AllocateForm(
            data,
            officers=[one.choice for one in officers_to_choose(self.today, but=self.case.officer_id)],
            actions=[(str(action.number), f"{action}: {action.what}") for action in self.actions] if self.may_keep else (),
        )

    def context(self, form: Any) -> dict[str, Any]:
        urgencies = [(action, dates.urgency(action.due_on, self.today)) for action in self.actions]
        return {**super().context(form), "go_along": [] if self.may_keep else urgencies}

    def perform(self, form: Any) -> HttpResponse:
        operations.allocate_case(
            self.case, actor=self.actor, once=self.once, officer_id=int(form.cleaned_data["officer"]), keeps=form.kept()
        )
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
