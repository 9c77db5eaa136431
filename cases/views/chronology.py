"""The chronology of a case: looked through, added to, put right."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases import operations, workflow
from cases.access import TABLE
from cases.enums import Act, EventKind, Nature
from cases.forms.chronology import ChronologyFilters, RecordEventForm, StrikeEventForm
from cases.models import Event
from cases.queries.chronology import Filters, entry_of, kinds_of, page_of_entries, subjects_in
from cases.queries.contact import cases_to_contact
from cases.queries.entries import consequences, still_to_tell, subjects_of, told_already, what_it_did
from cases.views.base import ActOnCase, CasePageView
from cases.views.drafts import KeepsDraft
from cases.views.show import uuid_or_none
from kit.access import acts_of
from kit.records import Kind
from kit.views import GuardedView, row_or_not_visible

ONLY_THE_OFFICER = "Only the officer in the case adds to it. Ask them, or give a direction in a review."
ONLY_WORKERS = "Only the officer in the case and their supervisors strike out an entry. Tell them what is wrong with it."


class CaseChronology(CasePageView):
    template_name = "cases/chronology/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        form = ChronologyFilters(request.GET, subjects=subjects_in(self.case))
        form.is_valid()
        before = uuid_or_none(request.GET.get("before"))
        entries, earlier = page_of_entries(self.case, filters_of(form.cleaned_data), before)
        own = reverse("case-chronology", args=[self.case.reference])
        chosen = {name: value for name, value in request.GET.items() if name not in ("before", "after") and value}
        acts = acts_of(TABLE, self.actor, self.case, (Act.INVESTIGATE, Act.CORRECT))
        context = {
            "case": self.case,
            "bar": self.bar(),
            "filters": form,
            "entries": entries,
            "is_filtered": bool(chosen),
            "clear_url": own if chosen else "",
            "next_url": f"{own}?{urlencode({**chosen, 'before': earlier})}" if earlier else "",
            "first_url": f"{own}?{urlencode(chosen)}" if before else "",
            "may_add": Act.INVESTIGATE in acts,
            "may_strike": Act.CORRECT in acts and self.case.is_open,
        }
        return self.render(context, cases=self.case_ids())


def filters_of(answers: dict[str, Any]) -> Filters:
    return Filters(
        kinds=kinds_of(answers.get("kind", "")),
        subject=answers.get("subject", ""),
        nature=answers.get("nature", ""),
        begins=answers.get("begins"),
        ends=answers.get("ends"),
        only_standing=bool(answers.get("struck")),
    )


class RecordEvent(KeepsDraft):
    operation = operations.record_event
    other_words_are_another_act = True
    refusal = ONLY_THE_OFFICER
    heading = "Add an entry"
    submit = "Add an entry"
    draft_form = "record-event"
    # Notes and contact with V1 are written down for ever.
    after_the_end = True

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {
            "kind": asked.get("kind", ""),
            "subject": asked.get("subject", ""),
            "about": asked.getlist("about"),
            "nature": Nature.FACT,
        }

    def context(self, form: Any) -> dict[str, Any]:
        about = [key for text in self.request.GET.getlist("about") if (key := uuid_or_none(text))]
        # A colleague may have done it since the link was shown.
        return {**super().context(form), "intro": told_already(self.case, about, self.now) if about else ""}

    def build(self, data: Any, initial: dict[str, Any]) -> RecordEventForm:
        return RecordEventForm(
            data, now=self.now, subjects=subjects_of(self.case), to_tell=still_to_tell(self.case), initial=initial
        )

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        events = operations.record_event(
            self.case,
            actor=self.actor,
            once=self.once,
            kind=EventKind(answers["kind"]),
            at=answers["at"],
            text=answers["text"],
            subject=answers.get("subject", ""),
            nature=Nature(answers["nature"]),
            until=answers["until"],
            about=[UUID(key) for key in answers["about"]],
        )
        with self.reading():
            did = what_it_did(self.case, [event.pk for event in events])
        return self.done(f"Added. {did}".strip())


class LogContact(GuardedView):
    """In which case? The entry itself is the usual one, with contact chosen."""

    access = Act.INVESTIGATE
    table = TABLE
    record_kind = Kind.LISTED
    template_name = "cases/log_contact.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = cases_to_contact(self.actor, self.today)
        return self.render({"found": found}, cases=[row.case.pk for row in found])


class StrikeEvent(ActOnCase):
    """Strike out an entry that was made in error; says beforehand what that does to each time limit."""

    operation = operations.strike_event
    refusal = ONLY_WORKERS
    template_name = "cases/chronology/strike.html"
    heading = "Strike out an entry made in error"
    submit = "Strike out this entry"
    form_class = StrikeEventForm
    event: Any

    def load(self) -> None:
        super().load()
        entries = Event.unguarded.filter(case=self.case, pk=self.kwargs["event_id"])
        self.event = row_or_not_visible(entries.select_related("by", "on_behalf_of", "struck_by", "about"))
        self.event.case = self.case

    def context(self, form: Any) -> dict[str, Any]:
        reasons = workflow.strike_blockers(self.event)
        return {
            **super().context(form),
            "entry": entry_of(self.event),
            "sentences": reasons,
            "consequences": [] if reasons else consequences(self.event, self.now),
        }

    def back_url(self) -> str:
        return reverse("case-chronology", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        operations.strike_event(self.event, actor=self.actor, once=self.once, because=form.cleaned_data["because"])
        return self.done("The entry is struck out. It stays readable, with your reason.")
