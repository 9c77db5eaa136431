"""The end of a case without a decision about prosecution, and taking it up again."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse

from cases import operations, workflow
from cases.enums import ClosingGrounds, ReopeningReason, Status
from cases.forms.closing import CloseCaseForm, ReopenCaseForm
from cases.queries.closing import case_that_goes_on, first_reviews_from, left_to_do
from cases.views.base import ActOnCase
from kit import dates
from kit.refusal import Blocked
from people.roles import Role

ONLY_INSPECTORS = f"Only a {Role.INSPECTOR.label} over the case ends it or takes it up again."


class CloseCase(ActOnCase):
    operation = operations.close_case
    refusal = ONLY_INSPECTORS
    template_name = "cases/close.html"
    heading = "Close or transfer the case"
    submit = "End this case"

    def form(self, data: Any = None) -> CloseCaseForm:
        wrong = self.what_is_wrong_with(data.get("goes_on_as", "")) if data is not None else ""
        return CloseCaseForm(data, is_allocated=self.case.status == Status.INVESTIGATING, wrong_case=wrong)

    def what_is_wrong_with(self, reference: str) -> str:
        try:
            case_that_goes_on(self.actor, self.case, reference)
        except Blocked as refused:
            return refused.reasons[0]
        return ""

    def context(self, form: Any) -> dict[str, Any]:
        left = left_to_do(self.case, self.actor, self.today) if self.case.is_open else []
        # What somebody has typed stays, whatever came up meanwhile.
        shows_form = not left or (form is not None and form.is_bound)
        return {**super().context(form), "left": left, "shows_form": shows_form}

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        grounds = ClosingGrounds(answers["grounds"])
        stood_down = operations.close_case(
            self.case, actor=self.actor, once=self.once, grounds=grounds, text=answers["text"], goes_on_as=answers["goes_on_as"]
        )
        ended = "handed over" if grounds == ClosingGrounds.TAKEN_OVER else "closed"
        names = [(review.get_kind_display(), review.due_on) for review in stood_down]
        return self.done(f"The case is {ended}. Its reviews are not needed any more: {listed(names, 'due')}.")


class ReopenCase(ActOnCase):
    operation = operations.reopen_case
    refusal = ONLY_INSPECTORS
    template_name = "cases/reopen.html"
    form_class = ReopenCaseForm
    heading = "Re-open the case"
    submit = "Re-open this case"

    def not_now(self) -> list[str]:
        if self.case.is_open:
            return ["The case has not ended, so there is nothing to re-open."]
        return workflow.blockers(self.case, workflow.REOPEN, self.actor, self.today)

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "reviews": first_reviews_from(self.today)}

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        made = operations.reopen_case(
            self.case, actor=self.actor, once=self.once, why=ReopeningReason(answers["why"]), text=answers["text"]
        )
        names = [(review.get_kind_display(), review.due_on) for review in made]
        return self.done(f"The case is re-opened. Its reviews begin again: {listed(names, 'on')}.")


def listed(reviews: Iterable[tuple[str, date]], word: str) -> str:
    """14-day review on 7 December 2026, 28-day review on 21 December 2026"""
    return ", ".join(f"{name} {word} {dates.day(due_on)}" for name, due_on in reviews)
