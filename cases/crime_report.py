"""Plain text for the crime report: V1 and S1 instead of names, and no intelligence. Pure: given rows in, text out.

A recorded name goes wherever it was typed: whole, as a part of three letters or more, with or without accents, in capitals or not.
What nobody recorded cannot be found; the page says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from cases.enums import Nature
from kit import dates

SHORTEST_PART = 3
ACCENTS = "\u0300-\u036f"
APOSTROPHES = "'’‘`"
# Where a name was found in a spelling that leads to nobody in particular.
LEFT_OUT = "[name left out]"


class Known(NamedTuple):
    """Somebody of the case: what stands for them, and every name and alias that was recorded."""

    label: str
    names: tuple[str, ...]


class Part(NamedTuple):
    """A heading and the lines under it."""

    heading: str
    lines: Sequence[str]


def report(title: str, parts: Iterable[Part]) -> str:
    """The whole text. A part without lines is left out."""
    blocks = ["\n".join([part.heading, "-" * len(part.heading), *part.lines]) for part in parts if part.lines]
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *blocks]) + "\n"


def entry_lines(events: Iterable[Any], people: Sequence[Known], zone: tzinfo) -> list[str]:
    """Entries of the chronology, one line or more each, in the order given; none that is intelligence. Struck ones say so."""
    lines = []
    for event in events:
        if event.nature == Nature.INTELLIGENCE:
            continue
        subject = f" ({event.subject})" if event.subject else ""
        opinion = " (opinion)" if event.nature == Nature.OPINION else ""
        text = f": {without_names(event.text, people)}" if event.text else ""
        line = f"{dates.day_and_time(event.happened_at.astimezone(zone))}, {event.get_kind_display()}{subject}{opinion}{text}"
        if event.struck_at is not None:
            line = f"[Entered in error: {without_names(event.struck_because, people)}] {line}"
        lines.append(line)
    return lines


def without_names(text: str, people: Sequence[Known]) -> str:
    """The text with V1 and S1 for the people of the case. A name that two of them share becomes “V1 or S1”."""
    labels = labels_of(people)
    if not labels or not text:
        return text
    words = "|".join(pattern_of(name) for name in sorted(labels, key=len, reverse=True))
    found = re.compile(rf"(?<![\w{ACCENTS}])(?:{words})(?![\w{ACCENTS}])", re.IGNORECASE)
    plain = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", found.sub(lambda match: " or ".join(labels.get(plain_name(match.group()), [LEFT_OUT])), plain)
    )


def labels_of(people: Sequence[Known]) -> dict[str, list[str]]:
    """Each name and part of a name, in its plain form, with those whose it is."""
    labels: dict[str, list[str]] = {}
    for known in people:
        for name in known.names:
            for word in (name, *re.split(r"[\s,;()]+", name), *re.split(r"[\s,;()-]+", name)):
                plain = plain_name(word)
                is_whole = word == name and plain
                if (is_whole or len(plain) >= SHORTEST_PART) and known.label not in labels.setdefault(plain, []):
                    labels[plain].append(known.label)
    return {name: whose for name, whose in labels.items() if whose}


def plain_name(name: str) -> str:
    """Small letters, no accents, one kind of apostrophe and of space: how one name is known as another spelling of itself."""
    bare = re.sub(f"[{ACCENTS}]", "", unicodedata.normalize("NFD", name)).lower()
    return re.sub(rf"[{APOSTROPHES}]", "'", " ".join(bare.split()))


def pattern_of(plain: str) -> str:
    """Finds the name in decomposed text, with any accents."""
    pieces = []
    for letter in plain:
        if letter == " ":
            pieces.append(r"\s+")
        elif letter == "'":
            pieces.append(f"[{APOSTROPHES}]")
        else:
            pieces.append(f"{re.escape(letter)}[{ACCENTS}]*")
    return "".join(pieces)
