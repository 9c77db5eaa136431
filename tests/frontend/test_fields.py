"""What the fields take, what they refuse, and what they say then."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kit.fields import (
    LONGEST_NARRATIVE,
    ConfirmationField,
    DateAndTimeField,
    ManyChoicesField,
    NarrativeField,
    OneChoiceField,
    PlainTextField,
    ThreeBoxDateField,
    read_time,
)

# Hypothesis wants its bounds without a zone.
NAIVE_FROM = datetime(1900, 1, 2)  # noqa: DTZ001
NAIVE_TO = datetime(9000, 1, 1)  # noqa: DTZ001


def refusal_of(field: forms.Field, value: Any) -> tuple[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    error = caught.value.error_list[0]
    return str(caught.value.messages[0]), (error.params or {}).get("boxes", [])


# Date ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [["22", "11", "2026"], [" 22 ", "Nov", "2026"], ["22", "november", "2026"], ["022", "011", "2026"]]
)
def test_a_date_is_read(typed: list[str]) -> None:
    assert ThreeBoxDateField().clean(typed) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "sentence", "boxes"),
    [
        (["", "", ""], "Enter a date", []),
        (["22", "11", ""], "Enter the year", ["year"]),
        (["22", "", ""], "Enter the month and year", ["month", "year"]),
        (["22", "11", "26"], "Enter the year with 4 digits", ["year"]),
        (["31", "2", "2026"], "Enter a real date", ["day", "month", "year"]),
        (["32", "1", "2026"], "Enter a real date", ["day"]),
        (["0", "1", "2026"], "Enter a real date", ["day"]),
        (["1", "13", "2026"], "Enter a real date", ["month"]),
        (["1", "foo", "2026"], "Enter a real date", ["month"]),
        (["x", "y", "z"], "Enter a real date", ["day", "month", "year"]),
        (["1", "1", "0026"], "Enter a year from 1900", ["year"]),
        (["²", "1", "2026"], "Enter a real date", ["day"]),
        (["-1", "1", "2026"], "Enter a real date", ["day"]),
        (["1", "1", "20261"], "Enter a real date", ["year"]),
    ],
)
def test_a_date_that_is_not_one_is_refused(typed: list[str], sentence: str, boxes: list[str]) -> None:
    assert refusal_of(ThreeBoxDateField(), typed) == (sentence, boxes)


def test_a_date_may_be_left_out_if_it_is_not_required() -> None:
    assert ThreeBoxDateField(required=False).clean(["", " ", None]) is None


def test_half_a_date_is_refused_even_if_it_is_not_required() -> None:
    assert refusal_of(ThreeBoxDateField(required=False), ["", "11", "2026"]) == ("Enter the day", ["day"])


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_whatever_is_typed_is_read_or_refused(typed: list[str]) -> None:
    try:
        assert isinstance(ThreeBoxDateField(required=False).clean(typed), date | None)
    except ValidationError as refused:
        assert refused.messages[0].startswith("Enter ")


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_comes_back_as_it_went_out(day: date) -> None:
    field = ThreeBoxDateField()
    assert field.clean([str(part) for part in field.widget.decompress(day)]) == day


# Moment --------------------------------------------------------------------------------------------------------------


def test_a_moment_is_aware_and_in_the_zone_of_the_force() -> None:
    moment = DateAndTimeField().clean(["1", "7", "2026", "14:30"])
    assert moment == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert timezone.is_aware(moment)


def test_a_time_that_spring_leaves_out_is_refused() -> None:
    sentence = "01:30 did not happen on 29 March 2026, because the clocks went forward. Check the time."
    assert refusal_of(DateAndTimeField(), ["29", "3", "2026", "01:30"]) == (sentence, ["time"])


@pytest.mark.parametrize(("text", "hour"), [("00:59", 0), ("02:00", 1)])
def test_the_times_beside_the_gap_are_taken(text: str, hour: int) -> None:
    assert DateAndTimeField().clean(["29", "3", "2026", text]).astimezone(UTC).hour == hour


def test_of_the_hour_that_happens_twice_the_first_is_taken() -> None:
    moment = DateAndTimeField().clean(["25", "10", "2026", "01:30"])
    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [("14:30", time(14, 30)), ("14.30", time(14, 30)), ("1430", time(14, 30)), ("930", time(9, 30)), ("9:30", time(9, 30)),
     ("2:30pm", time(14, 30)), ("2 PM", time(14)), ("12am", time(0)), ("12:15pm", time(12, 15)), ("0:00", time(0))],
)  # fmt: skip
def test_a_time_is_read(text: str, read: time) -> None:
    assert read_time(text) == read


@pytest.mark.parametrize("text", ["14", "noon", "1:3", "14:30:10", "13pm", "0am", "١٤:٣٠"])
def test_a_time_that_is_not_one_is_refused(text: str) -> None:
    assert refusal_of(DateAndTimeField(), ["1", "7", "2026", text]) == ("Enter the time like 14:30", ["time"])


@pytest.mark.parametrize("text", ["24:00", "23:60", "99:99"])
def test_a_time_outside_the_day_is_refused(text: str) -> None:
    assert refusal_of(DateAndTimeField(), ["1", "7", "2026", text]) == ("Enter a time between 00:00 and 23:59", ["time"])


def test_a_moment_without_its_time_is_refused() -> None:
    assert refusal_of(DateAndTimeField(), ["1", "7", "2026", ""]) == ("Enter the time", ["time"])


@given(st.datetimes(min_value=NAIVE_FROM, max_value=NAIVE_TO))
def test_every_moment_comes_back_to_the_minute(moment: datetime) -> None:
    aware = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    local = timezone.localtime(aware)
    if local.fold or local.utcoffset().total_seconds() % 60:  # type: ignore[union-attr]
        return  # the second of two equal hours, and the odd seconds before zones were standard, cannot be typed
    field = DateAndTimeField()
    assert field.clean([str(part) for part in field.widget.decompress(aware)]) == aware


# Text ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ud800"])
@pytest.mark.parametrize("field", [PlainTextField(), NarrativeField()])
def test_hidden_characters_are_refused_and_their_place_is_said(field: forms.Field, character: str) -> None:
    sentence, _ = refusal_of(field, f"She said{character}nothing")
    assert sentence == "Delete the character that cannot be shown after “She said”. It may have come from copying."


def test_one_line_is_one_line() -> None:
    assert "cannot be shown" in refusal_of(PlainTextField(), "one\ntwo")[0]


def test_a_narrative_keeps_its_lines_and_tabs() -> None:
    assert NarrativeField().clean("one\r\ntwo\tthree\rfour") == "one\ntwo\tthree\nfour"


def test_text_over_the_limit_says_by_how_much() -> None:
    text = "a" * (LONGEST_NARRATIVE + 4)
    assert refusal_of(NarrativeField(), text)[0] == "Shorten this to 100,000 characters or fewer. It has 100,004."


def test_line_ends_count_once() -> None:
    assert len(NarrativeField(max_length=5).clean("a\r\nb\r\nc")) == 5


def test_browsers_are_not_told_to_cut_off() -> None:
    assert "maxlength" not in PlainTextField(max_length=10).widget_attrs(forms.TextInput())


def test_letters_of_every_language_are_taken() -> None:
    assert PlainTextField().clean("Zoë d’Été 👩‍👩‍👧 עברית") == "Zoë d’Été 👩‍👩‍👧 עברית"


# Choices -------------------------------------------------------------------------------------------------------------


def test_choices_say_what_to_do() -> None:
    options = [("A", "a")]
    assert refusal_of(OneChoiceField(choices=options), "")[0] == "Choose one answer"
    assert refusal_of(OneChoiceField(choices=options), "B")[0] == "Choose one of the answers in the list"
    assert refusal_of(ManyChoicesField(choices=options), [])[0] == "Choose at least one answer"
    assert refusal_of(ManyChoicesField(choices=options), ["B"])[0] == "Choose only answers in the list"
    assert refusal_of(ConfirmationField(missing="Say yes"), False)[0] == "Say yes"
