"""“Export this list”: the rows of a list as a file for a spreadsheet, under the filters in force, recorded with every case in it.

A list says its columns and its rows (``ExportList``). All of it is written inside the transaction of the read, so that no row passes
the reader's reach, and held in memory: nothing about a case is laid on a disk. Before it leaves, the reader is looked at again: an
export takes longer than a page, and a right may end meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from kit import dates
from kit.records import Kind, record
from kit.spreadsheets import BYTE_ORDER_MARK, Cell, lines_of
from kit.views import GuardedView

MOST_ROWS = 10_000
MARKING = "OFFICIAL-SENSITIVE"
CHANGED_MEANWHILE = "What you may see changed while the list was being exported. Open the list again and export it from there."


@dataclass(frozen=True)
class Column:
    heading: str
    value: Callable[[Any], Cell]


class ExportList(GuardedView):
    """Base of every export; declares its access as the page of the list does.

    ``file_name`` and ``heading`` are words of the list, without a person or a reference.
    """

    record_kind = Kind.EXPORTED
    needs_step_up = True
    is_download = True
    file_name: ClassVar[str]
    heading: str
    columns: ClassVar[tuple[Column, ...]]

    def rows(self, most: int) -> Iterable[Any]:
        """The rows of the list in its order, as the reader; no more than ``most``."""
        raise NotImplementedError(f"{type(self).__name__}.rows")

    def filters_in_words(self) -> str:
        """“Show: Open cases. Officer in the case: DC Vibert.”; empty where nothing is filtered."""
        return ""

    def about(self) -> Iterable[UUID]:
        """The case whose list it is, if it is one case's."""
        return ()

    def words(self) -> str:
        """What was asked for, where the record is to hold that."""
        return ""

    def case_id_of(self, row: Any) -> UUID | None:
        """The case that a row speaks of, for the access record."""
        return None

    def has_changed(self, case_ids: list[UUID]) -> bool:
        """Whether the reader lost a right to something in the file while it was written. One query."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT rasso.actor_roles()")
            (roles,) = cursor.fetchone()
        return frozenset(roles) != self.actor.roles

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = iter(self.rows(MOST_ROWS + 1))
        case_ids = dict.fromkeys(self.about())
        lines = list(lines_of(self.written(islice(rows, MOST_ROWS), case_ids)))
        is_whole = next(rows, None) is None
        if self.has_changed(list(case_ids)):
            return self.not_exported(CHANGED_MEANWHILE)
        record(Kind.EXPORTED, self.page, case_ids, words=self.words())
        head = lines_of([self.first_line(len(lines), is_whole), [column.heading for column in self.columns]])
        moment = timezone.localtime(self.now)
        headers = {"Content-Disposition": f'attachment; filename="{self.file_name}-{moment:%Y-%m-%d-%H%M}.csv"'}
        whole = b"".join([BYTE_ORDER_MARK, *head, *lines])
        return HttpResponse(whole, content_type="text/csv; charset=utf-8", headers=headers)

    def written(self, rows: Iterable[Any], case_ids: dict[UUID, None]) -> Iterator[list[Cell]]:
        for row in rows:
            if case_id := self.case_id_of(row):
                case_ids[case_id] = None
            yield [column.value(row) for column in self.columns]

    def first_line(self, number: int, is_whole: bool) -> list[Cell]:
        """What a print carries on each page: the marking, whose it is and of when; then what the file holds."""
        user: Any = self.request.user
        moment = dates.day_and_time(timezone.localtime(self.now))
        held = f"{self.heading}: {dates.count(number, 'row')}"
        if not is_whole:
            held = f"{self.heading}: the first {MOST_ROWS:,} rows. There are more; choose filters and export each part"
        return [MARKING, f"Exported by {user.called} on {moment}", held, self.filters_in_words()]

    def not_exported(self, why: str) -> HttpResponse:
        record(Kind.REFUSED, self.page, outcome=409, words=self.words())
        frame = {"view": self, "actor": self.actor, "now": self.now, "today": self.today, "reasons": [why]}
        return TemplateResponse(self.request, "409.html", frame, status=409)


def filters_in_words(form: forms.Form) -> str:
    """“Show: Open cases. Officer in the case: DC Vibert”, of every choice that filters or orders."""
    chosen = []
    for field in form:
        labels = {str(value): str(label) for value, label in getattr(field.field, "choices", ())}
        if label := labels.get(str(field.value() or "")):
            chosen.append(f"{field.label}: {label}")
    return ". ".join(chosen)
