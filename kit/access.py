"""No rows without an actor: who is asking, and the table that says what they may reach.

A *reach* is a function from actor to a queryset of rows. The same reach filters lists and decides single rows, so they cannot
drift. Several reaches of one person are joined as one ``pk IN (... UNION ALL ...)``, never with OR: PostgreSQL cannot turn an OR
of sub-queries into a join and scans the whole table instead.
"""

import enum
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from django.db import models
from django.db.models import QuerySet
from django.utils.module_loading import import_string


class UnguardedQuery(Exception):
    """Somebody asked for rows without saying for whom."""


class NotVisible(Exception):
    """The row does not exist for this actor: nobody is told whether it exists at all (404)."""


class NotAllowed(Exception):
    """The actor may see the row but not do this (403)."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Actor:
    """Somebody for whom rows are asked; made only by kit.binding, from what the database says at that moment."""

    user_id: int
    kind: str  # "police", "partner" or "system"
    roles: frozenset[str]
    supervised_unit_ids: tuple[int, ...] = ()
    # Whose work this person does today as well, because they are away.
    covers: tuple[int, ...] = ()

    @property
    def does_work_of(self) -> tuple[int, ...]:
        """Whose work is theirs today: their own, and that of whoever they cover for."""
        return (self.user_id, *self.covers)


@dataclass(frozen=True)
class Grant:
    """One row of the table who may: this role, within this reach, may do these acts."""

    role: str
    reach: Callable[[Actor], QuerySet[Any]]
    acts: frozenset[enum.Enum]


@dataclass(frozen=True)
class AccessTable:
    """The grants of a model, and the bars that take rows away whatever the role."""

    grants: tuple[Grant, ...]
    bars: tuple[Callable[[Actor], QuerySet[Any]], ...] = ()

    def roles_with(self, act: enum.Enum) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants if act in grant.acts)

    def reaches(self, actor: Actor, act: enum.Enum) -> list[QuerySet[Any]]:
        """Each distinct reach of the actor for the act, as a queryset of rows."""
        functions = {grant.reach: None for grant in self.grants if grant.role in actor.roles and act in grant.acts}
        return [reach(actor) for reach in functions]


def rows_within_reach(
    model: type[models.Model], table: AccessTable, actor: Actor, act: enum.Enum, among: Iterable[Any] | None = None
) -> QuerySet[Any]:
    if among is not None:
        return build_query(model, table, actor, act, pk__in=list(among))
    return _built.query(model, table, actor, act).all()


def build_query(model: type[models.Model], table: AccessTable, actor: Actor, act: enum.Enum, **some: Any) -> QuerySet[Any]:
    """``some``: a condition on the keys, said in each branch as well, so that none of them walks through the whole reach."""
    branches = [rows.filter(**some).values("pk") for rows in table.reaches(actor, act)]
    everything: QuerySet[Any] = model._default_manager.filter(**some)
    if not branches:
        return everything.none()
    first, *others = branches
    within = everything.filter(pk__in=first.union(*others, all=True) if others else first)
    for bar in table.bars:
        within = within.exclude(pk__in=bar(actor).values("pk"))
    return within


class _Built(threading.local):
    """Queries built lately. It takes 7 ms to build one, a page asks for several, and the same actor, as the database says they are at
    that moment, asks the same query for the same act. Each thread keeps its own, because compiling one changes it for a moment."""

    def __init__(self) -> None:
        self.query = lru_cache(maxsize=128)(build_query)


_built = _Built()


class GuardedManager(models.Manager[Any]):
    """The only public way to a guarded model's rows. Everything but ``visible_to`` raises UnguardedQuery.

    ``table`` is the dotted name of the model's AccessTable: the table names models, so the model cannot import it.
    """

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table = table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GuardedManager) and self.table == other.table

    def __hash__(self) -> int:
        return hash(self.table)

    def get_queryset(self) -> NoReturn:
        raise UnguardedQuery(f"Ask for {self.model.__name__} rows as somebody: objects.visible_to(actor, act).")

    def visible_to(self, actor: Actor, act: enum.Enum, *, among: Iterable[Any] | None = None) -> QuerySet[Any]:
        """Rows on which the actor may perform the act, and no other; one query, bars applied. ``among``: of these keys."""
        table: AccessTable = import_string(self.table)
        return rows_within_reach(self.model, table, actor, act, among)


def acts_of(table: AccessTable, actor: Actor, row: models.Model, acts: Iterable[enum.Enum]) -> frozenset[enum.Enum]:
    """Which of these acts the actor may perform on a row that is already visible to them. One query."""
    wanted = [act for act in acts if table.reaches(actor, act)]
    if not wanted:
        return frozenset()
    branches = [
        rows_within_reach(type(row), table, actor, act).filter(pk=row.pk).annotate(act=models.Value(act.name)).values_list("act")
        for act in wanted
    ]
    first, *others = branches
    names = {name for (name,) in (first.union(*others, all=True) if others else first)}
    return frozenset(act for act in wanted if act.name in names)
