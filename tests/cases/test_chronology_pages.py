"""The chronology of a case: looked through, added to, put right."""

from datetime import date, timedelta

import pytest

from cases import operations
from cases.entry_groups import ENTRY_GROUPS
from cases.enums import EventKind, Nature
from cases.models import Draft, Event, TimeLimit
from cases.queries.chronology import called
from cases.rulepacks import RuleCode
from tests import forms
from tests.cases.rows import nothing_saved
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

TUESDAY = MONDAY + timedelta(days=1)


def add(case, force, kind, hour=8, day=TUESDAY, text="Invented words", **more):
    moment = at(day, hour)
    return operations.record_event(case, actor=actor(force.investigator), kind=kind, at=moment, text=text, **more)


def answers(kind, /, hour=8, **changed):
    return {"kind": kind, "text": "What was done", **forms.moment_boxes("at", at(TUESDAY, hour)), **changed}


def page(as_user, user, case, query=""):
    return Sheet(as_user(user).get(f"/cases/{case.reference}/chronology/{query}")).text


def post(as_user, force, case, data, user=None):
    return as_user(user or force.investigator).post(f"/cases/{case.reference}/chronology/add/", data)


def events(case, **wanted):
    with building():
        return list(Event.unguarded.filter(case=case, **wanted).order_by("happened_at", "pk"))


def limit(case, code):
    with building():
        return TimeLimit.unguarded.select_related("stopped_by").get(case=case, rule__code=code)


def test_every_kind_of_entry_stands_in_one_group():
    stated = [kind for kinds in ENTRY_GROUPS.values() for kind in kinds]
    assert sorted(stated) == sorted(EventKind)


# Looked through -------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(case, force):
    (arrest,) = add(case, force, EventKind.SUSPECT_ARRESTED, text="The arrest")
    add(case, force, EventKind.NOTE, text="What she thinks", nature=Nature.OPINION)
    add(case, force, EventKind.ENQUIRY, day=MONDAY, hour=10, text="The enquiry")
    add(case, force, EventKind.VICTIM_TOLD, text="The telling", about=[arrest.pk])
    return arrest


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("", ["The arrest", "What she thinks", "The enquiry", "The telling"], []),
        ("?kind=GROUP_SUSPECT", ["The arrest"], ["What she thinks", "The enquiry", "The telling"]),
        ("?kind=SUSPECT_BAILED", [], ["The arrest", "The telling"]),
        ("?subject=V1", ["The telling"], ["The arrest", "The enquiry"]),
        ("?nature=OPINION", ["What she thinks"], ["The arrest"]),
        ("?ends_day=2&ends_month=11&ends_year=2026", ["The enquiry"], ["The arrest"]),
        ("?begins_day=3&begins_month=11&begins_year=2026", ["The arrest"], ["The enquiry"]),
    ],
)
def test_filters(as_user, force, case, told, query, there, gone):
    text = page(as_user, force.sergeant, case, query)
    assert all(words in text for words in there)
    assert not [words for words in gone if words in text]
    assert there or "No entry matches these filters." in text


def test_answer_says_to_what_and_opinion_says_that_it_is_one(as_user, force, case, told):
    assert "About: Suspect arrested (S1), 3 November 2026" in page(as_user, force.sergeant, case, "?kind=VICTIM_TOLD")
    assert "Opinion" in page(as_user, force.sergeant, case, "?kind=NOTE").split("newest first")[1]


def test_filter_with_days_in_the_wrong_order_says_so(as_user, force, case):
    query = "?begins_day=3&begins_month=11&begins_year=2026&ends_day=2&ends_month=11&ends_year=2026"
    answer = as_user(force.sergeant).get(f"/cases/{case.reference}/chronology/{query}")
    assert_says(answer, "ends", "Enter a day that is not before the first one", status=200)


def test_pages_follow_each_other_without_loss(as_user, force, case):
    for number in range(60):
        add(case, force, EventKind.NOTE, hour=8, text=f"Note {number:03}")
    browser = as_user(force.sergeant)
    first = browser.get(f"/cases/{case.reference}/chronology/?kind=NOTE").content.decode()
    (following,) = {part.split('"')[0] for part in first.split('href="') if "before=" in part.split('"')[0]}
    second = browser.get(following.replace("&amp;", "&")).content.decode()
    on = [{number for number in range(60) if f"Note {number:03}" in text} for text in (first, second)]
    assert [len(numbers) for numbers in on] == [50, 10]
    assert on[0] | on[1] == set(range(60))
    assert "Next page" not in second and "Back to the first page" in second


# Added to -------------------------------------------------------------------------------------------------------------


def test_adding_says_what_it_met_and_what_runs_now(as_user, force, case):
    browser = as_user(force.investigator)
    address = f"/cases/{case.reference}/chronology/add/"
    shown = browser.post(address, answers("SUSPECT_ARRESTED"), follow=True)
    assert "Added. Now runs: Tell V1 about the arrest, due 4 November 2026." in Sheet(shown).text
    (arrest,) = events(case, kind="SUSPECT_ARRESTED")
    assert arrest.subject == "S1"
    shown = browser.post(address, answers("VICTIM_TOLD", about=[str(arrest.pk)]), follow=True)
    assert "Added. Met: Tell V1 about the arrest." in Sheet(shown).text
    assert limit(case, RuleCode.TELL_ARREST).met_at == at(TUESDAY, 8)


