"""What a spreadsheet program reads back from an exported file: what was written, and never a formula."""

import csv
import io
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.spreadsheets import BYTE_ORDER_MARK, as_text, cell, lines_of

# Much of what does harm, and a little of everything else.
HARM = "=+-@|%＝＋－＠−\t\r\n;,\"' \u200b\ufeff\u00a0\u2028ab1()!"
TEXTS = st.text(st.sampled_from(HARM), max_size=12) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TABLES = st.lists(st.lists(TEXTS | st.integers(0, 999), min_size=1, max_size=4), min_size=1, max_size=4)


def written(table: list[list[str | int]]) -> str:
    return b"".join(lines_of(table)).decode()


def read(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def shown(text: str) -> str:
    """As the programs see it: what is not shown is passed over, and what looks like a sign is one."""
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and c != '"')
    return unicodedata.normalize("NFKC", kept)


def is_a_formula(text: str) -> bool:
    return shown(text)[:1] in set("=+-@\u2212")


@given(TABLES)
@example([["=1+1"]])
@example([["a;=1+1", 'b";"=cmd', "\t=1", " ＝1", "\u200b@x", "x\n-1"]])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_a_formula_whatever_separates_cells(separator: str, table: list[list[str | int]]) -> None:
    assert [one for row in read(written(table), separator) for one in row if is_a_formula(one)] == []


@given(TABLES)
def test_everything_is_read_back_but_for_the_apostrophes(table: list[list[str | int]]) -> None:
    def plain(value: str | int) -> str:
        return str(value).replace("'", "").replace("\0", "")

    assert [[plain(one) for one in row] for row in read(written(table))] == [[plain(one) for one in row] for row in table]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("-", "'-"),
        ("+44 1534 000000", "'+44 1534 000000"),
        ("\tx", "'\tx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ('"=1', "'\"=1"),
        ("a;=1", "a;'=1"),
        ("one\n- two", "one\n'- two"),
        ("'=1", "'=1"),
        ("DS O'Neill", "DS O'Neill"),
        ("A1-B2, c = d", "A1-B2, c = d"),
        ("", ""),
        ("nul\0", "nul"),
    ],
)
def test_apostrophe_stands_where_a_formula_would_begin_and_nowhere_else(text: str, kept: str) -> None:
    assert as_text(text) == kept


def test_long_white_space_takes_no_long_time() -> None:
    assert as_text("a" + "\n " * 500_000 + "=1").endswith("'=1")


def test_values_are_written_as_programs_read_them() -> None:
    values = (date(2026, 7, 2), datetime(2026, 7, 2, 13, 5, tzinfo=UTC), True, False, None, -3, "-3")
    # Local time; a text that looks like a number stays text.
    assert [cell(value) for value in values] == ["2026-07-02", "2026-07-02 14:05", "Yes", "No", "", -3, "'-3"]


def test_file_is_what_excel_expects() -> None:
    body = BYTE_ORDER_MARK + b"".join(lines_of([["Café", 1], ["b", None]]))
    assert body.decode("utf-8-sig") == '"Café",1\r\n"b",""\r\n'
