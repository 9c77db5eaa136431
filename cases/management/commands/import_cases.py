import hashlib
import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from cases import operations
from cases.queries.imports import QUIET_DAYS, meaning_of, own_runs, progress_of, refused_lines, unfinished_of
from cases.tracker.fields import Field, is_known_head
from kit.access import Actor, NotVisible
from kit.binding import bound_to
from kit.clock import local_date
from kit.dates import count
from kit.refusal import Blocked
from kit.tables import Unreadable, read_table
from people.models import User

NOT_THEIRS = "Only a Detective Inspector takes a tracker over. Name one with --as."


# Of what stood in the file only dates, officers and units are quoted; elsewhere a name may stand that belongs on no console.
QUOTED = tuple(f"{field.label}: " for field in (Field.OFFICER, Field.UNIT))


def for_a_console(reason: str) -> str:
    if reason.startswith(QUOTED):
        return reason
    return re.sub(r"“[^”\d]*”", "“…”", reason)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day. Write it like 2026-12-06.") from None


class Command(BaseCommand):
    help = (
        "Takes over a force's tracker (CSV or XLSX) in the name of a Detective Inspector, as the pages below /cases/import/ do. Goes on "
        "where a run of the same file was stopped. Ends with 1 where rows were refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the user name of the Detective Inspector")
        parser.add_argument(
            "--mapping", type=UUID, help="what the columns mean, as in this earlier run; without it as remembered or guessed"
        )
        parser.add_argument("--dry-run", action="store_true", help="check every row and load none")
        parser.add_argument(
            "--quiet-until",
            type=day,
            help=f"nothing of these cases is escalated up to and with this day; {QUIET_DAYS} days if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(NOT_THEIRS)
        actor = Actor(user.pk, user.kind, frozenset())
        try:
            run_id = self.run_of(actor, options["file"], options["mapping"])
            self.go_on(actor, run_id, operations.check_import, "checked")
            if not options["dry_run"]:
                quiet = options["quiet_until"] or self.today(actor) + timedelta(days=QUIET_DAYS)
                self.go_on(actor, run_id, operations.load_import, "loaded", quiet_until=quiet)
        except OSError as wrong:
            raise CommandError(f"{options['file']} cannot be read. Name a file that is there and that you may open.") from wrong
        except Unreadable as wrong:
            raise CommandError(str(wrong)) from wrong
        except NotVisible as hidden:
            raise CommandError(NOT_THEIRS) from hidden
        except Blocked as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        self.tell(actor, run_id)

    def run_of(self, actor: Actor, path: Path, like_id: UUID | None) -> UUID:
        """The run of this file that was stopped, or a new one with its columns named."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            with bound_to(actor.user_id, actor.kind, may_write=False) as bound:
                run = unfinished_of(bound.actor, digest)
            # Columns that were not read are erased; where others are to be read, the file is needed again.
            is_remapped = run is not None and like_id is not None and run.mapped_at is not None and run.loading_at is None
            if run is None or is_remapped:
                self.stdout.write("Reading the file ...")
                file.seek(0)
                earlier_id = None if run is None else run.pk
                table = read_table(file, is_known_head)
                run = operations.begin_import(actor=actor, table=table, digest=digest, instead_of=earlier_id)
            else:
                self.stdout.write("Going on with the run of this file that was not finished.")
        if run.loading_at is None:
            self.say_what_columns_are(actor, run, like_id)
        return UUID(str(run.pk))

    def say_what_columns_are(self, actor: Actor, run: Any, like_id: UUID | None) -> None:
        with bound_to(actor.user_id, actor.kind, may_write=False) as bound:
            like = own_runs(bound.actor).filter(pk=like_id).first() if like_id else None
            if like_id and like is None:
                raise CommandError("There is no such run of yours. Its key stands in the address of its page.")
            meaning = meaning_of(bound.actor, run, like)
        for place, head in enumerate(run.heads):
            self.stdout.write(f"  {head}: {meaning.fields[place].label if place in meaning.fields else 'not read'}")
        if run.mapped_at is None or like is not None:
            operations.map_import(
                actor=actor,
                run_id=run.pk,
                fields=meaning.fields,
                unit_id=meaning.unit_id,
                said=meaning.said,
                only_first=like is None,
            )

    def go_on(self, actor: Actor, run_id: UUID, act: Any, done: str, **more: Any) -> None:
        """Chunk by chunk; what was stopped goes on here the next time."""
        rows, is_more = 0, True
        while is_more:
            chunk = act(actor=actor, run_id=run_id, **more)
            rows, is_more = rows + chunk.rows, chunk.is_more
            if chunk.rows:
                self.stdout.write(f"{rows:,} rows {done} ...")
                self.stdout.flush()

    def today(self, actor: Actor) -> date:
        with bound_to(actor.user_id, actor.kind, may_write=False) as bound:
            return local_date(bound.now)

    def tell(self, actor: Actor, run_id: UUID) -> None:
        with bound_to(actor.user_id, actor.kind, may_write=False) as bound:
            run = own_runs(bound.actor).get(pk=run_id)
            progress = progress_of(run)
            refused = refused_lines(run)
        for number, reasons in refused:
            self.stdout.write(f"Row {number:,}: {' '.join(map(for_a_console, reasons))}")
        address = f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse('import-lines', args=[run_id])}"
        self.stdout.write(
            f"{count(progress.loaded, 'case')} loaded, {progress.ready:,} ready to load, {progress.exists:,} exist already, "
            f"{progress.refused:,} refused. What became of each row: {address}"
        )
        if progress.refused:
            raise CommandError(f"{count(progress.refused, 'row')} refused.", returncode=1)
