"""Trackers that are taken over: one's own runs, how far each has come, and what is known of the force for reading them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from cases.enums import Act
from cases.models import Case, ImportRow, ImportRun, OffenceType
from cases.tracker.fields import CHOSEN_FROM_A_LIST, Field, guess
from cases.tracker.lists import Lists, Person, Unit
from cases.tracker.states import ImportState
from kit import dates
from kit.access import Actor
from people.models import Unit as UnitRow
from people.models import User
from people.operations import LONGEST_QUIET_DAYS
from people.queries import staff_on

# So many words of the tracker are asked about at once.
MOST_WORDS = 40
ROWS_ON_A_PAGE = 50
REMEMBERED_RUNS = 10
# How long nothing of the cases is escalated, where nobody says otherwise.
QUIET_DAYS = 14
UNDO_WITHIN = timedelta(days=14)
MOST_RUNS = 50
EXAMPLE_ROWS = 20
MOST_EXAMPLES = 3
ASK = (
    "Ask your superintendent: some of these numbers cannot be logged here. After five of them loading stops; "
    "the other rows can be loaded a day later."
)
OUT_OF_REACH = (
    "Some of these cases stand in units that you do not supervise now, so nothing can be taken back. "
    "It can be done while you supervise them, within 14 days of loading."
)


def own_runs(actor: Actor) -> Any:
    return ImportRun.unguarded.filter(owner_id=actor.user_id).order_by("-begun_at", "-pk")


def rows_of(run: Any) -> Any:
    return ImportRow.unguarded.filter(owner_id=run.owner_id, run=run)


def counts_of(runs: Iterable[Any], owner_id: int) -> dict[UUID, dict[str, int]]:
    """How many rows of each run stand how. One query."""
    rows = ImportRow.unguarded.filter(owner_id=owner_id, run__in=list(runs)).values_list("run_id", "state")
    found: dict[UUID, dict[str, int]] = {}
    for run_id, state, number in rows.annotate(number=Count("pk")).order_by():
        found.setdefault(run_id, {})[state] = number
    return found


@dataclass(frozen=True)
class Progress:
    """How far a run has come."""

    counts: dict[str, int]

    def of(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def checked(self) -> int:
        return self.total - self.of(ImportState.STAGED)

    @property
    def ready(self) -> int:
        return self.of(ImportState.READY)

    @property
    def to_load(self) -> int:
        return self.ready + self.loaded

    @property
    def loaded(self) -> int:
        return self.of(ImportState.LOADED)

    @property
    def exists(self) -> int:
        return self.of(ImportState.EXISTS)

    @property
    def refused(self) -> int:
        return self.of(ImportState.REFUSED)

    @property
    def undone(self) -> int:
        return self.of(ImportState.UNDONE)


def progress_of(run: Any) -> Progress:
    return Progress(counts_of([run], run.owner_id).get(run.pk, {}))


def unfinished_of(actor: Actor, digest: str) -> Any:
    """The run of this very file that is not at its end yet; None if there is none."""
    return own_runs(actor).filter(digest=digest, finished_at=None, undone_at=None, erased_at=None).first()


def stage_of(run: Any) -> str:
    """How far a run has come, in words."""
    if run.undone_at is not None:
        return "Taken back"
    if run.finished_at is not None:
        return "Loaded"
    if run.erased_at is not None:
        return "Erased, and never loaded"
    return "Being loaded" if run.loading_at is not None else "Not loaded yet"


@dataclass(frozen=True)
class Meaning:
    """What the columns of a tracker are, the unit of all rows where no column says it, and what its words mean."""

    fields: dict[int, Field]
    unit_id: int | None
    said: dict[str, dict[str, str]]


def meaning_of(actor: Actor, run: Any, like: Any = None) -> Meaning:
    """What its owner said; if nothing yet, as they said of earlier trackers, those with the same heads first; else by the words above
    the columns. ``like``: an earlier run that counts before all others. Two queries."""
    if run.mapped_at is not None and like is None:
        return Meaning({int(place): Field(code) for place, code in run.fields.items()}, run.unit_id, run.said)
    runs = list(own_runs(actor).exclude(mapped_at=None).exclude(pk=run.pk)[:REMEMBERED_RUNS])
    runs = [*filter(None, [like]), *sorted(runs, key=lambda one: one.heads != run.heads)]
    before = [{head: one.fields.get(str(place), "") for place, head in enumerate(one.heads)} for one in runs]
    said: dict[str, dict[str, str]] = {}
    for one in reversed(runs):
        for field, words in one.said.items():
            said.setdefault(field, {}).update(words)
    unit_id = next((one.unit_id for one in runs if one.unit_id is not None), None)
    if len(actor.supervised_unit_ids) == 1:
        unit_id = actor.supervised_unit_ids[0]
    return Meaning(guess(run.heads, before), unit_id if unit_id in actor.supervised_unit_ids else None, said)


# What is known of the force -----------------------------------------------------------------------------------------------


def lists_for(actor: Actor, today: date, said: dict[str, dict[str, str]]) -> Lists:
    """Seven queries, whatever the size of the force."""
    staff = staff_on(today)
    # As in rasso.allocate_case.
    officers = {int(key) for key, _ in (*staff.investigators, *staff.supervisors)}
    people = User.objects.filter(pk__in=officers).order_by("family_name", "given_name")
    order = [key for key, _ in staff.supervisors]
    nearest = {
        int(unit): [
            int(key) for key in sorted(order, key=lambda key: unit not in staff.units_of.get(key, ())) if key in answer_for
        ]
        for unit, answer_for in staff.supervisors_of.items()
    }
    return Lists(
        offences=list(OffenceType.objects.filter(profile=settings.FORCE_PROFILE).order_by("order")),
        units=[Unit(int(key), name, int(key) in actor.supervised_unit_ids) for key, name in staff.units],
        people=[Person(one.pk, one.username, one.rank, one.given_name, one.family_name) for one in people],
        supervisors=nearest,
        said=said,
    )


def examples(run: Any, fields: dict[int, Field]) -> list[str]:
    """What stands in the first rows of each column that is read. Of the others nothing is shown: it may be a name. One query."""
    first = list(rows_of(run).order_by("number").values_list("cells", flat=True)[:EXAMPLE_ROWS])
    found = []
    for place in range(len(run.heads)):
        some = dict.fromkeys(cells[place] for cells in first if place in fields and place < len(cells) and cells[place])
        found.append("; ".join(list(some)[:MOST_EXAMPLES]))
    return found


def unknown_words(run: Any, fields: dict[int, Field], lists: Lists) -> dict[Field, list[str]]:
    """The words of the tracker that mean nothing yet, most frequent first. One query for each column that chooses from a list."""
    found = {}
    for place, field in fields.items():
        if field in CHOSEN_FROM_A_LIST:
            words = (
                rows_of(run).values_list(f"cells__{place}").annotate(number=Count("pk")).order_by("-number", f"cells__{place}")
            )
            unknown = [word for word, _ in words[:2000] if word and not word.startswith("=") and not lists.knows(field, word)]
            if unknown:
                found[field] = unknown
    return found


def page_of_words(words: Mapping[Field, Sequence[str]], after: int) -> dict[Field, list[str]]:
    """As many as are asked about at once, without those that were left open on the pages before."""
    found: dict[Field, list[str]] = {}
    for field, word in [(field, word) for field, some in words.items() for word in some][after : after + MOST_WORDS]:
        found.setdefault(field, []).append(word)
    return found


def words_left(actor: Actor, run: Any, today: date) -> dict[Field, int]:
    """How many words of each column mean nothing still."""
    fields = {int(place): Field(code) for place, code in run.fields.items()}
    return {field: len(some) for field, some in unknown_words(run, fields, lists_for(actor, today, run.said)).items()}


# What a run would do, and did ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitToLoad:
    name: str
    number: int
    pressing: int
    quiet_until: date | None


def units_to_load(run: Any) -> list[UnitToLoad]:
    """For each unit, how many cases would be loaded, and of how many somebody above would hear on the first night. Two queries."""
    ready = rows_of(run).filter(state=ImportState.READY).values_list("unit_id")
    counted = ready.annotate(number=Count("pk"), pressing=Count("pk", filter=Q(is_pressing=True))).order_by()
    numbers = {unit_id: (number, pressing) for unit_id, number, pressing in counted}
    units = UnitRow.objects.filter(pk__in=[key for key in numbers if key is not None]).order_by("name")
    return [UnitToLoad(unit.name, *numbers[unit.pk], unit.quiet_until) for unit in units]


@dataclass(frozen=True)
class Line:
    number: int
    state: str
    label: str
    crime_number: str
    reference: str
    reasons: list[str]
    case_id: UUID | None


def lines(actor: Actor, run: Any, states: Iterable[str], after: int = 0, most: int | None = ROWS_ON_A_PAGE) -> list[Line]:
    """What became of the rows, in the order of the file; the reference only of a case that the reader may see. Two queries."""
    found = list(rows_of(run).filter(state__in=list(states), number__gt=after).order_by("number")[:most])
    keys = {row.case_id for row in found if row.case_id is not None}
    references = dict(Case.objects.visible_to(actor, Act.VIEW).filter(pk__in=keys).values_list("pk", "reference"))
    return [
        Line(
            number=row.number,
            state=row.state,
            label=row.get_state_display(),
            crime_number=row.crime_number,
            reference=references.get(row.case_id, ""),
            reasons=row.reasons.splitlines(),
            case_id=row.case_id if row.case_id in references else None,
        )
        for row in found
    ]


def refused_lines(run: Any) -> list[tuple[int, list[str]]]:
    """The numbers of the refused rows, each with every reason."""
    rows = rows_of(run).filter(state=ImportState.REFUSED).order_by("number").values_list("number", "reasons")
    return [(number, reasons.splitlines()) for number, reasons in rows]


def untouched(run: Any) -> list[UUID]:
    """The cases of a run on which nothing has been done since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.import_untouched(%s)", [run.pk])
        return [key for (key,) in cursor.fetchall()]


