"""`/home/` of an officer: who must be told, what is late and due, what others owe, their cases; each thing in one block only."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import EventKind, GrantBasis
from cases.models import Event, Review
from tests.pages import Sheet
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, set_clock


def on_day(number, hour=9):
    return at(MONDAY + timedelta(days=number), hour)


def record(case, force, kind, moment, **more):
    return operations.record_event(case, actor=actor(force.investigator), kind=kind, at=moment, text="x", **more)[0]


def give(case, force, what, days, owner=None):
    due_on = MONDAY + timedelta(days=days)
    owner = owner or force.investigator
    return operations.give_action(
        case, actor=actor(force.sergeant), what=what, owner_id=owner.pk, due_on=due_on, look_again_on=due_on
    )


def offer_of(browser):
    return browser.get("/home/").context["offer"]


def titles(offer):
    return {block.heading: [item.title for item in block.items] for block in offer.blocks}


def settle(case, force, moment):
    """Everything that runs from the logging is done."""
    for kind in (EventKind.SUPPORT_REFERRED, EventKind.EARLY_ADVICE_DECIDED):
        record(case, force, kind, moment)
    plan = dict.fromkeys(("story", "suspect", "victim", "material", "protection", "first_steps"), "In short.")
    operations.set_plan(case, actor=actor(force.investigator), version=0, answers=plan)


def test_who_must_be_told_stands_first_with_what_to_press(as_user, force, case):
    set_clock(on_day(1, 18))
    arrest = record(case, force, EventKind.SUSPECT_ARRESTED, on_day(1, 12), subject="S1")
    browser = as_user(force.investigator)
    page = browser.get("/home/")
    offer = page.context["offer"]
    assert offer.blocks[0].heading == "Tell someone"
    block = offer.blocks[0]
    assert [item.title for item in block.items] == ["Support referral", "Tell V1 about the arrest"]
    told = block.items[1]
    assert told.label == "Log that you told V1" and f"about={arrest.pk}" in told.url
    assert told.about == f"{case.reference}. Suspect arrested 3 November (today)."
    assert told.urgency.word == "Due Wednesday 4 November, 1 day"
    assert "Skip to “Tell someone”" in page.content.decode()
    done = "DC Invented Investigator logged this contact at 18:00. Nothing more to do."
    assert done not in browser.get(told.url).content.decode()
    record(case, force, EventKind.VICTIM_TOLD, on_day(1, 17), about=[arrest.pk])
    assert done in browser.get(told.url).content.decode()
    assert browser.get(f"{told.url}&about=nonsense").status_code == 200
    assert titles(offer_of(browser))["Tell someone"] == ["Support referral"]


def test_safety_stands_first_and_each_thing_once(as_user, force, case):
    set_clock(on_day(8))
    settle(case, force, on_day(1, 12))
    record(case, force, EventKind.SUSPECT_BAILED, on_day(1, 13), subject="S1", until=MONDAY + timedelta(days=14))
    give(case, force, "See the driver", 9)
    give(case, force, "See the barman", 20)
    told = titles(offer_of(as_user(force.investigator)))
    # More days than the action, and yet first.
    assert told["Due in the next 7 days"] == ["Decide about the bail of S1", "A1: See the driver"]
    set_clock(on_day(16))
    told = titles(offer_of(as_user(force.investigator)))
    assert told["Late"] == ["Decide about the bail of S1", "A1: See the driver"]
    assert told["Due in the next 7 days"] == ["A2: See the barman"]
    items = [item.url for block in offer_of(as_user(force.investigator)).blocks for item in block.items]
    assert len(items) == len(set(items))


def test_bail_that_was_decided_or_struck_out_is_not_asked_for(as_user, force, case):
    set_clock(on_day(8))
    bail = record(case, force, EventKind.SUSPECT_BAILED, on_day(1, 13), subject="S1", until=MONDAY + timedelta(days=10))
    record(case, force, EventKind.BAIL_CHANGED, on_day(2, 13), subject="S1", until=MONDAY + timedelta(days=60))
    assert "bail of S1" not in str(titles(offer_of(as_user(force.investigator))))
    with building():
        changed = Event.unguarded.get(case=case, kind=EventKind.BAIL_CHANGED)
    operations.strike_event(changed, actor=actor(force.investigator), because="Another case.")
    assert "bail of S1" in str(titles(offer_of(as_user(force.investigator))))
    operations.strike_event(bail, actor=actor(force.investigator), because="Another case.")
    assert "bail of S1" not in str(titles(offer_of(as_user(force.investigator))))


def test_what_others_owe_says_whom_since_when_and_when_to_ask(as_user, force, case):
    set_clock(on_day(2))
    first, second = give(case, force, "See the driver", 5), give(case, force, "See the barman", 6)
    officer = actor(force.investigator)
    operations.ask_for_more_time(first, actor=officer, due_on=MONDAY + timedelta(days=12), because="He is away.")
    operations.complete_action(second, actor=officer, how="Seen.", evidence="Statement 1")
    set_clock(on_day(4))
    browser = as_user(force.investigator)
    (waiting,) = [block for block in offer_of(browser).blocks if block.heading == "Waiting for others"]
    assert [(item.title, item.about) for item in waiting.items] == [
        (
            "A1: more time asked until 14 November 2026",
            f"{case.reference}. Has waited since 4 November (2 days ago) for a supervisor to answer. Ask after it on Saturday 7 November.",
        ),
        (
            "A2: See the barman",
            f"{case.reference}. Has waited since 4 November (2 days ago) for a supervisor to verify that it is done."
            " Ask after it on Wednesday 11 November.",
        ),
    ]
    assert "A1: See the driver" not in str(titles(offer_of(browser)))
    # The date that stands has passed: it is late, and says that an answer is outstanding; the review is late as well.
    set_clock(on_day(16))
    told = titles(offer_of(browser))
    assert "A1: See the driver" in told["Late"] and told["Waiting for others"] == ["A2: See the barman", "14-day review"]
    text = Sheet(browser.get("/home/")).text
    assert "more time asked 4 November (14 days ago), not answered yet" in text
    assert "Has waited since 16 November (2 days ago) for a Detective Sergeant to complete it. Ask after it now." in text


def test_nothing_this_week_names_the_next_date(as_user, force, case):
    set_clock(on_day(1, 13))
    settle(case, force, on_day(1, 12))
    text = Sheet(as_user(force.investigator).get("/home/")).text
    next_date = f"Your next date is Monday 16 November: 14-day review of {case.reference}."
    assert f"Nothing is late or due this week. {next_date}" in text


def test_new_officer_is_told_what_to_do(as_user, force):
    page = as_user(force.other_investigator).get("/home/")
    assert "You have no cases yet. Log a case, or ask your supervisor to allocate one." in Sheet(page).text
    assert "Log a contact" not in page.content.decode()
    assert "Nothing is late or due this week." in Sheet(page).text


def test_own_cases_stand_with_what_comes_next_and_how_long_nobody_spoke_to_the_victim(as_user, force, case):
    set_clock(on_day(20))
    newer = log_case(force)
    set_clock(on_day(23))
    browser = as_user(force.investigator)
    rows = [(one.row.reference, one.next.what, one.row.silence) for one in offer_of(browser).own_cases]
    assert rows == [(case.reference, "Support referral", "No contact for 23 days"), (newer.reference, "Support referral", "")]
    record(case, force, EventKind.VICTIM_CONTACT, on_day(22, 9), subject="V1")
    settle(case, force, on_day(22, 10))
    first = {one.row.reference: one for one in offer_of(browser).own_cases}[case.reference]
    assert (first.next.what, first.row.silence) == ("14-day review", "")
    assert first.row.contact == "Last contact 24 November (yesterday)"
    # One line each, which says in few words what stands above in full.
    text = Sheet(browser.get("/home/")).text
    assert "Next: 14-day review late, was due 16 November Last contact 24 November (yesterday)" in text
    assert f"Log a contact for {case.reference}" not in text


def test_contact_is_logged_in_one_case_at_once_and_in_several_after_a_choice(as_user, force, case):
    browser = as_user(force.investigator)
    entry = f"/cases/{case.reference}/chronology/add/?kind=VICTIM_CONTACT"
    assert offer_of(browser).contact_url == entry
    log_case(force)
    assert offer_of(browser).contact_url == "/cases/log-contact/"
    page = browser.get("/cases/log-contact/").content.decode()
    assert f'href="{entry}"' in page
    assert '<option value="VICTIM_CONTACT" selected>' in browser.get(entry).content.decode()
    assert case.reference not in as_user(force.other_investigator).get("/cases/log-contact/").content.decode()
    assert "You work on no open case." in as_user(force.other_investigator).get("/cases/log-contact/").content.decode()
    # A contact that was struck out was none.
    set_clock(on_day(3))
    contact = record(case, force, EventKind.VICTIM_CONTACT, on_day(2), subject="V1")
    assert "Last contact 4 November (yesterday)" in browser.get("/cases/").content.decode()
    operations.strike_event(contact, actor=actor(force.investigator), because="Another case.")
    assert "Last contact" not in browser.get("/cases/").content.decode()


@pytest.mark.parametrize("who", ["second", "liaison"])
def test_whoever_works_beside_the_officer_finds_their_own_work(as_user, force, case, who):
    user = force.other_investigator if who == "second" else force.liaison_officer
    basis = GrantBasis.SECOND if who == "second" else GrantBasis.LIAISON
    operations.add_officer(case, actor=actor(force.sergeant), user_id=user.pk, basis=basis)
    give(case, force, "Call V1", 3, owner=user)
    offer = offer_of(as_user(user))
    assert titles(offer)["Due in the next 7 days"][0] == "A1: Call V1"
    # A SOLO/SOIT adds no entries, so nothing that leads to one stands there.
    assert ("Tell someone" in titles(offer)) == bool(offer.contact_url) == (who == "second")
    assert [one.row.reference for one in offer.own_cases] == [case.reference]


def test_review_that_somebody_completed_is_waited_for_no_longer(as_user, force, case):
    set_clock(on_day(16))
    assert "14-day review" in titles(offer_of(as_user(force.investigator)))["Waiting for others"]
    with building():
        review = Review.unguarded.get(case=case, number=1)
    findings = operations.ReviewFindings({}, "Seen.", (), "SATISFACTORY")
    operations.complete_review(review, actor=actor(force.sergeant), findings=findings)
    assert "Waiting for others" not in titles(offer_of(as_user(force.investigator)))


def test_liaison_officer_reads_what_is_late_in_the_case_and_who_does_it(as_user, force, case):
    operations.add_officer(case, actor=actor(force.sergeant), user_id=force.liaison_officer.pk, basis=GrantBasis.LIAISON)
    give(case, force, "Call V1", 17, owner=force.liaison_officer)
    give(case, force, "See the driver", 15)
    record(case, force, EventKind.SUSPECT_BAILED, on_day(1, 8), subject="S1", until=MONDAY + timedelta(days=18))
    set_clock(on_day(16))
    page = as_user(force.liaison_officer).get("/home/")
    told = {block.heading: {item.title: item for item in block.items} for block in page.context["offer"].blocks}
    assert {"Support referral", "A2: See the driver", "14-day review"} <= set(told["Late"])
    # Their own first, then what they only look on at.
    assert list(told["Due in the next 7 days"])[:2] == ["A1: Call V1", "Decide about the bail of S1"]
    # Whoever adds no entries is led to none.
    assert told["Late"]["Support referral"].url == f"/cases/{case.reference}/"
    text = Sheet(page).text
    assert f"{case.reference}. It waits for DC Invented Investigator to do it." in text
    assert f"{case.reference}. It waits for a Detective Sergeant to complete it." in text
    assert "Nothing is late" not in text and "Tell someone" not in text


def test_first_officer_reads_what_is_late_until_the_case_is_allocated(as_user, force):
    set_clock(on_day(0, 10))
    logged = log_case(force, by=force.first_officer, officer=NOBODY)
    set_clock(on_day(3))
    text = Sheet(as_user(force.first_officer).get("/home/")).text
    assert f"{logged.reference}. It waits for a supervisor to allocate the case." in text and "Nothing is late" not in text
    # The detective who logged it and does not work on it hears of it too.
    other = log_case(force, by=force.other_investigator, officer=NOBODY)
    set_clock(on_day(9))
    late = next(block for block in offer_of(as_user(force.other_investigator)).blocks if block.heading == "Late")
    assert {item.about for item in late.items} == {f"{other.reference}. It waits for a supervisor to allocate the case."}


def test_what_others_owe_this_week_is_not_denied(as_user, force, case):
    set_clock(on_day(1, 13))
    settle(case, force, on_day(1, 12))
    operations.add_officer(case, actor=actor(force.sergeant), user_id=force.liaison_officer.pk, basis=GrantBasis.LIAISON)
    give(case, force, "Call V1", 3, owner=force.liaison_officer)
    assert "Nothing of yours is late or due this week." in Sheet(as_user(force.investigator).get("/home/")).text
