"""What a block of `/home/` is made of, and the blocks about who may see a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import get_default_timezone

from cases.queries.emergency import Emergency
from cases.queries.restricted import NamedUnseen, ToDecide, Unsupervised
from kit import dates


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    about: str = ""
    urgency: dates.Urgency | None = None
    why: str = ""
    # What the link says, where the title itself is none.
    label: str = ""


@dataclass(frozen=True)
class Block:
    id: str
    heading: str
    items: list[Item]
    empty: str = ""
    # What does not stand here, and where it stands.
    more: str = ""
    more_url: str = ""


def at_in_words(moment: datetime, zone: Any) -> str:
    """at 14:10 on 3 November 2026"""
    local = moment.astimezone(zone)
    return f"at {dates.time_of_day(local)} on {dates.day(local)}"


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def emergency_blocks(emergencies: list[Emergency], today: date) -> list[Block]:
    """What somebody opened that was not theirs, for the second person."""
    items = [
        Item(
            f"{one.called} opened {one.reference}",
            reverse("review-emergency-access", args=[one.id]),
            f"{upper_first(at_in_words(one.given_at, get_default_timezone()))}: {one.reason}",
            dates.urgency(one.review_by, today),
        )
        for one in emergencies
    ]
    return [Block("emergency", "Emergency access to review", items)] if items else []


def unseen_blocks(unsupervised: Unsupervised, to_decide: list[ToDecide]) -> list[Block]:
    """What a Detective Superintendent settles on cases that they do not see."""
    items, url = [], reverse("name-supervisor-unseen")
    if unsupervised.cases:
        title = f"{dates.count(unsupervised.cases, 'restricted case')} without a supervisor"
        late = f" {dates.count(unsupervised.escalated, 'thing')} escalated there." if unsupervised.escalated else ""
        items.append(
            Item(
                title,
                url,
                f"Name somebody who sees it in your place.{late}" if late else "Name somebody who sees it in your place",
            )
        )
    if unsupervised.lately:
        title = f"{dates.count(unsupervised.lately, 'case')} restricted within the last day"
        items.append(Item(title, url, "The auditor is told which, and by whom"))
    items += [
        Item(
            f"{one.called} is connected with somebody in a case",
            reverse("decide-connection", args=[one.id]),
            "Do those who supervise them lose it too?",
        )
        for one in to_decide
    ]
    return [Block("unseen", "Who may see a case", items)] if items else []


def named_unseen_blocks(named: list[NamedUnseen]) -> list[Block]:
    """For the auditor: who was let into a restricted case by somebody who does not see it."""
    items = [
        Item(
            f"{one.by_whom} named {one.whom} on {one.reference}",
            reverse("explain-access"),
            f"{upper_first(at_in_words(one.at, get_default_timezone()))}, without seeing it: it had no supervisor",
        )
        for one in named
    ]
    return [Block("named-unseen", "Named on a restricted case", items)] if items else []
