"""Time limits in a supervisor's hands: each page says what will happen to the date before it is done."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from cases import chronology, operations, workflow
from cases.enums import LimitState, NotApplicable, Suspension
from cases.forms.limits import RestartLimitForm, ResumeLimitForm, StopLimitForm, SuspendLimitForm
from cases.models import TimeLimit
from cases.queries.entries import until_when, urgency_of, with_subject
from cases.queries.limits import due_if_resumed
from cases.queries.why_limits import due_in_words
from cases.views.base import ActOnCase
from kit import dates
from kit.dates import Urgency
from kit.views import row_or_not_visible

ONLY_SUPERVISORS = "Only a supervisor of the case’s unit does this. Ask them, and say why."


class ActOnLimit(ActOnCase):
    """``states``: in which of them the time limit must be."""

    refusal = ONLY_SUPERVISORS
    template_name = "cases/limits/act.html"
    states: ClassVar[tuple[LimitState, ...]]
    limit: Any

    def load(self) -> None:
        super().load()
        limits = TimeLimit.unguarded.filter(case=self.case, pk=self.kwargs["limit_id"])
        self.limit = row_or_not_visible(
            limits.select_related(
                "rule",
                "started_by",
                "suspended_by__by",
                "suspended_by__on_behalf_of",
                "stopped_by__by",
                "stopped_by__on_behalf_of",
            )
        )
        self.limit.case = self.case

    def context(self, form: Any) -> dict[str, Any]:
        reasons = workflow.limit_blockers(self.limit, self.actor, self.states)
        return {
            **super().context(form),
            "limit": self.limit,
            "what": with_subject(self.limit),
            "when": until_when(self.limit),
            "urgency": self.urgency(),
            "sentences": reasons,
            "consequence": "" if reasons else self.consequence(),
        }

    def urgency(self) -> Urgency | None:
        due = chronology.due_of(self.limit)
        return urgency_of(due, self.now) if self.limit.state is LimitState.RUNNING else None

    def consequence(self) -> str:
        """What will happen to the date."""
        raise NotImplementedError(f"{type(self).__name__}.consequence")

    def back_url(self) -> str:
        return f"{reverse('case-dates', args=[self.case.reference])}#limit-{self.limit.pk}"

    def act(self, form: Any, **more: Any) -> None:
        type(self).operation(self.limit, actor=self.actor, once=self.once, text=form.cleaned_data["text"], **more)


class SuspendLimit(ActOnLimit):
    operation = operations.suspend_limit
    heading = "Suspend a time limit"
    submit = "Suspend it"
    form_class = SuspendLimitForm
    states = (LimitState.RUNNING,)

    def consequence(self) -> str:
        return (
            "While it is suspended it is neither due nor late. It stays on the page of the case, with your reason. When it runs again "
            "it has as much time left as it has now."
        )

    def form(self, data: Any = None) -> SuspendLimitForm:
        return SuspendLimitForm(data, today=self.today)

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        self.act(form, why=Suspension(answers["why"]), look_again_on=answers["look_again_on"])
        return self.done(f"{with_subject(self.limit)} is suspended.")


class ResumeLimit(ActOnLimit):
    operation = operations.resume_limit
    heading = "Let a time limit run again"
    submit = "Let it run again"
    form_class = ResumeLimitForm
    states = (LimitState.SUSPENDED,)

    def consequence(self) -> str:
        before, due = chronology.due_of(self.limit), due_if_resumed(self.limit, self.now)
        since = dates.day(timezone.localdate(self.limit.suspended_by.happened_at))
        if due == before:
            return f"It has been suspended since {since}. Resumed now it is {until_when(self.limit)}, as it was."
        return f"It has been suspended since {since}, when it was {until_when(self.limit)}. Resumed now it is due {due_in_words(due)}."

    def perform(self, form: Any) -> HttpResponse:
        self.act(form)
        with self.reading():
            self.load()
            when = until_when(self.limit)
        return self.done(f"{with_subject(self.limit)} runs again. It is {when}.")


class StopLimit(ActOnLimit):
    operation = operations.stop_limit
    heading = "Say that a time limit does not apply"
    submit = "It does not apply"
    form_class = StopLimitForm
    states = (LimitState.RUNNING, LimitState.SUSPENDED)

    def consequence(self) -> str:
        return (
            "It stops, and counts neither as met nor as late. If it applies after all, it runs with the date that it has now, "
            f"{until_when(self.limit)}."
        )

    def perform(self, form: Any) -> HttpResponse:
        self.act(form, why=NotApplicable(form.cleaned_data["why"]))
        return self.done(f"{with_subject(self.limit)} does not apply.")


class RestartLimit(ActOnLimit):
    operation = operations.restart_limit
    heading = "Say that a time limit applies after all"
    submit = "It applies after all"
    form_class = RestartLimitForm
    states = (LimitState.NOT_APPLICABLE,)

    def consequence(self) -> str:
        word = urgency_of(chronology.due_of(self.limit), self.now).word
        return f"It runs with the date that it had: {word[0].lower()}{word[1:]}."

    def perform(self, form: Any) -> HttpResponse:
        self.act(form)
        return self.done(f"{with_subject(self.limit)} applies after all. It is {until_when(self.limit)}.")
