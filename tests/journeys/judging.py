"""What every page is held to: nothing for axe to find and nothing cut off at either width, all in reach of the keyboard, fit for paper.

Pictures are for people to look at after a change. They take long, so they are made only if PAGE_PICTURES=1 asks for them, and are
then in var/screenshots/pages.
"""

import os

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

from kit.devservers import ROOT
from tests.journeys.hands import DESK

PICTURES = ROOT / "var" / "screenshots" / "pages"
SIZES: dict[str, ViewportSize] = {"desktop": DESK, "phone": {"width": 375, "height": 800}}
# Only what it found: what it looked at without finding anything is long, and slow to bring over.
RUN_AXE = "axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"


def judge(page: Page, name: str, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    take_picture(page, f"{name}-{size}")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    assert page.locator("h1").count() == 1
    # The style sheet was there, so what axe says means something.
    assert page.evaluate("getComputedStyle(document.querySelector('.rasso-marking')).backgroundColor") == "rgb(11, 12, 12)"
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], "the page is wider than the screen"
    results = AxeResults(page.evaluate(RUN_AXE))
    assert results.violations_count == 0, results.generate_report()


def take_picture(page: Page, name: str) -> None:
    if os.environ.get("PAGE_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


# Whatever can be used and seen; of radios that belong together the keyboard stops at one.
TO_BE_REACHED = """() => [...document.querySelectorAll(
  'a[href], button, select, textarea, summary, input:not([type=hidden]):not([type=radio])'
)].filter((one) => !one.disabled && one.checkVisibility({checkVisibilityCSS: true}) && !one.closest('dialog:not([open])'))"""


def judge_keyboard(page: Page) -> None:
    """Tab leads to everything that can be used, and nowhere that cannot be seen."""
    page.set_viewport_size(DESK)
    number = page.evaluate(f"({TO_BE_REACHED})().length")
    page.evaluate(
        """() => {
          window.met = new Set();
          window.unseen = [];
          document.addEventListener('focusin', ({target}) => {
            window.met.add(target);
            if (!target.getClientRects().length) window.unseen.push(target.outerHTML.slice(0, 200));
          });
        }"""
    )
    missed_now = f"({TO_BE_REACHED})().filter((one) => !window.met.has(one)).map((one) => one.outerHTML.slice(0, 200))"
    # With the stops that are nothing to use: wide tables, headings, the browser itself at the end of the page. Twice, because a browser
    # that has moved the place to begin from to somewhere on the page comes past the head only on its second way round.
    for _ in range(2):
        for _ in range(number + page.get_by_role("radio").count() + page.locator("[tabindex]").count() + 10):
            page.keyboard.press("Tab")
        missed = page.evaluate(missed_now)
        if not missed:
            break
    assert missed == [], "the keyboard does not reach these"
    assert page.evaluate("window.unseen") == [], "the keyboard is where nobody can see it"


# Which of these can be seen, asked of the browser once.
SHOWN = """(selectors) => selectors.filter((selector) => [...document.querySelectorAll(selector)].some((one) => {
  const {width, height} = one.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(one).visibility === 'visible';
}))"""


def judge_paper(page: Page) -> None:
    """On paper stand the marking, the reader and the time, and nothing to press."""
    page.emulate_media(media="print")
    assert page.locator(".rasso-print-header").is_visible()
    assert "OFFICIAL-SENSITIVE" in page.locator(".rasso-print-header").inner_text()
    assert page.evaluate(f"({SHOWN})", [".govuk-button", ".rasso-demonstration", ".govuk-skip-link", ".rasso-filter"]) == []
    page.emulate_media(media="screen")
