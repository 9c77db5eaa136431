"""What a leak would look like, class by class. Each function answers the leaks that it found, in words; none is right."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.models import Case
from kit.binding import bound_to
from people.models import User
from tests.access.asking import ABSENT, BACKEND, BY_CHANCE, Asking, own, pages
from tests.access.scene import Scene, savepoint
from tests.access.sql import ask
from tests.worlds import building

REFERENCE = re.compile(r"\bJE-\d{4}-\d{5,7}\b")
# The lists that speak of cases: everything on them opens, and nothing else is on them.
LISTS = ("/cases/?show=all", "/reviews/?whose=unit", "/home/", "/cases/to-allocate/", "/escalations/")
EXPORTS = {"/cases/export/?show=all": "/cases/?show=all", "/reviews/export/?whose=unit": "/reviews/?whose=unit"}
# A word that finds every case of the scene: the beginning of its reference, of each name, of each crime number.
SEARCHED = ("JE-2026", "invented", "inv/")


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def some(scene: Scene) -> list[User]:
    """Of each relation to the cases one person."""
    force = scene.force
    return [force.first_officer, force.sergeant, force.other_sergeant, force.superintendent]


def opens(scene: Scene, user: User) -> set[str]:
    with savepoint():
        client = browser(user)
        return {
            case.reference
            for case in scene.cases.values()
            if client.get(reverse("case", args=[case.reference])).status_code == 200
        }


def page(client: Client, address: str) -> str:
    with savepoint():
        answer = client.get(address)
    return BY_CHANCE.sub("", answer.content.decode()) if answer.status_code == 200 else ""


def beyond(scene: Scene, user: User, text: str, rightful: set[str], where: str) -> list[str]:
    known = {case.reference for case in scene.cases.values()}
    return [f"{user} finds {reference} on {where}" for reference in sorted(set(REFERENCE.findall(text)) & known - rightful)]


# 1, 2, 10 ----------------------------------------------------------------------------------------------------------------


def on_lists(scene: Scene, user: User, rightful: set[str], addresses: Iterable[str] = LISTS) -> list[str]:
    client = browser(user)
    return [leak for address in addresses for leak in beyond(scene, user, page(client, address), rightful, address)]


def found(client: Client, words: str) -> str:
    with savepoint():
        answer = client.post("/search/", {"words": words}, follow=True)
    return str(answer.content.decode()) if answer.status_code == 200 else ""


def by_search(scene: Scene, user: User, rightful: set[str]) -> list[str]:
    client = browser(user)
    return [leak for words in SEARCHED for leak in beyond(scene, user, found(client, words), rightful, f"search for {words}")]


def in_exports(scene: Scene, user: User, rightful: set[str]) -> list[str]:
    """Also a file that holds other rows than its list."""
    client, leaks = browser(user), []
    for address, listed in EXPORTS.items():
        file = page(client, address)
        leaks += beyond(scene, user, file, rightful, address)
        # What was completed lately stands below the queue and is no part of it.
        shown = set(REFERENCE.findall(page(client, listed).split('id="completed"')[0]))
        if set(REFERENCE.findall(file)) != shown:
            leaks.append(f"{user} finds other rows in {address} than on {listed}")
    return leaks


# 4 -----------------------------------------------------------------------------------------------------------------------


def that_move(users: Iterable[User], change: Callable[[], Any], addresses: Iterable[str] = (*LISTS, "/cover/")) -> list[str]:
    """Pages with numbers that say something else after a change to what the reader does not see."""
    clients = {user: browser(user) for user in users}
    before = {(user, address): page(client, address) for user, client in clients.items() for address in addresses}
    searched = {
        (user, words): len(REFERENCE.findall(found(client, words))) for user, client in clients.items() for words in SEARCHED
    }
    change()
    return [
        *(
            f"{user} reads other numbers on {address}"
            for (user, address), text in before.items()
            if page(clients[user], address) != text
        ),
        *(
            f"{user} is told of other numbers by {words}"
            for (user, words), number in searched.items()
            if len(REFERENCE.findall(found(clients[user], words))) != number
        ),
    ]


# 3, 5, 6, 9 --------------------------------------------------------------------------------------------------------------


def of_other_cases(scene: Scene, asking: Asking, only: str = "") -> list[str]:
    """A page below one's own case that opens on something of another case, or answers otherwise than for nothing."""
    here, elsewhere, leaks = own(scene, "at hand"), own(scene, "elsewhere"), []
    children = {"event_id", "limit_id", "review_id", "key", "user_id"}
    for name, parts in pages().items():
        if "reference" not in parts or not parts & children or (only and name != only):
            continue
        for child in sorted(parts & children):
            for user in (scene.force.investigator, scene.force.sergeant):
                for method in ("GET", "POST"):
                    foreign, nothing = (asking(user, method, name, {**here, child: one[child]}) for one in (elsewhere, ABSENT))
                    if foreign != nothing or foreign.status < 400:
                        leaks.append(f"{method} {name} as {user}: {foreign.unlike(nothing)[:200]}")
    return leaks


