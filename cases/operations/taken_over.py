"""What a case taken over from a tracker is made of: the same rows that logging a plain case makes, built first and saved together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cases import chronology, deadlines, schedule, workflow
from cases.enums import EventKind, Place, ReportedHow, SafeNow
from cases.models import Case, CaseOffence, Event, Review, TimeLimit, Victim
from cases.rulebook import Rulebooks
from cases.tracker.judge import Planned
from cases.tracker.lists import Lists
from kit import dates
from kit.history import note_change, note_new
from kit.operations import insert

Row = TypeVar("Row")
FROM_THE_TRACKER = "As the force’s tracker says."


@dataclass
class Bundle:
    """One case with all that hangs on it, not saved yet."""

    case: Case
    officer_id: int | None
    offence: CaseOffence
    victim: Victim
    events: list[Event]
    limits: list[TimeLimit]
    reviews: list[Review]


def build(planned: Planned, *, by: int, now: datetime, books: Rulebooks, lists: Lists, quiet_until: date | None) -> Bundle:
    """No query. The reference is drawn when it is saved."""
    supervisors = [key for key in lists.supervisors.get(planned.unit_id, ()) if key != planned.officer_id]
    case = Case(
        crime_number=planned.crime_number,
        reported_at=planned.reported_at,
        recorded_at=planned.recorded_at,
        reported_how=ReportedHow.NOT_SAID,
        happened_when=planned.happened_when,
        happened_from=planned.happened_from,
        happened_to=planned.happened_to,
        place=Place.NOT_KNOWN,
        place_kind=planned.place_kind,
        relationship=planned.relationship,
        unit_id=planned.unit_id,
        supervisor_id=next(iter(supervisors), None),
        logged_by_id=by,
        logged_at=now,
    )
    book = books.of(planned.recorded_at)
    recorded = _entry(case, EventKind.CASE_RECORDED, planned.recorded_at, by, now, "")
    taken_over = _entry(case, EventKind.TAKEN_OVER, now, by, now, in_words(planned, quiet_until))
    taken_over.until = quiet_until
    done = [_entry(case, kind, at, by, now, FROM_THE_TRACKER) for kind, at in planned.done]
    limits = chronology.limits_started(case, recorded, book, [1])
    for limit in limits:
        chronology.stand_by(limit, chronology.marks_among(limit, done))
        if quiet_until is not None:
            schedule.keep_quiet(limit, quiet_until, book)
    return Bundle(
        case=case,
        officer_id=planned.officer_id,
        offence=CaseOffence(case=case, offence_type=planned.offence, order=0),
        victim=Victim(case=case, number=1, safe_now=SafeNow.NOT_KNOWN),
        events=[recorded, *done, taken_over],
        limits=limits,
        reviews=schedule.reviews_taken_over(
            case,
            book,
            today=timezone.localdate(now),
            last_on=planned.last_review_on,
            next_on=planned.next_review_on,
            quiet_until=quiet_until,
        ),
    )


def _entry(case: Case, kind: EventKind, at: datetime, by: int, now: datetime, text: str) -> Event:
    subject = "V1" if kind is EventKind.SUPPORT_REFERRED else ""
    return Event(case=case, kind=kind, subject=subject, text=text, happened_at=at, recorded_at=now, by_id=by)


def in_words(planned: Planned, quiet_until: date | None) -> str:
    """What the tracker said about reviews, for whoever reads the case later."""
    last, following = planned.last_review_on, planned.next_review_on
    sentences = [f"Last review on {dates.day(last)}." if last else "The tracker names no last review."]
    if following:
        sentences.append(f"Next review due on {dates.day(following)}, as the tracker says.")
    if quiet_until:
        sentences.append(f"Nothing of it is escalated until {dates.day(quiet_until)}.")
    return " ".join(sentences)


def presses_by(day: date, planned: Planned, books: Rulebooks, today: date) -> bool:
    """Whether somebody above would hear of the case by this day, were nothing quiet. No query, and no row is built."""
    book = books.of(planned.recorded_at)
    base = deadlines.review_base(planned.reported_at, planned.recorded_at)
    number, due_on = deadlines.first_open_review(base, today, planned.last_review_on, planned.next_review_on, book.rules)
    dates_given = [(book.rules[deadlines.rule_for_review(number)], due_on)]
    done = {kind for kind, _ in planned.done}
    for limit in deadlines.LIMITS.values():
        rule = book.rules.get(limit.code)
        if EventKind.CASE_RECORDED in limit.starts and limit.met_by not in done and rule is not None:
            begins = deadlines.limit_begins(limit, planned.reported_at, planned.recorded_at, planned.recorded_at)
            dates_given.append((rule, deadlines.limit_due(rule, begins, book.calendar).on))
    first = (deadlines.escalation_days(rule, due_on, book.calendar).first for rule, due_on in dates_given)
    return any(heard is not None and heard <= day for heard in first)


def night_after(now: datetime) -> date:
    return timezone.localdate(now) + timedelta(days=1)


# Saving ----------------------------------------------------------------------------------------------------------------


def save(bundles: Sequence[Bundle]) -> set[UUID]:
    """Insert the cases, without those whose crime number another case has already. Answers the keys of those that were made."""
    for bundle, reference in zip(
        bundles, draw_references([timezone.localdate(b.case.recorded_at).year for b in bundles]), strict=True
    ):
        bundle.case.reference = reference
    # In one order, so that two loads of the same file wait for each other and never crosswise.
    ordered = sorted(bundles, key=lambda bundle: bundle.case.crime_number)
    insert([bundle.case for bundle in ordered], leave_out_taken=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.just_logged(%s)", [keys(bundles)])
        return {key for (key,) in cursor.fetchall()}


def save_children(bundles: Sequence[Bundle], names: dict[int, str]) -> None:
    """What hangs on the cases that were made; then each goes to its officer. ``names``: how the officers are called."""
    cases = [bundle.case for bundle in bundles]
    victims = [bundle.victim for bundle in bundles]
    reviews = _all(bundle.reviews for bundle in bundles)
    insert([bundle.offence for bundle in bundles])
    insert(victims)
    say_for_whom(bundles)
    insert(_all(bundle.events for bundle in bundles))
    insert(_all(bundle.limits for bundle in bundles))
    insert(reviews)
    note_new(cases)
    note_new(victims)
    note_new(reviews)
    allocate([bundle for bundle in bundles if bundle.officer_id is not None], names)


def say_for_whom(bundles: Sequence[Bundle]) -> None:
    """Whoever covers for an inspector takes the cases over on their behalf."""
    for bundle in bundles:
        person = chronology.covered_by_actor(bundle.case, EventKind.TAKEN_OVER)
        for event in bundle.events:
            event.on_behalf_of_id = person


def allocate(bundles: Sequence[Bundle], names: dict[int, str]) -> None:
    """As cases.operations.allocate.assign does for one case: written down first, then made by the database."""
    moved, entries = workflow.ALLOCATE, []
    for bundle in bundles:
        case, by, now = bundle.case, bundle.case.logged_by_id, bundle.case.logged_at
        workflow.set_moved(case, moved, officer_id=bundle.officer_id)
        entries.append(_entry(case, moved.event, now, by, now, f"To {names[bundle.officer_id or 0]}"))
        entries[-1].on_behalf_of_id = bundle.events[0].on_behalf_of_id
    insert(entries)
    note_change(*(bundle.case for bundle in bundles))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rasso.allocate_new_cases(%s::uuid[], %s::bigint[])",
            [keys(bundles), [bundle.officer_id for bundle in bundles]],
        )


def draw_references(years: Sequence[int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.draw_reference_number(year) FROM unnest(%s::int[]) AS drawn (year)", [list(years)])
        numbers = [number for (number,) in cursor.fetchall()]
    return [f"{settings.FORCE_PREFIX}-{year}-{number:05}" for year, number in zip(years, numbers, strict=True)]


def _all(rows: Iterable[Iterable[Row]]) -> list[Row]:
    return [row for each in rows for row in each]


def keys(bundles: Iterable[Bundle]) -> list[UUID]:
    return [bundle.case.pk for bundle in bundles]
