"""Somebody types the key of what they may not choose: the answer is that for a key that nothing has."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tests import forms
from tests.access.asking import BACKEND, BY_CHANCE
from tests.access.scene import Scene, savepoint
from tests.worlds import MONDAY, at, building

UNKNOWN = 987_654_321


def answers(user: User, address: str, field: str, keys: list[int], data: dict[str, str]) -> list[tuple[int, str]]:
    client = Client()
    client.force_login(user, backend=BACKEND)
    found = []
    for key in keys:
        with savepoint():
            answer = client.post(address, {**data, field: str(key)})
            found.append((answer.status_code, BY_CHANCE.sub("", answer.content.decode()).replace(f'"{key}"', "…")))
    return found


def test_case_is_allocated_only_to_somebody_of_the_list(on_the_scene: Scene) -> None:
    force = on_the_scene.force
    address = reverse("allocate-case", args=[on_the_scene.cases["at hand"].reference])
    prosecutor, analyst, unknown = answers(
        force.sergeant, address, "officer", [force.user("PROSECUTOR").pk, force.user("ANALYST").pk, UNKNOWN], {}
    )
    assert unknown[0] == 422
    assert prosecutor == analyst == unknown


@pytest.mark.parametrize("field", ["officer", "supervisor", "connected"])
def test_new_case_names_only_people_of_the_list(on_the_scene: Scene, field: str) -> None:
    force = on_the_scene.force
    data = forms.safety(force, officer=force.investigator)
    if field == "connected":
        data["has_connected_staff"] = "yes"
    keys = [force.user("PROSECUTOR").pk, UNKNOWN]
    partner, unknown = answers(force.investigator, reverse("log-case-safety"), field, keys, data)
    assert unknown[0] == 422
    assert partner == unknown


def test_taken_crime_number_says_nothing_of_the_case_that_has_it(on_the_scene: Scene) -> None:
    """One's own case, one elsewhere and a restricted one: the same sentence."""
    force = on_the_scene.force
    client = Client()
    client.force_login(force.investigator, backend=BACKEND)
    found = set()
    for name in ("at hand", "elsewhere", "restricted", "not yet allocated"):
        with building():
            number = on_the_scene.cases[name].crime_number
        with savepoint():
            client.post(reverse("log-case"), forms.when(at(MONDAY, 9), crime_number=number))
            client.post(reverse("log-case-what"), forms.what())
            client.post(reverse("log-case-safety"), forms.safety(force, officer=force.investigator))
            answer = client.post(reverse("log-case-check"), {})
            found.add((answer.status_code, BY_CHANCE.sub("", answer.content.decode()).replace(number, "…")))
    ((status, page),) = found
    assert status == 409
    assert "This crime number cannot be logged here." in page
