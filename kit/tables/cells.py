"""What cells of a table are made of, and the limits of what is read."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

LARGEST_FILE = 40 * 2**20
MOST_ROWS = 200_000
MOST_COLUMNS = 100
# No field of a case that is loaded is longer; what stands behind is not kept.
LONGEST_CELL = 400
# A formula whose result the file does not hold.
FORMULA = "=…"

Numbered = tuple[int, list[str]]


class Unreadable(Exception):
    """This file cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """``number``: as the spreadsheet program counts it."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: Iterator[Row]


def as_text(value: Any) -> str:
    """One cell in words. One that is too long keeps one character too many, so that whoever needs it sees that it was cut."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return plain(str(value))


def plain(text: str) -> str:
    """Composed, with one kind of space, and nothing that a database cannot keep."""
    shown = text[: 4 * LONGEST_CELL].replace("\x00", "\ufffd")
    return " ".join(unicodedata.normalize("NFC", shown).split())[: LONGEST_CELL + 1]
