"""What the scripts add, in a real browser, under a policy stricter than the site's; and that nothing is lost without them."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

from tests.frontend import style_sheet
from tests.frontend.conftest import Site, render_style_sheet

pytestmark = pytest.mark.enable_socket

OpenPage = Callable[..., Page]


def typed(page: Page, field: str) -> list[str]:
    return [page.locator(f"#id_{field}_{box}").input_value() for box in ("day", "month", "year", "time")]


def test_now_is_the_clock_of_the_page_not_of_the_reader(open_page: OpenPage) -> None:
    page = open_page(
        render_style_sheet(style_sheet.EveryField(), now=datetime(2026, 7, 3, 13, 5, 59, tzinfo=UTC)),
        timezone_id="Asia/Tokyo",
    )
    page.clock.install(time=datetime(2031, 1, 1, tzinfo=UTC))
    page.reload()
    page.locator("[data-boxes=reported] >> text=Now").click()
    assert typed(page, "reported") == ["3", "7", "2026", "14:05"]
    page.clock.fast_forward(61_000)
    page.locator("[data-boxes=reported] >> text=Now").click()
    assert typed(page, "reported") == ["3", "7", "2026", "14:07"]


def test_same_time_copies_the_other_boxes(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    for box, text in zip(("day", "month", "year", "time"), ("9", "x", "", "9:30"), strict=True):
        page.fill(f"#id_reported_{box}", text)
    page.locator("text=Same time").click()
    assert typed(page, "recorded") == ["9", "x", "", "9:30"]


def test_a_chosen_radio_shows_its_field(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    expect(page.locator("#id_force")).to_be_hidden()
    page.check("#id_place_1")
    expect(page.locator("#id_force")).to_be_visible()
    page.check("#id_place_2")
    expect(page.locator("#id_force")).to_be_hidden()
    page.check("#id_flags_1")
    expect(page.locator("#id_staff")).to_be_visible()


def test_errors_take_the_focus_and_lead_to_their_box(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.filled_in_wrongly(), messages=[]))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title() == "Error: Style sheet - RASSO"
    page.click("text=01:30 did not happen")
    expect(page.locator("#id_reported_time")).to_be_focused()


def test_the_skip_link_comes_first_and_works(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField(), messages=[]))
    page.keyboard.press("Tab")
    expect(page.locator("text=Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_without_scripts_everything_is_there_and_no_dead_button(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()), java_script_enabled=False)
    expect(page.locator("#id_force")).to_be_visible()
    expect(page.locator("#id_staff")).to_be_visible()
    expect(page.locator("text=Same time")).to_be_hidden()
    expect(page.locator("text=Your work").first).to_be_visible()
    expect(page.locator("#session-notice")).to_be_hidden()


# Drafts --------------------------------------------------------------------------------------------------------------


def test_a_draft_is_sent_after_ten_seconds_and_only_if_something_changed(open_page: OpenPage, site: Site) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    page.clock.install()
    page.reload()
    page.clock.run_for(10_500)
    assert site.posts == []
    page.locator("#id_account").press_sequentially("She")
    with page.expect_response("**/draft"):
        page.clock.run_for(10_500)
    ((path, body),) = site.posts
    assert path == "/draft"
    assert parse_qs(body)["account"] == ["She"]
    assert parse_qs(body)["version"] == ["7"]
    expect(page.locator("[data-autosave-status]")).to_have_text("Draft saved at 14:05")
    page.clock.run_for(30_000)
    assert len(site.posts) == 1


def test_a_draft_is_sent_when_a_field_is_left(open_page: OpenPage, site: Site) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    page.fill("#id_account", "She")
    with page.expect_response("**/draft"):
        page.keyboard.press("Tab")
    ((_, body),) = site.posts
    assert parse_qs(body)["sending"] == ["1"]


def test_a_form_counts_on_from_its_drafts(open_page: OpenPage, site: Site) -> None:
    site.pages["/"] = "<title>Logged</title>"
    page = open_page(render_style_sheet(style_sheet.EveryField()), path="/log")
    page.evaluate("document.querySelector('form[data-autosave-url]').action = '/log'")
    page.fill("#id_account", "She")
    with page.expect_response("**/draft"):
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-autosave-url]').requestSubmit()")
    (_, draft), (_, whole) = [(path, parse_qs(body)) for path, body in site.posts]
    assert (draft["sending"], whole["sending"]) == (["1"], ["2"])
    assert draft["showing"] == whole["showing"]


def test_a_draft_is_not_sent_after_the_form_itself(open_page: OpenPage, site: Site) -> None:
    site.pages["/"] = "<title>Logged</title>"
    page = open_page(render_style_sheet(style_sheet.EveryField()), path="/log")
    page.evaluate("document.querySelector('form[data-autosave-url]').action = '/log'")
    page.evaluate("document.getElementById('id_account').value = 'She'")
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-autosave-url]').requestSubmit()")
    assert [path for path, _ in site.posts] == ["/log"]


def test_a_draft_that_did_not_arrive_is_said_and_tried_again(frontend_page: Page, site: Site) -> None:
    del site.pages["/draft"]
    site.pages["/"] = render_style_sheet(style_sheet.EveryField())
    frontend_page.clock.install()
    frontend_page.goto(site.address)
    frontend_page.fill("#id_account", "She")
    with frontend_page.expect_response("**/draft"):
        frontend_page.keyboard.press("Tab")
    expect(frontend_page.locator("[data-autosave-status]")).to_contain_text("Your draft is not saved")
    site.pages["/draft"] = "{}"
    with frontend_page.expect_response("**/draft"):
        frontend_page.clock.run_for(10_500)
    expect(frontend_page.locator("[data-autosave-status]")).to_contain_text("Draft saved")


# End of session ------------------------------------------------------------------------------------------------------


def test_the_notice_comes_two_minutes_before_the_end_and_can_be_answered(open_page: OpenPage, site: Site) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    page.clock.install()
    page.reload()
    notice = page.locator("#session-notice")
    page.clock.run_for(779_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(2_000)
    expect(notice).to_be_visible()
    expect(page.locator("text=Stay signed in")).to_be_focused()
    with page.expect_response("**/stay"):
        page.keyboard.press("Enter")
    expect(notice).to_be_hidden()
    assert site.posts == [("/stay", "csrfmiddlewaretoken=token-of-the-test")]
    page.clock.run_for(779_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(2_000)
    expect(notice).to_be_visible()


def test_staying_signed_in_in_one_tab_quietens_the_other(open_page: OpenPage, site: Site) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    page.clock.install()
    page.reload()
    page.clock.run_for(781_000)
    expect(page.locator("#session-notice")).to_be_visible()
    page.context.new_page().goto(site.address)
    expect(page.locator("#session-notice")).to_be_hidden()


def test_a_saved_draft_counts_as_being_here(open_page: OpenPage) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()))
    page.clock.install()
    page.reload()
    page.clock.run_for(600_000)
    page.fill("#id_account", "She")
    with page.expect_response("**/draft"):
        page.keyboard.press("Tab")
    page.clock.run_for(600_000)
    expect(page.locator("#session-notice")).to_be_hidden()


def test_at_the_end_the_same_address_is_asked_for_again(open_page: OpenPage, site: Site) -> None:
    page = open_page(render_style_sheet(style_sheet.EveryField()), path="/cases/?after=7")
    page.clock.install()
    page.reload()
    site.pages["/cases/?after=7"] = "<title>Sign in</title><h1>Sign in</h1>"
    page.clock.run_for(901_000)
    expect(page.locator("h1")).to_have_text("Sign in")
