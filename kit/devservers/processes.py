"""Child processes that are gone when their owner is gone, even when the owner is killed with -9."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServersError(Exception):
    """The servers cannot be started; the message says why and what to do, in whole sentences."""


@dataclass(frozen=True)
class Account:
    """The operating system's account that a server runs under when we ourselves are root."""

    uid: int
    gid: int

    @classmethod
    def of_nobody(cls) -> "Account":
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise ServersError(
                "PostgreSQL refuses to run as root, and this machine has no account called nobody. "
                "Run the same command as an ordinary user."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def owns(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def account_for_servers() -> Account | None:
    """Nobody when we are root, otherwise nothing: the servers run as we do."""
    return Account.of_nobody() if os.geteuid() == 0 else None


def run_as(account: Account | None, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end as `account`; it too dies with us."""
    with start_child(command, account=account, output=subprocess.PIPE, last_signal=signal.SIGKILL) as process:
        output, _ = process.communicate()
    return subprocess.CompletedProcess(list(command), process.returncode, output)


def start_child(
    command: Sequence[str | Path],
    *,
    last_signal: signal.Signals,
    account: Account | None = None,
    output: IO[str] | int | None = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
    directory: Path = Path("/"),
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[str]:
    """Start `command` in a session of its own, so that Ctrl-C reaches only us, and send it `last_signal` when we die.

    Only from the main thread: the kernel counts the death of the thread that started the child as the owner's.
    """
    if threading.current_thread() is not threading.main_thread():
        raise ServersError("Servers must be started from the main thread, or they end with the thread.")
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=directory,
        env=dict(environment) if environment is not None else plain_environment(),
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # Only one system call, and see the first line of this function.
        preexec_fn=_tie_to(os.getpid(), last_signal),  # noqa: PLW1509
        pass_fds=keep_open,
    )
    if LIBC is None:
        _watch_over(process, last_signal)
    return process


def stop_child(process: subprocess.Popen[str], *requests: signal.Signals, patience: float = 10) -> None:
    """Ask with each signal in turn, waiting `patience` seconds each time; at last kill."""
    for request in (*requests, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(request)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def follow(parent: int) -> None:
    """End this process with SIGTERM as soon as `parent`, who started it, is gone."""
    _tie_to(parent, signal.SIGTERM)()


def plain_environment() -> dict[str, str]:
    """Nothing of the caller's locale, time zone or PG* variables reaches a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _tie_to(owner: int, last_signal: signal.Signals) -> Callable[[], None]:
    """Runs in the child after it has changed its account, because that change would undo the tie."""

    def tie() -> None:
        if LIBC is None:
            return
        LIBC.prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != owner:  # The owner died before the tie was made.
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def _watch_over(process: subprocess.Popen[str], last_signal: signal.Signals) -> None:
    """Where the kernel has no such tie: a shell that reads from us until we are gone, then sends the signal."""
    subprocess.Popen(
        ["/bin/sh", "-c", 'read _; kill -s "$1" "$2" 2>/dev/null', "watch", last_signal.name[3:], str(process.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
