"""Tables and diagrams as Markdown."""

from collections.abc import Callable, Iterable, Sequence

from cases import access
from people.roles import Role

MADE = "Made by `make docs` from the tables in the code; do not edit."
# Where a diagram begins and ends.
OUTSIDE = "[*]"
Edge = tuple[str, str, str]


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [line(head), line(("---",) * len(head)), *(line(row) for row in rows), ""]


def line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def diagram(edges: Iterable[Edge]) -> list[str]:
    """A state diagram of (from, to, what happens); what leads the same way stands on one arrow."""
    together: dict[tuple[str, str], list[str]] = {}
    for source, target, what in edges:
        together.setdefault((source, target), []).append(what)
    arrows = [f"    {key(source)} --> {key(target)}: {', '.join(what)}" for (source, target), what in together.items()]
    names = {state for source, target, _ in edges_of(together) for state in (source, target)} - {OUTSIDE}
    named = [f'    state "{name}" as {key(name)}' for name in sorted(names) if key(name) != name]
    return ["```mermaid", "stateDiagram-v2", *named, *arrows, "```", ""]


def edges_of(together: dict[tuple[str, str], list[str]]) -> list[Edge]:
    return [(source, target, "") for source, target in together]


def key(name: str) -> str:
    """The name of a state as Mermaid wants it: one word."""
    return name if name == OUTSIDE else name.replace(" ", "_").capitalize()


def first_sentence(function: Callable[..., object]) -> str:
    """What a function says of itself, up to the first full stop that ends a line or stands before a space."""
    paragraph = " ".join((function.__doc__ or "").strip().split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".") + "."


def words(name: str) -> str:
    """`no_action_is_open` as people say it."""
    return name.replace("_", " ")


def who_may(act: object) -> str:
    """The roles that hold an act, each with its reach."""
    reaches: dict[str, list[str]] = {}
    for grant in access.TABLE.grants:
        if act in grant.acts:
            reaches.setdefault(Role(grant.role).label, []).append(words(grant.reach.__name__.lstrip("_")))
    return "; ".join(f"{role} ({', '.join(names)})" for role, names in reaches.items())
