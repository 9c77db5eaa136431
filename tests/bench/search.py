"""The search in a small and a large force: for an officer with 200 cases, a sergeant whose unit has a thousand, and an inspector above a
fifth of the force. Three names: one that is common, two words that are, one that is rare; and the beginning of a reference.

The rows are written past triggers and policies, because they are many; each is what logging a case would write.
"""

import os
from contextlib import ExitStack
from typing import Any

import psycopg
from django.db import connection, connections

from cases.enums import Act
from cases.models import Case
from cases.queries.search import search
from kit.binding import bound_to
from people.models import User
from tests import databases
from tests.bench.databases import database, use
from tests.bench.timing import REPETITIONS, median_of
from tests.worlds import JERSEY, MONDAY, Force, building, make_force

SIZES = tuple(int(size) for size in os.environ.get("BENCH_CASES", "10000,200000").split(","))
CASES_OF_A_UNIT = 1000
WORDS = {
    "a common name": "smith",
    "two common words": "ann smith",
    "a rare name": "rarely7",
    "a beginning of references": "JE-2025-12",
}
READERS = {
    "an officer with 200 cases": "investigator",
    "a sergeant of one unit": "sergeant",
    "an inspector of a fifth": "inspector",
}
NAMES = ("Ann", "Bea", "Cat", "Dora", "Eve", "Flo", "Gwen", "Hope", "Iris", "Joan")
FILL = (
    "INSERT INTO people_unit (organisation_id, parent_id, name, digest_hour, version)"
    " SELECT {police}, CASE WHEN n % 5 = 0 THEN {above} END, 'Bench ' || n, 7, 1 FROM generate_series(1, {units}) n",
    """INSERT INTO cases_case (id, reference, crime_number, status, reported_at, recorded_at, reported_how, happened_when, place, place_kind,
        relationship, unit_id, officer_id, supervisor_id, is_restricted, closing_grounds, logged_by_id, logged_at, version)
      SELECT gen_random_uuid(), 'JE-2025-' || lpad(n::text, 7, '0'), 'BENCH/' || n, 'INVESTIGATING', t.at, t.at, 'CALL', 'NOT_KNOWN', 'HERE', 'NOT_KNOWN',
        'NOT_KNOWN_YET', ((SELECT array_agg(id ORDER BY id) FROM people_unit WHERE name LIKE 'Bench %'))[1 + n % {units}], {supervisor}, {supervisor}, false, '',
        ((SELECT array_agg(id) FROM people_user))[1 + n % 20], t.at, 1
      FROM generate_series(1, {cases}) n, LATERAL (SELECT now() - make_interval(mins => n) AS at) t""",
    "UPDATE cases_case SET unit_id = {unit} WHERE unit_id = (SELECT min(id) FROM people_unit WHERE name LIKE 'Bench %')",
    """INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
      SELECT gen_random_uuid(), {officer}, p.id, c.id, 'ASSIGNED', c.logged_at, {supervisor} FROM
        (SELECT * FROM cases_case ORDER BY reference LIMIT 200) c, auth_permission p WHERE p.codename = 'work_on_case'""",
    # One in fifty is a Smith.
    """INSERT INTO cases_searchword (unit_id, is_restricted, word, case_id, called)
      SELECT c.unit_id, false, w.word, c.id, w.called FROM cases_case c, LATERAL (SELECT substr(c.reference, 9)::int AS n) k, LATERAL (VALUES
        (lower((ARRAY[{names}])[1 + k.n / 7 % 10]), 'V1'), (CASE WHEN k.n / 3 % 50 = 0 THEN 'smith' ELSE 'rarely' || k.n % 40000 END, 'V1'),
        ('je2025' || substr(c.reference, 9), 'reference'), (substr(c.reference, 9), 'reference')) w (word, called)""",
    "ANALYZE cases_case, cases_searchword, cases_casegrant, people_unit",
)


def fill(address: str, cases: int) -> Force:
    with building():
        force = make_force()
    values = {
        "police": force.police.pk,
        "above": force.above.pk,
        "unit": force.unit.pk,
        "officer": force.investigator.pk,
        "supervisor": force.sergeant.pk,
        "units": max(5, cases // CASES_OF_A_UNIT),
        "cases": cases,
        "names": ", ".join(f"'{name}'" for name in NAMES),
    }
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in ("cases_case", "cases_searchword", "cases_casegrant", "people_unit"):
            admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        for statement in FILL:
            admin.execute(statement.format(**values).encode())
    return force


def measure() -> dict[str, Any]:
    """Milliseconds of what a page of results asks the database, in turn in each force."""
    found: dict[str, Any] = {}
    with ExitStack() as worlds:
        forces = {}
        for size in SIZES:
            address = worlds.enter_context(database(f"search_{size}"))
            name = str(psycopg.conninfo.conninfo_to_dict(address)["dbname"])
            forces[size] = (name, fill(databases.admin_url(name), size))
        for who, attribute in READERS.items():
            for what, words in WORDS.items():
                for size, (name, force) in forces.items():
                    use(name)
                    found[f"{what}, {who}, {size:,} cases, ms"] = asked(getattr(force, attribute), words)
                small, large = (found[f"{what}, {who}, {size:,} cases, ms"] for size in (SIZES[0], SIZES[-1]))
                found[f"{what}, {who}, largest / smallest"] = large / small
        connections["default"].close()
    return found


def asked(user: User, words: str) -> float:
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        assert connection.in_atomic_block and Case.objects.visible_to(bound.actor, Act.VIEW) is not None
        return median_of(REPETITIONS, lambda: search(bound.actor, words, MONDAY, JERSEY))[0]
