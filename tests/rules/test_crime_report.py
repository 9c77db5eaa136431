"""Text for the crime report: no recorded name in any spelling, nothing that is intelligence."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from cases.crime_report import Known, Part, entry_lines, report, without_names

PEOPLE = (
    Known("V1", ("Zoë Le Brun", "Zo")),
    Known("S1", ("Padraig O'Farrel-Noon",)),
    Known("S2", ("Ed Brun",)),
)


@pytest.mark.parametrize(
    ("typed", "copied"),
    [
        ("Zoë Le Brun was seen.", "V1 was seen."),
        ("ZOE LE  BRUN was seen.", "V1 was seen."),
        ("zoe’s sister", "V1’s sister"),
        ("Told Zo; Zoo and Zone stay.", "Told V1; Zoo and Zone stay."),
        ("Padraig O’Farrel-Noon", "S1"),
        ("O'FARREL at noon", "S1 at S1"),
        ("Brun came back", "V1 or S2 came back"),
        ("Ed Brun came back", "S2 came back"),
        ("Le the way, Ed", "Le the way, Ed"),
        ("Zoë\nLe Brun", "V1"),
        ("Bruno", "Bruno"),
        ("Zoe\u0308 ran", "V1 ran"),
        ("", ""),
    ],
)
def test_names_are_replaced_whole_and_in_parts(typed: str, copied: str) -> None:
    assert without_names(typed, PEOPLE) == copied


def test_without_people_the_text_stands() -> None:
    assert without_names("As it was (a.*b).", ()) == "As it was (a.*b)."
    assert without_names("What (x* said", [Known("S1", ("(x*",))]) == "What S1 said"


def entry(**changed: Any) -> SimpleNamespace:
    known = {
        "nature": "FACT",
        "subject": "S2",
        "text": "Seen with Ed Brun.",
        "happened_at": datetime(2026, 7, 1, 12, tzinfo=UTC),
        "get_kind_display": lambda: "Enquiry made",
        "struck_at": None,
        "struck_because": "",
    }
    return SimpleNamespace(**{**known, **changed})


def test_entries_leave_intelligence_out_and_say_what_was_struck() -> None:
    entries = (
        entry(),
        entry(nature="INTELLIGENCE", text="From a source."),
        entry(nature="OPINION", subject="", text=""),
        entry(struck_at=datetime(2026, 7, 2, tzinfo=UTC), struck_because="That was Brun, not Ed Brun"),
    )
    assert entry_lines(entries, PEOPLE, UTC) == [
        "1 July 2026 at 12:00, Enquiry made (S2): Seen with S2.",
        "1 July 2026 at 12:00, Enquiry made (opinion)",
        "[Entered in error: That was V1 or S2, not S2] 1 July 2026 at 12:00, Enquiry made (S2): Seen with S2.",
    ]


def test_report_leaves_empty_parts_out() -> None:
    assert report("Title", [Part("One", ["a", "b"]), Part("Two", [])]) == "Title\n=====\n\nOne\n---\na\nb\n"
