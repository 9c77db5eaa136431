"""Reads a table that somebody made by hand, CSV or XLSX, row by row: titles above it, empty rows, merged cells and all.

Pure: a file in, words out. Every cell comes as text; a date of a spreadsheet comes as 2026-04-03, so that nobody has to guess it.
What cannot be read is refused with a sentence that says what to do (Unreadable), also halfway through.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from kit.tables import delimited, workbook
from kit.tables.cells import LARGEST_FILE, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Numbered, Row, Table, Unreadable

__all__ = ["LARGEST_FILE", "LONGEST_CELL", "MOST_ROWS", "Row", "Table", "Unreadable", "read_table"]

# The heads of the columns stand within these many rows.
LOOK_FOR_HEADS = 25
ARCHIVE = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_table(file: BinaryIO, knows: Callable[[str], bool]) -> Table:
    """The columns, then their rows as a stream. ``knows``: whether a word is one of those that such a table has above its columns."""
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if size == 0:
        raise Unreadable("The file is empty. Choose the file that holds the cases.")
    if size > LARGEST_FILE:
        raise Unreadable(
            f"The file is larger than {LARGEST_FILE // 2**20} MB. Save only the sheet with the cases, or save it in parts."
        )
    if start == OLD_WORKBOOK:
        raise Unreadable(
            "This workbook has a password or is of an old kind (.xls). Save it as .xlsx without a password, or as .csv."
        )
    if start == ARCHIVE:
        return best_of(workbook.sheets(file), knows)
    return table_of(delimited.lines(file), knows)


def best_of(sheets: Iterable[Iterator[Numbered]], knows: Callable[[str], bool]) -> Table:
    """Of several sheets the one with the most known heads; the first of equals."""
    found: tuple[int, Table] | None = None
    for sheet in sheets:
        try:
            table = table_of(sheet, knows)
        except Unreadable:
            continue
        known = sum(map(knows, table.columns))
        if found is None or known > found[0]:
            found = known, table
    if found is None:
        raise Unreadable("No sheet of this workbook holds a table. Choose the file that holds the cases.")
    return found[1]


def table_of(lines: Iterator[Numbered], knows: Callable[[str], bool]) -> Table:
    first = list(islice(lines, LOOK_FOR_HEADS))
    place = place_of_heads([cells for _, cells in first], knows)
    heads = first[place][1]
    used = [
        position
        for position in range(max(len(cells) for _, cells in first[place:]))
        if any(position < len(cells) and cells[position] for _, cells in first[place:])
    ]
    if len(used) > MOST_COLUMNS:
        raise Unreadable(f"The table has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
    columns = named([heads[position] if position < len(heads) else "" for position in used])
    return Table(columns, rows_of(chain(first[place + 1 :], lines), used, [heads[p] if p < len(heads) else "" for p in used]))


def place_of_heads(first: list[list[str]], knows: Callable[[str], bool]) -> int:
    """Which row holds the heads: the one with the most known words, else the fullest; the first of equals."""
    known = [sum(1 for cell in cells if cell and knows(cell)) for cells in first]
    filled = [len({cell for cell in cells if cell}) for cells in first]
    if max(filled, default=0) < 2:
        raise Unreadable(
            "No table was found in this file. It needs one row with the heads of the columns and one row for each case."
        )
    wanted = known if max(known) else filled
    return wanted.index(max(wanted))


def named(heads: list[str]) -> list[str]:
    """Each column by a name of its own."""
    columns: list[str] = []
    for number, head in enumerate(heads, start=1):
        name, again = head[:100] or f"Column {number} (no heading)", 2
        while name in columns:
            name, again = f"{head[:100]} ({again})", again + 1
        columns.append(name)
    return columns


def rows_of(lines: Iterable[Numbered], used: list[int], heads: list[str]) -> Iterator[Row]:
    """Rows that hold something; heads that are repeated further down are none."""
    count = 0
    for number, cells in lines:
        values = [cells[position] if position < len(cells) else "" for position in used]
        if not any(values) or values == heads:
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(f"The table has more than {MOST_ROWS:,} rows. Save it in parts and load one after the other.")
        yield Row(number, values)
