"""One's own second factors: what there is, add, remove, new recovery codes. What is shown once is shown in the answer itself."""

import ipaddress
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from people import account_events, openid, second_factor, session
from people.account_events import What, place_of
from people.forms.second_factor import WRONG_CODE, NewAppForm, NewPasskeyForm
from people.middleware import needs_factor
from people.second_factor import Factors, factors_of
from people.views.account_page import AccountPage


class Security(AccountPage):
    """How one signs in: all of it on one page."""

    template_name = "account/security.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(
            factors=factors_of(self.user),
            must_set_up=needs_factor(request),
            events=account_events.latest(self.user.pk),
            openid_name=settings.OPENID_NAME if openid.is_configured() else "",
        )


class ChangesFactors(AccountPage):
    needs_step_up = True

    def was_added(self, had: Factors, what: What, sentence: str) -> HttpResponse:
        """The first factor comes with recovery codes; they are shown now and never again."""
        self.changed(what)
        self.request.session[session.SECOND_FACTOR] = True
        session.prove(self.request.session)
        return self.done(sentence) if had.codes_left else self.show_codes(second_factor.new_recovery_codes(self.user), sentence)

    def show_codes(self, codes: list[str], sentence: str = "") -> HttpResponse:
        self.template_name = "account/recovery_codes.html"  # type: ignore[misc]
        return self.page(codes=codes, sentence=sentence)


class AddPasskey(ChangesFactors):
    template_name = "account/add_passkey.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask(NewPasskeyForm(initial={"name": place_of(request).browser}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPasskeyForm(request.POST)
        had = factors_of(self.user)
        if form.is_valid():
            try:
                second_factor.add_passkey(self.user, form.cleaned_data["name"], form.cleaned_data["credential"])
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                return self.was_added(had, What.PASSKEY_ADDED, "The passkey is added.")
        return self.ask(form, status=422)

    def ask(self, form: NewPasskeyForm, **more: Any) -> HttpResponse:
        if is_number(self.request):
            return self.page(form=form, works_here=False, **more)
        return self.page(form=form, works_here=True, options=second_factor.passkey_to_make(self.user), **more)


def is_number(request: HttpRequest) -> bool:
    """Browsers make passkeys for sites with a name, not for those opened by a number such as 127.0.0.1."""
    try:
        ipaddress.ip_address(request.get_host().rpartition(":")[0].strip("[]") or request.get_host())
    except ValueError:
        return False
    return True


class AddCodeApp(ChangesFactors):
    template_name = "account/add_code_app.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if factors_of(self.user).app:
            return HttpResponseRedirect(reverse("security"))
        return self.page(form=NewAppForm(), app=second_factor.new_app(self.user, again=True))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, had = NewAppForm(request.POST), factors_of(self.user)
        if had.app:
            return HttpResponseRedirect(reverse("security"))
        app = second_factor.new_app(self.user, again=False)
        if form.is_valid():
            now = session.now_for(request.session)
            if second_factor.add_app(self.user, app.secret, form.cleaned_data["code"], now):
                second_factor.forget_new_app(request)
                return self.was_added(had, What.APP_ADDED, "The code app is set up.")
            form.add_error("code", WRONG_CODE)
        return self.page(form=form, app=app, status=422)


class RemoveFactor(ChangesFactors):
    """A page that asks once more. The last factor stays where everybody needs one."""

    template_name = "account/remove_factor.html"

    def get(self, request: HttpRequest, passkey_id: int | None = None) -> HttpResponse:
        return self.page(**self.about(passkey_id))

    def post(self, request: HttpRequest, passkey_id: int | None = None) -> HttpResponse:
        about = self.about(passkey_id)
        if about["is_last"]:
            return self.page(**about, status=409)
        second_factor.remove(self.user, passkey_id=passkey_id)
        self.changed(What.APP_REMOVED if passkey_id is None else What.PASSKEY_REMOVED)
        return self.done("It is removed. It does not open your account any more.")

    def about(self, passkey_id: int | None) -> dict[str, Any]:
        factors = factors_of(self.user)
        found = factors.app if passkey_id is None else next((one for one in factors.passkeys if one.pk == passkey_id), None)
        if found is None:
            raise Http404
        is_last = settings.SECOND_FACTOR == "required" and factors.number == 1
        return {"is_last": is_last, "passkey": None if passkey_id is None else found, "number": factors.number}


class MakeRecoveryCodes(ChangesFactors):
    template_name = "account/make_recovery_codes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(factors=factors_of(self.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        factors = factors_of(self.user)
        if not factors.number:
            return self.page(factors=factors, status=409)
        codes = second_factor.new_recovery_codes(self.user)
        self.changed(What.CODES_MADE)
        return self.show_codes(codes)
