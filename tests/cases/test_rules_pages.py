"""The force's rules: open to read, changed by an administrator who tried the change first; no date already given moves."""

from datetime import date, timedelta

import pytest

from cases import operations
from cases.enums import EventKind, NotApplicable, Suspension
from cases.models import LocalDay, Review, Rule, TimeLimit
from cases.rulepacks import RuleCode
from people.roles import Role
from rasso.reference_data import load_reference_data
from tests import forms
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

JANUARY = date(2027, 1, 1)
PLAN = "/rules/INVESTIGATION_PLAN/change/"


def plan(amount="5", begins=JANUARY, **changed):
    return {"amount": amount, "escalates_after": "2", **forms.date_boxes("begins", begins), "because": "Asked for", **changed}


@pytest.fixture
def administrator(as_user, force):
    return as_user(force.user(Role.ADMINISTRATOR))


def own_rules():
    return list(Rule.objects.filter(is_local=True).order_by("pk"))


def given(case):
    with building():
        reviews = Review.unguarded.filter(case=case).order_by("pk").values_list("due_on", "remind_on", "escalates_on", "rule_id")
        limits = TimeLimit.unguarded.filter(case=case).order_by("pk").values_list("due_on", "due_at", "first_due_on", "rule_id")
        return list(reviews), list(limits)


def tried(browser, data, address=PLAN):
    shown = browser.post(address, {**data, "try": "yes"})
    assert shown.status_code == 200, Sheet(shown).summary
    return Sheet(shown)


def save(browser, data, address=PLAN):
    (seal,) = tried(browser, data, address).values["tried"]
    return browser.post(address, {**data, "tried": seal})


def limit(case, code):
    with building():
        return TimeLimit.unguarded.select_related("rule").get(case=case, rule__code=code)


def test_trial_says_what_would_move_and_saves_nothing(administrator, force, case):
    log_case(force)
    before = given(case)
    sheet = tried(administrator, plan())
    assert "2 running dates would be another: 2 later, 0 earlier. 0 would stay." in sheet.text
    assert "5 November 2026 7 November 2026 1" in sheet.text
    assert "the changed rule counts from 1 January 2027, and only for what begins then." in sheet.text
    assert own_rules() == [] and given(case) == before
    assert case.reference not in sheet.text


def test_saving_without_having_tried_is_refused(administrator):
    answer = administrator.post(PLAN, plan())
    assert answer.status_code == 409
    assert "Try it first: what you would save is not what you have tried." in Sheet(answer).text
    assert_kept(Sheet(answer), plan())
    assert own_rules() == []


def test_other_numbers_than_were_tried_are_refused(administrator):
    (seal,) = tried(administrator, plan()).values["tried"]
    for other in (plan("6"), plan(begins=date(2027, 1, 2)), plan(escalates_after="3")):
        assert administrator.post(PLAN, {**other, "tried": seal}).status_code == 409
    assert administrator.post("/rules/EARLY_ADVICE_DECISION/change/", {**plan(), "tried": seal}).status_code == 409
    assert own_rules() == []


def test_changed_rule_counts_from_its_day_and_no_date_moves(administrator, as_user, force, case):
    before = given(case)
    assert save(administrator, plan()).status_code == 302
    (rule,) = own_rules()
    assert (rule.amount, rule.valid_from, rule.profile, rule.version) == (5, JANUARY, "JE", 1)
    assert given(case) == before
    text = Sheet(as_user(force.sergeant).get("/rules/")).text
    assert "To come" in text and "version 1 of this force" in text and "Asked for" in text
    assert limit(log_case(force), RuleCode.INVESTIGATION_PLAN).due_on == date(2026, 11, 6)
    set_clock(at(date(2027, 1, 4), 10))
    assert limit(log_case(force), RuleCode.INVESTIGATION_PLAN).due_on == date(2027, 1, 9)
    assert "Replaced" in Sheet(as_user(force.sergeant).get("/rules/")).text


