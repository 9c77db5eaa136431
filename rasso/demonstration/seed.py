"""A synthetic force of any size: people in proportion, and cases that stand where the rules would have brought them.

Everything follows from a seed and the number of a case, so the same seed makes the same cases, and another seed others that stand
beside them. The server writes the rows, a chunk in a transaction; every due date was computed before by the product's own rules, once
for each day of the past, and is only looked up. What is invented is plain to see: nobody has a name.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from cases import chronology, deadlines, schedule
from cases.enums import EventKind, PlaceKind, Relationship, ReportedHow, ReviewGroup, ReviewKind, ReviewResult
from cases.models import Action, Case, Event, InvestigationPlan, OffenceType, Review, Rule, Suspect, TimeLimit, Victim
from cases.rulebook import Rulebook, working_calendar
from cases.rulepacks import RuleCode
from kit import clock
from people.models import Credential, Membership, Organisation, RoleAssignment, Unit, User
from people.roles import OrganisationKind, Role

SQL = Path(__file__).parent / "seed_sql"
CHUNK = 2000
# A case is at most so old (seed_sql/2_case.sql), and its slow recording adds some days.
LONGEST_AGO = 410
# Reference numbers have five to seven digits, and those below are for cases that people log. Each seed has a block of its own.
FIRST_NUMBER, NUMBERS, BLOCK = 100_000, 9_900_000, 100_000
MOST_SEEDS = NUMBERS // BLOCK - 1
SCATTERED = 617_369  # Has no factor in common with NUMBERS, so that every number is drawn once.
CASES_OF_A_TEAM = 250
TEAMS_OF_A_DISTRICT = 5
# Those of each team, and how many.
TEAM = {
    Role.SERGEANT: ("DS", 2),
    Role.INVESTIGATOR: ("DC", 8),
    Role.LIAISON_OFFICER: ("DC", 2),
    Role.FIRST_OFFICER: ("PC", 3),
}
ENROLLED_ON = date(2020, 1, 1)
STARTERS = (
    EventKind.CASE_RECORDED,
    EventKind.SUSPECT_ARRESTED,
    EventKind.SUSPECT_INTERVIEWED,
    EventKind.SUSPECT_BAILED,
    EventKind.DEVICE_TAKEN,
)
# An action is due within this many days.
LONGEST_TARGET = 40
# The fields that say who hears of an action.
NOTICE = ("warn_on", "remind_on", "escalates_to", "escalates_on", "escalates_further_to", "escalates_further_on")
# Devices are taken at this time, so that a limit in hours can be computed for the day.
TIME_OF_DAY = time(11, 30)
WHATS = ["Trace the driver.", "Ask the bar for its pictures.", "See the second witness.", "Ask the laboratory for a date."]

# Told after each chunk: how many cases are there.
Tell = Callable[[int], None]


class Refused(Exception):
    """Why it cannot be done, in words."""


@dataclass(frozen=True)
class Plan:
    cases: int
    seed: int

    @property
    def name(self) -> str:
        """The organisation; it says what it was made from, so that the same is not made twice."""
        return f"Seeded Police {self.seed} ({self.cases} cases)"

    @property
    def blocks(self) -> range:
        """The blocks of reference numbers that it uses."""
        return range(self.seed, self.seed + 1 + (self.cases - 1) // BLOCK)

    @property
    def teams(self) -> int:
        return 1 + (self.cases - 1) // CASES_OF_A_TEAM


def build(plan: Plan, *, tell: Tell = lambda done: None, chunk: int = CHUNK) -> None:
    """Make the force and its cases; after an interruption, what is missing of them. Raises Refused, having written nothing."""
    with connection.cursor() as cursor:
        # The owner is under the policies as well, and may pass them as whoever owns our functions.
        cursor.execute("SET row_security = on")
    done = refuse(plan)
    if not Organisation.objects.filter(name=plan.name).exists():
        with transaction.atomic():
            enrol(plan)
    now = clock.now()
    with connection.cursor() as cursor:
        prepare(cursor, plan, clock.local_date(now))
        for first in range(done + 1, plan.cases + 1, chunk):
            last = min(first + chunk - 1, plan.cases)
            with transaction.atomic():
                write(cursor, plan, first, last, clock.local_date(now))
            tell(last)
        cursor.execute("DROP TABLE seed_unit, seed_review, seed_limit, seed_notice, seed_case, seed_case_review, seed_action")
        cursor.execute("ANALYZE")


def refuse(plan: Plan) -> int:
    """How many of its cases are there already, of a run that was interrupted."""
    if plan.cases < 1:
        raise Refused("Give a number of cases of at least 1.")
    if plan.seed < 1 or plan.blocks[-1] > MOST_SEEDS:
        raise Refused(f"Give a seed from 1 to {MOST_SEEDS}, and so few cases that seed + cases / {BLOCK:,} stays below that.")
    for other in plans_there():
        if other.seed != plan.seed and set(other.blocks) & set(plan.blocks):
            raise Refused(f"Seed {plan.seed} would draw reference numbers of seed {other.seed}. Choose another seed.")
        if other.seed == plan.seed and other.cases != plan.cases:
            raise Refused(f"Seed {plan.seed} was used for {other.cases:,} cases. Choose another seed.")
    with connection.cursor() as cursor:
        cursor.execute(filled("0_done.sql", {"seed": str(plan.seed)}))
        (done,) = cursor.fetchone()
    if done >= plan.cases:
        raise Refused(f"The {plan.cases:,} cases of seed {plan.seed} are here already. Choose another seed to add more.")
    return int(done)


def plans_there() -> Iterator[Plan]:
    for name in Organisation.objects.filter(name__startswith="Seeded Police ").values_list("name", flat=True):
        seed, cases = name.removeprefix("Seeded Police ").removesuffix(" cases)").split(" (")
        yield Plan(int(cases), int(seed))


# People ------------------------------------------------------------------------------------------------------------------


def enrol(plan: Plan) -> None:
    """A tree of units: the force, its districts, their teams; an inspector for each district, and each team whole."""
    force = Organisation.objects.create(name=plan.name, kind=OrganisationKind.POLICE)
    top = Unit.objects.create(organisation=force, name=f"Seeded Crime {plan.seed}")
    districts = 1 + (plan.teams - 1) // TEAMS_OF_A_DISTRICT
    between = Unit.objects.bulk_create(
        Unit(organisation=force, parent=top, name=f"Seeded District {plan.seed}-{n}") for n in range(1, districts + 1)
    )
    teams = Unit.objects.bulk_create(
        Unit(organisation=force, parent=between[(n - 1) // TEAMS_OF_A_DISTRICT], name=f"Seeded Team {plan.seed}-{n}")
        for n in range(1, plan.teams + 1)
    )
    posts = [(Role.SUPERINTENDENT, "Det Supt", top, "force"), (Role.INSPECTOR, "DI", top, "force")]
    posts += [(Role.INSPECTOR, "DI", unit, str(n)) for n, unit in enumerate(between, start=1)]
    for n, unit in enumerate(teams, start=1):
        posts += [(role, rank, unit, f"{n}_{k}") for role, (rank, number) in TEAM.items() for k in range(1, number + 1)]
    users = User.objects.bulk_create(person(plan, force, role, rank, which) for role, rank, _, which in posts)
    # In the demonstration they can be signed in as; anywhere else nobody can.
    hashed = password(plan.seed) if settings.DEMONSTRATION else "!"
    Credential.objects.filter(user__in=users).update(password=hashed)
    Membership.objects.bulk_create(
        Membership(user=user, unit=unit, starts_on=ENROLLED_ON) for user, (_, _, unit, _) in zip(users, posts, strict=True)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=role, organisation_kind=force.kind, starts_on=ENROLLED_ON)
        for user, (role, _, _, _) in zip(users, posts, strict=True)
    )


def person(plan: Plan, force: Organisation, role: Role, rank: str, which: str) -> User:
    username = f"seed{plan.seed}_{role.lower()}_{which}"
    return User(
        username=username,
        email=f"{username}@example.invalid",
        rank=rank,
        given_name="Seeded",
        family_name=f"{role.label} {plan.seed}-{which.replace('_', '-')}",
        organisation=force,
        organisation_kind=force.kind,
    )


PASSWORDS: dict[int, str] = {}


def password(seed: int) -> str:
    """Made once: hashing is meant to be slow, and all have the same password."""
    if seed not in PASSWORDS:
        PASSWORDS[seed] = make_password(settings.DEMONSTRATION_PASSWORD, salt=f"seed{seed:022}")
    return PASSWORDS[seed]


# What is looked up -------------------------------------------------------------------------------------------------------


def prepare(cursor: Any, plan: Plan, today: date) -> None:
    """For this connection: the functions, who works where, and each due date that any day of the past gives."""
    cursor.execute(filled("1_functions.sql", {"seed": str(plan.seed), "zone": settings.TIME_ZONE}))
    cursor.execute(
        f"""CREATE TEMP TABLE seed_unit AS
        SELECT u.id AS unit_id, row_number() OVER (ORDER BY u.id) AS place, {", ".join(people_of(role) for role in TEAM)},
          (SELECT m.user_id FROM people_membership m JOIN people_roleassignment r ON r.user_id = m.user_id
             WHERE m.unit_id = u.parent_id AND r.role = 'INSPECTOR' ORDER BY m.user_id LIMIT 1) AS inspector_id
        FROM people_unit u JOIN people_organisation o ON o.id = u.organisation_id
        WHERE o.name = %s AND u.name LIKE 'Seeded Team %%'""",
        [plan.name],
    )
    rules, calendar = list(Rule.objects.filter(profile=settings.FORCE_PROFILE)), working_calendar()
    days = [today - timedelta(days=ago) for ago in range(LONGEST_AGO)]
    books = {day: Rulebook(deadlines.rules_on(rules, day), calendar) for day in days}
    look_up(cursor, "seed_review", Review, "base date", reviews_of_days(books, today))
    look_up(cursor, "seed_limit", TimeLimit, "day date, code text", limits_of_days(books))
    targets = [today + timedelta(days=ahead) for ahead in range(-LONGEST_AGO, LONGEST_TARGET)]
    look_up(cursor, "seed_notice", Action, "target date", notices_of_targets(targets, books))
    cursor.execute("CREATE INDEX ON seed_review (base, number)")
    cursor.execute("CREATE INDEX ON seed_limit (code, day)")
    cursor.execute("ANALYZE seed_review, seed_limit, seed_notice, seed_unit")


def people_of(role: Role) -> str:
    return f"""(SELECT array_agg(m.user_id ORDER BY m.user_id) FROM people_membership m JOIN people_roleassignment r ON r.user_id = m.user_id
      WHERE m.unit_id = u.id AND r.role = '{role}') AS {role.lower()}s"""


def look_up(cursor: Any, table: str, model: type[models.Model], keys: str, rows: Iterator[dict[str, Any]]) -> None:
    """A temporary table of rows of a model, with the keys by which they are found."""
    typed = ", ".join(f"NULL::{key.split()[1]} AS {key.split()[0]}" for key in keys.split(", "))
    cursor.execute(f"CREATE TEMP TABLE {table} AS SELECT {typed}, t.* FROM {model._meta.db_table} t WITH NO DATA")
    found = ", ".join(f"(x ->> '{key.split()[0]}')::{key.split()[1]}" for key in keys.split(", "))
    cursor.execute(
        f"INSERT INTO {table} SELECT {found}, (jsonb_populate_record(NULL::{model._meta.db_table}, x)).*"
        " FROM jsonb_array_elements(%s::jsonb) x",
        [json.dumps(list(rows), cls=DjangoJSONEncoder)],
    )


def reviews_of_days(books: dict[date, Rulebook], today: date) -> Iterator[dict[str, Any]]:
    """Of a case counted from each day, those that fell due, and those to come that are made by then."""
    nobodys = Case(unit_id=0, is_restricted=False)
    for base, book in books.items():
        for number in count(1):
            review = schedule.build_review(nobodys, number, book, base, 1)
            yield {"base": base, **values_of(review)}
            if number >= schedule.MADE_AT_ONCE and review.due_on > today:
                break


def limits_of_days(books: dict[date, Rulebook]) -> Iterator[dict[str, Any]]:
    for day, book in books.items():
        at = datetime.combine(day, TIME_OF_DAY, timezone.get_default_timezone())
        nobodys = Case(unit_id=0, is_restricted=False, reported_at=at, recorded_at=at)
        for kind in STARTERS:
            for limit in chronology.limits_started(nobodys, Event(kind=kind, happened_at=at), book, [1]):
                yield {"day": day, "code": limit.rule.code, **values_of(limit)}


def notices_of_targets(targets: list[date], books: dict[date, Rulebook]) -> Iterator[dict[str, Any]]:
    """Who hears of an action and when, by its target date."""
    latest = books[max(books)]
    for target in targets:
        book = books.get(target, latest)
        yield {"target": target, **deadlines.notice(book.rules[RuleCode.ACTION], target, book.calendar)}


def values_of(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


# What is written ---------------------------------------------------------------------------------------------------------

OF_THE_CASE = {"id", "case_id", "unit_id", "is_restricted"}
SIGNED = {"completed_at", "completed_by_id", "officer_then_id", "result", "own_words", "is_same_again", "version"}
STANDS = {"subject", "started_by_id", "begins_at", "met_by_id", "met_at"}


def write(cursor: Any, plan: Plan, first: int, last: int, today: date) -> None:
    """One chunk, inside its transaction."""
    known = {
        "first": first,
        "last": last,
        "today": today,
        "units": plan.teams,
        "reported_how": ReportedHow.values,
        "place_kinds": PlaceKind.values,
        "relationships": Relationship.values,
        "groups": ReviewGroup.values,
        "whats": WHATS,
        "offences": list(
            OffenceType.objects.filter(profile=settings.FORCE_PROFILE, valid_to=None)
            .order_by("order")
            .values_list("pk", flat=True)
        ),
    }
    for name in ("2_case.sql", "3_rows.sql", "4_chronology.sql", "5_history.sql"):
        for statement in filled(name, placeholders(plan)).split(";\n"):
            if statement.strip():
                cursor.execute(statement, known)
        if name == "2_case.sql":
            cursor.execute("ANALYZE seed_case, seed_case_review, seed_action")


def filled(name: str, values: dict[str, str]) -> str:
    statements = (SQL / name).read_text(encoding="utf-8")
    for key, value in values.items():
        statements = statements.replace(f"{{{key}}}", value)
    return statements


def placeholders(plan: Plan) -> dict[str, str]:
    """Lists of columns, from the models, so that a column added to them is written as well."""
    review, limit = columns(Review, OF_THE_CASE | SIGNED), columns(TimeLimit, OF_THE_CASE | STANDS)
    unsigned = {
        "completed_at": "NULL::timestamptz",
        "completed_by_id": "NULL::bigint",
        "officer_then_id": "NULL::bigint",
        "result": "''",
        "own_words": "''",
    }
    undone = {"done_at": "NULL::timestamptz", "done_by_id": "NULL::bigint", "done_how": "''", "evidence": "''"}
    unverified = {"verified_at": "NULL::timestamptz", "verified_by_id": "NULL::bigint"}
    open_again = {"closed_at": "NULL::timestamptz", "closed_by_id": "NULL::bigint", "closing_grounds": "''"}
    return {
        "seed": str(plan.seed),
        "prefix": settings.FORCE_PREFIX,
        "number": f"({FIRST_NUMBER} + mod(({plan.seed}::bigint * {BLOCK} + n) * {SCATTERED}, {NUMBERS}))",
        "review_words": f"{in_words('kind', ReviewKind)} || ': ' || {in_words('result', ReviewResult)}",
        "review_columns": quoted(review),
        "review_values": quoted(review, "r."),
        "limit_columns": quoted(limit),
        "limit_values": quoted(limit, "l."),
        "action_columns": quoted(list(NOTICE)),
        "action_values": quoted(list(NOTICE), "t."),
        "case_columns": quoted(columns(Case)),
        "case_first": changed(Case, {**open_again, "officer_id": "NULL::bigint", "status": "'RECORDED'", "version": "1"}),
        "case_allocated": changed(Case, {**open_again, "status": "'INVESTIGATING'", "version": "2"}),
        "case_last": changed(Case),
        "victim_columns": quoted(columns(Victim)),
        "victim_last": changed(Victim),
        "suspect_columns": quoted(columns(Suspect)),
        "suspect_last": changed(Suspect),
        "plan_columns": quoted(columns(InvestigationPlan)),
        "plan_last": changed(InvestigationPlan),
        "review_all": quoted(columns(Review)),
        "review_first": changed(Review, {**unsigned, "version": "1"}),
        "review_last": changed(Review),
        "action_all": quoted(columns(Action)),
        "action_first": changed(Action, {**undone, **unverified}),
        "action_done": changed(Action, unverified),
        "action_last": changed(Action),
    }


def columns(model: type[models.Model], without: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    return [str(field.column) for field in model._meta.concrete_fields if field.column not in without]


def quoted(names: list[str], before: str = "") -> str:
    return ", ".join(f'{before}"{name}"' for name in names)


def changed(model: type[models.Model], values: dict[str, str] | None = None) -> str:
    """The columns of a row `x`, some with what they said before."""
    return ", ".join((values or {}).get(name, f'x."{name}"') for name in columns(model))


def in_words(column: str, choices: type[models.TextChoices]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{one.value}' THEN '{one.label}'" for one in choices) + " END"
