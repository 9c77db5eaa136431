"""TABLE: what a column of a tracker can be, and by which words above it that is guessed."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import TextChoices

from cases.enums import EventKind


class Field(TextChoices):
    CRIME_NUMBER = "CRIME_NUMBER", "Crime number"
    REPORTED = "REPORTED", "Reported on"
    RECORDED = "RECORDED", "Recorded as a crime on"
    OFFENCE = "OFFENCE", "Offence"
    HAPPENED_FROM = "HAPPENED_FROM", "Happened on, or from"
    HAPPENED_TO = "HAPPENED_TO", "Happened until"
    UNIT = "UNIT", "Unit"
    OFFICER = "OFFICER", "Officer in the case"
    STATUS = "STATUS", "Open or closed"
    RESTRICTED = "RESTRICTED", "Restricted (yes or no)"
    RELATIONSHIP = "RELATIONSHIP", "How V1 and S1 know each other"
    PLACE_KIND = "PLACE_KIND", "Kind of place"
    LAST_REVIEW = "LAST_REVIEW", "Last review on"
    NEXT_REVIEW = "NEXT_REVIEW", "Next review due on"
    SUPPORT_REFERRED = "SUPPORT_REFERRED", "Support referral on"
    PLAN_SET = "PLAN_SET", "Investigation plan on"
    ADVICE_DECIDED = "ADVICE_DECIDED", "Early-advice decision on"


HEADS: dict[Field, tuple[str, ...]] = {
    Field.CRIME_NUMBER: ("crime number", "crime no", "crime ref", "crn", "crime reference", "incident number", "urn", "occurrence number", "niche"),
    Field.REPORTED: ("reported", "date reported", "reported on", "report date", "date of report", "reported date"),
    Field.RECORDED: ("recorded", "date recorded", "recorded on", "crimed", "date crimed", "recorded date", "record date"),
    Field.OFFENCE: ("offence", "offence type", "crime type", "classification", "allegation"),
    Field.HAPPENED_FROM: ("happened", "happened from", "offence date", "date of offence", "incident date", "offence from", "committed from", "offence date from"),
    Field.HAPPENED_TO: ("happened to", "happened until", "offence to", "committed to", "offence date to"),
    Field.UNIT: ("unit", "team", "department", "station"),
    Field.OFFICER: ("officer", "oic", "officer in the case", "officer in case", "investigator", "investigating officer"),
    Field.STATUS: ("status", "case status", "state", "open closed"),
    Field.RESTRICTED: ("restricted", "restricted case", "sensitive", "staff involved"),
    Field.RELATIONSHIP: ("relationship", "relationship to suspect", "suspect relationship"),
    Field.PLACE_KIND: ("place", "kind of place", "location type", "place type"),
    Field.LAST_REVIEW: ("last review", "last reviewed", "last review on", "date of last review", "last supervisory review", "reviewed on"),
    Field.NEXT_REVIEW: ("next review", "next review due", "review due", "next review date"),
    Field.SUPPORT_REFERRED: ("support referral", "isva referral", "victim support", "support referral on", "referral date"),
    Field.PLAN_SET: ("investigation plan", "plan", "plan on", "investigation plan on", "plan set"),
    Field.ADVICE_DECIDED: ("early advice", "eia", "early advice decision", "eia decision", "early advice decision on"),
}  # fmt: skip

# What the tracker says was done meets the time limit of the case, on the day that it says.
MEETS: dict[Field, EventKind] = {
    Field.SUPPORT_REFERRED: EventKind.SUPPORT_REFERRED,
    Field.PLAN_SET: EventKind.INVESTIGATION_PLAN_SET,
    Field.ADVICE_DECIDED: EventKind.EARLY_ADVICE_DECIDED,
}
# What stands in these is one of a list of ours; where it is called otherwise, that is asked once and remembered.
CHOSEN_FROM_A_LIST = (Field.OFFENCE, Field.UNIT, Field.OFFICER, Field.STATUS, Field.RELATIONSHIP, Field.PLACE_KIND)


def plain_head(text: str) -> str:
    """“Crime No.:” -> “crime no”"""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


BY_HEAD = {head: field for field, heads in HEADS.items() for head in heads}


def meant_by(head: str) -> Field | None:
    """The field that a head names: the very word, else the longest word of the table that it begins with."""
    plain = plain_head(head)
    if plain in BY_HEAD:
        return BY_HEAD[plain]
    begins = [known for known in BY_HEAD if plain.startswith(f"{known} ")]
    return BY_HEAD[max(begins, key=len)] if begins else None


def is_known_head(text: str) -> bool:
    return len(text) <= 60 and meant_by(text) is not None


def guess(heads: Sequence[str], remembered: Iterable[Mapping[str, str]] = ()) -> dict[int, Field]:
    """Which column holds what: as its owner said before of a column so called, else by its words. Each field once, leftmost first."""
    known: dict[str, str] = {}
    for one in remembered:
        known = {**one, **known}
    found: dict[int, Field] = {}
    for said_before in (True, False):
        for position, head in enumerate(heads):
            if head in known:
                field = Field(known[head]) if said_before and known[head] in Field.values else None
            else:
                field = None if said_before else meant_by(head)
            if field is not None and position not in found and field not in found.values():
                found[position] = field
    return found
