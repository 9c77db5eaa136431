"""Records that are due for review, by number and date; holds; what a retention review shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from information.enums import Why
from information.models import Hold, InformationRule
from information.queries.asking import rows
from kit import dates

# A page of work; what is due later comes up when this is done.
MOST_DUE = 50


def number_of(person_id: UUID) -> str:
    """“7F3A-91C2”: a number that tells nothing, neither who it is nor when the record was made."""
    digits = person_id.hex[-8:].upper()
    return f"{digits[:4]}-{digits[4:]}"


@dataclass(frozen=True)
class Due:
    """A record on the list: no name, nothing of a case."""

    person_id: UUID
    due_on: date
    why: str
    held: list[int]
    is_mine: bool
    is_proposed: bool
    urgency: Any = None

    @property
    def number(self) -> str:
        return number_of(self.person_id)

    @property
    def reason(self) -> str:
        return Why(self.why).label

    @property
    def holds(self) -> str:
        return " and ".join(f"hold {number}" for number in self.held)


def due_for_review(today: date) -> list[Due]:
    """One query."""
    found = rows("SELECT * FROM rasso.retention_due(%s, %s, %s)", settings.FORCE_PROFILE, today, MOST_DUE)
    return [Due(**row, urgency=dates.urgency(row["due_on"], today)) for row in found]


@dataclass(frozen=True)
class Review:
    """One record that is due, before it is opened."""

    due_on: date
    why: str
    is_open: bool
    is_proposed: bool

    @property
    def reason(self) -> str:
        return Why(self.why).label


def review_of(person_id: UUID) -> Review | None:
    found = rows("SELECT * FROM rasso.review_of(%s, %s)", person_id, settings.FORCE_PROFILE)
    return Review(**found[0]) if found else None


def standing_holds() -> list[Hold]:
    return list(Hold.objects.filter(end=None).select_related("by").order_by("-number"))


def lifted_holds(most: int) -> list[Hold]:
    found = Hold.objects.filter(end__isnull=False).select_related("by", "end", "end__by")
    return list(found.order_by("-end__at")[:most])


def rules_on(today: date) -> list[InformationRule]:
    in_force = InformationRule.objects.filter(profile=settings.FORCE_PROFILE, valid_from__lte=today).exclude(valid_to__lt=today)
    return list(in_force.order_by("pk"))
