"""Asks for every address of the site, by every method, as whoever gets in and as whoever does not, and keeps the whole answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from people.models import User
from people.roles import Role
from tests.access import matrix
from tests.access.asking import ABSENT, BACKEND, own, pages
from tests.access.scene import Scene, undone

# Which columns of the matrix are asked first for somebody who gets in.
INSIDERS = ("sergeant", "officer", "inspector", "supt-escalated", "logged", "named-sgt")
# Words of the matrix that name who of a column gets in.
ONE_OF_MANY = {
    "administrator": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "information": Role.INFORMATION_MANAGER,
    "inspector": Role.INSPECTOR,
}
OTHER_METHODS = ("PUT", "TRACE", "PROPFIND")


@dataclass(frozen=True)
class Reply:
    page: str
    method: str
    who: str
    address: str
    status: int
    headers: dict[str, str]
    cookies: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def __str__(self) -> str:
        return f"{self.method} {self.page} as {self.who}: {self.status}"


class Crawl:
    """Somebody signed in for each column that is asked for; one address of each page."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        # Now, because a session that is made while something is tried is taken back with it.
        self.sessions: dict[int | None, str] = {None: ""}
        for user in scene.everybody:
            client = Client()
            client.force_login(user, backend=BACKEND)
            self.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.browser = Client(raise_request_exception=False)
        self.parts = {case: own(scene, case) for case in scene.cases}

    def insider(self, page: str, method: str) -> tuple[User, dict[str, Any]] | None:
        """Somebody who gets the page by this method, with the parts of an address of theirs."""
        cells = matrix.expected(page, method)
        for column in (*INSIDERS, *cells):
            relation = self.scene.relations.get(column)
            if relation is None or column not in cells:
                continue
            word = cells[column]
            if word in ("yes", "public"):
                return relation.people[0], self.parts[relation.case]
            if word in ONE_OF_MANY:
                return self.scene.force.user(ONE_OF_MANY[word]), self.parts["at hand"]
        return None

    def address(self, page: str, parts: dict[str, Any]) -> str:
        return reverse(page, kwargs={name: parts[name] for name in pages()[page]})

    def ask(self, page: str, method: str, user: User | None, parts: dict[str, Any], data: Any = None, **more: Any) -> Reply:
        client = self.browser
        client.cookies.clear()
        if session := self.sessions[user.pk if user else None]:
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        address = self.address(page, parts)
        answer = (
            client.post(address, data, secure=True, **more)
            if method == "POST"
            else client.generic(method, address, secure=True, **more)
        )
        body = b"".join(answer) if answer.streaming else answer.content
        who = user.username if user else "nobody"
        return Reply(page, method, who, address, answer.status_code, dict(answer.headers), answer.cookies, body)

    def outsider(self, page: str, method: str) -> tuple[User, dict[str, Any]] | None:
        """Somebody who may not: who sees the case if there is such a person, so that the answer is not always that nothing is there."""
        cells = matrix.expected(page, method)
        for word in ("no", "hidden"):
            for column, relation in self.scene.relations.items():
                if cells.get(column) == word:
                    return relation.people[0], self.parts[relation.case]
        return None

    def others(self) -> Iterator[Reply]:
        """Every page as somebody who may not, as nobody, for what is not there, and by methods that no page takes."""
        for page in sorted(pages()):
            asked: list[tuple[str, User | None, dict[str, Any]]] = []
            for method in matrix.METHODS:
                if found := self.outsider(page, method):
                    asked.append((method, *found))
            asked.append(("GET", None, self.parts["at hand"]))
            asked.append(("GET", self.scene.force.investigator, {**self.parts["at hand"], **ABSENT}))
            is_public = "public" in {**matrix.expected(page, "GET"), **matrix.expected(page, "POST")}.values()
            tried = (self.insider(page, "GET"), self.insider(page, "POST"), self.outsider(page, "POST"))
            user, parts = next(filter(None, tried), (None, self.parts["at hand"]))
            asked += [(method, None if is_public else user, parts) for method in OTHER_METHODS]
            for one in asked:
                with undone():
                    reply = self.ask(page, *one)
                yield reply
