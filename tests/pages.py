"""Reads a page as its reader does: what stands in the boxes, and what is said to be wrong."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Sheet(HTMLParser):
    """``values``: name of a control -> what is typed or chosen there. ``summary``: sentence -> id that its link leads to.
    ``beside``: field id -> the sentences at the field."""

    def __init__(self, response: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, list[str]] = {}
        self.summary: dict[str, str] = {}
        self.beside: dict[str, list[str]] = {}
        self.ids: set[str] = set()
        self.words: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._text = ""
        self.feed(response.content.decode())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.values.setdefault(given.get("name", ""), []).append(given.get("value", ""))
        if tag == "option" and "selected" in given:
            self.values.setdefault(self._around("select").get("name", ""), []).append(given.get("value", ""))
        if tag not in VOID:
            self._open.append((tag, given))
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1][0] != tag:
            self._open.pop()
        given = self._open.pop()[1] if self._open else {}
        text = " ".join(self._text.split())
        if tag == "textarea":
            # Browsers leave out the line end that follows the tag.
            self.values.setdefault(given.get("name", ""), []).append(self._text.removeprefix("\r").removeprefix("\n"))
        if tag in {"a", "li"} and self._is_inside("govuk-error-summary__list") and text:
            self.summary[text] = given.get("href", "").removeprefix("#")
            self._text = ""
        if tag == "p" and given.get("class") == "govuk-error-message":
            field = next((one["id"] for _, one in reversed(self._open) if one.get("id", "").endswith("_error")), "")
            self.beside.setdefault(field.removesuffix("_error"), []).append(text.removeprefix("Error: "))

    def handle_data(self, data: str) -> None:
        self._text += data
        self.words.append(data)

    def _around(self, tag: str) -> dict[str, str]:
        return next((given for name, given in reversed(self._open) if name == tag), {})

    def _is_inside(self, css: str) -> bool:
        return any(css in given.get("class", "") for _, given in self._open)


def assert_says(response: Any, field: str, sentence: str, status: int = 422) -> Sheet:
    """Wrong input: said above with a link to the field, and in the same words beside the field."""
    assert response.status_code == status, response.content.decode()[:2000]
    sheet = Sheet(response)
    assert sentence in sheet.summary, sheet.summary
    link = sheet.summary[sentence]
    assert link in sheet.ids, f"the link leads to #{link}, which is not there"
    assert link == f"id_{field}" or link.startswith(f"id_{field}_")
    assert sentence in sheet.beside.get(f"id_{field}", []), sheet.beside
    return sheet


def assert_kept(sheet: Sheet, typed: Mapping[str, str]) -> None:
    """All that was typed stands there again."""
    missing = {name: text for name, text in typed.items() if text and text not in sheet.values.get(name, [])}
    assert not missing, {name: sheet.values.get(name) for name in missing}
