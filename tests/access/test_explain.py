"""“Explain access” says exactly what the table of who may says, for everybody and every case; to the auditor and to nobody else."""

from typing import Any

import pytest

from cases.enums import Act
from cases.models import Case
from cases.queries.explain import Explanation, explain
from kit.binding import bound_to
from people.models import User
from people.roles import Role
from tests.access.scene import Scene
from tests.access.sql import ask, refused
from tests.worlds import building


def test_explains_what_each_person_sees(on_the_scene: Scene) -> None:
    with building():
        people = list(User.objects.order_by("pk"))
    visible = {}
    for user in people:
        with bound_to(user.pk, user.kind, may_write=False) as bound, building():
            visible[user.pk] = set(Case.objects.visible_to(bound.actor, Act.VIEW).values_list("pk", flat=True))
    auditor = on_the_scene.force.user(Role.AUDITOR)
    wrong = []
    with bound_to(auditor.pk, auditor.kind, may_write=False):
        for user in people:
            for name, case in on_the_scene.cases.items():
                found = explain(user.username, case.reference)
                assert isinstance(found, Explanation)
                if found.sees_it != (case.pk in visible[user.pk]):
                    wrong.append((str(user), name, found.blocks, found.admits))
    assert not wrong
    assert sum(map(len, visible.values())) > len(on_the_scene.cases)


def test_answers_to_nobody_but_the_auditor(on_the_scene: Scene) -> None:
    auditor, reference = on_the_scene.force.user(Role.AUDITOR), on_the_scene.cases["at hand"].reference
    for user in on_the_scene.everybody:
        if user != auditor:
            with bound_to(user.pk, user.kind, may_write=False), refused("only an auditor has access explained"):
                ask("SELECT rasso.facts_to_explain(%s, %s)", auditor.username, reference)


@pytest.fixture
def page(on_the_scene: Scene) -> Any:
    """Asks as the auditor."""
    from django.test import Client

    from tests.access.asking import BACKEND

    client = Client()
    client.force_login(on_the_scene.force.user(Role.AUDITOR), backend=BACKEND)

    def ask_page(username: str, reference: str) -> Any:
        return client.post("/audit/explain/", {"username": username, "reference": reference})

    return ask_page


def test_page_says_the_rule_and_nothing_of_the_case(on_the_scene: Scene, page: Any) -> None:
    cases = on_the_scene.cases
    yes = page("sergeant", cases["at hand"].reference).content.decode()
    assert f"may see {cases['at hand'].reference}" in yes and "Detective Sergeant of Invented Team One" in yes
    connected = page("connected_sergeant", cases["at hand"].reference).content.decode()
    assert f"may not see {cases['at hand'].reference}" in connected and "because of a connection" in connected
    once = page("late_emergency_holder", cases["at hand"].reference).content.decode()
    assert "Emergency access for an hour, from" in once
    for shown in (yes, connected, once):
        assert "Victim" not in shown and "Suspect-Name" not in shown and "She rang" not in shown


def test_page_records_for_which_case_it_was_asked(on_the_scene: Scene, page: Any) -> None:
    case = on_the_scene.cases["restricted"]
    assert page("sergeant", case.reference).status_code == 200
    with building():
        (row,) = ask("SELECT page, kind, case_ids::text[] FROM people_accessrecord ORDER BY id DESC LIMIT 1")
    assert row == ("explain-access", "LOOKED_AT", [str(case.pk)])


@pytest.mark.parametrize(
    ("username", "reference", "sentence"),
    [
        ("", "JE-2026-00042", "Enter the name that they sign in with"),
        ("sergeant", "", "Enter the reference of the case"),
        ("sergeant", "x" * 30, "Shorten this"),
        ("sergeant", "JE-2026-00000", "No case has this reference"),
        ("nobody", "JE-2026-00000", "Nobody signs in with this name"),
        ("a\x00b", "JE-2026-00000", "Delete the character"),
    ],
)
def test_page_says_what_to_put_right(page: Any, username: str, reference: str, sentence: str) -> None:
    answer = page(username, reference)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
