"""Nothing of the main job needs a script."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests.journeys.hands import Reader
from tests.journeys.site import PASSWORD, Site
from tests.worlds import MONDAY, at, set_clock


def test_a_case_is_logged_and_reviewed_without_script(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
    officer = reader(site, site.force.investigator, java_script_enabled=False)
    sign_in(officer)
    reference = log_a_case(officer.page)
    with site.rows():
        set_clock(at(MONDAY + timedelta(days=14), 9))
    sergeant = reader(site, site.force.sergeant, java_script_enabled=False)
    sign_in(sergeant)
    complete_its_review(sergeant.page, reference)
    officer.open("/home/")
    assert "A1: Ask the bar" in officer.text


def sign_in(reader: Reader) -> None:
    assert reader.user
    page = reader.open("/accounts/login/")
    page.get_by_label("User name").fill(reader.user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")


def log_a_case(page: Page) -> str:
    page.goto(page.url.replace("/home/", "/cases/log/"))
    # Buttons that only a script could obey are not offered.
    assert not page.get_by_role("button", name="Now").is_visible()
    page.get_by_label("Crime number").fill("INV/0001/26")
    for question in ("When was it reported?", "When was it recorded as a crime?"):
        fill_boxes(page, question, "2", "11", "2026", "09:00")
    choose(page, "When did it happen?", "On one date")
    fill_boxes(page, "Date it happened", "1", "11", "2026")
    page.get_by_label("How was it reported?").select_option("CALL")
    choose(page, "Where did it happen?", "Here")
    go_on(page, "**/cases/log/what/")
    page.get_by_label("Offence").select_option(index=1)
    page.get_by_label("Kind of place").select_option("HOTEL")
    choose(page, "Does V1 want an investigation?", "Not asked yet")
    choose(page, "Who is the suspect?", "Described")
    page.get_by_label("Description of S1").fill("Tall")
    page.get_by_label("How do V1 and S1 know each other?").select_option("STRANGER")
    go_on(page, "**/cases/log/safety/")
    choose(page, "Is V1 safe now?", "Yes")
    choose(page, "Is anyone in this case somebody who works here or is related to staff?", "No, or not known")
    go_on(page, "**/cases/log/check/")
    page.get_by_role("button", name="Log this case").press("Enter")
    page.wait_for_url("**/cases/log/done/")
    return page.locator("h1").inner_text().removeprefix("Logged: ")


def complete_its_review(page: Page, reference: str) -> None:
    page.goto(page.url.replace("/home/", "/reviews/"))
    row = page.get_by_role("listitem").filter(has_text=reference)
    row.get_by_role("button", name="Start review").press("Enter")
    page.wait_for_url("**/reviews/*-*/")
    for radio in page.get_by_role("radio", name="Does not apply").all():
        radio.check()
    page.get_by_label("In your own words").fill("The bar keeps its pictures for thirty days.")
    page.get_by_label("What must be done?").first.fill("Ask the bar")
    fill_boxes(page, "By when?", "20", "11", "2026")
    choose(page, "Result", "Satisfactory with directions")
    page.get_by_role("button", name="Complete review").press("Enter")
    page.wait_for_url("**/reviews/")


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill_boxes(page: Page, question: str, *parts: str) -> None:
    boxes = page.get_by_role("group", name=question).first.get_by_role("textbox")
    for number, part in enumerate(parts):
        boxes.nth(number).fill(part)


def go_on(page: Page, address: str) -> None:
    page.get_by_role("button", name="Continue").press("Enter")
    page.wait_for_url(address)
