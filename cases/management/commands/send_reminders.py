from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.operations.reminders import send_reminders
from kit.dates import count
from kit.refusal import Blocked


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is local time of the force."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a moment. Write it like 2026-12-06T09:00.") from None
    return read if timezone.is_aware(read) else timezone.make_aware(read)


class Command(BaseCommand):
    help = (
        "Makes the reminders of reviews that have come due or late and sends the day's messages that wait: what the clock does "
        "every few minutes. Needs no broker. Safe to repeat and to run beside the worker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now",
            type=moment,
            help="do it as of this moment (ISO 8601, local time unless it says otherwise); a later one than now only in the demonstration",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = send_reminders(as_of=options["now"])
        except Blocked as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        self.stdout.write(
            f"{count(done.made, 'reminder')} made, {count(done.sent, 'message')} sent, {done.dropped} had nothing left to say, {done.failed} failed."
        )
