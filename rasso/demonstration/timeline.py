"""The days of the invented force, played one after another: what people do in the order of time, by the clock of the database.

The command is run as the owner of the database, who moves the clock; what people do, they do through the web server's login and
the real operations, under every lock that stands there.
"""

import heapq
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import dj_database_url
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

Act = Callable[[datetime], None]

ONE_DAY = timedelta(days=1)
MORNING = time(9)


@contextmanager
def as_web_login() -> Iterator[BaseDatabaseWrapper]:
    """Until the block ends, the default connection is the web server's; gives the owner's, which it was before.

    The connection is exchanged, not its settings: settings are one object that all threads share.
    """
    owner = connections["default"]
    address = dj_database_url.parse(os.environ["DATABASE_URL"])
    options = {
        **address.get("OPTIONS", {}),
        # Nobody waits for the disk: what a fallen machine takes away here is invented again.
        "options": "-c statement_timeout=30s -c lock_timeout=10s -c synchronous_commit=off",
        # The same few statements a thousand times, each under policies that take longer to plan than to run.
        "server_side_binding": True,
        "prepare_threshold": 2,
    }
    web = type(owner)({**owner.settings_dict, **address, "OPTIONS": options}, "default")
    connections["default"] = web
    try:
        yield owner
    finally:
        web.close()
        connections["default"] = owner


class OwnersClock:
    """The demonstration's clock in the hands of the database's owner, who may also set it back; only before the first case."""

    def __init__(self, owner: BaseDatabaseWrapper) -> None:
        self.owner = owner

    def set_to(self, moment: datetime) -> None:
        self._run("UPDATE rasso.demonstration_clock SET ahead = %s - pg_catalog.now()", [moment])

    def set_to_real_time(self) -> datetime:
        self._run("UPDATE rasso.demonstration_clock SET ahead = '0'")
        return timezone.now()

    def is_behind(self) -> bool:
        """Only while the days before today are played is the clock behind real time."""
        with self.owner.cursor() as cursor:
            cursor.execute("SELECT ahead < '0' FROM rasso.demonstration_clock")
            (answer,) = cursor.fetchone()
        return bool(answer)

    def sweep(self) -> None:
        """Make the reminders of the present day, as the function's own role: the owner would be refused its tables."""
        self._run("BEGIN; SET LOCAL row_security = on; SET LOCAL ROLE rasso_definer; SELECT rasso.sweep(); COMMIT")

    def _run(self, statement: str, parameters: list[datetime] | None = None) -> None:
        with self.owner.cursor() as cursor:
            cursor.execute(statement, parameters)


class Timeline:
    """What people will do and when; each act may add later ones."""

    def __init__(self, clock: OwnersClock, today: date) -> None:
        self.clock = clock
        self.today = today
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()
        self._last_morning: date | None = None

    def plan(self, moment: datetime, act: Act) -> None:
        """Do this then; never, if that is today or later, because today belongs to whoever tries the demonstration."""
        if timezone.localdate(moment) < self.today:
            heapq.heappush(self._waiting, (moment, next(self._order), act))

    def play(self) -> None:
        while self._waiting:
            moment, _, act = heapq.heappop(self._waiting)
            self._let_mornings_come(timezone.localdate(moment))
            self.clock.set_to(moment)
            act(moment)
        self._let_mornings_come(self.today - ONE_DAY)

    def _let_mornings_come(self, last: date) -> None:
        """Each morning the reminders of the day are made, as the worker does when the demonstration runs."""
        day = self._last_morning + ONE_DAY if self._last_morning else last
        while day <= last:
            self.clock.set_to(at(day, MORNING))
            self.clock.sweep()
            self._last_morning = day
            day += ONE_DAY


def at(day: date, hour: time) -> datetime:
    """A moment of the force's own local time."""
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())
