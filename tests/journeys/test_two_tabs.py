"""A page that stood open while its draft went away says so, and brings nothing back."""

from playwright.sync_api import Browser, expect

from tests.journeys.visited import Visited


def test_page_says_that_its_draft_is_gone(visited: Visited, chromium: Browser) -> None:
    reader = visited.reader(chromium, "other_investigator", (409,))
    page = reader.open("/cases/log/")
    page.get_by_label("Crime number").fill("INV/1/26")
    page.get_by_label("Crime number").blur()
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("Draft saved at")

    other = reader.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Discard it").click()
    expect(other.locator("main")).to_contain_text("The unfinished case was discarded.")

    page.get_by_label("Crime number").fill("INV/2/26")
    page.get_by_label("Crime number").blur()
    expect(status).to_have_text("This was finished or discarded elsewhere. What you type here is not kept any more.")
    other.goto(page.url)
    assert other.get_by_label("Crime number").input_value() == ""
    reader.leave()
    assert reader.troubles == []
