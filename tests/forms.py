"""What somebody types into the forms of the site, as a browser would send it."""

import html
import re
from datetime import date, datetime

from django.utils import timezone

from cases.models import OffenceType
from people.models import User
from tests.worlds import Force


def date_boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def moment_boxes(name: str, moment: datetime) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {**date_boxes(name, local.date()), f"{name}_time": local.strftime("%H:%M")}


def when(reported: datetime, recorded: datetime | None = None, **changed: str) -> dict[str, str]:
    return {
        "crime_number": "INV/0001/26",
        **moment_boxes("reported_at", reported),
        **moment_boxes("recorded_at", recorded or reported),
        "happened_when": "NOT_KNOWN",
        "reported_how": "CALL",
        "place": "HERE",
        **changed,
    }


def what(**changed: str) -> dict[str, str]:
    return {
        "offence": str(OffenceType.objects.filter(profile="JE", valid_to=None).order_by("order")[0].pk),
        "place_kind": "NOT_KNOWN",
        "victim_name": "Invented Victim-Name",
        "wish": "NOT_YET_ASKED",
        "suspect_known": "NAMED",
        "suspect_name": "Invented Suspect-Name",
        "suspects": "1",
        "relationship": "NOT_KNOWN_YET",
        **changed,
    }


def safety(force: Force, officer: User | None = None, supervisor: User | None = None, **changed: str) -> dict[str, str]:
    return {
        "safe_now": "YES",
        "unit": str(force.unit.pk),
        "officer": str(officer.pk) if officer else "",
        "supervisor": str((supervisor or force.sergeant).pk),
        "has_connected_staff": "no",
        **changed,
    }


def review(result: str = "SATISFACTORY", **changed: str) -> dict[str, str]:
    groups = ("suspect", "victim", "enquiries", "material", "prosecutor", "bail", "officer")
    return {
        "own_words": "Find the second witness before the bail date.",
        "result": result,
        **dict.fromkeys(groups, "SATISFACTORY"),
        **changed,
    }


def confirmed(answers: dict[str, str], page: bytes) -> dict[str, str]:
    """The same answers once more, after the page said that they are as last time."""
    (token,) = re.findall(r'<input type="hidden" name="is_same_again" value="([^"]+)"', page.decode())
    return {**answers, "is_same_again": html.unescape(token)}
