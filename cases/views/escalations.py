"""Answer what was escalated."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from cases import operations
from cases.enums import ReminderAbout
from cases.forms.escalations import AnswerEscalationForm
from cases.queries.entries import why_url
from cases.queries.escalations import NOT_ESCALATED, escalation_in, own_work
from cases.views.base import ActOnCase
from people.roles import Role


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
            "role": Role(self.escalation.role).label,
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
