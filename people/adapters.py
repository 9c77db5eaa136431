"""What allauth may do here: sign in and out. Nobody signs up; people are enrolled by an administrator."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from kit.binding import bound_to
from people import session
from people.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The user name or the password is not right. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """No greeting by name on a screen that others may see."""

    def is_ajax(self, request: HttpRequest) -> bool:
        """One kind of answer: a page."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host; allauth would admit every host of ALLOWED_HOSTS."""
        return url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=self.request.is_secure())

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Without allauth's own answer for a deactivated person, which tells that the password was right."""
        return authenticate(request, **credentials)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        session.begin(request.session)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        log.info("people.signed_in", extra={"user_id": user.pk})
        return response if holds_a_role(user) else redirect("no-role")


def holds_a_role(user: User) -> bool:
    """On the present day; the database says so to each person about themselves."""
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        return bool(bound.actor.roles)
