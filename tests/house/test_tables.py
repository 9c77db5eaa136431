"""Tables that people made by hand are read as they are, and what is none is refused with what to do."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kit.devservers import ROOT
from kit.tables import LONGEST_CELL, Unreadable, read_table

TEXT = 'Tracker of the team\r\n\r\nCrime no;Café;\r\nT/1;"a;b\r\nc";\r\n;;\r\nCrime no;Café;\r\nT/2;é;\r\n'


def knows(word: str) -> bool:
    return word in {"Crime no", "Date"}


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    table = read_table(io.BytesIO(content), knows)
    return table.columns, [(row.number, row.cells) for row in table.rows]


def workbook(fill: Callable[[Any], None]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    fill(book.active)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_of_every_encoding_and_separator(encoding: str, delimiter: str) -> None:
    text = TEXT.replace('"a;b\r\nc"', "@").replace(";", delimiter).replace("@", f'"a{delimiter}b\r\nc"')
    between = " " if delimiter == "\t" else delimiter
    assert read(text.encode(encoding)) == (["Crime no", "Café"], [(4, ["T/1", f"a{between}b c"]), (7, ["T/2", "é"])])


def test_workbook_with_merged_cells_dates_and_formulas() -> None:
    def fill(sheet: Any) -> None:
        for place, value in {
            "B2": "A title",
            "B3": "Crime no",
            "C3": "Team",
            "D3": "Date",
            "B4": "T/1",
            "C4": "One",
            "D4": date(2026, 4, 3),
            "B5": 42,
            "D5": datetime.fromisoformat("2026-04-03 10:30"),
            "B6": "T/3",
            "D6": "=D4+1",
        }.items():
            sheet[place] = value
        sheet.merge_cells("C4:C5")

    rows = [(4, ["T/1", "One", "2026-04-03"]), (5, ["42", "One", "2026-04-03 10:30"]), (6, ["T/3", "", "=…"])]
    assert read(workbook(fill)) == (["Crime no", "Team", "Date"], rows)


def test_long_cell_is_cut_so_that_it_shows() -> None:
    _, ((_, cells),) = read(f"Crime no,Date\r\nT/1,{'x' * 5000}".encode())
    assert len(cells[1]) == LONGEST_CELL + 1


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("_", "/"), content)
    return file.getvalue()


def far_out(sheet: Any) -> None:
    sheet["A1"], sheet["B1"], sheet["XFD1048576"] = "Crime no", "Date", "x"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 \x00\x01\x02\x03" * 100, "This is not a spreadsheet."),
        (b"\x89PNG\r\n\x1a\n\x00\x00" * 100, "This is not a spreadsheet."),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "has a password or is of an old kind"),
        (b"PK\x03\x04" + b"\x00" * 100, "This is not a spreadsheet."),
        (archive(word_document=b"x"), "This is not a spreadsheet."),
        (archive(**{"xl_workbook.xml": b"<x/>", "xl_bomb": b"\x00" * 3 * 2**20}), "This workbook is too large."),
        (workbook(far_out), "more than"),
        (b"one column\r\nof words\r\n", "No table was found in this file."),
        (("Crime no,Date," + ",".join(f"c{n}" for n in range(120))).encode(), "more than 100 columns"),
        (b'Crime no,Date\r\nT/1,"' + b"x\r\n" * 100_000, "a quotation mark is missing"),
        (b"Crime no,Date\r\nT/1,\x81\x8d\r\n", "This is not a spreadsheet."),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.tables.workbook.MOST_UNPACKED", 2 * 2**20)
    with pytest.raises(Unreadable, match=says):
        read(content)


HEADS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Crime no</t></is></c><c r="B1" t="inlineStr"><is><t>Date</t></is></c></row>'
FAR = '<row r="2"><c {}><v>1</v></c></row>'


def rewritten(rows: str, sheets: int = 1) -> bytes:
    """A workbook whose sheets hold these rows, whatever a program would have written."""

    def fill(sheet: Any) -> None:
        for _ in range(sheets - 1):
            sheet.parent.create_sheet()

    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(fill))) as plain, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in plain.namelist():
            content = plain.read(name)
            if name.startswith("xl/worksheets/"):
                head, _, rest = content.partition(b"<sheetData")
                _, _, foot = rest.partition(b">")
                content = head + f"<sheetData>{rows}</sheetData>".encode() + foot.removeprefix(b"</sheetData>")
            opened.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "place", ['r="xfd2"', "r='XFD2'", '\tr="XFD2"', 't="n"\nr="xfd2"', 'r="&#88;FD2"', 't=\' r="A2" \' r="XFD2"']
)
def test_cell_far_out_is_seen_however_its_place_is_written(place: str) -> None:
    with pytest.raises(Unreadable, match="cannot be read|more than 100 columns"):
        read(rewritten(HEADS + FAR.format(place)))
    assert read(rewritten(HEADS + FAR.format('r="A2"'))) == (["Crime no", "Date"], [(2, ["1", ""])])


def test_cell_between_two_blocks_is_counted_once_and_its_formula_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>T/{0}</t></is></c><c r="B{0}"><f>A1</f></c></row>'
    content = rewritten(HEADS + "".join(row.format(number) for number in range(2, 40)))
    for block in (97, 211, 1000):
        monkeypatch.setattr("kit.tables.workbook.BLOCK", block)
        _, rows = read(content)
        assert [cells for _, cells in rows] == [[f"T/{number}", "=…"] for number in range(2, 40)]


MEASURE = """
import io, resource, sys
from kit.tables import Unreadable, read_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open(sys.argv[1], "rb") as file:
        table = read_table(file, {"Crime no", "Date"}.__contains__)
        print(sum(1 for _ in table.rows))
except Unreadable as refused:
    print(refused)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: rewritten(HEADS + '<row r="200900"><c r="CV200900"><v>1</v></c></row>'), "cells far away from its table"),
        (lambda: rewritten(HEADS + '<row r="4900"><c r="CV4900"><v>1</v></c></row>', sheets=20), "too large"),
        (lambda: b"Crime no,Date\n" + b"," * (39 * 2**20), "more than 100 columns"),
        (lambda: b"Crime no,Date\n" + b'"\n",' * (8 * 2**20), "more than 100 columns"),
        (lambda: b"Crime no,Date\n" + b"x" * (39 * 2**20), "too long for a table"),
    ],
)
def test_small_file_does_not_take_much_memory(content: Callable[[], bytes], says: str, tmp_path: Path) -> None:
    file = tmp_path / "tracker"
    file.write_bytes(content())
    done = subprocess.run([sys.executable, "-c", MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True, check=True)
    said, megabytes = done.stdout.splitlines()
    assert says in said
    assert int(megabytes) < 60


def test_table_that_is_too_long_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.tables.MOST_ROWS", 30)
    with pytest.raises(Unreadable, match="more than 30 rows"):
        read(b"Crime no,Date\r\n" + b"T,1\r\n" * 31)
