"""What a reviewer reads and is asked: what has changed, what the record shows, seven groups, the same answers once more."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import chronology, operations
from cases.enums import EventKind, Nature, ReviewGroup, Suspension
from cases.models import Action, Case, Draft, Event, Review, TimeLimit
from cases.review_groups import GROUP_OF, group_of
from tests import forms
from tests.worlds import MONDAY, Force, actor, at, building, set_clock

FOURTEENTH = MONDAY + timedelta(days=14)
TWENTY_EIGHTH = MONDAY + timedelta(days=28)
Browser = Callable[..., Client]


@pytest.fixture
def review(case: Case) -> Review:
    set_clock(at(FOURTEENTH))
    return review_number(case, 1)


@pytest.fixture
def second(as_user: Browser, force: Force, case: Case, review: Review) -> Review:
    """The 28-day review on its day, after a first one with every group satisfactory."""
    assert as_user(force.sergeant).post(address(review), forms.review()).status_code == 302
    set_clock(at(TWENTY_EIGHTH))
    return review_number(case, 2)


def review_number(case: Case, number: int) -> Review:
    with building():
        return Review.unguarded.get(case=case, number=number)


def is_signed(review: Review) -> bool:
    with building():
        return Review.unguarded.get(pk=review.pk).completed_at is not None


def address(review: Review) -> str:
    return reverse("review", args=[review.pk])


def read(browser: Client, review: Review, query: str = "") -> str:
    """The words of the page, without its marks and breaks."""
    page = html.unescape(browser.get(address(review) + query).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def note(case: Case, force: Force, kind: EventKind, moment: datetime, text: str = "", **more: object) -> Event:
    with building():
        return chronology.record(
            case,
            kind,
            by=force.investigator.pk,
            at=moment,
            now=moment,
            text=text,
            **more,  # type: ignore[arg-type]
        )


# What is read ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_entry_has_its_place() -> None:
    assert set(GROUP_OF) == set(EventKind)
    assert group_of(EventKind.ENTRY_STRUCK, EventKind.VICTIM_CONTACT) == ReviewGroup.VICTIM
    assert group_of(EventKind.LIMIT_SUSPENDED, None, "EARLY_ADVICE_DECISION") == ReviewGroup.PROSECUTOR
    assert group_of(EventKind.ENTRY_STRUCK) is None


def test_what_has_changed_stands_suspect_first_and_struck_entries_stay(
    as_user: Browser, force: Force, case: Case, second: Review
) -> None:
    note(case, force, EventKind.ENQUIRY, at(TWENTY_EIGHTH - timedelta(days=1)), "Bar asked.")
    note(case, force, EventKind.SUSPECT_STEP, at(TWENTY_EIGHTH - timedelta(days=5)), "House visited.")
    wrong = note(case, force, EventKind.ENQUIRY, at(TWENTY_EIGHTH - timedelta(days=3)), "Wrong house.")
    note(case, force, EventKind.NOTE, at(FOURTEENTH - timedelta(days=3)), "From before.")
    operations.strike_event(wrong, actor=actor(force.investigator), because="Typed into another case")
    page = read(as_user(force.inspector), second)
    assert "What has changed since 16 November 2026" in page
    assert page.index("House visited.") < page.index("Bar asked.") < page.index("Wrong house.")
    assert "Entered in error" in page and "Typed into another case" in page
    assert "From before." not in page
    assert "From before." in read(as_user(force.inspector), second, "?all=yes")


def test_suspect_and_safety_stand_apart_and_an_entry_says_what_it_answers(
    as_user: Browser, force: Force, case: Case, second: Review
) -> None:
    day = TWENTY_EIGHTH - timedelta(days=2)
    arrested = note(case, force, EventKind.SUSPECT_ARRESTED, at(day, 10), subject="S1")
    note(case, force, EventKind.VICTIM_TOLD, at(day, 12), "By telephone.", subject="V1", about_id=arrested.pk)
    page = read(as_user(force.inspector), second)
    first, rest = page.index("About the suspect and V1’s safety"), page.index("Everything else")
    told = page.index("About: Suspect arrested (S1), 28 November 2026. By telephone.")
    assert first < page.index("Suspect arrested (S1)") < rest < told


def test_first_review_reads_what_the_record_shows_before_what_happened(
    as_user: Browser, force: Force, case: Case, review: Review
) -> None:
    page = read(as_user(force.sergeant), review)
    assert page.index("What the record shows") < page.index("What has happened")
    assert "About the suspect and V1’s safety" in page and "Everything else" in page


def test_later_review_reads_what_changed_first(as_user: Browser, force: Force, second: Review) -> None:
    page = read(as_user(force.inspector), second)
    assert page.index("What has changed since") < page.index("What the record shows")


def test_groups_say_what_changed_and_what_was_answered(as_user: Browser, force: Force, case: Case, second: Review) -> None:
    for days in (1, 2):
        note(case, force, EventKind.ENQUIRY, at(TWENTY_EIGHTH - timedelta(days=days)))
    page = read(as_user(force.inspector), second)
    assert "Since last time: Enquiry made, 2 times. Last time: Satisfactory" in page
    assert "Bail and protective orders: nothing new. Last time: Satisfactory" in page
    answers = forms.review()
    del answers["bail"]
    refused = as_user(force.inspector).post(address(second), answers)
    assert refused.status_code == 422
    assert "Choose an answer for “Bail and protective orders”" in refused.content.decode()


def test_what_changed_in_a_group_stands_inside_it_below_its_name(as_user: Browser, force: Force, review: Review) -> None:
    page = html.unescape(as_user(force.sergeant).get(address(review)).content.decode())
    (group,) = (part for part in re.findall(r"<fieldset.*?</fieldset>", page, re.DOTALL) if "Bail and protective orders" in part)
    words = " ".join(re.sub(r"<[^>]+>", " ", group.split("<fieldset", 1)[1]).split())
    assert "Bail and protective orders Nothing recorded. Satisfactory" in words


def test_nothing_new(as_user: Browser, force: Force, second: Review) -> None:
    assert "Nothing has been recorded since 16 November 2026. Say below what will change that." in read(
        as_user(force.inspector), second
    )


def test_review_that_stood_down_is_not_the_last_one(as_user: Browser, force: Force, case: Case, second: Review) -> None:
    third = review_number(case, 3)
    with building():
        Review.unguarded.filter(pk=third.pk).update(
            completed_at=at(TWENTY_EIGHTH, 8), completed_by=force.inspector, result="STOOD_DOWN", own_words="Closed."
        )
    assert "What has changed since 16 November 2026" in read(as_user(force.inspector), second)


def test_directions_not_done_come_first(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    later, sooner = FOURTEENTH + timedelta(days=30), FOURTEENTH + timedelta(days=5)
    what = {1: ("Ask the laboratory", later), 2: ("See the witness", sooner), 3: ("Fetch the pictures", sooner)}
    typed = {}
    for number, (text, day) in what.items():
        prefix = f"direction-{number}-"
        typed |= {f"{prefix}what": text, f"{prefix}owner": str(force.investigator.pk), **forms.date_boxes(f"{prefix}due_on", day)}
    assert as_user(force.sergeant).post(address(review), forms.review("WITH_DIRECTIONS", **typed)).status_code == 302
    with building():
        done = Action.unguarded.get(case=case, what="Fetch the pictures")
    operations.complete_action(done, actor=actor(force.investigator), how="Fetched.", evidence="Exhibit 1")
    set_clock(at(TWENTY_EIGHTH))
    page = read(as_user(force.inspector), review_number(case, 2))
    late = page.index("See the witness (DC Invented Investigator, given 16 November 2026): Not done, 9 days late")
    assert late < page.index("Not yet due: due Wednesday 16 December") < page.index("Done, not verified yet")


# What the record shows -------------------------------------------------------------------------------------------------


def test_what_safety_hangs_on_says_that_nothing_is_recorded(as_user: Browser, force: Force, review: Review) -> None:
    page = read(as_user(force.sergeant), review)
    for row in (
        "Last step against the suspect None recorded",
        "Repeat-suspect check of S1 None recorded",
        "Last contact with V1 None recorded",
        "Not checked since",
        "Investigation plan Not set; 11 days late",
        "Context Not recorded",
        "Lines of enquiry None recorded",
        "Actions None given",
        "Open cases of the officer 1, counting only those that you may see",
    ):
        assert row in page
    for empty in ("Protective order ", "Device D", "Special measures for", "Bail of"):
        assert empty not in page


def test_record_is_read_from_what_stands(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    set_clock(at(FOURTEENTH, 12))
    taken = FOURTEENTH - timedelta(days=6)
    note(case, force, EventKind.SUSPECT_ARRESTED, at(taken, 10), subject="S1")
    until = FOURTEENTH + timedelta(days=5)
    note(case, force, EventKind.SUSPECT_BAILED, at(taken, 12), "Not to go near the bar.", subject="S1", until=until)
    note(case, force, EventKind.REPEAT_SUSPECT_CHECK, at(taken, 13), "Nothing found in three systems.", subject="S1")
    for device in ("D1", "D2"):
        note(case, force, EventKind.DEVICE_TAKEN, at(taken, 14), subject=device)
    note(case, force, EventKind.DEVICE_RETURNED, at(taken, 15), subject="D2")
    note(case, force, EventKind.VICTIM_CONTACT, at(FOURTEENTH - timedelta(days=2)), subject="V1")
    note(case, force, EventKind.THIRD_PARTY_MATERIAL, at(taken, 16), "Asked the bar.")
    wrong = note(case, force, EventKind.RELEASED_WITHOUT_CHARGE, at(taken, 17), subject="S1")
    operations.strike_event(wrong, actor=actor(force.investigator), because="Another suspect")
    with building():
        limit = TimeLimit.unguarded.get(case=case, rule__code="TELL_ARREST")
    operations.suspend_limit(limit, actor=actor(force.sergeant), why=Suspension.SAFETY, text="He reads her messages")
    page = read(as_user(force.sergeant), review)
    for row in (
        "Suspect S1 Named. On bail, 10 November (6 days ago)",
        "Bail of S1 Saturday 21 November: bail ends in 5 days",
        "Last step against the suspect Suspect released on bail (S1), 10 November (6 days ago): Not to go near the bar.",
        "Repeat-suspect check of S1 10 November (6 days ago): Nothing found in three systems.",
        "Last contact with V1 Contact with V1, 14 November (2 days ago)",
        "Tell V1 about the arrest: suspended since 16 November (today)",
        "Tell V1 about bail or release under investigation: 5 days late",
        "Device D1 held Since 10 November (6 days ago); return 4 days late, was due Wednesday 11 November at 14:00",
        "Third-party material 10 November (6 days ago): Asked the bar.",
    ):
        assert row in page
    assert "Device D2" not in page and "Tell V1 about the release" not in page


def test_opinion_and_intelligence_are_marked(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    note(case, force, EventKind.NOTE, at(FOURTEENTH - timedelta(days=1)), "He will run.", nature=Nature.OPINION)
    assert "Opinion He will run." in read(as_user(force.sergeant), review)


# Signing ---------------------------------------------------------------------------------------------------------------


def test_same_answers_are_confirmed_once_more(as_user: Browser, force: Force, second: Review) -> None:
    inspector = as_user(force.inspector)
    asked = inspector.post(address(second), forms.review(own_words="Nothing to add."))
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "Your answers are the same as on 16 November 2026. Check them, then complete the review again to confirm." in page
    assert "Nothing to add." in page
    assert not is_signed(second)
    again = forms.confirmed(forms.review(own_words="Nothing to add."), asked.content)
    assert inspector.post(address(second), again).status_code == 302
    assert "Same answers as last time, confirmed." in read(inspector, second)


@pytest.mark.parametrize("said", ["yes", "true", "1"])
def test_nobody_confirms_what_they_were_not_asked(as_user: Browser, force: Force, second: Review, said: str) -> None:
    """The confirmation is signed by the page, for this review, this reader and these answers."""
    inspector = as_user(force.inspector)
    answers = forms.review(own_words="Nothing to add.")
    assert inspector.post(address(second), {**answers, "is_same_again": said}).status_code == 409
    signed = forms.confirmed(answers, inspector.post(address(second), answers).content)["is_same_again"]
    assert inspector.post(address(second), {**answers, "is_same_again": f"{signed[:-1]}."}).status_code == 409
    assert not is_signed(second)


def test_other_answers_need_no_confirmation_and_a_draft_never_confirms(as_user: Browser, force: Force, second: Review) -> None:
    inspector = as_user(force.inspector)
    inspector.post(address(second), forms.review(later="yes", is_same_again="yes"))
    with building():
        assert "is_same_again" not in Draft.unguarded.get(form="review").payload
    changed = forms.review(bail="NEEDS_ACTION", bail_text="Ask for conditions.")
    assert inspector.post(address(second), changed).status_code == 302
    assert "Same answers as last time" not in read(inspector, second)


def test_same_form_sent_twice_is_done_once(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    answers = forms.review(once="01a21393-b702-7f39-a98b-c125b8def71e")
    for _ in range(2):
        assert as_user(force.sergeant).post(address(review), answers).status_code == 302
    with building():
        assert Event.unguarded.filter(case=case, kind=EventKind.REVIEW_COMPLETED).count() == 1


def test_review_that_a_closed_case_does_not_need_says_so(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    with building():
        Review.unguarded.filter(pk=review.pk).update(
            completed_at=at(FOURTEENTH, 8), completed_by=force.inspector, result="STOOD_DOWN", own_words="Closed."
        )
    for who in (force.sergeant, force.inspector):
        answer = as_user(who).post(address(review), forms.review())
        assert answer.status_code == 409
        said = html.unescape(answer.content.decode())
        assert "This review is not needed: the case was closed at 08:00 by DI Invented Inspector." in said
        assert "was completed at" not in said


def test_too_early_the_page_says_from_when(as_user: Browser, force: Force, case: Case, review: Review) -> None:
    set_clock(at(FOURTEENTH - timedelta(days=6)))
    page = read(as_user(force.sergeant), review)
    assert "It can be completed from 11 November 2026." in page and "Complete review" not in page
    set_clock(at(FOURTEENTH - timedelta(days=5)))
    assert "Complete review" in read(as_user(force.sergeant), review)
