"""Take over a force's own tracker: stage its rows, say what they mean, check them, load them, take a run back.

Checking and loading go a chunk at a time, each in one transaction: how far a run has come stands in its rows, so that whatever stops
it loses nothing and doubles nothing, and somebody who loses the role stops at the next chunk (ADR 15).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from cases.enums import Act
from cases.models import Case, ImportRow, ImportRun
from cases.operations import taken_over
from cases.queries.imports import ASK, has_tried_enough, lists_for, own_runs, why_not_quiet, why_not_undone
from cases.rulebook import Rulebooks
from cases.tracker.fields import Field
from cases.tracker.judge import NOT_HERE, Planned, Refused, crime_number_of, judge
from cases.tracker.lists import Lists
from cases.tracker.states import ImportState
from kit.access import Actor, NotVisible
from kit.operations import held_by, insert
from kit.refusal import Blocked
from kit.tables import Table
from people.models import Unit, User
from people.roles import Role

STAGED_AT_ONCE = 2000
CHECKED_AT_ONCE = 1000
LOADED_AT_ONCE = 250
# Of a crime number that is none; longer ones are refused.
LONGEST_KEPT = 100
NO_ROWS = "The table has headings and no rows. Choose the file that holds the cases."
BEGUN = "These cases are being loaded, so the columns can no longer be changed."
NO_CRIME_NUMBER = "Say which column holds the crime number. It is how a case is recognised, so that nothing is loaded twice."
ERASED = "What was in a column that is not read has been erased. To read that column, choose the file again."
NOT_ALL_CHECKED = "Not all rows are checked yet. Finish the check first."


class TriedEnough(Blocked):
    """Too many of the crime numbers belong to cases out of reach."""


@dataclass(frozen=True)
class Chunk:
    """What one transaction did. ``is_more``: whether rows wait for another."""

    rows: int
    is_more: bool
    case_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Undone:
    """The cases that are gone; their keys stay in the access record."""

    case_ids: list[UUID]


@dataclass
class Judged:
    """One row and what was found out about it."""

    row: ImportRow
    state: ImportState
    reasons: Sequence[str] = ()
    crime_number: str = ""
    unit_id: int | None = None
    is_pressing: bool = False
    case_id: UUID | None = None


@held_by(Role.INSPECTOR)
def begin_import(*, actor: Actor, now: datetime, table: Table, digest: str, instead_of: UUID | None = None) -> ImportRun:
    """Keep the rows of a file for their owner. ``instead_of``: an earlier run of it that loaded nothing and is given up.

    Raises Blocked for a file without rows, and whatever reading it raises.
    """
    if instead_of is not None:
        earlier = locked(actor, instead_of)
        if earlier.loading_at is not None:
            raise Blocked(BEGUN)
        write_down("give_up_import", earlier)
    run = ImportRun(owner_id=actor.user_id, digest=digest, heads=table.columns, begun_at=now)
    run.save(force_insert=True)
    rows = (ImportRow(owner_id=actor.user_id, run=run, number=row.number, cells=row.cells) for row in table.rows)
    some = list(islice(rows, STAGED_AT_ONCE))
    if not some:
        raise Blocked(NO_ROWS)
    while some:
        insert(some)
        some = list(islice(rows, STAGED_AT_ONCE))
    return run


@held_by(Role.INSPECTOR)
def map_import(
    *,
    actor: Actor,
    now: datetime,
    run_id: UUID,
    fields: Mapping[int, Field],
    unit_id: int | None,
    said: Mapping[str, Mapping[str, str]],
    only_first: bool = False,
) -> None:
    """Say what the columns are, the unit of all rows, and what words mean. Every row is checked anew, and what stands in the other
    columns is erased: nobody reads it, and it may be anything, such as the names of victims. ``only_first``: unless it was said already,
    by another process that takes over the same file."""
    run = locked(actor, run_id)
    if only_first and run.mapped_at is not None:
        return
    if run.loading_at is not None:
        raise Blocked(BEGUN)
    if Field.CRIME_NUMBER not in fields.values():
        raise Blocked(NO_CRIME_NUMBER)
    kept = {int(place) for place in run.fields} if run.mapped_at is not None else None
    if kept is not None and not kept.issuperset(fields):
        raise Blocked(ERASED)
    if kept != set(fields):
        write_down("keep_import_columns", run, list(fields))
    run.fields = {str(place): each.value for place, each in fields.items()}
    run.said = {field: dict(words) for field, words in said.items()}
    run.unit_id, run.mapped_at = unit_id, now
    run.save(update_fields=["fields", "said", "unit", "mapped_at"])
    write_down("check_import_anew", run)


@held_by(Role.INSPECTOR)
def check_import(*, actor: Actor, now: datetime, run_id: UUID) -> Chunk:
    """Find out about the next rows what loading them would do; no case is made."""
    run = locked(actor, run_id)
    if run.mapped_at is None or run.loading_at is not None:
        return Chunk(0, False)
    rows = waiting(run, ImportState.STAGED, CHECKED_AT_ONCE)
    lists, books = lists_for(actor, timezone.localdate(now), run.said), Rulebooks()
    judged, planned = judge_rows(run, rows, lists, actor, now)
    night = taken_over.night_after(now)
    for one, plan in planned:
        one.is_pressing = taken_over.presses_by(night, plan, books, timezone.localdate(now))
    note(run, judged)
    return Chunk(len(rows), len(rows) == CHECKED_AT_ONCE, [one.case_id for one in judged if one.case_id is not None])


@held_by(Role.INSPECTOR)
def load_import(*, actor: Actor, now: datetime, run_id: UUID, quiet_until: date | None = None) -> Chunk:
    """Make cases of the next rows that are ready. The first time it begins the run, and ``quiet_until`` counts for all of it: nothing
    of its cases is escalated up to and with that day, and a unit's own quiet time goes on longer where it does.

    Raises Blocked unless every row was checked, and for a day that has passed or is too far away; and TriedEnough.
    """
    run = locked(actor, run_id)
    if run.finished_at is not None or run.undone_at is not None:
        return Chunk(0, False)
    if has_tried_enough():
        raise TriedEnough(ASK)
    if run.loading_at is None:
        begin_loading(run, now, quiet_until)
    rows = waiting(run, ImportState.READY, LOADED_AT_ONCE)
    lists, books = lists_for(actor, timezone.localdate(now), run.said), Rulebooks()
    judged, planned = without_hidden(run, *judge_rows(run, rows, lists, actor, now))
    quiet = dict(Unit.objects.filter(pk__in={plan.unit_id for _, plan in planned}).values_list("pk", "quiet_until"))
    bundles = [
        taken_over.build(
            plan,
            by=actor.user_id,
            now=now,
            books=books,
            lists=lists,
            quiet_until=latest(run.quiet_until, quiet.get(plan.unit_id), timezone.localdate(now)),
        )
        for _, plan in planned
    ]
    made = save_new(run, actor, [one for one, _ in planned], bundles)
    note(run, judged)
    is_more = len(rows) == LOADED_AT_ONCE or len(judged) < len(rows)
    if not is_more:
        write_down("finish_import", run)
    return Chunk(len(judged), is_more, made)


@held_by(Role.INSPECTOR)
def undo_import(*, actor: Actor, now: datetime, run_id: UUID) -> Undone:
    """Take back the cases of a run on which nothing has been done since. Raises Blocked when that is not possible any more."""
    run = locked(actor, run_id)
    if reason := why_not_undone(run, now):
        raise Blocked(reason)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.undo_import(%s)", [run.pk])
        return Undone([key for (key,) in cursor.fetchall()])


# Below, all inside one of the above ------------------------------------------------------------------------------------------


def locked(actor: Actor, run_id: UUID) -> Any:
    """One's own run, held: two tabs that go on with it at once take turns."""
    run = own_runs(actor).filter(pk=run_id).select_for_update(of=("self",), no_key=True).first()
    if run is None or run.erased_at is not None:
        raise NotVisible
    return run


