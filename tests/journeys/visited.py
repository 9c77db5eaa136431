"""One site for all tests that change little: its scene, and who has signed in there already."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, StorageState

from people.models import User
from tests.journeys.hands import DESK, Reader
from tests.journeys.scene import Scene
from tests.journeys.site import Site

# Some pages ask for a proof of who one is that is younger than five minutes; whoever signed in before that does so again.
FRESH_FOR_SECONDS = 200


class Visited:
    def __init__(self, site: Site, scene: Scene) -> None:
        self.site = site
        self.scene = scene
        self.states: dict[str, StorageState] = {}
        self.signed_in: dict[str, float] = {}
        self.windows: dict[str, Reader] = {}

    def reader(self, browser: Browser, who: str, expected: tuple[int, ...]) -> Reader:
        if not who:
            return Reader(browser, self.site, expected=expected)
        if not self.is_signed_in(who):
            first = Reader(browser, self.site, self.user(who))
            first.sign_in()
            self.states[who] = first.context.storage_state()
            first.leave()
            self.signed_in[who] = time.monotonic()
        return Reader(browser, self.site, self.user(who), expected=expected, storage_state=self.states[who])

    @contextmanager
    def window(self, browser: Browser, who: str, expected: tuple[int, ...]) -> Iterator[Reader]:
        """The window that somebody has had open all along, with the site's files in it already; a new one for each page would be
        another process for the browser each time. After anything wrong it is closed, so that the next page begins afresh."""
        reader = self.windows.pop(who, None)
        if reader and not self.is_signed_in(who):
            reader.leave()
            reader = None
        reader = reader or self.reader(browser, who, expected)
        reader.expected = expected
        kept = False
        try:
            yield reader
            if who and reader.troubles == []:
                reader.page.unroute_all()
                reader.silence()
                reader.page.set_viewport_size(DESK)
                self.windows[who] = reader
                kept = True
        finally:
            if not kept:
                reader.leave()

    def is_signed_in(self, who: str) -> bool:
        return time.monotonic() - self.signed_in.get(who, -FRESH_FOR_SECONDS) < FRESH_FOR_SECONDS

    def user(self, who: str) -> User:
        if who == "nobody":
            return self.scene.nobody
        return self.site.force.people[who] if who in self.site.force.people else getattr(self.site.force, who)  # type: ignore[no-any-return]
