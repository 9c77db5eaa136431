"""TABLE 4: the stages of a case from the first contact to what was learned, computed from the entries that stand; nobody types a stage.

The model of the College of Policing has fifteen stages. Only the names of the first two are public and theirs; the other thirteen
are ours, and a force puts its own names and its own kinds of entries here (domain.md 1.3).

Pure: kinds of entries and moments in, stages out. Stages run in parallel, and what struck-out entries reached was never reached.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.enums import EventKind


@dataclass(frozen=True)
class Slot:
    """``undone_by``: from such an entry on, what reached the stage before does not count."""

    name: str
    reached_by: frozenset[EventKind]
    undone_by: frozenset[EventKind] = frozenset()


def _slot(name: str, *kinds: EventKind, undone_by: frozenset[EventKind] = frozenset()) -> Slot:
    return Slot(name, frozenset(kinds), undone_by)


TABLE: tuple[Slot, ...] = (
    _slot("First contact and recording", EventKind.CASE_RECORDED),
    _slot("Initial conversation", EventKind.WISHES_ASKED, EventKind.VICTIM_CONTACT),
    _slot("Safety and immediate needs", EventKind.SAFETY_CHECKED),
    _slot("Early evidence", EventKind.FORENSIC_STEP),
    _slot("Allocation", EventKind.CASE_ALLOCATED),
    _slot("Rights and support", EventKind.SUPPORT_REFERRED, EventKind.SPECIAL_MEASURES),
    _slot("Account of V1", EventKind.VICTIM_ACCOUNT),
    _slot("Investigation plan and lines of enquiry", EventKind.INVESTIGATION_PLAN_SET),
    _slot("Suspect and history", EventKind.REPEAT_SUSPECT_CHECK),
    _slot("Arrest and interview", EventKind.SUSPECT_ARRESTED, EventKind.SUSPECT_INTERVIEWED),
    _slot(
        "Bail and protective measures",
        EventKind.SUSPECT_BAILED,
        EventKind.BAIL_CHANGED,
        EventKind.RELEASED_UNDER_INVESTIGATION,
        EventKind.PROTECTIVE_ORDER,
    ),
    _slot("Digital and third-party material", EventKind.DEVICE_TAKEN, EventKind.THIRD_PARTY_MATERIAL),
    _slot("Early advice and case building", EventKind.EARLY_ADVICE_DECIDED),
    # No entry of this part of the product reaches it yet.
    _slot("Decision about prosecution"),
    _slot("Outcome and learning", EventKind.CASE_CLOSED, undone_by=frozenset({EventKind.CASE_REOPENED})),
)
# Every kind that bears on a stage: what a page must know the moments of.
COUNTED = frozenset(kind for slot in TABLE for kind in slot.reached_by | slot.undone_by)


@dataclass(frozen=True)
class Stage:
    number: int
    name: str
    reached_at: datetime | None


@dataclass(frozen=True)
class Journey:
    stages: tuple[Stage, ...]

    @property
    def furthest(self) -> Stage:
        """The furthest stage reached; the first, where nothing stands at all."""
        return next((stage for stage in reversed(self.stages) if stage.reached_at is not None), self.stages[0])


def journey(entries: Iterable[tuple[str, datetime]]) -> Journey:
    """How far a case has come by these entries, all of which stand, in whatever order.

    The first and the last moment of each kind are enough.
    """
    moments: dict[str, list[datetime]] = {}
    for kind, at in entries:
        moments.setdefault(kind, []).append(at)
    return Journey(tuple(Stage(number, slot.name, _reached(slot, moments)) for number, slot in enumerate(TABLE, start=1)))


def _reached(slot: Slot, moments: Mapping[str, list[datetime]]) -> datetime | None:
    undone = max((at for kind in slot.undone_by for at in moments.get(kind, ())), default=None)
    counting = (at for kind in slot.reached_by for at in moments.get(kind, ()) if undone is None or at > undone)
    return min(counting, default=None)
