"""Take over a force's tracker: the file, what its columns mean, the check, the loading, what became of each row."""

import hashlib
import time
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.enums import Act
from cases.forms.imports import LinesFilterForm, LoadForm, MappingForm, TrackerForm, WordsForm
from cases.models import Case
from cases.queries import imports
from cases.tracker.fields import Field, is_known_head
from cases.tracker.lists import NOBODY, alike
from cases.tracker.states import ImportState
from cases.views.show import with_query
from kit import dates
from kit.access import NotVisible
from kit.exports import Column, ExportList, filters_in_words
from kit.records import Kind
from kit.refusal import Blocked
from kit.tables import LARGEST_FILE, Unreadable, read_table
from kit.views import FormView, GuardedView, OpenTo, row_or_not_visible
from people.roles import Role

INSPECTORS = OpenTo(frozenset({Role.INSPECTOR}))
# A request works so long and then answers with how far it has come; the page goes on by itself, or by its button.
SECONDS_AT_ONCE = 8.0
LONGEST_ROW_NUMBER = 7
TOO_LARGE = f"The file is larger than {LARGEST_FILE // 2**20} MB. Save only the sheet with the cases, or save it in parts."


def work_on(chunk: Callable[[], Any]) -> None:
    """Chunk after chunk, each in a transaction of its own, until nothing waits or the time is up."""
    end = time.monotonic() + SECONDS_AT_ONCE
    while chunk().is_more and time.monotonic() < end:
        pass


class BeginImport(FormView):
    """One's runs, and the file of the next."""

    access = INSPECTORS
    record_kind = None
    template_name = "cases/imports/begin.html"
    operation = operations.begin_import

    def form(self, data: Any = None) -> TrackerForm:
        return TrackerForm(data, self.request.FILES if data is not None else None)

    def context(self, form: Any) -> dict[str, Any]:
        runs = list(imports.own_runs(self.actor)[: imports.MOST_RUNS])
        counts = imports.counts_of(runs, self.actor.user_id)
        shown = [
            {"run": run, "progress": imports.Progress(counts.get(run.pk, {})), "stage": imports.stage_of(run)} for run in runs
        ]
        return {"form": form, "runs": shown, "back_url": reverse("case-list")}

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise Blocked(TOO_LARGE)
        digest = hashlib.sha256()
        for block in file.chunks():
            digest.update(block)
        with self.reading():
            run = imports.unfinished_of(self.actor, digest.hexdigest())
        if run is not None and (run.mapped_at is None or run.loading_at is not None):
            messages.success(self.request, "You have already started to take over this file. Carry on here.")
            return HttpResponseRedirect(reverse("import-run", args=[run.pk]))
        if run is not None:
            messages.success(self.request, "The file has been read again, because nothing was loaded from it yet.")
        earlier_id = None if run is None else run.pk
        try:
            table = read_table(file.file, is_known_head)
            run = operations.begin_import(
                actor=self.actor, once=self.once, table=table, digest=digest.hexdigest(), instead_of=earlier_id
            )
        except Unreadable as unreadable:
            raise Blocked(str(unreadable)) from unreadable
        return HttpResponseRedirect(reverse("map-import", args=[run.pk]))


class OfRun:
    """What the pages about one run share: it is its reader's own."""

    access: ClassVar[Any] = INSPECTORS
    actor: Any
    kwargs: Any
    run: Any

    def load(self) -> None:
        self.run = row_or_not_visible(imports.own_runs(self.actor).filter(pk=self.kwargs["run_id"]))

    def url(self, name: str) -> str:
        return reverse(name, args=[self.run.pk])


class ImportRun(OfRun, GuardedView):
    """How far a run has come, and where it goes on."""

    record_kind = None
    template_name = "cases/imports/run.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        progress = imports.progress_of(self.run)
        context = {
            "run": self.run,
            "stage": imports.stage_of(self.run),
            "progress": progress,
            "go_on_url": self.go_on_url(),
            "may_undo": not imports.why_not_undone(self.run, self.now),
            "undo_until": self.run.loading_at and self.run.loading_at + imports.UNDO_WITHIN,
            "back_url": reverse("begin-import"),
        }
        return self.render(context)

    def go_on_url(self) -> str:
        if self.run.finished_at is not None or self.run.undone_at is not None or self.run.erased_at is not None:
            return ""
        if self.run.loading_at is not None:
            return self.url("load-import")
        return self.url("check-import" if self.run.mapped_at is not None else "map-import")


class OpenRun(OfRun, FormView):
    """A page of a run that still goes on."""

    record_kind = None

    def load(self) -> None:
        super().load()
        if self.run.erased_at is not None:
            raise NotVisible

    def sent_before(self) -> HttpResponse:
        return HttpResponseRedirect(self.url("import-run"))

    def back_url(self) -> str:
        return self.url("import-run")


