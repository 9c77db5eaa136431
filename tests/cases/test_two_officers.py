"""Two people change one thing: the second sees both texts, field by field, and chooses; nothing is written over, nothing is lost."""

from typing import Any

import pytest
from django.test import Client

from cases import operations
from cases.models import Draft
from cases.queries.investigation import CONTEXT_FIELDS
from kit.refusal import ChangedMeanwhile
from tests.cases.investigating import context, context_of, fresh, hand_over, line, line_of, plan, plan_of
from tests.pages import Sheet, assert_says
from tests.worlds import actor, building

ONCE = "0199aaaa-0000-7000-8000-00000000000{}"


class Both:
    """A case with a context, opened by one officer, changed by another since, and back with the first."""

    def __init__(self, as_user: Any, force: Any, case: Any) -> None:
        self.case, self.force = case, force
        self.address = f"/cases/{case.reference}/context/change/"
        self.first: Client = as_user(force.investigator)
        self.other: Client = as_user(force.other_investigator)
        assert self.first.post(self.address, context()).status_code == 302

    def change_meanwhile(self, version: int = 1, **changed: Any) -> None:
        hand_over(self.case, self.force, self.force.other_investigator)
        assert self.other.post(self.address, context(version, **changed)).status_code == 302
        hand_over(self.case, self.force, self.force.investigator)

    def send(self, **typed: Any) -> Any:
        return self.first.post(self.address, context(1, **typed))

    def choose(self, page: Any, **chosen: str) -> Any:
        """Send the page of two texts, as it stands, with these choices."""
        sent = {name: values if len(values) > 1 else values[0] for name, values in Sheet(page).values.items()}
        return self.first.post(self.address, {**sent, **{f"keep-{name}": whose for name, whose in chosen.items()}})


@pytest.fixture
def both(as_user, force, case) -> Both:
    return Both(as_user, force, case)


def chosen_on(page: Any) -> dict[str, str]:
    return {name.removeprefix("keep-"): v[0] for name, v in Sheet(page).values.items() if name.startswith("keep-")}


def test_says_who_and_when_and_shows_both_texts(both):
    both.change_meanwhile(how_known="Theirs: from school")
    page = both.send(how_known="Mine: from work")
    assert page.status_code == 409
    text = Sheet(page).text
    assert "This was changed at 09:00 by DC Invented Other Investigator. Yours is kept below." in text
    assert "Mine: from work" in text and "Theirs: from school" in text and "Both of you changed this." in text
    # What says the same in both does not stand there.
    assert "Works nights" not in text
    assert context_of(both.case).how_known == "Theirs: from school"


def test_what_only_one_of_them_changed_is_chosen_already(both):
    both.change_meanwhile(power="Theirs", how_known="Both, theirs", relationship="FORMER_PARTNER")
    page = both.send(suspect_context="Mine", how_known="Both, mine")
    assert chosen_on(page) == {"power": "theirs", "suspect_context": "mine", "relationship": "theirs"}
    assert "Only you changed this." in Sheet(page).text and "Only they changed this." in Sheet(page).text


def test_choices_stand_in_words(both):
    both.change_meanwhile(exploited=["AGE"], domestic_abuse="YES", duration="YEARS", relationship="FORMER_PARTNER")
    text = Sheet(both.send(exploited=["ASLEEP", "CARE"], domestic_abuse="NOT_KNOWN")).text
    for words in (
        "Asleep or unconscious, Being or having been in care",
        "Age",
        "Not known yet",
        "Yes",
        "Years",
        "Former partner",
    ):
        assert words in text
    assert "Theirs, saved meanwhile Age Keep" in text