def waiting(run: ImportRun, state: ImportState, most: int) -> list[ImportRow]:
    return list(ImportRow.unguarded.filter(owner_id=run.owner_id, run=run, state=state).order_by("number")[:most])


def begin_loading(run: ImportRun, now: datetime, quiet_until: date | None) -> None:
    if run.mapped_at is None or waiting(run, ImportState.STAGED, 1):
        raise Blocked(NOT_ALL_CHECKED)
    if quiet_until is not None and (reason := why_not_quiet(quiet_until, timezone.localdate(now))):
        raise Blocked(f"{reason}.")
    run.loading_at, run.quiet_until = now, quiet_until
    run.save(update_fields=["quiet_until"])
    write_down("begin_loading_import", run)


def latest(run_until: date | None, unit_until: date | None, today: date) -> date | None:
    """Until when nothing is escalated: what the inspector said of this run, or longer where the unit itself is quiet."""
    days = [day for day in (run_until, unit_until) if day is not None and day >= today]
    return max(days, default=None)


def judge_rows(
    run: ImportRun, rows: Sequence[ImportRow], lists: Lists, actor: Actor, now: datetime
) -> tuple[list[Judged], list[tuple[Judged, Planned]]]:
    """What each row is, and of those that can be loaded what they say."""
    fields = {int(place): Field(code) for place, code in run.fields.items()}
    cells = [{each: row.cells[place] for place, each in fields.items() if place < len(row.cells)} for row in rows]
    numbers = [crime_number_of(one.get(Field.CRIME_NUMBER, ""))[:LONGEST_KEPT] for one in cells]
    first, here = first_rows(run, rows, numbers), cases_with(actor, numbers)
    zone = timezone.get_default_timezone()
    judged, planned = [], []
    for row, one, number in zip(rows, cells, numbers, strict=True):
        found = Judged(row, ImportState.READY, crime_number=number)
        judged.append(found)
        if number and first[number] != row.number:
            found.state, found.reasons = (
                ImportState.REFUSED,
                [f"The same crime number is in row {first[number]}. That row is used."],
            )
        elif number in here:
            found.state, found.case_id = ImportState.EXISTS, here[number]
        else:
            try:
                plan = judge(one, lists, now, zone, run.unit_id)
            except Refused as refused:
                found.state, found.reasons = ImportState.REFUSED, refused.reasons
            else:
                found.unit_id = plan.unit_id
                planned.append((found, plan))
    return judged, planned


