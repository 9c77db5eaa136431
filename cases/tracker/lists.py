"""What the words of a tracker can name: the force's units, officers and offences, and how their owner said they are called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cases.enums import PlaceKind, Relationship
from cases.offences import offences_for
from cases.tracker.fields import Field

# The answer to “who is Dave S?” that leaves the case to whoever allocates it.
NOBODY = "NOBODY"
OPEN, CLOSED = "OPEN", "CLOSED"
STATUS_WORDS = {
    OPEN: ("open", "live", "active", "ongoing", "current", "under investigation", "investigating", "recorded", "pending"),
    CLOSED: (
        "closed",
        "filed",
        "finalised",
        "nfa",
        "charged",
        "no further action",
        "complete",
        "completed",
        "transferred",
        "undetected",
    ),
}
STATUS_LABELS = {OPEN: "Open", CLOSED: "Closed"}
NO_WORDS = frozenset({"", "no", "n", "false", "0", "not restricted"})


class Ambiguous(Exception):
    """Several things of ours are called so; the message says how to tell them apart."""


@dataclass(frozen=True)
class Person:
    """Somebody who can be officer in a case, by the names that a tracker may use."""

    key: int
    username: str
    rank: str
    given_name: str
    family_name: str

    def names(self) -> Iterable[str]:
        given, family = self.given_name, self.family_name
        yield self.username
        yield f"{self.rank} {given} {family}"
        yield f"{self.rank} {family}"
        yield f"{given} {family}"
        yield f"{family} {given}"
        yield f"{family}, {given}"


class Unit(NamedTuple):
    key: int
    name: str
    is_supervised: bool


def alike(text: str) -> str:
    """How two writings of one name are compared."""
    return " ".join(text.casefold().split())


@dataclass
class Lists:
    """``said``: field -> word of the tracker, as alike() writes it -> what its owner said that it means."""

    offences: Sequence[Any]
    units: Sequence[Unit]
    people: Sequence[Person]
    # Who supervises a case of a unit: the nearest first.
    supervisors: Mapping[int, Sequence[int]]
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.unit_named = {alike(unit.name): unit for unit in self.units}
        self.unit_by_key = {unit.key: unit for unit in self.units}
        self.people_keys = {person.key for person in self.people}
        self.offence_by_code = {offence.code: offence for offence in self.offences}
        self.called: dict[str, set[int]] = {}
        for person in self.people:
            for name in person.names():
                self.called.setdefault(alike(name), set()).add(person.key)
        self.offences_called: dict[str, list[Any]] = {}
        for offence in self.offences:
            for name in {
                alike(n)
                for n in (offence.code, offence.label, offence.provision, str(offence), f"{offence.label} {offence.provision}")
            }:
                self.offences_called.setdefault(name, []).append(offence)

    def meaning(self, field: Field, text: str) -> str | None:
        """What the owner of the tracker said that this word means."""
        return self.said.get(field.value, {}).get(alike(text))

    def unit(self, text: str) -> Unit | None:
        said = self.meaning(Field.UNIT, text)
        return self.unit_by_key.get(int(said)) if said else self.unit_named.get(alike(text))

    def officer(self, text: str) -> int | str | None:
        """The officer's key, NOBODY, or None for a name that nobody has. Raises Ambiguous."""
        said = self.meaning(Field.OFFICER, text)
        if said == NOBODY:
            return NOBODY
        if said:
            return int(said) if int(said) in self.people_keys else None
        found = self.called.get(alike(text), set())
        if len(found) > 1:
            raise Ambiguous("More than one officer has this name. Write the user name.")
        return next(iter(found), None)

    def offence(self, text: str, happened_from: date | None, happened_to: date | None) -> Any:
        """The offence that was in force when it happened; None if the list knows none so called. Raises Ambiguous."""
        said = self.meaning(Field.OFFENCE, text)
        found = [self.offence_by_code[said]] if said in self.offence_by_code else self.offences_called.get(alike(text), [])
        if not found:
            return None
        in_force = offences_for(found, happened_from, happened_to)
        if not in_force:
            raise Ambiguous("It was not in force when it happened. Write the offence of the law of that day.")
        if len(in_force) > 1:
            raise Ambiguous(
                "More than one law has an offence of this name. Write when it happened, or the offence with its provision, "
                f"for example {in_force[0]}."
            )
        return in_force[0]

    def one_of(self, field: Field, text: str, choices: Iterable[tuple[str, Any]]) -> str | None:
        if (said := self.meaning(field, text)) is not None:
            return said
        return next((code for code, label in choices if alike(text) in (alike(code), alike(str(label)))), None)

    def status(self, text: str) -> str | None:
        if (said := self.meaning(Field.STATUS, text)) is not None:
            return said
        return next((status for status, words in STATUS_WORDS.items() if alike(text) in words), None)

    def knows(self, field: Field, text: str) -> bool:
        """Whether the word means something already, so that its owner need not be asked."""
        try:
            match field:
                case Field.UNIT:
                    return self.unit(text) is not None
                case Field.OFFICER:
                    return self.officer(text) is not None
                case Field.STATUS:
                    return self.status(text) is not None
                case Field.RELATIONSHIP:
                    return self.one_of(field, text, Relationship.choices) is not None
                case Field.PLACE_KIND:
                    return self.one_of(field, text, PlaceKind.choices) is not None
                case _:
                    return self.meaning(field, text) is not None or len(self.offences_called.get(alike(text), ())) == 1
        except Ambiguous:
            return False

    def choices(self, field: Field) -> list[tuple[str, str]]:
        """What a word of this field can be said to mean."""
        match field:
            case Field.UNIT:
                return [(str(unit.key), unit.name) for unit in self.units if unit.is_supervised]
            case Field.OFFICER:
                people = [(str(one.key), f"{one.rank} {one.given_name} {one.family_name}".strip()) for one in self.people]
                return [(NOBODY, "Nobody here: leave the case to be allocated"), *people]
            case Field.STATUS:
                return list(STATUS_LABELS.items())
            case Field.RELATIONSHIP:
                return list(Relationship.choices)
            case Field.PLACE_KIND:
                return list(PlaceKind.choices)
            case _:
                return [(offence.code, str(offence)) for offence in self.offences]
