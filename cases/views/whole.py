"""Pages that look at a case whole: as it stood on a day, for who takes it over, who may see it, its text for the crime report."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.access import TABLE
from cases.enums import Act
from cases.forms.whole import AsAtForm
from cases.queries.as_at import case_as_at, end_of
from cases.queries.copied_case import case_copy
from cases.queries.hand_over import hand_over
from cases.queries.who_may_see import who_may_see
from cases.queries.workers import beside_the_officer
from cases.views.base import CasePageView
from kit.access import acts_of
from kit.clock import local_date
from kit.records import Kind


class CaseAccess(CasePageView):
    """Everybody who may see the case, each with the reason; how many are kept out."""

    template_name = "cases/access.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        acts = acts_of(TABLE, self.actor, self.case, (Act.SUPERVISE, Act.ALLOCATE, Act.RESTRICT, Act.LIFT))
        who = who_may_see(self.case, acts, self.now)
        may_give = Act.ALLOCATE in acts and self.case.is_open
        context = {
            "who": who,
            "own": who.reasons_of(self.actor.user_id),
            "may_give": may_give,
            "may_restrict": Act.RESTRICT in acts,
            "may_lift": Act.LIFT in acts,
            "may_take_off": may_give and bool(beside_the_officer(self.case)),
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())


class CaseAsAt(CasePageView):
    """The case as it stood at the end of a day; first the question which day."""

    template_name = "cases/as_at.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        is_asked = any(name.startswith("day_") for name in request.GET)
        form = AsAtForm(request.GET if is_asked else None, logged_on=local_date(self.case.logged_at), today=self.today)
        is_right = form.is_bound and form.is_valid()
        day: Any = form.cleaned_data["day"] if is_right else None
        found = case_as_at(self.case, end_of(day)) if is_right else None
        context = {"form": form, "found": found, "day": day, "case": self.case, "bar": self.bar()}
        return self.render(context, status=422 if form.is_bound and not is_right else 200, cases=self.case_ids())


class HandOver(CasePageView):
    """What the officer who takes the case over must know, first of all what the victim has told already."""

    template_name = "cases/hand_over.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        context = {"page": hand_over(self.case, self.now), "case": self.case, "bar": self.bar()}
        return self.render(context, cases=self.case_ids())


class CopyCase(CasePageView):
    """The case as plain text, with V1 and S1 only and without intelligence. That somebody took it is recorded."""

    template_name = "cases/copy.html"
    record_kind = Kind.COPIED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        self.refuse_to_take_out()
        context = {
            "heading": "Copy for the crime report",
            "text": case_copy(self.case, self.today, self.zone),
            "back_url": self.case_url(),
            "back_text": "Back to the case",
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())
