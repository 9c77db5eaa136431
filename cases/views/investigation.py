"""What the investigation thinks and follows: context in three parts, what V1 wants, plan, lines of enquiry."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases import operations
from cases.access import TABLE
from cases.enums import Act, Direction, Duration, Known, LineState, WishKind
from cases.forms.investigation import ContextForm, LineForm, PlanForm, RecordWishForm
from cases.models import LineOfEnquiry, Victim
from cases.queries.investigation import (
    CONTEXT_FIELDS,
    PLAN_FIELDS,
    context_of,
    context_page,
    line_groups,
    one_sided,
    plan_of,
    plan_page,
    relationship_then,
)
from cases.views.act import ONLY_THE_OFFICER
from cases.views.base import ActOnCase, CasePageView
from cases.views.editing import EditCase
from kit.access import NotVisible, acts_of
from kit.views import row_or_not_visible

# No version has more digits.
LONGEST_VERSION = 9


class PartOfCase(CasePageView):
    """A page of the case that its officer writes and others read."""

    def show_part(self, **context: Any) -> HttpResponse:
        may_change = self.case.is_open and bool(acts_of(TABLE, self.actor, self.case, (Act.INVESTIGATE,)))
        return self.render({"case": self.case, "bar": self.bar(), "may_change": may_change, **context}, cases=self.case_ids())


# Context -----------------------------------------------------------------------------------------------------------------


class CaseContext(PartOfCase):
    template_name = "cases/context.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return self.show_part(page=context_page(self.case))


class RecordContext(EditCase):
    operation = operations.record_context
    refusal = ONLY_THE_OFFICER
    template_name = "cases/record_context.html"
    form_class = ContextForm
    draft_form = "context"
    heading = "Record the context"
    submit = "Save the context"

    def row(self) -> Any:
        return context_of(self.case)

    def answers_of(self, row: Any) -> dict[str, Any]:
        relationship = relationship_then(self.case, row.version)
        return {"relationship": relationship} | {name: getattr(row, name) for name in CONTEXT_FIELDS}

    def answers_of_nothing(self) -> dict[str, Any]:
        nothing = {"duration": Duration.NOT_KNOWN, "domestic_abuse": Known.NOT_KNOWN, "exploited": []}
        return {"relationship": relationship_then(self.case, 0), **nothing}

    def context(self, form: Any) -> dict[str, Any]:
        parts = [(title, [form[name] for name in names]) for title, names in ContextForm.PARTS] if form else []
        return {**super().context(form), "parts": parts}

    def back_url(self) -> str:
        return reverse("case-context", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.record_context(
            self.case,
            actor=self.actor,
            once=self.once,
            version=answers["version"],
            relationship=answers["relationship"],
            answers={name: answers[name] for name in CONTEXT_FIELDS},
        )
        return self.done("The context is recorded.")


class RecordWish(ActOnCase):
    operation = operations.record_wish
    other_words_are_another_act = True
    refusal = ONLY_THE_OFFICER
    intro = "It is added to what was said before. Nothing is written over, and a change of mind is no mistake."
    submit = "Record it"
    victim: Any

    def load(self) -> None:
        super().load()
        self.victim = row_or_not_visible(Victim.unguarded.filter(case=self.case, number=self.kwargs["number"]))

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"What {self.victim} wants"

    def form(self, data: Any = None) -> RecordWishForm:
        return RecordWishForm(data, now=self.now, called=str(self.victim))

    def back_url(self) -> str:
        return reverse("case-context", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.record_wish(
            self.case,
            actor=self.actor,
            once=self.once,
            victim_number=self.victim.number,
            wish=WishKind(answers["wish"]),
            said_at=answers["said_at"],
            text=answers["text"],
        )
        return self.done(f"What {self.victim} wants is recorded.")


# Plan --------------------------------------------------------------------------------------------------------------------


class CasePlan(PartOfCase):
    template_name = "cases/plan.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        page = plan_page(self.case, self.today, self.wanted())
        if page is None:
            raise NotVisible
        return self.show_part(page=page)

    def wanted(self) -> int | None:
        """The version that the address names."""
        version = self.request.GET.get("version", "")
        if not version:
            return None
        return int(version) if version.isascii() and version.isdecimal() and len(version) < LONGEST_VERSION else 0


class SetPlan(EditCase):
    operation = operations.set_plan
    refusal = ONLY_THE_OFFICER
    form_class = PlanForm
    draft_form = "plan"
    heading = "Investigation plan"
    intro = "Plan how to learn what the suspect did. Whether V1 is believed is no part of it."
    submit = "Save the plan"

    def row(self) -> Any:
        return plan_of(self.case)

    def answers_of(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in PLAN_FIELDS}

    def back_url(self) -> str:
        return reverse("case-plan", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.set_plan(
            self.case,
            actor=self.actor,
            once=self.once,
            version=answers["version"],
            answers={name: answers[name] for name in PLAN_FIELDS},
        )
        return self.done("The investigation plan is saved.")


# Lines of enquiry --------------------------------------------------------------------------------------------------------


class CaseEnquiries(PartOfCase):
    template_name = "cases/enquiries.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        groups = line_groups(self.case)
        return self.show_part(groups=groups, one_sided=one_sided(groups), is_empty=not any(group.lines for group in groups))


class AddLine(EditCase):
    operation = operations.add_line
    other_words_are_another_act = True
    refusal = ONLY_THE_OFFICER
    form_class = LineForm
    draft_form = "add-line"
    heading = "Add a line of enquiry"
    submit = "Add this line"

    def row(self) -> Any:
        """There is nothing yet that anybody could have changed."""
        return None

    def answers_of_nothing(self) -> dict[str, Any]:
        return {"state": LineState.PENDING}

    def back_url(self) -> str:
        return reverse("case-enquiries", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        added = operations.add_line(self.case, actor=self.actor, once=self.once, line=line_of(form))
        return self.done(f"{added} is added.")


class ChangeLine(EditCase):
    operation = operations.change_line
    refusal = ONLY_THE_OFFICER
    form_class = LineForm
    draft_form = "line"
    submit = "Save this line"
    line: Any

    def load(self) -> None:
        # First, because the draft is about this one line.
        self.case = self.visible_case()
        self.line = row_or_not_visible(LineOfEnquiry.unguarded.filter(case=self.case, number=self.kwargs["number"]))
        super().load()

    @property
    def about(self) -> str:
        return f"{self.case.pk.hex}:{self.line.number}"

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Line of enquiry {self.line}"

    def row(self) -> Any:
        return self.line

    def answers_of(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("what", "leads", "state", "outcome")}

    def back_url(self) -> str:
        return reverse("case-enquiries", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        version = form.cleaned_data["version"]
        operations.change_line(self.line, actor=self.actor, once=self.once, version=version, line=line_of(form))
        return self.done(f"{self.line} is changed.")


def line_of(form: Any) -> operations.Line:
    answers = form.cleaned_data
    return operations.Line(answers["what"], Direction(answers["leads"]), LineState(answers["state"]), answers["outcome"])
