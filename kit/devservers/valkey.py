"""How our Valkey is started and addressed. It keeps nothing: what matters is in PostgreSQL."""

import socket
from pathlib import Path


def command(program: Path, address: Path) -> list[str | Path]:
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "dir": str(address.parent),
    }
    return [program, *(part for name, value in options.items() for part in (f"--{name}", value))]


def is_ready(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
