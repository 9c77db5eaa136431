"""Reads the process table of Linux, so that tests can say who is still there."""

import os
import time
from collections.abc import Iterable
from pathlib import Path


def descendants(pid: int) -> set[int]:
    children: dict[int, set[int]] = {}
    for other, parent in _parents():
        children.setdefault(parent, set()).add(other)
    found: set[int] = set()
    waiting = {pid}
    while waiting:
        waiting = set().union(*(children.get(one, set()) for one in waiting))
        found |= waiting
    return found


def alive(pids: Iterable[int]) -> dict[int, str]:
    """Those that still run, with their command lines; a zombie does not run."""
    return {pid: _command(pid) for pid in pids if _state(pid) not in ("", "Z", "X")}


def gone(pids: Iterable[int], *, within: float) -> bool:
    pids = set(pids)
    end = time.monotonic() + within
    while alive(pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def owner_of(pid: int) -> int:
    return os.stat(f"/proc/{pid}").st_uid


def _parents() -> Iterable[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                yield int(entry.name), int(fields[1])


def _state(pid: int) -> str:
    return (_stat(pid) or [""])[0]


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
