"""Give an action, mark it as done, ask for more time and answer, verify: through the pages, by right and by wrong people."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import EventKind, GrantBasis, Status
from cases.models import Action, Case, Event
from kit.refusal import Blocked
from tests.access.scene import give
from tests.cases.actions import address, asked, done, given, read_again, request_of
from tests.cases.rows import nothing_saved
from tests.forms import date_boxes
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, pass_days, set_clock

TODAY = MONDAY + timedelta(days=1)


def days(number):
    return TODAY + timedelta(days=number)


@pytest.fixture
def action(force, case):
    """The officer's, due in nine days."""
    return given(case, by=force.sergeant, owner=force.investigator, due=days(9))


def close(case):
    with building():
        Case.unguarded.filter(pk=case.pk).update(
            status=Status.CLOSED, closed_at=at(TODAY), closed_by=case.supervisor, closing_grounds="SUSPECT_DIED"
        )


def entries(action, kind):
    with building():
        return list(Event.unguarded.filter(case=action.case, kind=kind, subject=str(action)).values_list("text", flat=True))


# Give ------------------------------------------------------------------------------------------------------------------


def new(owner, due=None, **changed):
    return {"what": "Trace the driver", "owner": str(owner.pk), **date_boxes("due_on", due or days(9)), **changed}


def giving(case):
    return f"/cases/{case.reference}/actions/give/"


def test_supervisor_gives_one_and_its_owner_finds_it(as_user, force, case):
    page = as_user(force.sergeant).post(giving(case), new(force.investigator, days(5)), follow=True)
    assert "A1 is given. It is due on 8 November 2026." in Sheet(page).text
    with building():
        (made,) = Action.unguarded.filter(case=case)
    assert (made.owner, made.given_by, made.due_on, made.look_again_on) == (force.investigator, force.sergeant, days(5), days(5))
    assert entries(made, EventKind.ACTION_GIVEN) == ["Trace the driver"]
    assert "Trace the driver" in as_user(force.investigator).get("/home/").content.decode()


def test_officer_gives_one_to_themselves_and_another_verifies_it(as_user, force, case):
    look_again = date_boxes("look_again_on", days(3))
    as_user(force.investigator).post(giving(case), new(force.investigator, **look_again))
    with building():
        (made,) = Action.unguarded.select_related("case").filter(case=case)
    assert made.look_again_on == days(3)
    done(made, by=force.investigator)
    assert as_user(force.investigator).get(address(made, "verify/")).status_code == 403
    assert as_user(force.sergeant).get(address(made, "verify/")).status_code == 200


def test_sent_twice_it_is_given_once(as_user, force, case):
    sergeant = as_user(force.sergeant)
    typed = {**new(force.investigator), "once": "01890000-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert sergeant.post(giving(case), typed, follow=True).status_code == 200
    with building():
        assert Action.unguarded.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("what", {"what": ""}, "Enter what must be done"),
        ("what", {"what": "x" * 2001}, "Shorten this to 2,000 characters or fewer. It has 2,001."),
        (
            "what",
            {"what": "See\x07 her"},
            "Delete the character that cannot be shown after “See”. It may have come from copying.",
        ),
        ("due_on", {"due_on_day": "", "due_on_month": "", "due_on_year": ""}, "Enter the date by which it must be done"),
        ("due_on", date_boxes("due_on", days(-1)), "Enter today or a later date"),
        ("due_on", date_boxes("due_on", days(367)), "Enter a date within a year from today"),
        ("look_again_on", date_boxes("look_again_on", days(-1)), "Enter today or a later date"),
        (
            "look_again_on",
            {"look_again_on_day": "30", "look_again_on_month": "2", "look_again_on_year": "2027"},
            "Enter a real date",
        ),
    ],
)
def test_wrong_answers_are_said_beside_the_field(as_user, force, case, field, wrong, sentence):
    typed = {**new(force.investigator), **wrong}
    with nothing_saved():
        sheet = assert_says(as_user(force.sergeant).post(giving(case), typed), field, sentence)
    assert_kept(sheet, {name: text for name, text in typed.items() if name != "owner"})


