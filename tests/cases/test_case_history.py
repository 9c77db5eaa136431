"""Who changed what, in words, a page at a time."""

from datetime import timedelta

from cases import operations
from cases.enums import Direction, LineState
from cases.queries.history import CHANGES_ON_A_PAGE
from tests.pages import Sheet
from tests.worlds import MONDAY, actor, at, set_clock

CONTEXT = {
    "how_known": "",
    "duration": "NOT_KNOWN",
    "domestic_abuse": "NOT_KNOWN",
    "power": "",
    "victim_context": "",
    "exploited": [],
    "suspect_context": "",
}


def page_of(browser, case, query=""):
    return Sheet(browser.get(f"/cases/{case.reference}/history/{query}")).text


def test_context_plan_and_lines_stand_there_in_words(as_user, force, case):
    officer = actor(force.investigator)
    for version, changed in enumerate(({}, {"exploited": ["AGE", "ASLEEP"], "duration": "WEEKS"})):
        answers = {**CONTEXT, **changed}
        operations.record_context(case, actor=officer, version=version, relationship="STRANGER", answers=answers)
    plan = dict.fromkeys(("story", "suspect", "victim", "material", "protection", "first_steps"), "First.")
    operations.set_plan(case, actor=officer, version=0, answers=plan)
    operations.set_plan(case, actor=officer, version=1, answers={**plan, "story": "Word " * 100})
    line = operations.add_line(case, actor=officer, line=operations.Line("Footage", Direction.AWAY))
    operations.change_line(
        line, actor=officer, version=1, line=operations.Line("Footage", Direction.AWAY, LineState.PURSUED, "Nothing seen.")
    )
    page = page_of(as_user(force.sergeant), case)
    for words in (
        "Context changed by DC Invented Investigator",
        "What the suspect may have exploited: from nothing to Age, Asleep or unconscious",
        "For how long: from Not known yet to Weeks",
        "Relationship: from Not known yet to Stranger",
        "The whole story: from First. to Word Word",
        "Word …",
        "L1 changed by DC Invented Investigator",
        "State: from Pending to Pursued",
        "Result or reason: from nothing to Nothing seen.",
    ):
        assert words in page, words


def test_time_asked_for_and_agreed_to_stands_there(as_user, force, case):
    day = MONDAY + timedelta(days=5)
    given = {"owner_id": force.investigator.pk, "due_on": day, "look_again_on": day}
    action = operations.give_action(case, actor=actor(force.sergeant), what="See the driver", **given)
    operations.ask_for_more_time(
        action, actor=actor(force.investigator), due_on=day + timedelta(days=2), because="The driver is away"
    )
    operations.answer_more_time(action, actor=actor(force.sergeant), is_agreed=True, answer="")
    page = page_of(as_user(force.investigator), case)
    assert "Target date: from 7 November 2026 to 9 November 2026" in page and "Times extended: from 0 to 1" in page


def test_each_change_stands_on_one_page_only(as_user, force, case):
    line = operations.add_line(case, actor=actor(force.investigator), line=operations.Line("Footage 0", Direction.AWAY))
    for version in range(1, CHANGES_ON_A_PAGE + 10):
        set_clock(at(MONDAY + timedelta(days=1), 10) + timedelta(minutes=version))
        changed = operations.Line(f"Footage {version}", Direction.AWAY)
        operations.change_line(line, actor=actor(force.investigator), version=version, line=changed)
    browser = as_user(force.investigator)
    first = browser.get(f"/cases/{case.reference}/history/")
    (address,) = {
        link for link in first.content.decode().split('"') if link.startswith(f"/cases/{case.reference}/history/?before=")
    }
    pages = [Sheet(first).text, Sheet(browser.get(address)).text]
    newest = f"to Footage {CHANGES_ON_A_PAGE + 9}"
    assert newest in pages[0] and newest not in pages[1]
    for number in range(1, CHANGES_ON_A_PAGE + 10):
        assert sum(f"from Footage {number - 1} to Footage {number} " in f"{page} " for page in pages) == 1, number
    assert "Case added" in pages[1] and "Back to the first page" in pages[1]


def test_key_that_names_no_change_shows_the_first_page(as_user, force, case):
    browser = as_user(force.investigator)
    for key in ("nonsense", "00000000-0000-7000-8000-000000000000"):
        assert "Case added" in page_of(browser, case, f"?before={key}")
