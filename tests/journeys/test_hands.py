"""A browser test that notices nothing proves nothing."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.visited import Visited

WRONG = {
    "a file that is not there": ("fetch('/nowhere/')", "404 "),
    "a form that is refused": ("fetch('/accounts/login/', {method: 'POST'})", "403 "),
    "another host": ("fetch('https://elsewhere.invalid/').catch(() => 0)", "elsewhere.invalid"),
    "a style within the page": ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
    "markup made of text": ("try { document.body.innerHTML = '<p>' } catch {}", "TrustedHTML"),
    "a way around it": (
        "try { trustedTypes.createPolicy('way', {createHTML: (text) => text}) } catch {}",
        "against the policy: trusted-types",
    ),
    "an error of a script": ("setTimeout(() => { throw new Error('broken') })", "broken"),
    "a complaint in the console": ("console.warn('odd')", "odd"),
}


@pytest.mark.parametrize("what", WRONG)
def test_notices(visited: Visited, chromium: Browser, what: str) -> None:
    script, sign = WRONG[what]
    reader = visited.reader(chromium, "", ())
    reader.open("/accounts/login/")
    assert reader.troubles == []
    reader.page.evaluate(f"() => {{ {script} }}")
    reader.page.wait_for_timeout(300)
    reader.leave()
    assert any(sign in trouble for trouble in reader.troubles), reader.troubles
