"""That something exists is a secret as well: what is hidden from somebody answers like what is not there, byte for byte.

A case elsewhere is asked for by everybody in tests/access/test_matrix.py. Here those that are hidden though they stand in the reader's
own unit: one from which they are kept out, and one that is restricted; and everything else that an address can name.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db.models import QuerySet

from cases.models import Case
from kit.access import NotAllowed
from kit.binding import bound_to
from kit.views import row_or_not_visible
from people import session
from people.models import User
from tests.access.asking import ABSENT, Asking, own, pages
from tests.access.scene import Scene
from tests.access.sql import ask
from tests.worlds import building

# What an address names that is no secret: a rule, a step of one's own form.
NO_SECRET = {"step", "code"}
MUST_HIDE = {"case", "case-history", "record-event", "review", "case-names", "copy-case"}
# Who asks, for which case as its parts: a Detective Sergeant of the unit who is kept out, its Inspector who is not named, a partner.
READERS = {"connected": 0, "not-named": 1, "partners": 0}


@pytest.fixture(scope="module")
def asking(scene: Scene) -> Iterator[Asking]:
    with pytest.MonkeyPatch.context() as patch:
        # So that a request that happens to be the first of its minute sends no statement more than the others.
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield Asking(scene, [reader(scene, relation) for relation in READERS])


def reader(scene: Scene, relation: str) -> User:
    return scene.relations[relation].people[READERS[relation]]


def named() -> list[str]:
    return sorted(page for page, parts in pages().items() if parts - NO_SECRET)


def told_apart(scene: Scene, asking: Asking, relation: str, among: Iterable[str]) -> tuple[list[str], set[str]]:
    """Pages that answer otherwise for what is hidden than for nothing; and all that hide something."""
    user, there, wrong, hidden = reader(scene, relation), own(scene, scene.relations[relation].case), [], set()
    for page in among:
        # The forms once are enough: whose case it is decides before what is sent.
        for method in ("GET", "POST") if relation == "connected" else ("GET",):
            one, nothing = (asking(user, method, page, parts) for parts in (there, ABSENT))
            if one.cell == "hidden" or (nothing.cell == "hidden" and "reference" in pages()[page]):
                hidden.add(page)
                if one != nothing:
                    wrong.append(f"{method} {page} as {user}: {one.unlike(nothing)[:300]}")
    return wrong, hidden


def test_pages_that_name_something_are_found() -> None:
    assert {"case", "review", "unfinished-report", "end-cover", "person", "import-run", "search-results"} <= set(named())


@pytest.mark.parametrize("relation", READERS)
def test_what_is_hidden_answers_like_what_is_not_there(scene: Scene, asking: Asking, relation: str) -> None:
    """In status, headers, body and number of statements, by GET and POST."""
    # A partner is turned away by their role, whatever the address names.
    among = named() if relation != "partners" else sorted(MUST_HIDE)
    wrong, hidden = told_apart(scene, asking, relation, among)
    assert wrong == []
    assert hidden >= MUST_HIDE


@pytest.mark.parametrize("gone", ["another status", "one statement more"])
def test_what_tells_that_something_exists_is_noticed(
    scene: Scene, asking: Asking, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """So it would be if a page looked first whether there is such a case, and then whose it is."""
    hide = row_or_not_visible

    def look_first(rows: QuerySet[Any]) -> Any:
        row = rows.first()
        if row is None:
            with building():
                exists = Case.unguarded.filter(reference=scene.cases["at hand"].reference).exists()
            if exists and "00000" not in str(rows.query):
                if gone == "another status":
                    raise NotAllowed("It is not yours.")
                ask("SELECT 1")
        return row if row is not None else hide(rows.none())

    monkeypatch.setattr("cases.views.base.row_or_not_visible", look_first)
    wrong, _ = told_apart(scene, asking, "connected", ["case"])
    assert wrong


def test_numbers_of_cases_tell_neither_order_nor_how_many(on_the_scene: Scene) -> None:
    with bound_to(on_the_scene.force.investigator.pk, "police", may_write=True):
        drawn = [ask("SELECT rasso.draw_reference_number(2026)")[0][0] for _ in range(20)]
    assert len(set(drawn)) == 20
    assert drawn not in (sorted(drawn), sorted(drawn, reverse=True))
    assert max(drawn) - min(drawn) > 1000
