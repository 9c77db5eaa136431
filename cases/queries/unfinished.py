"""Crime reports that somebody began a day ago and has not logged: their supervisors see them, so that none is lost in a drawer.

The database admits exactly these rows beside one's own drafts (UNFINISHED_REPORT in cases/policies.py). Where staff may be involved
nobody but the owner sees one: it might concern the very supervisor who would read it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower
from django.utils import timezone

from cases.models import Draft
from cases.models.draft import LOG_CASE_DRAFT
from kit.access import Actor
from people.models import Membership, User
from people.queries import running_on

UNFINISHED_AFTER = timedelta(hours=24)
MOST_LINES = 30


def unfinished_reports(actor: Actor, now: datetime) -> QuerySet[Any]:
    """Those of the people whom the actor supervises, oldest first."""
    people = Membership.objects.filter(running_on(timezone.localdate(now)), unit_id__in=actor.supervised_unit_ids)
    return (
        Draft.unguarded.filter(
            # Not sent yet, or anything but yes.
            Q(payload__safety__has_connected_staff__0__isnull=True) | ~Q(payload__safety__has_connected_staff__0="yes"),
            owner_id__in=people.values("user_id"),
            form=LOG_CASE_DRAFT,
            begun_at__lte=now - UNFINISHED_AFTER,
        )
        .exclude(owner_id=actor.user_id)
        # Whoever is named in it does not read it, whatever was answered about staff so far.
        .annotate(typed=Lower(Cast("payload", TextField())))
        .exclude(typed__contains=User.objects.filter(pk=actor.user_id).values(name=Lower("family_name")))
        .select_related("owner")
        .order_by("begun_at", "pk")
    )


def own_unfinished_report(actor: Actor) -> Any:
    """The case that the actor began to log and has not finished, if any."""
    return Draft.unguarded.filter(owner_id=actor.user_id, form=LOG_CASE_DRAFT).first()
