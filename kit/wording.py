"""Labels that stand inside a sentence."""

from collections.abc import Iterable


def in_sentence(label: str) -> str:
    """“Through the SARC” -> “through the SARC”; “V1 told” and “SARC” stay as they are."""
    text = str(label)
    is_short_form = len(text) > 1 and not text[1].islower() and not text[1].isspace()
    return text if is_short_form else text[:1].lower() + text[1:]


def listed(names: Iterable[str]) -> str:
    """A1, A3 and A7"""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def before(text: str, mark: str) -> str:
    """A text that somebody typed, with more to follow: “the rest.” -> “the rest,”; “Who knew?” stays, because its own mark is enough."""
    text = str(text).rstrip()
    return text if text.endswith(("?", "!")) else text.rstrip(".") + mark
