"""Dispose of a record: one person proposes, another approves, and only then is anything erased."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from information.enums import Answer
from information.models import Certificate, Disposal
from information.operations.refusals import refusals
from information.queries.asking import answer
from information.queries.disposals import Place
from kit.access import Actor
from kit.operations import held_by
from kit.records import Kind
from people.roles import Role

# The proposer is one of the first; whoever answers is another person of either.
EITHER = (Role.INFORMATION_MANAGER, Role.SUPERINTENDENT)


@held_by(Role.INFORMATION_MANAGER)
def propose_disposal(*, actor: Actor, now: datetime, person_id: UUID, seen: str, erased: Iterable[Place], because: str) -> UUID:
    """Propose to erase what is held about somebody, as it was shown (``seen``), and their name out of the places that were ticked.
    Answers the key of the proposal."""
    ticked = json.dumps([{"source": place.source, "row_id": str(place.row_id)} for place in erased])
    with refusals():
        made: UUID = answer(
            "SELECT rasso.propose_disposal(%s, %s, %s, %s, %s)", person_id, settings.FORCE_PROFILE, seen, ticked, because
        )
    return made


@dataclass(frozen=True)
class Erased:
    """For the access record: the cases that it touched, and on whose word."""

    certificate_id: UUID
    case_ids: tuple[UUID, ...]
    basis: str


@held_by(*EITHER, kind=Kind.ERASED)
def approve_disposal(*, actor: Actor, now: datetime, disposal: Disposal, seen: str, because: str) -> Erased:
    """As the second person: erase it now, for good. Raises Blocked for one's own proposal, and where anything has changed since."""
    reply(disposal, Answer.APPROVED, seen, because)
    made = Certificate.objects.get(disposal=disposal)
    return Erased(made.pk, tuple(made.cases), f"Disposal {disposal.number}")


@held_by(*EITHER)
def refuse_disposal(*, actor: Actor, now: datetime, disposal: Disposal, because: str) -> None:
    reply(disposal, Answer.REFUSED, "", because)


@held_by(Role.INFORMATION_MANAGER)
def withdraw_disposal(*, actor: Actor, now: datetime, disposal: Disposal, because: str) -> None:
    reply(disposal, Answer.WITHDRAWN, "", because)


def reply(disposal: Disposal, said: Answer, seen: str, because: str) -> None:
    with refusals():
        answer("SELECT rasso.answer_disposal(%s, %s, %s, %s, %s)", disposal.pk, settings.FORCE_PROFILE, said, seen, because)
