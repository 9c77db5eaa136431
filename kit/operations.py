"""The third lock: no change without a second look.

``@operation(act)`` opens the one durable transaction, binds the actor, locks the guarded row, and only then, in a second
statement, looks whether this actor may do this to it. In one statement a grant removed while waiting for the lock would be
missed; and so would a role that ended, if it were not asked for again. The lock leaves readers alone (``no_key=True``), because their access records do not change the key.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from django.db import connection, models, transaction

from kit.access import AccessTable, Actor, NotAllowed, NotVisible
from kit.binding import as_now, bound_to
from kit.records import Kind, record
from kit.refusal import SentBefore

R = TypeVar("R")


def guarded_root(row: models.Model) -> tuple[type[models.Model], Any]:
    """The guarded row that stands over this one: itself, or what its ``guarded_by`` foreign key names."""
    key = getattr(row, "guarded_by", None)
    if key is None:
        return type(row), row.pk
    field = row._meta.get_field(key)
    return cast(type[models.Model], field.related_model), getattr(row, f"{key}_id")


def operation(act: enum.Enum) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Guard a public operation. Its first argument is the row it acts on, or a child of it (``guarded_by``).

    The caller passes ``actor``; the operation receives the actor as the database knows them now, ``now``, and the row
    fresh, locked and allowed. ``once``: the key of the form that asks for it, so that sending it twice does it once.
    Raises NotVisible (404), NotAllowed (403), Blocked (409), SentBefore.
    """

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def perform(target: models.Model, *, actor: Actor, once: UUID | FormKey | None = None, **arguments: Any) -> R:
            model, key = guarded_root(target)
            with bound_to(actor.user_id, actor.kind, may_write=True) as bound:
                guarded, actor_now = locked_and_allowed(model, key, bound.actor, act)
                only_once(once)
                row = guarded if isinstance(target, model) else child_of(guarded, target)
                result = function(row, actor=actor_now, now=bound.now, **arguments)
                record(Kind.CHANGED, function.__name__, [guarded.pk])
                return result

        perform.act = act  # type: ignore[attr-defined]
        return perform

    return declare


def operation_on_all(act: enum.Enum) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Guard a public operation on several guarded rows at once: all of it happens, or nothing.

    Its first argument is the rows, or children of them; the operation receives the guarded rows fresh, locked and allowed, in the
    order of their keys, in which they are locked, so that two such operations never wait for each other in a circle. Raises what an
    operation on one row raises: NotVisible (404) or NotAllowed (403) as soon as one of the rows is not the actor's to act on.
    """

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def perform(targets: Iterable[models.Model], *, actor: Actor, once: UUID | FormKey | None = None, **arguments: Any) -> R:
            model, keys = guarded_roots(targets)
            with bound_to(actor.user_id, actor.kind, may_write=True) as bound:
                rows, actor_now = all_locked_and_allowed(model, keys, bound.actor, act)
                only_once(once)
                result = function(rows, actor=actor_now, now=bound.now, **arguments)
                record(Kind.CHANGED, function.__name__, [row.pk for row in rows])
                return result

        perform.act = act  # type: ignore[attr-defined]
        return perform

    return declare


def guarded_roots(targets: Iterable[models.Model]) -> tuple[type[models.Model], set[Any]]:
    """The one kind of guarded row that stands over all of these, and the keys."""
    roots = {guarded_root(target) for target in targets}
    kinds = {model for model, _ in roots}
    if len(kinds) != 1:
        raise ValueError("An operation on several rows needs at least one, and all of one kind.")
    return kinds.pop(), {key for _, key in roots}


def creates(act: enum.Enum, table: AccessTable) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Guard an operation that makes the first row of something: there is nothing to lock, the role decides.

    The operation returns the new row; its key goes into the access record.
    """

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def perform(*, actor: Actor, **arguments: Any) -> R:
            with bound_to(actor.user_id, actor.kind, may_write=True) as bound:
                if not bound.actor.roles & table.roles_with(act):
                    raise NotVisible
                row = function(actor=bound.actor, now=bound.now, **arguments)
                record(Kind.CHANGED, function.__name__, [cast(models.Model, row).pk])
                return row

        perform.act = act  # type: ignore[attr-defined]
        return perform

    return declare


