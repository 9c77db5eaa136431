"""Where the present request comes from, for the access record and the log: its own number and the address it was sent from.

Set by people.middleware.OriginMiddleware; nothing where there is no request, as in a command or the worker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Origin:
    request_id: UUID | None = None
    address: str | None = None


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)
# Who it is stands there a little later than the request: after their session was read.
_user_id: ContextVar[int | None] = ContextVar("user_id", default=None)


def current() -> Origin:
    return _current.get()


def note_user(user_id: int) -> None:
    """Who is signed in, for the lines of the log; the access record asks the database's binding instead."""
    if _current.get() is not NOWHERE:
        _user_id.set(user_id)


def user_id() -> int | None:
    return _user_id.get()


@contextmanager
def of(request_id: UUID, address: str | None) -> Iterator[Origin]:
    """Everything inside belongs to this request."""
    token = _current.set(Origin(request_id, address))
    _user_id.set(None)
    try:
        yield _current.get()
    finally:
        _user_id.set(None)
        _current.reset(token)
