"""Who changed which field from what to what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases.models import Action, Case, Person, Review, Suspect, Victim
from kit import dates
from people.models import User

TRACKED = (("", Case), ("V", Victim), ("S", Suspect), ("A", Action), ("Review ", Review))
# Machinery that says nothing to a reader.
NOT_SHOWN = frozenset({"id", "version", "case", "unit"})
MOST_CHANGES = 200


@dataclass(frozen=True)
class Change:
    at: datetime
    by: str
    what: str
    fields: list[tuple[str, str, str]]


def changes_of(case: Any) -> list[Change]:
    """Newest first. One query a kind of row, and one for the names of people."""
    changes = [change for prefix, model in TRACKED for change in changes_in(prefix, model, case)]
    users = {user.pk: user.called for user in User.objects.filter(pk__in=mentioned(changes))}
    named = [
        Change(at, users.get(by or 0, "The system"), what, [in_words(field, old, new, users) for field, old, new in fields])
        for at, by, what, fields in changes
    ]
    return sorted(named, key=lambda change: change.at, reverse=True)[:MOST_CHANGES]


def changes_in(prefix: str, model: Any, case: Any) -> list[tuple[datetime, int | None, str, list[tuple[Any, Any, Any]]]]:
    key = {"id": case.pk} if model is Case else {"case_id": case.pk}
    records = list(model.history.model.objects.filter(**key).order_by("id", "history_date", "history_id"))
    changes: list[tuple[datetime, int | None, str, list[tuple[Any, Any, Any]]]] = []
    before: dict[Any, Any] = {}
    for record in records:
        old = before.get(record.id)
        before[record.id] = record
        label = f"{prefix}{record.number}" if prefix else "Case"
        fields = differences(model, old, record)
        if old is None:
            changes.append((record.history_date, record.history_user_id, f"{label} added", []))
        elif fields:
            changes.append((record.history_date, record.history_user_id, f"{label} changed", fields))
    return changes


def differences(model: Any, old: Any, new: Any) -> list[tuple[Any, Any, Any]]:
    if old is None:
        return []
    return [
        (field, getattr(old, field.attname), getattr(new, field.attname))
        for field in model._meta.concrete_fields
        if field.name not in NOT_SHOWN and getattr(old, field.attname) != getattr(new, field.attname)
    ]


def mentioned(changes: list[Any]) -> set[int]:
    people = {by for _, by, _, _ in changes if by}
    for *_, fields in changes:
        people |= {value for field, *values in fields if field.related_model is User for value in values if value}
    return people


def in_words(field: Any, old: Any, new: Any, users: dict[int, str]) -> tuple[str, str, str]:
    def value(raw: Any) -> str:
        if raw in (None, ""):
            return "nothing"
        if field.related_model is User:
            return users.get(raw, "somebody")
        if field.choices:
            return str(dict(field.flatchoices).get(raw, raw))
        if field.related_model is Person:
            # The name itself stands on the page of names only.
            return "a name"
        if isinstance(raw, datetime):
            return dates.day_and_time(timezone.localtime(raw))
        if isinstance(raw, date):
            return dates.day(raw)
        if isinstance(raw, bool):
            return "yes" if raw else "no"
        return str(raw)

    return str(field.verbose_name).capitalize(), value(old), value(new)
