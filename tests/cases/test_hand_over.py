"""The page for the officer who takes a case over."""

from datetime import timedelta

from cases import operations
from cases.enums import Direction, EventKind, WishKind
from tests.pages import Sheet
from tests.worlds import MONDAY, actor, at, set_clock


def page_of(browser, case):
    return Sheet(browser.get(f"/cases/{case.reference}/hand-over/")).text


def record(case, force, kind, text, **more):
    moment = at(MONDAY, 11)
    return operations.record_event(case, actor=actor(force.investigator), kind=kind, at=moment, text=text, **more)


def test_what_v1_has_told_stands_first_newest_first(as_user, force, case):
    record(case, force, EventKind.VICTIM_ACCOUNT, "Told of the evening at the bar.")
    record(case, force, EventKind.ENQUIRY, "Asked the barman.")
    said = at(MONDAY + timedelta(days=1), 8)
    operations.record_wish(
        case, actor=actor(force.investigator), victim_number=1, wish=WishKind.WANTS_PAUSE, said_at=said, text="Until Friday."
    )
    page = page_of(as_user(force.sergeant), case)
    told = page.split("What V1 has already told us (do not ask again)")[1].split("Suspect, protection and bail")[0]
    assert told.index("Wants a pause. Until Friday.") < told.index("Told of the evening at the bar.")
    assert "Asked the barman." not in told


def test_struck_entry_is_not_handed_over(as_user, force, case):
    (account,) = record(case, force, EventKind.VICTIM_ACCOUNT, "Told of another evening.")
    operations.strike_event(account, actor=actor(force.investigator), because="Another case.")
    assert "another evening" not in page_of(as_user(force.sergeant), case)


def test_what_v1_has_still_to_be_told_stands_until_it_is_told(as_user, force, case):
    (arrest,) = record(case, force, EventKind.SUSPECT_ARRESTED, "Arrested.")
    browser = as_user(force.investigator)
    still = page_of(browser, case).split("V1 has still to be told")[1].split("Suspect, protection")[0]
    assert "Due" in still or "late" in still
    record(case, force, EventKind.VICTIM_TOLD, "Told by phone.", about=[arrest.pk])
    assert "V1 has still to be told Nothing is outstanding." in page_of(browser, case)


def test_lines_actions_plan_and_officers_are_handed_over(as_user, force, case):
    officer = actor(force.investigator)
    operations.add_line(case, actor=officer, line=operations.Line("Footage of the rank", Direction.EITHER))
    answers = dict.fromkeys(("story", "suspect", "victim", "material", "protection", "first_steps"), "words " * 200)
    operations.set_plan(case, actor=officer, version=0, answers=answers)
    day = MONDAY + timedelta(days=5)
    operations.give_action(
        case,
        actor=actor(force.sergeant),
        what="See the driver",
        owner_id=force.investigator.pk,
        due_on=day,
        look_again_on=day,
    )
    set_clock(at(MONDAY + timedelta(days=3)))
    operations.allocate_case(case, actor=actor(force.sergeant), officer_id=force.other_investigator.pk)
    page = page_of(as_user(force.other_investigator), case)
    for words in (
        "L1 Footage of the rank (could lead either way)",
        "A1 See the driver (DC Invented Other Investigator): Due Saturday 7 November, 2 days",
        "words words …",
        "DC Invented Other Investigator, officer in the case since 5 November 2026",
        "DC Invented Investigator, officer in the case from 2 November 2026 to 5 November 2026",
        "The case has not been reviewed yet.",
    ):
        assert words in page, words


def test_no_name_of_a_person_stands_there(as_user, force, case):
    page = page_of(as_user(force.investigator), case)
    assert "Victim-Name" not in page and "Suspect-Name" not in page


def test_stranger_gets_nothing_and_allocating_leads_there(as_user, force, case):
    assert as_user(force.other_sergeant).get(f"/cases/{case.reference}/hand-over/").status_code == 404
    allocate = as_user(force.sergeant).get(f"/cases/{case.reference}/allocate/").content.decode()
    assert f'href="/cases/{case.reference}/hand-over/"' in allocate
