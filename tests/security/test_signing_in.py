"""What somebody who is not signed in learns or plants: sessions, tokens, who there is.

Session fixation by a planted session is in tests/people/test_sign_in.py; what other factors add is in tests/people.
"""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from people.models import User
from tests.access.asking import BY_CHANCE, Statements
from tests.people.signing_in import PASSWORD, SIGN_IN, is_signed_in, sign_in, with_password
from tests.worlds import Force, building

Browser = Callable[[User], Client]


@pytest.fixture
def investigator(force: Force) -> User:
    return with_password(force.investigator)


# Sessions and tokens -------------------------------------------------------------------------------------------------------


def test_signing_in_changes_session_and_token(client: Client, investigator: User) -> None:
    client.get(SIGN_IN)
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    sign_in(client)
    first = client.session.session_key
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before
    client.post("/accounts/logout/")
    sign_in(client)
    assert client.session.session_key != first
    assert not client.session.exists(first)


@pytest.mark.parametrize("planted", ["a" * 32, "x", "../../etc/passwd", "a" * 4000, "\x00", "' OR 1=1 --"])
def test_key_that_we_did_not_make_is_never_a_session(client: Client, investigator: User, planted: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert client.get("/home/").status_code == 302
    sign_in(client)
    assert is_signed_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


def test_session_in_an_address_or_form_is_no_session(client: Client, investigator: User, as_user: Browser) -> None:
    key = as_user(investigator).session.session_key
    for name in ("sessionid", "__Host-session", "session"):
        assert client.get(f"/home/?{name}={key}").status_code == 302
        assert client.post("/accounts/stay-signed-in/", {name: key}).status_code == 302
        assert client.get("/home/", headers={"X-Session": str(key), "Authorization": f"Bearer {key}"}).status_code == 302


def test_token_of_another_browser_is_worth_nothing(investigator: User) -> None:
    other = Client()
    other.get(SIGN_IN)
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    token = other.cookies[settings.CSRF_COOKIE_NAME].value
    assert client.post(SIGN_IN, {"login": "investigator", "password": PASSWORD, "csrfmiddlewaretoken": token}).status_code == 403
    assert not is_signed_in(client)


# Who there is ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was put through the hasher: that is what a sign-in takes its time for."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: seen.append(password) or encode(self, password, salt)
    )
    return seen


def test_unknown_and_deactivated_are_answered_in_the_same_time(client: Client, force: Force, hashed: list[str]) -> None:
    """Counted in hashes and statements, not in seconds: as many for whom nobody knows as for a wrong password."""
    with_password(force.investigator)
    with_password(force.sergeant)
    with building():
        User.objects.filter(pk=force.sergeant.pk).update(is_active=False)
    answers = {}
    for name in ("investigator", "nobody_at_all", "sergeant"):
        hashed.clear()
        statements = Statements()
        with connection.execute_wrapper(statements):
            answer = sign_in(Client(), name, "wrong")
        answers[name] = (answer.status_code, len(hashed), BY_CHANCE.sub("", answer.content.decode()).replace(name, "…"))
    assert answers["investigator"] == answers["nobody_at_all"] == answers["sergeant"]
    assert answers["investigator"][:2] == (422, 1)


def test_lock_out_says_nothing_of_who_there_is(investigator: User) -> None:
    pages = []
    for name in ("investigator", "nobody_at_all"):
        for _ in range(5):
            answer = sign_in(Client(), name, "wrong")
        pages.append((answer.status_code, answer.headers.keys(), BY_CHANCE.sub("", answer.content.decode()).replace(name, "…")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 429


@pytest.mark.parametrize("page", ["/people/{}/", "/people/{}/change/", "/people/{}/deactivate/", "/cases/hand-over-all/{}/"])
def test_numbers_of_people_tell_nothing_to_whom_they_are_not_for(as_user: Browser, force: Force, page: str) -> None:
    """Counted keys could be walked through; who may not open the page gets the same for somebody as for nobody."""
    readers = (force.investigator, force.user("PROSECUTOR"), force.user("AUDITOR"))  # type: ignore[arg-type]
    for reader in readers:
        found = set()
        for key in (force.sergeant.pk, 10**9):
            statements = Statements()
            browser = as_user(reader)
            browser.get("/")
            with connection.execute_wrapper(statements):
                answer = browser.get(page.format(key))
            body = BY_CHANCE.sub("", answer.content.decode()).replace(str(key), "…")
            found.add((answer.status_code, statements.number, body, tuple(sorted(answer.headers))))
        assert len(found) == 1, reader
        assert {status for status, *_ in found} == {404}
