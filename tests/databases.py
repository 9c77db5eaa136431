"""Test databases: made once from the migrations, then copied.

The template is keyed by everything that goes into it (migrations, policies, functions, reference data, models), so an unchanged
tree reuses it. Each worker, and each browser or race test, gets a copy of its own; nothing is ever flushed, because the access
record refuses it.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from kit.postgres.roles import close_to_the_public

ROOT = Path(__file__).resolve().parent.parent
# What decides how a fresh database looks.
INGREDIENTS = (
    "*/migrations/*.py",
    "*/policies.py",
    "*/sql/*.sql",
    "cases/rulepacks*",
    "cases/rulepacks/*",
    "cases/offences*",
    "cases/offences/*",
    "information/rulepacks.py",
    "rasso/database.py",
    "rasso/reference_data.py",
    "rasso/demonstration/*.sql",
    "kit/postgres/*.py",
    "requirements/production.txt",
    "tests/databases.py",
)


def admin_url(name: str | None = None) -> str:
    """The address of the cluster's administrator, for the database of this name."""
    return with_name(os.environ["DATABASE_ADMIN_URL"], name)


def with_name(address: str, name: str | None) -> str:
    return address if name is None else urlunsplit(urlsplit(address)._replace(path="/" + quote(name)))


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def template() -> str:
    """The name of a database with everything migrated and no people or cases; made if it is missing. Several workers may ask."""
    name = f"template_{fingerprint()}"
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('rasso.test-template'))")
        if not exists(admin, name):
            making = f"{name}_making"
            drop(making, admin)
            owner = with_name(os.environ["DATABASE_OWNER_URL"], making)
            environment = {
                **os.environ,
                "RASSO_MODE": "test",
                "DATABASE_OWNER_URL": owner,
                "DJANGO_SETTINGS_MODULE": "rasso.settings",
            }
            for process, command in (
                ("web", ["setup_roles"]),
                ("owner", ["migrate", "--verbosity", "0"]),
                ("owner", ["install_demonstration_clock"]),
            ):
                subprocess.run(
                    [sys.executable, ROOT / "manage.py", *command],
                    check=True,
                    env={**environment, "RASSO_PROCESS": process},
                    cwd=ROOT,
                )
            with psycopg.connect(admin_url(making)) as inside:
                # As if a worker ran, until a test says otherwise: every page says when none does.
                inside.execute(
                    "INSERT INTO cases_heartbeat (job, at, last_error, result) VALUES ('reminders', '2100-01-01', '', '{}'), ('seals', '2100-01-01', '', '{}')"
                )
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    return name


def copy_of(source: str, name: str) -> None:
    """Make a database as a copy of another, replacing what was there under the name."""
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        # A source that is being copied can be copied by nobody else meanwhile.
        admin.execute("SELECT pg_advisory_lock(hashtext('rasso.test-copy'))")
        drop(name, admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER rasso_owner").format(sql.Identifier(name), sql.Identifier(source))
        )
        # What is granted on a database itself is not copied along.
        close_to_the_public(admin, name)


def drop(name: str, admin: psycopg.Connection | None = None) -> None:
    if admin is None:
        with psycopg.connect(admin_url(), autocommit=True) as connection:
            return drop(name, connection)
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
