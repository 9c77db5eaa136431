"""docs/data-held.md: what is held, in which table, who reads it. The templates of data protection point to it, so that they cannot go stale."""

from typing import Any

from django.apps import apps
from django.db import models

from kit.classification import Classification
from kit.postgres.rules import TableRules
from people.roles import DESCRIPTIONS, Role
from rasso.database import TABLES
from rasso.documents.markdown import MADE, first_sentence, table

READERS = {
    "rasso_police_read": "police within their reach",
    "rasso_partner_read": "partners: what is theirs",
    "rasso_web": "the sign-in",
    "rasso_system": "the worker",
}


def data_held_document() -> str:
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    sections: list[str] = []
    for classification in Classification:
        rows = [row_of(rules, by_table.get(rules.table)) for rules in TABLES if rules.classification is classification]
        sections += [
            f"## {classification.value}",
            "",
            *table(("Table", "What", "Text that people write", "Read by"), sorted(rows)),
        ]
    libraries = [(f"`{rules.table}`", readers_of(rules)) for rules in TABLES if rules.classification is None]
    roles = [(Role(role).label, described.sees, described.never) for role, described in DESCRIPTIONS.items()]
    return "\n".join(
        [
            "# What is held, and who reads it",
            "",
            MADE,
            "",
            "“Within their reach”: the rows of cases that `docs/access.md` says, held by row-level security.",
            "",
            *sections,
            "## Machinery: accounts and sessions, no case",
            "",
            *table(("Table", "Read by"), sorted(libraries)),
            "## Recipients",
            "",
            *table(("Role", "Sees", "Never"), roles),
        ]
    )


def row_of(rules: TableRules, model: type[models.Model] | None) -> tuple[str, str, str, str]:
    return (f"`{rules.table}`", what_it_is(model), ", ".join(texts_of(model)) or "none", readers_of(rules))


def what_it_is(model: type[models.Model] | None) -> str:
    if model is None:
        return ""
    said = first_sentence(model) if model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(") else ""
    return said or f"{str(model._meta.verbose_name).capitalize()}."


def texts_of(model: type[models.Model] | None) -> list[str]:
    if model is None:
        return []
    return [words(column) for column in model._meta.concrete_fields if is_text(column)]


def is_text(column: Any) -> bool:
    is_narrative = isinstance(column, models.TextField | models.JSONField)
    return (is_narrative or (isinstance(column, models.CharField) and not column.unique)) and not column.choices


def words(column: Any) -> str:
    return str(column.verbose_name).lower()


def readers_of(rules: TableRules) -> str:
    may_read = {role for roles, what in rules.privileges.items() if "SELECT" in what for role in roles}
    return ", ".join(said for role, said in READERS.items() if role in may_read) or "nobody directly"
