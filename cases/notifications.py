"""What leaves the system to tell somebody: never a name, a reference or anything else of a case."""

from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

SUBJECT = "Work that waits for you"


class NotSent(Exception):
    """The mail server was given nothing."""


class Counts(NamedTuple):
    """How many reviews, time limits and actions a message speaks of, by how far each has come."""

    coming: int = 0
    due: int = 0
    late: int = 0
    escalated: int = 0
    alerts: int = 0


def send_message(message_id: UUID, address: str, counts: Counts) -> None:
    """Hand one message to the mail server: “3 due, 1 late” and where to look.

    Sent again after a crash it has the same Message-ID, so that a mail program can show it once.
    """
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    message = EmailMessage(
        subject=SUBJECT,
        body=f"{in_words(counts)}\n\n{settings.PUBLIC_ADDRESS.rstrip('/')}/home/\n",
        to=[address],
        headers={"Message-ID": f"<{message_id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if message.send() != 1:
        raise NotSent


def in_words(counts: Counts) -> str:
    """1 escalated to you, 3 due, 1 late, 2 coming"""
    words = (
        (counts.alerts, "to look at now"),
        (counts.escalated, "escalated to you"),
        (counts.late, "late"),
        (counts.due, "due"),
        (counts.coming, "coming"),
    )
    return ", ".join(f"{number} {word}" for number, word in words if number)
