"""Everything the database holds for us, put together: the rules of our tables and those of the libraries'."""

from pathlib import Path

from django.db import connection, transaction

import audit
import cases
import information
import people
from audit import policies as audit_policies
from cases import policies as case_policies
from information import policies as information_policies
from kit.postgres.rules import DEFINER, READERS, SYSTEM, WEB, WORKER, TableRules
from people import policies as people_policies

EVERYBODY = (WEB, WORKER, SYSTEM, *READERS)

# Tables of libraries. They hold accounts and machinery, no case; each stands here by name, so that a new one is noticed.
LIBRARY_TABLES = (
    # Stays empty: sessions stand in people_opensession.
    TableRules("django_session", None),
    # Passkeys, secrets of code apps and seeds of recovery codes, the last two encrypted.
    TableRules("mfa_authenticator", None, {(WEB,): "SELECT, INSERT, UPDATE, DELETE"}, trail=""),
    TableRules("rasso_cache", None, {(WEB, WORKER): "SELECT, INSERT, UPDATE, DELETE"}),
    TableRules("django_migrations", None, {(WEB, WORKER): "SELECT"}),
    TableRules("django_content_type", None, {EVERYBODY: "SELECT"}),
    TableRules("auth_permission", None, {EVERYBODY: "SELECT"}),
    TableRules("auth_group", None),
    TableRules("auth_group_permissions", None),
    TableRules("account_emailaddress", None),
    TableRules("account_emailconfirmation", None),
    TableRules("axes_accessattempt", None, {(WEB,): "SELECT, INSERT, UPDATE, DELETE"}),
    TableRules("axes_accessattemptexpiration", None, {(WEB,): "SELECT, DELETE"}),
    TableRules("axes_accesslog", None),
    TableRules("axes_accessfailurelog", None),
    # Guardian's generic tables stay empty: grants stand in cases_casegrant, with a real foreign key.
    TableRules("guardian_userobjectpermission", None),
    TableRules("guardian_groupobjectpermission", None),
)

TABLES: tuple[TableRules, ...] = (
    *LIBRARY_TABLES,
    *people_policies.TABLES,
    *case_policies.TABLES,
    *information_policies.TABLES,
    *audit_policies.TABLES,
)
# In this order, because a function is checked against those that it calls when it is made.
FILES = (
    (people, "functions.sql"),
    (people, "cover.sql"),
    (people, "enrol.sql"),
    (cases, "cover.sql"),
    (cases, "functions.sql"),
    (cases, "imports.sql"),
    (cases, "search.sql"),
    (cases, "reminders.sql"),
    (cases, "leaving.sql"),
    (cases, "emergency.sql"),
    (cases, "restricted.sql"),
    (cases, "explain.sql"),
    (information, "texts.sql"),
    (information, "requests.sql"),
    (information, "retention.sql"),
    (information, "disposal.sql"),
    (audit, "trail.sql"),
    (audit, "seals.sql"),
    (audit, "checks.sql"),
    (audit, "signals.sql"),
    (audit, "reading.sql"),
    (audit, "breaches.sql"),
)
FUNCTIONS = tuple(
    Path(app.__file__).parent / "sql" / name  # type: ignore[arg-type]
    for app, name in FILES
)
DEFINER_ROLE = DEFINER


def install_actor_key(key: str) -> None:
    """Make this the key that signs who is asking (kit.binding). Those before stay good for an hour. Run as the owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE rasso_definer")
        cursor.execute("DELETE FROM rasso.actor_key WHERE ends_at < clock_timestamp()")
        cursor.execute(
            "UPDATE rasso.actor_key SET ends_at = clock_timestamp() + interval '1 hour' WHERE key <> %s AND ends_at IS NULL",
            [key.encode()],
        )
        cursor.execute(
            "INSERT INTO rasso.actor_key (key) VALUES (%s) ON CONFLICT (key) DO UPDATE SET ends_at = NULL", [key.encode()]
        )
