"""Sign-in through the force's own, by OpenID Connect, where one is configured. What it says of somebody is who they are, and no more.

A person is known by issuer and subject together. Whoever is enrolled here connects the two while they are signed in; no claim makes
anybody a user, gives a role, or finds a person by name or email. docs/adr/0018 says why this is not allauth's.
"""

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

import jwt
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

UNDER_WAY = "openid"
# Public keys only: nothing that anybody who knows our own secret could sign.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
TIMEOUT_SECONDS, MOST_BYTES = 5, 200_000
LEEWAY_SECONDS = 30
LASTS_SECONDS = 10 * 60


class Refused(Exception):
    """Why, for the log; the person is told no more than that it did not work."""


@dataclass(frozen=True)
class Said:
    subject: str
    has_second_factor: bool
    purpose: str
    returns_to: str
    user_id: int | None


def is_configured() -> bool:
    return bool(settings.OPENID_ISSUER)


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def fetch(address: str, fields: Mapping[str, str] | None = None) -> Any:
    """JSON from the force's sign-in, without following it elsewhere."""
    if urlsplit(address).scheme != "https":
        raise Refused("an address is not https")
    body = urlencode(fields).encode() if fields is not None else None
    request = urllib.request.Request(address, body, {"Accept": "application/json"})
    try:
        with urllib.request.build_opener(_NoDetour).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.loads(answer.read(MOST_BYTES))
    except (OSError, ValueError, urllib.error.HTTPError) as trouble:
        raise Refused(f"it answered with {type(trouble).__name__}") from None


def configuration() -> dict[str, Any]:
    found: dict[str, Any] = fetch(f"{settings.OPENID_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.OPENID_ISSUER:
        raise Refused("its configuration is another issuer's")
    return found


def begin(
    session: SessionBase, now: datetime, *, back: str, purpose: str, returns_to: str = "", user_id: int | None = None
) -> str:
    """The address to which the browser is sent."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    session[UNDER_WAY] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "at": now.isoformat(),
        "purpose": purpose,
        "returns_to": returns_to,
        "user_id": user_id,
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": settings.OPENID_CLIENT_ID,
        "redirect_uri": back,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "max_age": str(settings.SESSION_ABSOLUTE_SECONDS),
    }
    return f"{configuration()['authorization_endpoint']}?{urlencode(asked)}"


def finish(session: SessionBase, now: datetime, sent: Mapping[str, str], *, back: str) -> Said:
    """What the force's sign-in says, once: what was begun is forgotten, whether it ends well or not."""
    begun = session.pop(UNDER_WAY, None)
    if begun is None or not secrets.compare_digest(begun["state"].encode(), sent.get("state", "").encode()):
        raise Refused("nobody here began it")
    if (now - datetime.fromisoformat(begun["at"])).total_seconds() > LASTS_SECONDS:
        raise Refused("it took too long")
    if sent.get("iss", settings.OPENID_ISSUER) != settings.OPENID_ISSUER:
        raise Refused("another issuer sent the browser back")
    if "code" not in sent:
        raise Refused("it was cancelled")
    known = configuration()
    secret = {"client_id": settings.OPENID_CLIENT_ID, "client_secret": settings.OPENID_CLIENT_SECRET}
    code = {"grant_type": "authorization_code", "code": sent["code"], "redirect_uri": back, "code_verifier": begun["verifier"]}
    answer = fetch(known["token_endpoint"], {**secret, **code})
    claims = verified(answer.get("id_token", "") if isinstance(answer, dict) else "", known, begun["nonce"], now)
    methods = claims.get("amr", [])
    return Said(
        claims["sub"],
        isinstance(methods, list) and bool(set(settings.OPENID_SECOND_FACTORS) & {str(one) for one in methods}),
        begun["purpose"],
        begun["returns_to"],
        begun["user_id"],
    )


def verified(token: Any, known: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of the token, if every one of them is as it must be."""
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in ALGORITHMS:
            refuse("its algorithm is none that is accepted")
        keys = jwt.PyJWKSet.from_dict(fetch(known["jwks_uri"])).keys
        key = next((one for one in keys if one.key_id == head.get("kid")), None) or refuse("it is signed by another key")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[head["alg"]],
            audience=settings.OPENID_CLIENT_ID,
            issuer=settings.OPENID_ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as wrong:
        raise Refused(f"token: {type(wrong).__name__}") from None
    if not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        refuse("it answers another question")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else settings.OPENID_CLIENT_ID) != settings.OPENID_CLIENT_ID:
        refuse("it was made for another client")
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(claims["sub"]) > 255:
        refuse("it names nobody")
    signed_in = claims.get("auth_time", now.timestamp())
    if not isinstance(signed_in, int | float) or now.timestamp() - signed_in > settings.SESSION_ABSOLUTE_SECONDS + LEEWAY_SECONDS:
        refuse("they signed in there too long ago")
    return claims


def refuse(why: str) -> NoReturn:
    raise Refused(why)
