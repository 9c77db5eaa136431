"""From the report to the review and back to the officer, by keyboard alone (screens.md 1 to 4)."""

from collections.abc import Callable

from cases.enums import ReviewGroup
from people.models import User
from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.worlds import MONDAY, at, log_case, set_clock

MOST_FIELDS = 20
MOST_PRESSES = 150
DIRECTION = "See the second witness"


def test_a_case_is_logged_reviewed_and_acted_on(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        forgotten = log_case(site.force, by=site.force.other_investigator)
    officer = reader(site, site.force.investigator)
    officer.sign_in()
    reference = log_the_minimum_case(officer)
    assert len(officer.fields) <= MOST_FIELDS, officer.fields
    assert officer.presses <= MOST_PRESSES

    sergeant = reader(site, site.force.sergeant)
    sergeant.sign_in()
    let_14_days_pass(sergeant)
    start_review_of(reference, sergeant)
    give_a_direction_and_complete(sergeant)
    assert f"The 14-day review of {reference} is complete." in sergeant.text

    mark_the_action_done(officer, reference)

    assert "0 had nothing left to say" in site.manage("send_reminders", login="worker")
    assert_only_reminded_of(forgotten.reference, sergeant)
    assert "1 due" in sent_to(site.force.sergeant, site)
    assert forgotten.reference not in sent_to(site.force.sergeant, site)


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


def let_14_days_pass(person: Reader) -> None:
    person.tab_to("14 days")
    person.enter()
    assert "Moved 14 days to Monday 16 November 2026." in person.text


def start_review_of(reference: str, sergeant: Reader) -> None:
    sergeant.tab_to("Reviews")
    sergeant.enter()
    sergeant.tab_to("Skip to the list")
    sergeant.press("Enter")
    sergeant.tab_to(reference)
    sergeant.tab_to("Start review")
    sergeant.enter()
    assert sergeant.path.startswith("/reviews/")
    assert "This is the first review." in sergeant.text


def give_a_direction_and_complete(sergeant: Reader) -> None:
    sergeant.tab_to("Skip to your review")
    sergeant.press("Enter")
    for group in ReviewGroup:
        sergeant.tab_to(group.label)
        sergeant.press("Space")  # Satisfactory
    sergeant.tab_to("In your own words: what matters most in this case now?")
    sergeant.type("Find the second witness.")
    sergeant.tab_to("What must be done?")
    sergeant.type(DIRECTION)
    sergeant.tab_to("By when?")
    for box in ("20", "11", "2026"):
        sergeant.type(box)
        sergeant.press("Tab")
    sergeant.tab_to("Result")
    sergeant.press("Space")
    sergeant.press("ArrowDown")  # Satisfactory with directions
    sergeant.enter()
    assert sergeant.path == "/reviews/", sergeant.text


def mark_the_action_done(officer: Reader, reference: str) -> None:
    officer.tab_to("Your work")
    officer.enter()
    officer.skip_to(f"A1: {DIRECTION}")
    officer.enter()
    officer.skip_to("Mark as done")
    officer.enter()
    officer.skip_to("What was done?")
    officer.type("Seen her and taken her statement.")
    officer.tab_to("Where can the result be seen?")
    officer.type("Statement S/1")
    officer.tab_to("Mark as done")
    officer.enter()
    assert officer.path == f"/cases/{reference}/actions/1/"
    assert "A1 is done." in officer.text


def assert_only_reminded_of(reference: str, sergeant: Reader) -> None:
    sergeant.tab_to("Your work")
    sergeant.enter()
    lines = sergeant.page.locator("section[aria-labelledby=reviews] li")
    assert lines.count() == 1
    assert reference in lines.inner_text()
    assert "Due today" in lines.inner_text()


def sent_to(person: User, site: Site) -> str:
    """Everything that went to them: the message of the day, and one for each escalation."""
    return "\n".join(text for text in (path.read_text() for path in site.mail.iterdir()) if f"To: {person.email}" in text)
