"""Passkeys, the code app and recovery codes: set up, signed in with, refused, used once."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from people import second_factor
from people.models import AccessRecord, AccountEvent, Credential, User
from people.second_factor import PERIOD_SECONDS, factors_of
from tests.pages import Sheet, assert_says
from tests.people.authenticator import PRESENT, Passkey, asked
from tests.people.signing_in import is_signed_in, sign_in
from tests.people.test_step_up import let_pass
from tests.worlds import Force, building

SECURITY = "/accounts/security/"
ADD_APP, ADD_PASSKEY = f"{SECURITY}app/add/", f"{SECURITY}passkeys/add/"
SECOND_STEP, WITH_PASSKEY, CONFIRM = "/accounts/second-step/", "/accounts/passkey/", "/accounts/confirm/"
PAGE = "/accounts/logout/"


@pytest.fixture
def client(client: Client, investigator: User) -> Client:
    sign_in(client)
    return client


def code(secret: str, moment: datetime | None = None) -> str:
    return format_hotp_value(hotp_value(secret, int((moment or timezone.now()).timestamp()) // PERIOD_SECONDS))


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """The secret, and the recovery codes that came with it."""
    page = client.get(ADD_APP).content.decode()
    secret = re.search(r'<strong class="rasso-secret">([A-Z2-7 ]+)</strong>', page)
    assert secret, page
    plain = secret[1].replace(" ", "")
    # The one before, so that the present one is still to be used.
    answer = client.post(ADD_APP, {"code": code(plain, timezone.now() - timedelta(seconds=PERIOD_SECONDS))})
    assert answer.status_code in (200, 302), answer.content.decode()
    return plain, codes_on(answer)


def codes_on(answer: HttpResponse) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", answer.content.decode())


def set_up_passkey(client: Client) -> Passkey:
    passkey = Passkey()
    answer = client.post(
        ADD_PASSKEY, {"name": "Invented key", "credential": json.dumps(passkey.make(asked(client.get(ADD_PASSKEY))))}
    )
    assert answer.status_code in (200, 302), answer.content.decode()
    return passkey


def half_signed_in() -> Client:
    fresh = Client()
    assert sign_in(fresh).headers["Location"] == SECOND_STEP
    assert not is_signed_in(fresh)
    return fresh


def send_code(client: Client, typed: str, page: str = SECOND_STEP, **more: str) -> HttpResponse:
    return client.post(page, {"code": typed, **more})


def send_passkey(client: Client, answer: dict[str, Any] | str, page: str = SECOND_STEP, **more: str) -> HttpResponse:
    return client.post(page, {"credential": answer if isinstance(answer, str) else json.dumps(answer), **more})


# The code app ----------------------------------------------------------------------------------------------------------


def test_code_is_asked_for_after_the_password_and_opens_the_page_that_was_asked_for(client: Client) -> None:
    secret, _ = set_up_app(client)
    fresh = Client()
    sign_in(fresh, next="/accounts/no-role/?page=2")
    assert fresh.get("/home/").headers["Location"].startswith("/accounts/login/")
    assert fresh.get(SECOND_STEP).status_code == 200
    assert send_code(fresh, code(secret)).headers["Location"] == "/accounts/no-role/?page=2"
    assert is_signed_in(fresh)


def test_no_code_is_accepted_twice(client: Client) -> None:
    secret, _ = set_up_app(client)
    first, second = half_signed_in(), half_signed_in()
    present = code(secret)
    send_code(first, present)
    assert is_signed_in(first)
    assert_says(
        send_code(second, present), "code", "This code is wrong, or was used already. Wait for the next one and enter that"
    )
    # Nor one from before it, although it is not too old.
    send_code(second, code(secret, timezone.now() - timedelta(seconds=PERIOD_SECONDS)))
    assert not is_signed_in(second)
    send_code(second, code(secret, timezone.now() + timedelta(seconds=PERIOD_SECONDS)))
    assert is_signed_in(second)


def test_code_with_which_the_app_was_set_up_is_used(client: Client, investigator: User) -> None:
    page = client.get(ADD_APP).content.decode()
    secret = re.search(r'"rasso-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    present = code(secret)
    client.post(ADD_APP, {"code": present})
    assert second_factor.accept_code(investigator, present, timezone.now()) is None


@pytest.mark.parametrize("minutes", [-2, 2])
def test_code_of_another_time_is_refused(client: Client, investigator: User, minutes: int) -> None:
    secret, _ = set_up_app(client)
    fresh = half_signed_in()
    send_code(fresh, code(secret, timezone.now() + timedelta(minutes=minutes)))
    assert not is_signed_in(fresh)


def test_five_wrong_codes_make_even_the_right_one_wait(client: Client, investigator: User) -> None:
    secret, _ = set_up_app(client)
    fresh = half_signed_in()
    for number in range(5):
        assert send_code(fresh, f"{number}" * 6).status_code == 422
    answer = send_code(fresh, code(secret))
    assert "Too many codes were wrong" in answer.content.decode()
    assert not is_signed_in(fresh)
    Credential.objects.filter(pk=investigator.pk).update(codes_wait_until=timezone.now())
    send_code(fresh, code(secret))
    assert is_signed_in(fresh)


def test_secrets_lie_encrypted(client: Client, investigator: User) -> None:
    secret, codes = set_up_app(client)
    stored = json.dumps([row.data for row in Authenticator.objects.filter(user=investigator)])
    assert secret not in stored
    assert not any(one in stored for one in codes)


def test_secrets_are_read_with_the_key_before_and_with_no_other(client: Client, investigator: User, settings: Any) -> None:
    set_up_app(client)
    settings.SECOND_FACTOR_KEYS = ["a new key", *settings.SECOND_FACTOR_KEYS]
    assert factors_of(investigator).codes_left == 10
    settings.SECOND_FACTOR_KEYS = ["a new key"]
    with pytest.raises(InvalidToken):
        factors_of(investigator)


def test_wrong_code_sets_up_nothing_and_keeps_the_picture(client: Client, investigator: User) -> None:
    before = client.get(ADD_APP).content.decode()
    answer = client.post(ADD_APP, {"code": "000000"})
    assert_says(answer, "code", "This code is wrong, or was used already. Wait for the next one and enter that")
    shown = re.search(r'"rasso-secret">([^<]+)<', before)
    assert shown and shown[1] in answer.content.decode()
    assert factors_of(investigator).number == 0
    assert_says(client.post(ADD_APP, {"code": ""}), "code", "Enter the code")


# Recovery codes --------------------------------------------------------------------------------------------------------


def test_recovery_code_opens_the_account_once(client: Client, investigator: User) -> None:
    _, codes = set_up_app(client)
    assert len(codes) == 10
    for typed, works in ((codes[3], True), (codes[3], False), (codes[4], True)):
        fresh = half_signed_in()
        send_code(fresh, typed)
        assert is_signed_in(fresh) is works
    assert factors_of(investigator).codes_left == 8


def test_new_codes_replace_the_old(client: Client, investigator: User) -> None:
    _, old = set_up_app(client)
    new = codes_on(client.post(f"{SECURITY}codes/"))
    assert len(new) == 10 and not set(new) & set(old)
    fresh = half_signed_in()
    send_code(fresh, old[0])
    assert not is_signed_in(fresh)
    # Not to be read again.
    assert not any(one in client.get(page).content.decode() for page in (SECURITY, f"{SECURITY}codes/") for one in new)


def test_there_are_no_codes_without_a_factor(client: Client, investigator: User) -> None:
    assert client.post(f"{SECURITY}codes/").status_code == 409
    assert factors_of(investigator).codes_left is None


# Passkeys --------------------------------------------------------------------------------------------------------------


def test_passkey_signs_in_without_a_password(client: Client) -> None:
    passkey = set_up_passkey(client)
    fresh = Client()
    options = fresh.post(WITH_PASSKEY).json()["publicKey"]
    assert not options.get("allowCredentials")
    answer = send_passkey(fresh, passkey.use(options), WITH_PASSKEY, next="/accounts/no-role/")
    assert answer.headers["Location"] == "/accounts/no-role/"
    assert is_signed_in(fresh)


def test_passkey_leads_to_no_other_host(client: Client) -> None:
    passkey = set_up_passkey(client)
    fresh = Client()
    answer = send_passkey(
        fresh, passkey.use(fresh.post(WITH_PASSKEY).json()["publicKey"]), WITH_PASSKEY, next="https://elsewhere.invalid/"
    )
    assert answer.headers["Location"] == "/home/"


def test_passkey_is_asked_for_after_the_password(client: Client) -> None:
    passkey = set_up_passkey(client)
    fresh = half_signed_in()
    send_passkey(fresh, passkey.use(asked(fresh.get(SECOND_STEP))))
    assert is_signed_in(fresh)


def wrong_answers(passkey: Passkey, options: dict[str, Any], other: str) -> dict[str, Any]:
    return {
        "of another site": passkey.use(options, origin="https://elsewhere.invalid"),
        "over an open line": passkey.use(options, origin="http://testserver"),
        "to another question": passkey.use({**options, "challenge": "AAAA"}),
        "without finger or PIN": passkey.use(options, flags=PRESENT),
        "of somebody else": passkey.use(options, user=other),
        "of another key": {**Passkey().use(options, user=passkey.user), "id": passkey.use(options)["id"]},
        "of nobody": passkey.use(options, user="AAAA"),
        "no answer": "",
        "not JSON": "{",
        "a list": "[1]",
        "a word": '"word"',
        "empty": "{}",
        "half": '{"id": 1, "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": 5}}',
        "deep": "[" * 19_000,
        "long": "[" * 30_000,
    }


def test_wrong_answer_of_a_browser_opens_nothing(client: Client, force: Force) -> None:
    passkey = set_up_passkey(client)
    fresh = Client()
    for what in wrong_answers(passkey, {"challenge": ""}, ""):
        options = fresh.post(WITH_PASSKEY).json()["publicKey"]
        wrong = wrong_answers(passkey, options, str(force.sergeant.pk))[what]
        assert send_passkey(fresh, wrong, WITH_PASSKEY).status_code == 422, what
        assert not is_signed_in(fresh), what
    # The same answer does not open a second time what it opened once.
    right = passkey.use(fresh.post(WITH_PASSKEY).json()["publicKey"])
    assert send_passkey(fresh, right, WITH_PASSKEY).status_code == 302
    again = Client()
    again.post(WITH_PASSKEY)
    assert send_passkey(again, right, WITH_PASSKEY).status_code == 422


def test_whoever_has_left_is_not_let_in_by_a_passkey(client: Client, investigator: User) -> None:
    passkey = set_up_passkey(client)
    with building():
        User.objects.filter(pk=investigator.pk).update(is_active=False)
    fresh = Client()
    assert send_passkey(fresh, passkey.use(fresh.post(WITH_PASSKEY).json()["publicKey"]), WITH_PASSKEY).status_code == 422


@pytest.mark.parametrize("wrong", [{"flags": PRESENT}, {"origin": "https://elsewhere.invalid"}])
def test_wrong_passkey_is_not_added(client: Client, investigator: User, wrong: dict[str, Any]) -> None:
    sent = json.dumps(Passkey().make(asked(client.get(ADD_PASSKEY)), **wrong))
    answer = client.post(ADD_PASSKEY, {"name": "Invented key", "credential": sent})
    assert (answer.status_code, factors_of(investigator).number) == (422, 0)
    assert "Invented key" in Sheet(answer).values["name"]


def test_passkey_needs_a_name_and_a_site_needs_one_too(client: Client, investigator: User) -> None:
    sent = json.dumps(Passkey().make(asked(client.get(ADD_PASSKEY))))
    assert_says(client.post(ADD_PASSKEY, {"name": "", "credential": sent}), "name", "Enter a name for the passkey")
    assert "opened by a name" in client.get(ADD_PASSKEY, headers={"Host": "127.0.0.1:8000"}).content.decode()


# Changing them ---------------------------------------------------------------------------------------------------------


def test_changing_a_factor_asks_who_one_is_by_the_factor(client: Client) -> None:
    secret, _ = set_up_app(client)
    let_pass(client, minutes=11)
    for page in (ADD_PASSKEY, f"{SECURITY}app/remove/", f"{SECURITY}codes/", ADD_APP):
        assert client.get(page).headers["Location"].startswith(CONFIRM)
        assert client.post(page).headers["Location"].startswith(CONFIRM)
    asks = client.get(f"{CONFIRM}?next={ADD_PASSKEY}").content.decode()
    assert 'name="code"' in asks and 'name="password"' not in asks
    assert client.post(CONFIRM, {"password": "correct horse battery staple"}).status_code == 422
    assert send_code(client, "123456", CONFIRM).status_code == 422
    assert send_code(client, code(secret), CONFIRM, next=ADD_PASSKEY).headers["Location"] == ADD_PASSKEY
    assert client.get(ADD_PASSKEY).status_code == 200


def test_passkey_confirms(client: Client) -> None:
    passkey = set_up_passkey(client)
    let_pass(client, minutes=11)
    answer = send_passkey(client, passkey.use(asked(client.get(CONFIRM))), CONFIRM, next=ADD_APP)
    assert answer.headers["Location"] == ADD_APP


def test_removed_factor_opens_nothing_and_the_codes_go_with_the_last(client: Client, investigator: User) -> None:
    passkey = set_up_passkey(client)
    set_up_app(client)
    theirs = factors_of(investigator)
    assert client.post(f"{SECURITY}passkeys/{theirs.passkeys[0].pk}/remove/").status_code == 302
    fresh = Client()
    assert send_passkey(fresh, passkey.use(fresh.post(WITH_PASSKEY).json()["publicKey"]), WITH_PASSKEY).status_code == 422
    assert factors_of(investigator).codes_left == 10
    assert client.post(f"{SECURITY}app/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    with building():
        pages = list(AccessRecord.objects.filter(kind="CHANGED").order_by("pk").values_list("page", flat=True))
    assert pages == ["passkey_added", "app_added", "passkey_removed", "app_removed"]


def test_nobody_removes_somebody_elses(client: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    set_up_passkey(client)
    key = Authenticator.objects.get(type="webauthn").pk
    other = as_user(force.sergeant)
    other.get("/home/")
    for page in (f"{SECURITY}passkeys/{key}/remove/", f"{SECURITY}passkeys/0/remove/", f"{SECURITY}app/remove/"):
        assert other.get(page).status_code == other.post(page).status_code == 404
    assert Authenticator.objects.filter(pk=key).exists()


# Required --------------------------------------------------------------------------------------------------------------


def test_where_it_is_required_nothing_opens_before_one_is_set_up(client: Client, investigator: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    for page in ("/home/", "/cases/", "/accounts/no-role/", "/accounts/sessions/"):
        assert client.get(page).headers["Location"] == SECURITY
    assert "Nothing else opens until you have" in client.get(SECURITY).content.decode()
    set_up_app(client)
    assert client.get("/home/").status_code == 200


def test_where_it_is_required_the_last_one_stays(client: Client, investigator: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    set_up_app(client)
    assert "Set up another one first" in client.get(f"{SECURITY}app/remove/").content.decode()
    assert client.post(f"{SECURITY}app/remove/").status_code == 409
    assert factors_of(investigator).number == 1


def test_session_that_was_begun_with_a_password_alone_stays_shut(client: Client, settings: Any) -> None:
    """Somebody who took a session from before must not get in by somebody else's setting up."""
    elsewhere = Client()
    sign_in(elsewhere)
    set_up_app(client)
    settings.SECOND_FACTOR = "required"
    assert elsewhere.get("/home/").headers["Location"] == SECURITY
    assert "Sign out, and sign in with your passkey or a code" in elsewhere.get(SECURITY).content.decode()


# What one is told ------------------------------------------------------------------------------------------------------


def test_other_sessions_are_told_once_and_one_s_own_not(client: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    set_up_app(client)
    told = "A code app was set up for your account on"
    assert told not in client.get(PAGE).content.decode()
    assert told in elsewhere.get(PAGE).content.decode()
    assert told not in elsewhere.get(PAGE).content.decode()
    assert told in client.get(SECURITY).content.decode()


def test_one_hears_of_a_sign_in_from_a_new_place(client: Client, investigator: User) -> None:
    told = "with a browser, or from a network, that was not used for it before"
    same = Client()
    sign_in(same)
    assert told not in client.get(PAGE).content.decode()
    stranger = Client()
    sign_in(stranger, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/145.0"})
    assert told in client.get(PAGE).content.decode()
    with building():
        assert AccountEvent.objects.filter(user=investigator, what="NEW_PLACE").count() == 1
    # And afterwards at the next sign-in at a place of one's own, although somebody else has heard it.
    stranger.get(PAGE)
    later = Client()
    sign_in(later)
    assert told in later.get(PAGE).content.decode()
