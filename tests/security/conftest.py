"""The scene of the access tests, for tests that change it; and one walk over the whole site, from which most tests here read."""

from collections.abc import Iterator

import pytest

from tests.access.scene import Scene, make_scene, undone
from tests.security.walk import Walk, walk_over


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        yield make_scene()


@pytest.fixture(scope="session")
def walk(django_db_setup: None, django_db_blocker) -> Walk:  # type: ignore[no-untyped-def]
    """Once for the whole session: its tests stand in one group, so that one worker makes it."""
    with django_db_blocker.unblock(), undone():
        return walk_over(make_scene())
