"""The clock of the demonstration, for everybody who is signed in. In production these addresses do not exist (rasso/urls.py)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kit.dates import count
from kit.views import FormView, OpenTo
from rasso.demonstration.clock import Moved, in_words, move_to
from rasso.demonstration.forms import MoveClock


class MoveTheClock(FormView):
    access = OpenTo()
    template_name = "demonstration/clock.html"

    def form(self, data: Any = None) -> MoveClock:
        return MoveClock(data, today=self.today)

    def perform(self, form: MoveClock) -> HttpResponse:
        moved = move_to(form.target)
        messages.success(self.request, f"{self._what_happened(moved, form)} {reminders_made(moved.reminders)}")
        return HttpResponseRedirect(self._back(form.cleaned_data["next"]))

    @staticmethod
    def _what_happened(moved: Moved, form: MoveClock) -> str:
        if not moved.days:
            return f"Somebody else has moved the clock already: it is {in_words(form.target)} or later."
        return f"Moved {count(moved.days, 'day')} to {in_words(form.target)}."

    def _back(self, address: str) -> str:
        own = url_has_allowed_host_and_scheme(
            address, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return address if own else reverse("demonstration-clock")


def reminders_made(number: int) -> str:
    if number == 0:
        return "No reminder was made."
    return "1 reminder was made." if number == 1 else f"{number} reminders were made."
