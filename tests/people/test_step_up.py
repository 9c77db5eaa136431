"""What would do most harm in another's hands opens only to whoever has proved lately who they are."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kit.step_up import PROVED_AT
from people.models import AccessRecord, RoleAssignment, User
from people.roles import Role
from tests.pages import Sheet, assert_says
from tests.people.signing_in import PASSWORD, is_signed_in, sign_in, with_password
from tests.worlds import Force, building

CONFIRM = "/accounts/confirm/"
SENDS_ROLE = {"role": "SERGEANT", "starts_on_day": "", "starts_on_month": "12", "starts_on_year": "2026"}


@pytest.fixture
def client(client: Client, force: Force) -> Client:
    """An administrator who has just signed in through the page."""
    sign_in(client, with_password(force.user(Role.ADMINISTRATOR)).username)
    assert is_signed_in(client)
    return client


def let_pass(client: Client, **time: int) -> None:
    """As if they had proved it that much earlier."""
    session: SessionBase = client.session
    session[PROVED_AT] = (datetime.fromisoformat(session[PROVED_AT]) - timedelta(**time)).isoformat()
    session.save()


def confirm(client: Client, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(CONFIRM, {"password": password, **more})


def pages(force: Force) -> dict[str, str]:
    other = force.investigator.pk
    return {
        "enrol-person": "/people/enrol/",
        "give-first-password": f"/people/{other}/password/",
        "give-role": f"/people/{other}/roles/give/",
        "move-person": f"/people/{other}/move/",
        "change-unit": f"/people/units/{force.unit.pk}/",
        "reactivate-person": f"/people/{other}/reactivate/",
        "export-people": "/people/export/?show=all",
    }


def test_pages_ask_again_after_five_minutes_and_lead_back(client: Client, force: Force) -> None:
    for page in pages(force).values():
        assert client.get(page).status_code == 200
    let_pass(client, minutes=5)
    for page in pages(force).values():
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, CONFIRM)
        assert "next=%2Fpeople%2F" in answer.headers["Location"]
    # Others do not.
    assert client.get("/people/").status_code == 200


def test_every_export_asks_again(force: Force, as_user) -> None:  # type: ignore[no-untyped-def]
    for person, page in (
        (force.sergeant, "export-queue"),
        (force.investigator, "export-cases"),
        (force.sergeant, "export-to-allocate"),
    ):
        client = as_user(person)
        assert client.get(reverse(page)).status_code == 200
        let_pass(client, minutes=5)
        assert client.get(reverse(page)).headers["Location"].startswith(CONFIRM)


def test_right_answer_opens_the_page_under_another_key(client: Client) -> None:
    let_pass(client, minutes=6)
    before = client.session.session_key
    assert confirm(client, next="/people/enrol/").headers["Location"] == "/people/enrol/"
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.get("/people/enrol/").status_code == 200


def test_wrong_answer_opens_nothing_and_is_counted(client: Client) -> None:
    let_pass(client, minutes=6)
    assert_says(confirm(client, "", next="/people/enrol/"), "password", "Enter your password")
    sheet = assert_says(
        confirm(client, "guess", next="/people/enrol/"), "password", "This is not your password. Check it and try again"
    )
    assert "/people/enrol/" in sheet.values["next"]
    assert client.get("/people/enrol/").status_code == 302
    assert [confirm(client, "guess").status_code for _ in range(4)] == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "javascript:alert(1)", "/\\elsewhere.invalid"]
)
def test_leads_to_no_other_host(client: Client, elsewhere: str) -> None:
    answer = confirm(client, next=elsewhere)
    assert (answer.status_code, "elsewhere.invalid" in answer.content.decode()) == (200, False)


def test_file_is_offered_where_the_browser_would_stay(client: Client) -> None:
    answer = confirm(client, next="/people/export/?show=all")
    assert answer.status_code == 200
    assert 'href="/people/export/?show=all"' in answer.content.decode()


def test_form_may_be_sent_a_little_later(client: Client, force: Force) -> None:
    let_pass(client, minutes=9)
    page = f"/people/{force.investigator.pk}/password/"
    assert client.get(page).status_code == 302
    assert client.post(page, {"version": "1"}).status_code == 200


def test_form_sent_too_late_does_nothing_and_keeps_what_was_typed(client: Client, force: Force) -> None:
    page = f"/people/{force.investigator.pk}/roles/give/"
    typed = {"version": "1", "role": "LIAISON_OFFICER", "starts_on_day": "31", "starts_on_month": "12", "starts_on_year": "2026"}
    let_pass(client, minutes=10)
    answer = client.post(page, typed)
    sheet = Sheet(answer)
    assert answer.status_code == 409
    assert {name: sheet.values[name] for name in typed} == {name: [text] for name, text in typed.items()}
    assert 'href="/accounts/confirm/?next="' in answer.content.decode()
    assert not roles_given(force.investigator)
    # In the second window, then the first is sent again as it stands.
    assert "Close this tab" in confirm(client).content.decode()
    again = client.post(page, {name: texts[0] for name, texts in sheet.values.items()})
    assert again.status_code == 302
    assert roles_given(force.investigator) == 1


def roles_given(user: User) -> int:
    with building():
        return RoleAssignment.objects.filter(user=user, role=Role.LIAISON_OFFICER).count()


def test_stranger_learns_nothing_of_it(force: Force, as_user) -> None:  # type: ignore[no-untyped-def]
    client = as_user(force.investigator)
    client.get("/home/")
    let_pass(client, minutes=20)
    for page in pages(force).values():
        assert client.get(page).status_code == 404
        assert client.post(page).status_code in (404, 405)


def test_nothing_is_recorded_as_seen_where_nothing_was(client: Client) -> None:
    let_pass(client, minutes=5)
    with building():
        before = AccessRecord.objects.count()
    client.get("/people/export/")
    with building():
        assert AccessRecord.objects.count() == before


def test_signing_in_gives_another_key(client: Client, force: Force) -> None:
    """Whoever put a session into somebody's browser beforehand does not share it afterwards."""
    fresh = Client()
    fresh.get("/accounts/login/?next=/people/")
    fresh.session.save()
    planted = fresh.session.session_key
    fresh.cookies["sessionid"] = planted
    sign_in(fresh, force.user(Role.ADMINISTRATOR).username)
    assert is_signed_in(fresh)
    assert fresh.session.session_key != planted
    assert not fresh.session.exists(planted)
