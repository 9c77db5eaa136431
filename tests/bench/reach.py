"""What row-level security costs the list of cases, beside the plainest join without it and beside django-guardian's own query.

All three print the same columns of the same rows: an officer to whom 200 cases were given, and a supervisor of a fifth of all units. The
plain join and guardian run as the administrator of the server, past every policy; ours runs as the web login bound to the person, on the
statements of the page itself.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from guardian.models import GroupObjectPermission
from guardian.shortcuts import get_objects_for_user

from cases.models import Case
from cases.queries.case_list import FILTERS, ORDER_SQL, PAGE, ROWS_ON_A_PAGE, ListFilters, branches, page_sql, parameters
from cases.queries.scope import COUNT_CAP, rows
from kit.access import Actor
from kit.binding import bound_to
from people.models import User
from tests.access.sql import run
from tests.bench.databases import database
from tests.reliability.many import CASES, PEOPLE
from tests.worlds import building

SIZES = tuple(int(size) for size in os.environ.get("BENCH_REACH", "10000,200000,1000000").split(","))
UNITS, SUPERVISED, GIVEN = 50, 10, 200
# Everybody else holds cases of the same table of grants: 40 officers a unit.
OFFICERS = 40
REPETITIONS = 25
WHEN = date(2026, 1, 19)
# As the sweep's, with moments to sort by.
SPREAD = CASES.replace(
    "'2026-01-05', '2026-01-05', 'CALL'",
    "'2020-01-01', '2020-01-01'::timestamptz + make_interval(secs => n::bigint * 7919 % 150000000), 'CALL'",
)
# Beside the fill of the sweep: a grant for each case, offences; one officer with 200 cases of all units, and one
# supervisor whose unit stands above ten.
MORE = f"""
INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
  SELECT gen_random_uuid(), c.officer_id, p.id, c.id, 'ASSIGNED', '2026-01-05', c.officer_id
  FROM cases_case c, auth_permission p WHERE p.codename = 'work_on_case';
INSERT INTO cases_caseoffence (id, case_id, offence_type_id, "order")
  SELECT gen_random_uuid(), c.id, (SELECT min(id) FROM cases_offencetype), 0 FROM cases_case c;
INSERT INTO people_user (username, email, rank, given_name, family_name, organisation_id, organisation_kind, is_active)
  SELECT w, w || '@example.invalid', '', 'Invented', w, o.id, 'POLICE', true FROM people_organisation o, unnest(ARRAY['given', 'fifth', 'fifth by grants']) w;
INSERT INTO people_roleassignment (user_id, role, organisation_kind, starts_on)
  SELECT id, CASE username WHEN 'given' THEN 'INVESTIGATOR' ELSE 'INSPECTOR' END, 'POLICE', '2020-01-01'
  FROM people_user WHERE username IN ('given', 'fifth');
INSERT INTO people_membership (user_id, unit_id, starts_on)
  SELECT u.id, t.id, '2020-01-01' FROM people_user u,
    LATERAL (SELECT id FROM people_unit WHERE parent_id IS NOT NULL ORDER BY id LIMIT CASE u.username WHEN 'given' THEN 1 ELSE {SUPERVISED} END) t
  WHERE u.username IN ('given', 'fifth');
INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
  SELECT gen_random_uuid(), u.id, p.id, c.id, 'LIAISON', '2026-01-05', u.id
  FROM cases_case c JOIN people_membership m ON m.unit_id = c.unit_id JOIN people_user f ON f.id = m.user_id AND f.username = 'fifth',
    people_user u, auth_permission p WHERE u.username = 'fifth by grants' AND p.codename = 'work_on_case';
UPDATE cases_casegrant SET user_id = (SELECT id FROM people_user WHERE username = 'given')
  WHERE basis = 'ASSIGNED' AND content_object_id IN (SELECT id FROM cases_case WHERE right(reference, 7)::bigint % ({{cases}} / {GIVEN}) = 0);
