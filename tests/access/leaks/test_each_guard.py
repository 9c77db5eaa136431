"""Each check of this folder finds a leak when the guard of its class goes. README.md names them; what is done here is taken back."""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest
from django.urls import reverse

from people import session
from people.roles import Role
from tests.access.asking import Asking
from tests.access.leaks import checks, guards, test_roles_and_blanks
from tests.access.leaks.test_lists_searches_exports import more_cases
from tests.access.scene import Scene
from tests.access.test_five_locks import policies_off, tables_off
from tests.house import sources

Guard = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def asking(scene: Scene) -> Iterator[Asking]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield Asking(scene, [scene.force.investigator, scene.force.sergeant])


def without(*gone: Guard) -> ExitStack:
    stack = ExitStack()
    for guard in gone:
        stack.enter_context(guard())
    return stack


def stranger(scene: Scene) -> tuple[Any, set[str]]:
    """Somebody with cases of none, and what they may find."""
    return scene.force.other_sergeant, set()


def test_class_1_list_that_holds_more_than_opens_is_noticed(on_the_scene: Scene) -> None:
    user, rightful = stranger(on_the_scene)
    addresses = ("/cases/?show=all", "/cases/to-allocate/")
    with without(guards.reach_of_the_database_open):
        # The table of Python still keeps each page shut.
        assert checks.opens(on_the_scene, user) == rightful
        assert checks.on_lists(on_the_scene, user, rightful, addresses) != []


def test_class_1_page_that_opens_more_than_the_list_holds_is_noticed(on_the_scene: Scene) -> None:
    user, rightful = stranger(on_the_scene)
    for gone in ((tables_off,), (policies_off,)):
        with without(*gone):
            assert checks.opens(on_the_scene, user) == rightful, gone
    with without(tables_off, policies_off):
        assert checks.opens(on_the_scene, user) > rightful


@pytest.mark.parametrize(
    ("gone", "leaks"),
    [
        ((guards.search_without_reach,), False),
        ((guards.search_without_reach, tables_off), False),
        ((guards.search_without_reach, policies_off), False),
        ((tables_off, policies_off), False),
        ((guards.search_without_reach, tables_off, policies_off), True),
    ],
)
def test_class_2_search_stands_on_three_guards(on_the_scene: Scene, gone: tuple[Guard, ...], leaks: bool) -> None:
    """Its own reach, the policy, and the rows asked for as the reader: any one of them is enough."""
    user, rightful = stranger(on_the_scene)
    with without(*gone):
        assert bool(checks.by_search(on_the_scene, user, rightful)) is leaks


def test_class_3_entry_of_another_case_is_noticed(on_the_scene: Scene, asking: Asking) -> None:
    """The page asks within the case of its address; the policy hides what is elsewhere as well."""
    for gone, leaks in (((guards.entries_without_their_case,), False), ((guards.entries_without_their_case, policies_off), True)):
        with without(*gone):
            assert bool(checks.of_other_cases(on_the_scene, asking, only="strike-event")) is leaks


def test_class_4_number_that_counts_others_is_noticed(on_the_scene: Scene) -> None:
    with without(guards.reach_of_the_database_open):
        leaks = checks.that_move([on_the_scene.force.other_sergeant], lambda: more_cases(on_the_scene), ["/cases/"])
    assert any("numbers on /cases/" in leak for leak in leaks)


def test_class_5_choice_that_is_not_checked_is_noticed(on_the_scene: Scene) -> None:
    force = on_the_scene.force
    address = reverse("allocate-case", args=[on_the_scene.cases["at hand"].reference])
    keys = [force.user("ANALYST").pk, 987_654_321]
    assert checks.of_choices(force.sergeant, address, {}, "officer", keys) == []
    with without(guards.choices_not_checked):
        assert checks.of_choices(force.sergeant, address, {}, "officer", keys) != []


def test_class_6_cursor_looked_up_past_the_policy_is_noticed(on_the_scene: Scene) -> None:
    user = on_the_scene.force.sergeant
    with without(policies_off):
        assert checks.of_cursors(on_the_scene, user) != []


def test_class_7_role_that_passes_by_is_noticed(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    for gone, leaks in (((guards.administrator_sees_all,), False), ((guards.administrator_sees_all, policies_off), True)):
        with without(*gone):
            assert bool(checks.opens(on_the_scene, administrator)) is leaks


def test_class_7_code_that_asks_for_a_superuser_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    written = ast.parse("def may(user):\n    return user.is_superuser or getattr(user, 'is_staff')\n")
    monkeypatch.setattr(sources, "product", lambda: {"cases/shortcut.py": written})
    assert len(test_roles_and_blanks.passing_by()) == 2


def test_class_8_blank_that_equals_a_blank_is_noticed(on_the_scene: Scene) -> None:
    with without(guards.signs_kept_as_words):
        assert checks.by_blanks(on_the_scene.force.sergeant) != []


def test_class_9_half_of_what_was_ticked_is_noticed(on_the_scene: Scene) -> None:
    ours, other = on_the_scene.cases["not yet allocated"], on_the_scene.cases["elsewhere"].reference
    with without(guards.ticks_of_others_dropped):
        assert checks.of_bulk(on_the_scene, on_the_scene.force.inspector, ours, [other]) != []


def test_class_10_export_that_holds_more_is_noticed(on_the_scene: Scene) -> None:
    user, rightful = stranger(on_the_scene)
    assert checks.in_exports(on_the_scene, user, rightful) == []
    with without(guards.reach_of_the_database_open):
        assert checks.in_exports(on_the_scene, user, rightful) != []
