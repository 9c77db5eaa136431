"""`/information/`: the work of an information manager, in numbers and dates. Nobody is named on it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from information.queries import disposals, requests, retention
from information.views.base import MANAGERS
from kit.records import Kind
from kit.views import GuardedView

MOST_ENDED = 20


class Information(GuardedView):
    access = MANAGERS
    record_kind = Kind.LISTED
    template_name = "information/overview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {
            "running": requests.running(self.today),
            "ended": requests.ended(MOST_ENDED),
            "due": retention.due_for_review(self.today),
            "holds": retention.standing_holds(),
            "lifted": retention.lifted_holds(MOST_ENDED),
            "waiting": disposals.waiting(),
            "rules": retention.rules_on(self.today),
        }
        return self.render(context)
