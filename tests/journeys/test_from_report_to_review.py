"""From the report to the review and back to the officer, by keyboard alone (screens.md 1 to 4)."""

from collections.abc import Callable

from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.worlds import MONDAY, at, set_clock

MOST_FIELDS = 20
MOST_PRESSES = 150


def test_a_case_is_logged_reviewed_and_acted_on(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
    officer = reader(site, site.force.investigator)
    officer.sign_in()
    reference = log_the_minimum_case(officer)
    print(f"{len(officer.fields)} fields, {officer.presses} key presses")
    assert len(officer.fields) <= MOST_FIELDS, officer.fields
    assert officer.presses <= MOST_PRESSES


def log_the_minimum_case(officer: Reader) -> str:
    officer.skip_to("Log a case")
    officer.enter()
    when(officer)
    what_and_who(officer)
    safety_and_people(officer)
    assert officer.path == "/cases/log/check/", officer.text
    officer.tab_to("Log this case")
    officer.enter()
    assert officer.path == "/cases/log/done/"
    heading = officer.page.locator("h1").inner_text()
    assert heading.startswith("Logged: JE-2026-")
    return heading.removeprefix("Logged: ")


def when(officer: Reader) -> None:
    officer.skip_to("Crime number")
    officer.type("INV/0042/26")
    officer.tab_to("Now")
    officer.press("Enter")
    officer.tab_to("Same time")
    officer.press("Enter")
    officer.tab_to("When did it happen?")
    officer.press("ArrowUp")  # the last answer: Not known
    officer.tab_to("How was it reported?")
    officer.type("i")  # In person
    officer.tab_to("Where did it happen?")
    officer.press("Space")  # the first answer: Here
    officer.enter()


def what_and_who(officer: Reader) -> None:
    officer.skip_to("Offence")
    officer.type("r")  # Rape
    officer.tab_to("Kind of place")
    officer.type("n")  # Not known yet
    officer.tab_to("Does V1 want an investigation?")
    officer.press("ArrowUp", times=2)  # Not asked yet
    officer.tab_to("Who is the suspect?")
    officer.press("ArrowUp")  # Not known
    officer.tab_to("How do V1 and S1 know each other?")
    officer.type("n")  # Not known yet
    officer.tab_to("Continue")
    officer.enter()


def safety_and_people(officer: Reader) -> None:
    officer.skip_to("Is V1 safe now?")
    officer.press("Space")  # Yes
    officer.tab_to("Is anyone in this case somebody who works here or is related to staff?")
    officer.press("Space")  # No, or not known
    officer.enter()
