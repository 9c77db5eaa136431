"""What stands out, as the auditor reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit.models import SignalAnswer
from audit.queries.ask import ask
from audit.signals import BY_KIND, Kind
from kit.wording import in_sentence
from people.models import PeopleChange
from people.roles import Role

MOST = 1000
MOST_ANSWERED = 50


@dataclass(frozen=True)
class Found:
    id: int
    label: str
    says: str
    why: str
    at: datetime
    entry_id: int
    user_id: int | None
    case_id: UUID | None
    answer: str
    words: str
    answered_by: str
    answered_at: datetime | None


def open_signals(*, of_auditors: bool = False) -> list[Found]:
    """Those that nobody has answered, oldest first. ``of_auditors``: of what auditors did, for the Detective Superintendent."""
    return found(False, MOST, None, of_auditors)


def answered_signals() -> list[Found]:
    """Those answered last."""
    return found(True, MOST_ANSWERED, None, False)


def signal_of(signal_id: int, *, of_auditors: bool) -> Found | None:
    return next(iter(found(False, 1, signal_id, of_auditors)), None)


def found(are_answered: bool, most: int, wanted: int | None, of_auditors: bool) -> list[Found]:
    return [in_words(row) for row in ask("SELECT * FROM rasso.signals(%s, %s, %s, %s)", are_answered, most, wanted, of_auditors)]


def given(row: dict[str, Any]) -> str:
    """“new first password given”, “role given, Detective Sergeant”, “joined unit Team One”."""
    match row["what"]:
        case None:
            return ""
        case PeopleChange.What.UNIT_JOINED:
            return f"joined unit {row['unit']}"
        case PeopleChange.What.UNIT_CHANGED:
            return f"unit moved, from “{row['was']}” to “{row['became']}”"
    what = in_sentence(PeopleChange.What(row["what"]).label)
    return f"{what}, {Role(row['role']).label}" if row["role"] else what


def to_whom(row: dict[str, Any]) -> str:
    return row["person"] or (f"everybody above unit {row['unit']}" if row["unit"] else "")


def in_words(row: dict[str, Any]) -> Found:
    signal = BY_KIND[Kind(row["kind"])]
    parts = {
        "who": row["who"] or "",
        "reference": row["reference"] or "",
        "number": row["number"] or 0,
        "login": row["login"] or "",
        "person": to_whom(row),
        "given": given(row),
    }
    return Found(
        id=row["id"],
        label=signal.label,
        says=signal.says.format(**parts),
        why=signal.why,
        at=row["at"],
        entry_id=row["entry_id"],
        user_id=row["user_id"],
        case_id=row["case_id"],
        answer=SignalAnswer.Answer(row["answer"]).label if row["answer"] else "",
        words=row["words"] or "",
        answered_by=row["answered_by"] or "",
        answered_at=row["answered_at"],
    )