def test_only_somebody_who_works_the_case_can_be_its_owner(as_user, force, case):
    for stranger in (force.other_investigator, force.sergeant, force.user("ISVA")):
        with nothing_saved():
            answer = as_user(force.sergeant).post(giving(case), new(stranger))
            assert_says(answer, "owner", "Choose one of the answers in the list")


def test_nobody_to_give_it_to_is_said_in_place_of_the_form(as_user, force):
    set_clock(at(TODAY))
    unallocated = log_case(force, by=force.first_officer, officer=NOBODY)
    sheet = Sheet(as_user(force.sergeant).get(giving(unallocated)))
    assert "Nobody works on this case yet" in sheet.text and "what" not in sheet.values
    with nothing_saved():
        assert as_user(force.sergeant).post(giving(unallocated), new(force.investigator)).status_code == 422


def test_closed_case_gets_no_action(as_user, force, case):
    close(case)
    sentence = "The case is closed. A Detective Inspector can re-open it."
    assert sentence in Sheet(as_user(force.sergeant).get(giving(case))).text
    with nothing_saved():
        answer = as_user(force.sergeant).post(giving(case), new(force.investigator))
    assert answer.status_code == 409 and sentence in Sheet(answer).text
    page = Sheet(as_user(force.sergeant).get(f"/cases/{case.reference}/actions/"))
    assert sentence in page.text and "Give an action" not in page.text


# Do it -----------------------------------------------------------------------------------------------------------------

DONE = {"how": "Seen and recorded.", "evidence": "Statement 1"}


def test_owner_marks_it_as_done_and_a_supervisor_hears_of_it(as_user, force, action):
    page = as_user(force.investigator).post(address(action, "done/"), DONE, follow=True)
    assert "A1 is done. A supervisor verifies it." in Sheet(page).text
    assert read_again(action).done_by_id == force.investigator.pk
    home = as_user(force.sergeant).get("/home/").content.decode()
    assert "To verify" in home and address(action, "verify/") in home
    assert "To verify" not in as_user(force.other_sergeant).get("/home/").content.decode()


@pytest.mark.parametrize(("field", "sentence"), [("how", "Say what was done"), ("evidence", "Say where the result can be seen")])
def test_needs_to_say_how_and_where(as_user, force, action, field, sentence):
    typed = {**DONE, field: ""}
    with nothing_saved():
        sheet = assert_says(as_user(force.investigator).post(address(action, "done/"), typed), field, sentence)
    assert_kept(sheet, typed)


def test_long_text_is_kept_until_it_is_sent(as_user, force, action):
    officer = as_user(force.investigator)
    assert officer.post(address(action, "done/?autosave=yes"), {"how": "Half a sentence"}).status_code == 204
    assert Sheet(officer.get(address(action, "done/"))).values["how"] == ["Half a sentence"]
    officer.post(address(action, "done/"), DONE)
    assert "Half a sentence" not in officer.get(address(action, "done/")).content.decode()


def test_what_was_typed_stays_when_a_colleague_was_faster(as_user, force, action):
    officer = as_user(force.investigator)
    officer.post(address(action, "done/?autosave=yes"), {"how": "My own words"})
    done(action, by=force.investigator)
    with nothing_saved():
        answer = officer.post(address(action, "done/"), {**DONE, "how": "My own words"})
    assert answer.status_code == 409
    assert "This action is done already." in Sheet(answer).text
    assert "My own words" in officer.get(address(action, "done/")).content.decode()


def test_liaison_officer_does_their_own_and_no_other(as_user, force, case, action):
    with building():
        give(case, force.liaison_officer, GrantBasis.LIAISON, by=force.sergeant)
    own = given(case, by=force.investigator, owner=force.liaison_officer, due=days(2), what="Ask V1 about the special measures")
    browser = as_user(force.liaison_officer)
    assert "Ask V1 about the special measures" in browser.get("/home/").content.decode()
    for page in ("done/", "more-time/"):
        assert browser.get(address(own, page)).status_code == 200
        assert browser.get(address(action, page)).status_code == browser.post(address(action, page), DONE).status_code == 403
    assert browser.post(address(own, "done/"), DONE).status_code == 302
    assert read_again(own).done_by_id == force.liaison_officer.pk


