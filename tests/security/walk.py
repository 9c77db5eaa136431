"""One walk over the whole site with an unmistakable name in every text of it, and what came of each step.

Each page is got as somebody who gets it; every form on it is filled with that name and sent as it is, without its token, with keys
that it does not have, and with every answer given twice. Each sending is taken back, after what it left behind was looked at.
"""

import copy
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, connections
from django.test import override_settings

from cases.models import ReviewAnswer
from people import session
from tests.access import matrix
from tests.access.asking import pages
from tests.access.scene import Scene, undone
from tests.security import marks
from tests.security.crawl import Crawl, Reply
from tests.security.logged import logged
from tests.security.typed import TYPED, Forms, filled

HSTS = {
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
# Asking that it be taken for another method.
OVERRIDES = {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST", "HTTP_X_METHOD_OVERRIDE": "DELETE", "HTTP_X_HTTP_METHOD": "PUT"}


@dataclass
class Sent:
    """A form that was sent: what the site answered, and what the database said afterwards beyond what it said before."""

    reply: Reply
    changed: list[str]
    left_behind: list[str] = field(default_factory=list)


@dataclass
class Walk:
    marked: int = 0
    # Columns with words of the code's own, which the database keeps.
    kept: list[str] = field(default_factory=list)
    got: list[Reply] = field(default_factory=list)
    others: list[Reply] = field(default_factory=list)
    changed_by_getting: list[str] = field(default_factory=list)
    as_is: dict[str, Sent] = field(default_factory=dict)
    without_token: dict[str, Sent] = field(default_factory=dict)
    with_more: dict[str, Sent] = field(default_factory=dict)
    doubled: dict[str, Sent] = field(default_factory=dict)
    log: str = ""
    # As the standard library would have written it.
    log_unscrubbed: str = ""

    @property
    def replies(self) -> list[Reply]:
        sent = (self.as_is, self.without_token)
        return [*self.got, *self.others, *(one.reply for each in sent for one in each.values())]


class SentApart:
    """Sends forms, and says what each changed."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl
        looked_at = [name for name in marks.tables() if name not in marks.MADE_BY_READING]
        self.names = [name for name in looked_at if not name.startswith(NEVER_AGREE)]
        self.unfit = [name for name in looked_at if not may_hold_names(name)]
        self.before = set(marks.state(self.names))
        self.sequences = sequences()

    def __call__(self, page: str, data: Any, **more: Any) -> Sent:
        # A page may be for somebody who is not in the scene.
        found = self.crawl.insider(page, "POST") or self.crawl.outsider(page, "POST")
        assert found is not None, page
        put_back(self.sequences)
        with undone():
            mail.outbox.clear()
            reply = self.crawl.ask(page, "POST", *found, copy.deepcopy(data), **more)
            changed = sorted(set(marks.state(self.names)) - self.before)
            left = [*marks.rows(self.unfit), *marks.sessions(), *(f"{one.subject} {one.body} {one.to}" for one in mail.outbox)]
        return Sent(reply, changed, [text for text in left if marks.names_it(text)])


# What they are called is typed there, and of nobody in a case; a day without work has a name.
NAMED_BY_ADMINISTRATORS = {"people_user", "people_peoplechange", "people_unit", "cases_localday"}
# Why an information manager did something, and what an auditor made of a signal, stands in the registers of that.
REGISTERS = ("information_", "audit_signalanswer")


def may_hold_names(table: str) -> bool:
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    return (
        getattr(model, "classification", None) in marks.MAY_HOLD_IT
        or table in NAMED_BY_ADMINISTRATORS
        or table.startswith(REGISTERS)
    )


def sequences() -> list[tuple[str, int]]:
    """Of the tables whose rows forms make; what reading writes goes on counting."""
    with marks.building(), connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND relname NOT LIKE 'people_accessrecord%'")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', last_value FROM {name}" for name in names))
        return list(cursor.fetchall())


def put_back(known: list[tuple[str, int]]) -> None:
    """Sequences go on whatever is taken back; two sendings of one form shall draw the same numbers."""
    with marks.building(), connection.cursor() as cursor:
        cursor.executemany("SELECT setval(%s::regclass, %s)", known)


def walk_over(scene: Scene) -> Walk:
    walk = Walk()
    with marks.building():
        # No open review has answers, except in this scene, where each table holds a row of each case.
        ReviewAnswer.unguarded.all().delete()
    walk.marked, walk.kept = marks.mark_everything()
    with pytest.MonkeyPatch.context() as patch, override_settings(**HSTS):
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        crawl = Crawl(scene)
        with logged() as lines, logged(formatter=logging.Formatter()) as unscrubbed:
            # So that statements with what is in them are logged as well.
            connections["default"].force_debug_cursor = True
            get_all(crawl, walk)
            connections["default"].force_debug_cursor = False
            send_all(crawl, walk)
        walk.log, walk.log_unscrubbed = lines.text, unscrubbed.text
        walk.others = list(crawl.others())
    return walk


# Noted at the real time, or with a salt, so that two never agree.
NEVER_AGREE = ("axes_accessattempt", "audit_")


def get_all(crawl: Crawl, walk: Walk) -> None:
    names = [name for name in marks.tables() if name not in marks.MADE_BY_READING]
    before = set(marks.rows(names))
    for page in sorted(pages()):
        if found := crawl.insider(page, "GET"):
            # Not taken back: what getting changes is looked for.
            walk.got.append(crawl.ask(page, "GET", *found, **OVERRIDES))
    walk.changed_by_getting = sorted(before ^ set(marks.rows(names)))


def send_all(crawl: Crawl, walk: Walk) -> None:
    forms = {reply.page: form for reply in walk.got for form in Forms(reply.text).forms if is_of_page(form, reply)}
    answers = {page: filled(form) for page, form in forms.items()}
    # For addresses without a page of their own, such as those of drafts: everything that any form asks.
    everything: dict[str, object] = {
        name: TYPED for each in answers.values() for name, value in each.items() if isinstance(value, str)
    }
    columns = {column.attname: "1" for model in apps.get_models() for column in model._meta.concrete_fields}
    send = SentApart(crawl)
    for page in sorted(page for page in pages() if matrix.expected(page, "POST")):
        mine = answers.get(page, {**everything, "once": ""})
        walk.as_is[page] = send(page, mine)
        crawl.browser.handler.enforce_csrf_checks = True
        walk.without_token[page] = send(page, mine)
        crawl.browser.handler.enforce_csrf_checks = False
        if page in answers:
            more = {name: value for name, value in columns.items() if name not in mine} | {"_method": "DELETE", "is_staff": "on"}
            walk.with_more[page] = send(page, {**mine, **more})
            twice = {name: ["0", value] if isinstance(value, str) else value for name, value in mine.items()}
            walk.doubled[page] = send(page, twice)


def is_of_page(form: Any, reply: Reply) -> bool:
    return form.method == "post" and form.action.partition("?")[0] in ("", reply.address)
