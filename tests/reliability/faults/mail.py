"""A mail server that can be told to misbehave, and counts what it has taken responsibility for."""

import asyncio
import enum
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope


class Manner(enum.Enum):
    """How the server meets one message."""

    ACCEPT = enum.auto()
    REFUSE_FOR_NOW = enum.auto()
    REFUSE = enum.auto()
    STALL = enum.auto()
    # Takes the message, then the connection breaks before it could say so.
    SWALLOW = enum.auto()
    DROP = enum.auto()


REFUSALS = {Manner.REFUSE_FOR_NOW: "450 4.2.0 Not now", Manner.REFUSE: "550 5.1.1 No such person"}


class MailServer:
    """``manner`` is asked for each try with the recipient and how often they were tried before."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._lock = threading.Lock()
        self.begin()

    def begin(self) -> None:
        """As if nothing had been sent yet, and with good manners."""
        self.accepted: Counter[str] = Counter()
        self.tries: Counter[str] = Counter()
        self.met: Counter[Manner] = Counter()
        self.recipients: set[str] = set()
        self.manner: Callable[[str, int], Manner] = lambda recipient, before: Manner.ACCEPT
        self.drops_connections = False
        self.answers_after = 0.0
        self.stalls_for = 0.0

    @property
    def doubled(self) -> int:
        return self.accepted.total() - len(self.accepted)

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        with self._lock:
            session.manner = self.manner(address, self.tries[address])
            self.tries[address] += 1
            self.met[session.manner] += 1
        envelope.rcpt_tos.append(address)
        if session.manner is Manner.DROP:
            server.transport.abort()
        return REFUSALS.get(session.manner, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if session.manner is Manner.STALL:
            await asyncio.sleep(self.stalls_for)
            server.transport.abort()
            return "451 4.4.2 Too late"
        if self.answers_after:
            await asyncio.sleep(self.answers_after)
        message = message_from_bytes(envelope.content or b"")  # type: ignore[arg-type]
        with self._lock:
            self.accepted[str(message["Message-ID"])] += 1
            self.recipients.update(envelope.rcpt_tos)
        if session.manner is Manner.SWALLOW:
            server.transport.abort()
        return "250 OK"


class Dropping(SMTP):
    """Breaks connections as soon as they are made, when told to."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if self.event_handler.drops_connections:
            transport.abort()


class Listening(Controller):
    def factory(self) -> SMTP:
        return Dropping(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Listening(server, hostname="127.0.0.1", port=server.port, ready_timeout=10)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
