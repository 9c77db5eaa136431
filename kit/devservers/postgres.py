"""How our PostgreSQL is laid out, started and addressed."""

import shutil
from pathlib import Path
from urllib.parse import quote

from kit.devservers.binaries import Postgres
from kit.devservers.processes import Account, ServersError, run_as
from kit.postgres.roles import QUIET_LOG

PORT = 5432  # Only part of the socket's name; nothing listens on the network.
DATABASE = "rasso"
LOGINS = {
    "DATABASE_URL": "rasso_web",
    "DATABASE_OWNER_URL": "rasso_owner",
    "DATABASE_WORKER_URL": "rasso_worker",
}
# Speed for data that nobody will miss.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def make_cluster(postgres: Postgres, data: Path, account: Account | None, *, durable: bool) -> None:
    """Made under another name first, so that a start that was interrupted leaves nothing that looks whole."""
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account:
        account.owns(unfinished)
    # The same rules for letters on every machine: by code point, but knowing that E with an accent has a small form.
    if postgres.major >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=C.UTF-8"]
    made = run_as(
        account,
        [
            postgres.program("initdb"),
            f"--pgdata={unfinished}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--text-search-config=english",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
            *locale,
        ],
    )
    if made.returncode != 0:
        raise ServersError(f"PostgreSQL could not lay out its data in {unfinished}:\n{made.stdout.strip()}")
    unfinished.rename(data)


def command(postgres: Postgres, data: Path, sockets: Path, *, durable: bool) -> list[str | Path]:
    options = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **QUIET_LOG,
        **({} if durable else CARELESS),
    }
    return [postgres.program("postgres"), "-D", data, *(f"--{name}={value}" for name, value in options.items())]


def socket_in(sockets: Path) -> Path:
    return sockets / f".s.PGSQL.{PORT}"


def addresses(sockets: Path) -> dict[str, str]:
    host = quote(str(sockets), safe="")
    address = f"postgresql://{{login}}@{host}:{PORT}/{{database}}"
    return {
        "DATABASE_ADMIN_URL": address.format(login="postgres", database="postgres"),
        **{name: address.format(login=login, database=DATABASE) for name, login in LOGINS.items()},
    }


def is_ready(data: Path, pid: int) -> bool:
    """PostgreSQL writes its process id on the first line of this file and how it is on the eighth."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
