"""The scene of the access tests (tests/access/scene.py), made once for each module here."""

from collections.abc import Iterator

import pytest

from tests.access.scene import Scene, make_scene, undone


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        yield make_scene()


@pytest.fixture
def on_the_scene(scene: Scene, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    """The scene for a test that changes it: taken back afterwards."""
    with undone():
        yield scene
