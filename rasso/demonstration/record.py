"""What stands out in the record of the invented force: somebody searched for their own name, somebody on call tried one reference after
another, and a print was left where it should not have been. The worker finds the first two when it seals the record."""

from datetime import date, datetime, time, timedelta
from functools import partial

from audit import operations
from kit.binding import bound_to
from kit.records import Kind, record
from rasso.demonstration.reports import Cast
from rasso.demonstration.timeline import Timeline, at

CURIOUS, GUESSING, AUDITOR = "investigator2", "sergeant2", "auditor"
GUESSES = 11


def plan(timeline: Timeline, cast: Cast, today: date) -> None:
    yesterday = today - timedelta(days=1)
    for hour, act in ((14, _search_own_name), (22, _guess_references), (9, _enter_breach)):
        timeline.plan(at(yesterday, time(hour, 50)), partial(act, cast))


def _search_own_name(cast: Cast, now: datetime) -> None:
    somebody = cast.users[CURIOUS]
    with bound_to(somebody.pk, somebody.kind, may_write=False):
        record(Kind.SEARCHED, "search", words=somebody.family_name)


def _guess_references(cast: Cast, now: datetime) -> None:
    somebody = cast.users[GUESSING]
    for _ in range(GUESSES):
        with bound_to(somebody.pk, somebody.kind, may_write=False):
            record(Kind.REFUSED, "emergency-access", outcome=409)


def _enter_breach(cast: Cast, now: datetime) -> None:
    operations.enter_breach(
        actor=cast.actor(AUDITOR),
        known_at=now,
        what="Two pages of a list of reviews lay in the printer of another floor overnight. Nobody outside the force was there.",
        people_about=6,
    )
