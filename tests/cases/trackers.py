"""Trackers for tests: a file in memory, staged, mapped, checked and loaded by the real operations."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cases import operations
from cases.models import ImportRow, ImportRun
from cases.tracker.fields import Field, guess, is_known_head
from kit.tables import read_table
from people.models import User
from tests.worlds import actor, building

HEADS = (
    "Crime number",
    "Date reported",
    "Date recorded",
    "Offence",
    "Unit",
    "OIC",
    "Status",
    "Last review",
    "Next review due",
    "Support referral",
)


def row(number: str = "T/1/26", **changed: str) -> dict[str, str]:
    """One that can be loaded."""
    return {
        "Crime number": number,
        "Date reported": "02/11/2026 09:30",
        "Date recorded": "02/11/2026 11:00",
        "Offence": "Rape (article 5)",
        "Unit": "Invented Team One",
        "OIC": "investigator",
        **changed,
    }


def csv_file(rows: Iterable[Mapping[str, str]], heads: Sequence[str] = HEADS) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def staged(user: User, rows: Iterable[Mapping[str, str]], heads: Sequence[str] = HEADS) -> ImportRun:
    file = csv_file(rows, heads)
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    return operations.begin_import(actor=actor(user), table=read_table(file, is_known_head), digest=digest)


def mapped(user: User, rows: Iterable[Mapping[str, str]], heads: Sequence[str] = HEADS, **more: Any) -> ImportRun:
    run = staged(user, rows, heads)
    answers: dict[str, Any] = {"fields": guess(run.heads), "unit_id": None, "said": {}, **more}
    operations.map_import(actor=actor(user), run_id=run.pk, **answers)
    return run


def checked(user: User, rows: Iterable[Mapping[str, str]], heads: Sequence[str] = HEADS, **more: Any) -> ImportRun:
    run = mapped(user, rows, heads, **more)
    while operations.check_import(actor=actor(user), run_id=run.pk).is_more:
        pass
    return run


def loaded(user: User, rows: Iterable[Mapping[str, str]], *, quiet_until: Any = None, **more: Any) -> ImportRun:
    run = checked(user, rows, **more)
    while operations.load_import(actor=actor(user), run_id=run.pk, quiet_until=quiet_until).is_more:
        pass
    return run


def lines(run: ImportRun) -> list[tuple[int, str, str]]:
    """What became of each row: its number, its state, its reasons."""
    with building():
        return list(ImportRow.unguarded.filter(run=run).order_by("number").values_list("number", "state", "reasons"))


__all__ = ["Field", "checked", "csv_file", "lines", "loaded", "mapped", "row", "staged"]
