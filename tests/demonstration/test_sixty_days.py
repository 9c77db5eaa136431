"""Sixty days in which nobody does anything: whoever must hear of each date hears of it once, on the right day, in both profiles.

What is expected is worked out here anew, day by day, from the dates on the rows, the declared rules and the calendar of public holidays:
nothing of the product's own arithmetic or routing is asked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
import psycopg
import pytest
from psycopg.rows import dict_row

from cases.rulepacks import RULES
from tests import databases
from tests.demonstration.conftest import demonstration

DAYS = 60
PLACES = {"JE": ("JE", None), "EW": ("GB", "ENG")}
ZONES = {"JE": ZoneInfo("Europe/Jersey"), "EW": ZoneInfo("Europe/London")}
WORKING = ("INVESTIGATOR", "LIAISON_OFFICER", "SERGEANT", "INSPECTOR")
LEVELS = {"SERGEANT": 1, "INSPECTOR": 2, "SUPERINTENDENT": 3}
ONE_DAY = timedelta(days=1)
# Who is told, about what, at which stage, on which day.
Told = tuple[int, UUID, str, date]

THINGS = {
    "REVIEW": """SELECT r.id, r.case_id, r.unit_id, r.is_restricted, r.due_on, NULL::timestamptz AS due_at, r.lowest_role AS role, NULL AS person,
        c.officer_id AS excluded, u.code, false AS stands_still FROM cases_review r JOIN cases_case c ON c.id = r.case_id
        JOIN cases_rule u ON u.id = r.rule_id WHERE r.completed_at IS NULL""",
    "LIMIT": """SELECT l.id, l.case_id, l.unit_id, l.is_restricted, coalesce(e.until, l.due_on) AS due_on, l.due_at, 'SERGEANT' AS role,
        CASE WHEN e.id IS NULL THEN c.officer_id END AS person, c.officer_id AS excluded, u.code, e.id IS NOT NULL AS stands_still
        FROM cases_timelimit l JOIN cases_case c ON c.id = l.case_id JOIN cases_rule u ON u.id = l.rule_id
        LEFT JOIN cases_event e ON e.id = l.suspended_by_id WHERE l.met_at IS NULL AND l.stopped_by_id IS NULL""",
    "ACTION": """SELECT a.id, a.case_id, a.unit_id, a.is_restricted, a.due_on, NULL::timestamptz AS due_at, 'SERGEANT' AS role, a.owner_id AS person,
        a.owner_id AS excluded, 'ACTION' AS code, false AS stands_still FROM cases_action a WHERE a.done_at IS NULL""",
}


@dataclass
class Oracle:
    """The force as its tables tell it on the first day, and who would be told what."""

    profile: str
    admin: psycopg.Connection[Any]

    def __post_init__(self) -> None:
        self.rules = {row.code: row for row in RULES if row.profile == self.profile}
        country, part = PLACES[self.profile]
        self.free = holidays.country_holidays(country, subdiv=part, years=range(2023, 2032))
        self.users = {row["id"]: row for row in self.rows("SELECT id, is_active FROM people_user")}
        self.parents = {row["id"]: row["parent_id"] for row in self.rows("SELECT id, parent_id FROM people_unit")}
        self.roles = self.rows("SELECT user_id, role, starts_on, ends_on FROM people_roleassignment")
        self.members = self.rows("SELECT user_id, unit_id, starts_on, ends_on FROM people_membership")
        self.covers = self.rows("SELECT absent_id, covering_id, starts_on, ends_on FROM people_cover WHERE ended_at IS NULL")
        self.connected = {
            (row["case_id"], row["user_id"]) for row in self.rows("SELECT case_id, user_id FROM cases_caseconnection")
        }
        self.named = defaultdict(set)
        for row in self.rows("SELECT content_object_id, user_id FROM cases_casegrant WHERE basis = 'NAMED' AND ends_at IS NULL"):
            self.named[row["content_object_id"]].add(row["user_id"])

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with self.admin.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement.encode()).fetchall()

    # Days

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.free

    def on_or_before(self, day: date) -> date:
        return day if self.works(day) else self.on_or_before(day - ONE_DAY)

    def working_days_after(self, day: date, number: int) -> date:
        while number:
            day += ONE_DAY
            number -= self.works(day)
        return day

    def stages(self, thing: dict[str, Any]) -> Iterator[tuple[str, date, str]]:
        """Each stage with the day on which it is reached and the role that hears of it (of the first three: who has to act)."""
        rule, due = self.rules[thing["code"]], thing["due_on"]
        due_day = due if thing["stands_still"] else self.on_or_before(due)
        if not thing["stands_still"] and rule.remind_before:
            coming = self.on_or_before(due - timedelta(days=rule.remind_before))
            if coming < due_day:
                yield "COMING", coming, thing["role"]
        late = due + ONE_DAY
        if thing["due_at"] is not None and not thing["stands_still"]:
            local = thing["due_at"].astimezone(ZONES[self.profile])
            # The sweep of these days runs at nine.
            late = local.date() if local.time() < time(9) else local.date() + ONE_DAY
        if due_day < late:
            yield "DUE", due_day, thing["role"]
        yield "LATE", late, thing["role"]
        if thing["stands_still"]:
            yield "ESCALATED", due + timedelta(days=3), "INSPECTOR"
            return
        for stage, role, after in (
            ("ESCALATED", rule.escalates_to, rule.escalates_after),
            ("FURTHER", rule.escalates_further_to, rule.escalates_further_after),
        ):
            if after is not None:
                yield stage, self.working_days_after(due, after), str(role)

    # People

    def holds(self, user: int, role: str, day: date) -> bool:
        return self.users[user]["is_active"] and any(
            row["user_id"] == user and row["role"] == role and runs(row, day) for row in self.roles
        )

    def in_place_of(self, user: int, day: date) -> int:
        for cover in self.covers:
            if cover["absent_id"] == user and runs(cover, day):
                return int(cover["covering_id"])
        return user

    def told(self, thing: dict[str, Any], stage: str, role: str, day: date) -> set[int]:
        person = thing["person"] if stage in ("COMING", "DUE", "LATE") else None
        if person is not None and any(self.holds(person, each, day) for each in WORKING):
            stands_in = person if thing["is_restricted"] else self.in_place_of(person, day)
            if (thing["case_id"], stands_in) not in self.connected:
                return {stands_in}
        if thing["is_restricted"]:
            return self.named_on(thing, role, day)
        wanted = {"SERGEANT": ("SERGEANT", "INSPECTOR")}.get(role, (role,))
        if stage in ("ESCALATED", "FURTHER") and role in ("SERGEANT", "INSPECTOR"):
            # Where nobody of that rank is free to act, the next one hears.
            wanted = (*wanted, "SUPERINTENDENT")
        for each in wanted:
            unit = thing["unit_id"]
            while unit is not None:
                found = {
                    self.in_place_of(row["user_id"], day)
                    for row in self.members
                    if row["unit_id"] == unit and runs(row, day) and self.holds(row["user_id"], each, day)
                }
                working_it = {thing["excluded"], self.in_place_of(thing["excluded"], day)}
                found = {user for user in found - working_it if (thing["case_id"], user) not in self.connected}
                if found:
                    return found
                unit = self.parents[unit]
        last = wanted[-1]
        anywhere = {row["user_id"] for row in self.roles if row["role"] == last and self.holds(row["user_id"], last, day)}
        return anywhere if last not in ("SERGEANT", "INSPECTOR") else set()

    def named_on(self, thing: dict[str, Any], role: str, day: date) -> set[int]:
        levels = defaultdict(set)
        for user in self.named[thing["case_id"]] - {thing["excluded"]}:
            for each in ("SERGEANT", "INSPECTOR"):
                if self.holds(user, each, day) and (thing["case_id"], user) not in self.connected:
                    levels[LEVELS[each]].add(user)
        high_enough = [level for level in levels if level >= LEVELS[role]]
        return levels[min(high_enough)] if high_enough else levels[max(levels)] if levels else set()

    def expected(self, first: date, last: date, before: set[Told]) -> Iterator[Told]:
        """What is told after the first day and up to the last, when every morning brings a sweep. Somebody who comes back, or begins to
        cover, on a day hears how things stand then, unless they were told before."""
        changes = {
            day for cover in self.covers for day in (cover["starts_on"], cover["ends_on"] + ONE_DAY) if first < day <= last
        }
        heard = {(owner, thing, stage) for owner, thing, stage, _ in before}
        for statement in THINGS.values():
            for thing in self.rows(statement):
                reached = list(self.stages(thing))
                for day in sorted({*changes, *(day for _, day, _ in reached if first < day <= last)}):
                    for stage, role in standing_on(reached, day):
                        owners = self.told(thing, stage, role, day)
                        assert owners or thing["is_restricted"] or stage in ("COMING", "DUE", "LATE"), f"nobody hears of {thing}"
                        for owner in owners:
                            if (owner, thing["id"], stage) not in heard:
                                heard.add((owner, thing["id"], stage))
                                yield owner, thing["id"], stage, day


def standing_on(reached: list[tuple[str, date, str]], day: date) -> Iterator[tuple[str, str]]:
    """How far it has come by a day for whoever has to act, and how far up."""
    for stages in (("COMING", "DUE", "LATE"), ("ESCALATED", "FURTHER")):
        come = [(stage, role) for stage, since, role in reached if stage in stages and since <= day]
        yield from come[-1:]


def runs(row: dict[str, Any], day: date) -> bool:
    return bool(row["starts_on"] <= day and (row["ends_on"] is None or row["ends_on"] >= day))


def play(name: str, profile: str) -> tuple[set[Told], set[Told]]:
    """Let the days go by; answers what was expected and what was told."""
    with psycopg.connect(databases.admin_url(name), autocommit=True) as admin:
        admin.execute("SELECT rasso.sweep()")
        (now,) = admin.execute("SELECT rasso.now()").fetchone() or (datetime.now(ZONES[profile]),)
        first = now.astimezone(ZONES[profile]).date()
        last = first + timedelta(days=DAYS)
        before = told(admin, first)
        wanted = set(Oracle(profile, admin).expected(first, last, before))
        admin.execute("SELECT rasso.move_clock(%s)", [last])
        return wanted, told(admin, last) - before


def told(admin: psycopg.Connection[Any], last: date) -> set[Told]:
    return set(
        admin.execute("SELECT owner_id, about_id, stage, made_on FROM cases_reminder WHERE made_on <= %s", [last]).fetchall()
    )


def compared(wanted: set[Told], found: set[Told]) -> None:
    assert sorted(wanted - found, key=str)[:5] == [], "not told"
    assert sorted(found - wanted, key=str)[:5] == [], "told without reason"
    stages = {stage for _, _, stage, _ in found}
    assert {"COMING", "DUE", "LATE", "ESCALATED", "FURTHER"} <= stages, "the play shows every stage"


def test_in_jersey(world: str, worker_id: str) -> None:
    name = f"test_sixty_days_{worker_id}"
    databases.copy_of(world, name)
    try:
        compared(*play(name, "JE"))
    finally:
        databases.drop(name)


@pytest.mark.usefixtures("empty_database")
def test_in_england_and_wales(empty_database: str) -> None:
    built = demonstration(empty_database, "--cases", "14", FORCE_PROFILE="EW")
    assert built.returncode == 0, built.stderr
    compared(*play(empty_database, "EW"))
