"""The force's own rules and its own days without work. No date already given moves (decision 22)."""

from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from cases.models import LocalDay, Rule
from kit.access import Actor
from kit.clock import local_date
from kit.operations import held_by
from kit.refusal import Blocked
from people.roles import Role


@held_by(Role.ADMINISTRATOR)
def change_rule(
    *,
    actor: Actor,
    now: datetime,
    rule: Rule,
    amount: int,
    escalates_after: int | None,
    escalates_further_after: int | None,
    begins: date,
    because: str,
) -> int:
    """Give a rule another number from a day to come, as a version of the force's own. Answers the key of the new row.

    Raises Blocked for a day that is not to come.
    """
    if begins <= local_date(now):
        raise Blocked("Enter a day after today. What has begun under a rule keeps it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rasso.change_rule(%s, %s, %s, %s, %s, %s)",
            [rule.pk, amount, escalates_after, escalates_further_after, begins, because],
        )
        return int(cursor.fetchone()[0])


@held_by(Role.ADMINISTRATOR)
def add_local_day(*, actor: Actor, now: datetime, day: date, name: str) -> None:
    """Add a day without work that no library knows. Raises Blocked when it stands there already."""
    if LocalDay.objects.filter(profile=settings.FORCE_PROFILE, day=day).exists():
        raise Blocked("This day is in the list already.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rasso.add_local_day(%s, %s, %s)", [settings.FORCE_PROFILE, day, name])
    except IntegrityError:
        raise Blocked("This day is in the list already.") from None
