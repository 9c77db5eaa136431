"""On paper: marking, reader, date and time on every page."""

import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.frontend import style_sheet
from tests.frontend.conftest import render_style_sheet

pytestmark = pytest.mark.enable_socket

LETTERS = re.compile(rb"<[0-9A-F]+> Tj|\[[^\]]*\] TJ")


def letters_of_pages(pdf: bytes) -> list[list[bytes]]:
    """The drawing of letters on each page, as the browser wrote it: the same words look the same on every page."""
    streams = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        if letters := LETTERS.findall(content):
            streams.append(letters)
    return streams


def test_every_page_of_paper_is_headed(open_page: Callable[..., Page]) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    pages = letters_of_pages(page.pdf(format="A4"))
    assert len(pages) > 3
    head = pages[0][:2]
    assert all(letters[:2] == head for letters in pages)
    page.evaluate("document.querySelector('.rasso-print-header').remove()")
    assert not any(letters[:2] == head for letters in letters_of_pages(page.pdf(format="A4")))


def test_the_head_of_paper_says_who_and_when_and_is_not_on_the_screen(open_page: Callable[..., Page]) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField(), now=datetime(2026, 7, 1, 23, 58, tzinfo=UTC)))
    head = page.locator(".rasso-print-header")
    expect(head).to_be_hidden()
    page.emulate_media(media="print")
    expect(head).to_contain_text("OFFICIAL-SENSITIVE RASSO case management, printed by DS Test Reader on 2 July 2026 at 00:58")
    expect(page.locator(".govuk-template__header")).to_be_hidden()
    expect(page.locator("text=Start review").first).to_be_hidden()


def test_the_time_is_that_of_printing(open_page: Callable[..., Page]) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField(), now=datetime(2026, 7, 1, 22, 58, tzinfo=UTC)))
    page.clock.install()
    page.reload()
    page.clock.fast_forward(5 * 60_000)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-time-of-print]")).to_have_text("2 July 2026 at 00:03")
