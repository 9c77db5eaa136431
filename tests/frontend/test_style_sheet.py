"""Every component in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.frontend import style_sheet
from tests.frontend.conftest import render_style_sheet

pytestmark = pytest.mark.enable_socket

PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 800}}
FORMS = {"empty": style_sheet.EveryField, "wrong": style_sheet.filled_in_wrongly}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", FORMS)
def test_axe_finds_nothing(open_page: Callable[..., Page], size: str, form: str) -> None:
    page = open_page(render_style_sheet(FORMS[form]()), viewport=SIZES[size])
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"style-sheet-{form}-{size}.png", full_page=True)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("getComputedStyle(document.querySelector('.rasso-marking')).backgroundColor") == "rgb(11, 12, 12)"
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
