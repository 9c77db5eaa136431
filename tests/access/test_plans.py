"""Plans that are pinned: in a force of fifty units the search and the queue of one of them walk indexes of that unit, and read little.

Each statement of the page is explained as it runs, in the reader's role. What a function does inside it is not shown there, so that
whole tables are also counted by the server's own statistics of the transaction.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.models import RememberedSearch
from kit.binding import bound_to
from people.models import User
from tests.access.asking import BACKEND
from tests.access.scene import undone
from tests.access.sql import ask, run
from tests.access.wide import TABLES, make_wide_force
from tests.worlds import MONDAY, Force, at, building, make_force, set_clock

pytestmark = pytest.mark.xdist_group("plans")

# Tables that grow with the force. Nobody reads one of them from beginning to end.
LARGE = ("cases_case", "cases_person", "cases_victim", "cases_review", "cases_searchword")
# Pages of 8 kB for a page of the site; in a force fifty times as large as the reader's unit.
MOST_BUFFERS = 9_000
# Of a list: 3,400 to 9,500 with the indexes of the unit, as the keys happen to be drawn; 11,300 and more without them.
MOST_BUFFERS_OF_A_LIST = 10_500


class Explained:
    """Explains each statement about cases before it runs."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []
        self.buffers = 0

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")) and ("cases_" in sql or "rasso.search" in sql):
            execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters, many, context)
            plan = context["cursor"].fetchone()[0]
            (whole,) = plan if isinstance(plan, list) else json.loads(plan)
            self.buffers += whole["Plan"]["Shared Hit Blocks"] + whole["Plan"]["Shared Read Blocks"]
            self.plans += nodes(whole["Plan"])
        return execute(sql, parameters, many, context)

    @property
    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.plans if "Index Name" in node}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def whole_scans() -> dict[str, int]:
    """Of each large table, how often it was read from beginning to end in this transaction, also inside functions."""
    return dict(ask("SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)", list(LARGE)))


@pytest.fixture(scope="module")
def force(django_db_setup: None, django_db_blocker: Any) -> Iterator[Force]:
    with django_db_blocker.unblock():
        with building():
            # What other tests put there and took back lies about in the indexes until it is swept up, and would be counted as read.
            run(f"VACUUM (INDEX_CLEANUP ON) {', '.join(TABLES)}")
        yield from wide_force()


def wide_force() -> Iterator[Force]:
    with undone():
        set_clock(at(MONDAY, 10))
        with building():
            made = make_force()
        make_wide_force(made)
        yield made


def search_of(user: User, words: str) -> str:
    with building():
        return f"/search/{RememberedSearch.unguarded.create(owner=user, words=words, at=at(MONDAY)).pk}/"


@contextmanager
def explained() -> Iterator[Explained]:
    """Explaining is a statement that the page does not know of, and counts no scan of its own."""
    found = Explained()
    with connection.execute_wrapper(found):
        yield found


def opened(user: User, address: str, *, as_if_large: bool = False) -> tuple[Explained, set[str]]:
    client = Client()
    client.force_login(user, backend=BACKEND)
    with undone():
        # So that a table is read whole only where no index leads to what is wanted, as in a force a hundred times as large.
        ask("SELECT set_config('enable_seqscan', %s, true)", "off" if as_if_large else "on")
        # The first of a connection also reads what every other finds in memory: how the functions are planned.
        client.get(address)
        before = whole_scans()
        with explained() as found:
            answer = client.get(address)
        assert answer.status_code == 200, address
        scanned = {table for table, number in whole_scans().items() if number > before.get(table, 0)}
    seen = {node["Relation Name"] for node in found.plans if node["Node Type"] == "Seq Scan"}
    return found, (scanned | seen) & set(LARGE)


@pytest.mark.parametrize("who", ["investigator", "sergeant", "inspector"])
@pytest.mark.parametrize("words", ["common", "givena common", "seldom12", "JE-2025-00", "wide/12", "je-2025"])
def test_search_walks_the_words_of_the_readers_reach(force: Force, who: str, words: str) -> None:
    reader = getattr(force, who)
    found, scanned = opened(reader, search_of(reader, words))
    assert scanned == set()
    assert found.buffers <= MOST_BUFFERS


@pytest.mark.parametrize("who", ["sergeant", "inspector"])
@pytest.mark.parametrize("address", ["/reviews/", "/reviews/?whose=unit", "/cases/"])
def test_queue_and_list_walk_the_index_of_the_unit(force: Force, who: str, address: str) -> None:
    found, scanned = opened(getattr(force, who), address, as_if_large=True)
    assert scanned == set()
    assert found.buffers <= MOST_BUFFERS_OF_A_LIST
    walked = ("open_review", "cases_review_unit") if "reviews" in address else ("case_by_unit", "cases_case_unit")
    assert any(name.startswith(walked) for name in found.indexes), found.indexes


def read_by_search(user: User, words: str) -> int:
    """Pages of 8 kB, the least of some times: the first also reads what every other finds in memory."""
    with bound_to(user.pk, user.kind, may_write=False):
        plans = [
            ask("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM rasso.search(%s)", words)[0][0][0]["Plan"]
            for _ in range(4)
        ]
    return min(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)


def test_search_reads_no_more_where_others_have_the_name_too(force: Force) -> None:
    """The reader's unit has a fiftieth of the Commons of the force: neither time nor answer depends on the others."""
    with undone():
        full = read_by_search(force.sergeant, "common")
        with building():
            ask(
                "WITH gone AS (DELETE FROM cases_searchword WHERE unit_id <> %s RETURNING 1) SELECT count(*) FROM gone",
                force.unit.pk,
            )
        assert abs(full - read_by_search(force.sergeant, "common")) <= 20


def test_search_without_its_index_is_noticed(force: Force) -> None:
    with undone():
        with building(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE cases_searchword DROP CONSTRAINT cases_searchword_pkey")
        _, scanned = opened(force.sergeant, search_of(force.sergeant, "common"))
    assert scanned == {"cases_searchword"}
