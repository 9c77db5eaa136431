"""One scene for all tests of a module, in a transaction that is never committed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.scene import Scene, make_scene, undone

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        yield make_scene()


@pytest.fixture
def on_the_scene(scene: Scene, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    """The scene for a test that changes it: taken back afterwards."""
    with undone():
        yield scene


# Too long for one worker.
SPREAD = {"test_matrix.py", "test_lists.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests share its scene, so one worker runs them all; except where the scene is the least of the work."""
    for item in items:
        if item.path.parent == HERE and item.path.name not in SPREAD and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
