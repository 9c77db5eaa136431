"""The site behind a real web server, with the scene of the access tests in it, and browsers that are quick enough to race."""

import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client, override_settings
from uuid6 import uuid7

from kit.devservers import ROOT
from kit.devservers.processes import start_child, stop_child
from people.models import Credential, User
from people.session import LAST_SEEN_AT
from people.session_store import SessionStore
from rasso.demo import WEB
from tests import databases
from tests.access.asking import BACKEND
from tests.access.scene import Scene, make_scene
from tests.floor.processes import gone
from tests.journeys.site import Site as Rows
from tests.journeys.site import collect_static_files, environment_of, hashed_password
from tests.reliability.faults.books import Books
from tests.reliability.faults.mail import mail_server
from tests.reliability.faults.site import Site
from tests.worlds import building

TOKEN = "t" * 32
SECRET_KEY = "not-secret-demonstration"  # of rasso/settings.py
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


@dataclass
class Browser:
    """With the cookies of one person; it may be used by many threads at once."""

    port: int
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": TOKEN})

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: Any) -> Answer:
        return self.ask("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}, doseq=True))

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        """Raises OSError or HTTPException if no whole answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers.get("Location", ""), response.read().decode())
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.split(";")[0].partition("=")
                if name != "csrftoken":
                    self.cookies[name] = value
            return answer
        finally:
            connection.close()


class SilentBroker:
    """Takes every connection and never says a word."""

    def __init__(self) -> None:
        self.connections: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self.connections.append(self._listening.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self.connections:
            connection.close()


@dataclass
class Web:
    """``worker`` is the other side of the same database: hands, mail server."""

    books: Books
    rows: Any
    scene: Scene
    listening: socket.socket
    environment: dict[str, str]
    worker: Site
    broker: SilentBroker
    place: Path
    chance: random.Random

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def browser(self, user: User | None = None) -> Browser:
        """Somebody's, signed in unless it is nobody's; each has a session of its own."""
        made = Browser(self.port)
        if user is not None:
            client = Client()
            with self.rows(), override_settings(SECRET_KEY=SECRET_KEY):
                client.force_login(user, backend=BACKEND)
            made.cookies["sessionid"] = client.cookies["sessionid"].value
        return made

    def age(self, browser: Browser, minutes: float) -> None:
        """As if its owner had done nothing for so long, by the clock of the database."""
        with self.rows(), override_settings(SECRET_KEY=SECRET_KEY):
            session = SessionStore(browser.cookies["sessionid"])
            (now,) = self.books.one("SELECT clock_timestamp()")
            session[LAST_SEEN_AT] = (now - timedelta(minutes=minutes)).isoformat()
            session.save()

    @contextmanager
    def serving(self, *, wrong_by: float = 0, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A web server as in rasso/demo.py on the socket that was made for it, as under systemd."""
        on_wrong_clock = f"tests.reliability.faults.wrong_clock {wrong_by} " if wrong_by else ""
        command = f"{on_wrong_clock}{WEB.removesuffix(' --bind 127.0.0.1')} --bind fd://{self.listening.fileno()}"
        with (self.place / "web.log").open("a") as log:
            web = start_child(
                [sys.executable, "-m", *command.split()],
                last_signal=signal.SIGTERM,
                output=log,
                environment={**self.environment, **environment},
                directory=ROOT,
                keep_open=[self.listening.fileno()],
            )
        try:
            yield web
        finally:
            stop_child(web, signal.SIGTERM, signal.SIGQUIT)
            assert gone([web.pid], within=5)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of them came to, begun at the same moment; an exception stands for itself."""
    together = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def one(number: int, act: Callable[[], Any]) -> None:
        together.wait()
        try:
            outcomes[number] = act()
        except Exception as raised:
            outcomes[number] = raised

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def new_key() -> str:
    return str(uuid7())


@contextmanager
def web_site(*, seed: int) -> Iterator[Web]:
    """The database and everything around it; ``serving`` starts the web server."""
    name = f"web_{os.getpid()}"
    place = Path(tempfile.mkdtemp(prefix="rasso-"))
    databases.copy_of(databases.template(), name)
    listening = socket.create_server(("127.0.0.1", 0), backlog=100)
    broker = SilentBroker()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    environment = {**environment_of(name, address, place), "REDIS_URL": f"redis://127.0.0.1:{broker.port}/0"}
    collect_static_files(tuple(sorted(environment.items())))
    rows = Rows(address, name, None, place, environment).rows  # type: ignore[arg-type]
    try:
        with rows():
            scene = make_scene()
            with building():
                Credential.objects.filter(pk=scene.force.investigator.pk).update(password=hashed_password())
                scene.force.investigator.refresh_from_db()
        with mail_server() as mail:
            chance = random.Random(seed)
            worker = Site(Books(name), 0, 0, place, mail, chance)
            try:
                yield Web(Books(name), rows, scene, listening, environment, worker, broker, place, chance)
            finally:
                worker.close()
    finally:
        broker.close()
        listening.close()
        databases.drop(name)
        shutil.rmtree(place)