def test_what_both_changed_must_be_chosen(both):
    both.change_meanwhile(how_known="Theirs", power="Theirs too")
    page = both.choose(both.send(how_known="Mine", power="Mine too"), power="mine")
    assert page.status_code == 422
    sheet = Sheet(page)
    (sentence,) = sheet.summary
    assert sentence == "Choose whose text to keep: How do they know each other?"
    assert sheet.summary[sentence] in sheet.ids
    # The choice that was made still stands, and no other is made for anybody.
    assert chosen_on(page) == {"power": "mine"}
    assert sheet.values["how_known"] == ["Mine"]
    assert context_of(both.case).how_known == "Theirs"


def test_saved_is_what_was_chosen_of_both(both):
    both.change_meanwhile(how_known="Theirs", exploited=["AGE"], power="Theirs", relationship="FORMER_PARTNER")
    page = both.send(how_known="Mine", exploited=["ASLEEP"], suspect_context="Mine")
    assert both.choose(page, how_known="mine", exploited="theirs").status_code == 302
    saved = context_of(both.case)
    assert (saved.how_known, saved.exploited, saved.power, saved.suspect_context) == ("Mine", ["AGE"], "Theirs", "Mine")
    assert saved.version == 3 and fresh(both.case).relationship == "FORMER_PARTNER"


def test_mine_can_be_to_take_everything_away(both):
    both.change_meanwhile(exploited=["AGE"], power="Theirs")
    page = both.send(exploited=[], power="")
    assert "Yours Nothing" in Sheet(page).text
    assert both.choose(page, exploited="mine", power="mine").status_code == 302
    assert (context_of(both.case).exploited, context_of(both.case).power) == ([], "")


def test_third_change_meanwhile_is_shown_before_anything_is_saved(both):
    both.change_meanwhile(how_known="Theirs", power="Theirs")
    page = both.send(how_known="Mine", power="Mine")
    both.change_meanwhile(2, how_known="Theirs again", power="Theirs")
    page = both.choose(page, how_known="mine", power="theirs")
    assert page.status_code == 409
    assert "Theirs again" in Sheet(page).text
    # Nobody chose against a text that they had not seen; what they had seen stays chosen.
    assert chosen_on(page) == {"power": "theirs"}
    assert both.choose(page, how_known="mine").status_code == 302
    assert (context_of(both.case).how_known, context_of(both.case).power) == ("Mine", "Theirs")


def test_third_change_of_another_field_does_not_hide_the_second(both):
    both.change_meanwhile(how_known="Theirs")
    page = both.send(how_known="Mine")
    both.change_meanwhile(2, how_known="Theirs", power="Theirs later")
    page = both.first.post(both.address, {k: v for k, v in Sheet(page).values.items() if not k.startswith("keep-")})
    assert page.status_code == 409 and chosen_on(page) == {"power": "theirs"}


def test_two_who_wrote_the_first_one(as_user, force, case):
    hand_over(case, force, force.other_investigator)
    address = f"/cases/{case.reference}/context/change/"
    as_user(force.other_investigator).post(address, context(relationship="FORMER_PARTNER", power=""))
    hand_over(case, force, force.investigator)
    page = as_user(force.investigator).post(address, context(relationship="NOT_KNOWN_YET", how_known="Mine"))
    assert page.status_code == 409
    # I left the relationship as it was when the case was logged; they did not.
    assert chosen_on(page) == {"relationship": "theirs", "power": "mine"}


def test_choices_that_do_not_fit_together_come_back_to_the_form(as_user, force, case):
    """A line that is pursued by the one and has no result by the other."""
    browser, address = as_user(force.investigator), f"/cases/{case.reference}/enquiries/1/"
    browser.post(f"/cases/{case.reference}/enquiries/add/", line(outcome="Begun"))
    browser.post(address, line(1, outcome=""))
    page = browser.post(address, line(1, state="PURSUED", outcome="Seen"))
    sent = {name: values[0] for name, values in Sheet(page).values.items()}
    page = browser.post(address, {**sent, "keep-state": "mine", "keep-outcome": "theirs"})
    sheet = assert_says(page, "outcome", "Say what came of it")
    assert sheet.values["state"] == ["PURSUED"] and sheet.values["version"] == ["2"]
    assert line_of(case).state == "PENDING"


