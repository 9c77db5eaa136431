"""From sign-in at night to the second person's review, and the auditor's question why somebody sees the case."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from cases.models import EmergencyAccess
from people.models import User
from people.roles import Role
from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.worlds import MONDAY, at, building, log_case, set_clock


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def test_detective_on_call_opens_a_case_and_it_is_reviewed(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        case = log_case(site.force, safe_contact="Text only, after six.")
        set_clock(at(MONDAY + timedelta(days=1), 22, 40))
    page = f"/cases/{case.reference}/"

    def signed_in(user: User, *expected: int) -> Reader:
        one = reader(site, user, expected=expected)
        one.sign_in()
        return one

    on_call = signed_in(site.force.other_sergeant, 404)
    on_call.open(page)
    assert case.reference not in on_call.text
    on_call.open("/cases/emergency/")
    on_call.page.get_by_label("Reference of the case").fill(case.reference.lower())
    on_call.page.get_by_label("V1 has to be contacted now").check()
    on_call.page.get_by_label("What has happened, and what will you do?").fill("She rang; I will ring her back the safe way.")
    press(on_call.page, "Open for one hour")
    assert on_call.path == page
    main = on_call.page.locator("body")
    expect(main).to_contain_text("Emergency access until 23:40. Everything you open is recorded.")
    expect(main).to_contain_text("You can see this case because you opened it in an emergency.")
    expect(main).to_contain_text("Text only, after six.")

    auditor = signed_in(site.force.user(Role.AUDITOR))
    auditor.open("/audit/explain/")
    auditor.page.get_by_label("Who?").fill(site.force.other_sergeant.username)
    auditor.page.get_by_label("Reference of the case").fill(case.reference)
    press(auditor.page, "Explain")
    expect(auditor.page.locator("main")).to_contain_text(f"may see {case.reference}")
    expect(auditor.page.locator("main")).to_contain_text("Emergency access for one hour, since 3 November 2026 at 22:40")

    press(on_call.page, "End it now")
    on_call.open(page)
    assert case.reference not in on_call.text

    sergeant = signed_in(site.force.sergeant)
    sergeant.page.get_by_role("link", name=f"{site.force.other_sergeant.called} opened {case.reference}").click()
    sergeant.page.get_by_label("Justified", exact=True).check()
    sergeant.page.get_by_label("How do you know?").fill("V1 was rung back at 22:50; the control room has it.")
    press(sergeant.page, "Complete the review")
    with site.rows(), building():
        reviewed = EmergencyAccess.unguarded.get(case=case)
    assert (reviewed.found, reviewed.reviewed_by_id) == ("JUSTIFIED", site.force.sergeant.pk)
