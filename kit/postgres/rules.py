"""What the database itself must hold: privileges, row-level security policies and functions, declared beside the models.

They are applied after every migrate (never inside a migration: a table made by a later migration would be missed), by
dropping and making them anew, so what stands in the code is what stands in the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, models, transaction

from kit.access import GuardedManager
from kit.classification import Classification, OperationalHistory

# Login roles and the roles they may take within a transaction; made once per cluster by `manage.py setup_roles`.
WEB = "rasso_web"
WORKER = "rasso_worker"
POLICE = "rasso_police"
POLICE_READ = "rasso_police_read"
PARTNER = "rasso_partner"
PARTNER_READ = "rasso_partner_read"
SYSTEM = "rasso_system"
DEFINER = "rasso_definer"
READERS = (POLICE, POLICE_READ, PARTNER, PARTNER_READ)
POLICE_BOTH = (POLICE, POLICE_READ)
EVERY_ROLE = (WEB, WORKER, POLICE, POLICE_READ, PARTNER, PARTNER_READ, SYSTEM, DEFINER)


@dataclass(frozen=True)
class Policy:
    """One policy: for which command, to which roles, on which rows (USING) and which new rows (WITH CHECK)."""

    command: str  # SELECT, INSERT, UPDATE, DELETE or ALL
    to: tuple[str, ...]
    using: str = ""
    check: str = ""

    def sql(self, table: str, number: int) -> str:
        parts = [f"CREATE POLICY p{number} ON {table} FOR {self.command} TO {', '.join(self.to)}"]
        if self.using:
            parts.append(f"USING ({self.using})")
        if self.check:
            parts.append(f"WITH CHECK ({self.check})")
        return " ".join(parts)


@dataclass(frozen=True)
class TableRules:
    """Privileges (role -> "SELECT, INSERT") and policies of one table. A table with policies is under forced row-level security.

    ``trail``: every change of a row is written down by the audit trigger, under the case that this column names ("": under none).
    """

    table: str
    classification: Classification | None
    privileges: dict[tuple[str, ...], str] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    trail: str | None = None
    # The column by which the trail names a row.
    key: str = "id"


def of(
    model: type[models.Model],
    privileges: dict[tuple[str, ...], str],
    policies: Iterable[Policy] = (),
    *,
    is_trailed: bool | None = None,
) -> TableRules:
    """The rules of one of our models; its classification comes from its base class, and so does whether changes are written down.

    Operational tables are trailed, those that only grow and their histories as well: the owner of the database could change them. What is
    only derived from other rows is not (``is_trailed=False``).
    """
    classification: Classification = model.classification  # type: ignore[attr-defined]
    trailed = is_trailed
    if trailed is None:
        trailed = classification is Classification.OPERATIONAL
    return TableRules(
        model._meta.db_table,
        classification,
        privileges,
        tuple(policies),
        trail=case_column(model) if trailed else None,
        key=str(model._meta.pk.column),
    )


def case_column(model: type[models.Model]) -> str:
    """The column that names the case: what guards the row, the key of what guards others, or none."""
    if issubclass(model, OperationalHistory):
        return "case_id" if "case_id" in {field.attname for field in model._meta.concrete_fields} else "id"
    key = getattr(model, "guarded_by", None)
    if key is not None:
        return str(model._meta.get_field(key).attname)  # type: ignore[union-attr]
    return "id" if isinstance(getattr(model, "objects", None), GuardedManager) else ""


def definer_sees_everything() -> Policy:
    """Functions that check the giver themselves run as rasso_definer, which nobody can log in as. Each looks for names in pg_catalog and
    last in pg_temp: left out, pg_temp comes first, and whoever calls would put a type of their own under the name of one that is used."""
    return Policy("ALL", (DEFINER,), using="true", check="true")


def apply(tables: Sequence[TableRules], function_files: Iterable[Path], *, time_zone: str) -> None:
    """Make privileges, policies and functions exactly what is declared. Run as the owner."""
    # A list and not a format string, because SQL is full of braces of its own.
    replacements = (("{time_zone}", f"'{time_zone}'"),)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rasso.rules'))")
        # No row is read here, and with it off PostgreSQL refuses to replace a function over tables that have policies already.
        cursor.execute("SET LOCAL row_security = on")
        # First, because a vacuum or analyze of a table whose privileges we changed waits for us, and we would then wait for it. One that
        # holds us up here is called off by the server itself.
        cursor.execute(f"LOCK TABLE {', '.join(rules.table for rules in tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {', '.join(EVERY_ROLE)}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        # As kit.postgres.roles.close_to_the_public, for a database that was made before.
        cursor.execute("SELECT current_database()")
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {connection.ops.quote_name(cursor.fetchone()[0])} FROM PUBLIC")
        for path in function_files:
            statements = path.read_text(encoding="utf-8")
            for name, value in replacements:
                statements = statements.replace(name, value)
            cursor.execute(statements)
        for rules in tables:
            _apply_table(cursor, rules)
            if rules.trail is not None:
                _put_trail(cursor, rules.table, rules.trail, rules.key)


def _apply_table(cursor, rules: TableRules) -> None:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [rules.table])
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON {rules.table}')
    switch = "ENABLE" if rules.policies else "DISABLE"
    force = "FORCE" if rules.policies else "NO FORCE"
    cursor.execute(f"ALTER TABLE {rules.table} {switch} ROW LEVEL SECURITY, {force} ROW LEVEL SECURITY")
    for number, policy in enumerate(rules.policies, start=1):
        cursor.execute(policy.sql(rules.table, number))
    for roles, privileges in rules.privileges.items():
        cursor.execute(f"GRANT {privileges} ON {rules.table} TO {', '.join(roles)}")


TRAIL = (
    ("insert", "INSERT", "REFERENCING NEW TABLE AS new_rows"),
    ("update", "UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("delete", "DELETE", "REFERENCING OLD TABLE AS old_rows"),
    ("truncate", "TRUNCATE", ""),
)


def _put_trail(cursor, table: str, case: str, key: str) -> None:  # type: ignore[no-untyped-def]
    """The audit trigger (audit/sql/trail.sql), by statement and ALWAYS, so that no setting of a session switches it off.

    Its comment holds the columns that there were. A table that had no trigger, or from which a migration took columns, or of which it
    changed some, is written down as it stands; columns that were only added need nothing (rasso.rows_unlike_trail).
    """
    cursor.execute(
        "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [f"public.{table}"],
    )
    (columns,) = cursor.fetchone()
    cursor.execute(
        "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'audit_insert'",
        [f"public.{table}"],
    )
    (before,) = cursor.fetchone() or (None,)
    cursor.execute(f"GRANT SELECT ON {table} TO {DEFINER}")
    for name, command, rows in TRAIL:
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER audit_{name} AFTER {command} ON {table} {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION rasso.audit_change('{case}', '{key}')"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_{name}")
    if before is None or not f"{columns}, ".startswith(f"{before}, "):
        cursor.execute(f"SET LOCAL ROLE {DEFINER}")
        cursor.execute("SELECT rasso.audit_baseline(%s, %s)", [table, case])
        cursor.execute("RESET ROLE")
    if before != columns:
        # A comment takes no parameters.
        cursor.execute("SELECT format('COMMENT ON TRIGGER audit_insert ON %%I IS %%L', %s::text, %s::text)", [table, columns])
        cursor.execute(cursor.fetchone()[0])
