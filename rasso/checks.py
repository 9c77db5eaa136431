"""What a production process asks of its database before it serves anybody: `manage.py check --database default`."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from kit.binding import signed
from kit.postgres.roles import QUIET_LOG

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    connect_seconds: int
    statement_milliseconds: int


AT_START = Patience(10, 5000)
# A load balancer asks every few seconds and waits no longer.
WHILE_SERVING = Patience(2, 500)

HOLDS_A_DEMONSTRATION = Error(
    "This database holds the demonstration: invented people with a known password, and a clock that can be moved.",
    hint="Point DATABASE_URL, DATABASE_WORKER_URL and DATABASE_OWNER_URL to the database of this force.",
    id="rasso.E001",
)
LOGIN_IS_ABOVE_THE_POLICIES = Error(
    "The login of this process is not bound by row-level security, so the database would show every case to everyone.",
    hint="Use rasso_web in DATABASE_URL and rasso_worker in DATABASE_WORKER_URL; manage.py setup_roles makes them.",
    id="rasso.E002",
)

MAKES_THINGS_OF_ITS_OWN = Caution(
    "The login of this process may make temporary types and tables, under names that our functions use.",
    hint="Run manage.py migrate with the owner of the database, or REVOKE TEMPORARY ON DATABASE … FROM PUBLIC.",
    id="rasso.W002",
)
KEY_IS_NOT_THE_DATABASES = Error(
    "This process signs who is asking with a key that the database does not know, so it would be shown nothing.",
    hint="Give every process the same RASSO_ACTOR_KEY, then run manage.py migrate with it.",
    id="rasso.E003",
)


QUIETEN = (
    "Run manage.py setup_roles with a superuser's DATABASE_ADMIN_URL, or set them as kit/postgres/roles.py says (QUIET_LOG)."
)


@register(Tags.database)
def production_database_is_fit(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    return [*problems_of_database(), *warnings_of_database()] if settings.PRODUCTION and databases else []


def refuse_unfit_database() -> None:
    """Called where a process starts. A database that is away stops nobody: /health/ready asks again each time."""
    if not settings.PRODUCTION:
        return
    try:
        problems = problems_of_database()
    except psycopg.Error:
        log.warning("rasso.started_without_database")
        return
    if problems:
        raise ImproperlyConfigured(" ".join(f"{problem.msg} {problem.hint}" for problem in problems))
    for name in loose_log_settings():
        log.warning("rasso.log_of_the_database_may_hold_rows", extra={"setting": name})


def warnings_of_database() -> list[CheckMessage]:
    loose = loose_log_settings()
    return [
        *(
            [Caution(f"The log of this database may hold rows: {', '.join(loose)}.", hint=QUIETEN, id="rasso.W001")]
            if loose
            else []
        ),
        *([MAKES_THINGS_OF_ITS_OWN] if makes_things_of_its_own() else []),
    ]


def makes_things_of_its_own() -> bool:
    """Whether the login of this process may make temporary types and tables. The owner may, and who is above everything (rasso.E002)."""
    if settings.PROCESS == "owner":
        return False
    with connection_apart(AT_START) as trial:
        asked = "SELECT has_database_privilege(r.oid, current_database(), 'TEMPORARY') AND NOT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user"
        return trial.execute(asked).fetchone() == (True,)


def loose_log_settings(patience: Patience = AT_START) -> list[str]:
    """Of the settings that keep rows out of the server's own log, those that say otherwise for this login."""
    with connection_apart(patience) as trial:
        said = dict(trial.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET_LOG)]).fetchall())
    return [name for name, value in QUIET_LOG.items() if said.get(name, value) != value]


def reminders_are_silent() -> bool:
    """Whether reminders have not been made for so long that somebody must look why."""
    with connection_apart(WHILE_SERVING) as trial:
        return trial.execute("SELECT rasso.reminders_are_silent()").fetchone() == (True,)


def sealing_is_late() -> bool:
    """Whether the record has not been sealed for so long that somebody must look why."""
    with connection_apart(WHILE_SERVING) as trial:
        return trial.execute("SELECT rasso.sealing_is_late()").fetchone() == (True,)


def problems_of_database(patience: Patience = AT_START) -> list[CheckMessage]:
    with connection_apart(patience) as trial:
        demonstration = trial.execute("SELECT to_regclass('rasso.demonstration_clock') IS NOT NULL").fetchone() == (True,)
        above = trial.execute(
            """SELECT r.rolsuper OR r.rolbypassrls OR pg_has_role(d.datdba, 'MEMBER')
               FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()"""
        ).fetchone() == (True,)
        # A database before its first migrate has no functions, and says so itself.
        ready = trial.execute("SELECT to_regprocedure('rasso.is_signed(text)') IS NOT NULL").fetchone() == (True,)
        known = not ready or trial.execute("SELECT rasso.is_signed(%s)", [signed(0, "system")]).fetchone() == (True,)
    return [
        *([HOLDS_A_DEMONSTRATION] if demonstration else []),
        *([LOGIN_IS_ABOVE_THE_POLICIES] if above and settings.PROCESS != "owner" else []),
        *([KEY_IS_NOT_THE_DATABASES] if not known and settings.PROCESS != "owner" else []),
    ]


@contextmanager
def connection_apart(patience: Patience) -> Iterator[psycopg.Connection]:
    """Outside the pool, whose threads would not survive a fork and for which one may wait long."""
    parameters = {**connection.get_connection_params(), "connect_timeout": patience.connect_seconds}
    parameters["options"] = f"-c statement_timeout={patience.statement_milliseconds}"
    with psycopg.connect(**parameters) as trial:
        yield trial
