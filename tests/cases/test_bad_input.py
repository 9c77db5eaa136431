"""Whatever is typed into the forms of cases: a clear sentence where it belongs, all typed text kept, nothing half saved."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from cases import operations
from cases.models import Action, Case, Draft, OffenceType, Review
from tests import forms
from tests.cases.rows import nothing_saved, operational_rows
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, Force, actor, at, building, log_case, set_clock

WHEN, WHAT, SAFETY, CHECK = "/cases/log/", "/cases/log/what/", "/cases/log/safety/", "/cases/log/check/"
TOMORROW = at(MONDAY + timedelta(days=1), 9)
LONG = "é" * 100_001
NOT_IN_THE_LIST = "Choose one of the answers in the list"


@pytest.fixture
def officer(as_user: Callable[..., Client], force: Force) -> Client:
    set_clock(at(MONDAY, 10))
    return as_user(force.investigator)


@pytest.fixture
def refused(force: Force) -> Iterator[None]:
    """Whatever this test sends is refused, and so no operational table has a row more or less afterwards."""
    with nothing_saved():
        yield


# When ----------------------------------------------------------------------------------------------------------------


def boxes(day: str, month: str, year: str, time: str = "") -> dict[str, str]:
    return {"_day": day, "_month": month, "_year": year, **({"_time": time} if time else {})}


def typed_into(name: str, parts: dict[str, str]) -> dict[str, str]:
    return {f"{name}{part}": text for part, text in parts.items()}


@pytest.mark.parametrize(
    ("name", "parts", "sentence"),
    [
        ("reported_at", boxes("3", "11", "2026", "09:00"), "The report cannot be later than now."),
        ("recorded_at", boxes("3", "11", "2026", "09:00"), "The time of recording cannot be later than now."),
        ("recorded_at", boxes("2", "11", "2026", "08:59"), "Recorded cannot be before reported."),
        ("reported_at", boxes("29", "2", "2025", "09:00"), "Enter a real date"),
        ("reported_at", boxes("31", "4", "2026", "09:00"), "Enter a real date"),
        ("reported_at", boxes("0", "13", "2026", "09:00"), "Enter a real date"),
        ("reported_at", boxes("²", "11", "2026", "09:00"), "Enter a real date"),
        ("reported_at", boxes("2", "11", "26", "09:00"), "Enter the year with 4 digits"),
        ("reported_at", boxes("2", "11", "1492", "09:00"), "Enter a year from 1900"),
        ("reported_at", boxes("2", "11", "9999", "09:00"), "The report cannot be later than now."),
        ("reported_at", boxes("2", "11", "99999999999999999999", "09:00"), "Enter a real date"),
        ("reported_at", boxes("", "11", "2026", "09:00"), "Enter the day"),
        ("reported_at", boxes("2", "11", "2026", "25:00"), "Enter a time between 00:00 and 23:59"),
        ("reported_at", boxes("2", "11", "2026", "noon"), "Enter the time like 14:30"),
        (
            "reported_at",
            boxes("29", "3", "2026", "01:30"),
            "01:30 did not happen on 29 March 2026, because the clocks went forward. Check the time.",
        ),
    ],
)
def test_wrong_time(refused: None, officer: Client, name: str, parts: dict[str, str], sentence: str) -> None:
    typed = forms.when(at(MONDAY, 9), **typed_into(name, parts))
    assert_kept(assert_says(officer.post(WHEN, typed), name, sentence), typed)


@pytest.mark.parametrize(
    ("moment", "time"),
    [(at(date(2024, 2, 29), 9), "09:00"), (at(date(2025, 10, 26), 1, 30), "01:30")],
    ids=["29 February", "twice"],
)
def test_rare_times_are_right(refused: None, officer: Client, moment: object, time: str) -> None:
    answer = officer.post(WHEN, forms.when(moment, at(MONDAY, 9)))  # type: ignore[arg-type]
    assert answer.headers["Location"] == WHAT


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"crime_number": ""}, "crime_number", "Enter the crime number"),
        ({"crime_number": "   "}, "crime_number", "Enter the crime number"),
        ({"crime_number": "INV/" + "1" * 40}, "crime_number", "Shorten this to 40 characters or fewer. It has 44."),
        ({"crime_number": LONG}, "crime_number", "Shorten this to 40 characters or fewer. It has 100,001."),
        (
            {"crime_number": "INV\x1b1/26"},
            "crime_number",
            "Delete the character that cannot be shown after “INV”. It may have come from copying.",
        ),
        (
            {"crime_number": "\u202e62/1/VNI"},
            "crime_number",
            "Delete the character that cannot be shown at the start of a line. It may have come from copying.",
        ),
        ({"reported_how": "TELEPATHY"}, "reported_how", NOT_IN_THE_LIST),
        ({"place": "MOON"}, "place", NOT_IN_THE_LIST),
        ({"place": ""}, "place", "Choose where it happened"),
        ({"happened_when": ""}, "happened_when", "Choose when it happened, or Not known"),
        ({"happened_when": "ON"}, "happened_on", "Enter the date it happened"),
        (
            {"happened_when": "ON", **forms.date_boxes("happened_on", MONDAY + timedelta(days=1))},
            "happened_on",
            "It cannot have happened later than today.",
        ),
        (
            {
                "happened_when": "BETWEEN",
                **forms.date_boxes("happened_from", date(2026, 8, 2)),
                **forms.date_boxes("happened_to", date(2026, 8, 1)),
            },
            "happened_to",
            "The last possible date must be after the first. For one day choose On one date.",
        ),
    ],
)
def test_wrong_answer_on_the_first_page(
    refused: None, officer: Client, changed: dict[str, str], field: str, sentence: str
) -> None:
    typed = forms.when(at(MONDAY, 9), **changed)
    sheet = assert_says(officer.post(WHEN, typed), field, sentence)
    kept = {name: text for name, text in typed.items() if text.strip() and text not in ("TELEPATHY", "MOON")}
    assert_kept(sheet, kept)


def test_nul_is_refused_like_other_characters_that_cannot_be_shown(refused: None, officer: Client) -> None:
    typed = forms.when(at(MONDAY, 9), crime_number="INV\x001/26")
    said = "Delete the character that cannot be shown after “INV”. It may have come from copying."
    assert_says(officer.post(WHEN, typed), "crime_number", said)


# What and who --------------------------------------------------------------------------------------------------------


def offence(**wanted: object) -> OffenceType:
    return OffenceType.objects.filter(**wanted).order_by("order")[0]


def test_offence_that_was_not_in_force(refused: None, officer: Client) -> None:
    happened = {"happened_when": "ON", **forms.date_boxes("happened_on", date(2010, 6, 1))}
    officer.post(WHEN, forms.when(at(MONDAY, 9), **happened))
    later = offence(profile="JE", valid_from=date(2018, 11, 23), valid_to=None)
    typed = forms.what(offence=str(later.pk))
    sentence = f"{later} began on 23 November 2018. For 2010 choose from the customary-law list below."
    sheet = assert_says(officer.post(WHAT, typed), "offence", sentence)
    assert_kept(sheet, {name: text for name, text in typed.items() if name != "offence"})


@pytest.mark.parametrize("which", ["of another profile", "unknown", "not a number"])
def test_offence_that_is_not_ours(refused: None, officer: Client, which: str) -> None:
    officer.post(WHEN, forms.when(at(MONDAY, 9)))
    chosen = {"of another profile": str(offence(profile="EW").pk), "unknown": "999999", "not a number": "1 OR 1=1"}[which]
    assert_says(officer.post(WHAT, forms.what(offence=chosen)), "offence", NOT_IN_THE_LIST)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"offence": ""}, "offence", "Choose the offence"),
        (
            {"victim_name": "In\u0007vented"},
            "victim_name",
            "Delete the character that cannot be shown after “In”. It may have come from copying.",
        ),
        ({"victim_name": "x" * 201}, "victim_name", "Shorten this to 200 characters or fewer. It has 201."),
        ({"suspect_name": ""}, "suspect_name", "Enter the name of S1, or choose Described or Not known"),
        ({"suspect_known": "DESCRIBED"}, "suspect_description", "Describe S1, or choose Not known"),
        (
            {"suspect_known": "DESCRIBED", "suspect_description": LONG},
            "suspect_description",
            "Shorten this to 2,000 characters or fewer. It has 100,001.",
        ),
        ({"suspects": ""}, "suspects", "Enter how many suspects there are"),
        ({"suspects": "some"}, "suspects", "Enter a whole number, for example 1"),
        ({"suspects": "1.5"}, "suspects", "Enter a whole number, for example 1"),
        ({"suspects": "NaN"}, "suspects", "Enter a whole number, for example 1"),
        ({"suspects": "0"}, "suspects", "Enter 1 or more. Where nobody is known yet, that is one unknown suspect."),
        ({"suspects": "-1"}, "suspects", "Enter 1 or more. Where nobody is known yet, that is one unknown suspect."),
        ({"suspects": "21"}, "suspects", "Enter 20 or fewer"),
        ({"suspects": "9" * 30}, "suspects", "Enter 20 or fewer"),
        ({"suspects": "9" * 5000}, "suspects", "Enter a whole number, for example 1"),
    ],
)
def test_wrong_answer_on_the_second_page(
    refused: None, officer: Client, changed: dict[str, str], field: str, sentence: str
) -> None:
    officer.post(WHEN, forms.when(at(MONDAY, 9)))
    typed = forms.what(**changed)
    assert_kept(assert_says(officer.post(WHAT, typed), field, sentence), typed)


# Safety and people ---------------------------------------------------------------------------------------------------


def test_unsafe_without_a_word_about_it(refused: None, officer: Client, force: Force) -> None:
    typed = forms.safety(force, officer=force.investigator, safe_now="NO")
    sheet = assert_says(officer.post(SAFETY, typed), "safety_steps", "Say what was done to make V1 safe or to find out")
    assert_kept(sheet, typed)


@pytest.mark.parametrize("field", ["unit", "officer", "supervisor", "connected"])
def test_person_or_unit_that_is_not_ours_is_answered_like_one_that_does_not_exist(
    refused: None, officer: Client, force: Force, field: str
) -> None:
    ours = forms.safety(force, officer=force.investigator, has_connected_staff="yes", connected="none")
    others = str(force.people["ISVA"].pk) if field != "unit" else "888888"
    for key in (others, "999999", "9" * 30, "-1", "x"):
        assert_says(officer.post(SAFETY, {**ours, field: key}), field, NOT_IN_THE_LIST)


def test_supervisor_of_another_unit(refused: None, officer: Client, force: Force) -> None:
    typed = forms.safety(force, officer=force.investigator, supervisor=force.other_sergeant)
    sheet = assert_says(
        officer.post(SAFETY, typed), "supervisor", "They do not supervise this unit. Choose one of its supervisors."
    )
    assert_kept(sheet, typed)


def test_somebody_who_supervises_nothing(refused: None, officer: Client, force: Force) -> None:
    typed = forms.safety(force, officer=force.investigator, supervisor=force.liaison_officer)
    assert_says(officer.post(SAFETY, typed), "supervisor", NOT_IN_THE_LIST)


# The act -------------------------------------------------------------------------------------------------------------


def fill(officer: Client, force: Force, **changed: str) -> None:
    officer.post(WHEN, forms.when(at(MONDAY, 9), **changed))
    officer.post(WHAT, forms.what())
    officer.post(SAFETY, forms.safety(force, officer=force.investigator))


TAKEN = "This crime number cannot be logged here. Ask your supervisor to check."


@pytest.mark.parametrize("whose", ["own", "somebody else’s", "restricted"])
def test_crime_number_that_is_taken_is_refused_in_the_same_words_whoever_has_it(
    officer: Client, force: Force, whose: str
) -> None:
    by = {"own": force.investigator, "somebody else’s": force.other_investigator, "restricted": force.other_investigator}[whose]
    log_case(force, by=by, crime_number="INV/7/26", has_connected_staff=whose == "restricted")
    fill(officer, force, crime_number=" inv/7/26 ")
    with nothing_saved():
        answer = officer.post(CHECK)
    assert answer.status_code == 409
    assert TAKEN in Sheet(answer).summary
    with building():
        assert Draft.unguarded.count() == 1


def test_same_form_sent_twice_logs_one_case(officer: Client, force: Force) -> None:
    fill(officer, force)
    first, second = officer.post(CHECK), officer.post(CHECK)
    assert first.headers["Location"] == second.headers["Location"] == "/cases/log/done/"
    with building():
        assert Case.unguarded.count() == 1


def test_check_page_leads_back_to_what_is_not_right(officer: Client, force: Force) -> None:
    fill(officer, force, place="")
    for answer in (officer.get(CHECK), officer.post(CHECK)):
        assert answer.headers["Location"] == f"{WHEN}?check=1"
    assert_says(officer.get(f"{WHEN}?check=1"), "place", "Choose where it happened", status=200)


def test_fields_that_no_form_has_change_nothing(officer: Client, force: Force) -> None:
    extra = {
        "is_restricted": "on",
        "logged_by": "1",
        "status": "RECORDED",
        "reference": "JE-2026-00001",
        "version": "99",
        "id": "1",
    }
    officer.post(WHEN, forms.when(at(MONDAY, 9), **extra))
    officer.post(WHAT, forms.what(**extra))
    officer.post(SAFETY, forms.safety(force, officer=force.investigator, **extra))
    officer.post(CHECK, {**extra, "crime_number": "INV/OTHER"})
    with building():
        case = Case.unguarded.get()
    assert (case.crime_number, case.is_restricted, case.logged_by_id) == ("INV/0001/26", False, force.investigator.pk)
    assert case.reference != "JE-2026-00001"


# On a case -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(as_user: Callable[..., Client], force: Force, case: Case) -> Client:
    return as_user(force.investigator)


EVENT = {"kind": "NOTE", "text": "Seen.", **forms.moment_boxes("at", at(MONDAY, 9))}


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"kind": "REVIEW_COMPLETED"}, "kind", NOT_IN_THE_LIST),
        ({"kind": ""}, "kind", "Choose what happened"),
        ({"text": ""}, "text", "Say what was done or learned"),
        ({"text": LONG}, "text", "Shorten this to 100,000 characters or fewer. It has 100,001."),
        (
            {"text": "Seen\x0bher"},
            "text",
            "Delete the character that cannot be shown after “Seen”. It may have come from copying.",
        ),
        ({"at_year": "2027"}, "at", "It cannot have happened later than now."),
        ({"at_time": ""}, "at", "Enter the time"),
    ],
)
def test_wrong_entry_in_the_chronology(owner: Client, case: Case, changed: dict[str, str], field: str, sentence: str) -> None:
    typed = {**EVENT, **changed}
    with nothing_saved():
        sheet = assert_says(owner.post(f"/cases/{case.reference}/chronology/add/", typed), field, sentence)
    assert_kept(sheet, {name: text for name, text in typed.items() if text != "REVIEW_COMPLETED"})


def test_text_of_100_000_characters_is_taken_as_it_is(owner: Client, case: Case) -> None:
    text = "é\r\n" * 50_000
    assert owner.post(f"/cases/{case.reference}/chronology/add/", {**EVENT, "text": text}).status_code == 302


def test_reference_of_somebody_else_is_answered_like_one_that_does_not_exist(owner: Client, force: Force, case: Case) -> None:
    others = log_case(force, by=force.other_investigator)
    before = operational_rows()
    for path, data in (
        ("", {}),
        ("names/", {}),
        ("history/", {}),
        ("chronology/add/", EVENT),
        ("allocate/", {"officer": str(force.investigator.pk)}),
        ("actions/1/done/", {"how": "Done."}),
        ("suspects/1/", {"version": "1", "known": "NOT_KNOWN"}),
    ):
        for send in (owner.get, owner.post):
            hidden, absent = (send(f"/cases/{reference}/{path}", data) for reference in (others.reference, "JE-2026-99999"))
            assert hidden.status_code == absent.status_code, path
            if hidden.status_code != 405:
                assert hidden.status_code == 404
                assert Sheet(hidden).text.replace(others.reference, "") == Sheet(absent).text.replace("JE-2026-99999", "")
    assert operational_rows() == before


@pytest.mark.parametrize("reference", ["je-2026-00001", "JE-2026-000001", "JE-2026-00001%00", "JE-2026-1", "..%2fhome", "%ff"])
def test_reference_of_a_strange_shape(owner: Client, reference: str) -> None:
    assert owner.get(f"/cases/{reference}/").status_code == 404


def test_officer_that_is_not_ours_is_answered_like_one_that_does_not_exist(
    as_user: Callable[..., Client], force: Force, case: Case
) -> None:
    sergeant = as_user(force.sergeant)
    for key in (force.people["ISVA"].pk, force.people["AUDITOR"].pk, 999999, "9" * 30, "x"):
        with nothing_saved():
            assert_says(sergeant.post(f"/cases/{case.reference}/allocate/", {"officer": str(key)}), "officer", NOT_IN_THE_LIST)


def test_action_of_another_number_does_not_exist(owner: Client, case: Case) -> None:
    for number in ("7", "0", "9" * 30):
        assert owner.post(f"/cases/{case.reference}/actions/{number}/done/", {"how": "Done."}).status_code == 404


def test_action_that_a_colleague_has_done_already(owner: Client, force: Force, case: Case) -> None:
    action = open_action(case, force)
    operations.complete_action(action, actor=actor(force.investigator), how="Seen.", evidence="Statement 1")
    with nothing_saved():
        answer = owner.post(f"/cases/{case.reference}/actions/{action.number}/done/", {"how": "Seen her.", "evidence": "S/1"})
    assert answer.status_code == 409
    assert "This action is done already." in Sheet(answer).text


def open_action(case: Case, force: Force) -> Action:
    with building():
        review = Review.unguarded.filter(case=case).order_by("due_on")[0]
        Action.unguarded.bulk_create(
            [
                Action(
                    **Action.scope_of(case),
                    number=1,
                    what="See her",
                    owner=force.investigator,
                    due_on=MONDAY + timedelta(days=20),
                    warn_on=MONDAY + timedelta(days=20),
                    remind_on=MONDAY + timedelta(days=20),
                    look_again_on=MONDAY + timedelta(days=20),
                    given_by=force.sergeant,
                    given_at=at(MONDAY, 10),
                    direction_of=review,
                )
            ]
        )
        return Action.unguarded.get(case=case)


# In the address -----------------------------------------------------------------------------------------------------

STRANGE = ("", "x", "%00", "-1", "9" * 30, "%ff", "null", "1 OR 1=1", "01890000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("name", ["officer", "after", "before", "kind", "whose", "show", "order", "all"])
def test_strange_filters_are_left_aside(as_user: Callable[..., Client], force: Force, case: Case, name: str) -> None:
    sergeant = as_user(force.sergeant)
    for value in STRANGE:
        for path in ("/cases/", "/reviews/", f"/cases/{case.reference}/"):
            assert sergeant.get(f"{path}?{name}={value}").status_code == 200, value
