"""What somebody types into a long form is kept for them alone, until it is saved or thrown away."""

import pytest

from cases.models import Draft
from tests.cases.investigating import context, hand_over, line, plan
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept
from tests.worlds import building

ONCE = "0199aaaa-0000-7000-8000-000000000001"
FORMS = {
    "context": ("context/change/", context, "how_known"),
    "plan": ("plan/change/", plan, "story"),
    "add-line": ("enquiries/add/", line, "what"),
    "line": ("enquiries/1/", lambda **changed: line(1, **changed), "what"),
}


@pytest.fixture(params=FORMS)
def form(request, as_user, force, case):
    """(browser of the officer, address, everything typed, the field that is changed)"""
    address, typed, field = FORMS[request.param]
    browser = as_user(force.investigator)
    if request.param == "line":
        browser.post(f"/cases/{case.reference}/enquiries/add/", line())
    return browser, f"/cases/{case.reference}/{address}", typed, field


def drafts():
    with building():
        return Draft.unguarded.count()


def test_is_kept_by_itself_and_shown_again(form, as_user, force):
    browser, address, typed, field = form
    with nothing_saved():
        assert browser.post(f"{address}?autosave=yes", typed(**{field: "Half a sen"})).status_code == 204
    # After signing in again.
    page = Sheet(as_user(force.investigator).get(address))
    assert_kept(page, {field: "Half a sen"})
    assert "Only you see it." in page.text and page.summary == {}


def test_save_and_finish_later_needs_nothing(form):
    browser, address, _, field = form
    with nothing_saved():
        answer = browser.post(address, {"version": "0", field: "Half", "later": "yes"})
    assert answer.status_code == 302
    assert_kept(Sheet(browser.get(address)), {field: "Half"})


def test_is_seen_by_its_owner_only(form, as_user, force, case):
    browser, address, typed, field = form
    browser.post(f"{address}?autosave=yes", typed(**{field: "Half a sen"}))
    hand_over(case, force, force.other_investigator)
    assert "Half a sen" not in as_user(force.other_investigator).get(address).content.decode()


def test_can_be_discarded(form):
    browser, address, typed, field = form
    browser.post(f"{address}?autosave=yes", typed(**{field: "Half a sen"}))
    assert browser.post(address, {**typed(), "discard": "yes"}).headers["Location"] == address
    page = browser.get(address).content.decode()
    assert "Half a sen" not in page and "What you had typed was discarded." in page and drafts() == 0


def test_nothing_is_left_after_saving(form):
    browser, address, typed, field = form
    browser.post(f"{address}?autosave=yes", typed(**{field: "Half a sen"}))
    assert browser.post(address, typed(**{field: "A whole sentence."})).status_code == 302
    assert drafts() == 0


def test_what_arrives_after_the_form_brings_nothing_back(form):
    browser, address, typed, field = form
    browser.post(address, {**typed(**{field: "Whole"}), "once": ONCE})
    assert browser.post(f"{address}?autosave=yes", {**typed(**{field: "Half"}), "once": ONCE}).status_code == 409
    assert drafts() == 0


def test_keeping_a_draft_does_not_use_up_the_form(form):
    browser, address, typed, field = form
    browser.post(f"{address}?autosave=yes", {**typed(**{field: "Half"}), "once": ONCE})
    assert browser.post(address, {**typed(**{field: "Whole"}), "once": ONCE}).status_code == 302
    assert "Half" not in browser.get(address).content.decode()


def test_who_may_not_write_keeps_no_draft(form, as_user, force):
    _, address, typed, _ = form
    assert as_user(force.sergeant).post(f"{address}?autosave=yes", typed()).status_code == 403
    assert as_user(force.other_sergeant).post(f"{address}?autosave=yes", typed()).status_code == 404
    assert drafts() == 0


def test_draft_begun_on_an_earlier_version_meets_both_texts(as_user, force, case):
    address = f"/cases/{case.reference}/context/change/"
    browser, other = as_user(force.investigator), as_user(force.other_investigator)
    browser.post(address, context())
    browser.post(f"{address}?autosave=yes", context(1, how_known="Mine"))
    hand_over(case, force, force.other_investigator)
    other.post(address, context(1, how_known="Theirs"))
    hand_over(case, force, force.investigator)
    page = Sheet(browser.get(address))
    assert (
        "This was changed at 09:00 by DC Invented Other Investigator. When you save, you see both texts and choose." in page.text
    )
    assert page.values["version"] == ["1"]
    sent = {name: values if len(values) > 1 else values[0] for name, values in page.values.items()}
    answer = browser.post(address, sent)
    assert answer.status_code == 409 and "Theirs" in Sheet(answer).text
