"""The forms of a page as a browser has them, and what somebody types into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile

# Unmistakable, and of use to nobody who is not careful: a formula, the end of an attribute, an element with a handler.
NAME = "Zebedee Quillfeather"
TYPED = f"={NAME}\"'><b onclick=zqx()>"
PHONE = "07797 000123"
SECRET = f"{NAME} and a long pass phrase"
FILE = f"{NAME}.csv"
DATES = {"_day": "20", "_month": "11", "_year": "2026", "_time": "10:00"}
NOT_TYPED = {"submit", "button", "reset", "image"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    chosen: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)


class Forms(HTMLParser):
    """Reads them out of a page; ``links`` and ``title`` as well, and whatever no page of ours may hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.title = ""
        self.foreign: list[str] = []
        self._inside = ""
        self._select: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.links += [has[name] for name in ("href", "src", "action", "formaction", "data-autosave-url") if has.get(name)]
        self.foreign += [f"{tag} {name}" for name in has if name.startswith("on") or name == "style"]
        if tag in {"b", "iframe", "object", "embed", "base", "style"} or (tag == "script" and not has.get("src")):
            self.foreign.append(tag)
        if any(
            has.get(name, "").strip().lower().startswith(("javascript:", "data:", "vbscript:"))
            for name in ("href", "src", "action")
        ):
            self.foreign.append(f"{tag} with a script for an address")
        if tag == "title" and not self.title:
            self._inside = tag
        elif tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif self.forms:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str]) -> None:
        if tag == "option" and self._select is not None:
            self._select.options.append(has.get("value", ""))
            if "selected" in has:
                self._select.value = has.get("value", "")
        elif tag in {"input", "select", "textarea"} and has.get("name"):
            kind = has.get("type", "text") if tag == "input" else tag
            made = Field(has["name"], kind, has.get("value", ""), "checked" in has)
            self.forms[-1].fields.append(made)
            self._select = made if tag == "select" else None
            self._inside = "textarea" if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside == "textarea":
            self.forms[-1].fields[-1].value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""


def filled(form: Form) -> dict[str, object]:
    """Everything answered: what was chosen already stays, text is typed over."""
    answers: dict[str, object] = {}
    for one in form.fields:
        if one.kind in NOT_TYPED or one.name == "csrfmiddlewaretoken":
            continue
        if one.kind in {"radio", "checkbox"}:
            if one.chosen or one.name not in answers:
                answers[one.name] = one.value
        elif one.kind == "select":
            answers[one.name] = one.value or next(filter(None, one.options), "")
        elif one.kind == "file":
            answers[one.name] = SimpleUploadedFile(FILE, f"Crime number,{TYPED}\n{TYPED},{PHONE}\n".encode(), "text/csv")
        elif one.kind == "hidden":
            answers[one.name] = one.value
        else:
            answers[one.name] = text_for(one)
    return answers


def text_for(one: Field) -> str:
    for ending, value in DATES.items():
        if one.name.endswith(ending):
            return one.value or value
    if one.kind == "password":
        return SECRET
    return PHONE if "contact" in one.name else one.value if one.value.isdigit() else TYPED
