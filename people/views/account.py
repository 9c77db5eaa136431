"""Sign in, sign out, stay signed in: pages that read account tables only, outside any bound transaction."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.binding import bound_to
from kit.records import Kind, record
from kit.views import open_to_everyone, open_to_signed_in
from people import openid, session
from people.accounts import first_passwords_given
from people.forms.password import ChangePasswordForm
from people.forms.sign_in import SignIn as SignInForm
from people.lockout import locked_until
from people.middleware import page_to_return_to
from people.models import User


class SignIn(LoginView):
    # Not PUT, which Django would take for POST.
    http_method_names = ["get", "head", "post"]

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**more)
        return {**shown, "openid_name": settings.OPENID_NAME if openid.is_configured() else ""}

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return page


class SignOut(LogoutView):
    http_method_names = ["get", "head", "post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
        # Browsers heed it over HTTPS only.
        if self.request.is_secure():
            response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


sign_in = open_to_everyone(SignIn.as_view())
# Also for those whose session has ended meanwhile: whoever asks to be signed out shall not be asked to sign in.
sign_out = open_to_everyone(SignOut.as_view())


@open_to_everyone
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "people/signed_out.html")


@open_to_signed_in
@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Count the idle time anew. A script gets the seconds that the session now lasts; a browser goes back to its page."""
    now = session.now_for(request.session)
    session.note_activity(request.session, now, at_once=True)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(page_to_return_to(request) or settings.LOGIN_REDIRECT_URL)
    return HttpResponse(status=204, headers={"Session-Seconds": str(session.seconds_for_script(request.session, now))})


@open_to_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password. Another one ends every other session of its owner at once; their rows are taken away as well."""
    user = cast(User, request.user)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, request=request, user=user)
    if not form.is_valid():
        page = {"form": form, "must_change": user.must_change_password, "given": given_to(user)}
        return render(request, "account/password.html", page, status=422 if form.is_bound else 200)
    user.set_password(form.cleaned_data["new_password"])
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    user.save_password()
    update_session_auth_hash(request, user)
    session.end_sessions_of(user.pk, but=request.session.session_key)
    with bound_to(user.pk, user.kind, may_write=False):
        record(Kind.CHANGED, "change_password")
    messages.success(request, "Your password is changed. Wherever else you were signed in, you are signed out.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def given_to(user: User) -> list[str]:
    """Who gave them the password that they are to change, and when."""
    if not user.must_change_password:
        return []
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        return [one.sentence for one in first_passwords_given(bound.actor) if one.is_own][:1] if user.kind == "police" else []


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """What axes answers instead of the sign-in page; the same for a user name that nobody has."""
    ends = locked_until(request, credentials)
    wait = math.ceil((ends - request.axes_attempt_time).total_seconds())  # type: ignore[attr-defined]
    # Shown in minutes, so rounded up: nobody is told to come back a moment too early.
    shown = ends + timedelta(minutes=1)
    page = render(request, "account/locked_out.html", {"until": shown}, status=429)
    page.headers["Retry-After"] = str(max(wait, 1))
    return page
