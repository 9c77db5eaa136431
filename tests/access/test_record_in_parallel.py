"""Many people at once, each with a connection of their own: every page has its own line, and no page shows what its line does not name."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from cases.models import Case
from people.models import User
from tests import databases
from tests.access.asking import BACKEND
from tests.access.recording import REFERENCE
from tests.access.sql import ask
from tests.worlds import MONDAY, Force, at, building, log_case, make_force, set_clock

REQUESTS, AT_ONCE = 50, 10


@pytest.fixture(scope="module")
def cases(django_db_setup: None, django_db_blocker) -> Iterator[tuple[Force, list[Case]]]:  # type: ignore[no-untyped-def]
    """Cases of two officers in a database of their own, in which everything is committed."""
    settings = connections["default"].settings_dict
    usual, name = settings["NAME"], f"parallel_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    connections["default"].close()
    settings["NAME"] = name
    try:
        with django_db_blocker.unblock():
            set_clock(at(MONDAY, 10))
            with building():
                force = make_force()
            yield force, [log_case(force), log_case(force, by=force.other_investigator), log_case(force)]
    finally:
        connections["default"].close()
        settings["NAME"] = usual
        databases.drop(name)


def test_each_of_fifty_pages_at_once_has_its_own_line(cases: tuple[Force, list[Case]]) -> None:
    force, made = cases
    people = (force.investigator, force.other_investigator, force.sergeant, force.superintendent)
    sessions = {}
    for user in people:
        client = Client()
        client.force_login(user, backend=BACKEND)
        sessions[user.pk] = client.cookies["sessionid"].value
    addresses = ["/cases/", "/home/", *(reverse(page, args=[case.reference]) for case in made for page in ("case", "case-names"))]
    wanted = [pair for _, pair in zip(range(REQUESTS), [*product(people, addresses)] * 2, strict=False)]

    def ask_for(number: int, user: User, address: str) -> tuple[int, set[str]]:
        try:
            client = Client(REMOTE_ADDR=f"192.0.2.{number}")  # So that its line is known by where it came from.
            client.cookies["sessionid"] = sessions[user.pk]
            answer = client.get(address)
            return answer.status_code, set(REFERENCE.findall(answer.content.decode()))
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(AT_ONCE) as several:
        answers = list(several.map(lambda each: ask_for(each[0], *each[1]), enumerate(wanted, start=1)))
    with building():
        lines = ask("SELECT host(address), user_id, outcome, case_ids FROM people_accessrecord WHERE address IS NOT NULL")
    by_request = {int(address.rsplit(".")[-1]): rest for address, *rest in lines}
    assert len(lines) == len(by_request) == REQUESTS
    key_of = {case.reference: case.pk for case in made}
    for number, ((user, address), (status, shown)) in enumerate(zip(wanted, answers, strict=True), start=1):
        who, outcome, case_ids = by_request[number]
        assert (who, outcome) == (user.pk, None if status == 200 else 404), address
        # A page that is not there repeats the address that was asked for, and nothing else.
        assert status == 404 or {key_of[reference] for reference in shown} <= set(case_ids), address
    assert {status for status, _ in answers} == {200, 404}
