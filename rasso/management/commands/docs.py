from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rasso import documents


class Command(BaseCommand):
    help = "Writes the documents that are made from the tables in the code, or with --check says which are stale."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a document is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            documents.write()
            return
        if names := documents.stale():
            raise CommandError(f"Stale: {', '.join(f'docs/{name}' for name in names)}. Run `make docs` and read what changed.")
