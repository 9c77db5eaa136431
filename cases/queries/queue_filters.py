"""Which part of the review queue somebody looks at."""

import enum
from dataclasses import dataclass


class Whose(enum.StrEnum):
    MINE = "mine"
    UNIT = "unit"
    COVERING = "covering"


class Show(enum.StrEnum):
    """Which part of the queue; each number in the sentence on top links to one."""

    ALL = ""
    ESCALATED = "escalated"
    LATE = "late"
    WEEK = "week"
    LATER = "later"
    # Late, and due in the next seven days: what stands on the home page.
    DUE = "due"


@dataclass(frozen=True)
class Filters:
    whose: Whose = Whose.MINE
    show: Show = Show.ALL
    kind: str = ""
    officer_id: int | None = None
