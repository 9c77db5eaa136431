from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

# What PostgreSQL remembers of the values of a table, to plan with.
STATISTICS = "pg_catalog.pg_statistic"


class Command(BaseCommand):
    help = (
        "Writes the tables anew that hold what disposals have erased, so that no page of them that the database keeps holds it any more. "
        "Run it as the owner of the database, when few people work: each table is locked while it is written."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "owner":
            raise CommandError(
                "Only the owner of the database can write its tables anew. Set RASSO_PROCESS=owner, or leave it unset."
            )
        began = timezone.now()
        with connection.cursor() as cursor:
            # The functions see all rows by their policies; the owner's sessions refuse to be filtered by any (rasso/settings.py).
            cursor.execute("SET row_security = on")
            cursor.execute("SELECT rasso.now(), ARRAY(SELECT rasso.tables_to_rewrite())")
            moment, tables = cursor.fetchone()
            for table in tables:
                self.stdout.write(f"Writing {table} anew ...")
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            if tables:
                cursor.execute(f"VACUUM (FULL) {STATISTICS}")
            cursor.execute("SELECT rasso.note_rewritten(%s, %s)", [moment, tables])
            (noted,) = cursor.fetchone()
        seconds = (timezone.now() - began).total_seconds()
        self.stdout.write(f"{noted} certificates: their tables were written anew ({len(tables)}, {seconds:.0f} seconds).")
