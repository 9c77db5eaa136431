"""The entries of a case: looked through by kind, by what they are about and by day, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.entry_groups import ENTRY_GROUPS, EntryGroup
from cases.enums import ADDED_BY_HAND, About, EventKind, Nature
from cases.models import Event
from kit import dates

ENTRIES_ON_A_PAGE = 50
LETTERS = "VSDAL"
FIRST_VICTIM = "V1"


@dataclass(frozen=True)
class Filters:
    """``kinds``: empty for all. ``begins``, ``ends``: local days, both included."""

    kinds: frozenset[EventKind] = frozenset()
    subject: str = ""
    nature: str = ""
    begins: date | None = None
    ends: date | None = None
    only_standing: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry in the words of the page."""

    event: Any
    title: str
    facts: list[str]
    answers: str
    may_be_struck: bool

    @property
    def is_no_fact(self) -> bool:
        return bool(self.event.nature != Nature.FACT)


def kinds_of(code: str) -> frozenset[EventKind]:
    """The kinds that a choice of the filter stands for: a group, or one kind."""
    if code in EntryGroup.values:
        return frozenset(ENTRY_GROUPS[EntryGroup(code)])
    return frozenset({EventKind(code)}) if code in EventKind.values else frozenset()


def page_of_entries(
    case: Any, filters: Filters, before: UUID | None, size: int = ENTRIES_ON_A_PAGE
) -> tuple[list[Entry], UUID | None]:
    """The newest entries, or those earlier than one of them, and the key from which the next page goes on. Two queries at most."""
    entries = entries_of(case, filters)
    if before is not None:
        mark = Event.unguarded.filter(case=case, pk=before).values("happened_at", "pk").first()
        if mark is not None:
            entries = entries.filter(
                Q(happened_at__lt=mark["happened_at"]) | Q(happened_at=mark["happened_at"], pk__lt=mark["pk"])
            ).filter(happened_at__lte=mark["happened_at"])
    found = list(entries[: size + 1])
    shown = found[:size]
    return [entry_of(event) for event in shown], shown[-1].pk if len(found) > size else None


def entries_of(case: Any, filters: Filters) -> QuerySet[Any]:
    entries = (
        Event.unguarded.filter(case=case)
        .select_related("by", "on_behalf_of", "struck_by", "about")
        .order_by("-happened_at", "-pk")
    )
    if filters.kinds:
        entries = entries.filter(kind__in=filters.kinds)
    if filters.subject:
        entries = entries.filter(subject=filters.subject)
    if filters.nature:
        entries = entries.filter(nature=filters.nature)
    if filters.begins:
        entries = entries.filter(happened_at__gte=start_of(filters.begins))
    if filters.ends:
        entries = entries.filter(happened_at__lt=start_of(filters.ends + timedelta(days=1)))
    return entries.filter(struck_at=None) if filters.only_standing else entries


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def subjects_in(case: Any) -> list[str]:
    """Whom and what the entries of the case are about. One query."""
    named = Event.unguarded.filter(case=case).exclude(subject="").order_by("subject").values_list("subject", flat=True).distinct()
    return in_order(named)


def in_order(subjects: Iterable[str]) -> list[str]:
    """V1, V2, S1, D1, D10, A3"""
    return sorted(set(subjects), key=lambda subject: (LETTERS.find(subject[0]), int(subject[1:] or 0)))


def entry_of(event: Any) -> Entry:
    return Entry(
        event=event,
        title=called(event),
        facts=list(facts_of(event)),
        answers=answers(event),
        may_be_struck=event.kind in ADDED_BY_HAND and event.struck_at is None,
    )


def facts_of(event: Any) -> Iterable[str]:
    if event.until is not None and event.kind in ADDED_BY_HAND:
        yield f"Bail ends on {dates.day(event.until)}"
    happened, recorded = timezone.localtime(event.happened_at), timezone.localtime(event.recorded_at)
    if happened.date() != recorded.date():
        yield f"Written down on {dates.day_and_time(recorded)}"


def answers(event: Any) -> str:
    """“About: Suspect arrested (S1), 3 November 2026”"""
    if event.about is None:
        return ""
    about = f"{called(event.about)}, {dates.day(timezone.localdate(event.about.happened_at))}"
    return f"Struck out: {about}" if event.kind == EventKind.ENTRY_STRUCK else f"About: {about}"


def called(event: Any) -> str:
    """“Suspect arrested (S1)”, “V1 told”, “V2 told”"""
    return about_whom(EventKind(event.kind).label, event.subject)


def about_whom(label: str, subject: str) -> str:
    """Words that name V1 stand for whichever victim it is about; where they name nobody, who or what it is about follows them."""
    if FIRST_VICTIM in label and subject[:1] == About.VICTIM:
        return label.replace(FIRST_VICTIM, subject)
    return f"{label} ({subject})" if subject else label