class MapImport(OpenRun):
    """What each column is; then what the words mean that are not known."""

    template_name = "cases/imports/map.html"
    operation = operations.map_import
    meaning: imports.Meaning
    lists: Any

    def load(self) -> None:
        super().load()
        self.meaning = imports.meaning_of(self.actor, self.run)
        self.lists = imports.lists_for(self.actor, self.today, self.meaning.said)

    def form(self, data: Any = None) -> MappingForm:
        units = [(str(unit.key), unit.name) for unit in self.lists.units if unit.is_supervised]
        has_unit = any(field == "UNIT" for field in self.meaning.fields.values())
        unit_id = None if has_unit else self.meaning.unit_id
        examples = imports.examples(self.run, self.meaning.fields)
        heads = {
            place: (head, example)
            for place, (head, example) in enumerate(zip(self.run.heads, examples, strict=True))
            if self.is_kept(place)
        }
        return MappingForm(data, heads=heads, fields=self.meaning.fields, unit_id=unit_id, units=units)

    def is_kept(self, place: int) -> bool:
        """Whether what stood in a column is still here: it is erased once it was said that it is not read."""
        return self.run.mapped_at is None or place in self.meaning.fields

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "run": self.run,
            "back_url": self.back_url(),
            "erased": [head for place, head in enumerate(self.run.heads) if not self.is_kept(place)],
            "has_begun": self.run.loading_at is not None,
        }

    def perform(self, form: Any) -> HttpResponse:
        fields, unit_id = form.meaning()
        operations.map_import(
            actor=self.actor, once=self.once, run_id=self.run.pk, fields=fields, unit_id=unit_id, said=self.meaning.said
        )
        return HttpResponseRedirect(self.url("name-words"))


class NameWords(MapImport):
    """The words of the tracker that mean nothing yet, some on each page; without any, the check."""

    template_name = "cases/imports/words.html"
    words: Any
    asked: Any

    def load(self) -> None:
        super().load()
        self.words = imports.unknown_words(self.run, self.meaning.fields, self.lists)
        self.asked = imports.page_of_words(self.words, self.after)

    @property
    def after(self) -> int:
        """How many words were left open on the pages before."""
        return number_in(self.request.GET.get("after", ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        if not self.asked or self.run.mapped_at is None:
            return HttpResponseRedirect(self.url("check-import" if self.run.mapped_at else "map-import"))
        return self.show(self.form())

    def form(self, data: Any = None) -> Any:
        left = sum(map(len, self.words.values())) - self.after - sum(map(len, self.asked.values()))
        return WordsForm(data, words=self.asked, lists=self.lists, left=max(left, 0), has_officers=Field.OFFICER in self.words)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "run": self.run,
            "back_url": self.url("map-import"),
            "are_people": list(self.words) == [Field.OFFICER],
            "has_begun": self.run.loading_at is not None,
        }

    def perform(self, form: Any) -> HttpResponse:
        said = {field: dict(words) for field, words in self.meaning.said.items()}
        rest = form.cleaned_data["rest"]
        before = [field for field, some in self.words.items() for _ in some][: self.after]
        left_open = [field for field in (*before, *form.left_open()) if rest != NOBODY or field != Field.OFFICER]
        if rest == NOBODY:
            said.setdefault(Field.OFFICER.value, {}).update({alike(name): NOBODY for name in self.words[Field.OFFICER]})
        for field, words in form.said().items():
            said.setdefault(field, {}).update(words)
        operations.map_import(
            actor=self.actor,
            once=self.once,
            run_id=self.run.pk,
            fields=self.meaning.fields,
            unit_id=self.meaning.unit_id,
            said=said,
        )
        if rest == "REFUSE":
            return HttpResponseRedirect(self.url("check-import"))
        # Leads to the check where no word is left to ask about.
        return HttpResponseRedirect(with_query(self.url("name-words"), {"after": len(left_open)}))


class CheckImport(OpenRun):
    """The dry run: goes through the rows, then says what loading them would do."""

    template_name = "cases/imports/check.html"
    operation = operations.check_import

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        if self.run.mapped_at is None or self.run.loading_at is not None:
            return HttpResponseRedirect(self.url("map-import" if self.run.mapped_at is None else "load-import"))
        return self.show(self.form())

    def form(self, data: Any = None) -> LoadForm:
        return LoadForm(today=self.today)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
        work_on(lambda: operations.check_import(actor=self.actor, run_id=self.run.pk))
        return HttpResponseRedirect(self.url("check-import"))

    def context(self, form: Any) -> dict[str, Any]:
        progress = imports.progress_of(self.run)
        is_checked = not progress.of(ImportState.STAGED)
        return {
            "form": form,
            "run": self.run,
            "progress": progress,
            "is_checked": is_checked,
            "units": imports.units_to_load(self.run) if is_checked else [],
            "words_left": imports.words_left(self.actor, self.run, self.today) if is_checked and progress.refused else {},
            "back_url": self.back_url(),
        }


class LoadImport(CheckImport):
    """Begin to load, with the quiet time; then go on until nothing waits."""

    template_name = "cases/imports/load.html"
    operation = operations.load_import

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        if self.run.loading_at is None:
            return HttpResponseRedirect(self.url("check-import"))
        if self.run.finished_at is not None:
            return HttpResponseRedirect(self.url("import-run"))
        return self.show(self.form())

    def form(self, data: Any = None) -> LoadForm:
        return LoadForm(data, today=self.today)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
            is_begun = self.run.loading_at is not None
        if not is_begun:
            self.template_name = "cases/imports/check.html"  # type: ignore[misc]
            return FormView.post(self, request, *args, **kwargs)
        return self.go_on()

    def perform(self, form: Any) -> HttpResponse:
        return self.go_on(form.cleaned_data["quiet_until"])

    def go_on(self, quiet_until: Any = None) -> HttpResponse:
        try:
            work_on(lambda: operations.load_import(actor=self.actor, run_id=self.run.pk, quiet_until=quiet_until))
        except operations.TriedEnough:
            with self.reading():
                self.load()
                is_begun = self.run.loading_at is not None
            # What was loaded before stays; the page says why it does not go on.
            if not is_begun:
                raise
        return HttpResponseRedirect(self.url("load-import"))

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "why_not": imports.ASK if imports.has_tried_enough() else ""}


