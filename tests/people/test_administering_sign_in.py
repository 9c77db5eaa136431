"""What an administrator does for whoever lost a device, or whose screen is in wrong hands; and what one does oneself about one's sessions."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db.utils import ProgrammingError
from django.test import Client

from kit.binding import bound_to
from people import second_factor
from people.models import AccountEvent, OpenSession, PeopleChange, User
from people.operations import call
from people.roles import Role
from people.second_factor import factors_of
from people.session import name_of
from people.session_store import SessionStore, stored_key
from tests.people.administering import page_of, send, text_of
from tests.people.signing_in import is_signed_in, sign_in
from tests.people.test_step_up import let_pass
from tests.worlds import Force, building

SESSIONS = "/accounts/sessions/"


@pytest.fixture
def administrator(as_user, force: Force) -> Client:  # type: ignore[no-untyped-def]
    client: Client = as_user(force.user(Role.ADMINISTRATOR))
    client.get("/home/")
    return client


@pytest.fixture
def client(client: Client, investigator: User) -> Client:
    sign_in(client)
    Authenticator.objects.create(user=investigator, type="webauthn", data={"name": "Invented key", "credential": {}})
    second_factor.new_recovery_codes(investigator)
    return client


# Lost -------------------------------------------------------------------------------------------------------------------


def test_lost_factors_are_removed_and_others_set_up_at_the_next_sign_in(
    administrator: Client, client: Client, investigator: User
) -> None:
    assert send(administrator, investigator, "second-factor/").status_code == 302
    assert factors_of(investigator).number == 0 and factors_of(investigator).codes_left is None
    # Out at the next click, and back with the password alone, but no further than the page on which they set up another.
    assert client.get("/home/").headers["Location"].startswith("/accounts/login/")
    fresh = Client()
    sign_in(fresh)
    for page in ("/home/", SESSIONS):
        assert fresh.get(page).headers["Location"] == "/accounts/security/"
    with building():
        change = PeopleChange.objects.get(person=investigator)
        assert (change.what, change.by) == ("FACTORS_RESET", User.objects.get(username="administrator"))
    assert "Second factors removed" in text_of(administrator.get(page_of(investigator)))
    assert (
        "An administrator removed your passkeys, code app and recovery codes on"
        in fresh.get("/accounts/security/").content.decode()
    )


def test_only_after_proving_who_one_is(administrator: Client, client: Client, investigator: User) -> None:
    let_pass(administrator, minutes=10)
    assert administrator.get(page_of(investigator, "second-factor/")).headers["Location"].startswith("/accounts/confirm/")
    assert send(administrator, investigator, "second-factor/").status_code == 409
    assert factors_of(investigator).number == 1


@pytest.mark.parametrize("part", ["second-factor/", "sessions/"])
def test_never_one_s_own_nor_of_somebody_who_left_nor_by_anybody_else(
    administrator: Client,
    client: Client,
    investigator: User,
    as_user,
    force: Force,
    part: str,  # type: ignore[no-untyped-def]
) -> None:
    own = force.user(Role.ADMINISTRATOR)
    answer = send(administrator, own, part)
    assert (answer.status_code, "This is your own account" in text_of(answer)) == (409, True)
    assert is_signed_in(administrator)
    assert client.get(page_of(force.sergeant, part)).status_code == send(client, force.sergeant, part).status_code == 404
    with building():
        User.objects.filter(pk=investigator.pk).update(is_active=False)
    assert send(administrator, investigator, part).status_code == 409
    with building():
        assert not PeopleChange.objects.exists()


def test_database_refuses_whoever_is_no_administrator(client: Client, investigator: User, force: Force) -> None:

    for function in ("reset_factors(%s)", "note_sessions_ended(%s)"):
        with pytest.raises(ProgrammingError, match="only an administrator"), bound_to(investigator.pk, "police", may_write=True):
            call(function, force.sergeant.pk)
    own = force.user(Role.ADMINISTRATOR).pk
    with pytest.raises(ProgrammingError, match="another administrator"), bound_to(own, "police", may_write=True):
        call("reset_factors(%s)", own)


def test_operator_resets_the_last_administrator(client: Client, investigator: User, settings: Any) -> None:
    with pytest.raises(CommandError, match="Only the owner"):
        call_command("reset_second_factor", "investigator")
    settings.PROCESS = "owner"
    with building():
        call_command("reset_second_factor", "investigator")
        assert PeopleChange.objects.get().by is None
    with building(), pytest.raises(CommandError, match="no active person"):
        call_command("reset_second_factor", "nobody")
    assert factors_of(investigator).number == 0


# Sessions ---------------------------------------------------------------------------------------------------------------


def test_administrator_signs_somebody_out_everywhere(administrator: Client, client: Client, investigator: User) -> None:
    assert send(administrator, investigator, "sessions/").status_code == 302
    assert client.get("/home/").headers["Location"].startswith("/accounts/login/")
    assert is_signed_in(administrator)
    with building():
        assert PeopleChange.objects.get().what == "SESSIONS_ENDED"
        assert AccountEvent.objects.get().what == "SESSIONS_ENDED"


@pytest.fixture
def elsewhere(investigator: User) -> Client:
    other = Client(
        headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1"}, REMOTE_ADDR="192.0.2.7"
    )
    sign_in(other)
    assert is_signed_in(other)
    return other


def names(page: str) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]{64})"', page)


def test_own_sessions_are_listed_in_plain_words(investigator: User, elsewhere: Client) -> None:
    client = Client()
    sign_in(client)
    page = client.get(SESSIONS)
    assert "Safari on iPhone" in text_of(page) and "from address 192.0.2.7" in text_of(page)
    assert page.content.decode().count("This one") == 1
    # No key stands on the page: whoever reads over a shoulder could act with it.
    assert not any(key in page.content.decode() for key in OpenSession.objects.values_list("pk", flat=True))


def test_one_session_is_ended_and_the_others_stay(investigator: User, elsewhere: Client) -> None:
    client, third = Client(), Client()
    sign_in(client)
    sign_in(third)
    first, *_ = [name for name in names(client.get(SESSIONS).content.decode()) if name == names_of(elsewhere)]
    assert "You are signed out there" in client.post(SESSIONS, {"session": first}, follow=True).content.decode()
    assert [is_in(one) for one in (client, elsewhere, third)] == [True, False, True]
    assert "had ended already" in client.post(SESSIONS, {"session": first}, follow=True).content.decode()
    client.post(SESSIONS)
    assert [is_in(one) for one in (client, third)] == [True, False]
    assert "Nowhere else" in client.get(SESSIONS).content.decode()


def names_of(client: Client) -> str:

    return name_of(OpenSession.objects.get(pk=stored_key(client.cookies["sessionid"].value)))


def is_in(client: Client) -> bool:
    return client.get("/accounts/logout/").wsgi_request.user.is_authenticated  # type: ignore[no-any-return]


def test_nobody_ends_somebody_elses(investigator: User, elsewhere: Client, as_user, force: Force) -> None:  # type: ignore[no-untyped-def]
    stranger = as_user(force.sergeant)
    stranger.get("/home/")
    stranger.post(SESSIONS, {"session": names_of(elsewhere)})
    stranger.post(SESSIONS)
    assert is_in(elsewhere)


def test_table_of_sessions_holds_nothing_that_signs_in(investigator: User) -> None:
    """Neither the keys, nor rows that open under a key of one's own: what a session holds is signed together with its key."""
    client, thief = Client(), Client()
    sign_in(client)
    key = client.cookies["sessionid"].value
    (row,) = OpenSession.objects.filter(user_id=investigator.pk)
    assert key not in (row.session_key, row.session_data) and row.session_key == stored_key(key)
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)
    chosen = "k" * 32
    OpenSession.objects.create(
        session_key=stored_key(chosen), session_data=row.session_data, expire_date=row.expire_date, user_id=row.user_id
    )
    thief.cookies["sessionid"] = chosen
    assert not is_in(thief) and is_in(client)
    assert SessionStore(key).held_in(row)["_auth_user_id"] == str(investigator.pk)
