"""Two months of one case on the movable clock: what the victim was told turns out to be an error, an action needs more time, and a
review that repeats the last one is asked once more."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from cases.enums import ReviewGroup
from cases.models import Review
from people.models import User
from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.worlds import MONDAY, at, building, log_case, set_clock


def test_two_months_of_a_case(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        reference = log_case(site.force).reference
    case = f"/cases/{reference}/"
    officer = signed_in(reader, site, site.force.investigator)
    sergeant = signed_in(reader, site, site.force.sergeant, 409)
    inspector = signed_in(reader, site, site.force.inspector)

    arrest_and_tell(officer, case)
    move_14_days(officer)
    review_with_a_direction(sergeant, review_of(site, reference, 1), by=MONDAY + timedelta(days=18))
    more_time_is_asked_for_and_agreed(officer, sergeant, case)
    told_in_error(officer, case)
    done_and_verified(officer, sergeant, case)

    move_14_days(officer)
    satisfactory(inspector, review_of(site, reference, 2), "Everything moves.")
    expect(inspector.page.locator("main")).to_contain_text(f"The 28-day review of {reference} is complete.")
    move_14_days(officer)
    move_14_days(officer)
    the_same_again(sergeant, review_of(site, reference, 3))
    why_the_dates_are_these(officer, case)


def arrest_and_tell(officer: Reader, case: str) -> None:
    add_entry(officer, case, "Suspect arrested", "At home, without incident.")
    assert "Tell V1 about the arrest" in officer.text
    told(officer, case, "Rang at six, as agreed.")
    officer.open(f"{case}dates/")
    assert "Suspect arrested" in officer.text


def told(officer: Reader, case: str, words: str) -> None:
    officer.open(f"{case}chronology/add/?kind=VICTIM_TOLD")
    officer.page.get_by_role("group", name="What was V1 told about?").get_by_role("checkbox").first.check()
    finish_entry(officer, words)


def add_entry(officer: Reader, case: str, kind: str, words: str) -> None:
    officer.open(f"{case}chronology/add/")
    officer.page.get_by_label("What happened?").select_option(label=kind)
    finish_entry(officer, words)


def finish_entry(officer: Reader, words: str) -> None:
    officer.page.get_by_role("button", name="Now").click()
    officer.page.get_by_label("What was done or learned?").fill(words)
    press(officer.page, "Add an entry")
    assert "Added" in officer.text


def review_with_a_direction(sergeant: Reader, address: str, *, by: date) -> None:
    page = sergeant.page
    sergeant.open(address)
    answers(page, "Find the second witness.")
    page.get_by_label("What must be done?").first.fill("See the second witness")
    fill_date(page, "By when?", by)
    page.get_by_role("group", name="Result").get_by_label("Satisfactory with directions").check()
    press(page, "Complete review")


def more_time_is_asked_for_and_agreed(officer: Reader, sergeant: Reader, case: str) -> None:
    officer.open(f"{case}actions/1/more-time/")
    fill_date(officer.page, "Until when?", MONDAY + timedelta(days=25))
    officer.page.get_by_label("Why is more time needed?").fill("The witness is away.")
    press(officer.page, "Ask for more time")
    sergeant.open(f"{case}actions/1/more-time/answer/")
    sergeant.page.get_by_label("Agree to 27 November 2026").check()
    press(sergeant.page, "Answer")
    officer.open(f"{case}actions/1/")
    assert "Due Friday 27 November" in officer.text
    assert "The witness is away." in officer.text


def told_in_error(officer: Reader, case: str) -> None:
    """The entry is struck out, and its time limit runs again with the date it had."""
    officer.open(f"{case}chronology/")
    officer.page.get_by_role("link", name=re.compile("Entered in error.*V1 told")).click()
    assert "Tell V1 about the arrest" in officer.text and "3 November" in officer.text
    officer.page.get_by_label("Why is this entry wrong?").fill("It was another case.")
    press(officer.page, "Strike out this entry")
    officer.open(case)
    due = officer.page.locator("section[aria-labelledby=due]")
    expect(due).to_contain_text("13 days late, was due Tuesday 3 November")
    expect(due).to_contain_text("Tell V1 about the arrest")
    told(officer, case, "Rang now, and said why so late.")
    officer.open(f"{case}dates/")
    assert "It was met on 16 November 2026" in officer.text


def done_and_verified(officer: Reader, sergeant: Reader, case: str) -> None:
    officer.open(f"{case}actions/1/done/")
    officer.page.get_by_label("What was done?").fill("Seen her, statement taken.")
    officer.page.get_by_label("Where can the result be seen?").fill("Statement S/3")
    press(officer.page, "Mark as done")
    sergeant.open(f"{case}actions/1/verify/")
    sergeant.page.get_by_label("Done, and the evidence shows it").check()
    sergeant.page.get_by_label("What did you look at, and what did you find?").fill("Read S/3: complete.")
    press(sergeant.page, "Record this")
    officer.open(f"{case}actions/")
    assert "Verified (1)" in officer.text


def satisfactory(reviewer: Reader, address: str, words: str) -> None:
    reviewer.open(address)
    answers(reviewer.page, words, without=ReviewGroup.BAIL)
    reviewer.page.get_by_role("group", name="Result").get_by_label("Satisfactory", exact=True).check()
    press(reviewer.page, "Complete review")


def the_same_again(sergeant: Reader, address: str) -> None:
    satisfactory(sergeant, address, "Still everything moves.")
    expect(sergeant.page.locator(".govuk-error-summary")).to_contain_text("Your answers are the same as on 30 November 2026.")
    assert sergeant.page.get_by_label("In your own words").input_value() == "Still everything moves."
    press(sergeant.page, "Complete review")
    assert sergeant.path == "/reviews/"
    sergeant.open(address)
    assert "ame answers as last time" in sergeant.text


def why_the_dates_are_these(officer: Reader, case: str) -> None:
    officer.open(f"{case}reviews/")
    assert "14-day review" in officer.text and "Monthly review" in officer.text
    officer.open(f"{case}dates/")
    for sentence in ("Counted from 2 November 2026", "56 days after that", "The witness is away."):
        assert sentence in officer.text, officer.text


# Hands -----------------------------------------------------------------------------------------------------------------


def signed_in(reader: Callable[..., Reader], site: Site, user: User, *expected: int) -> Reader:
    one = reader(site, user, expected=expected)
    one.sign_in()
    return one


def review_of(site: Site, reference: str, number: int) -> str:
    with site.rows(), building():
        return f"/reviews/{Review.unguarded.get(case__reference=reference, number=number).pk}/"


def move_14_days(person: Reader) -> None:
    person.open("/home/")
    press(person.page, "14 days")


def answers(page: Page, words: str, without: str = "") -> None:
    # Groups in which nothing changed are closed, and must be answered all the same.
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    for group in ReviewGroup:
        label = "Does not apply" if group == without else "Satisfactory"
        page.get_by_role("group", name=group.label).get_by_label(label).first.check()
    page.get_by_label("In your own words: what matters most in this case now?").fill(words)


def fill_date(page: Page, question: str, day: date) -> None:
    group = page.get_by_role("group", name=question).first
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(number))


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()
