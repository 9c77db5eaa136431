"""No form of ours lets Django say "This field is required."."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms

from tests.frontend import style_sheet

ROOT = Path(__file__).resolve().parents[2]
DJANGO_SAYS = str(forms.Field.default_error_messages["required"])


def modules() -> Iterator[str]:
    for pattern in ("*/forms.py", "*/forms/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            inside = path.relative_to(ROOT)
            if inside.parts[0] in {"cases", "people"}:
                yield ".".join(inside.with_suffix("").parts)


def forms_of(module: str) -> list[type[forms.Form]]:
    found = vars(importlib.import_module(module)).values()
    own = [one for one in found if isinstance(one, type) and issubclass(one, forms.Form) and one.__module__ == module]
    # A library's form gets our words when it is made.
    return [form for form in own if not any(base.__module__.startswith("allauth.") for base in form.__mro__)]


def speechless(form: type[forms.Form]) -> list[str]:
    asked = [(name, field) for name, field in form.base_fields.items() if field.required and not field.widget.is_hidden]
    return [name for name, field in asked if str(field.error_messages["required"]) == DJANGO_SAYS]


@pytest.mark.parametrize("module", list(modules()))
def test_every_required_field_says_what_to_do(module: str) -> None:
    for form in forms_of(module):
        assert speechless(form) == [], f"{form.__qualname__}: use the fields of kit.fields, or give error_messages"


def test_a_field_that_says_nothing_is_found() -> None:
    class Speechless(forms.Form):
        name = forms.CharField()
        note = forms.CharField(required=False)

    assert speechless(Speechless) == ["name"]
    assert speechless(style_sheet.EveryField) == []
