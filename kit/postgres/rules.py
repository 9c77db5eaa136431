"""What the database itself must hold: privileges, row-level security policies and functions, declared beside the models.

They are applied after every migrate (never inside a migration: a table made by a later migration would be missed), by
dropping and making them anew, so what stands in the code is what stands in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, models, transaction

from kit.classification import Classification

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
    """Privileges (role -> "SELECT, INSERT") and policies of one table. A table with policies is under forced row-level security."""

    table: str
    classification: Classification | None
    privileges: dict[tuple[str, ...], str] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()


def of(model: type[models.Model], privileges: dict[tuple[str, ...], str], policies: Iterable[Policy] = ()) -> TableRules:
    """The rules of one of our models; its classification comes from its base class."""
    return TableRules(model._meta.db_table, model.classification, privileges, tuple(policies))  # type: ignore[attr-defined]


def definer_sees_everything() -> Policy:
    """Functions that check the giver themselves run as rasso_definer, which nobody can log in as."""
    return Policy("ALL", (DEFINER,), using="true", check="true")


def apply(tables: Iterable[TableRules], function_files: Iterable[Path], *, time_zone: str) -> None:
    """Make privileges, policies and functions exactly what is declared. Run as the owner."""
    # A list and not a format string, because SQL is full of braces of its own.
    replacements = (("{time_zone}", f"'{time_zone}'"),)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rasso.rules'))")
        # No row is read here, and with it off PostgreSQL refuses to replace a function over tables that have policies already.
        cursor.execute("SET LOCAL row_security = on")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {', '.join(EVERY_ROLE)}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for path in function_files:
            statements = path.read_text(encoding="utf-8")
            for name, value in replacements:
                statements = statements.replace(name, value)
            cursor.execute(statements)
        for rules in tables:
            _apply_table(cursor, rules)


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
