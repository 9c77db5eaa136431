"""Cases with an open review, put into the tables as they would stand there: for tests of what reads reviews."""

import itertools
from datetime import date, datetime, timedelta

from django.utils import timezone

from cases.enums import GrantBasis, HappenedWhen, Place, PlaceKind, Relationship, ReportedHow, ReviewKind, Status
from cases.models import Case, CaseGrant, Review, Rule
from people.models import User
from people.roles import Role
from tests.worlds import Force, building

NUMBERS = itertools.count(1)
RECORDED = datetime(2026, 1, 5, 12, tzinfo=timezone.get_default_timezone())


def open_review(
    force: Force,
    due_on: date,
    *,
    remind_on: date | None = None,
    officer: User | None = None,
    lowest_role: str = Role.SERGEANT,
    restricted: bool = False,
    named: tuple[User, ...] = (),
) -> Review:
    """A case of `force.unit` whose one review is open. In bulk, because nobody is bound who could stand in a history."""
    number = next(NUMBERS)
    with building():
        officer = officer or force.investigator
        (case,) = Case.unguarded.bulk_create(
            [
                Case(
                    reference=f"JE-2026-9{number:06}",
                    crime_number=f"T/{number}",
                    status=Status.INVESTIGATING,
                    reported_at=RECORDED,
                    recorded_at=RECORDED,
                    reported_how=ReportedHow.CALL,
                    happened_when=HappenedWhen.NOT_KNOWN,
                    place=Place.HERE,
                    place_kind=PlaceKind.NOT_KNOWN,
                    relationship=Relationship.NOT_KNOWN_YET,
                    unit=force.unit,
                    officer=officer,
                    is_restricted=restricted,
                    logged_by=officer,
                    logged_at=RECORDED,
                )
            ]
        )
        (review,) = Review.unguarded.bulk_create(
            [
                Review(
                    **Review.scope_of(case),
                    kind=ReviewKind.DAY_14,
                    rule=Rule.objects.get(profile="JE", code="REVIEW_14_DAY", version=1),
                    number=1,
                    counted_from=due_on - timedelta(days=14),
                    due_on=due_on,
                    warn_on=remind_on or due_on,
                    remind_on=remind_on or due_on,
                    lowest_role=lowest_role,
                    escalates_to=Role.INSPECTOR,
                    escalates_on=due_on + timedelta(days=3),
                )
            ]
        )
        for user in named:
            give(case, user, GrantBasis.NAMED)
    return review


def give(case: Case, user: User, basis: str) -> None:
    from django.contrib.auth.models import Permission

    permission = Permission.objects.get(codename="work_on_case")
    CaseGrant.unguarded.bulk_create(
        [CaseGrant(user=user, permission=permission, content_object=case, basis=basis, starts_at=RECORDED, given_by=user)]
    )


def complete(review: Review, by: User) -> None:
    with building():
        Review.unguarded.filter(pk=review.pk).update(
            completed_at=RECORDED, completed_by=by, result="SATISFACTORY", own_words="Seen."
        )
