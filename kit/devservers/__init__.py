"""A real PostgreSQL and a real Valkey for development, demonstration and tests, on unix sockets only.

    with Servers(directory_for("development")) as environment:
        ...                               # DATABASE_URL, DATABASE_ADMIN_URL, REDIS_URL and so on

They belong to the process that started them and are gone with it, even after kill -9; the data stay in the
directory. Neither the database nor its roles are made here: `manage.py setup_roles` and `manage.py migrate` do that.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import quote

from kit.devservers.binaries import Postgres, find_postgres, find_valkey
from kit.devservers.processes import Account, ServersError, account_for_servers, run_as, start_child, stop_child

__all__ = ["Servers", "ServersError", "directory_for", "for_this_mode"]

Purpose = Literal["demonstration", "development", "test"]

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "rasso"
LOGINS = {
    "DATABASE_URL": "rasso_web",
    "DATABASE_OWNER_URL": "rasso_owner",
    "DATABASE_WORKER_URL": "rasso_worker",
}
PORT = 5432  # Only part of the socket's name; nothing listens on the network.
SOCKETS = "/tmp/rasso-"  # A socket's path may have about 100 characters, so not below the project.
PATIENCE = 30.0
OWNER_LOCK = "owner.lock"
SERVERS_LOCK = "servers.lock"
# Speed for data that nobody will miss.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def directory_for(purpose: Purpose) -> Path:
    return ROOT / "var" / "servers" / purpose


@contextlib.contextmanager
def for_this_mode() -> Iterator[None]:
    """Have servers, started or joined, when the mode of the environment wants them and no DATABASE_URL is set."""
    mode = os.environ.get("RASSO_MODE")
    if mode not in ("development", "demonstration") or os.environ.get("DATABASE_URL"):
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: exit_as_asked(signal.SIGTERM))
    with Servers(directory_for("demonstration" if mode == "demonstration" else "development")) as environment:
        os.environ.update({**environment, **os.environ})
        yield


def exit_as_asked(by: signal.Signals) -> None:
    raise SystemExit(128 + by)


class Servers:
    """One PostgreSQL and one Valkey with their data in `directory`.

    `durable=False` trades the data's safety for speed. `join=True` uses the servers that another process has running
    on the same directory, and then `stop` leaves them alone; `join=False` refuses to share.
    """

    def __init__(self, directory: Path, *, durable: bool = True, broker: bool = True, join: bool = True) -> None:
        self.directory = directory.absolute()
        self.durable = durable
        self.broker = broker
        self.join = join
        self.joined = False
        self._children: dict[str, subprocess.Popen[str]] = {}
        # Plain descriptors, so that the locks last as long as the process even if the caller forgets this object.
        self._locks: dict[str, int] = {}
        self._sockets: Path | None = None

    def __enter__(self) -> dict[str, str]:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> dict[str, str]:
        """Start or join the servers and return the environment variables that lead to them."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            ours = self._lock(OWNER_LOCK, patience=0)
        except PermissionError as error:
            raise ServersError(
                f"{error.filename} belongs to another account of this machine. Go on with that account, or remove "
                f"{self.directory} with it and start afresh."
            ) from error
        if not ours:
            return self._join()
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what this object started; harmless when it joined, and when called again."""
        for name, process in reversed(self._children.items()):
            # PostgreSQL takes SIGINT as "now, but properly" and SIGQUIT as "now"; SIGTERM would wait for its clients.
            requests = (signal.SIGINT, signal.SIGQUIT) if name == "PostgreSQL" else (signal.SIGTERM,)
            stop_child(process, *requests)
        self._children.clear()
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._state.unlink(missing_ok=True)
            self._sockets = None
        while self._locks:
            os.close(self._locks.popitem()[1])

    def fallen(self) -> str | None:
        """The name of a server that ended by itself, and where its log is."""
        for name, process in self._children.items():
            if process.poll() is not None:
                return f"{name} (its log is {self._log_of(name)})"
        return None

    @property
    def _state(self) -> Path:
        return self.directory / "state.json"

    def _log_of(self, name: str) -> Path:
        return self.directory / f"{name.lower()}.log"

    def _lock(self, name: str, *, patience: float) -> bool:
        lock = os.open(self.directory / name, os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(lock)
                    return False
                time.sleep(0.05)
            else:
                self._locks[name] = lock
                return True

    def _join(self) -> dict[str, str]:
        if not self.join:
            raise ServersError(
                f"Another process has the servers in {self.directory} running. Wait until it has ended, then try again."
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            environment = self._running()
            if environment:
                self.joined = True
                return environment
            time.sleep(0.1)
        raise ServersError(
            f"Another process owns the servers in {self.directory}, but they have not answered for {PATIENCE:.0f} "
            "seconds. End that process, then try again."
        )

    def _running(self) -> dict[str, str] | None:
        try:
            state = json.loads(self._state.read_text())
            environment: dict[str, str] | None = state["environment"]
        except (FileNotFoundError, ValueError):
            return None
        if not environment or not _answers(Path(state["sockets"]) / f".s.PGSQL.{PORT}"):
            return None
        if self.broker and "REDIS_URL" not in environment:
            raise ServersError(f"The servers that run in {self.directory} were started without Valkey.")
        return environment

    def _start(self) -> dict[str, str]:
        # The servers hold this lock too: it is free only when the last process of an earlier start is gone.
        if not self._lock(SERVERS_LOCK, patience=PATIENCE):
            raise ServersError(
                f"The servers of an earlier start in {self.directory} have not ended after {PATIENCE:.0f} seconds. "
                "End them (they are called postgres and valkey-server), then try again."
            )
        account = account_for_servers()
        base = _reachable(self.directory, account)
        self._make_sockets(account)
        self._start_postgres(find_postgres(account, base), base, account)
        environment = self._addresses()
        if self.broker:
            environment["REDIS_URL"] = f"redis+socket://{self._start_valkey(find_valkey(account, base), account)}"
        self._write_state(environment)
        return environment

    def _make_sockets(self, account: Account | None) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            left_over = json.loads(self._state.read_text())["sockets"]
            if left_over.startswith(SOCKETS):
                shutil.rmtree(left_over, ignore_errors=True)
        self._sockets = Path(tempfile.mkdtemp(dir=os.path.dirname(SOCKETS), prefix=os.path.basename(SOCKETS)))
        if account:
            account.owns(self._sockets)
        self._write_state(None)

    def _write_state(self, environment: dict[str, str] | None) -> None:
        unfinished = self._state.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"sockets": str(self._sockets), "environment": environment}))
        unfinished.replace(self._state)

    def _start_postgres(self, postgres: Postgres, base: Path, account: Account | None) -> None:
        # One directory for each major version, because none can read another's.
        data = base / f"postgres-{postgres.major}"
        if not data.exists():
            self._make_cluster(postgres, data, account)
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.durable else CARELESS),
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        command: list[str | Path] = [postgres.program("postgres"), "-D", data, *arguments]
        process = self._start_server("PostgreSQL", command, signal.SIGINT, account)
        self._wait_for("PostgreSQL", lambda: _postmaster_is_ready(data, process.pid))

    def _make_cluster(self, postgres: Postgres, data: Path, account: Account | None) -> None:
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
                *([] if self.durable else ["--no-sync"]),
                *locale,
            ],
        )
        if made.returncode != 0:
            raise ServersError(f"PostgreSQL could not lay out its data in {unfinished}:\n{made.stdout.strip()}")
        unfinished.rename(data)

    def _start_valkey(self, program: Path, account: Account | None) -> Path:
        assert self._sockets
        address = self._sockets / "valkey.sock"
        options = {
            "port": "0",
            "unixsocket": str(address),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "dir": str(self._sockets),
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        command: list[str | Path] = [program, *arguments]
        self._start_server("Valkey", command, signal.SIGTERM, account)
        self._wait_for("Valkey", lambda: _valkey_is_ready(address))
        return address

    def _start_server(
        self, name: str, command: Sequence[str | Path], last_signal: signal.Signals, account: Account | None
    ) -> subprocess.Popen[str]:
        with self._log_of(name).open("w") as log:
            process = start_child(
                command,
                last_signal=last_signal,
                account=account,
                output=log,
                keep_open=[self._locks[SERVERS_LOCK]],
            )
        self._children[name] = process
        return process

    def _wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if self._children[name].poll() is not None:
                raise ServersError(f"{name} stopped at once:\n{self._log_of(name).read_text().strip()}")
            if time.monotonic() > end:
                raise ServersError(f"{name} was not ready after {PATIENCE:.0f} seconds; see {self._log_of(name)}.")
            time.sleep(0.02)

    def _addresses(self) -> dict[str, str]:
        host = quote(str(self._sockets), safe="")
        address = f"postgresql://{{login}}@{host}:{PORT}/{{database}}"
        return {
            "DATABASE_ADMIN_URL": address.format(login="postgres", database="postgres"),
            **{name: address.format(login=login, database=DATABASE) for name, login in LOGINS.items()},
        }


def _reachable(directory: Path, account: Account | None) -> Path:
    """Where the data go: `directory`, unless `account` has no way to it (as below a closed home directory)."""
    if account is None:
        return directory
    directory.chmod(0o755)
    if run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", directory]).returncode == 0:
        return directory
    elsewhere = Path("/var/tmp") / f"rasso-{hashlib.sha256(bytes(directory)).hexdigest()[:12]}"
    elsewhere.mkdir(mode=0o755, exist_ok=True)
    found = elsewhere.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise ServersError(f"{elsewhere} is where the data would go, but it belongs to somebody else. Remove it.")
    elsewhere.chmod(0o755)
    return elsewhere


def _postmaster_is_ready(data: Path, pid: int) -> bool:
    """PostgreSQL writes its process id on the first line of this file and how it is on the eighth."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(address))
        except OSError:
            return False
    return True


def _valkey_is_ready(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
