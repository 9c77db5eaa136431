"""What leaves the system to tell somebody: never a name, a reference or anything else of a case."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

SUBJECT = "Reviews that wait for you"


class NotSent(Exception):
    """The mail server was given nothing: most likely this person has no address."""


def send_digest(digest_id: UUID, address: str, *, due: int, late: int) -> None:
    """Hand the one message of the day to the mail server: “3 due, 1 late” and where to look.

    Sent again after a crash it has the same Message-ID, so that a mail program can show it once.
    """
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    message = EmailMessage(
        subject=SUBJECT,
        body=f"{in_words(due, late)}\n\n{settings.PUBLIC_ADDRESS.rstrip('/')}/home/\n",
        to=[address],
        headers={"Message-ID": f"<{digest_id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if message.send() != 1:
        raise NotSent


def in_words(due: int, late: int) -> str:
    """3 due, 1 late"""
    return ", ".join(f"{number} {word}" for number, word in ((due, "due"), (late, "late")) if number)
