"""Each policy is there for something: dropped or loosened, one by one and in turn, it makes a comparison red.

In a savepoint the owner drops a policy, or lets it admit every row; then somebody reads, changes or adds what they should not, or can no
longer do what they should. A policy of which nothing of the kind can be shown would be one that nobody can test.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import DatabaseError
from django.utils import timezone
from uuid6 import uuid7

from cases.enums import ReminderAbout, ReminderStage
from cases.models import Draft, Message, Reminder
from kit.binding import bound_to
from people.models import User
from people.roles import Role
from rasso import database
from tests.access.reading import KEY, OWN, READ, Reader, count
from tests.access.scene import TODAY, Scene, savepoint, undone
from tests.access.sql import ask, run
from tests.worlds import building

POLICED = sorted(rules.table for rules in database.TABLES if rules.policies)
# Columns that say whose act a row is.
SIGNED_IN = (
    "said_by_id",
    "asked_by_id",
    "by_id",
    "given_by_id",
    "recorded_by_id",
    "history_user_id",
    "logged_by_id",
    "added_by_id",
)
REFUSED = "new row violates row-level security policy"


@dataclass(frozen=True)
class Policy:
    table: str
    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None

    def mutants(self) -> Iterator[tuple[str, str]]:
        """Each way to break it, in words and as a statement."""
        yield "dropped", f"DROP POLICY {self.name} ON {self.table}"
        if self.using not in (None, "true"):
            yield "admitting every row", f"ALTER POLICY {self.name} ON {self.table} USING (true)"
        # Without a check of its own a policy takes its USING for new rows too.
        if self.command != "SELECT" and (self.check or self.using) != "true":
            yield "admitting every new row", f"ALTER POLICY {self.name} ON {self.table} WITH CHECK (true)"


def policies(table: str) -> list[Policy]:
    found = ask(
        "SELECT tablename, policyname, cmd, roles::text[], qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' AND tablename = %s ORDER BY policyname",
        table,
    )
    return [Policy(table, name, command, tuple(roles), using, check) for table, name, command, roles, using, check in found]


# Who shows it --------------------------------------------------------------------------------------------------------------


@dataclass
class Witnesses:
    """People of the scene who between them read something of every table and are kept from something of it."""

    scene: Scene

    @cached_property
    def readers(self) -> list[Reader]:
        force = self.scene.force
        (without_role, _), sergeant = self.scene.relations["no-role"].people, force.sergeant
        readers = (Role.AUDITOR, Role.ADMINISTRATOR, Role.INFORMATION_MANAGER)
        others = (*(force.user(role) for role in readers), force.inspector, force.other_investigator, force.superintendent)
        return [Reader.of(user) for user in (without_role, sergeant, *others)]

    @property
    def stranger(self) -> User:
        return self.readers[0].user

    @property
    def inspector(self) -> User:
        return self.scene.force.inspector

    # What they find wrong of a table; each answers a sentence or nothing.

    def reading(self, table: str) -> str:
        return next((f"{reader.user} reads other rows" for reader in self.readers if reader.misread(table)), "")

    def of_functions(self, table: str) -> str:
        """Functions that run as rasso_definer check their caller themselves and see everything."""
        with building():
            every = count(table)
            with role("rasso_definer"):
                seen = count(table)
        return "functions see other rows" if seen != every else ""

    def of_the_system(self, table: str) -> str:
        with building():
            every = count(table)
            with role("rasso_system"):
                seen = count(table)
        return "the worker sees other rows" if seen != every else ""

    def changing(self, table: str) -> str:
        """The reader may lock what they see, the stranger changes nothing, and nobody moves a row out of their reach."""
        with building():
            run(f"GRANT UPDATE ON {table} TO rasso_police")
        reader = self.readers[4]
        if reader.seen(table, may_write=True, suffix="FOR NO KEY UPDATE") != reader.wanted(table, to_change=True):
            return "the inspector may change other rows"
        whose = scope_of(table)
        # Nothing of a row is read by it, so that no policy of reading stands in for that of changing.
        if self.attempt(self.stranger, f"UPDATE {table} SET {whose} = NULL") != "done to 0":
            return "a stranger changes rows"
        elsewhere = self.scene.cases["elsewhere"]
        moved = {
            "owner_id": self.scene.force.sergeant.pk,
            "unit_id": elsewhere.unit_id,
        }.get(whose, f"'{elsewhere.pk}'")
        if REFUSED not in (said := self.attempt(self.inspector, f"UPDATE {table} SET {whose} = {moved}")):
            return f"a row is moved out of reach: {said}"
        return ""

    def adding(self, table: str) -> str:
        """The inspector may add to their own, and not to what is another's."""
        insert = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
        if REFUSED in (said := self.attempt(self.inspector, insert, self.row(table, own=True))):
            return f"the inspector may not add: {said}"
        if REFUSED not in (said := self.attempt(self.inspector, insert, self.row(table, own=False))):
            return f"the inspector may add what is another's: {said}"
        return ""

    def row(self, table: str, *, own: bool) -> str:
        """A row of the inspector's case, or of their own, under a new key; or the same of somebody else."""
        case, elsewhere = self.scene.cases["at hand"], self.scene.cases["elsewhere"]
        whose = "id" if table == "cases_historicalcase" else scope_of(table)
        with building():
            key = KEY.get(table, "case_id")
            mine = "" if table in READ else f"WHERE t.{key} = '{case.pk}'"
            mine = f"WHERE t.owner_id = {self.inspector.pk}" if whose == "owner_id" and table in HELD_BY_INSPECTOR else mine
            (row,) = ask(f"SELECT to_jsonb(t)::text FROM {table} t {mine} ORDER BY t.ctid LIMIT 1")[0]
        values: dict[str, Any] = json.loads(row)
        values |= {name: self.inspector.pk for name in SIGNED_IN if name in values}
        if "history_id" in values:
            values["history_id"] = str(uuid7())
        elif "id" in values:
            values["id"] = str(uuid7())
        if table in {"cases_victim", "cases_suspect"}:
            # The scene's people are named on a case already.
            values["person_id"] = None
        if table == "cases_case":
            values |= {"officer_id": None, "logged_by_id": (self.inspector if own else self.scene.force.sergeant).pk}
        elif table == "cases_person":
            values["added_by_id"] = (self.inspector if own else self.scene.force.sergeant).pk
        elif whose == "owner_id":
            values["owner_id"] = (self.inspector if own else self.scene.force.sergeant).pk
        elif not own:
            values[KEY.get(table, "case_id")] = str(elsewhere.pk)
        return json.dumps(values)

    def attempt(self, user: User, statement: str, *values: Any) -> str:
        """What the database says to it: to how many rows it was done, or why it was refused. Nothing lasts."""
        try:
            with undone(), bound_to(user.pk, user.kind, may_write=True), connection.cursor() as cursor:
                cursor.execute(statement, values)
                return f"done to {cursor.rowcount}"
        except DatabaseError as refused:
            return str(refused)

    def probes(self, policy: Policy) -> list[Callable[[str], str]]:
        """What to try when this policy changes."""
        if policy.roles == ("rasso_definer",):
            return [self.of_functions]
        if policy.roles == ("rasso_system",):
            return [self.of_the_system]
        changing, adding = self.changing, self.adding
        return {"SELECT": [self.reading], "UPDATE": [changing], "INSERT": [adding], "ALL": [self.reading, adding, changing]}[
            policy.command
        ]


