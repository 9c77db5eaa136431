"""CSV as spreadsheet programs write it: in one of four encodings, with one of three characters between the cells."""

import codecs
import csv
import io
import statistics
from collections.abc import Iterator
from typing import BinaryIO

from kit.tables.cells import MOST_COLUMNS, Numbered, Unreadable, plain

DELIMITERS = ",;\t"
SAMPLE = 64 * 1024
SAMPLE_LINES = 30
BLOCK = 2**20
LONGEST_LINE = 2**20
# Spreadsheet programs write so many cells in a row at the most, most of them empty; those that are not are counted later.
MOST_DELIMITERS = 16_384
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NOT_A_TABLE = "This is not a spreadsheet. Save the tracker as .xlsx or .csv and choose that file."


def lines(file: BinaryIO) -> Iterator[Numbered]:
    """Each row with its number."""
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        delimiter = delimiter_of(text.read(SAMPLE))
        text.seek(0)
        physical = Physical(text, delimiter)
        for number, cells in enumerate(csv.reader(physical, delimiter=delimiter), start=1):
            physical.delimiters = 0
            yield number, [plain(cell) for cell in cells]
    except csv.Error:
        raise Unreadable(
            "A cell of this file has no end: a quotation mark is missing. Save the tracker as .csv again, or as .xlsx."
        ) from None
    finally:
        # The file belongs to whoever opened it.
        text.detach()


class Physical:
    """The lines of a file for the reader of CSV, which makes cells of as many of them as there are between two quotation marks. Stops
    before one row would take more memory than any table needs."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self.text, self.delimiter = text, delimiter
        # Since the row began; set back by whoever has got it.
        self.delimiters = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(LONGEST_LINE + 1):
            self.delimiters += line.count(self.delimiter)
            if self.delimiters > MOST_DELIMITERS:
                raise Unreadable(f"The table has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
            if len(line) > LONGEST_LINE:
                raise Unreadable("A line of this file is too long for a table. Save the tracker as .csv again, or as .xlsx.")
            yield line


def encoding_of(file: BinaryIO) -> str:
    """By its mark, else UTF-8 if all of it is, else what Windows writes in this part of the world."""
    start = file.read(SAMPLE)
    file.seek(0)
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return readable_as(file, encoding) or refuse()
    if b"\x00" in start:
        # Letters of ours take one of two bytes in UTF-16; which of the two says the order.
        if start.count(0) < len(start) / 4:
            refuse()
        return readable_as(file, "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be") or refuse()
    return readable_as(file, "utf-8") or readable_as(file, "windows-1252") or refuse()


def readable_as(file: BinaryIO, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    finally:
        file.seek(0)
    return encoding


def refuse() -> str:
    raise Unreadable(NOT_A_TABLE)


def delimiter_of(sample: str) -> str:
    """The one that makes the most cells in most lines."""
    shown = [character for character in sample[:1000] if not character.isprintable() and character not in "\r\n\t\x0b\x0c\ufeff"]
    if len(shown) > 20:
        refuse()
    first = sample.splitlines()[:SAMPLE_LINES]

    def cells_in_a_line(delimiter: str) -> float:
        try:
            return statistics.median(len(cells) for cells in csv.reader(first, delimiter=delimiter) if cells)
        except (csv.Error, statistics.StatisticsError):
            return 0

    return max(DELIMITERS, key=cells_in_a_line)
