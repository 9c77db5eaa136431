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
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeVar

from kit.devservers import postgres, valkey
from kit.devservers.binaries import Postgres, find_postgres, find_valkey
from kit.devservers.processes import Account, ServersError, account_for_servers, run_as, start_child, stop_child

__all__ = ["Servers", "ServersError", "directory_for", "for_this_mode"]

Answer = TypeVar("Answer")
Purpose = Literal["demonstration", "development", "test"]

ROOT = Path(__file__).resolve().parents[2]
SOCKETS = "/tmp/rasso-"  # A socket's path may have about 100 characters, so not below the project.
PATIENCE = 30.0
OWNER_LOCK = "owner.lock"
SERVERS_LOCK = "servers.lock"


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
        if not _in_time(lambda: _locked(lock), patience):
            os.close(lock)
            return False
        self._locks[name] = lock
        return True

    def _join(self) -> dict[str, str]:
        if not self.join:
            raise ServersError(
                f"Another process has the servers in {self.directory} running. Wait until it has ended, then try again."
            )
        environment = _in_time(self._running, PATIENCE)
        if environment:
            self.joined = True
            return environment
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
        if not environment or not _answers(postgres.socket_in(Path(state["sockets"]))):
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
        sockets = self._make_sockets(account)
        self._start_postgres(find_postgres(account, base), base, sockets, account)
        environment = postgres.addresses(sockets)
        if self.broker:
            environment["REDIS_URL"] = self._start_valkey(find_valkey(account, base), sockets, account)
        self._write_state(environment)
        return environment

    def _make_sockets(self, account: Account | None) -> Path:
        with contextlib.suppress(FileNotFoundError, ValueError):
            left_over = json.loads(self._state.read_text())["sockets"]
            if left_over.startswith(SOCKETS):
                shutil.rmtree(left_over, ignore_errors=True)
        self._sockets = Path(tempfile.mkdtemp(dir=os.path.dirname(SOCKETS), prefix=os.path.basename(SOCKETS)))
        if account:
            account.owns(self._sockets)
        self._write_state(None)
        return self._sockets

    def _write_state(self, environment: dict[str, str] | None) -> None:
        unfinished = self._state.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"sockets": str(self._sockets), "environment": environment}))
        unfinished.replace(self._state)

    def _start_postgres(self, programs: Postgres, base: Path, sockets: Path, account: Account | None) -> None:
        # One directory for each major version, because none can read another's.
        data = base / f"postgres-{programs.major}"
        if not data.exists():
            postgres.make_cluster(programs, data, account, durable=self.durable)
        _refuse_the_data_of_others(data, account)
        command = postgres.command(programs, data, sockets, durable=self.durable)
        process = self._start_server("PostgreSQL", command, signal.SIGINT, account)
        self._wait_for("PostgreSQL", lambda: postgres.is_ready(data, process.pid))

    def _start_valkey(self, program: Path, sockets: Path, account: Account | None) -> str:
        address = sockets / "valkey.sock"
        self._start_server("Valkey", valkey.command(program, address), signal.SIGTERM, account)
        self._wait_for("Valkey", lambda: valkey.is_ready(address))
        return f"redis+socket://{address}"

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
        def ready_or_fallen() -> bool:
            return ready() or self._children[name].poll() is not None

        if not _in_time(ready_or_fallen, PATIENCE):
            raise ServersError(f"{name} was not ready after {PATIENCE:.0f} seconds; see {self._log_of(name)}.")
        if self._children[name].poll() is not None:
            raise ServersError(f"{name} stopped at once:\n{self._log_of(name).read_text().strip()}")


def _in_time(ask: Callable[[], Answer], patience: float) -> Answer:
    """Ask until the answer is yes, or until `patience` seconds have passed; say so when it takes long enough to wonder."""
    started = time.monotonic()
    told = False
    while not (answer := ask()) and time.monotonic() - started < patience:
        if not told and time.monotonic() - started > 3:
            print("  (waiting for the database servers)", file=sys.stderr, flush=True)
            told = True
        time.sleep(0.02)
    return answer


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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


def _refuse_the_data_of_others(data: Path, account: Account | None) -> None:
    owner = data.stat().st_uid
    if owner != (account.uid if account else os.geteuid()):
        raise ServersError(
            f"{data} belongs to another account of this machine (number {owner}). Go on with that account, or remove the "
            "directory and start afresh."
        )


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(address))
        except OSError:
            return False
    return True