def test_case_that_ended_meanwhile_takes_no_text(both, force):
    both.change_meanwhile(how_known="Theirs")
    page = both.send(how_known="Mine")
    with building():
        type(both.case).unguarded.filter(pk=both.case.pk).update(
            status="CLOSED", closed_at=both.case.logged_at, closed_by=force.inspector, closing_grounds="SUSPECT_DIED"
        )
    page = both.choose(page, how_known="mine")
    assert page.status_code == 409
    sheet = Sheet(page)
    assert "The case is closed. A Detective Inspector can re-open it." in sheet.summary
    assert sheet.values["how_known"] == ["Mine"]
    assert context_of(both.case).how_known == "Theirs"


def test_merged_text_that_is_sent_twice_is_saved_once(both):
    both.change_meanwhile(how_known="Theirs")
    page = both.send(how_known="Mine", once=ONCE.format(1))
    for _ in range(2):
        assert both.choose(page, how_known="mine").status_code == 302
    assert context_of(both.case).version == 3


def test_same_page_sent_again_with_other_words_loses_neither(both):
    """Back, a few more words, and send: the key of the form is used up, but the words are not the same."""
    once = {"once": ONCE.format(2)}
    assert both.send(how_known="First", **once).status_code == 302
    assert both.send(how_known="First", **once).status_code == 302
    page = both.send(how_known="First, and more", **once)
    assert page.status_code == 409
    assert both.choose(page, how_known="mine").status_code == 302
    assert context_of(both.case).how_known == "First, and more"


def test_mine_is_kept_as_a_draft_until_it_is_saved_or_discarded(both):
    both.change_meanwhile(how_known="Theirs")
    page = both.send(how_known="Mine")
    again = Sheet(both.first.get(both.address))
    assert again.values["how_known"] == ["Mine"] and again.values["version"] == ["1"]
    assert "When you save, you see both texts and choose." in again.text
    sent = {name: values[0] for name, values in Sheet(page).values.items()}
    answer = both.first.post(both.address, {**sent, "discard": "yes"})
    assert answer.headers["Location"] == f"/cases/{both.case.reference}/context/"
    assert Sheet(both.first.get(both.address)).values["how_known"] == ["Theirs"]
    with building():
        assert not Draft.unguarded.exists()


def test_plan_and_line_have_the_same_page(as_user, force, case):
    browser = as_user(force.investigator)
    browser.post(f"/cases/{case.reference}/plan/change/", plan())
    browser.post(f"/cases/{case.reference}/enquiries/add/", line())
    hand_over(case, force, force.other_investigator)
    other = as_user(force.other_investigator)
    other.post(f"/cases/{case.reference}/plan/change/", plan(1, story="Theirs"))
    other.post(f"/cases/{case.reference}/enquiries/1/", line(1, leads="AWAY"))
    hand_over(case, force, force.investigator)
    assert browser.post(f"/cases/{case.reference}/plan/change/", plan(1, story="Mine")).status_code == 409
    page = browser.post(f"/cases/{case.reference}/enquiries/1/", line(1, state="PURSUED", outcome="Seen"))
    assert page.status_code == 409 and "Away from the suspect" in Sheet(page).text
    assert chosen_on(page) == {"leads": "theirs", "state": "mine", "outcome": "mine"}
    assert plan_of(case).story == "Theirs" and line_of(case).state == "PENDING"


def test_operation_refuses_what_the_page_would_ask_about(both, force):
    """Under the lock, whatever the page did before."""
    answers = dict.fromkeys(CONTEXT_FIELDS, "")
    with pytest.raises(ChangedMeanwhile):
        operations.record_context(both.case, actor=actor(force.investigator), version=0, relationship="STRANGER", answers=answers)
