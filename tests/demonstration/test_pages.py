"""Whoever signs in to the demonstration finds something to look at, and nobody's name where it does not belong."""

import re

import pytest

from rasso.demonstration.accounts import ACCOUNTS
from rasso.demonstration.words import SUSPECT_SURNAMES, VICTIM_SURNAMES

REFERENCE = re.compile(r"JE-\d{4}-\d{5}")
NAME = re.compile(rf"Invented-(?:{'|'.join((*VICTIM_SURNAMES, *SUSPECT_SURNAMES))})")
WITH_CASES = ("firstofficer", "investigator", "investigator2", "solo", "sergeant", "sergeant2", "inspector", "superintendent")
BY_USERNAME = {account.username: account for account in ACCOUNTS}


@pytest.mark.parametrize("username", BY_USERNAME)
def test_everybody_finds_work_or_what_will_be_there(sign_in, username: str) -> None:
    page = sign_in(username).get("/home/")
    content = page.content.decode()
    assert page.status_code == 200
    if username in WITH_CASES:
        assert REFERENCE.search(content)
    elif username == "administrator":
        assert page.context["administered"]
    elif username == "auditor":
        assert page.context["audited"]
    elif username == "information":
        inform = page.context["inform"]
        assert (len(inform.running), inform.due) == (1, 2)
        assert "Deciding" in content
    else:
        assert all(role.label in content for role in BY_USERNAME[username].roles)


@pytest.mark.parametrize(
    ("username", "sections"),
    [
        ("sergeant", ["Late", "Due today", "Next 7 days", "Later"]),
        ("sergeant2", ["Late", "Next 7 days", "Later"]),
        ("inspector", ["Escalated to you", "Late", "Due today", "Next 7 days", "Later"]),
        ("superintendent", ["Escalated to you"]),
    ],
)
def test_the_queue_of_each_supervisor_holds_every_kind_of_work(sign_in, username: str, sections: list[str]) -> None:
    queue = sign_in(username).get("/reviews/").context["found"]
    assert [section.heading.partition(" (")[0] for section in queue.sections if section.rows] == sections


def test_the_investigator_has_late_and_due_work_and_new_directions(sign_in) -> None:
    offer = sign_in("investigator").get("/home/").context["offer"]
    blocks = {block.id: block.items for block in offer.blocks}
    assert set(blocks) == {"tell", "late", "soon", "directions", "waiting"}
    for block in ("late", "soon"):
        is_action = {item.title.startswith("A") for item in blocks[block]}
        assert is_action == {True, False}, f"{block}: actions and time limits"


def test_the_queue_says_where_nothing_happens(sign_in) -> None:
    assert "Nothing recorded for" in sign_in("sergeant").get("/reviews/").content.decode()


def test_cases_wait_for_an_officer(sign_in) -> None:
    for username in ("sergeant", "sergeant2", "inspector"):
        offer = sign_in(username).get("/home/").context["offer"]
        assert [block for block in offer.blocks if block.id == "unallocated" and block.items]


def test_names_stand_on_no_list_and_in_no_title_or_address(sign_in) -> None:
    for username in WITH_CASES:
        browser = sign_in(username)
        for address in ("/home/", "/cases/", "/reviews/"):
            content = browser.get(address, follow=True).content.decode()
            assert not NAME.search(content), f"{address} of {username}"
            for reference in sorted(set(REFERENCE.findall(content)))[:2]:
                case = browser.get(f"/cases/{reference}/").content.decode()
                assert not NAME.search(case)


def test_the_names_are_there_to_be_found(force_at_work) -> None:
    from cases.models import Case, Person, Suspect
    from tests.worlds import building

    with building():
        assert all(NAME.search(name) for name in Person.unguarded.values_list("name", flat=True))
        assert Suspect.unguarded.filter(person__isnull=False).count() > 20
        assert Case.unguarded.filter(is_restricted=True).count() == 1


def test_one_password_opens_every_account(force_at_work, settings) -> None:
    from django.contrib.auth.hashers import check_password

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashes = {force_at_work[account.username].password for account in ACCOUNTS}
    assert len(hashes) == 1
    assert check_password("rasso-demo", hashes.pop())


def test_the_clock_stands_at_real_time(force_at_work) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.now() = pg_catalog.now()")
        assert cursor.fetchone() == (True,)
