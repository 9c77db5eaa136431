"""Two people on one thing, and one person whose session ends: nothing is written over, nothing typed is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from cases import operations
from cases.enums import GrantBasis, ReviewGroup
from cases.models import Review
from people.models import OpenSession, User
from tests.journeys.hands import Reader
from tests.journeys.site import PASSWORD, Site
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock


def signed_in(reader: Callable[..., Reader], site: Site, user: User, *expected: int) -> Reader:
    one = reader(site, user, expected=expected)
    one.sign_in()
    return one


def case_of_two(site: Site) -> str:
    """A case that two investigators work on."""
    with site.rows():
        set_clock(at(MONDAY, 10))
        case = log_case(site.force)
        operations.add_officer(
            case, actor=actor(site.force.sergeant), user_id=site.force.other_investigator.pk, basis=GrantBasis.SECOND
        )
    return case.reference


def test_two_officers_change_one_suspect_and_the_second_chooses(site: Site, reader: Callable[..., Reader]) -> None:
    address = f"/cases/{case_of_two(site)}/suspects/1/"
    first = signed_in(reader, site, site.force.investigator)
    second = signed_in(reader, site, site.force.other_investigator, 409, 422)
    first.open(address)
    second.open(address)

    first.page.get_by_label("Name", exact=True).fill("Invented First-Name")
    first.page.get_by_label("Description").fill("Drives a green van.")
    press(first.page, "Save")
    second.page.get_by_label("Description").fill("Has a dog that limps.")
    press(second.page, "Save")

    main = second.page.locator("main")
    expect(main).to_contain_text("This was changed at")
    expect(main).to_contain_text(f"by {site.force.investigator.called}. Yours is kept below.")
    expect(main).to_contain_text("Drives a green van.")
    expect(main).to_contain_text("Has a dog that limps.")
    press(second.page, "Save what I chose")
    expect(second.page.locator(".govuk-error-summary")).to_contain_text("Choose whose text to keep: Description")
    second.page.get_by_label("Keep theirs: Name").check()
    second.page.get_by_label("Keep mine: Description").check()
    press(second.page, "Save what I chose")

    second.open(address)
    assert second.page.get_by_label("Name", exact=True).input_value() == "Invented First-Name"
    assert second.page.get_by_label("Description").input_value() == "Has a dog that limps."
    second.open(address.replace("suspects/1/", "history/"))
    assert "Drives a green van." in second.text


def test_two_sergeants_on_one_review(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        case = log_case(site.force)
        set_clock(at(MONDAY).replace(day=16))
        with building():
            review = Review.unguarded.get(case=case, number=1)
    sergeant = signed_in(reader, site, site.force.sergeant)
    inspector = signed_in(reader, site, site.force.inspector, 409)
    for one in (sergeant, inspector):
        one.open(f"/reviews/{review.pk}/")
    answer(sergeant.page, "The sergeant saw to it.")
    answer(inspector.page, "The inspector was a moment later.")
    press(sergeant.page, "Complete review")
    press(inspector.page, "Complete review")

    assert f"by {site.force.sergeant.called}. What you had typed is kept below." in inspector.text
    assert "The sergeant saw to it." in inspector.text
    assert "The inspector was a moment later." in inspector.text
    press(inspector.page, "Discard it")
    assert "The inspector was a moment later." not in inspector.text


def test_what_was_typed_is_there_after_the_session_ended(site: Site, reader: Callable[..., Reader]) -> None:
    address = f"/cases/{case_of_two(site)}/suspects/1/"
    officer = signed_in(reader, site, site.force.investigator)
    officer.open(address)
    page = officer.page
    page.get_by_label("Description").fill("Works nights at the harbour.")
    page.get_by_label("Description").blur()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Draft saved at")
    with site.rows(), building():
        OpenSession.objects.all().delete()

    press(page, "Save")
    assert officer.path == "/accounts/login/"
    page.get_by_label("User name").fill(site.force.investigator.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    assert officer.path == address
    assert page.get_by_label("Description").input_value() == "Works nights at the harbour."
    assert "Below stands what you had typed" in officer.text
    press(page, "Save")
    officer.open(address)
    assert "Below stands what you had typed" not in officer.text
    assert page.get_by_label("Description").input_value() == "Works nights at the harbour."


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def answer(page: Page, words: str) -> None:
    for group in ReviewGroup:
        page.get_by_role("group", name=group.label).get_by_label("Satisfactory").first.check()
    page.get_by_label("In your own words: what matters most in this case now?").fill(words)
    page.get_by_role("group", name="Result").get_by_label("Satisfactory", exact=True).check()
