"""One line in the access record: who looked at, listed, searched, changed or was refused what.

Written in the transaction of the read, before the page is sent: no record, no page. The actor is not an argument; the
database takes it from the binding, so nobody can write a line in another's name.
"""

import enum
import uuid
from collections.abc import Iterable

from django.db import connection

from kit import origin


class Kind(enum.StrEnum):
    LOOKED_AT = "LOOKED_AT"
    LISTED = "LISTED"
    NAMES_SHOWN = "NAMES_SHOWN"
    SEARCHED = "SEARCHED"
    CHANGED = "CHANGED"
    COPIED = "COPIED"
    EXPORTED = "EXPORTED"
    SHARED = "SHARED"
    PRINTED = "PRINTED"
    JOINED = "JOINED"
    ERASED = "ERASED"
    WORDS_SHOWN = "WORDS_SHOWN"
    REFUSED = "REFUSED"


# As pages say it.
KINDS = {
    Kind.LOOKED_AT: "Looked at",
    Kind.LISTED: "Listed",
    Kind.SEARCHED: "Searched",
    Kind.NAMES_SHOWN: "Names shown",
    Kind.CHANGED: "Changed",
    Kind.COPIED: "Copied",
    Kind.SHARED: "Shared with",
    Kind.EXPORTED: "Exported",
    Kind.PRINTED: "Opened for printing",
    Kind.JOINED: "Joined two records",
    Kind.ERASED: "Erased",
    Kind.WORDS_SHOWN: "Searched words shown",
    Kind.REFUSED: "Refused",
}


def page_in_words(page: str) -> str:
    """“case names”: the name of a page or an operation, as people read it."""
    return page.replace("-", " ").replace("_", " ")


def record(
    kind: Kind,
    page: str,
    case_ids: Iterable[uuid.UUID] = (),
    *,
    outcome: int | None = None,
    words: str = "",
    recipient: str = "",
    basis: str = "",
) -> None:
    """Write one line. ``page`` is the URL name or the operation's name; ``outcome`` the status of a refusal.

    ``words``: what was searched for; kept apart from the line, where they can be erased. ``recipient`` and ``basis``: to whom
    something was shared, as a role or an organisation and never a name of somebody in a case, and on what ground.
    From where is taken from the request (kit.origin); by what right and on whose behalf the database finds out itself.
    """
    asked = origin.current()
    values = [kind, page, list(case_ids), outcome, words, recipient, basis, asked.address, asked.request_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.record_access(%s, %s, %s, %s, %s, %s, %s, %s, %s)", values)


def as_typed(*typed: object) -> str:
    """What somebody typed into the fields of a form, as ``words`` of the record: also where it was refused, so it may be anything."""
    return ", ".join(words for one in typed if (words := " ".join(str(one or "").replace("\x00", "").split())))[:400]
