"""Puts an unmistakable name into every text of every table, past all locks, and looks for it where it must not be."""

import base64
import re
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models

from kit.classification import Classification
from people.account_models import OpenSession
from people.models import User
from people.session_store import SessionStore
from tests.access.scene import savepoint
from tests.security.typed import NAME, PHONE, TYPED
from tests.worlds import building

OFFICER = "Featherstonehaugh"
MAY_HOLD_IT = {Classification.OPERATIONAL, Classification.OWN}
KEYS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What is noted at the real time has fractions; the clock of a test has none.
REAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d+\+00")
BY_CHANCE = (
    (REAL_TIME, "now"),
    (KEYS, "…"),
    (re.compile(r"JE-2026-\d{5}"), "JE-…"),
    (re.compile(r"![0-9A-Za-z]{32,}|md5\$[^,)]*|pbkdf2_[^,)]*"), "password"),
)
# Rows that reading makes: the record of it, and what a session notes.
MADE_BY_READING = {
    "people_accessrecord",
    "people_searchedwords",
    "people_opensession",
    "people_knownplace",
    "people_accountevent",
}


# Words of the code, such as “V1” or the name of a form.
CODES = {"subject", "code", "form", "about", "kind"}


def texts_of(model: type[models.Model]) -> list[Any]:
    """Its columns in which somebody writes what they like."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and not column.unique
        and column.name not in CODES
    ]


def mark_everything() -> tuple[int, list[str]]:
    """How many columns now say the name; and those that the database keeps for words of its own."""
    marked, kept = 0, []
    with building():
        for model in apps.get_models():
            if getattr(model, "classification", None) not in MAY_HOLD_IT:
                continue
            for column in texts_of(model):
                text = PHONE if column.name == "safe_contact" else TYPED
                try:
                    with savepoint():
                        model._base_manager.update(**{column.name: text[: column.max_length]})
                        marked += 1
                except DatabaseError:
                    kept.append(f"{model._meta.label}.{column.name}")
            for column in model._meta.concrete_fields:
                if isinstance(column, models.JSONField) and column.name == "payload":
                    model._base_manager.update(**{column.name: {"victim_name": [TYPED], "place": [TYPED]}})
        User.objects.update(family_name=f"{OFFICER}<b onclick=zqx()>")
    return marked, kept


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def rows(names: list[str]) -> list[str]:
    """Every row of these tables as text, in one statement."""
    union = " UNION ALL ".join(f"SELECT '{name} ' || t::text FROM {name} t" for name in names)
    with building(), connection.cursor() as cursor:
        cursor.execute(union)
        return [text for (text,) in cursor.fetchall()]


def state(names: list[str]) -> list[str]:
    """What the tables say, without what is drawn at random."""
    return sorted(without_chance(text) for text in rows(names))


def without_chance(text: str) -> str:
    for pattern, instead in BY_CHANCE:
        text = pattern.sub(instead, text)
    return text


def sessions() -> list[str]:
    return [repr(SessionStore().held_in(one)) for one in OpenSession.objects.all()]


def names_it(text: str) -> bool:
    """Whether it holds the name or the number, plain or as base64 of any alignment would hide it."""
    squeezed = text.replace("+", " ").replace("%20", " ")
    hidden = (base64.b64encode(NAME[shift:].encode())[4:16].decode() for shift in range(3))
    return any(word in squeezed for word in ("Zebedee", "Quillfeather", PHONE, "000123")) or any(word in text for word in hidden)
