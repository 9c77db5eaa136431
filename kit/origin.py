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


def current() -> Origin:
    return _current.get()


@contextmanager
def of(request_id: UUID, address: str | None) -> Iterator[Origin]:
    """Everything inside belongs to this request."""
    token = _current.set(Origin(request_id, address))
    try:
        yield _current.get()
    finally:
        _current.reset(token)
