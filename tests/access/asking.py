"""Asking for pages as everybody in the scene, each time as if nothing had happened before."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from people.models import User
from tests.access.scene import Scene, undone
from tests.access.sql import ask
from tests.worlds import building

BACKEND = "people.backends.PeopleBackend"
# What differs between two answers of one page by chance.
BY_CHANCE = re.compile(
    r'name="(csrfmiddlewaretoken|once|showing)" value="[^"]*"|nonce="[^"]*"|data-now="[^"]*"|data-session-seconds="[^"]*"|<noscript>You will be.*?</noscript>'
    r"|<span data-time-of-print>[^<]*</span>"
)
ABSENT: dict[str, Any] = {
    "reference": "JE-2026-00000",
    "review_id": UUID("00000000-0000-7000-8000-000000000000"),
    "event_id": UUID("00000000-0000-7000-8000-000000000001"),
    "limit_id": UUID("00000000-0000-7000-8000-000000000002"),
    "key": UUID("00000000-0000-7000-8000-00000000000a"),
    "message_id": UUID("00000000-0000-7000-8000-00000000000b"),
    "code": "NOWHERE",
    "cover_id": 0,
    "access_id": UUID("00000000-0000-7000-8000-00000000000c"),
    "connection_id": UUID("00000000-0000-7000-8000-00000000000d"),
    "number": 99,
    "step": "nowhere",
    "draft_id": UUID("00000000-0000-7000-8000-000000000000"),
    "user_id": 10**9,
    "person_id": 0,
    "passkey_id": 0,
    "assignment_id": 0,
    "unit_id": 0,
    "run_id": UUID("00000000-0000-7000-8000-000000000003"),
    "entry_id": 0,
    "signal_id": 0,
    "auditors_signal_id": 0,
    "auditors_entry_id": 0,
    "check_id": UUID("00000000-0000-7000-8000-000000000004"),
    "breach_id": UUID("00000000-0000-7000-8000-000000000005"),
    "search_id": UUID("00000000-0000-7000-8000-00000000000d"),
    "request_id": UUID("00000000-0000-7000-8000-00000000000c"),
    "source": "cases_person.name",
    "row_id": UUID("00000000-0000-7000-8000-00000000000d"),
    "record_id": UUID("00000000-0000-7000-8000-00000000000e"),
    "hold_id": UUID("00000000-0000-7000-8000-00000000000f"),
    "disposal_id": UUID("00000000-0000-7000-8000-000000000010"),
    "certificate_id": UUID("00000000-0000-7000-8000-000000000011"),
}


def urls(patterns: Any = None) -> Iterator[tuple[str, frozenset[str]]]:
    """Every URL name of the site, with the names of the parts that its address holds."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.name), frozenset(pattern.pattern.regex.groupindex)
        else:
            yield from urls(pattern.url_patterns)


@cache
def pages() -> dict[str, frozenset[str]]:
    """Every page of the site; read when first asked for, so that a site that does not load fails a test and not the run."""
    return dict(urls())


def own(scene: Scene, case: str) -> dict[str, Any]:
    """The parts of addresses that are about this case."""
    return {
        "reference": scene.cases[case].reference,
        "review_id": scene.review_of(case).pk,
        "event_id": scene.event_of(case).pk,
        "limit_id": scene.limit_of(case).pk,
        "user_id": scene.cases[case].officer_id or scene.cases[case].logged_by_id,
        "key": scene.review_of(case).pk,
        "message_id": ABSENT["message_id"],
        "draft_id": scene.drafts.get(case, scene.drafts["at hand"]).pk,
        "cover_id": scene.cover_id,
        "connection_id": scene.connections.get(case, scene.connections["at hand"]).pk,
        "access_id": scene.emergencies.get(case, scene.emergencies["at hand"]).pk,
        "run_id": scene.runs.get(case, scene.runs["at hand"]).pk,
        "search_id": scene.searches.get(case, scene.searches["at hand"]).pk,
        **scene.information,
        "number": 1,
        "step": "when",
        "code": "REVIEW_14_DAY",
        "person_id": scene.force.investigator.pk,
        "passkey_id": ABSENT["passkey_id"],
        "assignment_id": scene.role_of(scene.force.investigator).pk,
        "unit_id": scene.force.unit.pk,
        **scene.audited,
    }


def address_of(page: str, parts: dict[str, Any]) -> str:
    return reverse(page, kwargs={name: parts[name] for name in pages()[page]})


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str
    headers: frozenset[str]
    queries: int
    # What the access record says of it: kind, page, cases, outcome.
    lines: tuple[tuple[str, str, frozenset[UUID], int | None], ...] = field(default=(), compare=False)

    @property
    def cell(self) -> str:
        """The word of the matrix for it; "no such method" where the page does not take the method."""
        if self.location.startswith("/accounts/login/"):
            return "login"
        return {403: "no", 404: "hidden", 405: "no such method"}.get(self.status, "yes" if self.status < 500 else "fault")

    def unlike(self, other: "Answer") -> str:
        """In what two answers differ, line by line."""
        lines = unified_diff(self.body.splitlines(), other.body.splitlines(), n=0, lineterm="")
        return " ".join([f"{self.status}, {self.queries} and {other.status}, {other.queries}", *lines])


# At the end of a binding inside a test's own transaction, and nowhere else (kit.binding).
TAKEN_BACK = "SELECT set_config('rasso.actor', ''"


class Statements:
    """Counts what is sent to the database; begin and end of a transaction are a savepoint here."""

    number = 0

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        self.number += not sql.startswith(TAKEN_BACK)
        return execute(sql, *arguments)


class Asking:
    """Browsers of everybody in the scene, or of some, signed in once."""

    def __init__(self, scene: Scene, people: Iterable[User] | None = None) -> None:
        self.sessions: dict[int | None, str | None] = {None: None}
        for user in scene.everybody if people is None else people:
            client = Client()
            client.force_login(user, backend=BACKEND)
            self.sessions[user.pk] = client.cookies["sessionid"].value
        self.client = Client()
        with building():
            ((self.newest_line,),) = ask("SELECT coalesce(max(id), 0) FROM people_accessrecord")

    def lines(self) -> Iterator[tuple[str, str, frozenset[UUID], int | None]]:
        """What was recorded since; whatever is asked for is taken back, so it is the last request's."""
        with building():
            for kind, page, case_ids, outcome in ask(
                "SELECT kind, page, case_ids, outcome FROM people_accessrecord WHERE id > %s ORDER BY id", self.newest_line
            ):
                yield kind, page, frozenset(case_ids), outcome

    def __call__(self, user: User | None, method: str, page: str, parts: dict[str, Any], *, with_lines: bool = False) -> Answer:
        address = address_of(page, parts)
        self.client.cookies.clear()
        if session := self.sessions[user.pk if user else None]:
            self.client.cookies["sessionid"] = session
        statements = Statements()
        with undone():
            with connection.execute_wrapper(statements):
                response = self.client.generic(method, address)
            body = response.content.decode()
            lines = tuple(self.lines()) if with_lines else ()
        return Answer(
            response.status_code,
            response.headers.get("Location", "").replace(quote(address), "…"),
            BY_CHANCE.sub("", body).replace(address, "…"),
            frozenset(response.headers),
            statements.number,
            lines,
        )
