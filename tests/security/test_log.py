"""What may stand in a line of the log, and how it leads to the page of an error."""

import ast
import json
import logging
import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from kit.log import WITHHELD, JsonLines
from kit.views import open_to_everyone
from rasso.urls import urlpatterns as all_addresses
from tests.access.asking import BACKEND
from tests.access.scene import savepoint
from tests.house.sources import nodes, place
from tests.security.logged import logged
from tests.worlds import Force, building

NAME = "Zebedee Quillfeather"


def line_of(logger: str, message: str, *args: object, pathname: str = __file__, **extra: object) -> dict[str, object]:
    record = logging.LogRecord(logger, logging.INFO, pathname, 1, message, args or None, None)
    vars(record).update(extra)
    line: dict[str, object] = json.loads(JsonLines(ours=["cases"]).format(record))
    return line


# One line ------------------------------------------------------------------------------------------------------------------


def test_our_line_holds_ids_and_words_of_the_code() -> None:
    key = uuid4()
    line = line_of(
        "cases.operations", "cases.close.refused", case_id=key, count=3, on=date(2026, 11, 2), kind="SMTPServerDisconnected"
    )
    assert line["event"] == "cases.close.refused"
    assert (line["case_id"], line["count"], line["on"], line["kind"]) == (str(key), 3, "2026-11-02", "SMTPServerDisconnected")


@pytest.mark.parametrize(
    "value", [NAME, "+44 7797 000123", "a\nb", [NAME], {"name": NAME}, ValueError(NAME), b"Zebedee", "x" * 81]
)
def test_our_line_withholds_what_may_be_narrative(value: object) -> None:
    """Taken out: `safe` in kit.log answered every value as it was."""
    line = line_of("cases.operations", "cases.close.refused", detail=value)
    assert line["detail"] == WITHHELD
    assert line_of("cases.operations", f"closed by {NAME}")["event"] == WITHHELD


def test_line_of_a_library_is_its_text_without_what_was_put_in() -> None:
    assert line_of("django.request", "Not Found: %s", f"/{NAME}/", status_code=404, sql=NAME)["event"] == "Not Found: %s"
    assert NAME not in json.dumps(line_of("django.request", "Not Found: %s", f"/{NAME}/", status_code=404, sql=NAME))
    assert line_of("axes.handlers", f"failure of {NAME}")["event"] == WITHHELD
    assert line_of("celery.worker", "Worker shuts down warmly", pathname=__file__)["event"] == "Worker shuts down warmly"


@pytest.mark.parametrize("typed", ['\r\n{"level": "error"}', "\u2028x", "\x1b[2J", "\x00", "a\nlevel=error"])
def test_nobody_writes_a_line_of_their_own(typed: str) -> None:
    """Log injection: whatever is typed, one line stays one line, in plain letters."""
    for logger, message, args in (("cases.x", typed, ()), ("django.request", "Not Found: %s", (typed,))):
        record = logging.LogRecord(logger, logging.INFO, __file__, 1, message, args, None)
        record.detail = typed
        text = JsonLines(ours=["cases"]).format(record)
        assert text.isascii() and text.isprintable()
        assert json.loads(text)


def test_text_of_an_exception_is_left_out(db: None) -> None:
    """A constraint prints the row that it refused; `repr` and `str` of the error hold it, so the line holds its kind and place only."""
    with building(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE trial (name text UNIQUE)")
        with pytest.raises(DatabaseError) as refused, savepoint():
            cursor.execute("INSERT INTO trial VALUES (%s), (%s)", [NAME, NAME])
    assert NAME in str(refused.value)
    for logger in ("cases.operations", "django.request"):
        about = (type(refused.value), refused.value, refused.tb)
        record = logging.LogRecord(logger, logging.ERROR, __file__, 1, "cases.failed", None, about)
        text = JsonLines(ours=["cases"]).format(record)
        assert NAME not in text
        assert json.loads(text)["exception"] == "IntegrityError"
        # Which the formatter of the standard library would have written.
        assert NAME in logging.Formatter().format(record)


def test_every_line_of_ours_is_a_constant_dotted_name() -> None:
    found = [place(file, node) for file, node in nodes(ast.Call) if isinstance(node, ast.Call) and is_wordy(node)]
    assert found == []


def is_wordy(call: ast.Call) -> bool:
    """A line of the log that is more than a name."""
    if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "log"):
        return False
    first = call.args[0]
    text = first.value if isinstance(first, ast.Constant) else ""
    return len(call.args) > 1 or not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", str(text))


# From the page to the line -------------------------------------------------------------------------------------------------


@open_to_everyone
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"{NAME} stood in the row")


urlpatterns = [path("broken/", broken), *all_addresses]
handler500 = "rasso.views.server_error"


def test_page_of_an_error_names_the_line_and_nothing_else(settings: Settings, force: Force) -> None:
    """Taken out: `handler500` of the addresses; the page then had no number."""
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(force.investigator, backend=BACKEND)
    with logged() as lines:
        page = client.get(f"/broken/?name={NAME}").content.decode()
    (line,) = lines.of("%s: %s")
    assert line["level"] == "error"
    assert UUID(str(line["request_id"]))
    assert f"Reference to give them: {line['request_id']}" in page
    assert line["user_id"] == force.investigator.pk
    assert line["exception"] == "RuntimeError"
    for secret in (NAME, "Zebedee", "Traceback", "RuntimeError", "broken", "test_log.py"):
        assert secret not in page
    assert "Zebedee" not in lines.text


def test_each_request_has_a_number_of_its_own(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    with logged() as lines:
        client.get("/broken/")
        client.get("/broken/")
    first, second = lines.of("%s: %s")
    assert first["request_id"] != second["request_id"]
    assert "user_id" not in first
