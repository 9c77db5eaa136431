"""The stage of a case is what its standing entries say, whatever their order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import EventKind
from cases.journey import COUNTED, TABLE, journey

START = datetime(2026, 11, 2, 10, tzinfo=UTC)
ENTRIES = st.lists(
    st.tuples(st.sampled_from(list(EventKind)), st.integers(0, 500).map(lambda hours: START + timedelta(hours=hours))),
    max_size=30,
    unique_by=lambda entry: entry[1],
)


def test_there_are_fifteen_stages_and_the_first_two_have_the_names_of_the_college() -> None:
    assert len(TABLE) == 15
    assert [slot.name for slot in TABLE[:2]] == ["First contact and recording", "Initial conversation"]


@pytest.mark.parametrize(
    ("kind", "number"),
    [(kind, number) for number, slot in enumerate(TABLE, start=1) for kind in sorted(slot.reached_by)],
)
def test_each_kind_reaches_its_stage(kind: EventKind, number: int) -> None:
    found = journey([(EventKind.CASE_RECORDED, START), (kind, START + timedelta(days=1))])
    assert found.furthest.number == number


def test_a_case_that_is_taken_up_again_has_no_outcome() -> None:
    closed, reopened = (EventKind.CASE_CLOSED, START), (EventKind.CASE_REOPENED, START + timedelta(days=1))
    assert journey([closed]).furthest.number == 15
    assert journey([closed, reopened]).furthest.number == 1
    assert journey([closed, reopened, (EventKind.CASE_CLOSED, START + timedelta(days=2))]).furthest.number == 15


@given(st.data(), ENTRIES)
def test_order_does_not_matter(data: st.DataObject, entries: list[tuple[EventKind, datetime]]) -> None:
    assert journey(data.draw(st.permutations(entries))) == journey(entries)


@given(ENTRIES)
def test_first_and_last_of_each_kind_are_enough(entries: list[tuple[EventKind, datetime]]) -> None:
    kept = [
        (kind, chosen)
        for kind in COUNTED
        if (moments := [at for each, at in entries if each == kind])
        for chosen in (min(moments), max(moments))
    ]
    assert journey(kept).furthest.number == journey(entries).furthest.number


@given(ENTRIES, st.sampled_from(sorted(COUNTED)), st.integers(501, 600))
def test_striking_an_entry_takes_its_stage_back(entries: list[tuple[EventKind, datetime]], kind: EventKind, hours: int) -> None:
    before = journey(entries)
    added = (kind, START + timedelta(hours=hours))
    after = journey([*entries, added])
    for slot, old, new in zip(TABLE, before.stages, after.stages, strict=True):
        if kind in slot.reached_by:
            assert new.reached_at == (old.reached_at or added[1])
        elif kind not in slot.undone_by:
            assert new == old
    struck = [entry for entry in (*entries, added) if entry != added]
    assert journey(struck) == before
