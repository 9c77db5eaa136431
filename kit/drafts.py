"""Keeping a half-filled form, and showing it again."""

from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm
from django.http import QueryDict

# What a browser sends along that nobody typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "draft", "later", "once", "merging", "showing", "sending"})
MOST_SENDINGS = 100_000


@dataclass(frozen=True)
class Sending:
    """Which showing of a page sends what was typed, and for the how-manieth time. What a page sends by itself can be overtaken by the
    form itself on the way; it then holds less than what is kept already."""

    showing: UUID
    number: int

    def was_overtaken(self, kept: dict[str, int]) -> bool:
        return self.number < kept.get(str(self.showing), 0)

    def beside(self, kept: dict[str, int]) -> dict[str, int]:
        """With the other showings, of which some may still be on their way."""
        return {**kept, str(self.showing): self.number}


def sending_of(data: QueryDict) -> Sending | None:
    """As the page says it; None where it says nothing that can be right."""
    try:
        showing, number = UUID(data.get("showing", "")), int(data.get("sending", ""))
    except ValueError:
        return None
    return Sending(showing, number) if 0 <= number <= MOST_SENDINGS else None


def typed_in(data: QueryDict) -> dict[str, list[str]]:
    """What somebody typed, as it can be kept in a draft."""
    return {storable(name): [storable(value) for value in values] for name, values in data.lists() if name not in NOT_TYPED}


def storable(text: object) -> str:
    """Without the one character that PostgreSQL cannot store; forms refuse it when it is sent."""
    return str(text).replace("\0", "")


def as_sent(kept: dict[str, list[str]]) -> QueryDict:
    """What was kept, as a form wants it."""
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, list(values))
    return data


def without_errors(form: BaseForm) -> None:
    """Let a form show what was typed without complaining about what is not typed yet."""
    if form.is_bound:
        form._errors = type(form.errors)()  # type: ignore[attr-defined]
