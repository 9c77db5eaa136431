"""Signing in and out, through the page."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from people.models import RoleAssignment, User
from tests.people.signing_in import SIGN_IN, comparable, is_signed_in, sign_in, with_password
from tests.worlds import Force, building

# The way in ----------------------------------------------------------------------------------------------------------


def test_opens_the_home_page(client: Client, investigator: User) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home/")
    assert client.session["_auth_user_id"] == str(investigator.pk)


def test_opens_the_page_that_was_asked_for(client: Client, investigator: User) -> None:
    refused = client.get("/accounts/no-role/?from=mail")
    assert refused.headers["Location"] == f"{SIGN_IN}?next=/accounts/no-role/%3Ffrom%3Dmail"
    page = client.get(refused.headers["Location"]).content.decode()
    asked_for = re.search(r'<input type="hidden" name="next" value="([^"]*)">', page)
    assert asked_for
    assert sign_in(client, next=asked_for[1]).headers["Location"] == "/accounts/no-role/?from=mail"


def test_sent_form_leads_back_to_the_page_that_held_it(client: Client, db: None) -> None:
    answer = client.post("/accounts/stay-signed-in/", headers={"Referer": "http://testserver/reviews/?kind=14"})
    assert answer.headers["Location"] == f"{SIGN_IN}?next=/reviews/%3Fkind%3D14"


@pytest.mark.parametrize("referer", ["https://elsewhere.invalid/reviews/", "http://testserver//elsewhere.invalid/", ""])
def test_sent_form_never_leads_elsewhere(client: Client, investigator: User, referer: str) -> None:
    answer = client.post("/accounts/stay-signed-in/", headers={"Referer": referer})
    (asked_for,) = parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True)["next"]
    assert sign_in(client, next=asked_for).headers["Location"] in {"/home/", "/%2Felsewhere.invalid/"}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.invalid/",
        "//elsewhere.invalid/",
        "/\\elsewhere.invalid",
        "javascript:alert(1)",
        "http:elsewhere.invalid",
        "https://localhost/",
    ],
)
def test_never_leaves_the_host(client: Client, investigator: User, address: str) -> None:
    assert "localhost" in settings.ALLOWED_HOSTS
    assert sign_in(client, next=address).headers["Location"] == "/home/"
    # Signed in by now, which is another way through allauth.
    assert client.get(SIGN_IN, {"next": address}).headers["Location"] == "/home/"
    assert client.post("/accounts/logout/", {"next": address}).headers["Location"] == "/accounts/signed-out/"


def test_user_name_may_be_typed_in_any_case(client: Client, investigator: User) -> None:
    sign_in(client, " Investigator ")
    assert is_signed_in(client)


def test_makes_a_new_session(client: Client, investigator: User) -> None:
    """A session that somebody else planted is not the one that is signed in."""
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    sign_in(client)
    assert is_signed_in(client)
    assert client.session.session_key != planted.session_key
    assert not client.session.exists(planted.session_key)


def test_wrong_password_is_said_once_and_above_the_form(client: Client, investigator: User) -> None:
    answer = sign_in(client, password="wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("The user name or the password is not right. Check both and try again.") == 1
    assert "<title>Error: Sign in" in page
    assert "wrong" not in page.replace("went wrong", "")
    assert not is_signed_in(client)


def test_unknown_user_name_is_answered_like_a_wrong_password(client: Client, investigator: User) -> None:
    known, unknown = sign_in(client, "investigator", "wrong"), sign_in(client, "investigatox", "wrong")
    assert known.status_code == unknown.status_code
    assert comparable(known, "investigator") == comparable(unknown, "investigatox")


def test_deactivated_person_is_answered_like_a_wrong_password(client: Client, investigator: User) -> None:
    wrong = sign_in(client, password="wrong")
    with building():
        User.objects.filter(pk=investigator.pk).update(is_active=False)
    right = sign_in(client)
    assert right.status_code == 422
    assert comparable(right, "") == comparable(wrong, "")


def test_empty_form_says_what_to_enter(client: Client, db: None) -> None:
    page = sign_in(client, "", "").content.decode()
    assert "Enter your user name." in page
    assert "Enter your password." in page


@pytest.mark.parametrize("typed", ["a" * 200, "nul\x00", "🦆", "' OR 1=1 --"])
def test_strange_user_names_are_refused_politely(client: Client, db: None, typed: str) -> None:
    assert sign_in(client, typed).status_code == 422


# Who is out ----------------------------------------------------------------------------------------------------------


def test_deactivated_person_is_out_at_the_next_request(client: Client, force: Force) -> None:
    client.force_login(force.investigator)
    assert client.get("/accounts/no-role/").headers["Location"] == "/home/"
    with building():
        User.objects.filter(pk=force.investigator.pk).update(is_active=False)
    assert client.get("/accounts/no-role/").headers["Location"].startswith(SIGN_IN)


def test_person_without_a_role_sees_a_page_that_says_so(client: Client, investigator: User) -> None:
    with building():
        RoleAssignment.objects.filter(user=investigator).delete()
    answer = sign_in(client, next="/cases/")
    assert answer.headers["Location"] == "/accounts/no-role/"
    page = client.get("/accounts/no-role/")
    assert page.status_code == 200
    assert "You have no role yet" in page.content.decode()


# The way out ---------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_and_clears_the_browser(client: Client, force: Force) -> None:
    client.force_login(force.investigator)
    key = client.session.session_key
    answer = client.post("/accounts/logout/", secure=True)
    assert answer.headers["Location"] == "/accounts/signed-out/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert answer.cookies[settings.CSRF_COOKIE_NAME]["max-age"] == 0
    assert not client.session.exists(key)
    assert client.get("/accounts/signed-out/").status_code == 200


def test_signing_out_over_http_does_not_speak_of_the_browser_s_store(client: Client, force: Force) -> None:
    client.force_login(force.investigator)
    assert "Clear-Site-Data" not in client.post("/accounts/logout/").headers


def test_asking_for_the_address_does_not_sign_out(client: Client, force: Force) -> None:
    client.force_login(force.investigator)
    assert "Do you want to sign out?" in client.get("/accounts/logout/").content.decode()
    assert is_signed_in(client)


def test_signing_out_twice_is_no_error(client: Client, db: None) -> None:
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/signed-out/"


def test_form_from_elsewhere_signs_nobody_in_or_out(force: Force) -> None:
    client = Client(enforce_csrf_checks=True)
    with_password(force.investigator)
    assert sign_in(client).status_code == 403
    client.force_login(force.investigator)
    assert client.post("/accounts/logout/").status_code == 403
    assert is_signed_in(client)


# What does not exist -------------------------------------------------------------------------------------------------


def test_allauth_has_no_other_page() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "socialaccount_", "mfa_", "usersessions_"))} == {
        "account_login",
        "account_logout",
        "mfa_authenticate",
    }
    below_accounts = {
        name for name in names if not get_resolver().reverse_dict[name][0][0][1] and reverse(name).startswith("/accounts/")
    }
    assert below_accounts == {
        *("account_login", "account_logout", "signed-out", "stay-signed-in", "no-role", "change-password"),
        *("confirm-who-you-are", "mfa_authenticate", "sign-in-with-passkey", "security", "sessions"),
        *("add-passkey", "add-code-app", "remove-code-app", "make-recovery-codes"),
        *("sign-in-with-openid", "openid-back", "connect-openid"),
    }


@pytest.mark.parametrize("page", ["signup/", "password/reset/", "password/change/", "email/", "inactive/", "reauthenticate/", ""])
def test_address_of_allauth_is_not_found(client: Client, db: None, page: str) -> None:
    assert client.get(f"/accounts/{page}").status_code == 404
