"""Classes 7 and 8: no role passes by the table, and no blank equals another. Each guard: test_each_guard.py."""

import ast

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse

from cases.models import Case
from cases.tracker.states import ImportState
from people.models import User
from people.roles import Role
from tests.access.leaks import checks
from tests.access.scene import Scene
from tests.cases.trackers import lines, loaded, row
from tests.house.sources import nodes, place
from tests.worlds import building

# Names by which code elsewhere lets somebody pass by its rules.
PASSING_BY = {
    "is_superuser",
    "is_staff",
    "has_perm",
    "has_perms",
    "user_passes_test",
    "permission_required",
    "get_objects_for_user",
}

NAMING = (ast.Attribute, ast.Name, ast.Constant)


def passing_by() -> list[str]:
    names = (
        (path, node, getattr(node, "attr", getattr(node, "id", getattr(node, "value", None)))) for path, node in nodes(*NAMING)
    )
    return [f"{place(path, node)}: {name}" for path, node, name in names if isinstance(name, str) and name in PASSING_BY]


def test_no_code_of_ours_knows_a_superuser_or_staff() -> None:
    assert passing_by() == []
    assert not {field.name for field in User._meta.get_fields()} & PASSING_BY


def test_there_is_no_admin_site() -> None:
    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")


def test_roles_without_cases_open_and_find_none(on_the_scene: Scene) -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST, Role.INFORMATION_MANAGER, Role.REGISTRAR):
        user = on_the_scene.force.user(role)
        assert checks.opens(on_the_scene, user) == set(), user
        assert checks.by_search(on_the_scene, user, set()) == [], user


def test_blanks_find_nothing(on_the_scene: Scene) -> None:
    assert checks.by_blanks(on_the_scene.force.sergeant) == []


def test_rows_of_a_tracker_without_a_crime_number_are_not_the_same(on_the_scene: Scene) -> None:
    """Neither as each other nor as a case whose number is blank: each is refused for what is missing in it."""
    with building():
        Case.unguarded.filter(pk=on_the_scene.cases["elsewhere"].pk).update(crime_number="")
    run = loaded(on_the_scene.force.inspector, [row(""), row(" "), row("T/1/26")])
    (_, *first), (_, *second), (_, *third) = lines(run)
    assert first == second and first[0] == ImportState.REFUSED and "here already" not in first[1]
    assert third[0] == ImportState.LOADED
