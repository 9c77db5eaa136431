"""An unmistakable name, fed through every form and page (tests/security/walk.py), is found nowhere but where it belongs.

What is held elsewhere: mails of the worker (tests/cases/test_reminders.py says all their words), columns of the record
(tests/access/test_access_record.py).
"""

import re
from urllib.parse import unquote

import pytest
from celery.app.task import Task

from tests.security import marks
from tests.security.marks import OFFICER, names_it
from tests.security.typed import Forms
from tests.security.walk import Walk

pytestmark = pytest.mark.xdist_group("walk over the site")


def test_no_line_of_any_log_names_anybody(walk: Walk) -> None:
    """Every logger at DEBUG, statements of the database with their values among them."""
    assert len(walk.log.splitlines()) > 1000
    assert names_it(walk.log_unscrubbed), "without our formatter it would stand there, else this test shows nothing"
    assert OFFICER in walk.log_unscrubbed
    assert [line for line in walk.log.splitlines() if names_it(line) or OFFICER in line][:3] == []


def test_no_address_names_anybody(walk: Walk) -> None:
    found = []
    for reply in walk.replies:
        is_page = reply.headers.get("Content-Type", "").startswith("text/html")
        for link in [reply.headers.get("Location", ""), *(Forms(reply.text).links if is_page else [])]:
            if names_it(unquote(link)) or OFFICER in unquote(link):
                found.append(f"{reply}: {link}")
    assert found == []


def test_no_title_of_a_page_names_anybody(walk: Walk) -> None:
    titles = {
        reply.page: Forms(reply.text).title for reply in walk.replies if "text/html" in reply.headers.get("Content-Type", "")
    }
    assert {page: title for page, title in titles.items() if names_it(title) or OFFICER in title} == {}


def test_no_header_names_anybody(walk: Walk) -> None:
    assert [str(reply) for reply in walk.replies if names_it(repr(reply.headers)) or names_it(reply.cookies.output())] == []


def test_no_page_of_an_error_repeats_what_was_asked(walk: Walk) -> None:
    for reply in walk.others:
        if reply.status in (403, 404, 405):
            assert not names_it(reply.text), str(reply)


def test_nothing_stays_in_tables_that_are_not_for_it(walk: Walk) -> None:
    """Sessions, cache, failed sign-ins (axes), the record of access, reference and personnel; and no message is sent at once."""
    assert {page: sent.left_behind for page, sent in walk.as_is.items() if sent.left_behind} == {}


def test_no_form_queues_a_task(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would stand in a message of Celery: nothing, because no request sends one. The web server does not load the broker's client
    (tests/house/test_worker.py)."""
    assert not re.search(r'"logger": "(kombu|amqp|redis)', walk.log)
    assert Task.apply_async is not None


def test_search_for_the_name_finds_it_hidden_as_well() -> None:
    assert names_it("Zebedee%20Quillfeather") and names_it("a+Quillfeather")
    assert names_it("eyJ4IjoiWmViZWRlZSBRdWlsbGZlYXRoZXIifQ==")
    assert not names_it("Invented Victim-Name")
    assert marks.KEYS.search("01890000-0000-7000-8000-000000000000")
