"""The documents that are made from the tables: what stands in the code is what stands in docs/."""

from collections.abc import Callable
from pathlib import Path

from rasso.documents.access import access_document
from rasso.documents.data_held import data_held_document
from rasso.documents.deadlines import deadlines_document
from rasso.documents.workflow import workflow_document

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"

DOCUMENTS: dict[str, Callable[[], str]] = {
    "access.md": access_document,
    "data-held.md": data_held_document,
    "workflow.md": workflow_document,
    "deadlines.md": deadlines_document,
}


def stale() -> list[str]:
    """The documents that no longer say what the code says."""
    return [name for name, make in DOCUMENTS.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != make()]


def write() -> None:
    for name, make in DOCUMENTS.items():
        (DOCS / name).write_text(make(), "utf-8")
