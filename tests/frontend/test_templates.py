"""Rules that every template keeps."""

import re
from pathlib import Path

import pytest
from django.template import engines

from rasso.forms import PROJECT_TEMPLATES

TEMPLATES = sorted(PROJECT_TEMPLATES.rglob("*.html"))


@pytest.fixture(params=TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT_TEMPLATES)))
def template(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_says_first_what_it_is(template: Path) -> None:
    assert re.match(r"\{#|\{% comment %\}", template.read_text()), "begin with a comment that says what it expects"


def test_compiles(template: Path) -> None:
    engines["django"].get_template(str(template.relative_to(PROJECT_TEMPLATES)))


def test_has_no_inline_script_or_style(template: Path) -> None:
    source = template.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", source)
    for opening, content in re.findall(r"(<script[^>]*>)(.*?)</script>", source, flags=re.DOTALL):
        assert "src=" in opening and not content.strip()


def test_a_page_has_a_title(template: Path) -> None:
    source = template.read_text()
    if '{% extends "base.html" %}' in source:
        assert "{% block title %}" in source
