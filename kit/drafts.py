"""Showing a half-filled form again."""

from django.forms import BaseForm
from django.http import QueryDict

# What a browser sends along that nobody typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "draft", "later", "once", "merging"})


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
