"""Open a record that is due, keep it, place a hold and lift it."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from information.enums import HoldAbout, HoldKind
from information.models import Hold
from information.operations.refusals import refusals
from information.queries.asking import answer
from kit.access import Actor
from kit.operations import held_by
from people.roles import Role


@held_by(Role.INFORMATION_MANAGER)
def open_review(*, actor: Actor, now: datetime, person_id: UUID, because: str) -> None:
    """Open one record that is due for review; until the reader has decided, they see what it holds."""
    with refusals():
        answer("SELECT rasso.open_review(%s, %s, %s)", person_id, settings.FORCE_PROFILE, because)


@held_by(Role.INFORMATION_MANAGER)
def keep_record(*, actor: Actor, now: datetime, person_id: UUID, next_on: date, because: str) -> None:
    """Keep a record that was due, and say when it is looked at again. Raises Blocked for a day that is not to come or too far off."""
    with refusals():
        answer("SELECT rasso.keep_record(%s, %s, %s, %s)", person_id, settings.FORCE_PROFILE, next_on, because)


@held_by(Role.INFORMATION_MANAGER)
def place_hold(
    *,
    actor: Actor,
    now: datetime,
    kind: HoldKind,
    about: HoldAbout,
    because: str,
    person_id: UUID | None = None,
    reference: str = "",
) -> int:
    """Nothing that it covers is disposed of from now on. Answers its number, the same whether there is such a case or not."""
    with refusals():
        return int(answer("SELECT rasso.place_hold(%s, %s, %s, %s, %s)", kind, about, person_id, reference, because))


@held_by(Role.INFORMATION_MANAGER)
def lift_hold(*, actor: Actor, now: datetime, hold: Hold, because: str) -> None:
    with refusals():
        answer("SELECT rasso.lift_hold(%s, %s)", hold.pk, because)