def test_action_of_somebody_else_is_refused_by_the_operation_too(force, case, action):
    with building():
        give(case, force.liaison_officer, GrantBasis.LIAISON, by=force.sergeant)
    with pytest.raises(Blocked, match="This action was given to DC Invented Investigator"):
        done(action, by=force.liaison_officer)


# More time -------------------------------------------------------------------------------------------------------------


def more(until, because="The driver is away"):
    return {**date_boxes("due_on", until), "because": because}


def test_asks_and_until_somebody_agrees_the_date_stays(as_user, force, action):
    officer = as_user(force.investigator)
    officer.post(address(action, "more-time/"), more(days(20)))
    assert read_again(action).due_on == days(9)
    assert entries(action, EventKind.ACTION_TIME_ASKED) == ["Until 23 November 2026. The driver is away"]
    home = as_user(force.sergeant).get("/home/").content.decode()
    assert "More time asked" in home and address(action, "more-time/answer/") in home


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("due_on", more(days(9)), "Enter a date after 12 November 2026, the target date now"),
        ("due_on", more(days(-3)), "Enter a date after 12 November 2026, the target date now"),
        ("due_on", more(days(367)), "Enter a date within a year from today"),
        ("due_on", {"because": "Away"}, "Enter the date by which it can be done"),
        ("because", more(days(20), ""), "Say why more time is needed"),
        ("because", more(days(20), "x" * 2001), "Shorten this to 2,000 characters or fewer. It has 2,001."),
    ],
)
def test_wrong_request_is_said_beside_the_field(as_user, force, action, field, typed, sentence):
    with nothing_saved():
        sheet = assert_says(as_user(force.investigator).post(address(action, "more-time/"), typed), field, sentence)
    assert_kept(sheet, typed)


def test_late_action_gets_no_date_that_has_passed(as_user, force, action):
    pass_days(20)
    with nothing_saved():
        answer = as_user(force.investigator).post(address(action, "more-time/"), more(days(12)))
        assert_says(answer, "due_on", "Enter today or a later date")


def test_asks_once_at_a_time(as_user, force, action):
    officer = as_user(force.investigator)
    officer.post(address(action, "more-time/"), more(days(20)))
    assert "More time is asked for already, until 23 November 2026." in Sheet(officer.get(address(action, "more-time/"))).text
    with nothing_saved():
        answer = officer.post(address(action, "more-time/"), more(days(30)))
    assert answer.status_code == 409
    assert_kept(Sheet(answer), more(days(30)))


def answer_to(action, decision="agree", answer="", **changed):
    return {"request_id": str(request_of(action).pk), "decision": decision, "answer": answer, **changed}


