"""An administrator at work on the shared cast, through the pages."""

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from people.models import RoleAssignment, User
from tests.worlds import MONDAY, building

TODAY = MONDAY


def boxes(name: str, day: date | None) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("day", "month", "year")}


def version(user: User) -> int:
    with building():
        return User.objects.get(pk=user.pk).version


def page_of(user: User, part: str = "") -> str:
    return f"/people/{user.pk}/{part}"


def send(client: Client, user: User, part: str, **fields: Any) -> HttpResponse:
    """A form about somebody, opened just now."""
    return client.post(page_of(user, part), {"version": version(user), **fields})


def roles_of(user: User, day: date = TODAY) -> set[str]:
    with building():
        held = RoleAssignment.objects.filter(user=user, starts_on__lte=day).exclude(ends_on__lt=day)
        return set(held.values_list("role", flat=True))


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def first_password(answer: HttpResponse) -> str:
    found = re.search(r"<strong>([a-z]{4}(?:-[a-z]{4}){4})</strong>", answer.content.decode())
    assert found, text_of(answer)
    return found[1]


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)
