"""The administrator's page of jobs and messages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from cases import operations
from cases.queries import jobs
from kit.refusal import Blocked
from kit.views import GuardedView, OpenTo
from people.roles import Role


class Jobs(GuardedView):
    """How each job ran last, and what could not be sent. It speaks of no case."""

    access = OpenTo(frozenset({Role.ADMINISTRATOR}))
    record_kind = None
    template_name = "cases/jobs.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {
            "jobs": jobs.jobs(),
            "messages_of_jobs": jobs.messages(timezone.now()),
            "without_address": jobs.without_address(self.today),
            "unsigned": jobs.unsigned(),
        }
        return self.render(context)


class TryMessageAgain(GuardedView):
    access = OpenTo(frozenset({Role.ADMINISTRATOR}))
    record_kind = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            pass  # who may not is told that there is no such page
        try:
            operations.try_message_again(actor=self.actor, message_id=self.kwargs["message_id"])
        except Blocked as refused:
            messages.warning(request, " ".join(refused.reasons))
        else:
            messages.success(request, "It is tried again within a few minutes.")
        return HttpResponseRedirect(reverse("jobs"))