def test_supervisor_agrees_and_the_date_moves(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    page = as_user(force.sergeant).post(address(action, "more-time/answer/"), answer_to(action), follow=True)
    assert "A1 has more time." in Sheet(page).text
    moved = read_again(action)
    assert (moved.due_on, moved.look_again_on, moved.extended_count) == (days(20), days(20), 1)
    assert "extended once" in as_user(force.sergeant).get(f"/cases/{action.case.reference}/actions/").content.decode()
    assert "More time asked" not in as_user(force.sergeant).get("/home/").content.decode()


def test_review_date_of_its_own_stays(as_user, force, case):
    own = given(case, by=force.sergeant, owner=force.investigator, due=days(9), look_again=days(4))
    asked(own, by=force.investigator, until=days(20))
    as_user(force.sergeant).post(address(own, "more-time/answer/"), answer_to(own))
    assert (read_again(own).due_on, read_again(own).look_again_on) == (days(20), days(4))


def test_date_is_kept_only_with_a_reason(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    sergeant = as_user(force.sergeant)
    with nothing_saved():
        assert_says(
            sergeant.post(address(action, "more-time/answer/"), answer_to(action, "keep")), "answer", "Say why the date stays"
        )
    sergeant.post(address(action, "more-time/answer/"), answer_to(action, "keep", "Ask at his work."))
    assert (read_again(action).due_on, read_again(action).extended_count) == (days(9), 0)
    assert entries(action, EventKind.ACTION_NOT_EXTENDED) == ["Stays 12 November 2026. Ask at his work."]


def test_nobody_answers_for_themselves(as_user, force):
    set_clock(at(TODAY))
    own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    mine = given(own, by=force.sergeant, owner=force.sergeant, due=days(9))
    asked(mine, by=force.sergeant, until=days(20))
    sentence = "You are the officer in the case. Another supervisor must answer the request for more time."
    browser = as_user(force.sergeant)
    assert sentence in Sheet(browser.get(address(mine, "more-time/answer/"))).text
    with nothing_saved():
        answer = browser.post(address(mine, "more-time/answer/"), answer_to(mine))
    assert answer.status_code == 409 and sentence in Sheet(answer).text
    assert "More time asked" not in browser.get("/home/").content.decode()
    assert as_user(force.inspector).post(address(mine, "more-time/answer/"), answer_to(mine)).status_code == 302


def test_agrees_only_to_the_request_that_was_read(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    read = answer_to(action)
    as_user(force.inspector).post(address(action, "more-time/answer/"), answer_to(action, "keep", "No."))
    asked(read_again(action), by=force.investigator, until=days(300))
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(action, "more-time/answer/"), read)
    assert answer.status_code == 409 and "there is a new one" in Sheet(answer).text
    assert read_again(action).due_on == days(9)


@pytest.mark.parametrize("request_id", ["", "x", "01890000-0000-7000-8000-000000000000"])
def test_answer_to_no_request_is_refused(as_user, force, action, request_id):
    asked(action, by=force.investigator, until=days(20))
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(action, "more-time/answer/"), answer_to(action, request_id=request_id))
    assert answer.status_code in (409, 422) and "Load the page again" in Sheet(answer).text


def test_date_that_passed_meanwhile_is_not_agreed_to(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    pass_days(25)
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(action, "more-time/answer/"), answer_to(action))
    assert answer.status_code == 409 and "23 November 2026 has passed." in Sheet(answer).text


def test_done_action_asks_for_no_answer(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    done(action, by=force.investigator)
    assert "More time asked" not in as_user(force.sergeant).get("/home/").content.decode()
    assert "This action is done already." in Sheet(as_user(force.sergeant).get(address(action, "more-time/answer/"))).text
    with nothing_saved():
        assert as_user(force.sergeant).post(address(action, "more-time/answer/"), answer_to(action)).status_code == 409


# Verify ----------------------------------------------------------------------------------------------------------------


def verdict(action, decision="verify", text="Read the statement.", **changed):
    return {"done_at": read_again(action).done_at.isoformat(), "decision": decision, "text": text, **changed}


def test_supervisor_verifies(as_user, force, action):
    done(action, by=force.investigator)
    sergeant = as_user(force.sergeant)
    assert "A1 is verified." in Sheet(sergeant.post(address(action, "verify/"), verdict(action), follow=True)).text
    assert read_again(action).verified_by_id == force.sergeant.pk
    assert entries(action, EventKind.ACTION_VERIFIED) == ["Read the statement."]
    assert "To verify" not in sergeant.get("/home/").content.decode()


def test_verifying_leads_on_to_what_is_left_to_verify_in_the_case(as_user, force, case, action):
    other = given(case, by=force.sergeant, owner=force.investigator, due=days(9))
    actions = f"/cases/{case.reference}/actions/"
    for one in (action, other):
        done(one, by=force.investigator)
    sergeant = as_user(force.sergeant)
    assert sergeant.post(address(action, "verify/"), verdict(action)).headers["Location"] == f"{actions}?state=done"
    assert sergeant.post(address(other, "verify/"), verdict(other)).headers["Location"] == actions


@pytest.mark.parametrize("changed", [{"due_on": MONDAY - timedelta(days=9)}, {"look_again_on": MONDAY - timedelta(days=9)}])
def test_operation_too_refuses_a_day_that_has_passed(force, case, changed):
    what = {"what": "Trace the driver", "owner_id": force.investigator.pk, "due_on": days(9), "look_again_on": days(9)}
    with nothing_saved(), pytest.raises(Blocked, match="Enter today or a later date."):
        operations.give_action(case, actor=actor(force.sergeant), **{**what, **changed})


def test_sent_back_it_is_open_again_with_its_date(as_user, force, action):
    done(action, by=force.investigator)
    as_user(force.sergeant).post(address(action, "verify/"), verdict(action, "send-back", "The statement is not signed."))
    back = read_again(action)
    assert (back.done_at, back.due_on) == (None, days(9))
    text = Sheet(as_user(force.investigator).get(address(action))).text
    assert "The statement is not signed." in text and "Seen and recorded." in text and "Mark as done" in text


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("decision", {"decision": ""}, "Choose whether it is done"),
        ("text", {"decision": "send-back", "text": ""}, "Say what you looked at and what you found"),
        ("text", {"text": "x" * 2001}, "Shorten this to 2,000 characters or fewer. It has 2,001."),
    ],
)
def test_wrong_verdict_is_said_beside_the_field(as_user, force, action, field, wrong, sentence):
    done(action, by=force.investigator)
    with nothing_saved():
        assert_says(as_user(force.sergeant).post(address(action, "verify/"), verdict(action, **wrong)), field, sentence)


