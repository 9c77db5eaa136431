"""Passkeys, the code app and recovery codes of a person: set up, asked for, taken away. allauth's machinery is used in this module only.

As the web login, outside any bound transaction. A code counts once: what was accepted last stands in the person's own row, which is
locked while a code is judged, so neither a second process nor a cache that forgets lets one through twice.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import qrcode
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from people.models import Credential, User

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
PERIOD_SECONDS, TOLERANCE = 30, 1
MOST_WRONG_CODES = 5
WAIT = timedelta(minutes=15)
NOT_ACCEPTED = "The passkey was not accepted. Try again, or use another way"


class TooManyWrongCodes(Exception):
    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Factors:
    """What somebody has beside their password."""

    passkeys: list[Authenticator] = field(default_factory=list)
    app: Authenticator | None = None
    codes_left: int | None = None

    @property
    def number(self) -> int:
        """Of those that count as a second factor; recovery codes only help out."""
        return len(self.passkeys) + (self.app is not None)

    @property
    def takes_codes(self) -> bool:
        return self.app is not None or bool(self.codes_left)


def factors_of(user: User) -> Factors:
    """One query."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return Factors(
        [row for row in rows if row.type == PASSKEY],
        next((row for row in rows if row.type == APP), None),
        len(codes.wrap().get_unused_codes()) if codes else None,
    )


# Codes -----------------------------------------------------------------------------------------------------------------


def accept_code(user: User, typed: str, now: datetime) -> Authenticator | None:
    """The code app or the recovery codes from which this code is, if it is right and was never accepted before."""
    with transaction.atomic():
        own = Credential.objects.select_for_update().get(pk=user.pk)
        if own.codes_wait_until and now < own.codes_wait_until:
            raise TooManyWrongCodes(own.codes_wait_until)
        found = _found(own, Authenticator.objects.filter(user_id=user.pk), typed, now)
        own.wrong_codes = 0 if found else own.wrong_codes + 1
        own.codes_wait_until = None
        if own.wrong_codes >= MOST_WRONG_CODES:
            own.wrong_codes, own.codes_wait_until = 0, now + WAIT
        own.save(update_fields=["last_code_period", "wrong_codes", "codes_wait_until"])
    return found


def _found(own: Credential, authenticators: Iterable[Authenticator], typed: str, now: datetime) -> Authenticator | None:
    for one in authenticators:
        if one.type == APP and (period := period_of(decrypt(one.data["secret"]), typed, now)) is not None:
            if own.last_code_period is not None and period <= own.last_code_period:
                return None
            own.last_code_period = period
            return one
        if one.type == CODES and one.wrap().validate_code(typed):
            return one
    return None


def period_of(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute whose code this is: the present one, or one beside it."""
    present = int(now.timestamp()) // PERIOD_SECONDS
    for period in range(present - TOLERANCE, present + TOLERANCE + 1):
        if compare_user_code(actual=typed, expected=totp.format_hotp_value(totp.hotp_value(secret, period))):
            return period
    return None


def new_recovery_codes(user: User) -> list[str]:
    """They replace all that there were."""
    with transaction.atomic():
        Credential.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user_id=user.pk, type=CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


# The code app ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewApp:
    """A secret that is not set up yet; it waits in the session. ``squares`` draws the picture that a telephone reads."""

    secret: str
    squares: str
    side: int

    @property
    def in_groups(self) -> str:
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


def new_app(user: User, *, again: bool) -> NewApp:
    secret = totp.get_totp_secret(regenerate=again)
    code = qrcode.QRCode(border=4)
    code.add_data(get_adapter().build_totp_url(user, secret))
    matrix = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark]
    return NewApp(secret, " ".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(matrix))


def forget_new_app(request: HttpRequest) -> None:
    totp.clear_totp_secret(request)


def add_app(user: User, secret: str, typed: str, now: datetime) -> bool:
    """Whether the code was the app's, so that it is set up; this code is not accepted once more."""
    period = period_of(secret, typed, now)
    if period is None:
        return False
    with transaction.atomic():
        own = Credential.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user_id=user.pk, type=APP).exists():
            return False
        own.last_code_period = max(period, own.last_code_period or 0)
        own.must_set_factor = False
        own.save(update_fields=["last_code_period", "must_set_factor"])
        totp.TOTP.activate(user, secret)
    return True


def remove(user: User, *, passkey_id: int | None = None) -> None:
    """A passkey, or the code app. Recovery codes go with the last of them."""
    with transaction.atomic():
        Credential.objects.select_for_update().get(pk=user.pk)
        theirs = Authenticator.objects.filter(user_id=user.pk)
        (theirs.filter(type=APP) if passkey_id is None else theirs.filter(type=PASSKEY, pk=passkey_id)).delete()
        if not theirs.exclude(type=CODES).exists():
            theirs.delete()


# Passkeys --------------------------------------------------------------------------------------------------------------


def passkey_to_make(user: User) -> str:
    """What the browser is asked for, as JSON: one that is kept on the device, and that only its owner can use."""
    return json.dumps(webauthn.begin_registration(user, True))


@contextmanager
def _whatever_was_sent() -> Iterator[None]:
    """What a browser answers is parsed by libraries that expect it to be well formed."""
    try:
        yield
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error):
        raise ValidationError(NOT_ACCEPTED) from None


def add_passkey(user: User, name: str, answer: Any) -> None:
    """Raises ValidationError where the browser's answer is not to what it was asked."""
    with _whatever_was_sent():
        webauthn.parse_registration_response(answer)
        if not webauthn.complete_registration(answer).is_user_verified():
            raise ValidationError(NOT_ACCEPTED)
    with transaction.atomic():
        Credential.objects.filter(pk=user.pk).update(must_set_factor=False)
        webauthn.WebAuthn.add(user, name, answer)


def passkey_to_use(user: User | None) -> str:
    """Of this person, or of whoever they turn out to be. As JSON."""
    return json.dumps(webauthn.begin_authentication(user))


def passkey_used(user: User | None, answer: Any) -> Authenticator:
    """Raises ValidationError where it is nobody's, somebody else's, or was made for another question or another site."""
    with _whatever_was_sent():
        webauthn.parse_authentication_response(answer)
        whose = user or webauthn.extract_user_from_response(answer)
        found: Authenticator = webauthn.complete_authentication(whose, answer)
        if not found.user.is_active:
            raise ValidationError(NOT_ACCEPTED)
    return found
