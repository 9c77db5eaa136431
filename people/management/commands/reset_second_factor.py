from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.utils import ProgrammingError


class Command(BaseCommand):
    help = (
        "Removes the passkeys, the code app and the recovery codes of somebody, who sets up new ones at the next sign-in. For the last "
        "administrator; others are helped by an administrator on the page People. It is recorded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        if settings.PROCESS != "owner":
            raise CommandError("Only the owner of the database can do this. Set RASSO_PROCESS=owner.")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT rasso.reset_factors_of(%s)", [username])
        except ProgrammingError as refused:
            if "no such active person" not in str(refused):
                raise
            raise CommandError(f"There is no active person with the user name {username}.") from None
        self.stdout.write(
            "They set up new ones when they next sign in. Sessions that are open stay open; end them on the page People."
        )
