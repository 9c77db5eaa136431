"""Pages of a case with 500 events, 100 actions and 30 reviews, beside reading the rows that each is made of."""

from typing import Any

import psycopg
from django.test import Client
from django.urls import reverse

from tests.access.many import LONG_CASE, make_cases
from tests.bench.databases import database
from tests.bench.timing import REPETITIONS, median_of
from tests.worlds import building, make_force

# Each page, and the tables of its rows.
PAGES: dict[str, tuple[str, ...]] = {
    "case": ("event", "timelimit", "review", "action"),
    "case-chronology": ("event",),
    "review": ("event", "review", "action", "timelimit"),
    "case-history": ("historicalcase", "historicalreview", "historicalaction"),
    "case-dates": ("timelimit", "review", "event"),
    "case-actions": ("action", "moretime"),
    "case-enquiries": ("lineofenquiry",),
}


def measure() -> dict[str, Any]:
    """Milliseconds of each page, of reading its rows with raw SQL, and how many times as long the page takes."""
    found: dict[str, Any] = {}
    with database("case") as address:
        with building():
            force = make_force()
        make_cases(force, 1, size=LONG_CASE)
        browser = Client()
        browser.force_login(force.sergeant, backend="people.backends.PeopleBackend")
        with psycopg.connect(address, autocommit=True) as raw:
            case, reference = raw.execute("SELECT id, reference FROM cases_case").fetchone() or (None, "")
            review = raw.execute("SELECT id FROM cases_review ORDER BY number").fetchone()
            for page, tables in PAGES.items():
                url = reverse(page, args=review if page == "review" else [reference])
                assert browser.get(url).status_code == 200, page
                rows = [
                    f"SELECT * FROM cases_{table} WHERE {'id' if table == 'historicalcase' else 'case_id'} = %s"
                    for table in tables
                ]
                served, read = median_of(
                    REPETITIONS,
                    lambda url=url: browser.get(url).content,
                    lambda rows=rows: [raw.execute(statement, [case]).fetchall() for statement in rows],
                )
                found |= {f"{page}, ms": served, f"{page}, raw SQL, ms": read, f"{page} / raw SQL": served / read}
    return found