def is_out_of_reach(run: Any) -> bool:
    """Whether cases of a run on which nothing has been done since stand in units that its owner does not supervise now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.import_is_out_of_reach(%s)", [run.pk])
        return bool(cursor.fetchone()[0])


def has_tried_enough() -> bool:
    """Whether the reader has tried so many crime numbers of cases that they may not see that they load no more for a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.has_tried_enough()")
        return bool(cursor.fetchone()[0])


def why_not_undone(run: Any, now: datetime) -> str:
    """Why a run cannot be taken back; empty if it can."""
    if run.loading_at is None:
        return "Nothing has been loaded, so there is nothing to take back."
    if run.undone_at is not None:
        return "This has already been taken back."
    if run.loading_at < now - UNDO_WITHIN:
        return "This was loaded more than 14 days ago and can no longer be taken back."
    return OUT_OF_REACH if is_out_of_reach(run) else ""


def why_not_quiet(until: date, today: date) -> str:
    """Why nothing can be quiet for so long; empty if it can. Without its full stop, to stand beside a field."""
    furthest = today + timedelta(days=LONGEST_QUIET_DAYS)
    if until < today:
        return "Enter today or a later day"
    if until > furthest:
        return f"Enter a day up to {dates.day(furthest)}. After {LONGEST_QUIET_DAYS} days somebody must hear of what is late"
    return ""
