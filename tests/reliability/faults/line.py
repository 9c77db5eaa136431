"""What a fault did, as one line of a table."""

from dataclasses import asdict, dataclass
from typing import Any

HEAD = ("fault", "what", "tried", "kept", "refused", "doubled", "lost")


@dataclass(frozen=True)
class Line:
    """``tried``: what should be there at the end, or was asked for. ``kept`` of them are there, each once; ``refused`` were
    told so; ``doubled`` were there more than once; ``lost`` are neither there nor was anybody told."""

    fault: str
    what: str
    tried: int
    kept: int
    refused: int = 0
    doubled: int = 0
    lost: int = 0
    # How many may have been doubled: a mail server was given a message by somebody who died before noting it.
    may_double: int = 0
    seen: str = ""

    @property
    def passes(self) -> bool:
        return self.lost == 0 and self.doubled <= self.may_double and self.tried == self.kept + self.refused

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "passes": self.passes}

    def __str__(self) -> str:
        return f"{self.fault:<5} {self.what:<66} {self.tried:>7} {self.kept:>7} {self.refused:>7} {self.doubled:>7} {self.lost:>5}  {self.seen}"


def heading() -> str:
    return f"{HEAD[0]:<5} {HEAD[1]:<66} {HEAD[2]:>7} {HEAD[3]:>7} {HEAD[4]:>7} {HEAD[5]:>7} {HEAD[6]:>5}"
