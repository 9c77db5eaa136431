"""Whom cases wait for: the allocation queue, and the hand-over of all that stands in one person's name."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.access import TABLE
from cases.enums import Act
from cases.forms.allocate_cases import AllocateCasesForm, UnitForm, tick
from cases.forms.hand_over_all import REFERENCE, HandOverAllForm, officer_field
from cases.forms.hand_over_beside import HandOverBesideForm, taker_field
from cases.queries.caseloads import officers_to_choose
from cases.queries.hand_over_all import Everything, everything_of, person_within_reach
from cases.queries.to_allocate import ToAllocate as Waiting
from cases.queries.to_allocate import officers_at_work, to_allocate
from cases.queries.workers import who_works_beside
from kit import dates
from kit.access import NotVisible
from kit.records import Kind
from kit.views import FormView
from people.models import Unit, User

SENT_TWICE = "That form was sent twice. It was recorded once."
# “All units” and the only one.
OF_ONE_UNIT = 2


class ToAllocate(FormView):
    """Cases without an officer, longest waiting first, then those whose officer has left or works no cases any more. By POST those
    that are ticked go to one officer, after a page to check them."""

    operation = operations.allocate_cases
    access = Act.ALLOCATE
    table = TABLE
    record_kind = Kind.LISTED
    template_name = "cases/to_allocate.html"

    found: Waiting

    def load(self) -> None:
        units = Unit.objects.filter(pk__in=self.actor.supervised_unit_ids).order_by("name").values_list("pk", "name")
        self.units = UnitForm(self.request.GET, units=[(str(key), name) for key, name in units])
        self.found = to_allocate(self.actor, self.now, self.units.unit_id())
        self.officers = officers_to_choose(self.today)

    def form(self, data: Any = None) -> AllocateCasesForm:
        all_ticked = self.request.GET.get("ticked") == "all"
        return AllocateCasesForm(data, lines=self.found.waiting, officers=self.officers, all_ticked=all_ticked)

    def context(self, form: Any) -> dict[str, Any]:
        found, unit = self.found, self.units.unit_id()
        return {
            "form": form,
            "found": found,
            # A choice of one is none.
            "filters": self.units if len(self.units.fields["unit"].choices) > OF_ONE_UNIT else None,  # type: ignore[attr-defined]
            "clear_url": reverse("to-allocate") if unit else "",
            "all_url": self.own_url(ticked="all"),
            "at_work": officers_at_work(self.actor, self.today),
            "export_url": reverse("export-to-allocate") if found.waiting or found.leavers else "",
        }

    def own_url(self, **asked: str) -> str:
        """This page with the filter that it has."""
        unit = self.request.GET.get("unit")
        query = urlencode({**({"unit": unit} if unit else {}), **asked})
        return f"{reverse('to-allocate')}?{query}" if query else reverse("to-allocate")

    def case_ids(self) -> Iterable[UUID]:
        return self.found.case_ids

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "change" in request.POST:
            with self.reading():
                self.load()
                return self.show(self.form(request.POST))
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> HttpResponse:
        ticked = form.ticked()
        if "confirm" not in self.request.POST:
            with self.reading():
                self.load()
                context = {"form": form, "once": self.once, "ticked": ticked, "taker": form.taker(), "load": form.load()}
                keys = [line.case.pk for line in ticked]
                return self.render(context, cases=keys, template="cases/to_allocate_check.html")
        operations.allocate_cases([line.case for line in ticked], actor=self.actor, once=self.once, to=form.handings)
        number = dates.count(len(ticked), "case")
        return self.done(f"{number} allocated to {form.taker().called}. They find them on their page at once.")

    def field_of(self, reason: str) -> str | None:
        reference = reason.partition(":")[0]
        return tick(reference) if reference in {line.case.reference for line in self.found.waiting} else None

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(self.own_url())

    def sent_before(self) -> HttpResponse:
        return self.done(SENT_TWICE)


class HandsOver(FormView):
    """What somebody has, handed to others in three steps on one address: choose, check, hand over. Nothing changes before the last."""

    access = Act.ALLOCATE
    table = TABLE
    record_kind = Kind.LISTED
    check_template: ClassVar[str]
    everything: Everything

    def load(self) -> None:
        person = person_within_reach(self.actor, self.kwargs["user_id"])
        if person is None:
            raise NotVisible
        self.everything = everything_of(self.actor, person, self.now)
        self.load_takers(person)

    def load_takers(self, person: User) -> None:
        """Who can take it over."""
        raise NotImplementedError

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
                context = {**self.context(form), "once": self.once, **self.to_check(form)}
                return self.render(context, cases=self.case_ids(), template=self.check_template)
        return self.done(self.hand_over(form))

    def to_check(self, form: Any) -> dict[str, Any]:
        """What the page shows on which it is checked, beside what all of them show."""
        return {"choices": form.choices_made()}

    def hand_over(self, form: Any) -> str:
        """Do it; answers what is said of it then."""
        raise NotImplementedError

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("to-allocate"))

    def sent_before(self) -> HttpResponse:
        return self.done(SENT_TWICE)


class HandOverBeside(HandsOver):
    """What somebody works beside the officers of cases: as SOLO/SOIT, or as second officer."""

    operation = operations.hand_over_beside
    template_name = "cases/hand_over_beside.html"
    check_template = "cases/hand_over_beside_check.html"

    def load_takers(self, person: User) -> None:
        self.candidates = who_works_beside(self.today, but=person.pk)

    def form(self, data: Any = None) -> HandOverBesideForm:
        return HandOverBesideForm(data, lines=self.everything.beside, candidates=self.candidates)

    def hand_over(self, form: Any) -> str:
        cases = [line.case for line in form.lines]
        operations.hand_over_beside(cases, actor=self.actor, once=self.once, from_id=self.kwargs["user_id"], to=form.to)
        return f"{dates.count(len(form.lines), 'case')} handed over. Whoever takes them finds them on their page at once."

    def field_of(self, reason: str) -> str | None:
        reference = reason.partition(":")[0]
        return next((taker_field(line) for line in self.everything.beside if line.case.reference == reference), None)


class HandOverAll(HandsOver):
    """The cases whose officer somebody is."""

    operation = operations.hand_over_all
    template_name = "cases/hand_over_all.html"
    check_template = "cases/hand_over_all_check.html"

    def load_takers(self, person: User) -> None:
        self.officers = officers_to_choose(self.today, but=person.pk)

    def form(self, data: Any = None) -> HandOverAllForm:
        return HandOverAllForm(data, lines=self.everything.cases, officers=self.officers)

    def to_check(self, form: Any) -> dict[str, Any]:
        return {**super().to_check(form), "loads": form.loads()}

    def hand_over(self, form: Any) -> str:
        cases = [line.case for line in form.lines]
        operations.hand_over_all(cases, actor=self.actor, once=self.once, from_id=self.kwargs["user_id"], to=form.handings)
        taken = Counter(called for _, called in form.choices_made())
        whom = ", ".join(f"{amount} to {called}" for called, amount in taken.items())
        return f"{dates.count(len(cases), 'case')} handed over: {whom}. They find them on their page at once."

    def field_of(self, reason: str) -> str | None:
        reference = reason.partition(":")[0]
        listed = {line.reference for line in self.everything.cases}
        return officer_field(reference) if REFERENCE.fullmatch(reference) and reference in listed else None