def test_declared_rules_are_loaded_beside_the_force_own(administrator):
    save(administrator, plan())
    before = list(Rule.objects.order_by("pk").values())
    with building():
        load_reference_data()
    assert list(Rule.objects.order_by("pk").values()) == before


def test_rules_of_the_other_profile_stay(administrator):
    before = list(Rule.objects.filter(profile="EW").order_by("pk").values())
    save(administrator, plan())
    assert list(Rule.objects.filter(profile="EW").order_by("pk").values()) == before


def test_grid_is_counted_anew_in_a_trial_of_the_28_day_review(administrator, case):
    data = {"amount": "21", "escalates_after": "3", **forms.date_boxes("begins", JANUARY), "because": "Sooner"}
    sheet = tried(administrator, data, "/rules/REVIEW_28_DAY/change/")
    assert "2 running dates would be another: 0 later, 2 earlier." in sheet.text
    assert "30 November 2026 23 November 2026 1" in sheet.text and "28 December 2026 21 December 2026 1" in sheet.text


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"amount": ""}, "amount", "Enter a whole number from 1 to 365"),
        ({"amount": "0"}, "amount", "Enter a whole number from 1 to 365"),
        ({"amount": "9" * 30}, "amount", "Enter a whole number from 1 to 365"),
        ({"amount": "3"}, "amount", "Nothing would change. Enter another number"),
        ({"escalates_after": "x"}, "escalates_after", "Enter a whole number from 1 to 60"),
        (forms.date_boxes("begins", MONDAY), "begins", "Enter a day after today. What has begun under a rule keeps it."),
        ({"because": ""}, "because", "Say why it is changed"),
        ({"because": "x" * 2001}, "because", "Shorten this to 2,000 characters or fewer. It has 2,001."),
    ],
)
@pytest.mark.parametrize("how", [{}, {"try": "yes"}])
def test_wrong_rule_is_said_beside_the_field(administrator, case, how, changed, field, sentence):
    data = plan(**changed)
    sheet = assert_says(administrator.post(PLAN, {**data, **how}), field, sentence)
    assert_kept(sheet, data)
    assert own_rules() == []


def test_second_step_comes_after_the_first(administrator):
    data = {**plan("15"), "escalates_after": "10", "escalates_further_after": "10"}
    answer = administrator.post("/rules/REVIEW_14_DAY/change/", data)
    assert_says(answer, "escalates_further_after", "Enter a number above the first one")


def test_rule_that_is_not_there_and_people_who_keep_no_rules(administrator, as_user, force):
    assert administrator.get("/rules/NOWHERE/change/").status_code == 404
    for address in (PLAN, "/rules/days/add/"):
        for who in (force.inspector, force.user(Role.ISVA)):
            assert as_user(who).get(address).status_code == 404
            assert as_user(who).post(address, plan()).status_code == 404
    assert "/change/" not in as_user(force.inspector).get("/rules/").content.decode()
    assert as_user(force.user(Role.ISVA)).get("/rules/").status_code == 404


# Days without work ----------------------------------------------------------------------------------------------------


def day(when, **changed):
    return {**forms.date_boxes("day", when), "name": "Day of mourning", **changed}