# Of these the inspector has rows of their own to copy.
HELD_BY_INSPECTOR = {"cases_importrun", "cases_importrow"}
# These carry a queue and repeat the unit of their case.
WITH_UNIT = {"cases_case", "cases_timelimit", "cases_review", "cases_action"}


def scope_of(table: str) -> str:
    """The column that says whose a row is."""
    if table in WITH_UNIT:
        return "unit_id"
    return "owner_id" if table in READ else KEY.get(table, "case_id")


@contextmanager
def role(name: str) -> Iterator[None]:
    run(f"SET LOCAL ROLE {name}")
    yield
    run("RESET ROLE")


# The scene, with a row of what it lacks -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def witnesses(scene: Scene) -> Witnesses:
    force, now = scene.force, timezone.now()
    with bound_to(force.sergeant.pk, "police", may_write=True):
        ask("SELECT rasso.first_time(%s)", uuid4())
    with bound_to(force.sergeant.pk, "police", may_write=False):
        ask("SELECT rasso.record_access('SEARCHED', 'search', '{}', NULL, 'Invented', '', '', NULL, NULL)")
    line = {"about": ReminderAbout.REVIEW, "about_id": scene.review_of("at hand").pk, "stage": ReminderStage.DUE}
    with building():
        when = {"due_on": TODAY, "made_at": now, "made_on": TODAY}
        for owner in (force.sergeant, force.inspector):
            Reminder.unguarded.create(owner=owner, **line, **when)
        Draft.unguarded.create(owner=force.inspector, form="review", payload={}, begun_at=now, updated_at=now)
        Message.unguarded.create(owner=force.sergeant, local_date=TODAY, send_after=now)
        for table in POLICED:
            if not count(f"{table} t WHERE {OWN}" % {"me": force.inspector.pk} if OWN in READ.get(table, "") else table):
                fill(table, force.inspector)
    return Witnesses(scene)


