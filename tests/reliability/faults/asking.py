"""F7, F8, F19, F20, F25 and F28: pages and acts through the real web server, while something fails or everybody acts at once."""

import http.client
import os
import signal
import statistics
import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse

from cases.enums import GrantBasis
from people.models import RoleAssignment, User
from people.roles import Role
from tests import forms
from tests.access import matrix
from tests.access.asking import own, pages
from tests.access.scene import TODAY, give
from tests.cases.investigating import plan
from tests.journeys.site import PASSWORD
from tests.reliability.faults.line import Line
from tests.reliability.faults.web import Answer, Browser, Web, at_once, new_key
from tests.worlds import LONG_AGO, at, building

DOUBLES = 20
NOTES = "SELECT text FROM cases_event WHERE kind = 'NOTE' AND text LIKE %s"


def case_path(web: Web, rest: str = "") -> str:
    return f"/cases/{web.scene.cases['at hand'].reference}/{rest}"


def note(text: str) -> dict[str, Any]:
    return {"kind": "NOTE", "text": text, "once": new_key(), **forms.moment_boxes("at", at(TODAY, 8))}


# F7, F8: no request speaks to the broker -------------------------------------------------------------------------------


# Words of the matrix for one person of a column.
ALONE = {
    "administrator": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "information": Role.INFORMATION_MANAGER,
    "inspector": Role.INSPECTOR,
}


def every_page(web: Web) -> tuple[int, list[float]]:
    """Each page by each of its methods, by somebody who may, signing in and logging a case among them; how many, how long."""
    with web.rows():
        parts = {case: own(web.scene, case) for case in web.scene.cases}
    browsers: dict[int | None, Browser] = {None: web.browser()}
    taken = []
    for row in matrix.rows():
        if (row.page, row.method) == ("say-i-am-connected", "POST"):
            continue  # Whoever says that they know somebody in the case loses it, and has to act on it below.
        # Where nobody of the scene may, somebody who is refused.
        column = next((name for name, cell in row.cells.items() if cell in {"yes", "public", *ALONE}), "officer")
        relation = web.scene.relations.get(column)
        people = relation.people if relation else ()
        alone = ALONE.get(row.cells[column])
        user = web.scene.force.user(alone) if alone else people[0] if people else None
        if (user and user.pk) not in browsers or row.page in {"account_logout", "account_login"}:
            browsers[user and user.pk] = web.browser(user)
        path = reverse(
            row.page, kwargs={name: parts[relation.case if relation else "at hand"][name] for name in pages()[row.page]}
        )
        start = time.perf_counter()
        browser = browsers[user and user.pk]
        answer = browser.get(path) if row.method == "GET" else browser.post(path, once=new_key())
        taken.append(time.perf_counter() - start)
        assert answer.status < 500, (row.page, row.method, answer.status)
    return len(taken), taken


def real_acts(web: Web) -> int:
    """What people do most: sign in, log a case, write down what happened, look at the queue."""
    browser = web.browser()
    signed_in = browser.post("/accounts/login/", login="investigator", password=PASSWORD)
    assert (signed_in.status, signed_in.location) == (302, "/home/")
    answers = [
        log_a_case(web, browser, f"INV/{web.chance.randrange(1000, 7000)}/26"),
        browser.post(case_path(web, "chronology/add/"), **note("Said to nobody but the database.")),
        web.browser(web.scene.force.sergeant).get("/reviews/"),
    ]
    assert [answer.status for answer in answers] == [302, 302, 200]
    return 1 + 4 + 2


def log_a_case(web: Web, browser: Browser, crime_number: str) -> Answer:
    fill_report(web, browser, crime_number)
    return browser.post("/cases/log/check/")


def fill_report(web: Web, browser: Browser, crime_number: str) -> None:
    force = web.scene.force
    with web.rows():
        steps = {
            "": forms.when(at(TODAY, 8), crime_number=crime_number),
            "what/": forms.what(),
            "safety/": forms.safety(force, force.investigator),
        }
    for step, answers in steps.items():
        assert browser.post(f"/cases/log/{step}", **answers).status == 302, step


def broker_away(web: Web) -> Line:
    """Under a web server whose broker takes connections and never answers: none is made, so none can be waited for."""
    asked, _ = every_page(web)
    asked += real_acts(web)
    connections = len(web.broker.connections)
    return Line(
        "F8", "every page and act, broker silent", asked, asked - connections, lost=connections, seen=f"{connections} connections"
    )


def ratio_without_broker(web: Web) -> Line:
    """How long the pages take with a broker that is silent, and with one that refuses; one after the other, in one run."""
    with web.serving():
        every_page(web)
        _, silent = every_page(web)
    with web.serving(REDIS_URL="redis://127.0.0.1:1/0"):
        every_page(web)
        asked, refusing = every_page(web)
        asked += real_acts(web)
    slower = statistics.quantiles(refusing, n=20)[-1] / statistics.quantiles(silent, n=20)[-1]
    return Line("F7", "every page and act, broker refuses", asked, asked, seen=f"p95 {slower:.2f} of that with a silent one")


