"""XLSX. The archive is looked through before anything is made of it: a small file can unpack to one that fills the memory."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from kit.tables.cells import FORMULA, MOST_COLUMNS, MOST_ROWS, Numbered, Unreadable, as_text

MOST_UNPACKED = 400 * 2**20
MOST_PARTS = 2000
MOST_SHEETS = 20
BLOCK = 4 * 2**20
OVERLAP = 400
NOT_A_WORKBOOK = "This is not a spreadsheet. Save the tracker as .xlsx or .csv and choose that file."
TOO_LARGE = "This workbook is too large. Save only the sheet with the cases, as .csv."
ODD = "This workbook cannot be read. Save the sheet with the cases as .csv and choose that file."
# Far to the right, in a place of its own making, or with no place at all.
FAR_RIGHT = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{2,})\d')
WITH_FORMULA = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]+)(\d+)"[^>]*><(?:\w+:)?f[ />]')
WITHOUT_PLACE = re.compile(rb'<(?:\w+:)?c(?:>|/>| (?![^>]*\br=")[^>]*>)')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row (?:[^>]*? )?r="(\d+)"')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheets(file: BinaryIO) -> Iterator[Iterator[Numbered]]:
    """The rows of each sheet that is shown, from the first."""
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bombs(archive)
            parts = parts_of_sheets(archive)
            formulas = [formulas_of(archive, part) for part in parts]
        file.seek(0)
        book = CalamineWorkbook.from_filelike(file)
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        CalamineError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as broken:
        # RuntimeError: a part of the archive has a password.
        raise Unreadable(NOT_A_WORKBOOK) from broken
    for number, about in enumerate(book.sheets_metadata[:MOST_SHEETS]):
        if about.visible == SheetVisibleEnum.Visible and number < len(formulas):
            yield rows(book, number, formulas[number])


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Unpack everything once, keep nothing: what the archive says about its sizes need not be true."""
    parts = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable(NOT_A_WORKBOOK)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(TOO_LARGE)
    for part in parts:
        with archive.open(part) as opened:
            while opened.read(BLOCK):
                pass


def parts_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    """The names of the parts that hold the sheets, in the order of the sheets."""
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        # No entities: they could unpack further.
        if b"<!DOCTYPE" in archive.read(name):
            raise Unreadable(ODD)
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    named = [one.get(RELATION) for one in book.iter() if one.tag.endswith("}sheet")]
    places = [targets[key].lstrip("/") for key in named]
    return [place if place.startswith("xl/") else f"xl/{place}" for place in places]


def formulas_of(archive: zipfile.ZipFile, part: str) -> set[tuple[int, int]]:
    """Where the cells with formulas stand, counted from 0. Refuses a sheet that claims to be larger than it may be, because one
    cell far out would make the reader ask for the memory of a whole sheet."""
    found = set()
    with archive.open(part) as opened:
        before = b""
        while block := opened.read(BLOCK):
            text = before + block
            if any(column(match[1]) >= MOST_COLUMNS for match in FAR_RIGHT.finditer(text)):
                raise Unreadable(
                    f"A sheet of this workbook has more than {MOST_COLUMNS} columns. Save the columns with the cases as .csv."
                )
            if any(int(match[1]) > MOST_ROWS + 1000 for match in ROW_NUMBER.finditer(text)):
                raise Unreadable(
                    f"A sheet of this workbook has more than {MOST_ROWS:,} rows. Save the rows with the cases as .csv."
                )
            if WITHOUT_PLACE.search(text):
                raise Unreadable(ODD)
            found |= {(int(match[2]) - 1, column(match[1])) for match in WITH_FORMULA.finditer(text)}
            before = text[-OVERLAP:]
    return found


def column(letters: bytes) -> int:
    """A -> 0, AA -> 26"""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def rows(book: Any, number: int, formulas: set[tuple[int, int]]) -> Iterator[Numbered]:
    """A value of merged cells counts for each row that they span. A formula whose result was not saved is shown as one."""
    sheet = book.get_sheet_by_index(number)
    if sheet.start is None:
        return
    left = sheet.start[1]
    spans = {(top, first - left): bottom for (top, first), (bottom, _) in sheet.merged_cell_ranges or () if bottom > top}
    spanning: dict[int, tuple[int, str]] = {}
    for place, values in enumerate(sheet.iter_rows()):
        cells = [as_text(value) for value in values]
        for position, cell in enumerate(cells):
            if not cell and (place, position + left) in formulas:
                cells[position] = FORMULA
            if position in spanning and place <= spanning[position][0]:
                cells[position] = spanning[position][1]
            elif (place, position) in spans:
                spanning[position] = spans[place, position], cells[position]
        yield place + 1, cells
