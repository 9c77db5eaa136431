from typing import Any

from django.core.management.base import BaseCommand

from audit.operations import seal_record
from kit.dates import count


class Command(BaseCommand):
    help = "Seals the entries of the record that are not sealed yet: what the clock does every minute. Needs no broker. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{count(seal_record(), 'seal')} made.")
