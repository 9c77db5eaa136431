"""CSV as spreadsheet programs write it: in one of four encodings, with one of three characters between the cells."""

import codecs
import csv
import io
import statistics
from collections.abc import Iterator
from typing import BinaryIO

from kit.tables.cells import Numbered, Unreadable, plain

DELIMITERS = ",;\t"
SAMPLE = 64 * 1024
SAMPLE_LINES = 30
BLOCK = 2**20
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NOT_A_TABLE = "This is not a spreadsheet. Save the tracker as .xlsx or .csv and choose that file."


def lines(file: BinaryIO) -> Iterator[Numbered]:
    """Each row with its number."""
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        delimiter = delimiter_of(text.read(SAMPLE))
        text.seek(0)
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            yield number, [plain(cell) for cell in cells]
    except csv.Error:
        raise Unreadable(
            "A cell of this file has no end: a quotation mark is missing. Save the tracker as .csv again, or as .xlsx."
        ) from None
    finally:
        # The file belongs to whoever opened it.
        text.detach()


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
