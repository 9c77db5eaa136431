from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from kit.postgres import rules
from rasso import database
from rasso.reference_data import load_reference_data


@contextmanager
def owner_sees_rows() -> Iterator[None]:
    """While tables are made, the owner is not under the policies: a foreign key to a table with rows looks at them. No login of the
    site is the owner, so nothing opens meanwhile; afterwards all is forced again, whatever happened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relforcerowsecurity"
        )
        forced = [table for (table,) in cursor.fetchall()]
        for table in forced:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in forced:
                cursor.execute(f"ALTER TABLE IF EXISTS {table} FORCE ROW LEVEL SECURITY")


class Command(migrate.Command):
    help = "Updates the schema, then makes privileges, policies, functions and reference data what the code declares."

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        with owner_sees_rows():
            super().handle(*args, **options)
        call_command("createcachetable", verbosity=0)
        rules.apply(database.TABLES, database.FUNCTIONS, time_zone=settings.TIME_ZONE)
        database.install_actor_key(settings.ACTOR_KEY)
        load_reference_data()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if options["verbosity"]:
            self.stdout.write("  Privileges, policies, functions and reference data are up to date.")