def test_day_without_work_moves_nothing_and_says_over_what_it_lies(administrator, as_user, force, case):
    before = given(case)
    wednesday = date(2026, 11, 4)
    sheet = Sheet(administrator.post("/rules/days/add/", {**day(wednesday), "try": "yes"}))
    assert (
        "1 running date would be another: 1 later, 0 earlier." in sheet.text and "4 November 2026 5 November 2026 1" in sheet.text
    )
    assert not LocalDay.objects.exists()
    shown = administrator.post("/rules/days/add/", day(wednesday), follow=True)
    text = Sheet(shown).text
    assert "Nobody works on 4 November 2026. No date already given moves. 1 running date would have been later" in text
    assert "Day of mourning" in text and "added by" in text
    assert given(case) == before
    why = Sheet(as_user(force.sergeant).get(f"/cases/{case.reference}/dates/")).text
    assert "Support referral: 4 November 2026" in why and "Day of mourning" not in why
    newer = log_case(force)
    assert limit(newer, RuleCode.SUPPORT_REFERRAL).due_on == date(2026, 11, 6)
    why = Sheet(as_user(force.sergeant).get(f"/cases/{newer.reference}/dates/")).text
    assert "Not counted, because nobody works then: 4 November 2026 (Day of mourning)." in why


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        (day(date(2026, 11, 7)), "day", "7 November 2026 is a Saturday. Nobody works then anyway"),
        (day(date(2026, 12, 25)), "day", "25 December 2026 is a public holiday already: Christmas Day"),
        (day(date(2026, 11, 4), name=""), "name", "Enter what the day is called"),
        (day(date(2026, 11, 4), name="x" * 101), "name", "Shorten this to 100 characters or fewer. It has 101."),
        ({"name": "x"}, "day", "Enter the day on which nobody works"),
    ],
)
def test_wrong_day_is_said_beside_the_field(administrator, data, field, sentence):
    assert_kept(assert_says(administrator.post("/rules/days/add/", data), field, sentence), data)
    assert not LocalDay.objects.exists()


def test_day_that_is_there_already(administrator):
    assert administrator.post("/rules/days/add/", day(date(2026, 11, 4))).status_code == 302
    with nothing_saved():
        answer = administrator.post("/rules/days/add/", day(date(2026, 11, 4)))
    assert answer.status_code == 409 and "This day is in the list already." in Sheet(answer).text


# No date given moves, whatever happens to it afterwards ----------------------------------------------------------------


def change_everything(force):
    """Every rule gets another number, and each day of the next two weeks but Fridays is a day without work."""
    keeper = actor(force.user(Role.ADMINISTRATOR))
    for rule in Rule.objects.filter(profile="JE", is_local=False):
        operations.change_rule(
            actor=keeper,
            rule=rule,
            amount=rule.amount + 3,
            escalates_after=rule.escalates_after,
            escalates_further_after=rule.escalates_further_after,
            begins=MONDAY + timedelta(days=2),
            because="To see what moves",
        )
    for number in range(1, 14):
        when = MONDAY + timedelta(days=number)
        if when.weekday() not in (4, 5, 6):
            operations.add_local_day(actor=keeper, day=when, name="Quiet")


def test_no_date_given_moves_when_what_met_it_is_struck_out(force, case):
    officer = actor(force.investigator)
    (arrest,) = operations.record_event(
        case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, at=at(MONDAY, 11), text="x", subject="S1"
    )
    (taken,) = operations.record_event(
        case, actor=officer, kind=EventKind.DEVICE_TAKEN, at=at(MONDAY, 11), text="x", subject="D1"
    )
    before = given(case)
    (telling,) = operations.record_event(
        case, actor=officer, kind=EventKind.VICTIM_TOLD, at=at(MONDAY, 12), text="x", about=[arrest.pk]
    )
    (back,) = operations.record_event(
        case, actor=officer, kind=EventKind.DEVICE_RETURNED, at=at(MONDAY, 12), text="x", subject="D1"
    )
    change_everything(force)
    set_clock(at(MONDAY + timedelta(days=9), 9))
    for event in (telling, back):
        operations.strike_event(event, actor=officer, because="Another case")
    assert given(case) == before
    assert taken.pk


def test_no_date_given_moves_when_it_is_suspended_and_run_again_at_once(force, case):
    before = given(case)
    one = limit(case, RuleCode.SUPPORT_REFERRAL)
    change_everything(force)
    sergeant = actor(force.sergeant)
    operations.suspend_limit(one, actor=sergeant, why=Suspension.SAFETY, text="x")
    operations.resume_limit(one, actor=sergeant, text="x")
    operations.stop_limit(one, actor=sergeant, why=NotApplicable.OVERTAKEN, text="x")
    operations.restart_limit(one, actor=sergeant, text="x")
    assert given(case) == before
