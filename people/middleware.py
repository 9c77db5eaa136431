"""Who is let in to a page: somebody who is signed in, and has not been so for too long."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import escape_leading_slashes

from kit import origin
from people import account_events, session
from people.lockout import client_address
from people.models import User


class OriginMiddleware:
    """Give each request a number, and note from where it was sent (kit.origin)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.of(uuid4(), client_address(request)):
            return self.get_response(request)


class SessionLimitsMiddleware:
    """Sign out whoever has been idle or signed in too long, and say so on the next page they get."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            origin.note_user(request.user.pk)
            now = session.now_for(request.session)
            if session.seconds_left(request.session, now) + grace(request) > 0:
                session.note_activity(request.session, now)
            else:
                sentence = session.why_it_ended(request.session, now)
                logout(request)
                messages.info(request, sentence)
        return self.get_response(request)


def grace(request: HttpRequest) -> int:
    """The last act may be a little later than the session says, and the page still offers "Stay signed in" then."""
    return session.WRITE_AT_MOST_EVERY if request.path == reverse("stay-signed-in") else 0


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Send whoever is not signed in to the sign-in page, and from there back to the page they were on."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> HttpResponseRedirect:
        page = page_to_return_to(request)
        return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


class OwnPasswordMiddleware:
    """Send whoever still has a password that an administrator made to the page where they choose their own."""

    # What is left to them meanwhile.
    OPEN = ("change-password", "account_logout", "signed-out", "stay-signed-in", "health-live", "health-ready")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        must_change = request.user.is_authenticated and request.user.must_change_password
        if must_change and request.path not in map(reverse, self.OPEN):
            return HttpResponseRedirect(reverse("change-password"))
        return self.get_response(request)


class SecondFactorMiddleware:
    """Send whoever needs a second factor and has none to the page where they set one up."""

    OPEN = (
        *OwnPasswordMiddleware.OPEN,
        *("security", "add-passkey", "add-code-app", "make-recovery-codes", "confirm-who-you-are"),
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and needs_factor(request) and request.path not in map(reverse, self.OPEN):
            return HttpResponseRedirect(reverse("security"))
        return self.get_response(request)


def needs_factor(request: HttpRequest) -> bool:
    """Asked of what is at hand already: no page costs a query more."""
    if request.session.get(session.SECOND_FACTOR):
        return False
    user = cast(User, request.user)
    return settings.SECOND_FACTOR == "required" or (hasattr(user, "credential") and user.credential.must_set_factor)


class AccountEventsMiddleware:
    """Say on the next page what happened to the reader's account elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and request.user.is_authenticated:
            for sentence in account_events.untold(request.session, request.user):
                messages.warning(request, f"{sentence} {account_events.NOT_YOU}")
        return self.get_response(request)


def page_to_return_to(request: HttpRequest) -> str:
    """The page asked for; for a form that was sent, the page that holds the form, because its address need not be a page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return ""
    query = f"?{sent_from.query}" if sent_from.query else ""
    return escape_leading_slashes(sent_from.path.replace("\\", "%5C")) + query
