"""Browsers that notice everything that goes wrong, and sites for them to visit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker

from people.models import User
from tests.journeys.hands import Reader
from tests.journeys.scene import make_scene
from tests.journeys.site import Site, let_everybody_sign_in, running_site
from tests.journeys.visited import Visited
from tests.worlds import building


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def site(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A site of the test's own, with everybody in it and no case."""
    with django_db_blocker.unblock(), running_site(tmp_path) as site:
        yield site


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Callable[..., Reader]]:
    """Somebody before a browser: `reader(site, force.sergeant)`. Whatever went wrong in any of them fails the test."""
    readers: list[Reader] = []

    def reader(site: Site, user: User | None = None, **options: Any) -> Reader:
        readers.append(Reader(chromium, site, user, **options))
        return readers[-1]

    yield reader
    for one in readers:
        one.leave()
    assert [trouble for one in readers for trouble in one.troubles] == []


@pytest.fixture(scope="session")
def visited(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Visited]:
    with django_db_blocker.unblock(), running_site(tmp_path_factory.mktemp("pages")) as site:
        with site.rows():
            scene = make_scene(site.force)
            with building():
                let_everybody_sign_in()
        yield Visited(site, scene)