def test_device_gets_the_next_number_and_runs_to_the_minute(as_user, force, case):
    shown = as_user(force.investigator).post(
        f"/cases/{case.reference}/chronology/add/", answers("DEVICE_TAKEN", subject="NEW_DEVICE"), follow=True
    )
    assert "Now runs: Return or replace the device (D1), due 4 November 2026 at 08:00." in Sheet(shown).text


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"kind": "VICTIM_TOLD"}, "about", "Choose what V1 was told about"),
        ({"kind": "SUSPECT_BAILED"}, "until", "Enter the day on which bail ends"),
        ({"kind": "SUSPECT_BAILED", **forms.date_boxes("until", MONDAY)}, "until", "Bail cannot end before it begins"),
        ({"kind": "BAIL_CHANGED", "until_day": "40"}, "until", "Enter the month and year"),
        ({"kind": "SUSPECT_ARRESTED", "subject": "V1"}, "subject", "Choose which suspect it is about"),
        ({"kind": "DEVICE_RETURNED"}, "subject", "No device is recorded as taken. Add “Device taken” first"),
        ({"kind": "NOTE", "subject": "S9"}, "subject", "Choose one of the answers in the list"),
        ({"kind": "NOTE", "nature": "RUMOUR"}, "nature", "Choose one of the answers in the list"),
        ({"kind": "VICTIM_TOLD", "about": "x"}, "about", "Choose only answers in the list"),
    ],
)
def test_what_a_kind_needs_is_asked_for_beside_the_field(as_user, force, case, told, changed, field, sentence):
    add(case, force, EventKind.SUSPECT_INTERVIEWED)
    data = answers("NOTE", **changed)
    with nothing_saved():
        sheet = assert_says(post(as_user, force, case, data), field, sentence)
    assert_kept(sheet, {name: data[name] for name in ("kind", "text", "at_day")})


def test_what_a_kind_does_not_need_is_left_aside(as_user, force, case, told):
    data = answers("NOTE", until_day="40", about="x", subject="NEW_DEVICE", text="Left aside")
    assert post(as_user, force, case, data).status_code == 302
    (note,) = events(case, text="Left aside")
    assert (note.until, note.about_id, note.subject, note.nature) == (None, None, "", "FACT")


def test_told_of_nothing_leads_to_contact(as_user, force, case):
    assert_says(
        post(as_user, force, case, answers("VICTIM_TOLD")),
        "kind",
        "There is nothing now that V1 must be told about. Choose “Contact with V1”",
    )


def test_entry_of_another_case_is_never_what_v1_was_told_of(as_user, force, case, told):
    other = log_case(force)
    (elsewhere,) = add(other, force, EventKind.SUSPECT_ARRESTED)
    add(case, force, EventKind.SUSPECT_INTERVIEWED)
    with nothing_saved():
        answer = post(as_user, force, case, answers("VICTIM_TOLD", about=[str(elsewhere.pk)]))
    assert_says(answer, "about", "Choose only answers in the list")


def test_form_is_filled_in_from_the_address(as_user, force, case):
    (arrest,) = add(case, force, EventKind.SUSPECT_ARRESTED)
    address = f"/cases/{case.reference}/chronology/add/?kind=VICTIM_TOLD&subject=V1&about={arrest.pk}"
    values = Sheet(as_user(force.investigator).get(address)).values
    assert (values["kind"], values["subject"], values["about"]) == (["VICTIM_TOLD"], ["V1"], [str(arrest.pk)])


def test_entry_sent_twice_is_written_once(as_user, force, case):
    browser = as_user(force.investigator)
    address = f"/cases/{case.reference}/chronology/add/"
    (key,) = Sheet(browser.get(address)).values["once"]
    for _ in range(2):
        assert browser.post(address, answers("ENQUIRY", once=key)).status_code == 302
    assert len(events(case, kind="ENQUIRY")) == 1


def test_page_sent_again_with_other_words_adds_another_entry(as_user, force, case):
    """After “Back”: what was typed then must not get lost behind “sent twice”."""
    browser = as_user(force.investigator)
    address = f"/cases/{case.reference}/chronology/add/"
    (key,) = Sheet(browser.get(address)).values["once"]
    for text in ("The first text.", "The second text.", "The second text."):
        assert browser.post(address, answers("ENQUIRY", once=key, text=text)).status_code == 302
    assert sorted(one.text for one in events(case, kind="ENQUIRY")) == ["The first text.", "The second text."]
    # What a browser kept by itself and sends too late is not kept, whatever it says.
    assert browser.post(f"{address}?autosave=yes", answers("ENQUIRY", once=key, text="The third")).status_code == 409