def held_by(*roles: str, kind: Kind = Kind.CHANGED) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Guard an operation on rows that belong to no case, such as the force's rules: whoever holds one of the roles.

    What it answers may say in ``case_ids`` which cases it made or changed, and in ``recipient`` and ``basis`` to whom something went and
    on what ground; they go into the access record. ``kind``: what it is called there, where it is more than a change.
    """

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def perform(*, actor: Actor, once: UUID | FormKey | None = None, **arguments: Any) -> R:
            with bound_to(actor.user_id, actor.kind, may_write=True) as bound:
                if not bound.actor.roles & set(roles):
                    raise NotVisible
                only_once(once)
                result = function(actor=bound.actor, now=bound.now, **arguments)
                recipient, basis = getattr(result, "recipient", ""), getattr(result, "basis", "")
                record(kind, function.__name__, getattr(result, "case_ids", ()), recipient=recipient, basis=basis)
                return result

        perform.act = None  # type: ignore[attr-defined]
        return perform

    return declare


def insert(rows: Sequence[models.Model], *, leave_out_taken: bool = False) -> None:
    """Insert many new rows of one table at once. ``leave_out_taken``: without those whose unique values another row has already;
    which those are the caller has to ask. Called inside a guarded operation."""
    for model in {type(row) for row in rows}:
        model.unguarded.bulk_create(rows, batch_size=500, ignore_conflicts=leave_out_taken)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class FormKey:
    """The key of a form each of whose texts counts: sent again with other words it does another thing, and nothing typed gets lost."""

    key: UUID
    words: str

    @property
    def of_words(self) -> UUID:
        return uuid5(self.key, self.words)

    def __str__(self) -> str:
        return str(self.key)


def only_once(key: UUID | FormKey | None) -> None:
    """Raise SentBefore where a form with this key was sent already. In the transaction of the act, so what failed may be sent again."""
    if key is None:
        return
    with connection.cursor() as cursor:
        if isinstance(key, FormKey):
            # That the form was sent is noted as well: a draft of it that comes too late is not kept.
            cursor.execute("SELECT rasso.first_time(%s), rasso.first_time(%s)", [key.of_words, key.key])
        else:
            cursor.execute("SELECT rasso.first_time(%s)", [key])
        if not cursor.fetchone()[0]:
            raise SentBefore


def was_sent(key: UUID | FormKey | None) -> bool:
    """Whether the bound actor has sent a form with this key already. One query; none without a key."""
    if key is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.sent_before(%s)", [key.of_words if isinstance(key, FormKey) else key])
        return bool(cursor.fetchone()[0])


def refuse_if_sent(key: UUID | FormKey | None) -> None:
    """Raise SentBefore where a form with this key was sent already, whatever it said, and leave it free to be sent. Waits for one that
    is being sent."""
    with transaction.atomic():
        only_once(key.key if isinstance(key, FormKey) else key)
        transaction.set_rollback(True)


def locked_and_allowed(model: Any, key: Any, actor: Actor, act: enum.Enum) -> tuple[models.Model, Actor]:
    """The row under its lock, and the actor as they are now that it is held."""
    list(model.unguarded.select_for_update(of=("self",), no_key=True).filter(pk=key).values("pk"))
    actor = as_now(actor)
    allowed: models.Model | None = model.objects.visible_to(actor, act).filter(pk=key).first()
    if allowed is not None:
        return allowed, actor
    if model.objects.visible_to(actor, model.VIEW).filter(pk=key).exists():
        raise NotAllowed
    raise NotVisible


def all_locked_and_allowed(model: Any, keys: set[Any], actor: Actor, act: enum.Enum) -> tuple[list[models.Model], Actor]:
    """The same for several rows: locked in the order of their keys, then looked at; all of them, or it raises."""
    list(model.unguarded.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk").values("pk"))
    actor = as_now(actor)
    allowed: list[models.Model] = list(model.objects.visible_to(actor, act).filter(pk__in=keys).order_by("pk"))
    if len(allowed) == len(keys):
        return allowed, actor
    if model.objects.visible_to(actor, model.VIEW).filter(pk__in=keys).count() == len(keys):
        raise NotAllowed
    raise NotVisible


def child_of(guarded: models.Model, child: models.Model) -> models.Model:
    """The child fetched again under the lock, only if it still belongs to the guarded row."""
    key = child.guarded_by  # type: ignore[attr-defined]
    fresh = (
        type(child)
        ._base_manager.filter(**{key: guarded})
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=child.pk)
        .first()
    )
    if fresh is None:
        raise NotVisible
    setattr(fresh, key, guarded)
    return fresh


def on_own_rows(function: Callable[..., R]) -> Callable[..., R]:
    """Guard an operation on rows that only their owner can see: bound, but there is no case to lock and nothing to record."""

    @wraps(function)
    def perform(*, actor: Actor, **arguments: Any) -> R:
        with bound_to(actor.user_id, actor.kind, may_write=True) as bound:
            return function(actor=bound.actor, now=bound.now, **arguments)

    perform.act = None  # type: ignore[attr-defined]
    return perform
