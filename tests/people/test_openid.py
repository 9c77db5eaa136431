"""The force's own sign-in: an invented one that answers as it should, and fourteen ways in which it must not be believed."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client

from people import openid
from people.models import Identity, User
from tests.people.signing_in import is_signed_in, sign_in
from tests.people.test_second_factor import set_up_app
from tests.people.test_step_up import let_pass
from tests.worlds import Force, building

ISSUER, CLIENT, SUBJECT = "https://sign-in.invalid", "rasso", "4711"
GO, BACK, CONNECT = "/accounts/force/", "/accounts/force/back/", "/accounts/force/connect/"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class ForceSignIn:
    """Answers where the site asks; ``wrong`` changes what it says."""

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.wrong: Callable[[dict[str, Any]], dict[str, Any] | str] | None = None
        self.configured: dict[str, str] = {}

    def __call__(self, address: str, fields: Mapping[str, str] | None = None) -> Any:
        if address.endswith("/.well-known/openid-configuration"):
            parts = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return {"issuer": ISSUER, **{name: ISSUER + path for name, path in parts.items()}, **self.configured}
        if address == f"{ISSUER}/keys":
            return {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "one"}]}
        assert address == f"{ISSUER}/token" and fields is not None
        nonce = self.codes.pop(fields["code"], None)
        if nonce is None or not fields["code_verifier"]:
            raise openid.Refused("it answered with HTTPError")
        claims = {"iss": ISSUER, "sub": SUBJECT, "aud": CLIENT, "nonce": nonce, "iat": time.time(), "exp": time.time() + 300}
        token = self.wrong(claims) if self.wrong else claims
        return {"id_token": token if isinstance(token, str) else signed(token)}

    def let_in(self, address: str) -> dict[str, str]:
        """What the browser brings back from there."""
        asked = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        self.codes["a code"] = asked["nonce"]
        return {"code": "a code", "state": asked["state"]}


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", kid: str = "one") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
def force_sign_in(settings: Any, monkeypatch: pytest.MonkeyPatch) -> ForceSignIn:
    settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = ISSUER, CLIENT, "a secret of ours"
    one = ForceSignIn()
    monkeypatch.setattr(openid, "fetch", one)
    return one


def come_back(client: Client, from_there: ForceSignIn, start: str = GO, **changed: str) -> HttpResponse:
    went = client.get(start)
    assert went.status_code == 302, went.content.decode()
    return client.get(BACK, {**from_there.let_in(went.headers["Location"]), **changed})


@pytest.fixture
def connected(investigator: User, force_sign_in: ForceSignIn) -> User:
    client = Client()
    sign_in(client)
    assert come_back(client, force_sign_in, f"{CONNECT}?go=yes").headers["Location"] == "/accounts/security/"
    return investigator


def test_whoever_connected_it_signs_in_with_it(connected: User, force_sign_in: ForceSignIn) -> None:
    client = Client()
    assert come_back(client, force_sign_in, f"{GO}?next=/accounts/sessions/").headers["Location"] == "/accounts/sessions/"
    assert client.session["_auth_user_id"] == str(connected.pk)
    assert client.session["second_factor"] is False


def test_leads_to_no_other_host(connected: User, force_sign_in: ForceSignIn) -> None:
    assert come_back(Client(), force_sign_in, f"{GO}?next=https://elsewhere.invalid/").headers["Location"] == "/home/"


def test_second_factor_of_the_force_counts_where_it_says_so(connected: User, force_sign_in: ForceSignIn) -> None:
    force_sign_in.wrong = lambda claims: {**claims, "amr": ["pwd", "mfa"]}
    client = Client()
    come_back(client, force_sign_in)
    assert client.session["second_factor"] is True


def test_one_s_own_second_factor_is_asked_for(connected: User, force_sign_in: ForceSignIn) -> None:
    client = Client()
    sign_in(client)
    set_up_app(client)
    fresh = Client()
    assert come_back(fresh, force_sign_in).headers["Location"] == "/accounts/second-step/"
    assert not is_signed_in(fresh)


WRONG: dict[str, Callable[[dict[str, Any]], dict[str, Any] | str]] = {
    "no algorithm": lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": "one"}),
    "signed with our secret": lambda claims: signed(claims, "a secret of ours" * 3, "HS256"),
    "unsigned": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "other key": lambda claims: signed(claims, OTHER_KEY),
    "key that nobody knows": lambda claims: signed(claims, OTHER_KEY, kid="two"),
    "other audience": lambda claims: {**claims, "aud": "another"},
    "made for another client": lambda claims: {**claims, "aud": [CLIENT, "another"], "azp": "another"},
    "several audiences, no client": lambda claims: {**claims, "aud": [CLIENT, "another"]},
    "other issuer": lambda claims: {**claims, "iss": "https://elsewhere.invalid"},
    "other question": lambda claims: {**claims, "nonce": "another"},
    "no question": lambda claims: {name: claim for name, claim in claims.items() if name != "nonce"},
    "over": lambda claims: {**claims, "exp": time.time() - 60},
    "not yet": lambda claims: {**claims, "iat": time.time() + 600},
    "signed in there long ago": lambda claims: {**claims, "auth_time": time.time() - 13 * 3600},
    "other subject with the email and name of somebody here": lambda claims: {
        **claims,
        "sub": "4712",
        "email": "investigator@example.invalid",
        "preferred_username": "investigator",
        "roles": ["police"],
    },
    "nobody": lambda claims: {**claims, "sub": ""},
    "no token": lambda claims: "",
}


@pytest.mark.parametrize("what", WRONG)
def test_token_that_is_wrong_opens_nothing_and_makes_nobody(connected: User, force_sign_in: ForceSignIn, what: str) -> None:
    with building():
        people = User.objects.count()
    force_sign_in.wrong = WRONG[what]
    client = Client()
    assert come_back(client, force_sign_in).status_code == 403
    assert not is_signed_in(client)
    with building():
        assert User.objects.count() == people


def test_what_was_begun_by_somebody_else_or_ended_already_opens_nothing(connected: User, force_sign_in: ForceSignIn) -> None:
    client, attacker = Client(), Client()
    theirs = force_sign_in.let_in(attacker.get(GO).headers["Location"])
    # Swapped: the attacker's code in the victim's browser.
    assert client.get(BACK, theirs).status_code == 403
    client.get(GO)
    assert client.get(BACK, theirs).status_code == 403
    assert come_back(client, force_sign_in, state="another").status_code == 403
    assert come_back(client, force_sign_in, iss="https://elsewhere.invalid").status_code == 403
    # Sent twice: code and state count once.
    went = force_sign_in.let_in(client.get(GO).headers["Location"])
    assert client.get(BACK, went).status_code == 302
    other = Client()
    assert other.get(BACK, went).status_code == 403
    other.get(GO)
    assert other.get(BACK, {**went, "state": other.session[openid.UNDER_WAY]["state"]}).status_code == 403
    assert not is_signed_in(other)


def test_configuration_of_another_issuer_is_not_followed(investigator: User, force_sign_in: ForceSignIn) -> None:
    force_sign_in.configured = {"issuer": "https://elsewhere.invalid"}
    assert Client().get(GO).status_code == 403


def test_whoever_has_left_is_not_let_in(connected: User, force_sign_in: ForceSignIn) -> None:
    with building():
        User.objects.filter(pk=connected.pk).update(is_active=False)
    assert come_back(Client(), force_sign_in).status_code == 403


def test_connecting_asks_who_one_is_and_connects_one_person(
    connected: User,
    force_sign_in: ForceSignIn,
    as_user,
    force: Force,  # type: ignore[no-untyped-def]
) -> None:
    other = as_user(force.sergeant)
    other.get("/home/")
    assert come_back(other, force_sign_in, f"{CONNECT}?go=yes").status_code == 403
    assert list(Identity.objects.values_list("user_id", flat=True)) == [connected.pk]
    let_pass(other, minutes=11)
    assert other.get(f"{CONNECT}?go=yes").headers["Location"].startswith("/accounts/confirm/")


def test_disconnected_account_opens_nothing(connected: User, force_sign_in: ForceSignIn) -> None:
    client = Client()
    come_back(client, force_sign_in)
    assert "It is connected" in client.get(CONNECT).content.decode()
    client.post(CONNECT)
    assert come_back(Client(), force_sign_in).status_code == 403


def test_there_is_none_unless_it_is_configured(investigator: User) -> None:
    client = Client()
    assert [client.get(page).status_code for page in (GO, BACK)] == [404, 404]
    sign_in(client)
    assert client.get(CONNECT).status_code == client.post(CONNECT).status_code == 404


def test_only_https_is_asked() -> None:
    with pytest.raises(openid.Refused, match="not https"):
        openid.fetch("http://sign-in.invalid/")
