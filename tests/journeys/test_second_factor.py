"""A passkey, a code app and a recovery code in a real browser, with a device that Chromium invents."""

import dataclasses
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, Page

from people.roles import Role
from people.second_factor import PERIOD_SECONDS
from tests.journeys.hands import Reader
from tests.journeys.judging import BRINGS_AXE, SIZES, judge
from tests.journeys.site import PASSWORD, Site
from tests.journeys.test_every_page import click
from tests.people.test_second_factor import code

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def look_at(page: Page, name: str) -> None:
    for size in SIZES:
        judge(page, name, size)


def begin_sign_in(reader: Reader) -> None:
    assert reader.user is not None
    reader.page.get_by_role("button", name="Sign out").first.click()
    reader.open("/accounts/login/")
    reader.page.get_by_label("User name").fill(reader.user.username)
    reader.page.get_by_label("Password", exact=True).fill(PASSWORD)
    click("Sign in")(reader.page)
    assert reader.path == "/accounts/second-step/"


def enter(page: Page, typed: str, button: str) -> None:
    page.get_by_label("Code", exact=True).fill(typed)
    click(button)(page)


def test_passkey_code_and_recovery_code(site: Site, chromium: Browser) -> None:
    # Browsers know no passkeys for sites that are opened by a number.
    site = dataclasses.replace(site, address=site.address.replace("127.0.0.1", "localhost"))
    reader = Reader(chromium, site, site.force.user(Role.CENTENIER))
    reader.context.add_init_script(BRINGS_AXE)
    page = reader.page
    try:
        reader.sign_in()
        assert reader.path == "/home/", (reader.page.url, reader.text, reader.troubles)
        device = reader.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

        # A passkey: made, and signed in with.
        reader.open("/accounts/security/")
        assert "How you sign in" in reader.text, (reader.page.url, reader.text)
        click("Add a passkey")(page)
        page.get_by_label("Name of this passkey").fill("Invented laptop")
        look_at(page, "add-passkey-possible")
        click("Add the passkey")(page)
        look_at(page, "recovery-codes")
        codes = page.locator(".rasso-codes li").all_inner_texts()
        assert len(codes) == 10
        page.get_by_role("button", name="Sign out").first.click()
        reader.open("/accounts/login/")
        click("Sign in with a passkey")(page)
        assert reader.path == "/home/"

        # A code app: set up, and asked for after the password.
        reader.open("/accounts/security/app/add/")
        page.get_by_text("Type it instead").click()
        secret = page.locator(".rasso-secret").inner_text().replace(" ", "")
        enter(page, code(secret), "Set up")
        assert "The code app is set up." in reader.text
        look_at(page, "security-set-up")
        begin_sign_in(reader)
        look_at(page, "second-step")
        # The present one was used; the next is good a little before its time.
        enter(page, code(secret, timezone.now() + timedelta(seconds=PERIOD_SECONDS)), "Continue")
        assert reader.path == "/home/"

        # The passkey after the password, and a recovery code.
        begin_sign_in(reader)
        click("Use a passkey")(page)
        assert reader.path == "/home/"
        begin_sign_in(reader)
        enter(page, codes[0], "Continue")
        assert reader.path == "/home/"

        # Asked once more, and removed.
        reader.open("/accounts/confirm/?next=/accounts/security/")
        look_at(page, "confirm-by-passkey")
        click("Use a passkey")(page)
        page.get_by_role("link", name="Remove the code app").click()
        look_at(page, "remove-code-app")
        click("Remove")(page)
        page.get_by_role("link", name="Remove the passkey Invented laptop").click()
        look_at(page, "remove-passkey")
        click("Remove")(page)
        assert "Add a passkey" in reader.text
    finally:
        reader.leave()
    assert reader.troubles == []
