"""A crime report that somebody began and has not logged, as their supervisor reads it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from cases.queries.unfinished import unfinished_reports
from cases.views.log import STEPS, LogView
from cases.views.logged import TITLES, in_words
from kit.records import Kind
from kit.views import OpenTo, row_or_not_visible
from people.roles import Role


class UnfinishedReport(LogView):
    """What was typed, right or wrong, to read only. The names stand there, so opening it is recorded as showing names."""

    access = OpenTo(frozenset({Role.SERGEANT, Role.INSPECTOR}))
    record_kind = Kind.NAMES_SHOWN
    template_name = "cases/log/unfinished.html"

    def load(self) -> None:
        self.draft = row_or_not_visible(unfinished_reports(self.actor, self.now).filter(pk=self.kwargs["draft_id"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        pages = [{"title": TITLES[step], "rows": typed_rows(self.build(step, self.typed(step)))} for step in STEPS]
        return self.render({"pages": pages, "draft": self.draft})


def typed_rows(form: forms.Form) -> list[dict[str, str]]:
    """What was typed on a page: in words where it can be read, else just as it was typed."""
    if not form.is_bound:
        return []
    form.is_valid()
    rows = []
    for name, field in form.fields.items():
        if name in form.cleaned_data:
            value = in_words(field, form.cleaned_data[name]) if form.cleaned_data[name] not in (None, "") else ""
        else:
            value = as_typed(form[name].value())
        if value:
            rows.append({"key": str(form[name].label), "value": value})
    return rows


def as_typed(value: Any) -> str:
    return " ".join(str(part) for part in value if part) if isinstance(value, list | tuple) else str(value or "")
