"""Emergency access: open a case for an hour, end it, and review what somebody else opened."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from cases import operations
from cases.access import MAY_OPEN_IN_EMERGENCY
from cases.forms.emergency import OpenEmergencyForm, ReviewEmergencyForm
from cases.models.emergency import EmergencyFinding, EmergencyReason
from cases.operations.emergency import REVIEWED_ALREADY, REVIEWERS
from cases.queries.emergency import MOST_LOOKS, Emergency, emergency_to_review, looks_in, open_now
from kit import dates
from kit.access import NotVisible
from kit.views import FormView, GuardedView, OpenTo
from people.roles import Role


class OpenEmergencyAccess(FormView):
    """A reference and a reason. What is not opened answers alike, whatever the cause, and is recorded as refused."""

    access = OpenTo(frozenset(MAY_OPEN_IN_EMERGENCY))
    needs_step_up = True
    operation = operations.open_emergency_access
    form_class = OpenEmergencyForm
    template_name = "cases/emergency/open.html"
    running: list[Any]

    def load(self) -> None:
        self.running = open_now(self.actor, self.now)

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "running": self.running}

    def case_ids(self) -> list[UUID]:
        return [one.case_id for one in self.running]

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        opened = operations.open_emergency_access(
            actor=self.actor,
            once=self.once,
            reference=answers["reference"],
            why=EmergencyReason(answers["why"]),
            words=answers["words"],
        )
        if opened.ends_at is None:
            messages.success(self.request, "You see this case anyway, so no emergency access was opened.")
        else:
            until = dates.time_of_day(timezone.localtime(opened.ends_at))
            messages.success(self.request, f"Emergency access is open until {until}. The supervisor of the case has been told.")
        return HttpResponseRedirect(reverse("case", args=[opened.reference]))

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """Which reference was tried stands beside the refusal, for the auditor."""
        words = str(form.data.get("reference", ""))[:20] if status == 409 else ""
        context = {"once": self.once or uuid7(), **self.context(form)}
        return self.render(context, status=status, cases=self.case_ids(), words=words)


class EndEmergencyAccess(GuardedView):
    access = OpenTo(frozenset(MAY_OPEN_IN_EMERGENCY))
    operation = operations.end_emergency_access

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            pass
        operations.end_emergency_access(actor=self.actor, key=self.kwargs["access_id"])
        messages.success(request, "Emergency access has ended. What you opened stands in the access record.")
        return HttpResponseRedirect(reverse("home"))


class ReviewEmergencyAccess(FormView):
    """The second person: whoever supervises the case, or the auditor. Nothing of the case stands here but its reference, and which of its
    pages were opened."""

    access: ClassVar[Any] = OpenTo(frozenset(REVIEWERS))
    operation = operations.review_emergency_access
    form_class = ReviewEmergencyForm
    template_name = "cases/emergency/review.html"
    emergency: Emergency

    def load(self) -> None:
        found = emergency_to_review(self.kwargs["access_id"])
        if found is None:
            raise NotVisible
        self.emergency = found

    def form(self, data: Any = None) -> ReviewEmergencyForm:
        return ReviewEmergencyForm(data, by_auditor=Role.AUDITOR in self.actor.roles)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        is_open = self.emergency.reviewed_at is None and not self.emergency.is_own
        return self.show(self.form() if is_open else None)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "emergency": self.emergency,
            "is_overdue": self.emergency.is_overdue(self.today),
            "looks": looks_in(self.emergency.id),
            "most_looks": MOST_LOOKS,
        }

    def case_ids(self) -> list[UUID]:
        return [self.emergency.case_id]

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.review_emergency_access(
            actor=self.actor,
            once=self.once,
            key=self.emergency.id,
            found=EmergencyFinding(answers["found"]),
            words=answers["words"],
        )
        return self.done("Reviewed.")

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        if status == 409 and self.emergency.reviewed_at is not None:
            # Somebody was first: their finding stands here now, above what was typed.
            form.errors.clear()
            form.add_error(None, REVIEWED_ALREADY)
        return super().show(form, status=status)

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("home"))

    def sent_before(self) -> HttpResponse:
        return self.done("That form was sent twice. It was recorded once.")