# F19: twice is once ----------------------------------------------------------------------------------------------------


def sent_twice(web: Web, rounds: int) -> list[Line]:
    """A double click, many times over; then "back" and the same again."""
    browser = web.browser(web.scene.force.investigator)
    path = case_path(web, "chronology/add/")
    notes = refused = 0
    before = changes(web, "record_event")
    for number in range(rounds):
        form = note(f"Twice {number}")
        answers = at_once([partial(browser.post, path, **form)] * DOUBLES)
        answers += [browser.post(path, **form), browser.post(path, **form)]
        assert {answer.status for answer in answers} == {302}, answers
        (elsewhere,) = {answer.location for answer in answers} - {path} or {path}
        assert elsewhere == case_path(web)
        refused += DOUBLES + 2 - 1
        notes += len(web.books.all(NOTES, f"Twice {number}"))
    doubled = max(notes - rounds, changes(web, "record_event") - before - rounds)
    return [Line("F19", f"{DOUBLES} at once, then refresh and back: an entry", rounds * (DOUBLES + 2), notes, refused, doubled)]


def logged_twice(web: Web, rounds: int) -> Line:
    browser = web.browser(web.scene.force.investigator)
    before = changes(web, "log_case")
    cases = 0
    for number in range(rounds):
        crime_number = f"INV/8{number:03}/26"
        fill_report(web, browser, crime_number)
        answers = at_once([partial(browser.post, "/cases/log/check/")] * DOUBLES)
        answers.append(browser.post("/cases/log/check/"))
        assert {(answer.status, answer.location) for answer in answers} == {(302, "/cases/log/done/")}, answers
        logged = web.books.all("SELECT reference FROM cases_case WHERE crime_number = %s", crime_number)
        cases += len(logged)
        done = browser.get("/cases/log/done/")
        assert done.status == 200 and logged[0][0] in done.body, "the page after it says which case it became"
    doubled = max(cases - rounds, changes(web, "log_case") - before - rounds)
    return Line("F19", f"{DOUBLES} at once, then again: a case", rounds * (DOUBLES + 1), cases, rounds * DOUBLES, doubled)


def changes(web: Web, page: str) -> int:
    (number,) = web.books.one("SELECT count(*) FROM people_accessrecord WHERE kind = 'CHANGED' AND page = %s", page)
    return int(number)


# F20: editors ----------------------------------------------------------------------------------------------------------


def editors(web: Web, number: int, rounds: int, *, beside_worker: bool = False) -> Line:
    """All open the plan, all change it, all save at once: one is kept, the others are told and see both texts."""
    path = case_path(web, "plan/change/")
    people = (web.scene.force.investigator, web.scene.relations["second"].people[0])
    browsers = [web.browser(people[place % 2]) for place in range(number)]
    kept = refused = 0
    hands = []
    for turn in range(rounds):
        (version,) = web.books.one(
            "SELECT version FROM cases_investigationplan WHERE case_id = %s", web.scene.cases["at hand"].pk
        )
        texts = [f"Round {turn}, editor {place}, {number} at once" for place in range(number)]
        if beside_worker:
            hands.append(web.worker.hand())
        forms_sent = [
            partial(browser.post, path, **plan(version, story=text), once=new_key())
            for browser, text in zip(browsers, texts, strict=True)
        ]
        answers = at_once(forms_sent)
        (story,) = web.books.one("SELECT story FROM cases_investigationplan WHERE case_id = %s", web.scene.cases["at hand"].pk)
        for answer, text in zip(answers, texts, strict=True):
            kept += answer.status == 302 and story == text
            refused += answer.status == 409 and text in answer.body and story in answer.body
    web.worker.finish(hands)
    what = f"{number} editors{' beside the worker' if beside_worker else ''} save one plan at once"
    tried = number * rounds
    return Line("F20", what, tried, kept, refused, lost=tried - kept - refused)


# F25: the web server is asked to stop ----------------------------------------------------------------------------------


