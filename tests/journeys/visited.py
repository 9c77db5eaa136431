"""One site for all tests that change little: its scene, and who has signed in there already."""

import time

from playwright.sync_api import Browser, StorageState

from people.models import User
from tests.journeys.hands import Reader
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

    def reader(self, browser: Browser, who: str, expected: tuple[int, ...]) -> Reader:
        if not who:
            return Reader(browser, self.site, expected=expected)
        if time.monotonic() - self.signed_in.get(who, -FRESH_FOR_SECONDS) >= FRESH_FOR_SECONDS:
            first = Reader(browser, self.site, self.user(who))
            first.sign_in()
            self.states[who] = first.context.storage_state()
            first.leave()
            self.signed_in[who] = time.monotonic()
        return Reader(browser, self.site, self.user(who), expected=expected, storage_state=self.states[who])

    def user(self, who: str) -> User:
        if who == "nobody":
            return self.scene.nobody
        return self.site.force.people[who] if who in self.site.force.people else getattr(self.site.force, who)  # type: ignore[no-any-return]
