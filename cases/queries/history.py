"""Who changed which field from what to what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst

from cases.enums import Exploited
from cases.models import Action, Case, Context, InvestigationPlan, LineOfEnquiry, Person, Review, Suspect, Victim
from kit import dates
from people.models import User

TRACKED: tuple[Any, ...] = (Case, Victim, Suspect, Context, InvestigationPlan, LineOfEnquiry, Action, Review)
# Machinery that says nothing to a reader.
NOT_SHOWN = frozenset({"id", "version", "case", "unit"})
CHANGES_ON_A_PAGE = 50
# What stood there for ever would fill the page twice over; the whole text is on its own page and in the case as it stood.
LONGEST = 300
# No person has this key; with it the names are asked for even where no change names anybody.
NOBODY = 0


@dataclass(frozen=True)
class Change:
    key: UUID
    at: datetime
    by: str
    what: str
    fields: list[tuple[str, str, str]]


class Found(NamedTuple):
    """A change before it is put into words. ``fields``: the field, what it said before and after."""

    key: UUID
    at: datetime
    by: int | None
    what: str
    fields: list[tuple[Any, Any, Any]]


def page_of_changes(case: Any, before: UUID | None) -> tuple[list[Change], UUID | None]:
    """Newest first, from after the change that ``before`` names; and the key from which the next page goes on.

    One query a kind of row, and one for the names of people: what a change changed is known only from the record before it.
    """
    found = sorted(
        (change for model in TRACKED for change in changes_in(model, case)), key=lambda one: (one.at, one.key), reverse=True
    )
    start = next((number for number, change in enumerate(found, start=1) if change.key == before), 0)
    shown = found[start : start + CHANGES_ON_A_PAGE]
    users = {user.pk: user.called for user in User.objects.filter(pk__in={NOBODY, *mentioned(shown)})}
    named = [
        Change(
            one.key,
            one.at,
            users.get(one.by or 0, "The system"),
            one.what,
            [in_words(*field, users=users) for field in one.fields],
        )
        for one in shown
    ]
    return named, shown[-1].key if len(found) > start + CHANGES_ON_A_PAGE else None


def called(model: Any, record: Any) -> str:
    """“S1”, “A3”, “Investigation plan”"""
    names = {Case: "Case", Context: "Context", InvestigationPlan: "Investigation plan"}
    letters = {Victim: "V", Suspect: "S", LineOfEnquiry: "L", Action: "A"}
    if model in names:
        return names[model]
    return f"{letters[model]}{record.number}" if model in letters else str(record.get_kind_display())


def changes_in(model: Any, case: Any) -> Iterator[Found]:
    key = {"id": case.pk} if model is Case else {"case_id": case.pk}
    before: dict[Any, Any] = {}
    for record in model.history.model.objects.filter(**key).order_by("id", "history_date", "history_id"):
        old = before.get(record.id)
        before[record.id] = record
        fields = differences(model, old, record)
        if old is None or fields:
            what = f"{called(model, record)} {'added' if old is None else 'changed'}"
            yield Found(record.history_id, record.history_date, record.history_user_id, what, fields)


def differences(model: Any, old: Any, new: Any) -> list[tuple[Any, Any, Any]]:
    if old is None:
        return []
    return [
        (field, getattr(old, field.attname), getattr(new, field.attname))
        for field in model._meta.concrete_fields
        if field.name not in NOT_SHOWN and getattr(old, field.attname) != getattr(new, field.attname)
    ]


def mentioned(changes: Iterable[Found]) -> set[int]:
    people: set[int] = set()
    for change in changes:
        people |= {change.by} if change.by else set()
        people |= {value for field, *values in change.fields if field.related_model is User for value in values if value}
    return people


def in_words(field: Any, old: Any, new: Any, *, users: dict[int, str]) -> tuple[str, str, str]:
    return capfirst(str(field.verbose_name)), value_in_words(field, old, users), value_in_words(field, new, users)


def value_in_words(field: Any, raw: Any, users: dict[int, str]) -> str:
    if raw in (None, "") or raw == []:
        return "nothing"
    if isinstance(raw, list):
        return ", ".join(str(Exploited(code).label) for code in raw)
    if field.related_model is User:
        return users.get(raw, "somebody")
    if field.choices:
        return str(dict(field.flatchoices).get(raw, raw))
    if field.related_model is Person:
        # The name itself stands on the page of names only.
        return "a name"
    if field.related_model is Review:
        return "a review"
    if isinstance(raw, datetime):
        return dates.day_and_time(timezone.localtime(raw))
    if isinstance(raw, date):
        return dates.day(raw)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    text = str(raw)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(maxsplit=1)[0]} …"
