"""Open a case in an emergency, end that, and review what somebody else opened. The database decides who may (cases/sql/emergency.sql)."""

from datetime import datetime
from uuid import UUID

from django.db import ProgrammingError, connection, transaction

from cases.access import MAY_OPEN_IN_EMERGENCY
from cases.models import EmergencyAccess
from cases.models.emergency import EmergencyFinding, EmergencyReason
from cases.rulebook import working_calendar
from kit.access import Actor, NotVisible
from kit.clock import local_date
from kit.operations import held_by
from kit.refusal import Blocked
from kit.workdays import add_working_days
from people.roles import Role

# Whoever may review what somebody else opened: of their own cases, or of all.
REVIEWERS = (Role.SERGEANT, Role.INSPECTOR, Role.AUDITOR)
# One sentence whatever the reason: nobody learns by trying whether there is a case of this reference.
NOT_OPENED = (
    "Emergency access was not opened. Check the reference. If it is right and somebody is in danger, ring the duty inspector: "
    "they can find who is able to help."
)
REVIEWED_ALREADY = "Somebody else has reviewed this emergency access already. Load the page again to see what they found."


class Opened:
    """A case that opens to the actor as soon as this is committed, and until when; ``ends_at`` is nothing where they see it anyway."""

    def __init__(self, key: UUID, reference: str, access: EmergencyAccess | None) -> None:
        self.reference = reference
        self.ends_at: datetime | None = access.ends_at if access else None
        self.case_ids = [key]


@held_by(*MAY_OPEN_IN_EMERGENCY)
def open_emergency_access(*, actor: Actor, now: datetime, reference: str, why: EmergencyReason, words: str) -> Opened:
    """Open a case for an hour, whose supervisor and the auditor hear of it at once. Raises Blocked with one sentence whatever the reason."""
    review_on = add_working_days(local_date(now), 1, working_calendar())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.open_emergency_access(%s, %s, %s, %s)", [reference, why, words, review_on])
        (key,) = cursor.fetchone()
    if key is None:
        raise Blocked(NOT_OPENED)
    running = EmergencyAccess.unguarded.filter(case_id=key, user_id=actor.user_id, ends_at__gt=now)
    return Opened(key, reference, running.first())


@held_by(*MAY_OPEN_IN_EMERGENCY)
def end_emergency_access(*, actor: Actor, now: datetime, key: UUID) -> None:
    """End one's own before its hour is over. Raises NotVisible where there is none of one's own that runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.end_emergency_access(%s)", [key])
        if not cursor.fetchone()[0]:
            raise NotVisible


@held_by(*REVIEWERS)
def review_emergency_access(*, actor: Actor, now: datetime, key: UUID, found: EmergencyFinding, words: str) -> None:
    """Say whether it was justified. Raises NotVisible where it is not theirs to review, Blocked where somebody was first."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rasso.review_emergency_access(%s, %s, %s)", [key, found, words])
            (is_first,) = cursor.fetchone()
    except ProgrammingError:
        raise NotVisible from None
    if not is_first:
        raise Blocked(REVIEWED_ALREADY)
