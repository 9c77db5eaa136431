"""An auditor's review: is the record whole, who looked at this case, what stands out, and where the newest seal is kept."""

import json
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from people.models import SearchedWords
from people.roles import Role
from tests.access.scene import make_audited
from tests.journeys.hands import Reader
from tests.journeys.site import Site
from tests.journeys.test_emergency_access import press
from tests.journeys.test_every_page import until_it_has_ended
from tests.worlds import MONDAY, at, building, log_case, set_clock


def test_auditor_reviews_the_record(site: Site, reader: Callable[..., Reader]) -> None:
    with site.rows():
        set_clock(at(MONDAY, 10))
        case = log_case(site.force)
        set_clock(at(MONDAY + timedelta(days=1)))
        make_audited(site.force)
        with building():
            words = SearchedWords.objects.earliest("pk").words
    sergeant = reader(site, site.force.sergeant)
    sergeant.sign_in()
    sergeant.open(f"/cases/{case.reference}/")

    auditor = reader(site, site.force.user(Role.AUDITOR), expected=(422, 409))
    auditor.sign_in()
    main = auditor.page.locator("main")
    auditor.open("/home/")
    auditor.page.get_by_role("link", name="2 things in the record to look at").click()

    press(auditor.page, "Check now")
    until_it_has_ended(auditor.page)
    expect(main).to_contain_text("The record is whole.")
    auditor.page.get_by_role("link", name="Back to audit").click()
    expect(main).to_contain_text("entries checked today at")

    auditor.page.get_by_label("Case reference").fill(case.reference.lower())
    press(auditor.page, "Find")
    expect(main).to_contain_text(f"{site.force.sergeant.called}: supervisor of the unit")
    expect(main).to_contain_text(f"{site.force.sergeant.called}: last on")
    assert "Victim-Name" not in auditor.text

    auditor.open("/audit/?kind=SEARCHED")
    assert words not in auditor.text
    with auditor.page.expect_navigation():
        auditor.page.get_by_role("button", name="Show searched words").click()
    expect(main).to_contain_text("It is recorded that you saw them.")

    auditor.open("/audit/")
    auditor.page.get_by_role("link", name="Own name searched, entry").click()
    press(auditor.page, "Save the answer")
    expect(main).to_contain_text("Choose whether this is explained or goes to professional standards")
    auditor.page.get_by_label("Explained").check()
    auditor.page.get_by_label("Why?").fill("A namesake of the officer, who asked first.")
    press(auditor.page, "Save the answer")
    # What stands out of the auditor is for somebody else to answer.
    expect(main).to_contain_text("To look at (1)")

    site.manage("seal_record", login="worker")
    with auditor.page.expect_download() as download:
        auditor.page.get_by_role("button", name="Export the newest seal").click()
    assert json.loads(download.value.path().read_text())["number"] >= 1
    auditor.open("/audit/")
    expect(main).to_contain_text("newest seal kept elsewhere today")