def web_server_stopped(web: Web, stops: int) -> Line:
    """People write down what happened all the time, while the web server is exchanged for a new one again and again."""
    browsers = [web.browser(web.scene.force.investigator) for _ in range(4)]
    outcomes: dict[str, str] = {}
    stop = threading.Event()

    def write(place: int) -> None:
        number = 0
        while not stop.is_set():
            text = f"Under way {place}-{number}"
            number += 1
            try:
                answer = browsers[place].post(case_path(web, "chronology/add/"), **note(text))
                outcomes[text] = f"{answer.status}"
            except (OSError, http.client.HTTPException) as broken:
                outcomes[text] = type(broken).__name__

    writers = [threading.Thread(target=write, args=(place,)) for place in range(len(browsers))]
    try:
        for turn in range(stops + 1):
            with web.serving() as server:
                if turn == 0:
                    web.browser().get("/health/live")
                    for writer in writers:
                        writer.start()
                web.browser().get("/health/live")
                time.sleep(web.chance.uniform(0.2, 0.6))
                if turn == stops:
                    stop.set()
                    for writer in writers:
                        writer.join()
                    continue
                os.kill(server.pid, signal.SIGTERM)
                assert server.wait(30) == 0
    finally:
        stop.set()
    stored = Counter(text for (text,) in web.books.all(NOTES, "Under way %"))
    answered = {text for text, outcome in outcomes.items() if outcome == "302"}
    broken = Counter(outcome for outcome in outcomes.values() if outcome != "302")
    return Line(
        "F25",
        f"web server stopped (TERM) {stops} times under load",
        len(outcomes),
        len(answered & set(stored)),
        doubled=sum(stored.values()) - len(stored),
        lost=len(answered - set(stored)) + sum(broken.values()),
        seen=f"broken off: {dict(broken) or 0}",
    )


# F26: a web server whose clock is wrong ---------------------------------------------------------------------------------


def wrong_web_clock(web: Web) -> Line:
    """Web servers five minutes ahead and behind sign nobody out early, and nobody late."""
    right = asked = 0
    for wrong_by in (300, -300):
        with web.serving(wrong_by=wrong_by):
            for minutes, status in ((1, 200), (14, 200), (16, 302)):
                browser = web.browser(web.scene.force.investigator)
                web.age(browser, minutes)
                asked += 1
                right += browser.get("/home/").status == status
    return Line("F26", "sessions on web servers five minutes ahead and behind", asked, right, lost=asked - right)


# F28: the right ends while the act waits -------------------------------------------------------------------------------


def right_ends_meanwhile(web: Web) -> list[Line]:
    """The act stands before the lock of its case; the right to it ends; the lock is given back."""
    officer = web.scene.force.investigator
    record = ("chronology/add/", lambda: note("Too late"))
    allocate = ("allocate/", lambda: {"officer": web.scene.relations["second"].people[0].pk, "once": new_key()})
    deactivate = "UPDATE people_user SET is_active = false WHERE id = %s"
    end_role = "UPDATE people_roleassignment SET ends_on = rasso.today() - 1 WHERE user_id = %s AND role = '{}'"
    second, sergeant = web.scene.relations["second"].people[0], web.scene.force.sergeant
    with web.rows():
        limit = web.scene.limit_of("at hand")
        with building():
            RoleAssignment.objects.create(user=sergeant, role=Role.INVESTIGATOR, organisation_kind="POLICE", starts_on=LONG_AGO)
            give(web.scene.cases["at hand"], sergeant, GrantBasis.SECOND, by=officer)
    suspend = (
        f"limits/{limit.pk}/suspend/",
        lambda: {
            "why": "SAFETY",
            "text": "Too late",
            "once": new_key(),
            **forms.date_boxes("look_again_on", TODAY + timedelta(days=3)),
        },
    )
    return [
        refused_after(web, what, user, path, form, statement)
        for what, user, (path, form), statement in (
            ("deactivated", officer, record, deactivate),
            ("role ended", second, record, end_role.format("INVESTIGATOR")),
            ("one of two roles ended", sergeant, suspend, end_role.format("SERGEANT")),
            ("supervisor deactivated", sergeant, allocate, deactivate),
        )
    ]


def refused_after(web: Web, what: str, user: User, path: str, form: Any, statement: str) -> Line:
    case = web.scene.cases["at hand"]
    browser = web.browser(user)
    before = web.books.one("SELECT count(*) FROM people_accessrecord WHERE kind = 'CHANGED'")
    answers: list[Answer] = []
    with web.books.holding("SELECT 1 FROM cases_case WHERE id = %s FOR UPDATE", case.pk):
        waiting = threading.Thread(target=lambda: answers.append(browser.post(case_path(web, path), **form())))
        waiting.start()
        web.books.wait_for_waiters(1)
        assert not answers
        web.books.all(statement, user.pk)
    waiting.join(30)
    done = web.books.one("SELECT count(*) FROM people_accessrecord WHERE kind = 'CHANGED'") != before
    status = answers[0].status if answers else 0
    web.books.all("UPDATE people_user SET is_active = true WHERE id = %s", user.pk)
    web.books.all("UPDATE people_roleassignment SET ends_on = NULL WHERE user_id = %s", user.pk)
    refused = not done and status in {403, 404}
    return Line("F28", f"{what} while the act waits for its case", 1, int(done), int(refused), lost=int(done), seen=f"{status}")
