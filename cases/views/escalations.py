"""Answer what was escalated."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases import operations
from cases.enums import ReminderAbout
from cases.forms.escalations import AnswerEscalationForm
from cases.queries.entries import why_url
from cases.queries.escalations import NOT_ESCALATED, escalated_to, escalation_in, own_work
from cases.views.base import ActOnCase
from kit.records import Kind
from kit.views import GuardedView, OpenTo
from people.roles import Role

# More than anybody reads; the page says that there are more.
MOST_ROWS = 300


class EscalationList(GuardedView):
    """Everything that has come to the reader, in three parts: to answer, gone on to the next rank, answered."""

    access = OpenTo(frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}))
    record_kind = Kind.LISTED
    template_name = "cases/escalations/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = escalated_to(self.actor, self.now, MOST_ROWS)
        parts = [
            ("to-answer", "To answer", [one for one in found.rows if not one.answers and not one.has_gone_on]),
            ("gone-on", "Gone on to the next rank", [one for one in found.rows if not one.answers and one.has_gone_on]),
            ("answered", "Answered, and still late", [one for one in found.rows if one.answers]),
        ]
        return self.render({"found": found, "parts": parts}, cases=[one.thing.case_id for one in found.rows])


class AnswerEscalation(ActOnCase):
    operation = operations.answer_escalation
    refusal = "Only whoever it was escalated to answers for it."
    heading = "Answer what was escalated"
    submit = "Answer"
    form_class = AnswerEscalationForm
    template_name = "cases/escalations/answer.html"
    escalation: Any

    def load(self) -> None:
        super().load()
        self.escalation = escalation_in(self.case, self.kwargs["key"], self.actor, self.now)

    def not_now(self) -> list[str]:
        if self.escalation is None:
            return [NOT_ESCALATED]
        reason = own_work(self.escalation, self.actor)
        return [reason] if reason else super().not_now()

    def context(self, form: Any) -> dict[str, Any]:
        context = super().context(form)
        if self.escalation is None:
            return context
        return {
            **context,
            "escalation": self.escalation,
            "role": self.escalation.to,
            "thing_url": self.thing_url(),
            "why_url": why_url(self.case.reference, self.escalation.anchor),
        }

    def thing_url(self) -> str:
        thing = self.escalation.thing
        match self.escalation.about:
            case ReminderAbout.REVIEW:
                return reverse("review", args=[thing.pk])
            case ReminderAbout.ACTION:
                return reverse("action", args=[self.case.reference, thing.number])
            case _:
                return self.case_url()

    def perform(self, form: Any) -> HttpResponse:
        operations.answer_escalation(
            self.case, actor=self.actor, once=self.once, about_id=self.kwargs["key"], text=form.cleaned_data["text"]
        )
        return self.done("Your answer stands on the case. It stays late until it is done.")

    def back_url(self) -> str:
        return reverse("home")
