"""The end of a case without a decision about prosecution, and taking it up again."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import ClosingGrounds, GrantBasis
from cases.models import Event, Review
from kit.access import NotAllowed
from kit.refusal import Blocked
from tests.access.scene import give
from tests.cases.investigating import fresh, leave_nothing_to_do, line, plan
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, NOBODY, actor, at, building, log_case, set_clock

ONCE = "0199aaaa-0000-7000-8000-000000000001"
TOLD = "V1 and the coroner were told."


@pytest.fixture
def inspector(as_user, force):
    return as_user(force.inspector)


@pytest.fixture
def finished(force, case):
    leave_nothing_to_do(case, force)
    return case


def close(case):
    return f"/cases/{case.reference}/close/"


def reopen(case):
    return f"/cases/{case.reference}/reopen/"


def ending(**changed):
    return {"grounds": "SUSPECT_DIED", "goes_on_as": "", "text": TOLD, "confirmed": "on", **changed}


def beginning(**changed):
    return {"why": "NEW_EVIDENCE", "text": "A second witness.", "confirmed": "on", **changed}


def what_was_written(case, kind):
    with building():
        return Event.unguarded.filter(case=case, kind=kind).order_by("-recorded_at").values_list("text", flat=True)[0]


# What is left to do ------------------------------------------------------------------------------------------------------


def test_lists_what_is_left_to_do_and_where_before_it_offers_anything(inspector, force, case):
    operations.add_line(case, actor=actor(force.investigator), line=operations.Line("Was he at work?", "AWAY"))
    page = inspector.get(close(case))
    sheet, html = Sheet(page), page.content.decode()
    assert page.status_code == 200
    assert "Still running: " in sheet.text and "L1 is still pending." in sheet.text
    assert f'href="/cases/{case.reference}/enquiries/"' in html and f'href="/cases/{case.reference}/#due"' in html
    assert "End this case" not in sheet.text
    assert "No further action is a decision of its own, about prosecution. It cannot be recorded here" in sheet.text


def test_late_reviews_are_named_each_with_its_link(inspector, case):
    set_clock(at(MONDAY + timedelta(days=30)))
    html = inspector.get(close(case)).content.decode()
    with building():
        late = Review.unguarded.filter(case=case, due_on__lte=MONDAY + timedelta(days=30))
        assert late and all(f'href="/reviews/{review.pk}/"' in html for review in late)


def test_nothing_is_closed_while_something_is_left(inspector, case):
    with nothing_saved():
        page = inspector.post(close(case), ending())
    assert page.status_code == 409
    sheet = Sheet(page)
    assert any(sentence.startswith("Still running: ") for sentence in sheet.summary)
    # What was typed is not lost.
    assert_kept(sheet, {"text": TOLD})
    assert fresh(case).is_open


def test_nobody_ends_their_own_case(as_user, force):
    set_clock(at(MONDAY))
    case = log_case(force, by=force.inspector, supervisor=force.sergeant)
    page = Sheet(as_user(force.inspector).get(close(case))).text
    assert "You are the officer in the case. Another Detective Inspector can do this." in page
    assert as_user(force.inspector).post(close(case), ending()).status_code == 409


# Closed ------------------------------------------------------------------------------------------------------------------


def test_closes_and_says_what_happened_to_the_reviews(inspector, as_user, force, finished):
    assert "End this case" in Sheet(inspector.get(close(finished))).text
    page = Sheet(inspector.post(close(finished), ending(), follow=True))
    assert "The case is closed. Its reviews are not needed any more: 14-day review due 16 November 2026" in page.text
    assert fresh(finished).status == "CLOSED"
    assert what_was_written(finished, "CASE_CLOSED") == f"The only suspect has died. {TOLD}"
    queue = as_user(force.sergeant).get("/reviews/?whose=unit").content.decode()
    assert finished.reference not in queue


def test_hands_over_to_another_body(inspector, finished):
    page = Sheet(inspector.post(close(finished), ending(grounds="TAKEN_OVER"), follow=True))
    assert "The case is handed over." in page.text and "Status Transferred" in page.text


def test_case_without_an_officer_can_only_be_handed_over(inspector, force):
    set_clock(at(MONDAY))
    case = log_case(force, by=force.first_officer, officer=NOBODY)
    with nothing_saved():
        page = inspector.post(close(case), ending())
    sheet = assert_says(page, "grounds", "Choose one of the answers in the list")
    assert "allocate it first" in sheet.text


def test_closed_twice_by_one_form_is_closed_once(inspector, finished):
    for _ in range(2):
        assert inspector.post(close(finished), ending(once=ONCE)).status_code == 302
    with building():
        assert Event.unguarded.filter(case=finished, kind="CASE_CLOSED").count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("grounds", "", "Choose why the case ends"),
        ("grounds", "NO_FURTHER_ACTION", "Choose one of the answers in the list"),
        ("text", "", "Say what was decided, and who was told"),
        ("text", "x" * 10_001, "Shorten this to 10,000 characters or fewer. It has 10,001."),
        ("confirmed", "", "Say that this is no decision about prosecution and that nothing more is to be done"),
    ],
)
def test_wrong_answers_are_said_beside_the_field(inspector, finished, field, typed, sentence):
    with nothing_saved():
        sheet = assert_says(inspector.post(close(finished), ending(**{field: typed})), field, sentence)
    assert_kept(sheet, {"text": TOLD} if field != "text" else {"grounds": "SUSPECT_DIED"})


@pytest.mark.parametrize("who", ["investigator", "sergeant"])
def test_only_an_inspector_closes(as_user, force, finished, who):
    page = as_user(getattr(force, who)).post(close(finished), ending())
    assert page.status_code == 403 and "Only a Detective Inspector" in page.content.decode()
    case_page = as_user(getattr(force, who)).get(f"/cases/{finished.reference}/").content.decode()
    assert "Close or transfer" not in case_page


def test_superintendent_does_not_close_what_was_escalated_to_them(as_user, force, finished):
    with building():
        Review.unguarded.filter(case=finished, number=1).update(escalates_to="SUPERINTENDENT", escalates_on=MONDAY)
    assert as_user(force.superintendent).get(f"/cases/{finished.reference}/").status_code == 200
    assert as_user(force.superintendent).post(close(finished), ending()).status_code == 403
    with pytest.raises(NotAllowed):
        operations.close_case(finished, actor=actor(force.superintendent), grounds=ClosingGrounds.SUSPECT_DIED, text=TOLD)


def test_restricted_case_is_closed_by_the_inspector_who_is_named_on_it(as_user, force):
    set_clock(at(MONDAY))
    case = log_case(force, has_connected_staff=True)
    leave_nothing_to_do(case, force)
    assert as_user(force.inspector).get(close(case)).status_code == 404
    with building():
        give(case, force.inspector, GrantBasis.NAMED, by=force.investigator)
    assert as_user(force.inspector).post(close(case), ending()).status_code == 302
    assert fresh(case).status == "CLOSED"


# Recorded twice ----------------------------------------------------------------------------------------------------------


def twice(reference):
    return ending(grounds="RECORDED_TWICE", goes_on_as=reference)


def test_case_that_goes_on_is_named_in_the_chronology(inspector, force, finished):
    other = log_case(force, by=force.other_investigator)
    assert inspector.post(close(finished), twice(f" {other.reference.lower()} ")).status_code == 302
    words = f"The same crime is recorded as another case, which goes on: {other.reference}. {TOLD}"
    assert what_was_written(finished, "CASE_CLOSED") == words


def test_hidden_case_and_one_that_is_not_there_get_the_same_answer(inspector, force, finished):
    hidden = log_case(force, by=force.other_investigator, has_connected_staff=True)
    for reference in (hidden.reference, "JE-2026-00000", "nonsense", "JE-2026-0000\x00"[:12]):
        with nothing_saved():
            sheet = assert_says(
                inspector.post(close(finished), twice(reference)), "goes_on_as", "There is no such case that you can see."
            )
        assert_kept(sheet, {"goes_on_as": reference, "text": TOLD})
    with pytest.raises(Blocked, match="There is no such case that you can see."):
        operations.close_case(
            finished,
            actor=actor(force.inspector),
            grounds=ClosingGrounds.RECORDED_TWICE,
            text=TOLD,
            goes_on_as=hidden.reference,
        )


def test_needs_a_case_that_goes_on(inspector, force, finished):
    other = log_case(force)
    with building():
        type(other).unguarded.filter(pk=other.pk).update(
            status="CLOSED", closed_at=other.logged_at, closed_by=force.inspector, closing_grounds="SUSPECT_DIED"
        )
    for reference, sentence in {
        "": "Enter the reference of the case that goes on",
        finished.reference: "This is the case itself. Enter the reference of the other one.",
        other.reference: "That case has ended too. Enter the reference of the one that goes on.",
        "\x07": "Delete the character that cannot be shown at the start of a line. It may have come from copying.",
    }.items():
        with nothing_saved():
            assert_says(inspector.post(close(finished), twice(reference)), "goes_on_as", sentence)


def test_restricted_case_is_not_given_away_by_the_one_that_ends(as_user, force, finished):
    secret = log_case(force, by=force.other_investigator, has_connected_staff=True)
    with building():
        give(secret, force.inspector, GrantBasis.NAMED, by=force.other_investigator)
    assert as_user(force.inspector).post(close(finished), twice(secret.reference)).status_code == 302
    assert secret.reference not in as_user(force.sergeant).get(f"/cases/{finished.reference}/").content.decode()
    assert what_was_written(finished, "CASE_CLOSED").startswith(
        "The same crime is recorded as another case, which goes on: a restricted case."
    )


# On a case that has ended ------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(inspector, finished):
    assert inspector.post(close(finished), ending()).status_code == 302
    return finished


@pytest.mark.parametrize(
    "page", ["", "context/", "plan/", "enquiries/", "dates/", "history/", "names/", "chronology/", "chronology/add/"]
)
def test_every_page_says_that_it_is_closed(as_user, force, closed, page):
    sheet = Sheet(as_user(force.investigator).get(f"/cases/{closed.reference}/{page}"))
    assert "Status Closed" in sheet.text


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("context/change/", None),
        ("plan/change/", plan(1)),
        ("enquiries/add/", line()),
        ("victims/1/wishes/", None),
        ("suspects/1/", {"version": "1", "known": "NOT_KNOWN", "name": "", "description": ""}),
    ],
)
def test_nothing_is_changed_any_more(as_user, force, closed, page, typed):
    officer = as_user(force.investigator)
    answer = officer.get(f"/cases/{closed.reference}/{page}")
    assert answer.status_code == 409
    sheet = Sheet(answer)
    assert "The case is closed. A Detective Inspector can re-open it." in sheet.text and "version" not in sheet.values
    if typed:
        with nothing_saved():
            assert officer.post(f"/cases/{closed.reference}/{page}", typed).status_code == 409


def test_nothing_is_offered_any_more(as_user, force, closed):
    officer = as_user(force.investigator)
    for page in ("context/", "plan/", "enquiries/", ""):
        html = officer.get(f"/cases/{closed.reference}/{page}").content.decode()
        for address in ("context/change/", "plan/change/", "enquiries/add/", "wishes/", "suspects/1/", "/allocate/", "/close/"):
            assert address not in html, (page, address)


def test_list_shows_open_cases_first_and_closed_ones_when_asked(as_user, force, closed):
    browser, other = as_user(force.sergeant), log_case(force)
    shown = {
        query: browser.get(f"/cases/{query}").content.decode() for query in ("", "?show=closed", "?show=all", "?show=nonsense")
    }
    found = {query: (closed.reference in page, other.reference in page) for query, page in shown.items()}
    assert found == {"": (False, True), "?show=closed": (True, False), "?show=all": (True, True), "?show=nonsense": (False, True)}
    assert "<li>Closed</li>" in shown["?show=closed"] and "<li>Investigating</li>" not in shown[""]
    assert "Clear filters" in shown["?show=closed"]


# Taken up again ----------------------------------------------------------------------------------------------------------


def test_reopens_and_says_when_the_reviews_are(inspector, closed):
    set_clock(at(MONDAY + timedelta(days=28)))
    page = Sheet(inspector.get(reopen(closed))).text
    dates = ("14-day review on 14 December 2026", "28-day review on 28 December 2026", "Monthly review on 25 January 2027")
    assert all(words in page for words in dates)
    after = Sheet(inspector.post(reopen(closed), beginning(), follow=True)).text
    assert f"The case is re-opened. Its reviews begin again: {', '.join(dates)}." in after
    assert "Status Closed" not in after and fresh(closed).status == "INVESTIGATING"
    assert what_was_written(closed, "CASE_REOPENED") == "New evidence or a new line of enquiry. A second witness."
    with building():
        made = Review.unguarded.filter(case=closed, completed_at=None).order_by("due_on")
        assert [review.round for review in made] == [2, 2, 2]


def test_open_case_is_not_reopened(inspector, case):
    page = inspector.get(reopen(case))
    assert page.status_code == 409 and "The case has not ended, so there is nothing to re-open." in Sheet(page).text
    with nothing_saved():
        assert inspector.post(reopen(case), beginning()).status_code == 409


def test_only_an_inspector_reopens(as_user, force, closed):
    for who in (force.sergeant, force.investigator):
        with nothing_saved():
            assert as_user(who).post(reopen(closed), beginning()).status_code == 403


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("why", "Choose why it is taken up again"),
        ("text", "Say what is new, and what must happen first"),
        ("confirmed", "Say that the investigation goes on and its reviews begin again"),
    ],
)
def test_reopening_says_why(inspector, closed, field, sentence):
    with nothing_saved():
        assert_says(inspector.post(reopen(closed), beginning(**{field: ""})), field, sentence)


def test_reopened_twice_by_one_form_begins_one_round(inspector, closed):
    for _ in range(2):
        assert inspector.post(reopen(closed), beginning(once=ONCE)).status_code == 302
    with building():
        assert Review.unguarded.filter(case=closed, round=2).count() == 3
