"""Leak classes 16 to 20: mails, logs and pages of errors, caches and views, differences in time or status, files that are taken over."""

import io
import zipfile

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cases.operations.reminders import send_reminders
from kit import views
from kit.access import NotAllowed
from kit.tables import Unreadable
from tests import worlds
from tests.access import catalogue
from tests.access.asking import BACKEND, Asking, own
from tests.access.scene import TODAY, Scene, undone
from tests.access.sql import ask, run
from tests.house.test_tables import read
from tests.security import marks
from tests.security.typed import PHONE, TYPED
from tests.worlds import at, building, set_clock

# 16: mails -------------------------------------------------------------------------------------------------------------------


def messages_of_the_day(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    set_clock(at(TODAY, 10))
    with monkeypatch.context() as patch:
        # With the worker's own login.
        patch.setattr(worlds, "LOGIN", "rasso_worker")
        with building():
            pass
        send_reminders()
    with building():
        pass
    return [str(message.message()) for message in mail.outbox]


def test_mail_holds_numbers_and_an_address_alone(on_the_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an unmistakable name in every text of the database: none in subject, body, sender or any header, and no reference either.

    The worker, which writes them, cannot read names at all: its role holds no privilege on those tables (next test)."""
    marks.mark_everything()
    sent = messages_of_the_day(monkeypatch)
    assert sent
    for message in sent:
        assert not marks.names_it(message) and marks.OFFICER not in message
        assert settings.FORCE_PREFIX + "-2026-" not in message


def test_role_that_writes_mails_could_not_read_a_name(db: None) -> None:
    """Guard: privileges. Given them, the test of the catalogue names the table (tests/access/test_catalogue.py)."""
    with building():
        for table in ("cases_person", "cases_victim", "cases_suspect", "cases_case", "cases_event"):
            assert catalogue.held_privileges(table, "rasso_system") == set()
        with undone():
            run("GRANT SELECT ON cases_person TO rasso_system")
            assert catalogue.faults()


# 17: logs and pages of errors are in tests/security/test_scrub.py and test_log.py --------------------------------------------

# 18: caches and views ----------------------------------------------------------------------------------------------------------


def test_no_view_reads_with_the_rights_of_its_owner_and_none_keeps_rows(db: None) -> None:
    with building():
        assert catalogue.loose_views() == []
        assert kept_views() == []


def kept_views() -> list[str]:
    return [name for (name,) in ask("SELECT relname FROM pg_class WHERE relkind = 'm'")]


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_view_that_somebody_adds_is_found(db: None, kind: str) -> None:
    with building(), undone():
        run(f"CREATE {kind} leak AS SELECT id, crime_number FROM cases_case")
        assert catalogue.loose_views() + kept_views()


def test_pages_leave_nothing_in_the_cache_that_several_share(on_the_scene: Scene) -> None:
    """What is kept there is nobody's: no page, no list, no count. A key that comes must hold whose it is, and is put on this list."""
    asking = Asking(on_the_scene)
    for page in ("home", "case-list", "review-queue", "case"):
        asking(on_the_scene.force.sergeant, "GET", page, own(on_the_scene, "at hand"))
    with building():
        assert ask("SELECT cache_key FROM rasso_cache") == []
    cache.set("leak", TYPED)
    with building():
        assert ask("SELECT cache_key FROM rasso_cache")


def test_no_answer_may_be_kept_on_the_way(on_the_scene: Scene) -> None:
    client = Client()
    client.force_login(on_the_scene.force.sergeant, backend=BACKEND)
    assert client.get("/reviews/").headers["Cache-Control"] == "no-store"


# 19: differences between hidden and absent --------------------------------------------------------------------------------------


def test_hidden_case_that_is_answered_otherwise_than_an_absent_one_is_found(
    on_the_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tests/access/test_matrix.py compares status, headers, body and number of statements of every page for everybody; here the guard is
    taken out: a case elsewhere is answered 403, as if it were in reach and only the act were not."""
    asking, user = Asking(on_the_scene), on_the_scene.force.investigator
    here, absent = own(on_the_scene, "elsewhere"), {**own(on_the_scene, "elsewhere"), "reference": "JE-2026-00000"}
    assert asking(user, "GET", "case", here) == asking(user, "GET", "case", absent)

    def gives_away(rows):  # type: ignore[no-untyped-def]
        if here["reference"] in str(rows.query):
            raise NotAllowed
        return views.row_or_not_visible(rows)

    monkeypatch.setattr("cases.views.base.row_or_not_visible", gives_away)
    assert asking(user, "GET", "case", here) != asking(user, "GET", "case", absent)


# 20: what is taken over ----------------------------------------------------------------------------------------------------------

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><x>&b;&f;</x>'


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return file.getvalue()


def hostile() -> dict[str, bytes]:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as opened:
        for number in range(2100):
            opened.writestr(f"xl/{number}.xml", b"")
        opened.writestr("xl/workbook.xml", b"<x/>")
    return {
        "entities in the workbook": archive({"xl/workbook.xml": ENTITIES, "xl/_rels/workbook.xml.rels": ENTITIES}),
        "paths outside": archive({"../../etc/passwd": b"x", "xl/workbook.xml": b"<x/>"}),
        "many parts": many.getvalue(),
        "an archive in an archive": archive({"inner.zip": archive({"xl/workbook.xml": b"<x/>"})}),
        "a page": b"<html><script>alert(1)</script></html>" * 100,
        "a program": b"\x7fELF\x02\x01\x01\x00" * 100,
        "nothing": b"",
        "zeros": b"\x00" * 10_000,
    }


@pytest.mark.parametrize("kind", hostile())
def test_hostile_file_is_refused_with_a_sentence(kind: str) -> None:
    """More of these, with the memory they may take, in tests/house/test_tables.py."""
    with pytest.raises(Unreadable):
        read(hostile()[kind])


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "x\r\nSet-Cookie: a=1.csv", "\u202efdp.csv", "a" * 4000 + ".csv", "\x00.csv", f"{TYPED}.csv"]
)
def test_name_of_a_file_goes_nowhere(on_the_scene: Scene, name: str) -> None:
    client = Client()
    client.force_login(on_the_scene.force.inspector, backend=BACKEND)
    file = io.BytesIO(f"Crime number,Date\n{TYPED},{PHONE}\n".encode())
    file.name = name
    with undone():
        answer = client.post("/cases/import/", {"file": file})
        assert answer.status_code in (302, 400, 422)
        assert not {"Set-Cookie", "a"} & set(answer.headers) and "a" not in answer.cookies
        assert "passwd" not in answer.content.decode() and "Quillfeather.csv" not in answer.content.decode()
