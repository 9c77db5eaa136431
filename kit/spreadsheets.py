"""CSV that a spreadsheet program opens as what it is: text stays text, whatever somebody typed.

A cell that begins like a formula is executed by spreadsheet programs when the file is opened, quoted or not. An apostrophe before it
keeps it text. Which character begins a new cell depends on the reader's settings (comma, semicolon, tab), so the same is done after
each of those inside a text.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone

Cell = str | int | date | datetime | bool | None

BEGINS_A_FORMULA = frozenset("=+-@|%\u2212")
AT_THE_BEGINNING = frozenset("\t\r\n")
BEGINS_A_CELL = frozenset(";,\t\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
# Controls, what is not shown and spaces: a program may pass over them, and over quotes, before it looks for a formula.
PASSED_OVER = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Stands before the first line: by it programs know UTF-8.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def as_text(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet program would begin a formula."""
    text = text.replace("\0", "")
    written: list[str] = []
    # Whether only what is passed over stands before, in the whole text and in the cell that a separator may have begun.
    is_first = is_fresh = True
    has_separator = False
    is_front_marked = text[:1] in AT_THE_BEGINNING
    for character in text:
        if character in BEGINS_A_CELL:
            is_first, is_fresh, has_separator = is_first and character.isspace(), True, True
        elif is_fresh and begins_a_formula(character):
            is_front_marked |= is_first
            if has_separator:
                written.append("'")
            is_first = is_fresh = False
        elif is_fresh and not is_passed_over(character):
            is_first = is_fresh = False
        written.append(character)
    return "".join(["'", *written] if is_front_marked else written)


def begins_a_formula(character: str) -> bool:
    """With what looks the same: full-width, small, raised and lowered forms."""
    return character in BEGINS_A_FORMULA or unicodedata.normalize("NFKC", character)[:1] in BEGINS_A_FORMULA


def is_passed_over(character: str) -> bool:
    return character == '"' or unicodedata.category(character) in PASSED_OVER


def cell(value: Cell) -> str | int:
    """How a value is written: dates as 2026-11-22, which every program reads as a date; numbers as numbers."""
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case int():
            return value
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case _:
            return as_text(value)


class _Line:
    """A file that holds one line at a time, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def lines_of(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Line by line; nothing is kept."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in rows:
        line: str = writer.writerow([cell(value) for value in row])  # what write() returned
        yield line.encode()
