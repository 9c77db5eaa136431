"""The list of the actions of a case, and the page of one of them."""

from datetime import timedelta

import pytest

from cases import operations
from cases.models import Action
from tests.cases.actions import address, asked, done, given, read_again, request_of
from tests.pages import Sheet
from tests.worlds import MONDAY, actor, building, log_case, pass_days

TODAY = MONDAY + timedelta(days=1)


def days(number):
    return TODAY + timedelta(days=number)


@pytest.fixture
def many(force, case):
    """One action in each group."""
    late, soon, later, waiting, verified = (
        given(case, by=force.sergeant, owner=force.investigator, due=days(due), what=what)
        for what, due in (("Late one", 0), ("Soon one", 8), ("Later one", 30), ("Waiting one", 5), ("Verified one", 5))
    )
    done(waiting, by=force.investigator)
    done(verified, by=force.investigator)
    seen = read_again(verified).done_at
    operations.verify_action(verified, actor=actor(force.sergeant), done_at=seen, text="Read.")
    pass_days(2)
    return late, soon, later, waiting, verified


def listed(browser, case, query=""):
    page = browser.get(f"/cases/{case.reference}/actions/{query}")
    assert page.status_code == 200
    return Sheet(page)


def test_each_action_stands_in_its_group(as_user, force, case, many):
    text = listed(as_user(force.investigator), case).text
    order = [
        *("Late (1)", "Late one", "Due in the next 7 days (1)", "Soon one", "Later (1)", "Later one"),
        *("Done and to be verified (1)", "Waiting one", "Verified (1)", "Verified one"),
    ]
    # The labels of the groups stand in the filter as well.
    places = [text.rindex(words) for words in order]
    assert places == sorted(places), text
    assert "2 days late" in text


@pytest.mark.parametrize(("state", "what"), [("late", "Late one"), ("done", "Waiting one"), ("verified", "Verified one")])
def test_filter_shows_only_its_own(as_user, force, case, many, state, what):
    sheet = listed(as_user(force.sergeant), case, f"?state={state}")
    assert [one for one in ("Late", "Soon", "Later", "Waiting", "Verified") if f"{one} one" in sheet.text] == [what.split()[0]]
    assert "Clear filters" in sheet.text and sheet.values["state"] == [state]


def test_filter_by_owner(as_user, force, case, many):
    browser = as_user(force.sergeant)
    assert "Late one" in listed(browser, case, f"?owner={force.investigator.pk}").text
    assert "No action matches these filters." in listed(browser, case, f"?owner={force.sergeant.pk}").text


def test_says_that_there_is_none_yet(as_user, force, case):
    text = listed(as_user(force.sergeant), case).text
    assert "This case has no actions yet." in text and "Give an action" in text and "Apply filters" not in text


@pytest.mark.parametrize("query", ["?after=x", "?after=99", "?after=999999999999", "?state=%00", "?owner=-1", "?owner=٣"])
def test_strange_addresses_are_left_aside(as_user, force, case, many, query):
    assert "one" in listed(as_user(force.sergeant), case, query).text


def test_hundreds_stand_on_several_pages_each_once(as_user, force, case):
    first = given(case, by=force.sergeant, owner=force.investigator, due=days(0))
    with building():
        Action.unguarded.bulk_create(
            Action(
                **Action.scope_of(case),
                number=number,
                what="Trace the driver",
                owner=force.investigator,
                due_on=days(number % 40),
                warn_on=days(number % 40),
                remind_on=days(number % 40),
                look_again_on=days(3),
                given_by=force.sergeant,
                given_at=first.given_at,
            )
            for number in range(2, 131)
        )
    browser, seen, query = as_user(force.sergeant), [], ""
    for _ in range(3):
        page = browser.get(f"/cases/{case.reference}/actions/{query}")
        seen += [row.number for group in page.context["found"].groups for row in group.rows]
        after = page.context["found"].next_after
        query = f"?after={after}"
    assert after is None
    assert sorted(seen) == list(range(1, 131))


def test_row_says_when_to_look_again_and_what_is_waited_for(as_user, force, case):
    action = given(case, by=force.sergeant, owner=force.investigator, due=days(9), look_again=days(2))
    asked(action, by=force.investigator, until=days(20))
    browser = as_user(force.sergeant)
    text = listed(browser, case).text
    assert "Look again on 5 November 2026" in text
    assert "More time asked until 23 November 2026: waiting for a supervisor" in text
    pass_days(2)
    assert "Look at this again today" in listed(browser, case).text
    assert "Look at this again today" in Sheet(browser.get(address(action))).text
    pass_days(1)
    assert "Look at this again: that was for 5 November (yesterday)" in listed(browser, case).text


