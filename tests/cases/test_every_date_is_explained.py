"""Each kind of due date in the product says why it is that date, and each date that is shown leads to its reasons."""

import re
from datetime import date, timedelta

import pytest

from cases import operations, schedule
from cases.enums import EventKind, NotApplicable, ReviewKind, Suspension
from cases.models import Action, Event, MoreTime, Review, TimeLimit
from cases.rulepacks import RuleCode
from tests.pages import Sheet
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock


def record(case, force, kind, moment, text="x", **more):
    return operations.record_event(case, actor=actor(force.investigator), kind=kind, at=moment, text=text, **more)[0]


def limit(case, code):
    with building():
        return TimeLimit.unguarded.get(case=case, rule__code=code)


def day(number, hour=9, minute=0):
    return at(MONDAY + timedelta(days=number), hour, minute)


@pytest.fixture
def rich(case, force):
    """Two weeks of a case with a date of every kind in it."""
    sergeant = actor(force.sergeant)
    set_clock(day(1, 18))
    arrest = record(case, force, EventKind.SUSPECT_ARRESTED, day(1, 11), subject="S1")
    interview = record(case, force, EventKind.SUSPECT_INTERVIEWED, day(1, 13), subject="S1")
    record(case, force, EventKind.SUSPECT_BAILED, day(1, 15), subject="S1", until=MONDAY + timedelta(days=40))
    release = record(case, force, EventKind.RELEASED_WITHOUT_CHARGE, day(1, 16), subject="S1")
    record(case, force, EventKind.DEVICE_TAKEN, day(1, 17, 5), subject="D1")
    operations.suspend_limit(limit(case, RuleCode.TELL_BAIL), actor=sergeant, why=Suspension.SAFETY, text="He reads along.")
    operations.stop_limit(
        limit(case, RuleCode.TELL_INTERVIEW), actor=sergeant, why=NotApplicable.VICTIM_WISH, text="She said so."
    )
    assert interview.pk
    set_clock(day(4, 12))
    record(case, force, EventKind.VICTIM_TOLD, day(4, 11), about=[arrest.pk])
    referral = record(case, force, EventKind.SUPPORT_REFERRED, day(2, 9))
    operations.strike_event(referral, actor=actor(force.investigator), because="Another case.")
    operations.strike_event(release, actor=actor(force.investigator), because="He was bailed.")
    operations.suspend_limit(limit(case, RuleCode.EARLY_ADVICE_DECISION), actor=sergeant, why=Suspension.SAFETY, text="For now.")
    set_clock(day(9, 12))
    operations.resume_limit(limit(case, RuleCode.EARLY_ADVICE_DECISION), actor=sergeant, text="Safe again.")
    action = operations.give_action(
        case,
        actor=sergeant,
        what="Trace the driver",
        owner_id=force.investigator.pk,
        due_on=MONDAY + timedelta(days=12),
        look_again_on=MONDAY + timedelta(days=12),
    )
    officer = actor(force.investigator)
    operations.ask_for_more_time(action, actor=officer, due_on=MONDAY + timedelta(days=15), because="He is away.")
    operations.answer_more_time(action, actor=sergeant, is_agreed=True, answer="Agreed.")
    operations.ask_for_more_time(action, actor=officer, due_on=MONDAY + timedelta(days=30), because="Still away.")
    with building():
        first = Review.unguarded.get(case=case, number=1)
        first.completed_at, first.completed_by, first.officer_then = day(9, 10), force.sergeant, force.investigator
        first.result, first.own_words = "ESCALATED", "Nothing is done."
        first.save()
        for code in (RuleCode.REVIEW_BEFORE_NFA, RuleCode.REVIEW_ACTIONS_14, RuleCode.REVIEW_ACTIONS_28):
            schedule.make_review_beside(case, code, MONDAY + timedelta(days=9))
        schedule.make_review_beside(case, RuleCode.REVIEW_ESCALATED_INSPECTOR, MONDAY + timedelta(days=9), escalated_from=first)
        schedule.start_again(case, MONDAY + timedelta(days=9))
    set_clock(day(16, 10))
    return case


def why(as_user, user, case):
    """What stands under each anchor."""
    page = as_user(user).get(f"/cases/{case.reference}/dates/").content.decode()
    parts = re.split(r'<article id="', page)[1:]
    bare = [re.sub(r"<[^>]+>", " ", part.split("</article>")[0]) for part in parts]
    return {part.split('"')[0]: " ".join(text.split(">", 1)[1].split()) for part, text in zip(parts, bare, strict=True)}