def first_rows(run: ImportRun, rows: Sequence[ImportRow], numbers: Sequence[str]) -> dict[str, int]:
    """For each crime number the first row of the file that has it. Rows before these were looked at already."""
    before = ImportRow.unguarded.filter(owner_id=run.owner_id, run=run, crime_number__in=set(numbers) - {""})
    before = before.filter(number__lt=rows[0].number if rows else 0)
    first = dict(before.values_list("crime_number").annotate(first=Min("number")).order_by())
    for row, number in zip(rows, numbers, strict=True):
        first.setdefault(number, row.number)
    return first


def cases_with(actor: Actor, numbers: Iterable[str]) -> dict[str, UUID]:
    """The cases within the actor's reach that have these crime numbers."""
    return dict(
        Case.objects.visible_to(actor, Act.VIEW).filter(crime_number__in=set(numbers) - {""}).values_list("crime_number", "pk")
    )


def without_hidden(
    run: ImportRun, judged: list[Judged], planned: list[tuple[Judged, Planned]]
) -> tuple[list[Judged], list[tuple[Judged, Planned]]]:
    """What can be loaded without the crime numbers of cases out of reach, which are refused in the words of logging a case. Before it is
    loaded, so that nothing is tried behind the one that was one too many: those rows wait as they are."""
    hidden = set(write_down("refuse_hidden_numbers", run, [one.crime_number for one, _ in planned]))
    for one, _ in planned:
        if one.crime_number in hidden:
            refuse(one)
    if hidden and has_tried_enough():
        last = max(one.row.number for one, _ in planned if one.crime_number in hidden)
        judged = [one for one in judged if one.row.number <= last]
        planned = [(one, plan) for one, plan in planned if one.row.number <= last]
    return judged, [(one, plan) for one, plan in planned if one.state is ImportState.READY]


def refuse(one: Judged) -> None:
    one.state, one.reasons, one.unit_id = ImportState.REFUSED, [NOT_HERE], None


def save_new(run: ImportRun, actor: Actor, judged: Sequence[Judged], bundles: Sequence[taken_over.Bundle]) -> list[UUID]:
    """Make the cases, and write on each row what became of it. Somebody may have logged one a moment before."""
    if not bundles:
        return []
    made, wanted = taken_over.save(bundles), taken_over.keys(bundles)
    officers = User.objects.filter(pk__in={bundle.officer_id for bundle in bundles if bundle.officer_id is not None})
    taken_over.save_children([bundle for bundle in bundles if bundle.case.pk in made], {one.pk: one.called for one in officers})
    late = []
    for one, key in zip(judged, wanted, strict=True):
        if key in made:
            one.state, one.case_id = ImportState.LOADED, key
        else:
            late.append(one)
    if late:
        here = cases_with(actor, [one.crime_number for one in late])
        write_down("refuse_hidden_numbers", run, [one.crime_number for one in late if one.crime_number not in here])
        for one in late:
            refuse(one)
            if one.crime_number in here:
                one.state, one.reasons, one.case_id = ImportState.EXISTS, (), here[one.crime_number]
    return [key for key in wanted if key in made]


def write_down(function: str, run: ImportRun, *more: Any) -> Any:
    """What only the database itself may write of a run, and what that answers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rasso.{function}({', '.join(['%s'] * (len(more) + 1))})", [run.pk, *more])
        return cursor.fetchone()[0]


def note(run: ImportRun, judged: Sequence[Judged]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rasso.judge_import_rows(%s, %s::uuid[], %s, %s, %s, %s::bigint[], %s::boolean[], %s::uuid[])",
            [
                run.pk,
                [one.row.pk for one in judged],
                [one.state.value for one in judged],
                ["\n".join(one.reasons) for one in judged],
                [one.crime_number for one in judged],
                [one.unit_id for one in judged],
                [one.is_pressing for one in judged],
                [one.case_id for one in judged],
            ],
        )
