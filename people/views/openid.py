"""The force's own sign-in (people/openid.py): go there, come back; connect it with one's account, and disconnect it."""

import logging
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from kit.views import OpenTo
from people import openid, session
from people.account_events import What
from people.models import Identity
from people.openid import Refused, Said
from people.views.account_page import AccountPage

log = logging.getLogger(__name__)
SIGN_IN, CONNECT = "sign in", "connect"


def back_to(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("openid-back"))


def refused(request: HttpRequest, why: Refused | str) -> HttpResponse:
    log.warning("people.openid_refused", extra={"reason": str(why)})
    return render(request, "account/openid_refused.html", status=403)


class OpenIdView(View):
    access = OpenTo()
    http_method_names = ("get", "head")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not openid.is_configured():
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as why:
            return refused(request, why)


class SignInWithOpenId(OpenIdView):
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
        now, returns_to = session.now_for(request.session), asked if is_ours else ""
        return HttpResponseRedirect(
            openid.begin(request.session, now, back=back_to(request), purpose=SIGN_IN, returns_to=returns_to)
        )


class OpenIdBack(OpenIdView):
    def get(self, request: HttpRequest) -> HttpResponse:
        said = openid.finish(request.session, session.now_for(request.session), request.GET.dict(), back=back_to(request))
        return self.connect(request, said) if said.purpose == CONNECT else self.sign_in(request, said)

    def sign_in(self, request: HttpRequest, said: Said) -> HttpResponse:
        known = Identity.of(said.subject).select_related("user").first()
        if known is None or not known.user.is_active:
            raise Refused("nobody here is connected with it")
        if said.has_second_factor:
            record_authentication(request, known.user, "mfa", type="openid")
        answer: HttpResponse = perform_login(request, Login(user=known.user, redirect_url=said.returns_to or None))
        return answer

    def connect(self, request: HttpRequest, said: Said) -> HttpResponse:
        page = AccountPage()
        page.setup(request)
        if not request.user.is_authenticated or page.user.pk != said.user_id:
            raise Refused("somebody else began it")
        if Identity.of(said.subject).exists():
            raise Refused("it is connected already")
        Identity.objects.create(user=page.user, issuer=settings.OPENID_ISSUER, subject=said.subject)
        page.changed(What.IDENTITY_ADDED)
        return page.done("Your account of the force is connected. You can sign in with it.")


class ConnectOpenId(AccountPage):
    """GET asks; POST goes there, or takes the connection away."""

    needs_step_up = True
    template_name = "account/connect_openid.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not openid.is_configured():
            raise Http404
        if "go" in request.GET:
            return self.go(request)
        return self.page(connected=Identity.objects.filter(user=self.user).first(), go_url=f"{request.path}?go=yes")

    def go(self, request: HttpRequest) -> HttpResponse:
        """A link and no form: browsers hold where a form leads against our own policy, which names no other site."""
        now = session.now_for(request.session)
        try:
            address = openid.begin(request.session, now, back=back_to(request), purpose=CONNECT, user_id=self.user.pk)
        except Refused as why:
            return refused(request, why)
        return HttpResponseRedirect(address)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not openid.is_configured():
            raise Http404
        if Identity.objects.filter(user=self.user).delete()[0]:
            self.changed(What.IDENTITY_REMOVED)
        return self.done("Your account of the force is disconnected. It does not open your account here any more.")
