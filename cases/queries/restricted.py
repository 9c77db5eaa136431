"""Who sees a case and who could be named on it; restricted cases without a supervisor; connections that wait for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases import access
from cases.enums import GrantBasis
from cases.models import Case, CaseConnection, CaseGrant, Review
from cases.queries.scope import rows
from cases.queries.who_may_see import who_may_see
from kit import dates
from people.models import Membership, User
from people.queries import Staff, running_on, staff_on
from people.roles import OrganisationKind, Role

# By which somebody lasts on a restricted case, beside its officer.
BESIDE = (GrantBasis.NAMED, GrantBasis.SECOND, GrantBasis.LIAISON)


def who_sees_it(case: Case, now: datetime) -> list[tuple[str, str]]:
    """Everybody who sees the case now, but its officer and whoever opened it in an emergency: key, and name with the first reason."""
    seers = who_may_see(case, frozenset(), now).people
    return [
        (str(seer.user_id), f"{seer.called}. {seer.reasons[0]}")
        for seer in seers
        if seer.user_id != case.officer_id and seer.reaches[0] not in (access.emergency, access.escalated)
    ]


def who_could_be_named(case: Case, today: date) -> list[tuple[str, str]]:
    """Officers, SOLO/SOITs and supervisors of the force who are not named yet."""
    staff = staff_on(today)
    roles = {key for choices in (staff.investigators, staff.liaison_officers, staff.supervisors) for key, _ in choices}
    named = CaseGrant.unguarded.filter(content_object=case, basis=GrantBasis.NAMED, ends_at=None)
    taken = {str(key) for key in named.values_list("user_id", flat=True)}
    return [(key, called) for key, called in staff.everybody if key in roles - taken]


def named_beside_officer(case: Case) -> list[tuple[str, str]]:
    """Who was given a restricted case, but its officer."""
    grants = CaseGrant.unguarded.filter(content_object=case, basis__in=BESIDE, ends_at=None).exclude(user_id=case.officer_id or 0)
    found = {grant.user_id: grant.user.called for grant in grants.select_related("user").order_by("starts_at", "pk")}
    return [(str(key), called) for key, called in found.items()]


def everybody_else(actor_id: int, today: date) -> list[tuple[str, str]]:
    """The police staff of today, but the reader."""
    return [one for one in staff_on(today).everybody if one[0] != str(actor_id)]


def connection_of(case: Case, key: UUID) -> Any:
    """A connection of the case that somebody said; none that only followed from another."""
    return CaseConnection.unguarded.filter(case=case, pk=key, because_of=None).select_related("user", "said_by").first()


@dataclass(frozen=True)
class Unsupervised:
    """Restricted cases that a Detective Superintendent does not see, as numbers: without a supervisor who can act, and how many of them
    have one who may not sign what is due; what was escalated in them; and how many were restricted within a day."""

    cases: int
    unsigned: int
    escalated: int
    lately: int


def number_without_supervisor() -> Unsupervised:
    """For a Detective Superintendent; nothing but 0 for everybody else. One query."""
    (row,) = rows("SELECT cases, unsigned, escalated, lately FROM rasso.number_without_supervisor()", {})
    return Unsupervised(**row)


@dataclass(frozen=True)
class DueReview:
    """A review of which somebody should have heard by today, and who of those who see the case could sign it if they are named."""

    label: str
    urgency: dates.Urgency
    signer: str
    could: list[str]


def due_reviews(case: Case, people: Sequence[tuple[str, str]], staff: Staff, today: date) -> list[DueReview]:
    """``people``: who could be named, key and name, as the form offers them. One query."""
    found = Review.unguarded.filter(case=case, completed_at=None, warn_on__lte=today).order_by("due_on")
    # A Detective Superintendent is named on no case.
    sign = {Role.SERGEANT: {key for key, _ in staff.supervisors}, Role.INSPECTOR: {key for key, _ in staff.inspectors}}
    return [
        DueReview(
            label=review.get_kind_display(),
            urgency=dates.urgency(review.due_on, today),
            signer=Role(review.lowest_role).label,
            could=[called for key, called in people if key in sign.get(Role(review.lowest_role), ())],
        )
        for review in found
    ]


@dataclass(frozen=True)
class NamedUnseen:
    """A supervisor whom a Detective Superintendent named on a restricted case without seeing it."""

    at: datetime
    by_whom: str
    whom: str
    reference: str


def named_unseen(since: datetime) -> list[NamedUnseen]:
    """For the auditor; none for everybody else. One query."""
    sql = "SELECT at, by_whom, whom, reference FROM rasso.named_unseen(%(since)s)"
    return [NamedUnseen(**row) for row in rows(sql, {"since": since})]


@dataclass(frozen=True)
class ToDecide:
    """A connection of which a Detective Superintendent says whether the line of command loses the case too. Nothing of the case but its
    unit, and of a restricted one not even that."""

    id: UUID
    called: str
    unit: str
    said_at: datetime
    line: list[str]


def connections_to_decide() -> list[ToDecide]:
    """For a Detective Superintendent; none for everybody else. One query."""
    return [ToDecide(**row) for row in rows("SELECT id, called, unit, said_at, line FROM rasso.connections_to_decide()", {})]


def supervisors_instead(connection_id: UUID, today: date) -> list[tuple[str, str]]:
    """Sergeants and inspectors of every police force who could supervise the case of this connection, each with unit and force, so that
    one from elsewhere can be told apart. None of those who would lose it, and nobody who is connected with it."""
    supervisors = [int(key) for key, _ in staff_on(today).supervisors]
    sql = "SELECT instead_of_line AS key FROM rasso.instead_of_line(%(connection)s, %(people)s)"
    keys = {row["key"] for row in rows(sql, {"connection": connection_id, "people": supervisors})}
    units = dict(
        Membership.objects.filter(running_on(today), user_id__in=keys).order_by("-pk").values_list("user_id", "unit__name")
    )
    users = User.objects.filter(pk__in=keys, organisation_kind=OrganisationKind.POLICE).select_related("organisation")
    return [
        (str(user.pk), ", ".join(filter(None, (user.called, units.get(user.pk), user.organisation.name))))
        for user in users.order_by("family_name", "given_name", "pk")
    ]
