"""Should Python forget every filter at once, the policies alone still show nobody a row that is not theirs.

The one place where rows are narrowed to a reader (kit.access.rows_within_reach) answers every row to everybody, and whoever is bound
passes in Python for somebody of every role who supervises every unit. Then each page of the matrix is asked for, and what stands on it is
held against the rows that the reader may read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.utils import ProgrammingError

from kit import binding
from kit.access import Actor
from people import session
from people.models import Unit, User
from people.roles import Role
from tests.access import matrix
from tests.access.asking import Asking, own, pages
from tests.access.reading import Reader
from tests.access.scene import Scene, undone
from tests.access.sql import ask
from tests.access.test_five_locks import policies_off, tables_off
from tests.access.test_policies_bite import POLICED
from tests.worlds import building

# Keys, references and crime numbers of cases, and what the scene writes into each of them.
MARKS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{2}-\d{4}-\d{5,}|INV/\d{4}/26")
ASKED = sorted({row.page for row in matrix.rows() if row.method == "GET"})


@dataclass
class Marks:
    """What gives a row away, and whose it is."""

    # Mark -> the cases that it belongs to.
    of_case: dict[str, set[Any]]

    def foreign(self, body: str, reader: Reader) -> set[str]:
        """The marks on a page that belong only to cases which the reader may not see."""
        found = {mark for mark in MARKS.findall(body) if mark in self.of_case}
        return {mark for mark in found if not self.of_case[mark] & set(reader.cases)}


@pytest.fixture(scope="module")
def marks(scene: Scene) -> Marks:
    """Keys of all rows of all tables that hang on a case, and what a case is called by."""
    found: dict[str, set[Any]] = {}
    with building():
        columns = dict(
            ask(
                "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1"
            )
        )
        for table in POLICED:
            if {"id", "case_id"} <= set(columns[table]):
                for key, case in ask(f"SELECT id::text, case_id FROM {table} WHERE case_id IS NOT NULL"):
                    found.setdefault(key, set()).add(case)
        for case, *words in ask("SELECT id, id::text, reference, crime_number FROM cases_case"):
            for word in words:
                found.setdefault(word, set()).add(case)
    return Marks(found)


@pytest.fixture(scope="module")
def asking(scene: Scene) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield Asking(scene)


@pytest.fixture(scope="module")
def readers(scene: Scene) -> list[tuple[Reader, tuple[str, ...]]]:
    """Whoever reads a unit, nothing, or not what they are kept out of; and somebody of another organisation. With the cases to ask for."""
    force = scene.force
    (connected,) = scene.relations["connected"].people
    return [
        (Reader.of(force.sergeant), ("at hand", "elsewhere", "restricted")),
        *((Reader.of(user), ("at hand",)) for user in (force.other_investigator, connected, force.user(Role.PROSECUTOR))),
    ]


@contextmanager
def filters_off(scene: Scene) -> Iterator[None]:
    with building():
        units = tuple(Unit.objects.values_list("pk", flat=True))

    def widest(user_id: int, kind: str, roles: frozenset[str], of_units: Any, covers: Any) -> Actor:
        return Actor(user_id, kind, frozenset(Role), units, covers)

    with tables_off(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(binding, "Actor", widest)
        yield


def shown(asking: Asking, user: User, page: str, parts: dict[str, Any]) -> str:
    """The body of the page; nothing where the database itself refuses."""
    try:
        with undone():
            return asking(user, "GET", page, parts).body
    except ProgrammingError as refused:
        assert "permission denied" in str(refused) or str(refused).startswith("rasso: only"), refused
        return ""


def leaks(scene: Scene, asking: Asking, readers: Any, marks: Marks, page: str) -> list[str]:
    found = []
    for reader, cases in readers:
        for case in cases if pages()[page] else cases[:1]:
            parts = own(scene, case)
            body = shown(asking, reader.user, page, parts)
            # What stands in the address that was asked for tells nothing new.
            told = marks.foreign(body, reader) - {str(parts[name]) for name in pages()[page]}
            found += [f"{page} about the case {case}, to {reader.user}: {mark}" for mark in sorted(told)]
    return found


@pytest.mark.parametrize("page", ASKED)
def test_policies_alone_keep_every_row_from_whoever_may_not_read_it(
    on_the_scene: Scene, asking: Asking, readers: Any, marks: Marks, page: str
) -> None:
    with filters_off(on_the_scene):
        assert leaks(on_the_scene, asking, readers, marks, page) == []


def test_without_policies_the_same_pages_would_show_them(on_the_scene: Scene, asking: Asking, readers: Any, marks: Marks) -> None:
    """Else the test above would look at nothing."""
    for page in ("case-list", "review-queue", "case", "case-chronology"):
        with filters_off(on_the_scene), policies_off():
            assert leaks(on_the_scene, asking, readers, marks, page) != [], page
