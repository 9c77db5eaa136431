"""One site for all tests that change little: its scene, and who has signed in there already."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, StorageState

from people.models import User
from tests.journeys.hands import Reader
from tests.journeys.judging import BRINGS_AXE
from tests.journeys.scene import Scene
from tests.journeys.site import Site

# Some pages ask for a proof of who one is that is younger than five minutes; whoever signed in before that does so again.
FRESH_FOR_SECONDS = 270


class Visited:
    def __init__(self, site: Site, scene: Scene) -> None:
        self.site = site
        self.scene = scene
        self.states: dict[str, StorageState] = {}
        self.signed_in: dict[str, float] = {}
        self.windows: dict[str, Reader] = {}

    def reader(self, browser: Browser, who: str, expected: tuple[int, ...]) -> Reader:
        """A new window, in which nothing of the site has been kept yet."""
        if not who:
            return Reader(browser, self.site, expected=expected)
        self.sign_in_when_due(browser, who)
        return Reader(browser, self.site, self.user(who), expected=expected, storage_state=self.states[who])

    @contextmanager
    def window(self, browser: Browser, who: str, expected: tuple[int, ...]) -> Iterator[Reader]:
        """The window that somebody has had open all along, with the site's files in it already; a new one for each page would be
        another process for the browser each time. After anything wrong it is closed, so that the next page begins afresh."""
        self.sign_in_when_due(browser, who)
        reader = self.windows.pop(who, None) or with_axe(self.reader(browser, who, ()))
        reader.expected = expected
        try:
            yield reader
            if who and reader.troubles == []:
                reader.page.unroute_all()
                reader.silence()
                self.windows[who] = reader
        finally:
            if reader is not self.windows.get(who):
                reader.leave()

    def sign_in_when_due(self, browser: Browser, who: str) -> None:
        """In a window of its own, which takes the place of the one that was open until now."""
        if not who or time.monotonic() - self.signed_in.get(who, -FRESH_FOR_SECONDS) < FRESH_FOR_SECONDS:
            return
        if who in self.windows:
            self.windows.pop(who).leave()
        reader = Reader(browser, self.site, self.user(who))
        reader.sign_in()
        assert reader.troubles == [], f"{who} cannot sign in: {reader.troubles}"
        self.states[who] = reader.context.storage_state()
        self.signed_in[who] = time.monotonic()
        self.windows[who] = with_axe(reader)

    def user(self, who: str) -> User:
        if who == "nobody":
            return self.scene.nobody
        return self.site.force.people[who] if who in self.site.force.people else getattr(self.site.force, who)  # type: ignore[no-any-return]


def with_axe(reader: Reader) -> Reader:
    reader.context.add_init_script(BRINGS_AXE)
    return reader
