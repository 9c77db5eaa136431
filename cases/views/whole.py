"""Pages that look at a case whole: who may see it and why, its text for the crime report."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.access import TABLE
from cases.enums import Act
from cases.queries.copied_case import case_copy
from cases.queries.who_may_see import who_may_see
from cases.views.base import CasePageView
from kit.access import acts_of
from kit.records import Kind


class CaseAccess(CasePageView):
    """Everybody who may see the case, each with the reason; how many are kept out."""

    template_name = "cases/access.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        acts = acts_of(TABLE, self.actor, self.case, (Act.SUPERVISE, Act.ALLOCATE))
        who = who_may_see(self.case, acts, self.now)
        context = {
            "who": who,
            "own": who.reasons_of(self.actor.user_id),
            "may_give": Act.ALLOCATE in acts and self.case.is_open,
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())


class CopyCase(CasePageView):
    """The case as plain text, with V1 and S1 only and without intelligence. That somebody took it is recorded."""

    template_name = "cases/copy.html"
    record_kind = Kind.COPIED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        context = {
            "heading": "Copy for the crime report",
            "text": case_copy(self.case, self.today, self.zone),
            "back_url": self.case_url(),
            "back_text": "Back to the case",
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())
