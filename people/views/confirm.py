"""Prove once more who you are, before what would do most harm in another's hands (kit.step_up)."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from kit.views import OpenTo
from people import session
from people.forms.confirm import ConfirmPasswordForm
from people.models import User


class ConfirmWhoYouAre(View):
    """Reads account tables only, outside any bound transaction. It leads back to the page that asked for it."""

    access = OpenTo()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        session.prove(request.session)
        returns_to = self.returns_to()
        if returns_to and not is_download(returns_to):
            return HttpResponseRedirect(returns_to)
        # A file leaves the browser where it is; and whoever came in a second window goes back to the first.
        return render(request, "account/confirmed.html", {"download_url": returns_to})

    def form(self, data: Any = None) -> ConfirmPasswordForm:
        return ConfirmPasswordForm(data, request=self.request, user=cast(User, self.request.user))

    def page(self, form: ConfirmPasswordForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "account/confirm.html", {"form": form, "next": self.returns_to()}, status=status)

    def returns_to(self) -> str:
        """An address of this very host, or nothing."""
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        host = {self.request.get_host()}
        return asked if url_has_allowed_host_and_scheme(asked, host, require_https=self.request.is_secure()) else ""


def is_download(address: str) -> bool:
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return False
    return getattr(getattr(view, "view_class", None), "is_download", False)
