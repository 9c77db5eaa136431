from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

import rasso.demonstration

CLOCK = Path(rasso.demonstration.__file__).parent / "clock.sql"


class Command(BaseCommand):
    help = "Gives the database of a demonstration or test its movable clock. Refuses to run anywhere else."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The movable clock exists in a demonstration only. Set RASSO_MODE=demonstration if this is one.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLOCK.read_text(encoding="utf-8").replace("{time_zone}", f"'{settings.TIME_ZONE}'"))
