"""Whom cases wait for: the allocation queue, and the hand-over of all that stands in one person's name."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.access import TABLE
from cases.enums import Act
from cases.forms.hand_over_all import REFERENCE, HandOverAllForm, officer_field
from cases.queries.caseloads import officers_to_choose
from cases.queries.hand_over_all import Everything, everything_of, person_within_reach
from cases.queries.to_allocate import officers_at_work, to_allocate
from kit import dates
from kit.access import NotVisible
from kit.records import Kind
from kit.views import FormView, GuardedView


class ToAllocate(GuardedView):
    """Cases without an officer, longest waiting first, then those whose officer has left or works no cases any more."""

    access = Act.ALLOCATE
    table = TABLE
    record_kind = Kind.LISTED
    template_name = "cases/to_allocate.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = to_allocate(self.actor, self.now)
        export_url = reverse("export-to-allocate") if found.waiting or found.leavers else ""
        context = {"found": found, "at_work": officers_at_work(self.actor, self.today), "export_url": export_url}
        return self.render(context, cases=found.case_ids)


class HandOverAll(FormView):
    """Three steps on one address: choose, check, hand over. Nothing changes before the last."""

    operation = operations.hand_over_all
    access = Act.ALLOCATE
    table = TABLE
    record_kind = Kind.LISTED
    template_name = "cases/hand_over_all.html"
    everything: Everything

    def load(self) -> None:
        person = person_within_reach(self.actor, self.kwargs["user_id"])
        if person is None:
            raise NotVisible
        self.everything = everything_of(self.actor, person, self.now)
        self.officers = officers_to_choose(self.today, but=person.pk)

    def form(self, data: Any = None) -> HandOverAllForm:
        return HandOverAllForm(data, lines=self.everything.cases, officers=self.officers)

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "everything": self.everything, "back_url": reverse("to-allocate")}

    def case_ids(self) -> Iterable[UUID]:
        return self.everything.case_ids

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "change" in request.POST:
            with self.reading():
                self.load()
                return self.show(self.form(request.POST))
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> HttpResponse:
        if "confirm" not in self.request.POST:
            with self.reading():
                self.load()
                context = {**self.context(form), "once": self.once, "choices": form.choices_made(), "loads": form.loads()}
                return self.render(context, cases=self.case_ids(), template="cases/hand_over_all_check.html")
        operations.hand_over_all(
            [line.case for line in form.lines],
            actor=self.actor,
            once=self.once,
            from_id=self.kwargs["user_id"],
            to=form.handings,
        )
        number = dates.count(len(form.lines), "case")
        taken = Counter(called for _, called in form.choices_made())
        whom = ", ".join(f"{amount} to {called}" for called, amount in taken.items())
        return self.done(f"{number} handed over: {whom}. They find them on their page at once.")

    def field_of(self, reason: str) -> str | None:
        reference = reason.partition(":")[0]
        listed = {line.reference for line in self.everything.cases}
        return officer_field(reference) if REFERENCE.fullmatch(reference) and reference in listed else None

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("to-allocate"))

    def sent_before(self) -> HttpResponse:
        return self.done("That form was sent twice. It was recorded once.")
