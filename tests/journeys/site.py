"""The real site for one browser test or several: gunicorn under the web login, with a database and a clock of its own."""

import fcntl
import functools
import itertools
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connections

from kit.devservers import ROOT
from kit.devservers.processes import start_child, stop_child
from people.models import Credential
from tests import databases
from tests.conftest import connection_settings
from tests.worlds import Force, building, make_force

PASSWORD = "correct horse battery staple"
GUNICORN = "gunicorn rasso.wsgi --threads 4 --graceful-timeout 1 --no-control-socket"
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Site:
    """Where it answers, who is there, and how commands are run beside it."""

    address: str
    database: str
    force: Force
    mail: Path
    environment: dict[str, str]

    @contextmanager
    def rows(self) -> Iterator[None]:
        """Django's connection in the hands of the site's database, so that tests can build and read there; all is committed."""
        connection = connections["default"]
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(connection_settings(databases.admin_url(self.database)))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)

    def manage(self, command: str, *, login: str) -> str:
        """Run a command as an operator would."""
        done = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env={**self.environment, "RASSO_PROCESS": login},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_site(directory: Path) -> Iterator[Site]:
    name = f"site_{os.getpid()}_{next(NUMBERS)}"
    databases.copy_of(databases.template(), name)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    environment = environment_of(name, address, directory)
    collect_static_files(tuple(sorted(environment.items())))
    with (directory / "web.log").open("w") as log:
        web = start_child(
            [sys.executable, "-m", *f"{GUNICORN} --bind fd://{listening.fileno()}".split()],
            last_signal=signal.SIGTERM,
            output=log,
            environment=environment,
            directory=ROOT,
            keep_open=[listening.fileno()],
        )
    try:
        yield open_for_work(Site(address, name, None, directory / "mail", environment))  # type: ignore[arg-type]
    finally:
        listening.close()
        stop_child(web, signal.SIGTERM, signal.SIGQUIT)
        databases.drop(name)


def open_for_work(site: Site) -> Site:
    """With its people in it, each of whom can sign in; the first request waits until the server answers."""
    with site.rows(), building():
        force = make_force()
        let_everybody_sign_in()
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{site.address}/health/live", timeout=60):
        pass
    return Site(site.address, site.database, force, site.mail, site.environment)


def let_everybody_sign_in() -> None:
    Credential.objects.update(password=hashed_password())


@functools.cache
def hashed_password() -> str:
    """As the site wants it; the tests' own settings would make a weaker one that it refuses."""
    return make_password(PASSWORD, hasher=PBKDF2PasswordHasher())  # type: ignore[arg-type]


def environment_of(name: str, address: str, directory: Path) -> dict[str, str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "RASSO_", "DJANGO_"))}
    logins = {key: databases.with_name(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_WORKER_URL")}
    return {
        **ours,
        **logins,
        "RASSO_MODE": "demonstration",
        "DJANGO_SETTINGS_MODULE": "rasso.settings",
        "PUBLIC_ADDRESS": address,
        "EMAIL_FILE_PATH": str(directory / "mail"),
    }


@functools.cache
def collect_static_files(environment: tuple[tuple[str, str], ...]) -> None:
    """The hashed and compressed files that production serves; several test workers may ask at once."""
    with (ROOT / "var" / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
            cwd=ROOT,
            env=dict(environment),
            check=True,
        )
