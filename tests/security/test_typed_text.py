"""What somebody typed stays text, wherever it is shown: on every page, in every file (stored and sent back at once).

Taken out: `autoescape` of the template engine, and the apostrophe of kit.spreadsheets; both made these red.
"""

import csv
import io
import re

import pytest
from django.template import Context, Template

from kit.spreadsheets import lines_of
from tests.security.crawl import Reply
from tests.security.typed import NAME, TYPED, Forms
from tests.security.walk import Walk

pytestmark = pytest.mark.xdist_group("walk over the site")


def pages_of(walk: Walk) -> list[Reply]:
    replies = [*walk.replies, *(one.reply for one in walk.with_more.values())]
    return [reply for reply in replies if reply.headers.get("Content-Type", "").startswith("text/html")]


def test_name_was_put_into_every_text_and_stands_on_many_pages(walk: Walk) -> None:
    """Else nothing below would mean anything."""
    assert walk.marked >= 50, walk.kept
    shown = {reply.page for reply in walk.got if NAME in reply.text}
    assert len(shown) >= 25, sorted(shown)
    sent_back = {page for page, sent in walk.as_is.items() if sent.reply.status in (409, 422) and NAME in sent.reply.text}
    stored = {page for page, sent in walk.as_is.items() if any(NAME in row for row in sent.changed)}
    assert len(sent_back | stored) >= 25, (sorted(sent_back), sorted(stored))


def test_no_page_makes_an_element_or_a_handler_of_it(walk: Walk) -> None:
    wrong = [f"{reply}: {found}" for reply in pages_of(walk) if (found := Forms(reply.text).foreign)]
    assert wrong == []


def test_no_page_holds_it_unescaped(walk: Walk) -> None:
    raw = re.compile(r"<b onclick|\"'><")
    assert [str(reply) for reply in pages_of(walk) if raw.search(reply.text)] == []


def test_an_engine_that_does_not_escape_is_found() -> None:
    page = Template("{% autoescape off %}<p>{{ name }}</p>{% endautoescape %}").render(Context({"name": TYPED}))
    assert Forms(page).foreign


def files_of(walk: Walk) -> list[Reply]:
    return [reply for reply in walk.got if reply.headers.get("Content-Type", "").startswith("text/csv")]


def test_no_cell_of_a_file_is_a_formula(walk: Walk) -> None:
    files = files_of(walk)
    assert len(files) >= 4
    cells = [cell for reply in files for row in csv.reader(io.StringIO(reply.body.decode("utf-8-sig"))) for cell in row]
    assert any(NAME in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n")] == []


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n=", " =", "\uff1d"])
def test_cell_that_begins_a_formula_is_written_as_text(first: str) -> None:
    (line,) = list(lines_of([[f"{first}cmd|' /C calc'!A0"]]))
    cell = next(csv.reader(io.StringIO(line.decode())))[0]
    assert cell.lstrip(" ")[0] not in "=+-@\t\r\n"


def test_no_file_is_called_by_what_was_typed(walk: Walk) -> None:
    names = {reply.headers["Content-Disposition"] for reply in files_of(walk)}
    assert all(re.fullmatch(r'attachment; filename="[a-z-]+(\d+-)?\d{4}-\d{2}-\d{2}(-\d{4})?\.csv"', name) for name in names), (
        names
    )