"""
# The plain joins, as somebody would write them who trusts every caller.
PLAIN = {
    "given": "SELECT {columns} FROM cases_casegrant g JOIN cases_case c ON c.id = g.content_object_id"
    " WHERE g.user_id = %(me)s AND g.ends_at IS NULL AND c.status = ANY (%(statuses)s) {order}",
    "fifth": "SELECT {columns} FROM people_membership m JOIN cases_case c ON c.unit_id = m.unit_id"
    " WHERE m.user_id = %(me)s AND NOT c.is_restricted AND c.status = ANY (%(statuses)s) {order}",
}
NEWEST, _ = ORDER_SQL[ListFilters.order]


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in SIZES:
        with database(f"reach_{size}") as address:
            fill(address, size)
            for username, who in (("given", f"officer given {GIVEN}"), ("fifth", "supervisor of a fifth")):
                found |= {f"{size:,} cases, {who}: {name}": figure for name, figure in of_person(username).items()}
    return found


def fill(address: str, size: int) -> None:
    with psycopg.connect(address) as raw:
        # What triggers keep (the trail of changes, words to search by) is not asked for here.
        tables = ("cases_case", "cases_casegrant", "cases_caseoffence", "cases_review")
        for table in tables:
            raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        raw.execute(PEOPLE.format(units=UNITS, sergeants=1, investigators=OFFICERS))
        raw.execute(SPREAD.format(reviews=size, due_on=WHEN, per_mille=35))
        raw.execute(MORE.format(cases=size))
        for table in tables:
            raw.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute("VACUUM ANALYZE")


def of_person(username: str) -> dict[str, float]:
    """Milliseconds of the page and of the capped count, each in turn with the others, and what they are of one another."""
    with building():
        user = User.objects.get(username=username)
        # It knows no units: somebody who was given each case of them one by one stands for the supervisor.
        known_to_guardian = User.objects.get(username=f"{username} by grants") if username == "fifth" else user
        shared = give_to_groups(known_to_guardian)
    subjects = {**ours(user), **plain(user), **of_guardian(known_to_guardian, shared)}
    taken = medians(subjects)
    figures = {f"{name}, ms": figure for name, figure in taken.items()}
    for what in ("list", "count"):
        figures[f"{what}, ours / plain join"] = taken[f"{what}, ours"] / taken[f"{what}, plain join"]
        figures[f"{what}, guardian / ours"] = taken[f"{what}, guardian"] / taken[f"{what}, ours"]
    return figures


# Each answers how long its statement took.
Subjects = dict[str, Callable[[], float]]


def medians(subjects: Subjects) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(REPETITIONS):
        for name, ask in subjects.items():
            taken[name].append(ask())
    return {name: statistics.median(times) for name, times in taken.items()}


def milliseconds(ask: Callable[[], object]) -> float:
    """What it took the server's process, on the processor: a machine that is busy with something else counts for nothing."""
    pid = connection.connection.info.backend_pid
    start = on_processor(pid)
    ask()
    return (on_processor(pid) - start) * 1000


def on_processor(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return time.perf_counter()


def ours(user: User) -> Subjects:
    filters = ListFilters()
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        actor: Actor = bound.actor
    known = parameters(actor, filters, None, ROWS_ON_A_PAGE + 1)
    page = page_sql(actor, filters)
    counted = branches(actor, filters, columns="1", rest=FILTERS, order="LIMIT %(cap)s")
    count = f"SELECT count(*) FROM (SELECT 1 FROM ({counted}) b LIMIT %(cap)s) capped"

    def bound_and(statement: str) -> Callable[[], float]:
        def ask() -> float:
            # A page is bound once, whatever it asks then.
            with bound_to(user.pk, user.kind, may_write=False):
                return milliseconds(lambda: rows(statement, known))

        return ask

    def binding() -> float:
        return milliseconds(bound_and("SELECT 1"))

    return {"list, ours": bound_and(page), "count, ours": bound_and(count), "binding": binding}


def plain(user: User) -> Subjects:
    known = {**parameters(Actor(user.pk, "police", frozenset()), ListFilters(), None, ROWS_ON_A_PAGE + 1), "me": user.pk}
    order = f"ORDER BY {NEWEST} LIMIT %(limit)s"
    page = PAGE.format(branches=PLAIN[user.username].format(columns="c.*", order=order), order=NEWEST)
    counted = PLAIN[user.username].format(columns="1", order="LIMIT %(cap)s")
    count = f"SELECT count(*) FROM ({counted}) capped"
    return {
        "list, plain join": past_policies(lambda: rows(page, known)),
        "count, plain join": past_policies(lambda: rows(count, known)),
    }


def give_to_groups(user: User) -> list[int]:
    """Two groups that hold a quarter of the person's cases again, and others with a tenth of all: guardian asks for both."""
    kind, permission = ContentType.objects.get_for_model(Case), Permission.objects.get(codename="work_on_case")
    groups = Group.objects.bulk_create([Group(name=f"{user.username} {number}") for number in range(3)])
    with connection.cursor() as cursor:
        table = GroupObjectPermission._meta.db_table
        insert = f"INSERT INTO {table} (group_id, permission_id, content_type_id, object_pk) SELECT %s, %s, %s, c.id::text FROM cases_case c WHERE "
        for group in groups[:2]:
            of_person = "c.id IN (SELECT content_object_id FROM cases_casegrant WHERE user_id = %s LIMIT 50)"
            cursor.execute(insert + of_person, [group.pk, permission.pk, kind.pk, user.pk])
        cursor.execute(insert + "right(c.reference, 1) = '7'", [groups[2].pk, permission.pk, kind.pk])
        cursor.execute(f"ANALYZE {table}")
    return [group.pk for group in groups[:2]]


def of_guardian(user: User, shared: list[int]) -> Subjects:
    """Its own shortcut, with grants by a direct foreign key."""
    # People of ours stand in no groups; guardian asks for those of whoever it is given.
    user.groups = Group.objects.filter(pk__in=shared)

    def visible() -> Any:
        return get_objects_for_user(
            user, "work_on_case", Case.unguarded.all(), with_superuser=False, accept_global_perms=False
        ).filter(status__in=["RECORDED", "INVESTIGATING"])

    def page() -> object:
        return list(visible().order_by("-recorded_at", "-pk").values_list("pk", "reference", "recorded_at")[: ROWS_ON_A_PAGE + 1])

    def count() -> object:
        return visible()[: COUNT_CAP + 1].count()

    return {"list, guardian": past_policies(page), "count, guardian": past_policies(count)}


def past_policies(ask: Callable[[], object]) -> Callable[[], float]:
    def asked() -> float:
        with building(), transaction.atomic():
            # In one process, whose time is what is taken.
            run("SET LOCAL max_parallel_workers_per_gather = 0")
            return milliseconds(ask)

    return asked
