"""What a row of a tracker says, and how dates and heads are read. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.enums import EventKind
from cases.offences import JE_OFFENCES
from cases.tracker import dates
from cases.tracker.fields import HEADS, Field, guess, meant_by
from cases.tracker.judge import NOT_HERE, Planned, Refused, judge
from cases.tracker.lists import NOBODY, Lists, Person, Unit

ZONE = ZoneInfo("Europe/Jersey")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LISTS = Lists(
    offences=JE_OFFENCES,
    units=[Unit(1, "Team One", True), Unit(2, "Team Elsewhere", False)],
    people=[
        Person(7, "dsmith", "DC", "Dave", "Smith"),
        Person(8, "asmith", "DC", "Anne", "Smith"),
        Person(9, "blake", "DC", "Ben", "Lake"),
    ],
    supervisors={1: [3]},
)
ROW = {
    Field.CRIME_NUMBER: " jp/123/26 ",
    Field.REPORTED: "02/11/2026 09:30",
    Field.RECORDED: "03/11/2026",
    Field.OFFENCE: "Rape (article 5)",
    Field.UNIT: "team one",
    Field.OFFICER: "DC Lake",
}


def planned(**changed: Any) -> Planned:
    return judge({**ROW, **{Field[name.upper()]: text for name, text in changed.items()}}, LISTS, NOW, ZONE)


def refused(**changed: Any) -> str:
    with pytest.raises(Refused) as caught:
        planned(**changed)
    return " ".join(caught.value.reasons)


# Dates -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "3.4.2026",
        "3-4-2026",
        "2026-04-03",
        "2026/4/3",
        "3 April 2026",
        "Fri 3 Apr 2026",
        "3rd Apr, 2026",
        "03-Apr-2026",
    ],
)
def test_day_stands_first_or_the_year(text: str) -> None:
    assert dates.read(text) == (date(2026, 4, 3), None)


@pytest.mark.parametrize("text", ["03/04/2026 14:05", "2026-04-03T14:05:00", "3 April 2026, 2.05pm", "2026-04-03 14:05"])
def test_time_may_follow(text: str) -> None:
    read = dates.read(text)
    assert (read.day, read.at and read.at.isoformat()) == (date(2026, 4, 3), "14:05:00")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("04/13/2026", "is written month first. Write the day first: 13/04/2026."),
        ("13/04/26", "write the year with 4 digits"),
        ("31/04/2026", "is not a real date"),
        ("46115", "is the number of a date"),
        ("last Tuesday", "is not a date"),
        ("03/04/1026", "write a year from 1900"),
        ("3 Ju 2026", "is not a date"),
        ("03/04/2026 25:00", "is not a real date"),
    ],
)
def test_what_can_be_read_in_no_way_or_in_another_is_refused(text: str, says: str) -> None:
    with pytest.raises(dates.Unclear, match=says):
        dates.read(text)


def test_hour_that_the_clocks_leave_out_is_refused() -> None:
    assert "because the clocks went forward" in refused(reported="29/03/2026 01:30", recorded="30/03/2026")


# Heads -----------------------------------------------------------------------------------------------------------------


def test_no_two_fields_share_a_head() -> None:
    heads = [head for some in HEADS.values() for head in some]
    assert len(heads) == len(set(heads)) and set(HEADS) == set(Field)


@pytest.mark.parametrize(
    ("head", "field"),
    [("Crime No.:", Field.CRIME_NUMBER), ("OIC", Field.OFFICER), ("Next review due (date)", Field.NEXT_REVIEW), ("Victim", None)],
)
def test_head_says_what_stands_below(head: str, field: Field | None) -> None:
    assert meant_by(head) is field


def test_what_was_said_of_a_head_before_counts_more_than_its_words() -> None:
    heads = ["Ref", "Crime number", "Team"]
    assert guess(heads) == {1: Field.CRIME_NUMBER, 2: Field.UNIT}
    assert guess(heads, [{"Ref": "CRIME_NUMBER", "Crime number": "", "Team": "UNIT"}]) == {0: Field.CRIME_NUMBER, 2: Field.UNIT}


# Rows ------------------------------------------------------------------------------------------------------------------


def test_row_says_a_case() -> None:
    plan = planned(support_referred="04/11/2026", last_review="16/11/2026")
    assert (plan.crime_number, plan.unit_id, plan.officer_id) == ("JP/123/26", 1, 9)
    assert plan.reported_at == datetime(2026, 11, 2, 9, 30, tzinfo=ZONE)
    assert plan.recorded_at == datetime(2026, 11, 3, 12, tzinfo=ZONE)
    assert plan.done == ((EventKind.SUPPORT_REFERRED, datetime(2026, 11, 4, 12, tzinfo=ZONE)),)
    assert plan.last_review_on == date(2026, 11, 16)


def test_noon_gives_way_to_the_other_moments_of_the_day() -> None:
    assert planned(reported="02/11/2026 15:00", recorded="02/11/2026").recorded_at == datetime(2026, 11, 2, 15, tzinfo=ZONE)
    assert planned(reported="23/11/2026", recorded="").reported_at == NOW
    assert planned(reported="02/11/2026", recorded="02/11/2026 10:00").reported_at == datetime(2026, 11, 2, 10, tzinfo=ZONE)


def test_one_of_reported_and_recorded_stands_for_both() -> None:
    assert planned(recorded="").recorded_at == planned().reported_at
    plan = planned(reported="")
    assert plan.reported_at == plan.recorded_at


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"crime_number": ""}, "Crime number: it is missing."),
        ({"crime_number": "X" * 41}, NOT_HERE),
        ({"crime_number": "=1+1"}, "Crime number: this is a formula."),
        ({"crime_number": "A\u202e1"}, "a character that cannot be shown"),
        ({"offence": "x" * 401}, "Offence: this is too long."),
        ({"officer": "DC Smith"}, "More than one officer has this name."),
        ({"officer": "Nobody Here"}, "“Nobody Here” is nobody who can be officer in a case here."),
        ({"unit": "Team Elsewhere"}, "you do not supervise “Team Elsewhere”."),
        ({"unit": ""}, "Unit: it is missing."),
        ({"offence": "Raep"}, "“Raep” is not in the list of offences."),
        ({"happened_from": "01/01/2001"}, "It was not in force when it happened."),
        ({"happened_to": "01/11/2026"}, "write the first possible date as well"),
        ({"happened_from": "02/11/2026", "happened_to": "01/11/2026"}, "it is before the first possible date"),
        ({"happened_from": "03/11/2026"}, "it cannot have happened after it was reported"),
        ({"reported": "24/11/2026", "recorded": ""}, "Reported on: it cannot be later than now."),
        ({"recorded": "01/11/2026"}, "Recorded as a crime on: it cannot be before the report."),
        ({"reported": "", "recorded": ""}, "write when it was reported or recorded"),
        ({"status": "Closed"}, "A closed case is not taken over."),
        ({"status": "Perhaps"}, "“Perhaps” is neither open nor closed."),
        ({"restricted": "Yes"}, "Log it by hand"),
        ({"relationship": "Barber"}, "“Barber” is not in the list."),
        ({"last_review": "24/11/2026"}, "Last review on: it cannot be later than today."),
        ({"last_review": "01/11/2026"}, "Last review on: it cannot be before the case was recorded."),
        ({"next_review": "03/11/2026"}, "it must be after the case was recorded"),
        ({"next_review": "01/06/2027"}, "1 June 2027 is more than three months away."),
        ({"plan_set": "01/11/2026"}, "Investigation plan on: it cannot be before the report."),
        ({"advice_decided": "30/11/2026"}, "Early-advice decision on: it cannot be later than now."),
    ],
)
def test_row_is_refused_with_what_to_do(changed: dict[str, str], says: str) -> None:
    assert says in refused(**changed)


def test_every_reason_is_said_at_once() -> None:
    assert len(refused(crime_number="", officer="Nobody", offence="Raep", reported="04/13/2026").split(". ")) >= 4


def test_words_mean_what_their_owner_said() -> None:
    said = {"OFFICER": {"dave s": NOBODY, "smithy": "7"}, "OFFENCE": {"raep": "JE-2018-5"}, "STATUS": {"perhaps": "OPEN"}}
    lists = replace(LISTS, said=said)
    cells = {**ROW, Field.OFFENCE: "Raep", Field.STATUS: "Perhaps"}
    assert judge({**cells, Field.OFFICER: "Dave S"}, lists, NOW, ZONE).officer_id is None
    plan = judge({**cells, Field.OFFICER: "Smithy"}, lists, NOW, ZONE)
    assert (plan.officer_id, plan.offence.code) == (7, "JE-2018-5")


def test_unit_of_every_row_counts_where_no_column_says_it() -> None:
    cells = {field: text for field, text in ROW.items() if field is not Field.UNIT}
    assert judge(cells, LISTS, NOW, ZONE, unit_id=1).unit_id == 1
