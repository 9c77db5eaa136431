"""Prove once more who you are, before what would do most harm in another's hands (kit.step_up)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from people import second_factor, session
from people.forms.confirm import ConfirmPasswordForm
from people.forms.second_factor import CodeForm, PasskeyForm
from people.second_factor import Factors, factors_of
from people.views.account_page import AccountPage
from people.views.signing_in import judge_code, judge_passkey


class ConfirmWhoYouAre(AccountPage):
    """It leads back to the page that asked for it. Whoever has a second factor is asked for that, which is worth more than the password."""

    template_name = "account/confirm.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask(factors_of(self.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        factors = factors_of(self.user)
        form, is_right = self.judged(factors)
        if not is_right:
            return self.ask(factors, form, status=422)
        session.prove(request.session)
        returns_to = self.returns_to()
        if returns_to and not is_download(returns_to):
            return HttpResponseRedirect(returns_to)
        # A file leaves the browser where it is; and whoever came in a second window goes back to the first.
        return render(request, "account/confirmed.html", {"download_url": returns_to})

    def judged(self, factors: Factors) -> tuple[forms.Form, bool]:
        if not factors.number:
            password = ConfirmPasswordForm(self.request.POST, request=self.request, user=self.user)
            return password, password.is_valid()
        if "credential" in self.request.POST:
            passkey = PasskeyForm(self.request.POST)
            return passkey, judge_passkey(passkey, self.user) is not None
        code = CodeForm(self.request.POST)
        return code, judge_code(code, self.user, self.request) is not None

    def ask(self, factors: Factors, form: Any = None, **more: Any) -> HttpResponse:
        return self.page(
            form=form,
            password_form=None if factors.number else form or ConfirmPasswordForm(request=self.request, user=self.user),
            code_form=(form if isinstance(form, CodeForm) else CodeForm()) if factors.takes_codes and factors.number else None,
            options=second_factor.passkey_to_use(self.user) if factors.passkeys else None,
            next=self.returns_to(),
            **more,
        )

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