def test_own_work_is_verified_by_another(as_user, force):
    """An officer who is a sergeant of the unit as well."""
    set_clock(at(TODAY))
    own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    mine = given(own, by=force.inspector, owner=force.sergeant, due=days(9))
    done(mine, by=force.sergeant)
    sentence = "Somebody else must verify what you did. Another supervisor can."
    browser = as_user(force.sergeant)
    assert sentence in Sheet(browser.get(address(mine, "verify/"))).text
    for decision in ("verify", "send-back"):
        with nothing_saved():
            answer = browser.post(address(mine, "verify/"), verdict(mine, decision))
        assert answer.status_code == 409 and sentence in Sheet(answer).text
    assert "To verify" not in browser.get("/home/").content.decode()
    assert as_user(force.inspector).post(address(mine, "verify/"), verdict(mine)).status_code == 302


def test_officer_in_the_case_verifies_nothing_of_it(as_user, force):
    set_clock(at(TODAY))
    own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    with building():
        give(own, force.liaison_officer, GrantBasis.LIAISON, by=force.inspector)
    theirs = given(own, by=force.sergeant, owner=force.liaison_officer, due=days(9))
    done(theirs, by=force.liaison_officer)
    answer = as_user(force.sergeant).post(address(theirs, "verify/"), verdict(theirs))
    assert answer.status_code == 409
    assert "You are the officer in the case. Another supervisor must verify this action." in Sheet(answer).text


def test_verifies_only_what_was_read(as_user, force, action):
    done(action, by=force.investigator)
    read = verdict(action)
    operations.send_back_action(action, actor=actor(force.inspector), text="Not signed.")
    pass_days(1)
    done(read_again(action), by=force.investigator, how="Signed now.")
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(action, "verify/"), read)
    assert answer.status_code == 409 and "done again since you opened this page" in Sheet(answer).text


@pytest.mark.parametrize("done_at", ["", "x", "2026-11-03", "2026-11-03T09:00:00"])
def test_verdict_on_nothing_is_refused(as_user, force, action, done_at):
    done(action, by=force.investigator)
    with nothing_saved():
        answer = as_user(force.sergeant).post(address(action, "verify/"), verdict(action, done_at=done_at))
    assert answer.status_code == 422 and "Load the page again" in Sheet(answer).text


def test_twice_sent_verdict_is_recorded_once(as_user, force, action):
    done(action, by=force.investigator)
    typed = verdict(action, once="01890000-0000-7000-8000-000000000002")
    for _ in range(2):
        assert as_user(force.sergeant).post(address(action, "verify/"), typed).status_code == 302
    assert len(entries(action, EventKind.ACTION_VERIFIED)) == 1


def test_nothing_is_done_to_an_action_of_a_closed_case(as_user, force, action):
    asked(action, by=force.investigator, until=days(20))
    close(action.case)
    sentence = "The case is closed. A Detective Inspector can re-open it."
    officer, sergeant = as_user(force.investigator), as_user(force.sergeant)
    for browser, page, typed in (
        (officer, "done/", DONE),
        (officer, "more-time/", more(days(30))),
        (sergeant, "more-time/answer/", answer_to(action)),
    ):
        assert sentence in Sheet(browser.get(address(action, page))).text, page
        with nothing_saved():
            answer = browser.post(address(action, page), typed)
        assert answer.status_code == 409 and sentence in Sheet(answer).text, page
    assert sentence in Sheet(officer.get(address(action))).text