def of_choices(user: User, address: str, data: dict[str, Any], field: str, keys: Iterable[Any]) -> list[str]:
    """Keys that were not offered, the last of them one that nothing has: each is refused, and alike."""
    answers = []
    for key in keys:
        with savepoint():
            answer = browser(user).post(address, {**data, field: str(key)})
            answers.append((answer.status_code, BY_CHANCE.sub("", answer.content.decode()).replace(f'"{key}"', "…")))
    return [
        f"{address} takes or tells apart {field} {place}: {status}"
        for place, (status, text) in enumerate(answers)
        if status != 422 or text != answers[-1][1]
    ]


def of_bulk(scene: Scene, user: User, ours: Case, others: Iterable[str]) -> list[str]:
    """Ticks of others beside one's own: nothing is done, and each is answered like one that is not there."""
    leaks, answers = [], set()
    for reference in (*others, ABSENT["reference"]):
        data = {f"tick-{ours.reference}": "on", f"version-{ours.reference}": str(ours.version), f"tick-{reference}": "on"}
        data |= {f"version-{reference}": "1", "officer": str(scene.force.investigator.pk), "confirm": "yes"}
        with savepoint():
            answer = browser(user).post("/cases/to-allocate/", data)
            answers.add((answer.status_code, BY_CHANCE.sub("", answer.content.decode()).replace(reference, "…")))
            if officer_of(ours) is not None:
                leaks.append(f"the rest is done beside {reference}")
    if len(answers) > 1:
        leaks.append("a case of others is told from one that is not there")
    return leaks


def officer_of(case: Case) -> int | None:
    with building():
        officer: int | None = Case.unguarded.values_list("officer_id", flat=True).get(pk=case.pk)
    return officer


def of_cursors(scene: Scene, user: User) -> list[str]:
    """A place in a list named by the row of somebody else."""
    client, leaks = browser(user), []
    named = {"/cases/": scene.cases["elsewhere"].pk, "/reviews/?whose=unit": own(scene, "elsewhere")["review_id"]}
    for address, key in named.items():
        glue = "&" if "?" in address else "?"
        texts = {page(client, f"{address}{glue}after={one}").replace(str(one), "…") for one in (key, ABSENT["review_id"])}
        if len(texts) > 1:
            leaks.append(f"{user} learns from {address} where a row of others would stand")
    return leaks


# 8 -----------------------------------------------------------------------------------------------------------------------


def by_blanks(user: User) -> list[str]:
    """Two blanks are not the same thing, on the page and below it."""
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET crime_number = '--' WHERE id = (SELECT id FROM cases_case WHERE unit_id IN"
            " (SELECT unit_id FROM people_membership WHERE user_id = %s) ORDER BY id LIMIT 1)",
            [user.pk],
        )
    client, leaks = browser(user), []
    for words in ("", " ", "--", "- -", "%%"):
        with bound_to(user.pk, user.kind, may_write=False):
            below = ask("SELECT called FROM rasso.search(%s)", words)
        if below or REFERENCE.search(found(client, words)):
            leaks.append(f"“{words}” finds a case")
    return leaks
