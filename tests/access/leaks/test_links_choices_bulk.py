"""Classes 3, 5, 6 and 9: what hangs on another case, is chosen by its key, or is done to many at once. Each guard: test_each_guard.py."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from cases import operations
from kit.access import NotVisible
from people import session
from tests.access.asking import Asking
from tests.access.leaks import checks
from tests.access.scene import Scene
from tests.access.test_five_locks import actor_of

UNKNOWN = 987_654_321


@pytest.fixture(scope="module")
def asking(scene: Scene) -> Iterator[Asking]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield Asking(scene, [scene.force.investigator, scene.force.sergeant])


def test_nothing_of_another_case_opens_below_ones_own(scene: Scene, asking: Asking) -> None:
    assert checks.of_other_cases(scene, asking) == []


def test_people_who_were_not_offered_are_refused_alike(on_the_scene: Scene) -> None:
    """Allocation and logging: tests/access/test_foreign_choices.py; cover: tests/people/test_cover.py."""
    force = on_the_scene.force
    reference = on_the_scene.cases["at hand"].reference
    keys = [force.user("PROSECUTOR").pk, force.user("ANALYST").pk, UNKNOWN]
    action = {"what": "Trace the driver", "due_day": "30", "due_month": "11", "due_year": "2026"}
    forms: list[tuple[Any, str, dict[str, Any], str]] = [
        (force.sergeant, reverse("allocate-case", args=[reference]), {}, "officer"),
        (force.sergeant, reverse("give-action", args=[reference]), action, "owner"),
        (force.sergeant, reverse("add-officer", args=[reference]), {}, "person"),
        (force.sergeant, reverse("hand-over-all", args=[force.investigator.pk]), {}, "everybody"),
        (force.investigator, reverse("set-cover"), {"absent": str(force.investigator.pk)}, "covering"),
    ]
    assert [leak for form in forms for leak in checks.of_choices(*form, keys)] == []


def test_cursor_of_another_row_tells_nothing(on_the_scene: Scene) -> None:
    for user in (on_the_scene.force.sergeant, on_the_scene.force.inspector):
        assert checks.of_cursors(on_the_scene, user) == []


def test_cases_of_others_stop_the_whole_of_what_was_ticked(on_the_scene: Scene) -> None:
    others = [on_the_scene.cases[name].reference for name in ("elsewhere", "restricted")]
    ours = on_the_scene.cases["not yet allocated"]
    assert checks.of_bulk(on_the_scene, on_the_scene.force.inspector, ours, others) == []


def test_operation_on_many_does_none_where_one_is_not_the_actors(on_the_scene: Scene) -> None:
    """Below the form: whatever a page hands on."""
    force, ours = on_the_scene.force, on_the_scene.cases["not yet allocated"]
    for name in ("elsewhere", "restricted"):
        both = [ours, on_the_scene.cases[name]]
        handings = {case.pk: operations.Handing(force.investigator.pk, case.version) for case in both}
        with pytest.raises(NotVisible):
            operations.allocate_cases(both, actor=actor_of(force.inspector), to=handings)
    assert checks.officer_of(ours) is None