class UndoImport(OpenRun):
    """Says how many cases would go and how many stay, before it is done."""

    template_name = "cases/imports/undo.html"
    operation = operations.undo_import
    form_class = forms.Form

    def load(self) -> None:
        # Also of one that was taken back already: then the page says so.
        OfRun.load(self)

    def context(self, form: Any) -> dict[str, Any]:
        reason = imports.why_not_undone(self.run, self.now)
        loaded = imports.progress_of(self.run).loaded
        gone = 0 if reason else len(imports.untouched(self.run))
        return {"run": self.run, "form": form, "reason": reason, "gone": gone, "kept": loaded - gone, "back_url": self.back_url()}

    def perform(self, form: Any) -> HttpResponse:
        undone = operations.undo_import(actor=self.actor, once=self.once, run_id=self.run.pk)
        messages.success(self.request, f"{dates.count(len(undone.case_ids), 'case')} taken back.")
        return HttpResponseRedirect(self.url("import-run"))


class ImportLines(OfRun, GuardedView):
    """What became of each row."""

    record_kind = Kind.LISTED
    template_name = "cases/imports/lines.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        start = number_in(request.GET.get("after", ""))
        states = states_shown(request)
        found = imports.lines(self.actor, self.run, states, start, imports.ROWS_ON_A_PAGE + 1)
        shown, asked = found[: imports.ROWS_ON_A_PAGE], {"show": states[0]} if len(states) == 1 else {}
        context = {
            "run": self.run,
            "progress": imports.progress_of(self.run),
            "lines": shown,
            "filters": LinesFilterForm(request.GET),
            "clear_url": request.path if asked else "",
            "export_url": with_query(self.url("export-import-lines"), asked),
            "next_url": with_query(request.path, {**asked, "after": shown[-1].number}) if len(found) > len(shown) else "",
            "first_url": with_query(request.path, asked) if start else "",
            "back_url": self.url("import-run"),
        }
        return self.render(context, cases=[line.case_id for line in shown if line.case_id is not None])


def number_in(text: str) -> int:
    """The number of a row or word in an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ROW_NUMBER else 0


def states_shown(request: HttpRequest) -> list[str]:
    """The states that the address asks for; all where it asks for none, or for something that is none."""
    asked = request.GET.get("show", "")
    return [asked] if asked in ImportState.values else list(ImportState.values)


class ExportImportLines(OfRun, ExportList):
    file_name = "tracker-lines"
    heading = "Lines of a tracker"
    columns = (
        Column("Row", lambda line: line.number),
        Column("What became of it", lambda line: line.label),
        Column("Crime number", lambda line: line.crime_number),
        Column("Reference", lambda line: line.reference),
        Column("Why", lambda line: " ".join(line.reasons)),
    )

    def rows(self, most: int) -> Any:
        self.load()
        return imports.lines(self.actor, self.run, states_shown(self.request), most=most)

    def case_id_of(self, row: Any) -> UUID | None:
        return row.case_id  # type: ignore[no-any-return]

    def filters_in_words(self) -> str:
        return filters_in_words(LinesFilterForm(self.request.GET))

    def has_changed(self, case_ids: list[UUID]) -> bool:
        still = Case.objects.visible_to(self.actor, Act.VIEW).filter(pk__in=case_ids).count()
        return still != len(case_ids) or super().has_changed(case_ids)
