"""What allauth may do here: sign in and out. Nobody signs up; people are enrolled by an administrator."""

import base64
import hashlib
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from kit.binding import bound_to
from people import session
from people.account_events import note_arrival, place_of
from people.models import User

log = logging.getLogger(__name__)
SITE = "RASSO case management"


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
        """Only pages of this very host, by their whole path; allauth would admit every host of ALLOWED_HOSTS."""
        return (
            url is not None
            and url.startswith("/")
            and url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=self.request.is_secure())
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Without allauth's own answer for a deactivated person, which tells that the password was right."""
        return authenticate(request, **credentials)

    def login(self, request: HttpRequest, user: User) -> None:
        used = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
        super().login(request, user)
        place = place_of(request)
        session.begin(request.session, with_second_factor=used, browser=place.browser, address=place.address)
        note_arrival(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        log.info("people.signed_in", extra={"user_id": user.pk})
        return response if holds_a_role(user) else redirect("no-role")


def holds_a_role(user: User) -> bool:
    """On the present day; the database says so to each person about themselves."""
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        return bool(bound.actor.roles)


class SecondFactorAdapter(DefaultMFAAdapter):
    """What allauth asks us about passkeys, code apps and recovery codes: whose they say they are, and how secrets are kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The passkey was not accepted. Try again, or use another way.",
    }

    def encrypt(self, text: str) -> str:
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _safe().decrypt(encrypted_text.encode()).decode()

    def _get_user_identifier(self, user: User) -> str:
        """On somebody's telephone stands a user name, and no name."""
        return user.username

    def get_totp_issuer(self) -> str:
        return SITE

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": SITE}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.username}


def _safe() -> MultiFernet:
    keys = (hashlib.sha256(f"second factor {key}".encode()).digest() for key in settings.SECOND_FACTOR_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
