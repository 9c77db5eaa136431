"""What every page is held to: nothing for axe to find and nothing cut off at either width, all in reach of the keyboard, fit for paper.

Pictures are for people to look at after a change. They take long, so they are made only if PAGE_PICTURES=1 asks for them, and are
then in var/screenshots/pages. What is asked of a page is asked in plain script and all at once: each locator of Playwright's would bring
a long script of its own into the page first.
"""

import os

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

from kit.devservers import ROOT
from tests.journeys.hands import DESK, Reader

PICTURES = ROOT / "var" / "screenshots" / "pages"
# At the desk last, where the keyboard and the paper are looked at too.
SIZES: dict[str, ViewportSize] = {"phone": {"width": 375, "height": 800}, "desktop": DESK}
# In every page from the start, but read only when it is called: half a megabyte is not sent again for each page.
BRINGS_AXE = f"window.bringAxe = () => {{ if (!window.axe) {{ {AXE_SCRIPT} }} }}"
# Only what it found: what it looked at without finding anything is long, and slow to bring over.
RUN_AXE = "bringAxe(); axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"
LOOK = """() => ({
  headings: document.querySelectorAll('h1').length,
  marking: getComputedStyle(document.querySelector('.rasso-marking')).backgroundColor,
  width: document.documentElement.scrollWidth,
})"""


def judge(page: Page, name: str, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    take_picture(page, f"{name}-{size}")
    seen = page.evaluate(LOOK)
    assert seen["headings"] == 1
    # The style sheet was there, so what axe says means something.
    assert seen["marking"] == "rgb(11, 12, 12)"
    assert seen["width"] <= SIZES[size]["width"], "the page is wider than the screen"
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
# Notes from now on where the keyboard was. Answers how many presses lead past everything: with the stops that are nothing to use, which
# are wide tables, headings, the browser itself at the end of the page.
WATCH = f"""() => {{
  window.met = new Set();
  window.unseen = [];
  document.addEventListener('focusin', ({{target}}) => {{
    window.met.add(target);
    if (!target.getClientRects().length) window.unseen.push(target.outerHTML.slice(0, 200));
  }});
  return ({TO_BE_REACHED})().length + document.querySelectorAll('[type=radio], [tabindex]').length + 10;
}}"""
MET = f"""() => ({{
  missed: ({TO_BE_REACHED})().filter((one) => !window.met.has(one)).map((one) => one.outerHTML.slice(0, 200)),
  unseen: window.unseen,
}})"""


def judge_keyboard(reader: Reader) -> None:
    """Tab leads to everything that can be used, and nowhere that cannot be seen."""
    presses = reader.page.evaluate(WATCH)
    # Twice, because a browser that has moved the place to begin from to somewhere on the page comes past the head only on its second
    # way round.
    for _ in range(2):
        reader.hold_tab(presses)
        met = reader.page.evaluate(MET)
        if not met["missed"]:
            break
    assert met["missed"] == [], "the keyboard does not reach these"
    assert met["unseen"] == [], "the keyboard is where nobody can see it"


# What the print header says where it can be seen, and which of the things to press can be seen.
ON_PAPER = """(toPress) => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => {
    const {width, height} = one.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(one).visibility === 'visible';
  });
  return {
    headers: shown('.rasso-print-header').map((header) => header.innerText),
    pressable: toPress.filter((selector) => shown(selector).length),
  };
}"""


def judge_paper(page: Page) -> None:
    """On paper stand the marking, the reader and the time, and nothing to press."""
    page.emulate_media(media="print")
    paper = page.evaluate(ON_PAPER, [".govuk-button", ".rasso-demonstration", ".govuk-skip-link", ".rasso-filter"])
    assert len(paper["headers"]) == 1
    assert "OFFICIAL-SENSITIVE" in paper["headers"][0]
    assert paper["pressable"] == []
    page.emulate_media(media="screen")
