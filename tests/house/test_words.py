"""Words that belong to the code and never stand on a page (decisions.md 1)."""

import ast
import re

import pytest
from django.db.models import TextChoices

from cases import enums
from tests.house.sources import ROOT, nodes, place

CODE_WORDS = ("chronology", "pseudonym", "break-glass", "break glass", "sign off", "signed off", "disclos")
NOT_SHOWN = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.S)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))


@pytest.mark.parametrize("word", CODE_WORDS)
def test_stands_in_no_template(word: str) -> None:
    shown = {path.name: NOT_SHOWN.sub(" ", path.read_text(encoding="utf-8")).lower() for path in TEMPLATES}
    assert [name for name, text in shown.items() if word in text] == []


@pytest.mark.parametrize("word", CODE_WORDS)
def test_stands_in_no_label_of_a_choice(word: str) -> None:
    choices = [
        one for one in vars(enums).values() if isinstance(one, type) and issubclass(one, TextChoices) and one is not TextChoices
    ]
    assert [str(label) for each in choices for label in each.labels if word in str(label).lower()] == []


@pytest.mark.parametrize("word", CODE_WORDS)
def test_stands_in_no_sentence_that_a_page_gets_from_python(word: str) -> None:
    """A string of several words; docstrings, names of templates and statements are none."""
    docstrings = {
        id(body[0].value)
        for _, node in nodes(ast.Module, ast.ClassDef, ast.FunctionDef)
        if (body := getattr(node, "body", [])) and isinstance(body[0], ast.Expr)
    }
    found = [
        place(path, node)
        for path, node in nodes(ast.Constant)
        if path.startswith(("cases/", "people/", "rasso/pages", "rasso/home"))
        and isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and " " in node.value
        and word in node.value.lower()
        and "SELECT" not in node.value
    ]
    assert found == []