def fill(table: str, owner: User) -> None:
    """A row of anything, whatever it means; theirs, where it is somebody's."""
    (model,) = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table]
    of_kind = {models.DateTimeField: timezone.now(), models.DateField: TODAY, models.BinaryField: b"x", models.CharField: "X"}
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.null or field.has_default() or isinstance(field, models.AutoField):
            continue
        if isinstance(field, models.ForeignKey):
            rows = field.related_model._base_manager
            values[field.name] = owner if field.related_model is User else rows.order_by("pk").first()
        else:
            values[field.name] = next((value for kind, value in of_kind.items() if isinstance(field, kind)), 1)
    model._base_manager.bulk_create([model(**values)])


# The proof ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", POLICED)
def test_each_policy_of_a_table_bites(on_the_scene: Scene, witnesses: Witnesses, table: str) -> None:
    with building():
        assert count(table), "no row: nothing would be shown by it"
        found = policies(table)
    assert found
    survivors = []
    for policy in found:
        probes = [probe for probe in witnesses.probes(policy) if not (policy.roles == ("rasso_definer",) and is_dead(table))]
        with undone():
            assert [said for probe in probes if (said := probe(table))] == [], f"{policy.name}, as it is"
        for how, statement in policy.mutants() if probes else ():
            with undone():
                with building():
                    run(statement)
                if not any(tried(probe, table) for probe in probes):
                    survivors.append(f"{policy.name} for {policy.command} to {', '.join(policy.roles)}, {how}")
    assert survivors == []


def is_dead(table: str) -> bool:
    """Functions hold no privilege on the table, so that their policy of it admits to nothing."""
    with building():
        return not ask("SELECT has_any_column_privilege('rasso_definer', %s, 'SELECT')", table)[0][0]


def tried(probe: Callable[[str], str], table: str) -> str:
    with savepoint():
        return probe(table)


def test_every_policy_of_the_database_is_among_them(on_the_scene: Scene) -> None:
    with building():
        held = {table for (table,) in ask("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")}
    assert held == set(POLICED)


@pytest.mark.parametrize("table", sorted(set(READ) & set(POLICED)))
def test_everybody_reads_of_a_table_without_cases_what_the_pages_open(
    on_the_scene: Scene, witnesses: Witnesses, table: str
) -> None:
    """Of the tables that hang on cases: test_row_level_security."""
    assert [str(user) for user in on_the_scene.everybody if Reader.of(user).misread(table)] == []
