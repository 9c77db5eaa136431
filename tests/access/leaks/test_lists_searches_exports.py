"""Classes 1, 2, 4 and 10: what is listed, found, counted and exported is what opens. Each guard: test_each_guard.py."""

import pytest

from tests.access.leaks import checks
from tests.access.scene import TODAY, Scene, savepoint
from tests.worlds import MONDAY, NOBODY, at, log_case, set_clock


@pytest.fixture(scope="module")
def rightful(scene: Scene) -> dict[int, set[str]]:
    return {user.pk: checks.opens(scene, user) for user in checks.some(scene)}


def test_somebody_opens_something_and_nobody_everything(scene: Scene, rightful: dict[int, set[str]]) -> None:
    """Else nothing below would prove anything."""
    assert {0, 1} <= {len(cases) for cases in rightful.values()}
    assert max(len(cases) for cases in rightful.values()) < len(scene.cases)


def test_lists_hold_nothing_that_does_not_open(on_the_scene: Scene, rightful: dict[int, set[str]]) -> None:
    """Each row of the cases and of the queue, for everybody, is in tests/access/test_lists.py."""
    force = on_the_scene.force
    readers = (force.sergeant, force.superintendent)
    assert [leak for user in readers for leak in checks.on_lists(on_the_scene, user, rightful[user.pk])] == []


def test_search_finds_exactly_what_opens(on_the_scene: Scene, rightful: dict[int, set[str]]) -> None:
    for user in checks.some(on_the_scene):
        assert checks.by_search(on_the_scene, user, rightful[user.pk]) == []
        for words in checks.SEARCHED if rightful[user.pk] else ():
            shown = set(checks.REFERENCE.findall(checks.found(checks.browser(user), words)))
            assert shown == rightful[user.pk], (user, words)


def test_exports_hold_what_their_lists_hold(on_the_scene: Scene, rightful: dict[int, set[str]]) -> None:
    assert [leak for user in checks.some(on_the_scene) for leak in checks.in_exports(on_the_scene, user, rightful[user.pk])] == []


def test_no_number_moves_for_what_the_reader_does_not_see(on_the_scene: Scene) -> None:
    """A case elsewhere, and a restricted one of the reader's own unit on which they are not named, both late by the time they are read."""
    force = on_the_scene.force
    assert checks.that_move([force.inspector], lambda: more_cases(on_the_scene)) == []


def more_cases(scene: Scene) -> None:
    """Made two weeks ago by the clock of the domain. That of the officer elsewhere would rightly be counted among what they carry, where
    somebody chooses whom to give a case to (rasso.caseloads); so it has none."""
    force, elsewhere = scene.force, scene.cases["elsewhere"]
    set_clock(at(MONDAY, 11))
    with savepoint():
        log_case(force, by=elsewhere.logged_by, officer=NOBODY, supervisor=elsewhere.supervisor, unit_id=elsewhere.unit_id)
        log_case(force, supervisor=force.sergeant, has_connected_staff=True, connected_user_ids=(force.user("ANALYST").pk,))
    set_clock(at(TODAY))
