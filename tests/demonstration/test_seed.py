"""What `manage.py seed` makes stands where the rules would have brought it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from cases import chronology, schedule
from cases.enums import Status
from cases.models import Action, Case, CaseGrant, Event, Review, ReviewAnswer, TimeLimit
from cases.operations.actions import notice_of_action
from cases.rulebook import rulebook_for
from people.models import Membership, User
from rasso.demonstration import seed
from tests.access.asking import BACKEND
from tests.access.scene import undone
from tests.worlds import MONDAY, at, building, set_clock

CASES = 300
OPEN = (Status.RECORDED, Status.INVESTIGATING)

pytestmark = pytest.mark.xdist_group("seeded")


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        set_clock(at(MONDAY, 10))
        with building(), connection.cursor() as cursor:
            seed.build(seed.Plan(CASES, 1), chunk=170)
            # What is checked at the end of a transaction is checked now.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield


def fields(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def some_cases() -> list[Case]:
    return list(Case.unguarded.order_by("crime_number")[:50])


def test_time_limits_agree_with_their_entries(seeded: None) -> None:
    with building():
        limits = list(TimeLimit.unguarded.filter(case__in=some_cases()).select_related("rule", "started_by"))
        stood = {limit.pk: fields(limit) for limit in limits}
        for limit in limits:
            chronology.settle(limit)
        assert {limit.pk: fields(limit) for limit in limits} == stood
    assert len(limits) > 150


def test_time_limits_are_those_that_the_entries_started_with_their_dates(seeded: None) -> None:
    unsaved = {"id", "rule", "met_by_id", "met_at"}
    with building():
        for case in some_cases():
            entries = Event.unguarded.filter(case=case)
            wanted = [
                fields(limit)
                for entry in entries
                if chronology.started_by(entry)
                for limit in chronology.limits_started(case, entry, rulebook_for(entry.happened_at), [1])
            ]
            stands = [fields(limit) for limit in TimeLimit.unguarded.filter(case=case)]
            key = lambda row: (row["rule_id"], row["subject"])  # noqa: E731
            assert [{k: v for k, v in row.items() if k not in unsaved} for row in sorted(stands, key=key)] == [
                {k: v for k, v in row.items() if k not in unsaved} for row in sorted(wanted, key=key)
            ]


def test_reviews_stand_on_the_grid_and_no_open_case_is_without_one(seeded: None) -> None:
    computed = ("kind", "rule_id", "due_on", "remind_on", "lowest_role", "escalates_to", "escalates_on", "escalates_further_on")
    with building():
        for case in some_cases():
            reviews = list(Review.unguarded.filter(case=case).order_by("number"))
            held = [review.number for review in reviews if review.was_held]
            assert [review.number for review in reviews] == list(range(1, max(3, len(held) + 1) + 1))
            assert held == list(range(1, len(held) + 1))
            book = rulebook_for(case.recorded_at)
            for review in reviews:
                wanted = schedule.build_review(case, int(review.number or 0), book, review.counted_from, 1)
                assert {name: getattr(review, name) for name in computed} == {name: getattr(wanted, name) for name in computed}
        without = Case.unguarded.filter(status__in=OPEN).exclude(reviews__completed_at=None)
        assert not without.exists()
        assert not Review.unguarded.exclude(case__status__in=OPEN).filter(completed_at=None).exists()


def test_actions_are_told_to_those_whom_the_rule_names(seeded: None) -> None:
    with building():
        for action in Action.unguarded.filter(case__in=some_cases()):
            assert {name: getattr(action, name) for name in seed.NOTICE} == notice_of_action(action.due_on, action.given_at)


def test_there_is_something_of_everything_in_sensible_shares(seeded: None) -> None:
    with building():
        opened = Review.unguarded.filter(completed_at=None)
        late = opened.filter(due_on__lt=MONDAY).values("case").distinct().count() / Case.unguarded.filter(status__in=OPEN).count()
        running = TimeLimit.unguarded.filter(met_at=None)
        share = running.filter(due_on__lt=MONDAY).count() / TimeLimit.unguarded.count()
        assert 0.05 < late < 0.35 and 0.02 < share < 0.35
        assert running.filter(due_on__gte=MONDAY).exists()
        assert {Status.RECORDED, Status.INVESTIGATING, Status.CLOSED} == set(Case.unguarded.values_list("status", flat=True))
        assert {"ASSIGNED", "LIAISON"} <= set(CaseGrant.unguarded.values_list("basis", flat=True))
        assert Action.unguarded.filter(done_at=None).exists() and Action.unguarded.filter(verified_at__isnull=False).exists()
        assert (
            ReviewAnswer.unguarded.filter(answer="NEEDS_ACTION").count()
            == Review.unguarded.filter(result="WITH_DIRECTIONS").count()
        )
        assert not Event.unguarded.filter(recorded_at__gt=at(MONDAY, 10)).exists()


def test_pages_show_what_was_made(seeded: None) -> None:
    with building():
        sergeant = User.objects.get(username="seed1_sergeant_1_1")
        unit = Membership.objects.get(user=sergeant).unit_id
        case = Case.unguarded.filter(unit=unit, is_restricted=False, reviews__result="WITH_DIRECTIONS").order_by("pk")[0]
        review = Review.unguarded.filter(case=case).order_by("number")[0]
    client = Client()
    client.force_login(sergeant, backend=BACKEND)
    own = f"/cases/{case.reference}/"
    day = "?day_day=1&day_month=11&day_year=2026"
    pages = ("", "history/", "dates/", "chronology/", "actions/", "reviews/", "hand-over/", "access/", "plan/", f"as-at/{day}")
    for address in ("/home/", "/cases/", "/reviews/?whose=unit", f"/reviews/{review.pk}/", *(own + page for page in pages)):
        assert client.get(address).status_code == 200, address
