"""Five wrong passwords of one user name from one address, and the door is shut for fifteen minutes."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from people.models import User
from tests.people.signing_in import comparable, is_signed_in, sign_in

ELSEWHERE = "203.0.113.9"


def fail(client: Client, times: int = 5, username: str = "investigator", **more: str) -> None:
    for _ in range(times):
        sign_in(client, username, "wrong", **more)


def test_comes_with_the_fifth_failure(client: Client, investigator: User) -> None:
    fail(client, 3)
    assert sign_in(client, password="wrong").status_code == 422
    assert sign_in(client, password="wrong").status_code == 429
    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)


def test_is_kept_in_the_database(client: Client, investigator: User) -> None:
    fail(client)
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_says_when_to_try_again_and_whom_to_ask(client: Client, investigator: User) -> None:
    fail(client)
    answer = sign_in(client)
    page = answer.content.decode()
    ends = timezone.localtime(AccessAttempt.objects.get().attempt_time) + timedelta(minutes=16)
    assert f"Try again after {ends:%H:%M}." in page
    assert "tell an administrator" in page
    assert "investigator" not in page
    assert 890 <= int(answer.headers["Retry-After"]) <= 900


def test_ends_after_fifteen_minutes(client: Client, investigator: User) -> None:
    fail(client)
    let_pass(minutes=14)
    assert sign_in(client).status_code == 429
    let_pass(minutes=1)
    sign_in(client)
    assert is_signed_in(client)


def test_is_not_made_longer_by_trying(client: Client, investigator: User) -> None:
    fail(client)
    let_pass(minutes=10)
    fail(client, 2)
    let_pass(minutes=5)
    sign_in(client)
    assert is_signed_in(client)


def test_does_not_keep_the_person_out_elsewhere(client: Client, investigator: User) -> None:
    fail(client, REMOTE_ADDR=ELSEWHERE)
    assert sign_in(client, REMOTE_ADDR=ELSEWHERE).status_code == 429
    sign_in(client)
    assert is_signed_in(client)


def test_does_not_keep_a_colleague_out_at_the_same_address(client: Client, investigator: User) -> None:
    fail(client, username="sergeant")
    sign_in(client)
    assert is_signed_in(client)


def test_unknown_user_name_is_locked_out_alike(client: Client, investigator: User) -> None:
    known = [sign_in(client, "investigator", "wrong") for _ in range(6)]
    unknown = [sign_in(client, "investigatox", "wrong") for _ in range(6)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown] == [422] * 4 + [429] * 2
    for one, other in zip(known, unknown, strict=True):
        assert without_times(comparable(one, "investigator")) == without_times(comparable(other, "investigatox"))


def test_each_spelling_is_the_same_user_name(client: Client, investigator: User) -> None:
    for spelling in ("investigator", "INVESTIGATOR", " Investigator", "invesTigator", "investigatoR "):
        answer = sign_in(client, spelling, "wrong")
    assert answer.status_code == 429


def test_signing_in_forgets_earlier_failures(client: Client, investigator: User) -> None:
    fail(client, 4)
    sign_in(client, "Investigator")
    client.logout()
    assert sign_in(client, password="wrong").status_code == 422


def test_keeps_nothing_of_what_was_typed_but_the_user_name(client: Client, investigator: User) -> None:
    sign_in(client, password="wrong-secret", next="/cases/JE-2026-00042/")
    kept = " ".join(str(value) for value in AccessAttempt.objects.values().get().values())
    assert "wrong-secret" not in kept
    assert "JE-2026-00042" not in kept


@pytest.mark.parametrize(("proxies", "forwarded", "counted"), [
    (0, "198.51.100.7", "127.0.0.1"),
    (1, "198.51.100.7", "198.51.100.7"),
    (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
    (2, "6.6.6.6, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
    (1, "nonsense", "127.0.0.1"),
    (1, "", "127.0.0.1"),
])  # fmt: skip
def test_counts_the_address_that_our_own_proxy_saw(
    client: Client, investigator: User, proxies: int, forwarded: str, counted: str
) -> None:
    with override_settings(PROXIES=proxies):
        sign_in(client, password="wrong", headers={"X-Forwarded-For": forwarded})
    assert AccessAttempt.objects.get().ip_address == counted


def test_runs_under_the_web_login(db: None) -> None:
    """What these tests show holds in production only if they ran with the privileges of production."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_table_privilege('account_emailaddress', 'SELECT')")
        assert cursor.fetchone() == ("rasso_web", False)


def let_pass(*, minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def without_times(page: str) -> str:
    return re.sub(r"\d\d:\d\d", "", page)


def test_clock_of_a_web_server_that_is_fast_lets_nobody_in_early(
    client: Client, investigator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(client)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: timezone.now() + timedelta(hours=1))
    assert sign_in(client).status_code == 429
