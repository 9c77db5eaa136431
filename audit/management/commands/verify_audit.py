import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.operations import SYSTEM, begin_check, check_found, continue_check, keep_seal, seal_is
from audit.queries.checks import in_words


class Command(BaseCommand):
    help = (
        "Checks that the record is whole: every seal, every entry, and every row of which the audit trigger spoke. Ends with 1 and names "
        "what is broken if it is not. With a checkpoint it also finds a record that was cut short or replaced by an older one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--checkpoint", metavar="FILE", type=Path, help="a seal that was kept elsewhere")
        parser.add_argument(
            "--write-checkpoint",
            metavar="FILE",
            type=Path,
            help="write the newest seal here if the record is whole; keep it elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "worker":
            raise CommandError("Only the worker can read the whole record. Set RASSO_PROCESS=worker, or leave it unset.")
        if options["checkpoint"]:
            self.compare(options["checkpoint"])
        check = begin_check(actor=SYSTEM)
        while continue_check(check, actor=SYSTEM):
            pass
        found = check_found(check, actor=SYSTEM)
        if found.faults:
            raise CommandError("The record is broken.\n" + "\n".join(in_words(fault) for fault in found.faults))
        self.stdout.write(f"The record is whole: {found.entries:,} entries checked, {found.not_sealed:,} not sealed yet.")
        if options["write_checkpoint"]:
            self.write(options["write_checkpoint"])

    @staticmethod
    def compare(path: Path) -> None:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            number, seal = int(kept["number"]), str(kept["hash"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(
                f"{path} is no checkpoint. Use a file that “Export the newest seal” or --write-checkpoint made."
            ) from error
        if not seal_is(number, seal, actor=SYSTEM):
            raise CommandError(
                f"The record is broken: seal {number}, which was kept elsewhere, is not in it."
                " It was cut short, or an older copy stands in its place."
            )

    def write(self, path: Path) -> None:
        kept = keep_seal(actor=SYSTEM)
        if kept is None:
            raise CommandError("Nothing is sealed yet. Run manage.py seal_record first.")
        path.write_text(kept.as_file(), encoding="utf-8")
        self.stdout.write(f"Seal {kept.number} is in {path}. Keep it on another machine.")
