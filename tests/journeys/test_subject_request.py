"""A subject request from opening to bundle, in the hands of the information manager."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from cases.models import Case
from cases.operations import record_event
from people.models import AccessRecord
from people.roles import Role
from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

OF_BOTH = "V1 says that Suspect-Name waited for her after work."
OF_HER = "V1 prefers to be rung in the evening."
OF_NOBODY = "The laboratory is closed on Fridays."


def test_a_request_goes_from_opening_to_bundle(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        case = with_entries(site)
    manager = reader(site, site.force.user(Role.INFORMATION_MANAGER))
    manager.sign_in()
    page = manager.page
    open_request(manager)
    find_her_records(page, case)
    decide(page)
    name, rows = hand_over(page)
    assert name.startswith("request-1-2026-11-")
    said = [row[-1] for row in rows]
    assert OF_HER in said
    assert OF_BOTH.replace("Suspect-Name", "█████") in said
    assert OF_NOBODY not in said
    assert "Sent" in manager.text
    with site.rows(), building():
        kinds = set(AccessRecord.objects.filter(user_id=manager.user.pk).values_list("kind", flat=True))  # type: ignore[union-attr]
    assert {"SEARCHED", "LOOKED_AT", "PRINTED", "EXPORTED", "SHARED"} <= kinds


def with_entries(site: Site) -> Case:
    case = log_case(site.force)
    for text in (OF_BOTH, OF_HER, OF_NOBODY):
        record_event(case, actor=actor(site.force.investigator), kind="NOTE", at=case.recorded_at, text=text)
    return case


def go(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button, exact=True).first.click()


def open_request(manager: Reader) -> None:
    """By keyboard alone."""
    manager.tab_to("Information")
    manager.enter()
    manager.tab_to("Open a subject request")
    manager.enter()
    yesterday = MONDAY - timedelta(days=1)
    manager.skip_to("Day")
    for part in (yesterday.day, yesterday.month, yesterday.year):
        manager.type(str(part))
        manager.press("Tab")
    manager.press("Space")  # Letter
    manager.tab_to("Who asks?")
    manager.type("Invented Victim-Name")
    manager.tab_to("Where does the answer go?")
    manager.type("1 Nowhere Lane")
    manager.tab_to("Have they shown who they are?")
    manager.press("ArrowDown")  # a document
    manager.tab_to("Open the request")
    manager.enter()
    assert "To be answered by" in manager.text
    assert "29 November 2026" in manager.text


def find_her_records(page: Page, case: Case) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Look for their records").click()
    page.get_by_label("Name or part of a name").fill("victim-name")
    go(page, "Search")
    # Nothing of what was searched for stands in the address.
    assert page.url.endswith("/search/")
    assert f"V1 in {case.reference}" in page.locator("main").inner_text()
    go(page, "This is theirs")
    with page.expect_navigation():
        page.get_by_role("button", name="Begin to decide").click()
    go(page, "Begin to decide")


def decide(page: Page) -> None:
    """What is hers alone is given at once, the rest one by one."""
    assert OF_NOBODY not in page.locator("main").inner_text()
    go(page, "I have read these: give all that is not decided")
    with page.expect_navigation():
        page.locator("section[aria-labelledby=apart] .rasso-row a").first.click()
    page.get_by_label("Give it with the other people blacked out").check()
    go(page, "Save and go on")
    assert "Every item is decided" in page.locator("main").inner_text()


def hand_over(page: Page) -> tuple[str, list[list[str]]]:
    with page.expect_navigation():
        page.get_by_role("button", name="Hand the bundle over").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Save the bundle as a file (CSV)").click()
    rows = list(csv.reader(io.StringIO(coming.value.path().read_text(encoding="utf-8-sig"))))
    with page.expect_navigation():
        page.get_by_role("link", name="Open the bundle for printing").click()
    assert "Suspect-Name" not in page.locator("main").inner_text()
    page.go_back()
    page.get_by_label("Collected in person").check()
    page.get_by_label("The Detective Superintendent has answered").check()
    go(page, "Write down that it was handed over")
    return coming.value.suggested_filename, rows