def test_page_tells_the_whole_action(as_user, force, case):
    action = given(case, by=force.sergeant, owner=force.investigator, due=days(9))
    asked(action, by=force.investigator, until=days(20))
    supervisor = as_user(force.sergeant)
    answer = {"request_id": str(request_of(action).pk), "decision": "agree", "answer": "Then he is back."}
    supervisor.post(address(action, "more-time/answer/"), answer)
    asked(read_again(action), by=force.investigator, until=days(40), because="He has moved")
    answer = {"request_id": str(request_of(action).pk), "decision": "keep", "answer": "Ask at his work."}
    supervisor.post(address(action, "more-time/answer/"), answer)
    done(read_again(action), by=force.investigator)
    text = Sheet(supervisor.get(address(action))).text
    for words in (
        "12 November 2026 was set by DS Invented Sergeant when the action was given on 3 November 2026.",
        "From 12 November 2026 to 23 November 2026",
        "The driver is away",
        "Agreed by DS Invented Sergeant on 3 November 2026: Then he is back.",
        "23 November 2026 was kept; 13 December 2026 was asked for",
        "Ask at his work.",
        "Why the target date is 23 November 2026",
        "Seen and recorded.",
        "Statement 1",
        *(
            "Action given",
            "More time asked for an action",
            "Action given more time",
            "More time for an action refused",
            "Action done",
        ),
    ):
        assert words in text, words


def buttons(browser, action):
    page = browser.get(address(action))
    return [move["label"] for move in page.context["moves"]], page.context["page"].refusals


def test_page_offers_what_may_be_done_now(as_user, force, case):
    action = given(case, by=force.sergeant, owner=force.investigator, due=days(9))
    officer, sergeant = as_user(force.investigator), as_user(force.sergeant)
    assert buttons(officer, action) == (["Mark as done", "Ask for more time"], [])
    assert buttons(sergeant, action) == ([], [])
    asked(action, by=force.investigator, until=days(20))
    awaited = "More time is asked for already, until 23 November 2026. Wait for the answer of a supervisor."
    assert buttons(officer, action) == (["Mark as done"], [awaited])
    assert buttons(sergeant, action) == (["Answer the request for more time"], [])
    done(action, by=force.investigator)
    assert buttons(officer, action) == ([], [])
    assert buttons(sergeant, action) == (["Verify, or send back"], [])


def test_officer_who_supervises_reads_why_not_they(as_user, force):
    own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    action = given(own, by=force.sergeant, owner=force.sergeant, due=MONDAY + timedelta(days=300))
    done(action, by=force.sergeant)
    assert buttons(as_user(force.sergeant), action) == ([], ["Somebody else must verify what you did. Another supervisor can."])
    assert buttons(as_user(force.inspector), action) == (["Verify, or send back"], [])


def test_action_of_another_case_or_number_does_not_exist(as_user, force, case):
    other = log_case(force, by=force.other_investigator)
    foreign = given(other, by=force.sergeant, owner=force.other_investigator, due=days(9))
    browser = as_user(force.investigator)
    for page in ("", "done/", "more-time/", "more-time/answer/", "verify/"):
        assert browser.get(address(foreign, page)).status_code == 404
        for number in ("1", "0", "9" * 30):
            path = f"/cases/{case.reference}/actions/{number}/{page}"
            assert browser.get(path).status_code == 404, path
            assert browser.post(path, {}).status_code == (405 if not page else 404), path


def test_case_page_shows_open_actions_and_leads_to_all(as_user, force, case, many):
    text = as_user(force.investigator).get(f"/cases/{case.reference}/").content.decode()
    assert f'href="/cases/{case.reference}/actions/1/"' in text and f'href="/cases/{case.reference}/actions/"' in text
    assert f'href="/cases/{case.reference}/actions/4/"' not in text


def test_action_goes_with_the_case_and_stays_late(as_user, force, case, many):
    operations.allocate_case(case, actor=actor(force.sergeant), officer_id=force.other_investigator.pk)
    text = listed(as_user(force.other_investigator), case, f"?owner={force.other_investigator.pk}&state=late").text
    assert "Late one" in text and "2 days late" in text
    assert "Late one" in as_user(force.other_investigator).get("/home/").content.decode()
