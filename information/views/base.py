"""What the pages of an information manager have in common: they are for that role, and for no other."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from information.models import SubjectRequest
from kit.refusal import Blocked
from kit.views import FormView, OpenTo, row_or_not_visible
from people.roles import Role

MANAGERS = OpenTo(frozenset({Role.INFORMATION_MANAGER}))
SENT_TWICE = "That form was sent twice. It was done once."


class ManagersForm(FormView):
    """A page with one form; it leads back to where it came from and says what was done."""

    access: ClassVar[OpenTo] = MANAGERS
    heading: ClassVar[str] = ""
    intro: ClassVar[str] = ""
    submit: ClassVar[str] = "Save"
    kind: ClassVar[str] = ""
    template_name = "information/act.html"

    @property
    def back_url(self) -> str:
        return reverse("information")

    def context(self, form: Any) -> dict[str, Any]:
        says = {"heading": self.heading, "intro": self.intro, "submit": self.submit, "kind": self.kind}
        return {"form": form, "back_url": self.back_url, "not_now": self.not_now(), **says}

    def not_now(self) -> str:
        """Why nobody can do this now; the page then says so instead of offering it."""
        return ""

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(self.back_url)

    def sent_before(self) -> HttpResponse:
        return self.done(SENT_TWICE)


class OfRequest:
    """What the pages about one subject request share."""

    access: ClassVar[Any] = MANAGERS
    kwargs: Any
    subject_request: SubjectRequest

    def load(self) -> None:
        found = SubjectRequest.objects.select_related("requester", "rule", "opened_by").filter(pk=self.kwargs["request_id"])
        self.subject_request = row_or_not_visible(found)

    @property
    def back_url(self) -> str:
        return reverse("subject-request", args=[self.kwargs["request_id"]])


class ActOnRequest(OfRequest, ManagersForm):
    """One thing done with one request, in the states in which it can be done."""

    states: ClassVar[tuple[str, ...]] = ()

    def not_now(self) -> str:
        request = self.subject_request
        if not request.is_running:
            return f"This request has ended: {request.get_state_display().lower()}."
        return "" if not self.states or request.state in self.states else f"Not now. It stands at: {request.get_state_display()}."

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "request_row": self.subject_request}

    def perform(self, form: Any) -> HttpResponse:
        with self.reading():
            self.load()
            reason = self.not_now()
        if reason:
            raise Blocked(reason)
        return self.act(form)

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__}.act")