def test_what_is_typed_is_kept_until_it_is_sent(as_user, force, case):
    browser = as_user(force.investigator)
    address = f"/cases/{case.reference}/chronology/add/"
    assert browser.post(f"{address}?autosave=yes", answers("ENQUIRY", text="Half a sen")).status_code == 204
    sheet = Sheet(browser.get(address))
    assert sheet.values["text"] == ["Half a sen"] and not sheet.summary
    assert Sheet(as_user(force.sergeant).get(f"/cases/{case.reference}/chronology/")).text.count("Half a sen") == 0
    browser.post(address, answers("ENQUIRY", text="Half a sentence"))
    with building():
        assert not Draft.unguarded.exists()


# Put right ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "subject", "title"),
    [
        ("VICTIM_TOLD", "V1", "V1 told"),
        ("VICTIM_CONTACT", "V1", "Contact with V1"),
        ("VICTIM_CONTACT", "V2", "Contact with V2"),
        ("SUPPORT_REFERRED", "V1", "Support referral made or declined (V1)"),
        ("SUSPECT_ARRESTED", "S1", "Suspect arrested (S1)"),
        ("VICTIM_TOLD", "", "V1 told"),
        ("NOTE", "", "Note"),
    ],
)
def test_title_names_whom_it_is_about_once(kind, subject, title):
    assert called(Event(kind=kind, subject=subject)) == title


def test_page_says_what_striking_will_do_and_it_does_that(as_user, force, case, told):
    set_clock(at(date(2026, 11, 7), 9))
    (telling,) = events(case, kind="VICTIM_TOLD")
    browser = as_user(force.investigator)
    address = f"/cases/{case.reference}/chronology/{telling.pk}/strike/"
    text = Sheet(browser.get(address)).text
    assert "Tell V1 about the arrest runs again. It would be 3 days late, was due Wednesday 4 November." in text
    browser.post(address, {"because": "It was another case"})
    shown = page(as_user, force.sergeant, case)
    assert "Struck out as made in error by DC Invented Investigator on 7 November 2026 at 09:00: It was another case" in shown
    assert "Struck out: V1 told, 3 November 2026" in shown
    running = limit(case, RuleCode.TELL_ARREST)
    assert (running.met_at, running.due_on) == (None, date(2026, 11, 4))
    assert "The telling" not in page(as_user, force.sergeant, case, "?struck=left-out")


def test_striking_the_start_takes_the_limit_away(as_user, force, case):
    (arrest,) = add(case, force, EventKind.SUSPECT_ARRESTED)
    address = f"/cases/{case.reference}/chronology/{arrest.pk}/strike/"
    text = Sheet(as_user(force.sergeant).get(address)).text
    assert "Tell V1 about the arrest, due 4 November 2026, falls away, because what started it did not happen." in text
    as_user(force.sergeant).post(address, {"because": "Another man"})
    assert limit(case, RuleCode.TELL_ARREST).state.value == "void"


@pytest.mark.parametrize("because", ["", "x" * 2001, "not\x0bshown"])
def test_striking_needs_a_reason(as_user, force, case, told, because):
    with nothing_saved():
        answer = as_user(force.investigator).post(f"/cases/{case.reference}/chronology/{told.pk}/strike/", {"because": because})
    assert answer.status_code == 422
    assert "because" in "".join(Sheet(answer).summary.values())


def test_entry_that_an_act_wrote_says_how_it_is_put_right(as_user, force, case):
    (recorded,) = events(case, kind="CASE_RECORDED")
    address = f"/cases/{case.reference}/chronology/{recorded.pk}/strike/"
    assert "This entry was written by an act." in Sheet(as_user(force.investigator).get(address)).text
    with nothing_saved():
        answer = as_user(force.investigator).post(address, {"because": "No reason"})
    assert answer.status_code == 409 and "This entry was written by an act." in Sheet(answer).text


def test_entry_of_another_case_cannot_be_struck_here(as_user, force, case):
    (elsewhere,) = add(log_case(force), force, EventKind.ENQUIRY)
    address = f"/cases/{case.reference}/chronology/{elsewhere.pk}/strike/"
    assert as_user(force.investigator).get(address).status_code == 404
    assert as_user(force.investigator).post(address, {"because": "x"}).status_code == 404


def test_liaison_officer_reads_and_strikes_nothing(as_user, force, case, told):
    assert "Entered in error" in page(as_user, force.sergeant, case)
    assert as_user(force.other_investigator).get(f"/cases/{case.reference}/chronology/").status_code == 404


def test_case_page_shows_the_newest_ten_and_says_what_is_an_opinion(as_user, force, case, told):
    for number in range(9):
        add(case, force, EventKind.ENQUIRY, hour=9, text=f"Later {number}")
    address = f"/cases/{case.reference}/"
    text = Sheet(as_user(force.sergeant).get(address)).text
    assert "The telling" in text and "What she thinks" not in text and "See every entry" in text
    add(case, force, EventKind.NOTE, hour=9, text="A thought", nature=Nature.INTELLIGENCE)
    text = Sheet(as_user(force.sergeant).get(address)).text.split("Latest entries")[1]
    assert "Intelligence A thought" in text
