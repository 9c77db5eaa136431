"""What an administrator did with an account, for the person themself and for those who supervise them."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from kit import dates
from kit.access import Actor

# What happened to whom; the database answers which of these (rasso.first_passwords_given).
WORDS = {
    "ENROLLED": "{whom} was enrolled with a first password on {when} by {by}.",
    "PASSWORD_GIVEN": "A first password was given to {whom} on {when} by {by}.",
    "REACTIVATED": "The account of {whom} was opened again with a first password on {when} by {by}.",
}


@dataclass(frozen=True)
class PasswordGiven:
    sentence: str
    is_own: bool


def first_passwords_given(actor: Actor) -> list[PasswordGiven]:
    """In the last seven days: to the reader, and to people whom they supervise. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, called, what, at, by FROM rasso.first_passwords_given()")
        found = cursor.fetchall()
    return [
        PasswordGiven(
            WORDS[what].format(
                whom="you" if person == actor.user_id and what == "PASSWORD_GIVEN" else called,
                when=dates.day_and_time(timezone.localtime(at)),
                by=by,
            ),
            person == actor.user_id,
        )
        for person, called, what, at, by in found
    ]
