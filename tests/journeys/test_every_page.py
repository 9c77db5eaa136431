"""Every page of the site in a browser, at the width of a desk and of a phone: nothing for axe to find, nothing cut off, no error.

What a page is held to is in judging.py, which also makes pictures of every page if PAGE_PICTURES=1; look at them after a change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import get_resolver, resolve
from playwright.sync_api import Browser, Page

from people.roles import Role
from tests.journeys.judging import SIZES, judge, judge_keyboard, judge_paper
from tests.journeys.scene import Scene
from tests.journeys.visited import Visited


@dataclass(frozen=True)
class Stop:
    """One state of one page: its URL name, for whom, where, and what is done there first."""

    name: str
    who: str
    where: Callable[[Scene], str] | str
    do: Callable[[Page], Any] | None = None
    status: int = 200
    called: str = ""

    def __str__(self) -> str:
        return self.called or self.name

    def path(self, scene: Scene) -> str:
        return self.where if isinstance(self.where, str) else self.where(scene)


def click(button: str) -> Callable[[Page], None]:
    """On a button of the content or the header."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).first.click()

    return act


def open_session_notice(page: Page) -> None:
    page.evaluate("document.getElementById('session-notice').showModal()")


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label("User name").fill("investigator")
    page.get_by_label("Password", exact=True).fill("wrong")
    click("Sign in")(page)


def log_with_errors_on_each_page(page: Page) -> None:
    page.get_by_role("button", name="Now").click()
    page.get_by_role("button", name="Same time").click()
    click("Continue")(page)


def finish_first_page(page: Page) -> None:
    page.get_by_label("Crime number").fill("INV/9001/26")
    page.get_by_role("button", name="Now").click()
    page.get_by_role("button", name="Same time").click()
    page.get_by_label("Between two dates").check()
    for name, boxes in {"First possible date": "1 8 2026", "Last possible date": "31 8 2026"}.items():
        for label, text in zip(("Day", "Month", "Year"), boxes.split(), strict=True):
            page.get_by_role("group", name=name).get_by_label(label).fill(text)
    page.get_by_label("How was it reported?").select_option("SARC")
    page.get_by_role("group", name="Where did it happen?").get_by_label("Here").check()
    click("Continue")(page)


def finish_second_page(page: Page) -> None:
    page.get_by_label("Offence").select_option(index=1)
    page.get_by_label("Kind of place").select_option("NIGHT_TIME_VENUE")
    page.get_by_label("Name of V1").fill("Invented Person")
    page.get_by_label("Not asked yet").check()
    page.get_by_label("Described").check()
    page.get_by_label("Description of S1").fill("Tall, about thirty, spoke with the barman by name.")
    page.get_by_label("How do V1 and S1 know each other?").select_option("JUST_MET")
    click("Continue")(page)


def finish_third_page(page: Page) -> None:
    page.get_by_role("group", name="Is V1 safe now?").get_by_label("Yes").check()
    page.get_by_label("No, or not known").check()
    click("Continue")(page)


def fill_until_check(page: Page) -> None:
    finish_first_page(page)
    finish_second_page(page)
    finish_third_page(page)


def log_it(page: Page) -> None:
    fill_until_check(page)
    click("Log this case")(page)


def choose_needs_action_everywhere(page: Page) -> None:
    for radio in page.get_by_role("radio", name="Needs action").all():
        radio.check()
    page.get_by_label("What must be done?").first.fill("Ask the bar")
    click("Complete review")(page)


def empty_form(page: Page) -> None:
    """Of everything that can be emptied."""
    for box in page.locator("main").get_by_role("textbox").all():
        box.fill("")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector(".govuk-error-summary")


