"""Who covers for whom: now, to come, and whom somebody may choose."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kit import dates
from kit.access import Actor
from people.cover.rules import FITTING, fitting
from people.models import Cover, CoverReason, Membership, RoleAssignment, User
from people.queries import running_on
from people.roles import OrganisationKind, Role


def covers_on(day: date) -> QuerySet[Any]:
    """Covers that run on a local day and were not ended. Whether somebody reaches anything through them depends on their roles too."""
    return covers_from(day).filter(starts_on__lte=day)


def covers_from(day: date) -> QuerySet[Any]:
    """Covers that run on a day or later and were not ended."""
    covers = Cover.objects.filter(ends_on__gte=day, ended_at=None)
    return covers.select_related("absent", "covering").order_by("starts_on", "ends_on", "pk")


# Who signs reviews.
SIGN = frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT})

# On other pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """“You are covering for DS Y until 4 December.”"""

    sentence: str
    # What it does not do, where that could be expected.
    more: str = ""


def notices(actor: Actor, today: date) -> list[Notice]:
    """For the reader: whom they cover for today, and who covers for them. One query."""
    own = covers_on(today).filter(Q(absent_id=actor.user_id) | Q(covering_id=actor.user_id))
    return [notice for cover in own if (notice := notice_of(cover, actor, today))]


def notice_of(cover: Any, actor: Actor, today: date) -> Notice | None:
    until = dates.short_day(cover.ends_on, today)
    if cover.absent_id == actor.user_id:
        return Notice(f"{cover.covering.called} covers for you until {until}.")
    if cover.absent_id in actor.covers:
        reviews = " You cannot review the cases that they work." if actor.roles & SIGN else ""
        return Notice(
            f"You are covering for {cover.absent.called} until {until}.", f"Their work stands here with yours.{reviews}"
        )
    return None


# The page of cover ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverRow:
    key: int
    absent: str
    covering: str
    # “until 4 December 2026”, “from 1 December to 4 December 2026”
    when: str
    # For the absent person and those who supervise them: it may say that somebody is ill.
    reason: str
    set_by: str
    runs_now: bool
    may_end: bool


@dataclass(frozen=True)
class CoverPage:
    mine: list[CoverRow]
    theirs: list[CoverRow]
    # Of whom the reader may say who covers for them: key, rank and name.
    people: list[tuple[str, str]]


def cover_page(actor: Actor, today: date) -> CoverPage:
    """Four queries, whatever the size of the force."""
    supervised = people_to_cover()
    wanted = Q(absent_id=actor.user_id) | Q(covering_id=actor.user_id) | Q(absent_id__in=supervised)
    covers = list(covers_from(today).filter(wanted).select_related("set_by"))
    mine = [cover for cover in covers if actor.user_id in (cover.absent_id, cover.covering_id)]
    reasons = reasons_of(covers)
    return CoverPage(
        mine=[cover_row(cover, actor, supervised, today, reasons) for cover in mine],
        theirs=[cover_row(cover, actor, supervised, today, reasons) for cover in covers if cover not in mine],
        people=called(User.objects.filter(pk__in=with_work(supervised, today), is_active=True)),
    )


def with_work(people: Iterable[int], today: date) -> QuerySet[Any]:
    """Those of them whose work somebody else could do."""
    held = RoleAssignment.objects.filter(running_on(today), user_id__in=people, role__in=FITTING)
    return held.values("user_id")


def reasons_of(covers: Iterable[Any]) -> dict[int, str]:
    """Why those are away whom it concerns the reader to know of. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cover, reason FROM rasso.cover_reasons(%s)", [[cover.pk for cover in covers]])
        return {key: str(CoverReason(reason).label) for key, reason in cursor.fetchall()}


def cover_row(cover: Any, actor: Actor, supervised: frozenset[int], today: date, reasons: dict[int, str]) -> CoverRow:
    runs_now = cover.starts_on <= today
    may_end = cover.absent_id == actor.user_id or cover.absent_id in supervised
    return CoverRow(
        key=cover.pk,
        absent=cover.absent.called,
        covering=cover.covering.called,
        when=f"until {dates.day(cover.ends_on)}"
        if runs_now
        else f"from {dates.day(cover.starts_on)} to {dates.day(cover.ends_on)}",
        reason=reasons.get(cover.pk, ""),
        set_by=cover.set_by.called if cover.set_by_id != cover.absent_id else "",
        runs_now=runs_now,
        may_end=may_end,
    )


def cover_to_end(actor: Actor, key: int, today: date) -> CoverRow | None:
    """The cover, if the reader may end it. Three queries."""
    supervised = people_to_cover()
    cover = covers_from(today).filter(pk=key, absent_id__in=[actor.user_id, *supervised]).select_related("set_by").first()
    return cover_row(cover, actor, supervised, today, reasons_of([cover])) if cover else None


def people_to_cover() -> frozenset[int]:
    """Of whom the reader may say who covers for them, beside themselves. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.people_to_cover()")
        return frozenset(key for (key,) in cursor.fetchall())


def called(users: QuerySet[Any]) -> list[tuple[str, str]]:
    return [(str(user.pk), user.called) for user in users.order_by("family_name", "given_name", "pk")]


# Whom to choose ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Who could cover for somebody, and the roles of which it takes one; none where there is no work to take over."""

    people: list[tuple[str, str]]
    needed: tuple[str, ...]


def who_can_cover(absent_id: int, today: date, set_by: int) -> Choice:
    """Active police who hold a role that can do the work, each with their unit; never whoever sets it. Three queries."""
    held: dict[int, set[str]] = defaultdict(set)
    for user_id, role in RoleAssignment.objects.filter(running_on(today)).values_list("user_id", "role"):
        held[user_id].add(role)
    needed = fitting(held[absent_id])
    could = [user_id for user_id, roles in held.items() if user_id not in (absent_id, set_by) and not needed.isdisjoint(roles)]
    units = units_of(could, today)
    users = User.objects.filter(pk__in=could, is_active=True, organisation_kind=OrganisationKind.POLICE)
    people = [(key, f"{name}, {units[int(key)]}" if int(key) in units else name) for key, name in called(users)]
    return Choice(people, tuple(role.label for role in Role if role in needed))


def units_of(people: Iterable[int], today: date) -> dict[int, str]:
    memberships = Membership.objects.filter(running_on(today), user_id__in=people).order_by("-pk")
    return dict(memberships.values_list("user_id", "unit__name"))
