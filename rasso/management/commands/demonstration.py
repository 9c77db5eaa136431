from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from rasso.demonstration import world
from rasso.demonstration.outlines import OUTLINES

TELL_EVERY = 10


class Command(BaseCommand):
    help = "Invents a police force with its people and cases, if the database has none yet. In a demonstration only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=len(OUTLINES), help="only so many of the cases")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Invented people belong in a demonstration only. Set RASSO_MODE=demonstration if this is one.")
        if settings.PROCESS != "owner":
            raise CommandError("Only the owner of the database can enrol people and set its clock. Set RASSO_PROCESS=owner.")
        call_command("install_demonstration_clock")
        with connection.cursor() as cursor:
            # A second start waits, then finds everything there.
            cursor.execute("SELECT pg_advisory_lock(hashtext('rasso.demonstration'))")
        if world.is_half_built():
            self.stdout.write("  The last start was interrupted while it invented cases; beginning again.")
            world.clear()
        elif world.is_there():
            self.stdout.write("  The invented force is here already.")
            return
        world.build(OUTLINES[: options["cases"]], tell=self.tell)
        self.stdout.write(f"  Invented {options['cases']} cases of the last {max(o.age for o in OUTLINES)} days.")

    def tell(self, done: int, of: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r  Case {done} of {of}", ending="\n" if done == of else "")
            self.stdout.flush()
        elif done == 1 or done % TELL_EVERY == 0 or done == of:
            self.stdout.write(f"  Case {done} of {of}")
