"""A tracker as forces have them: title lines, two formats of dates, names written in every way, empty rows, merged cells, and bad rows.

Deterministic. Beside each row stands what must become of it, so that the test asks for each line and not only for their number.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

TITLES = (("Crime tracker – Protéger les victimes",), ("Do not send outside the team",), ())
HEADS = (
    *("Crime No.", "Victim", "Date reported", "Date recorded", "Offence type", "Offence date", "Team", "OIC", "Status"),
    *("Last review", "Next review due", "ISVA referral", "Notes"),
)
FIRST_ROW = len(TITLES) + 2
OFFICERS = ("investigator", "DC Invented Investigator", "Investigator, Invented", "dc investigator", "")
OFFENCES = ("Rape (article 5)", "rape  (ARTICLE 5)", "JE-2018-5")
NOTE = "Said “no; never, ever”; seen twice,\nonce at work"
EVERY_TENTH_ROW_IS_EMPTY = 10


@dataclass
class MessyRow:
    """``refused``: the words that its line must say; empty if it is loaded."""

    number: int
    cells: dict[str, Any]
    refused: str = ""


def british(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def make(size: int, bad: int, today: date) -> list[MessyRow]:
    """So many rows with something in them, of which so many are bad, spread evenly."""
    drawn = random.Random(size)
    rows: list[MessyRow] = []
    number = FIRST_ROW
    every, made_bad = size // bad, 0
    for position in range(size):
        row = MessyRow(number, good(position, drawn, today))
        if position % every == every - 1 and made_bad < bad:
            spoil(row, made_bad, rows, today)
            made_bad += 1
        rows.append(row)
        number += 2 if position % EVERY_TENTH_ROW_IS_EMPTY == 3 else 1
    assert sum(bool(row.refused) for row in rows) == bad
    return rows


def good(position: int, drawn: random.Random, today: date) -> dict[str, Any]:
    reported = today - timedelta(days=drawn.randrange(1, 900))
    recorded = min(reported + timedelta(days=drawn.randrange(3)), today)
    write: Callable[[date], str] = british if position % 2 else date.isoformat
    last = min(recorded + timedelta(days=drawn.randrange(1, 60)), today)
    return {
        "Crime No.": f"{'t' if position % 7 else 'T'}/{position:05}/26{' ' * (position % 3)}",
        "Victim": f"Invented Person {position}",
        "Date reported": f"{write(reported)} 09:{position % 60:02}",
        "Date recorded": write(recorded),
        "Offence type": OFFENCES[position % len(OFFENCES)],
        "Offence date": write(reported - timedelta(days=drawn.randrange(30))),
        "Team": "Invented Team One" if position // 5 % 2 else "invented team two",
        "OIC": OFFICERS[position % len(OFFICERS)],
        "Status": "Open" if position % 3 else "",
        "Last review": write(last) if position % 2 else "",
        "Next review due": write(today + timedelta(days=drawn.randrange(1, 60))) if position % 4 == 0 else "",
        "ISVA referral": write(recorded) if position % 3 == 0 else "",
        "Notes": NOTE if position % 5 == 0 else "",
    }


def spoil(row: MessyRow, which: int, before: list[MessyRow], today: date) -> None:
    """One thing wrong in each bad row, another from row to row."""
    cells = row.cells
    first_good = next(one for one in before if not one.refused)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"Date reported": "04/13/2026"}, "“04/13/2026” is written month first. Write the day first: 13/04/2026."),
        ({"Date recorded": "3/4/26"}, "“3/4/26”: write the year with 4 digits."),
        ({"OIC": "DC Unknown"}, "“DC Unknown” is nobody who can be officer in a case here."),
        ({"Crime No.": str(first_good.cells["Crime No."]).upper()}, f"The same crime number is in row {first_good.number}."),
        ({"Crime No.": ""}, "Crime number: it is missing."),
        ({"Offence date": "=TODAY()"}, "Happened on, or from: this is a formula."),
        ({"Status": "Filed"}, "A closed case is not taken over."),
        ({"Team": "Team Nowhere", "OIC": ""}, "“Team Nowhere” is no unit of this force."),
        ({"Team": "Invented Elsewhere"}, "you do not supervise “Invented Elsewhere”."),
        ({"Offence type": "Raep"}, "“Raep” is not in the list of offences."),
        ({"Date recorded": british(today - timedelta(days=2000))}, "Recorded as a crime on: it cannot be before the report."),
        (
            {"Last review": british(today + timedelta(days=3)), "Next review due": ""},
            "Last review on: it cannot be later than today.",
        ),
    )
    changed, row.refused = wrong[which % len(wrong)]
    cells.update(changed)


def as_lists(rows: list[MessyRow]) -> Iterator[list[Any]]:
    """Every row of the sheet, from the first."""
    yield from (list(title) for title in TITLES)
    yield list(HEADS)
    number = FIRST_ROW
    for row in rows:
        while number < row.number:
            yield []
            number += 1
        yield [row.cells[head] for head in HEADS]
        number += 1


def as_csv(rows: list[MessyRow], encoding: str, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(as_lists(rows))
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[MessyRow]) -> bytes:
    """Years first become dates; of five rows of a team below one another the name stands in merged cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, cells in enumerate(as_lists(rows), start=1):
        for column, cell in enumerate(cells, start=1):
            if cell != "":
                sheet.cell(number, column, as_date(cell))
    team, start = HEADS.index("Team") + 1, 0
    for end in range(1, len(rows) + 1):
        whole = (
            end < len(rows)
            and rows[end].cells["Team"] == rows[start].cells["Team"]
            and rows[end].number == rows[end - 1].number + 1
        )
        if not whole:
            if end - start > 1:
                sheet.merge_cells(start_row=rows[start].number, end_row=rows[end - 1].number, start_column=team, end_column=team)
            start = end
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_date(cell: Any) -> Any:
    return date.fromisoformat(cell) if isinstance(cell, str) and len(cell) == 10 and cell[4] == "-" else cell


def unlike(lines: dict[int, tuple[str, str]], rows: list[MessyRow], otherwise: str) -> list[str]:
    """Where a line says something else than must be said; ``otherwise``: the state of rows that are not refused."""
    found = []
    for row in rows:
        state, reasons = lines.get(row.number, ("nothing", ""))
        if state != ("REFUSED" if row.refused else otherwise) or row.refused not in reasons:
            found.append(f"row {row.number}: {state} {reasons!r} instead of {row.refused or otherwise!r}")
    return found
