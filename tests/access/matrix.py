"""Reads matrix.md, once: for each page and method, what each column of people gets."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

MATRIX = Path(__file__).with_name("matrix.md")
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Row:
    page: str
    method: str
    cells: dict[str, str]


@cache
def tables() -> list[list[list[str]]]:
    """The tables of the document, each as a list of rows, each a list of cells; the line of dashes left out."""
    found: list[list[list[str]]] = [[]]
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            found.append([])
        elif set(line) - set("|-: "):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return [table for table in found if table]


@cache
def words() -> set[str]:
    return {word for word, _ in tables()[0][1:]}


@cache
def columns() -> dict[str, tuple[str, str]]:
    """Column -> who that is, and which case is theirs in the test."""
    return {name: (who, case) for name, who, case in tables()[1][1:]}


# A column that gets what another one does, but on the pages of a table of its own.
LIKE = {"emergency": "other-inv", "instead": "sergeant"}


@cache
def rows() -> list[Row]:
    stated = [
        Row(page, method, dict(zip(header, cells, strict=True)))
        for (_, _, *header), *lines in tables()[2:]
        for page, method, *cells in lines
    ]
    apart: dict[tuple[str, str], dict[str, str]] = {}
    for row in stated:
        if row.cells.keys() <= LIKE.keys():
            apart.setdefault((row.page, row.method), {}).update(row.cells)
    whole = [row for row in stated if not row.cells.keys() <= LIKE.keys()]
    unknown = apart.keys() - {(row.page, row.method) for row in whole}
    assert not unknown, f"Pages that stand nowhere else: {sorted(unknown)}"
    return [
        Row(
            row.page,
            row.method,
            {**row.cells, **{column: row.cells[like] for column, like in LIKE.items()}, **apart.get((row.page, row.method), {})},
        )
        for row in whole
    ]


@cache
def pages() -> set[str]:
    return {row.page for row in rows()}


@cache
def expected(page: str, method: str) -> dict[str, str]:
    """Column -> cell, put together from the tables; empty if the page does not take the method."""
    return {column: cell for row in rows() if (row.page, row.method) == (page, method) for column, cell in row.cells.items()}
