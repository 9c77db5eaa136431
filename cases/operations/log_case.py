"""Log a case: the first record, its safety needs, its reviews and its time limits, in one transaction."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import access, chronology, schedule
from cases.enums import Act, EventKind, GrantBasis, SafeNow, SuspectKnown
from cases.models import Case, CaseConnection, CaseOffence, Person, Review, Suspect, TimeLimit, Victim, Wish
from cases.models.draft import LOG_CASE_DRAFT
from cases.operations.allocate import assign
from cases.operations.drafts import finish_draft
from kit.access import Actor
from kit.operations import creates
from kit.refusal import Blocked

SAFE_WHEN_LOGGED = "Safe when the case was logged."


@dataclass(frozen=True)
class NewCase:
    """What is known when a case is logged (screens.md 4). Moments are aware; names may be empty: not known yet."""

    crime_number: str
    reported_at: datetime
    recorded_at: datetime
    reported_how: str
    happened_when: str
    happened_from: date | None
    happened_to: date | None
    place: str
    place_kind: str
    relationship: str
    offence_type_ids: tuple[int, ...]
    victim_name: str
    wish: str
    suspect_known: str
    suspects: int
    suspect_name: str
    suspect_description: str
    safe_now: str
    safety_steps: str
    safe_contact: str
    unit_id: int
    officer_id: int | None
    supervisor_id: int | None
    has_connected_staff: bool = False
    connected_user_ids: tuple[int, ...] = field(default=())
    # On a restricted case only who is named sees it, so somebody named must be able to sign each of its reviews.
    inspector_id: int | None = None


@dataclass(frozen=True)
class Logged:
    """What the officer is told: the reference, and what now runs until when."""

    pk: UUID
    reference: str
    runs: tuple[tuple[str, date], ...]


@creates(Act.LOG, access.TABLE)
def log_case(*, actor: Actor, now: datetime, new: NewCase) -> Logged:
    """Record the case and start what must run: reviews on the 14/28-day grid, time limits, the officer's grant.

    Raises Blocked when the crime number is taken; the sentence is the same whatever the reason, because whoever reads it may
    not be allowed to know that the case exists.
    """
    refuse_conflicts(actor, new)
    case = write_case(actor, now, new)
    write_people(case, actor, now, new)
    chronology.record(case, EventKind.CASE_RECORDED, by=actor.user_id, at=new.recorded_at, now=now)
    # Whoever found V1 safe has checked it.
    checked = new.safety_steps or (SAFE_WHEN_LOGGED if new.safe_now == SafeNow.YES else "")
    if checked:
        chronology.record(case, EventKind.SAFETY_CHECKED, by=actor.user_id, at=now, now=now, subject="V1", text=checked)
    schedule.start_reviews(case)
    logged = Logged(case.pk, case.reference, what_runs(case))
    # Last, because from here on the person logging may no longer see the case.
    give_to_its_people(case, actor, now, new)
    finish_draft(actor.user_id, LOG_CASE_DRAFT)
    return logged


def what_runs(case: Case) -> tuple[tuple[str, date], ...]:
    limits = TimeLimit.unguarded.filter(case=case).values_list("rule__label", "due_on")
    reviews = Review.unguarded.filter(case=case).values_list("rule__label", "due_on")
    return tuple(sorted([*limits, *reviews], key=lambda run: run[1]))


def refuse_conflicts(actor: Actor, new: NewCase) -> None:
    if actor.user_id in new.connected_user_ids:
        raise Blocked("You cannot log a case that you are connected with. Ask a colleague who is not to log it.")
    if {new.officer_id, new.supervisor_id, new.inspector_id} & set(new.connected_user_ids):
        raise Blocked("The officer in the case and the supervisor cannot be connected with somebody in it. Choose others.")


def write_case(actor: Actor, now: datetime, new: NewCase) -> Case:
    case = Case(
        reference=draw_reference(timezone.localdate(new.recorded_at).year),
        crime_number=new.crime_number,
        reported_at=new.reported_at,
        recorded_at=new.recorded_at,
        reported_how=new.reported_how,
        happened_when=new.happened_when,
        happened_from=new.happened_from,
        happened_to=new.happened_to,
        place=new.place,
        place_kind=new.place_kind,
        relationship=new.relationship,
        unit_id=new.unit_id,
        supervisor_id=new.supervisor_id,
        is_restricted=new.has_connected_staff,
        logged_by_id=actor.user_id,
        logged_at=now,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as taken:
        if "crime_number" not in str(taken):
            raise
        raise Blocked("This crime number cannot be logged here. Ask your supervisor to check.") from None
    for order, offence_type_id in enumerate(new.offence_type_ids):
        CaseOffence.unguarded.create(case=case, offence_type_id=offence_type_id, order=order)
    return case


def draw_reference(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.draw_reference_number(%s)", [year])
        (number,) = cursor.fetchone()
    return f"{settings.FORCE_PREFIX}-{year}-{number:05}"


def write_people(case: Case, actor: Actor, now: datetime, new: NewCase) -> None:
    victim = Victim.unguarded.create(
        case=case,
        number=1,
        person=add_person(actor, new.victim_name),
        safe_now=new.safe_now,
        safety_steps=new.safety_steps,
        safe_contact=new.safe_contact,
    )
    Wish.unguarded.create(case=case, victim=victim, wish=new.wish, said_at=now, recorded_by_id=actor.user_id)
    for number in range(1, new.suspects + 1):
        is_first = number == 1
        Suspect.unguarded.create(
            case=case,
            number=number,
            known=new.suspect_known,
            person=add_person(actor, new.suspect_name) if is_first and new.suspect_known == SuspectKnown.NAMED else None,
            description=new.suspect_description if is_first else "",
        )


def add_person(actor: Actor, name: str) -> Person | None:
    return Person.unguarded.create(name=name, added_by_id=actor.user_id) if name else None


def give_to_its_people(case: Case, actor: Actor, now: datetime, new: NewCase) -> None:
    """Name on a restricted case whoever must work it, keep out who is connected, and allocate it to its officer."""
    if new.has_connected_staff:
        for user_id in {actor.user_id, new.officer_id, new.supervisor_id, new.inspector_id} - {None}:
            grant(case, user_id, GrantBasis.NAMED)
        for user_id in new.connected_user_ids:
            CaseConnection.unguarded.create(case=case, user_id=user_id, said_by_id=actor.user_id, said_at=now)
    if new.officer_id is not None:
        assign(case, new.officer_id, actor=actor, now=now)


def grant(case: Case, user_id: int | None, basis: GrantBasis) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.grant_case(%s, %s, %s)", [case.pk, user_id, basis])
