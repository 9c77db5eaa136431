"""How much each officer carries, for whoever chooses one: numbers only, and only of those who are offered."""

from dataclasses import dataclass
from datetime import date

from cases.queries.scope import rows
from kit import dates
from people.queries import staff_on


@dataclass(frozen=True)
class Caseload:
    open_cases: int
    with_late: int

    @property
    def in_words(self) -> str:
        """9 open cases, 2 with something late"""
        if not self.open_cases:
            return "no open cases"
        late = f", {self.with_late} with something late" if self.with_late else ""
        return f"{dates.count(self.open_cases, 'open case')}{late}"


NOTHING = Caseload(0, 0)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a case: the key as forms send it, rank and name, and what they carry."""

    key: str
    called: str
    carries: str = ""

    @property
    def choice(self) -> tuple[str, str]:
        """“DC …, 9 open cases, 2 with something late”, as a form offers it."""
        return self.key, f"{self.called}, {self.carries}" if self.carries else self.called


def caseloads() -> dict[int, Caseload]:
    """By officer; who has no open case does not stand there. Restricted cases are not counted. One query."""
    found = rows("SELECT officer_id, open_cases, with_late FROM rasso.caseloads()", {})
    return {row["officer_id"]: Caseload(row["open_cases"], row["with_late"]) for row in found}


def officers_to_choose(today: date, *, but: int | None = None) -> list[Candidate]:
    """Who could take a case, in the order of names, each with what they carry. Never in the order of the numbers. Five queries.
    ``but``: whoever has it now."""
    carried = caseloads()
    return [
        Candidate(key, called, carried.get(int(key), NOTHING).in_words)
        for key, called in staff_on(today).investigators
        if key != str(but)
    ]