def audited(word: str, key: str, page: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/audit/{word}/{scene.audited[key]}/{page}"


def until_it_has_ended(page: Page) -> None:
    """It goes on by itself; a press of ours would now and then meet its own."""
    page.get_by_text("The check ended on").wait_for()


def show_searched_words(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Show searched words").first.click()


def find_nobody(page: Page) -> None:
    page.get_by_label("Case reference").fill("JE-2026-99999")
    page.get_by_label("Member of staff").fill("i")
    click("Find")(page)


def show_what_was_asked(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Show what was asked for").first.click()


def tracker(stage: str, page: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/cases/import/{scene.trackers[stage].pk}/{page}"


def read_no_column(page: Page) -> None:
    page.get_by_label("Crime number").select_option("")
    click("Continue")(page)


def stay_on_this_page(page: Page) -> None:
    """It would press its own button."""
    page.route("**/load/", lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_())


def filter_to_nothing(page: Page) -> None:
    page.get_by_label("Kind").select_option("MONTHLY")
    click("Apply filters")(page)


def search_for(words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_label("Reference, crime number, or name of a victim or suspect").fill(words)
        click("Search")(page)

    return act


def show_names_found(page: Page) -> None:
    search_for("inv")(page)
    page.get_by_role("link", name="Show names").click()
    page.wait_for_url("**/names/")


def move_clock_backwards(page: Page) -> None:
    for label, text in zip(("Day", "Month", "Year"), ("1", "1", "2020"), strict=True):
        page.get_by_label(label).fill(text)
    click("To this date")(page)


def differ_from_what_is_saved_meanwhile(page: Page) -> None:
    """As somebody with the page open in two tabs."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("How do they know each other?").fill("From the football club, where he coached her brother.")
    other.get_by_label("Coercive control").check()
    click("Save the context")(other)
    other.close()
    page.get_by_label("How do they know each other?").fill("From the rank in Colomberie: he drove her home twice before.")
    page.get_by_label("What power did the suspect have over V1?").fill("He had the only car, and her telephone.")
    click("Save the context")(page)


def open_what_is_not_there(page: Page) -> None:
    page.get_by_label("Reference of the case").fill("JE-2026-00000")
    page.get_by_label("Somebody may be in danger now").check()
    page.get_by_label("What has happened, and what will you do?").fill("She rang.")
    click("Open for one hour")(page)


def decide_without_a_name(page: Page) -> None:
    page.get_by_label("Yes, they lose it").check()
    click("Decide")(page)


def ask_of_nobody(page: Page) -> None:
    page.get_by_label("Who?").fill("nobody-at-all")
    page.get_by_label("Reference of the case").fill("JE-2026-00000")
    click("Explain")(page)


def try_rule(page: Page) -> None:
    page.get_by_label("How many calendar days are allowed?").fill("21")
    for label, text in zip(("Day", "Month", "Year"), ("1", "1", "2027"), strict=True):
        page.get_by_role("group", name="From which day?").get_by_label(label).fill(text)
    page.get_by_label("Why is it changed?").fill("The force wants to hear of delay a week earlier.")
    click("Try it first")(page)


def hand_over_to_one(page: Page) -> None:
    page.get_by_label("Who takes all these cases?").select_option(index=1)
    click("Continue")(page)


def allocate_ticked(page: Page) -> None:
    page.get_by_label("Who takes the ticked cases?").select_option(index=1)
    click("Allocate the ticked cases")(page)


def enrol_somebody(page: Page) -> None:
    for label, text in {"User name": "n.newly", "Given name": "Nora", "Family name": "Newleigh"}.items():
        page.get_by_label(label, exact=True).fill(text)
    for choice in ("Invented Police", "Investigator", "Invented Team One"):
        page.get_by_label(choice, exact=True).check()
    click("Enrol them")(page)


def person(who: str, part: str = "") -> Callable[[Scene], str]:
    def where(scene: Scene) -> str:
        user = scene.left if who == "left" else scene.force.people.get(who) or getattr(scene.force, who)
        return f"/people/{user.pk}/{part}"

    return where


def kept(what: str, page: str = "") -> Callable[[Scene], str]:
    """A page about a request of the information manager's."""
    return lambda scene: f"/information/requests/{scene.information[what]}/{page}"


def record(whose: str, page: str = "") -> Callable[[Scene], str]:
    """A page about a record that is due for review."""
    return lambda scene: f"/information/records/{scene.information[whose]}/{page}"


def disposal(page: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/information/disposals/{scene.information['disposal']}/{page}"


def look_for(words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_label("Name or part of a name").fill(words)
        click("Search")(page)

    return act


def open_apart(page: Page) -> None:
    with page.expect_navigation():
        page.locator("section[aria-labelledby=apart] .rasso-row a").first.click()


def withhold_without_reason(page: Page) -> None:
    open_apart(page)
    page.get_by_label("Withhold it").check()
    click("Save and go on")(page)


OFFICER = Role.INVESTIGATOR
MANAGER = Role.INFORMATION_MANAGER
STOPS = (
    # Without a name
    Stop("start", "", "/"),
    Stop("account_login", "", "/accounts/login/"),
    Stop("account_login", "", "/accounts/login/", sign_in_wrongly, 422, called="sign-in-wrong"),
    Stop("signed-out", "", "/accounts/signed-out/"),
    # Account
    Stop("start", OFFICER, "/", called="start-signed-in"),
    Stop("account_logout", OFFICER, "/accounts/logout/"),
    Stop("no-role", "nobody", "/accounts/no-role/"),
    Stop("home", OFFICER, "/home/", open_session_notice, called="session-notice"),
    Stop("change-password", OFFICER, "/accounts/password/"),
    Stop("security", OFFICER, "/accounts/security/"),
    Stop("add-passkey", OFFICER, "/accounts/security/passkeys/add/"),
    Stop("add-code-app", OFFICER, "/accounts/security/app/add/"),
    Stop("add-code-app", OFFICER, "/accounts/security/app/add/", click("Set up"), 422, called="add-code-app-errors"),
    Stop("make-recovery-codes", OFFICER, "/accounts/security/codes/"),
    Stop("sessions", OFFICER, "/accounts/sessions/"),
    Stop("confirm-who-you-are", OFFICER, "/accounts/confirm/"),
    Stop("confirm-who-you-are", OFFICER, "/accounts/confirm/", click("Confirm"), 422, called="confirm-errors"),
    # People and units
    Stop("people", Role.ADMINISTRATOR, "/people/"),
    Stop("reset-factors", Role.ADMINISTRATOR, lambda scene: f"/people/{scene.force.investigator.pk}/second-factor/"),
    Stop("end-sessions", Role.ADMINISTRATOR, lambda scene: f"/people/{scene.force.investigator.pk}/sessions/"),
    Stop("enrol-person", Role.ADMINISTRATOR, "/people/enrol/"),
    Stop("enrol-person", Role.ADMINISTRATOR, "/people/enrol/", empty_form, 422, called="enrol-person-errors"),
    Stop("enrol-person", Role.ADMINISTRATOR, "/people/enrol/", enrol_somebody, called="enrol-person-done"),
    Stop("person", Role.ADMINISTRATOR, person("investigator")),
    Stop("person", Role.ADMINISTRATOR, person("left"), called="person-left"),
    Stop("change-person", Role.ADMINISTRATOR, person("investigator", "details/")),
    Stop("give-first-password", Role.ADMINISTRATOR, person("investigator", "password/")),
    Stop("give-role", Role.ADMINISTRATOR, person("investigator", "roles/give/")),
    Stop("end-role", Role.ADMINISTRATOR, lambda scene: person("sergeant")(scene) + f"roles/{scene.sergeants_role.pk}/end/"),
    Stop("move-person", Role.ADMINISTRATOR, person("sergeant", "move/")),
    Stop("deactivate-person", Role.ADMINISTRATOR, person("investigator", "deactivate/")),
    Stop("reactivate-person", Role.ADMINISTRATOR, person("left", "reactivate/")),
    Stop("units", Role.ADMINISTRATOR, "/people/units/"),
    Stop("add-unit", Role.ADMINISTRATOR, "/people/units/add/"),
    Stop("change-unit", Role.ADMINISTRATOR, lambda scene: f"/people/units/{scene.force.unit.pk}/"),
    # Work
    Stop("home", OFFICER, "/home/", called="home-investigator"),
    Stop("home", Role.LIAISON_OFFICER, "/home/", called="home-liaison-officer-empty"),
    Stop("home", "other_investigator", "/home/", called="home-late"),
    Stop("home", Role.SERGEANT, "/home/", called="home-sergeant"),
    Stop("home", "other_sergeant", "/home/", called="home-sergeant-empty"),
    Stop("home", Role.INSPECTOR, "/home/", called="home-inspector"),
    Stop("home", Role.SUPERINTENDENT, "/home/", called="home-superintendent"),
    Stop("home", Role.ISVA, "/home/", called="home-isva"),
    Stop("home", Role.ADMINISTRATOR, "/home/", called="home-administrator"),
    Stop("case-list", OFFICER, "/cases/"),
    Stop("case-list", Role.SERGEANT, "/cases/", called="case-list-sergeant"),
    Stop("case-list", Role.SERGEANT, "/cases/?officer=none", called="case-list-filtered"),
    Stop("case-list", "other_sergeant", "/cases/", called="case-list-empty"),
    Stop("search", OFFICER, "/search/"),
    Stop("search", OFFICER, "/search/", search_for("a"), 422, called="search-too-short"),
    Stop("search-results", Role.SERGEANT, "/search/", search_for("JE-2026")),
    Stop("search-results", Role.SERGEANT, "/search/", search_for("nobody"), called="search-results-none"),
    Stop("search-names", Role.SERGEANT, "/search/", show_names_found),
    Stop("log-contact", OFFICER, "/cases/log-contact/"),
    Stop("log-contact", "other_sergeant", "/cases/log-contact/", called="log-contact-empty"),
    Stop("to-allocate", Role.SERGEANT, "/cases/to-allocate/"),
    Stop("to-allocate", "other_sergeant", "/cases/to-allocate/", called="to-allocate-empty"),
    Stop("to-allocate", Role.SERGEANT, "/cases/to-allocate/?ticked=all", allocate_ticked, called="to-allocate-check"),
    Stop(
        "to-allocate", Role.SERGEANT, "/cases/to-allocate/", click("Allocate the ticked cases"), 422, called="to-allocate-errors"
    ),
    Stop("hand-over-all", Role.SERGEANT, lambda scene: f"/cases/hand-over-all/{scene.officer.pk}/"),
    Stop(
        "hand-over-all",
        Role.SERGEANT,
        lambda scene: f"/cases/hand-over-all/{scene.officer.pk}/",
        hand_over_to_one,
        called="hand-over-all-check",
    ),
    Stop(
        "hand-over-all",
        Role.SERGEANT,
        lambda scene: f"/cases/hand-over-all/{scene.officer.pk}/",
        click("Continue"),
        422,
        called="hand-over-all-errors",
    ),
    Stop("hand-over-beside", Role.SERGEANT, lambda scene: f"/cases/hand-over-beside/{scene.officer.pk}/"),
    # A tracker that is taken over
    Stop("begin-import", Role.INSPECTOR, "/cases/import/"),
    Stop("begin-import", Role.INSPECTOR, "/cases/import/", click("Continue"), 422, called="begin-import-errors"),
    Stop("import-run", Role.INSPECTOR, tracker("loaded")),
    Stop("map-import", Role.INSPECTOR, tracker("staged", "mapping/")),
    Stop("map-import", Role.INSPECTOR, tracker("staged", "mapping/"), read_no_column, 422, called="map-import-errors"),
    Stop("name-words", Role.INSPECTOR, tracker("named", "words/")),
    Stop("check-import", Role.INSPECTOR, tracker("checked", "check/")),
    Stop("check-import", Role.INSPECTOR, tracker("checked", "check/"), empty_form, 422, called="check-import-errors"),
    Stop("load-import", Role.INSPECTOR, tracker("loading", "load/"), stay_on_this_page),
    Stop("import-lines", Role.INSPECTOR, tracker("loaded", "lines/")),
    Stop("import-lines", Role.INSPECTOR, tracker("loaded", "lines/?show=UNDONE"), called="import-lines-none"),
    Stop("undo-import", Role.INSPECTOR, tracker("loaded", "undo/")),
    Stop("undo-import", Role.INSPECTOR, tracker("staged", "undo/"), called="undo-import-not-now"),
    # Log a case
    Stop("log-case", OFFICER, "/cases/log/"),
    Stop("log-case", OFFICER, "/cases/log/", click("Continue"), 422, called="log-case-errors"),
    Stop("log-case", OFFICER, "/cases/log/", called="log-case-unfinished"),
    Stop("log-case-what", OFFICER, "/cases/log/what/"),
    Stop("log-case-what", OFFICER, "/cases/log/what/", click("Continue"), 422, called="log-case-what-errors"),
    Stop("log-case-safety", OFFICER, "/cases/log/safety/"),
    Stop("log-case-safety", OFFICER, "/cases/log/safety/", click("Continue"), 422, called="log-case-safety-errors"),
    Stop("log-case-check", OFFICER, "/cases/log/", fill_until_check),
    Stop("log-case-done", Role.FIRST_OFFICER, "/cases/log/", log_it),
    Stop("unfinished-report", Role.SERGEANT, lambda scene: f"/cases/log/unfinished/{scene.unfinished.pk}/"),
    # One case
    Stop("case", OFFICER, lambda scene: f"/cases/{scene.worked}/"),
    Stop("case", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/", called="case-sergeant"),
    Stop("case", OFFICER, lambda scene: f"/cases/{scene.restricted}/", called="case-restricted"),
    Stop("case", Role.SERGEANT, lambda scene: f"/cases/{scene.unallocated}/", called="case-unallocated"),
    Stop("case-names", OFFICER, lambda scene: f"/cases/{scene.worked}/names/"),
    Stop("case-history", OFFICER, lambda scene: f"/cases/{scene.worked}/history/"),
    Stop("case-as-at", OFFICER, lambda scene: f"/cases/{scene.worked}/as-at/"),
    Stop(
        "case-as-at",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/as-at/?day_day=17&day_month=11&day_year=2026",
        called="case-as-at-day",
    ),
    Stop(
        "case-as-at",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/as-at/?day_day=1&day_month=1&day_year=2020",
        status=422,
        called="case-as-at-wrong",
    ),
    Stop("hand-over", OFFICER, lambda scene: f"/cases/{scene.worked}/hand-over/"),
    Stop("hand-over", Role.SERGEANT, lambda scene: f"/cases/{scene.unallocated}/hand-over/", called="hand-over-unallocated"),
    Stop("case-access", OFFICER, lambda scene: f"/cases/{scene.worked}/access/"),
    Stop("case-access", OFFICER, lambda scene: f"/cases/{scene.restricted}/access/", called="case-access-restricted"),
    Stop("copy-case", OFFICER, lambda scene: f"/cases/{scene.worked}/copy/"),
    Stop("case-dates", OFFICER, lambda scene: f"/cases/{scene.worked}/dates/"),
    Stop("rule-pack", OFFICER, "/rules/"),
    Stop("rule-pack", Role.ADMINISTRATOR, "/rules/", called="rule-pack-administrator"),
    Stop("change-rule", Role.ADMINISTRATOR, "/rules/EARLY_ADVICE_DECISION/change/"),
    Stop("change-rule", Role.ADMINISTRATOR, "/rules/REVIEW_28_DAY/change/", try_rule, called="change-rule-tried"),
    Stop(
        "change-rule", Role.ADMINISTRATOR, "/rules/REVIEW_14_DAY/change/", click("Try it first"), 422, called="change-rule-errors"
    ),
    Stop("add-local-day", Role.ADMINISTRATOR, "/rules/days/add/"),
    Stop("add-local-day", Role.ADMINISTRATOR, "/rules/days/add/", click("Add this day"), 422, called="add-local-day-errors"),
    Stop("case-chronology", OFFICER, lambda scene: f"/cases/{scene.worked}/chronology/"),
    Stop(
        "case-chronology",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/chronology/?kind=GROUP_SUSPECT",
        called="case-chronology-filtered",
    ),
    Stop(
        "case-chronology",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/chronology/?nature=INTELLIGENCE&begins_day=40&begins_month=1&begins_year=2026",
        called="case-chronology-empty",
    ),
    Stop("strike-event", OFFICER, lambda scene: f"/cases/{scene.worked}/chronology/{scene.arrest.pk}/strike/"),
    Stop(
        "strike-event",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/chronology/{scene.arrest.pk}/strike/",
        click("Strike out this entry"),
        422,
        called="strike-event-errors",
    ),
    Stop("suspend-limit", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/limits/{scene.running.pk}/suspend/"),
    Stop(
        "suspend-limit",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/limits/{scene.running.pk}/suspend/",
        click("Suspend it"),
        422,
        called="suspend-limit-errors",
    ),
    Stop("resume-limit", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/limits/{scene.suspended.pk}/resume/"),
    Stop("stop-limit", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/limits/{scene.running.pk}/stop/"),
    Stop("restart-limit", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/limits/{scene.running.pk}/restart/"),
    Stop("record-event", OFFICER, lambda scene: f"/cases/{scene.worked}/chronology/add/"),
    Stop(
        "record-event",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/chronology/add/",
        click("Add an entry"),
        422,
        called="record-event-errors",
    ),
    Stop("record-event", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/chronology/add/", status=403, called="403"),
    Stop("update-suspect", OFFICER, lambda scene: f"/cases/{scene.worked}/suspects/1/"),
    Stop(
        "update-suspect",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/suspects/1/",
        empty_form,
        422,
        called="update-suspect-errors",
    ),
    # What the investigation thinks and follows
    Stop("case-context", OFFICER, lambda scene: f"/cases/{scene.worked}/context/"),
    Stop("case-context", Role.SERGEANT, lambda scene: f"/cases/{scene.untouched}/context/", called="case-context-empty"),
    Stop("record-context", OFFICER, lambda scene: f"/cases/{scene.worked}/context/change/"),
    Stop(
        "record-context",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/context/change/",
        differ_from_what_is_saved_meanwhile,
        409,
        called="record-context-two-versions",
    ),
    Stop("record-context", OFFICER, lambda scene: f"/cases/{scene.worked}/context/change/", called="record-context-draft"),
    Stop("record-wish", OFFICER, lambda scene: f"/cases/{scene.worked}/victims/1/wishes/"),
    Stop(
        "record-wish",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/victims/1/wishes/",
        click("Record it"),
        422,
        called="record-wish-errors",
    ),
    Stop("case-plan", OFFICER, lambda scene: f"/cases/{scene.worked}/plan/"),
    Stop("case-plan", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/plan/?version=1", called="case-plan-earlier"),
    Stop("case-plan", "other_investigator", lambda scene: f"/cases/{scene.untouched}/plan/", called="case-plan-empty"),
    Stop("set-plan", OFFICER, lambda scene: f"/cases/{scene.worked}/plan/change/"),
    Stop("set-plan", OFFICER, lambda scene: f"/cases/{scene.worked}/plan/change/", empty_form, 422, called="set-plan-errors"),
    Stop("case-enquiries", OFFICER, lambda scene: f"/cases/{scene.worked}/enquiries/"),
    Stop("case-enquiries", Role.SERGEANT, lambda scene: f"/cases/{scene.untouched}/enquiries/", called="case-enquiries-empty"),
    Stop("add-line", OFFICER, lambda scene: f"/cases/{scene.worked}/enquiries/add/"),
    Stop(
        "add-line",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/enquiries/add/",
        click("Add this line"),
        422,
        called="add-line-errors",
    ),
    Stop("change-line", OFFICER, lambda scene: f"/cases/{scene.worked}/enquiries/1/"),
    # The end of a case
    Stop("close-case", Role.INSPECTOR, lambda scene: f"/cases/{scene.worked}/close/"),
    Stop(
        "close-case",
        Role.INSPECTOR,
        lambda scene: f"/cases/{scene.untouched}/close/",
        called="close-case-late",
    ),
    Stop("reopen-case", Role.INSPECTOR, lambda scene: f"/cases/{scene.ended}/reopen/"),
    Stop(
        "reopen-case", Role.INSPECTOR, lambda scene: f"/cases/{scene.ended}/reopen/", empty_form, 422, called="reopen-case-errors"
    ),
    Stop("case", Role.INSPECTOR, lambda scene: f"/cases/{scene.ended}/", called="case-closed"),
    Stop(
        "record-context",
        "other_investigator",
        lambda scene: f"/cases/{scene.ended}/context/change/",
        status=409,
        called="not-now",
    ),
    Stop("case-list", Role.INSPECTOR, "/cases/?show=all", called="case-list-all"),
    Stop("allocate-case", Role.SERGEANT, lambda scene: f"/cases/{scene.unallocated}/allocate/"),
    Stop(
        "allocate-case",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.unallocated}/allocate/",
        click("Allocate"),
        422,
        called="allocate-case-errors",
    ),
    Stop("add-officer", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/officers/add/"),
    Stop(
        "add-officer",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/officers/add/",
        click("Add to the case"),
        422,
        called="add-officer-errors",
    ),
    Stop("take-officer-off", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/officers/take-off/", None, 409),
    # Actions
    Stop("case-actions", OFFICER, lambda scene: f"/cases/{scene.worked}/actions/"),
    Stop(
        "case-actions", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/actions/?state=late", called="case-actions-filtered"
    ),
    Stop("case-actions", "other_investigator", lambda scene: f"/cases/{scene.untouched}/actions/", called="case-actions-empty"),
    Stop("action", OFFICER, lambda scene: f"/cases/{scene.worked}/actions/3/"),
    Stop("action", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/actions/4/", called="action-verified"),
    Stop("give-action", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/actions/give/"),
    Stop(
        "give-action",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/actions/give/",
        click("Give this action"),
        422,
        called="give-action-errors",
    ),
    Stop(
        "give-action",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.unallocated}/actions/give/",
        status=409,
        called="give-action-to-nobody",
    ),
    Stop("complete-action", OFFICER, lambda scene: f"/cases/{scene.worked}/actions/2/done/"),
    Stop(
        "complete-action",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/actions/2/done/",
        click("Mark as done"),
        422,
        called="complete-action-errors",
    ),
    Stop(
        "complete-action",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/actions/1/done/",
        status=409,
        called="complete-action-done",
    ),
    Stop("ask-for-more-time", OFFICER, lambda scene: f"/cases/{scene.worked}/actions/2/more-time/"),
    Stop(
        "ask-for-more-time",
        OFFICER,
        lambda scene: f"/cases/{scene.worked}/actions/2/more-time/",
        click("Ask for more time"),
        422,
        called="ask-for-more-time-errors",
    ),
    Stop("answer-more-time", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/actions/3/more-time/answer/"),
    Stop(
        "answer-more-time",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/actions/3/more-time/answer/",
        click("Answer"),
        422,
        called="answer-more-time-errors",
    ),
    Stop("verify-action", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/actions/1/verify/"),
    Stop(
        "verify-action",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/actions/1/verify/",
        click("Record this"),
        422,
        called="verify-action-errors",
    ),
    Stop("case", OFFICER, "/cases/JE-2026-99999/", status=404, called="404"),
    # Reviews
    Stop("review-queue", Role.SERGEANT, "/reviews/"),
    Stop("review-queue", Role.SERGEANT, "/reviews/", filter_to_nothing, called="review-queue-filtered"),
    Stop("review-queue", Role.SERGEANT, "/reviews/?whose=unit", called="review-queue-unit"),
    Stop("review-queue", Role.SERGEANT, "/reviews/?whose=unit&show=later", called="review-queue-later"),
    Stop("review-queue", "other_sergeant", "/reviews/", called="review-queue-empty"),
    Stop("review-queue", Role.INSPECTOR, "/reviews/", called="review-queue-inspector"),
    Stop("review", Role.SERGEANT, lambda scene: f"/reviews/{scene.late.pk}/"),
    Stop(
        "review",
        Role.SERGEANT,
        lambda scene: f"/reviews/{scene.late.pk}/",
        choose_needs_action_everywhere,
        422,
        called="review-errors",
    ),
    Stop("review", Role.SERGEANT, lambda scene: f"/reviews/{scene.reviewed.pk}/", called="review-completed"),
    Stop("review", Role.SERGEANT, lambda scene: f"/reviews/{scene.own.pk}/", called="review-own-case"),
    Stop("review", OFFICER, lambda scene: f"/reviews/{scene.reviewed.pk}/", called="review-officer"),
    Stop("case-reviews", OFFICER, lambda scene: f"/cases/{scene.worked}/reviews/"),
    Stop("copy-review", Role.SERGEANT, lambda scene: f"/reviews/{scene.reviewed.pk}/copy/"),
    Stop("copy-review", Role.SERGEANT, lambda scene: f"/reviews/{scene.late.pk}/copy/", called="copy-review-too-early"),
    # Cover
    Stop("answer-escalation", Role.INSPECTOR, lambda scene: f"/cases/{scene.untouched}/escalations/{scene.late.pk}/"),
    Stop(
        "answer-escalation",
        Role.INSPECTOR,
        lambda scene: f"/cases/{scene.untouched}/escalations/{scene.late.pk}/",
        click("Answer"),
        422,
        called="answer-escalation-errors",
    ),
    Stop("escalations", Role.SERGEANT, "/escalations/"),
    Stop("escalations", "other_sergeant", "/escalations/", called="escalations-empty"),
    Stop("jobs", Role.ADMINISTRATOR, "/jobs/"),
    Stop("cover", Role.SERGEANT, "/cover/"),
    Stop("cover", Role.LIAISON_OFFICER, "/cover/", called="cover-empty"),
    Stop("set-cover", Role.SERGEANT, lambda scene: f"/cover/set/?who={scene.officer.pk}"),
    Stop("set-cover", OFFICER, "/cover/set/", click("Set cover"), 422, called="set-cover-errors"),
    Stop("end-cover", OFFICER, lambda scene: f"/cover/{scene.cover_id}/end/"),
    # Who may see a case
    Stop("emergency-access", "other_sergeant", "/cases/emergency/"),
    Stop("emergency-access", OFFICER, "/cases/emergency/", empty_form, 422, called="emergency-access-errors"),
    Stop(
        "emergency-access", "liaison_officer", "/cases/emergency/", open_what_is_not_there, 409, called="emergency-access-refused"
    ),
    Stop("case", "other_sergeant", lambda scene: f"/cases/{scene.worked}/", called="case-emergency"),
    Stop("review-emergency-access", Role.SERGEANT, lambda scene: f"/cases/emergency/{scene.emergency.pk}/review/"),
    Stop(
        "review-emergency-access",
        Role.AUDITOR,
        lambda scene: f"/cases/emergency/{scene.emergency.pk}/review/",
        empty_form,
        422,
        called="review-emergency-access-errors",
    ),
    Stop("home", Role.AUDITOR, "/home/", called="home-auditor"),
    Stop("case-access", Role.SERGEANT, lambda scene: f"/cases/{scene.untouched}/access/", called="case-access-connected"),
    Stop("case-access", Role.INSPECTOR, lambda scene: f"/cases/{scene.restricted}/access/", called="case-access-inspector"),
    Stop("restrict-case", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/access/restrict/"),
    Stop(
        "restrict-case",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.worked}/access/restrict/",
        empty_form,
        422,
        called="restrict-case-errors",
    ),
    Stop("name-on-case", Role.SERGEANT, lambda scene: f"/cases/{scene.restricted}/access/name/"),
    Stop("unname-on-case", Role.SERGEANT, lambda scene: f"/cases/{scene.restricted}/access/un-name/"),
    Stop("lift-restriction", Role.INSPECTOR, lambda scene: f"/cases/{scene.restricted}/access/lift/"),
    Stop("say-i-am-connected", OFFICER, lambda scene: f"/cases/{scene.worked}/access/connected/"),
    Stop("say-connected", Role.SERGEANT, lambda scene: f"/cases/{scene.worked}/access/connected/add/"),
    Stop(
        "end-connection",
        Role.SERGEANT,
        lambda scene: f"/cases/{scene.untouched}/access/connected/{scene.connection.pk}/end/",
    ),
    Stop("name-supervisor-unseen", Role.SUPERINTENDENT, "/cases/without-supervisor/"),
    Stop("decide-connection", Role.SUPERINTENDENT, lambda scene: f"/cases/connected/{scene.connection.pk}/"),
    Stop(
        "decide-connection",
        Role.SUPERINTENDENT,
        lambda scene: f"/cases/connected/{scene.connection.pk}/",
        decide_without_a_name,
        422,
        called="decide-connection-errors",
    ),
    Stop("explain-access", Role.AUDITOR, "/audit/explain/"),
    Stop("explain-access", Role.AUDITOR, "/audit/explain/", ask_of_nobody, 422, called="explain-access-errors"),
    # The information manager
    Stop("home", MANAGER, "/home/", called="home-information"),
    Stop("information", MANAGER, "/information/"),
    Stop("open-subject-request", MANAGER, "/information/requests/open/"),
    Stop(
        "open-subject-request",
        MANAGER,
        "/information/requests/open/",
        click("Open the request"),
        422,
        called="open-subject-request-errors",
    ),
    Stop("subject-request", MANAGER, kept("opened"), called="subject-request-opened"),
    Stop("subject-request", MANAGER, kept("searching"), called="subject-request-searching"),
    Stop("subject-request", MANAGER, kept("reviewing")),
    Stop("subject-request", MANAGER, kept("ended"), called="subject-request-ended"),
    Stop("confirm-identity", MANAGER, kept("opened", "identity/")),
    Stop("search-for-subject", MANAGER, kept("searching", "search/")),
    Stop("search-for-subject", MANAGER, kept("searching", "search/"), look_for("Victim-Name"), called="search-for-subject-found"),
    Stop("search-for-subject", MANAGER, kept("searching", "search/"), look_for("Nobody"), called="search-for-subject-none"),
    Stop("search-for-subject", MANAGER, kept("searching", "search/"), click("Search"), 422, called="search-for-subject-errors"),
    Stop("search-again", MANAGER, kept("reviewing", "search/again/")),
    Stop("begin-review", MANAGER, kept("searching", "begin/")),
    Stop("subject-items", MANAGER, kept("reviewing", "items/")),
    Stop("decide-item", MANAGER, kept("reviewing", "items/"), open_apart),
    Stop("decide-item", MANAGER, kept("reviewing", "items/"), withhold_without_reason, 422, called="decide-item-errors"),
    Stop("print-bundle", MANAGER, kept("reviewing", "bundle/")),
    Stop("send-bundle", MANAGER, kept("reviewing", "send/")),
    Stop("end-request", MANAGER, kept("opened", "end/")),
    Stop("extend-request", MANAGER, kept("opened", "extend/")),
    Stop("retention-review", MANAGER, record("Formerly"), called="retention-review-closed"),
    Stop("retention-review", MANAGER, record("Bygone")),
    Stop("open-retention-review", MANAGER, record("Formerly", "open/")),
    Stop("keep-record", MANAGER, record("Bygone", "keep/")),
    Stop("keep-record", MANAGER, record("Bygone", "keep/"), empty_form, 422, called="keep-record-errors"),
    Stop("hold-record", MANAGER, record("Bygone", "hold/")),
    Stop("propose-disposal", MANAGER, record("Bygone", "propose/")),
    Stop("place-hold", MANAGER, "/information/holds/place/"),
    Stop("place-hold", MANAGER, "/information/holds/place/", click("Place the hold"), 422, called="place-hold-errors"),
    Stop("lift-hold", MANAGER, lambda scene: f"/information/holds/{scene.information['hold']}/lift/"),
    Stop("disposals", MANAGER, "/information/disposals/"),
    Stop("disposals", Role.SUPERINTENDENT, "/information/disposals/", called="disposals-superintendent"),
    Stop("disposal", MANAGER, disposal(), called="disposal-own"),
    Stop("disposal", Role.SUPERINTENDENT, disposal()),
    Stop("approve-disposal", Role.SUPERINTENDENT, disposal("approve/")),
    Stop("refuse-disposal", Role.SUPERINTENDENT, disposal("refuse/")),
    Stop("withdraw-disposal", MANAGER, disposal("withdraw/")),
    Stop("certificate", MANAGER, lambda scene: f"/information/certificates/{scene.information['certificate']}/"),
    # The record
    Stop("audit", Role.AUDITOR, "/audit/?kind=all"),
    Stop("audit", Role.AUDITOR, lambda scene: f"/audit/?reference={scene.worked}", called="audit-case"),
    Stop("audit", Role.AUDITOR, "/audit/", find_nobody, 422, called="audit-errors"),
    Stop(
        "audit",
        Role.AUDITOR,
        "/audit/?since_day=1&since_month=1&since_year=2020&until_day=2&until_month=1&until_year=2020",
        called="audit-empty",
    ),
    Stop("audit-signal", Role.AUDITOR, audited("signals", "signal_id")),
    Stop("audit-signal", Role.AUDITOR, audited("signals", "signal_id"), empty_form, 422, called="audit-signal-errors"),
    Stop("audit-check", Role.AUDITOR, audited("check", "check_id"), until_it_has_ended),
    Stop("searched-words", Role.AUDITOR, "/audit/?kind=SEARCHED", show_searched_words),
    Stop("audit-registers", Role.AUDITOR, "/audit/registers/"),
    Stop("enter-breach", Role.AUDITOR, "/audit/breaches/add/"),
    Stop("enter-breach", Role.AUDITOR, "/audit/breaches/add/", empty_form, 422, called="enter-breach-errors"),
    Stop("decide-breach", Role.AUDITOR, audited("breaches", "breach_id", "decide/")),
    Stop(
        "decide-breach", Role.AUDITOR, audited("breaches", "breach_id", "decide/"), empty_form, 422, called="decide-breach-errors"
    ),
    Stop("of-auditors", Role.SUPERINTENDENT, "/audit/of-auditors/"),
    Stop("words-of-auditor", Role.SUPERINTENDENT, "/audit/of-auditors/", show_what_was_asked),
    Stop("signal-of-auditor", Role.SUPERINTENDENT, audited("of-auditors", "auditors_signal_id")),
    Stop(
        "signal-of-auditor",
        Role.SUPERINTENDENT,
        audited("of-auditors", "auditors_signal_id"),
        empty_form,
        422,
        called="signal-of-auditor-errors",
    ),
    # Demonstration
    Stop("demonstration-clock", OFFICER, "/demonstration/clock/"),
    Stop("demonstration-clock", OFFICER, "/demonstration/clock/", move_clock_backwards, 422, called="clock-errors"),
)


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_axe_finds_nothing(visited: Visited, chromium: Browser, stop: Stop) -> None:
    expected = (stop.status,) if stop.status >= 400 else ()
    with visited.window(chromium, stop.who, expected) as reader:
        reader.open(stop.path(visited.scene))
        if stop.do:
            stop.do(reader.page)
        else:
            # And not the page that somebody is sent to who may not see it.
            assert resolve(reader.path).url_name == stop.name
        for size in SIZES:
            judge(reader.page, str(stop), size)
        if stop.do is None:
            reader.silence()
            judge_keyboard(reader)
            judge_paper(reader.page)
        assert reader.troubles == []


# Not pages: they answer with nothing, with a file, or send the reader on.
NO_PAGE = {
    "sign-in-with-passkey",
    "policy-report",
    "end-emergency-access",
    "health-live",
    "health-ready",
    "stay-signed-in",
    "discard-log-draft",
    "log-case-draft",
    "review-draft",
    "try-message-again",
} | {
    # Not there unless it is configured; tested in tests/people/test_openid.py.
    *("sign-in-with-openid", "openid-back", "connect-openid"),
    # For whoever has a second factor: looked at in tests/journeys/test_second_factor.py.
    *("mfa_authenticate", "remove-passkey", "remove-code-app"),
    # Files, tested in tests/cases/test_export.py and test_import_pages.py.
    *("export-cases", "export-queue", "export-actions", "export-import-lines", "export-people", "export-to-allocate"),
    # Tested in tests/audit.
    *("begin-check", "export-seal", "close-breach", "export-entries"),
    # Tested in tests/information.
    *("export-bundle", "choose-subject"),
}


def test_no_page_is_left_out() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names == {stop.name for stop in STOPS} | NO_PAGE
