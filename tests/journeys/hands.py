"""Somebody who reads in a browser and has a keyboard but no mouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, TimeoutError, ViewportSize

from people.models import User
from tests.journeys.site import PASSWORD, Site

MOST_STOPS = 80
DESK: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 10_000  # milliseconds
# What stands where the keyboard is: the name a person would use for it, and the question it belongs to.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return {name: '', field: ''};
  // Without “(needed now)”.
  const words = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll('.rasso-label-note').forEach((note) => note.remove());
    return copy.textContent.trim().replace(/\\s+/g, ' ');
  };
  const label = at.labels && at.labels.length ? at.labels[0] : null;
  const legend = at.closest('fieldset')?.querySelector('legend');
  const group = at.closest('[data-boxes]');
  const isField = at.matches('input:not([type=hidden]), select, textarea');
  return {
    name: at.getAttribute('aria-label') || words(label || at),
    question: legend ? words(legend) : '',
    field: isField ? location.pathname + ' ' + (group ? group.dataset.boxes : at.name) : '',
    visible: at.getClientRects().length > 0,
  };
}"""

# What the policy of the site keeps from running is a fault of the page.
TELLS_OF_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
  (event) => console.error('against the policy: ' + event.effectiveDirective))"""

TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
SENDS_NOTHING_MORE = """() => {
  window.fetch = () => new Promise(() => {});
  navigator.sendBeacon = () => false;
  HTMLFormElement.prototype.requestSubmit = () => {};
  HTMLFormElement.prototype.submit = () => {};
}"""


class Reader:
    """One person, one browser window. ``troubles`` holds what no reader may meet."""

    def __init__(
        self, browser: Browser, site: Site, user: User | None = None, *, expected: tuple[int, ...] = (), **options: Any
    ) -> None:
        self.site = site
        self.user = user
        self.expected = expected
        self.troubles: list[str] = []
        self.presses = 0
        self.fields: list[str] = []
        self.context = browser.new_context(**{"viewport": DESK, **options})
        self.context.add_init_script(TELLS_OF_VIOLATIONS)
        self.page = self.context.new_page()
        self.context.on("request", self._request)
        self.context.on("response", self._response)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))

    def leave(self) -> None:
        self.context.close()

    # What must not happen ----------------------------------------------------------------------------------------------

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.site.address).netloc:
            self.troubles.append(f"asked {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium repeats every answer above 400 here; those have been judged above.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.troubles.append(f"console: {message.text}")

    # Pages -------------------------------------------------------------------------------------------------------------

    def open(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def silence(self) -> None:
        """What this page would send by itself, a draft above all, must not reach the pages that are looked at after it."""
        self.page.evaluate(SENDS_NOTHING_MORE)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    # Keys --------------------------------------------------------------------------------------------------------------

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.presses += 1
            self.page.keyboard.press(key)

    def hold_tab(self, times: int) -> None:
        """As somebody who keeps the key down, and does not look where that leads."""
        line = self.context.new_cdp_session(self.page)
        for _ in range(times):
            line.send("Input.dispatchKeyEvent", TAB)
        line.detach()

    def type(self, text: str) -> None:
        for character in text:
            self.presses += 1
            self.page.keyboard.type(character)

    def focused(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        return found

    def tab_to(self, name: str) -> None:
        """Press Tab until the keyboard is at what is called so (by its label, its text or its question)."""
        met = []
        for _ in range(MOST_STOPS):
            met.append(self.tab())
            if name in met[-1]:
                return
        raise AssertionError(f"no “{name}” on {self.path}; Tab met {met}")

    def tab(self) -> tuple[str, str]:
        """Press Tab once; answers where that leads."""
        self.press("Tab")
        at = self.focused()
        if at["field"] and at["field"] not in self.fields:
            self.fields.append(at["field"])
        assert at["name"] == "" or at["visible"], f"the keyboard is at {at['name']}, which nobody can see"
        return at["name"], at.get("question", "")

    def skip_to(self, name: str, past: str = "Skip to main content") -> None:
        """To what is called so, past the head of the page by its skip link. Chromium goes past the head by itself when the page
        before was left from its content."""
        at = self.tab()
        if past in at:
            self.press("Enter")
        if name not in at:
            self.tab_to(name)

    @contextmanager
    def going(self) -> Iterator[None]:
        """What is done inside leads to another page."""
        at = f"{self.focused()['name']} on {self.path}"
        try:
            with self.page.expect_navigation(wait_until="load", timeout=PATIENCE):
                yield
        except TimeoutError:
            raise AssertionError(f"“{at}” led nowhere. The page says: {self.text}") from None

    def enter(self) -> None:
        """Enter, where it leads to another page."""
        with self.going():
            self.press("Enter")

    def sign_in(self) -> None:
        assert self.user is not None
        self.open("/accounts/login/")
        self.skip_to("User name")
        self.type(self.user.username)
        self.tab_to("Password")
        self.type(PASSWORD)
        self.enter()
        self.presses, self.fields = 0, []
