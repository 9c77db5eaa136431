"""XLSX. The archive is looked through before anything is made of it: a small file can unpack to one that fills the memory."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from kit.tables.cells import FORMULA, MOST_COLUMNS, MOST_ROWS, Numbered, Unreadable, as_text

MOST_UNPACKED = 400 * 2**20
# Held in memory as one piece by the reader, and so is every cell between the first and the last of a sheet, there or not.
MOST_STRINGS = 64 * 2**20
MOST_CELLS = 5_000_000
# A sheet may have so many times the cells that are there, for some stand far out by mistake; a small one may in any case.
MOST_EMPTY, NEVER_MIND = 20, 500_000
MOST_PARTS = 2000
MOST_SHEETS = 20
BLOCK = 2**20
NOT_A_WORKBOOK = "This is not a spreadsheet. Save the tracker as .xlsx or .csv and choose that file."
TOO_LARGE = "This workbook is too large. Save only the sheet with the cases, as .csv."
ODD = "This workbook cannot be read. Save the sheet with the cases as .csv and choose that file."
SPARSE = "A sheet of this workbook has cells far away from its table. Delete them, or save the sheet with the cases as .csv."
# A cell as every program writes it: its place is among its attributes, once. Any other cell makes a workbook odd, because the reader might
# see it at a place that was not counted here.
ANY_CELL = re.compile(rb"<(?:[^<>\s/:]+:)?c(?=[\s/>])")
ATTRIBUTE = rb'(?:\s+(?!r=)[\w:.-]+="[^"<]*")*'
CELL = re.compile(rb"<(?:[^<>\s/:]+:)?c" + ATTRIBUTE + rb'\s+r="([A-Za-z]{1,3})([0-9]{1,7})"' + ATTRIBUTE + rb"\s*/?>")
WITH_FORMULA = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Za-z]+)(\d+)"[^>]*><(?:\w+:)?f[ />]')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheets(file: BinaryIO) -> Iterator[Iterator[Numbered]]:
    """The rows of each sheet that is shown, from the first."""
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bombs(archive)
            parts = parts_of_sheets(archive)
            claims = [claim_of(archive, part) for part in parts[:MOST_SHEETS]]
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
    shown = [
        number for number, about in enumerate(book.sheets_metadata[: len(claims)]) if about.visible == SheetVisibleEnum.Visible
    ]
    if sum(claims[number].cells for number in shown) > MOST_CELLS:
        raise Unreadable(TOO_LARGE)
    for number in shown:
        yield rows(book, number, claims[number].formulas)


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Unpack everything once, keep nothing: what the archive says about its sizes need not be true."""
    parts = archive.infolist()
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise Unreadable(ODD)
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable(NOT_A_WORKBOOK)
    strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or strings > MOST_STRINGS:
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


class Marks:
    """Places of a sheet, counted from 0; a bit each."""

    def __init__(self) -> None:
        self.bits = bytearray()

    def add(self, place: int, position: int) -> None:
        byte, bit = divmod(place * MOST_COLUMNS + position, 8)
        self.bits.extend(bytes(max(0, byte + 1 - len(self.bits))))
        self.bits[byte] |= 1 << bit

    def __contains__(self, where: tuple[int, int]) -> bool:
        byte, bit = divmod(where[0] * MOST_COLUMNS + where[1], 8)
        return byte < len(self.bits) and bool(self.bits[byte] >> bit & 1)


@dataclass
class Claim:
    """How large a sheet says it is, and where its cells with formulas stand."""

    there: int = 0
    first: tuple[int, int] = (MOST_ROWS + 1000, MOST_COLUMNS)
    last: tuple[int, int] = (0, 0)
    formulas: Marks = field(default_factory=Marks)

    @property
    def cells(self) -> int:
        """All between the first and the last, for which the reader asks for memory."""
        return max(0, self.last[0] - self.first[0] + 1) * max(0, self.last[1] - self.first[1] + 1)

    def take(self, text: bytes) -> None:
        found = CELL.findall(text)
        if b"\x00" in text or len(ANY_CELL.findall(text)) != len(found):
            raise Unreadable(ODD)
        if not found:
            return
        columns, numbers = {column(letters) for letters in {one for one, _ in found}}, {int(number) for _, number in found}
        if max(columns) >= MOST_COLUMNS:
            raise Unreadable(
                f"A sheet of this workbook has more than {MOST_COLUMNS} columns. Save the columns with the cases as .csv."
            )
        if max(numbers) > MOST_ROWS + 1000:
            raise Unreadable(f"A sheet of this workbook has more than {MOST_ROWS:,} rows. Save the rows with the cases as .csv.")
        self.there += len(found)
        self.first = min(self.first[0], *numbers), min(self.first[1], *columns)
        self.last = max(self.last[0], *numbers), max(self.last[1], *columns)
        for match in WITH_FORMULA.finditer(text):
            self.formulas.add(int(match[2]) - 1, column(match[1]))


def claim_of(archive: zipfile.ZipFile, part: str) -> Claim:
    """Refuses a sheet that claims to be larger than it is, because one cell far out would make the reader ask for the memory of a
    whole sheet."""
    claim = Claim()
    with archive.open(part) as opened:
        before = b""
        while block := opened.read(BLOCK):
            text = before + block
            # A cell that is cut in two is looked at with the rest of it, and so is one whose formula follows.
            whole = max(text.rfind(b"<c"), text.rfind(b":c"), 0)
            if len(text) - whole > BLOCK:
                whole = len(text)
            whole = max(text.rfind(b"<", 0, whole + 1), 0)
            claim.take(text[:whole])
            before = text[whole:]
            if len(before) > BLOCK:
                raise Unreadable(ODD)
        claim.take(before)
    if claim.cells > max(NEVER_MIND, MOST_EMPTY * claim.there):
        raise Unreadable(SPARSE)
    if claim.cells > MOST_CELLS:
        raise Unreadable(TOO_LARGE)
    return claim


def column(letters: bytes) -> int:
    """A -> 0, AA -> 26"""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number - 1


def rows(book: Any, number: int, formulas: Marks) -> Iterator[Numbered]:
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
