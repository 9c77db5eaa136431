import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from rasso.demonstration import seed


class Command(BaseCommand):
    help = (
        "Adds a synthetic police force with as many cases as wanted, for trying out how the site does with them. Nobody in it has a "
        "name. The same seed makes the same cases; another seed adds others. Not in production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, required=True, help="how many cases; the people come in proportion")
        parser.add_argument("--seed", type=int, default=1, help=f"a number from 1 to {seed.MOST_SEEDS}; 1 if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Synthetic cases do not belong among real ones. Set another RASSO_MODE.")
        if settings.PROCESS != "owner":
            raise CommandError("Only the owner of the database can write what no person did. Set RASSO_PROCESS=owner.")
        with connection.cursor() as cursor:
            # A second run waits, then finds everything there.
            cursor.execute("SELECT pg_advisory_lock(hashtext('rasso.seed'))")
        self.began, self.plan = time.monotonic(), seed.Plan(options["cases"], options["seed"])
        try:
            seed.build(self.plan, tell=self.tell)
        except seed.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"  {self.plan.name} is there, with {self.plan.teams} teams.")

    def tell(self, done: int) -> None:
        a_minute = done / max(time.monotonic() - self.began, 0.001) * 60
        self.stdout.write(f"  {done:,} of {self.plan.cases:,} cases, {a_minute:,.0f} a minute")
        self.stdout.flush()
