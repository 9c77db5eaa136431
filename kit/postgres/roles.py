"""The roles of the database server, made once per server by `manage.py setup_roles`; they belong to no single database.

* rasso_owner: migrations; owns every table, and stands under forced row-level security as well
* rasso_web, rasso_worker: logins of the web server and the worker; they inherit nothing
* rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system: taken for one transaction by rasso.bind
* rasso_definer: owns the few functions that must see more than their caller; nobody can log in as it
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

LOGINS = {"rasso_owner": "INHERIT", "rasso_web": "NOINHERIT", "rasso_worker": "NOINHERIT"}
TAKEN = ("rasso_police", "rasso_police_read", "rasso_partner", "rasso_partner_read", "rasso_system", "rasso_definer")
MAY_TAKE = {
    "rasso_web": ("rasso_police", "rasso_police_read", "rasso_partner", "rasso_partner_read"),
    "rasso_worker": ("rasso_system",),
    "rasso_owner": ("rasso_definer",),
}

# Every session of a login is shown the statements of the others of the same login, with everything in them; so nothing is shown.
UNSEEN = {"track_activities": "off"}
# What the server writes into its own log would otherwise hold rows: a constraint prints what it refused, an error the statement with
# everything in it. We log which error it was, and where (kit.log). For our logins, whatever else the server is for.
QUIET_LOG = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "fatal",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def make_roles(admin: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make what is missing and set every attribute. Safe to run twice and by several processes at once."""
    with admin.transaction():
        # Role statements are cluster-wide; two at once would fail with "tuple concurrently updated".
        admin.execute("SELECT pg_advisory_xact_lock(hashtext('rasso.roles'))")
        present = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'rasso%'").fetchall()}
        for name in (*LOGINS, *TAKEN):
            if name not in present:
                admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        for name, inherit in LOGINS.items():
            _set_attributes(admin, name, f"LOGIN {inherit}")
        for name in TAKEN:
            _set_attributes(admin, name, "NOLOGIN NOINHERIT")
        for name, password in passwords.items():
            if name in LOGINS:
                admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))
        for login, roles in MAY_TAKE.items():
            for role in roles:
                admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login)))
        for login in LOGINS:
            _quieten(admin, login)


def _quieten(admin: psycopg.Connection, login: str) -> None:
    """Only who is above everything may say so for others; where that is somebody else, they have to (rasso/checks.py looks)."""
    try:
        with admin.transaction():
            for name, value in (QUIET_LOG | UNSEEN).items():
                admin.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(login), sql.Identifier(name), sql.Literal(value))
                )
    except psycopg.errors.InsufficientPrivilege:
        return


def _set_attributes(admin: psycopg.Connection, name: str, attributes: str) -> None:
    safe = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    admin.execute(sql.SQL("ALTER ROLE {} " + attributes + " " + safe).format(sql.Identifier(name)))


def close_to_the_public(admin: psycopg.Connection, name: str) -> None:
    """Nobody but the owner makes types or tables of their own in the database: a type of the same name as one that a function uses
    would run its checks with that function's rights. (The functions also look there last, see kit/postgres/rules.py.)"""
    admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def make_database(admin: psycopg.Connection, name: str) -> None:
    """Make the database if it is missing, owned by rasso_owner, with the schema of our functions."""
    exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not exists:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER rasso_owner TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
    close_to_the_public(admin, name)
    info = admin.info
    with psycopg.connect(
        host=info.host, port=info.port, user=info.user, password=info.password or None, dbname=name, autocommit=True
    ) as inside:
        inside.execute("CREATE SCHEMA IF NOT EXISTS rasso AUTHORIZATION rasso_owner")
        inside.execute("ALTER SCHEMA public OWNER TO rasso_owner")
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        inside.execute(
            "GRANT USAGE ON SCHEMA public TO rasso_web, rasso_worker, rasso_police, rasso_police_read,"
            " rasso_partner, rasso_partner_read, rasso_system, rasso_definer"
        )
