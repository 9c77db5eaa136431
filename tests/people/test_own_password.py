"""The page on which everybody changes their own password."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client

from people.models import AccessRecord, OpenSession, User
from people.session_store import stored_key
from tests.people.administering import text_of
from tests.people.signing_in import PASSWORD, is_signed_in, sign_in
from tests.worlds import building

PAGE = "/accounts/password/"
NEW = "mackerel on the roof"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None, **more: Any) -> HttpResponse:
    fields = {"old_password": old, "new_password": new, "new_password_again": new if again is None else again}
    return client.post(PAGE, {**fields, **more})


def test_changed_password_counts_and_other_sessions_end(client: Client, investigator: User) -> None:
    sign_in(client)
    elsewhere = Client()
    sign_in(elsewhere)
    assert change(client).headers["Location"] == "/home/"
    assert not OpenSession.objects.filter(pk=stored_key(elsewhere.cookies["sessionid"].value)).exists()
    assert elsewhere.get("/accounts/no-role/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/home/").status_code == 200
    for password, works in ((PASSWORD, False), (NEW, True)):
        fresh = Client()
        sign_in(fresh, password=password)
        assert is_signed_in(fresh) is works
    with building():
        assert list(AccessRecord.objects.filter(kind="CHANGED").values_list("page", flat=True)) == ["change_password"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": ""}, "Enter your present password"),
        ({"new": ""}, "Enter a new password"),
        ({"old": "wrong"}, "This is not your present password"),
        ({"new": "short"}, "Choose a longer password: at least 15 characters"),
        ({"new": "yfdbufnjh10305070"}, "this one is on lists that attackers use"),
        ({"new": "i am investigator"}, "Choose a password without your user name in it"),
        ({"again": "mackerel on the rooF"}, "The two new passwords differ"),
        ({"new": PASSWORD}, "Choose another password than the present one"),
        ({"new": "a" * 1001}, "Shorten it to 1,000 characters or fewer"),
    ],
)
def test_wrong_answers_change_nothing(client: Client, investigator: User, typed: dict[str, str], sentence: str) -> None:
    sign_in(client)
    answer = change(client, **typed)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    with building():
        assert User.objects.get(pk=investigator.pk).check_password(PASSWORD)


def test_guesses_of_the_present_password_are_counted_and_kept_nowhere(client: Client, investigator: User) -> None:
    sign_in(client)
    answers = [change(client, old=f"guess number {number}").status_code for number in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    attempt = AccessAttempt.objects.get()
    assert "guess" not in attempt.post_data and "mackerel" not in attempt.post_data


def test_partner_and_person_without_a_role_change_theirs_too(client: Client, force) -> None:  # type: ignore[no-untyped-def]
    prosecutor = force.user("PROSECUTOR")
    prosecutor.set_password(PASSWORD)
    prosecutor.save_password()
    sign_in(client, prosecutor.username)
    assert change(client).headers["Location"] == "/home/"


def test_nobody_signed_in_has_none_to_change(client: Client, db: None) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")
