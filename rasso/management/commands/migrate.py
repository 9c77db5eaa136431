from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from kit.postgres import rules
from rasso import database
from rasso.reference_data import load_reference_data


class Command(migrate.Command):
    help = "Updates the schema, then makes privileges, policies, functions and reference data what the code declares."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied"):
            return
        call_command("createcachetable", verbosity=0)
        rules.apply(database.TABLES, database.FUNCTIONS, time_zone=settings.TIME_ZONE)
        database.install_actor_key(settings.ACTOR_KEY)
        load_reference_data()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if options["verbosity"]:
            self.stdout.write("  Privileges, policies, functions and reference data are up to date.")
