from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.operations import seal_record
from kit.dates import count


class Command(BaseCommand):
    help = "Seals the entries of the record that are not sealed yet: what the clock does every minute. Needs no broker. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "worker":
            raise CommandError("Only the worker can seal the record. Set RASSO_PROCESS=worker, or leave it unset.")
        self.stdout.write(f"{count(seal_record(), 'seal')} made.")