def test_each_kind_of_date_gives_its_reasons(as_user, force, rich):
    texts = " ".join(why(as_user, force.sergeant, rich).values())
    for sentence in (
        # Reviews
        "Counted from 2 November 2026, the day the crime was recorded.",
        "It was completed on 11 November 2026.",
        "Counted from 11 November 2026, the day the case was re-opened. Its reviews began anew on that day.",
        "The 14-day review completed on 11 November 2026 by DS Invented Sergeant was not satisfactory.",
        "It sent the case on to the Detective Inspector.",
        "Counted from 11 November 2026, the day it was asked for.",
        "Not counted, because nobody works then: 14 November 2026 (Saturday), 15 November 2026 (Sunday).",
        # Limits
        "Counted from 3 November 2026, when this happened: Suspect arrested (S1); that day is day 0.",
        "1 working day is allowed; it ends with the last of them, on 4 November 2026.",
        "It was met on 6 November 2026, 2 days late: V1 told.",
        "Met late",
        "24 hours are allowed, day and night: until 4 November 2026 at 17:05.",
        "Suspended on 3 November 2026 by DS Invented Sergeant.",
        "He reads along.",
        "Said on 3 November 2026 by DS Invented Sergeant not to apply.",
        "V1 does not want to be told. She said so.",
        "It fell away: what started it was struck out on 6 November 2026 by DC Invented Investigator. He was bailed.",
        "“Support referral made or declined (V1)” of 4 November 2026 said that it was met. That was struck out on 6 November 2026",
        "Ran again from 11 November 2026, by DS Invented Sergeant.",
        "It had stood still for 5 days, so it is due 5 December 2026 and not 30 November 2026.",
        # Actions
        "The target date 14 November 2026 was given by DS Invented Sergeant on 11 November 2026.",
        "Moved from 14 November 2026 to 17 November 2026 by DS Invented Sergeant on 11 November 2026.",
        "DC Invented Investigator asked on 11 November 2026 for more time, until 2 December 2026: Still away.",
        "It is looked at again on 17 November 2026, the review date.",
        # Bail
        "The entry “Suspect released on bail (S1)” of 3 November 2026 at 15:00, by DC Invented Investigator, says so.",
    ):
        assert sentence in texts, sentence


def test_every_kind_and_state_is_there(rich):
    """So that the test above visits each."""
    with building():
        assert set(Review.unguarded.filter(case=rich).values_list("kind", flat=True)) == set(ReviewKind)
        states = {one.state.value for one in TimeLimit.unguarded.filter(case=rich).select_related("stopped_by")}
        assert states == {"running", "suspended", "met", "does not apply", "void"}
        assert MoreTime.unguarded.filter(case=rich).count() == 2 and Action.unguarded.filter(case=rich).count() == 1
        assert Event.unguarded.filter(case=rich, kind="LIMIT_RESUMED").exists()


PAGES = ("/home/", "/reviews/?show=all", "/cases/{}/")
LEADS = re.compile(r'href="/cases/([^/"]+)/dates/#([^"]+)"')


@pytest.mark.parametrize("who", ["investigator", "sergeant", "inspector"])
def test_each_date_that_is_shown_leads_to_its_reasons(as_user, force, rich, who):
    user = getattr(force, who)
    explained = why(as_user, user, rich)
    found = set()
    for page in PAGES:
        answer = as_user(user).get(page.format(rich.reference))
        if answer.status_code == 404:
            continue
        text = answer.content.decode()
        leads = LEADS.findall(text)
        found |= {anchor for reference, anchor in leads if reference == rich.reference}
        if page.startswith("/cases/"):
            due = text.split("<main")[1].split('id="due"')[1].split("</section>")[0]
            rows = len(re.findall(r'class="rasso-row"', due))
            assert rows == len(LEADS.findall(due)) and rows >= len(re.findall("rasso-urgency ", due))
    assert found <= explained.keys()
    with building():
        open_ones = {f"limit-{one.pk}" for one in TimeLimit.unguarded.filter(case=rich, met_at=None, stopped_by=None)}
        open_ones |= {f"review-{one.pk}" for one in Review.unguarded.filter(case=rich, completed_at=None)}
        open_ones |= {"action-A1"}
    assert open_ones <= found


def test_suspended_limit_is_on_the_case_page_and_not_on_the_officers_home(as_user, force, rich):
    text = Sheet(as_user(force.sergeant).get(f"/cases/{rich.reference}/")).text
    assert "Suspended since 3 November (15 days ago) by DS Invented Sergeant Tell V1 about bail or release" in text
    assert "It would put V1 at risk now. He reads along." in text and "Let it run again" in text
    assert "Let it run again" not in Sheet(as_user(force.investigator).get(f"/cases/{rich.reference}/")).text
    assert "Tell V1 about bail" not in Sheet(as_user(force.investigator).get("/home/")).text


def test_limit_in_hours_is_late_by_the_hour(as_user, force):
    set_clock(at(MONDAY, 8))
    case = log_case(force)
    record(case, force, EventKind.DEVICE_TAKEN, at(MONDAY, 7, 5), subject="D1")
    set_clock(at(MONDAY + timedelta(days=1), 6))
    address = f"/cases/{case.reference}/"
    assert "Due today at 07:05" in Sheet(as_user(force.investigator).get(address)).text
    assert "Due today at 07:05" in Sheet(as_user(force.investigator).get("/home/")).text
    set_clock(at(MONDAY + timedelta(days=1), 9, 6))
    assert "2 hours late, was due today at 07:05" in Sheet(as_user(force.investigator).get(address)).text
    home = Sheet(as_user(force.investigator).get("/home/")).text
    assert "2 hours late, was due today at 07:05" in home.split("Due in the next 7 days")[0]


def test_row_leads_to_the_entry_that_meets_the_limit(as_user, force, case):
    arrest = record(case, force, EventKind.SUSPECT_ARRESTED, at(date(2026, 11, 3), 8), subject="S1")
    page = as_user(force.investigator).get(f"/cases/{case.reference}/").content.decode()
    assert f"/chronology/add/?kind=VICTIM_TOLD&amp;subject=V1&amp;about={arrest.pk}" in page
    assert f"/cases/{case.reference}/plan/change/" in page


def test_only_supervisors_are_offered_acts_on_a_limit(as_user, force, rich):
    words = "It applies after all"
    assert words in " ".join(why(as_user, force.sergeant, rich).values())
    assert words not in " ".join(why(as_user, force.investigator, rich).values())
