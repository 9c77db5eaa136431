"""Open a subject request, find whose it is, decide item by item, send or end it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from information.enums import CameBy, Decision, Ground, Identity, Outcome, SentHow
from information.models import SubjectRequest
from information.operations.refusals import refusals
from information.queries.asking import answer, rows
from information.queries.requests import Item, bundle_of
from kit.access import Actor
from kit.operations import held_by
from kit.records import Kind
from kit.refusal import Blocked
from people.roles import Role

RECIPIENT = "Whoever made request {number}"


@dataclass(frozen=True)
class NewRequest:
    received_on: date
    came_by: CameBy
    identity: Identity
    name: str
    reached_at: str
    acts_through: str
    asks_for: str


@held_by(Role.INFORMATION_MANAGER)
def open_request(*, actor: Actor, now: datetime, new: NewRequest) -> UUID:
    """Write a request down; its due date follows from the law of the profile. Answers its key."""
    with refusals():
        made: UUID = answer(
            "SELECT rasso.open_request(%s, %s, %s, %s, %s, %s, %s, %s)",
            *(settings.FORCE_PROFILE, new.received_on, new.came_by, new.identity),
            *(new.name, new.reached_at, new.acts_through, new.asks_for),
        )
    return made


@held_by(Role.INFORMATION_MANAGER)
def confirm_identity(*, actor: Actor, now: datetime, request: SubjectRequest, identity: Identity) -> None:
    """Say how the requester showed who they are; from then on they can be looked for."""
    with refusals():
        answer("SELECT rasso.confirm_identity(%s, %s)", request.pk, identity)


@held_by(Role.INFORMATION_MANAGER)
def choose_subject(*, actor: Actor, now: datetime, request: SubjectRequest, person_id: UUID, is_theirs: bool) -> None:
    """Say that a record is the requester's, or that it is not after all: a decision of a human, never of the search."""
    with refusals():
        answer("SELECT rasso.choose_subject(%s, %s, %s)", request.pk, person_id, is_theirs)


@held_by(Role.INFORMATION_MANAGER)
def begin_review(*, actor: Actor, now: datetime, request: SubjectRequest) -> None:
    with refusals():
        answer("SELECT rasso.move_request(%s, 'REVIEWING')", request.pk)


@held_by(Role.INFORMATION_MANAGER)
def search_again(*, actor: Actor, now: datetime, request: SubjectRequest) -> None:
    with refusals():
        answer("SELECT rasso.move_request(%s, 'SEARCHING')", request.pk)


@held_by(Role.INFORMATION_MANAGER)
def decide_item(
    *, actor: Actor, now: datetime, request: SubjectRequest, item: Item, decision: Decision, ground: Ground | str, because: str
) -> None:
    """Give an item, give it with others blacked out, or withhold it. Raises Blocked where it says something else by now."""
    if not decide(request, [item], decision, ground, because):
        raise Blocked("This item was changed a moment ago. Read it again, then decide.")


@held_by(Role.INFORMATION_MANAGER)
def give_all_of_theirs(*, actor: Actor, now: datetime, request: SubjectRequest, digests: frozenset[str]) -> int:
    """Give what speaks of nobody else and is not decided, as far as the reader was shown it. Answers how many items."""
    shown = [item for item in bundle_of(request).theirs if not item.decision and item.digest in digests]
    return decide(request, shown, Decision.GIVE, "", "") if shown else 0


def decide(request: SubjectRequest, items: Iterable[Item], decision: str, ground: str, because: str) -> int:
    sent = json.dumps([{"source": item.source, "row_id": str(item.row_id), "digest": item.digest} for item in items])
    with refusals():
        return int(answer("SELECT rasso.decide_items(%s, %s, %s, %s, %s)", request.pk, sent, decision, ground, because))


@dataclass(frozen=True)
class Sent:
    """What left, for the access record; the recipient is nobody's name."""

    given: int
    case_ids: frozenset[UUID]
    recipient: str
    basis: str


@held_by(Role.INFORMATION_MANAGER, kind=Kind.SHARED)
def send_bundle(*, actor: Actor, now: datetime, request: SubjectRequest, how: SentHow, digest: str, basis: str) -> Sent:
    """Write down that the bundle was handed over, and to whom. Raises Blocked while an item is undecided, or where the bundle is
    another than the one that was looked at."""
    bundle = bundle_of(request)
    if bundle.digest != digest:
        raise Blocked("The bundle has changed since you opened this page. Look at it again before you hand it over.")
    with refusals():
        (sent,) = rows("SELECT * FROM rasso.send_bundle(%s, %s, %s)", request.pk, how, digest)
    return Sent(int(sent["given"]), frozenset(bundle.case_ids), RECIPIENT.format(number=request.number), basis)


@held_by(Role.INFORMATION_MANAGER)
def end_request(*, actor: Actor, now: datetime, request: SubjectRequest, outcome: Outcome, because: str) -> None:
    """End a request without a bundle: nothing is held, it was withdrawn, or it is refused."""
    with refusals():
        answer("SELECT rasso.end_request(%s, %s, %s)", request.pk, outcome, because)


@held_by(Role.INFORMATION_MANAGER)
def extend_request(*, actor: Actor, now: datetime, request: SubjectRequest, because: str) -> date:
    """Take the further time that the law allows, once. Answers the new due date."""
    with refusals():
        later: date = answer("SELECT rasso.extend_request(%s, %s, %s)", request.pk, settings.FORCE_PROFILE, because)
    return later
