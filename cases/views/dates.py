"""Why each date of a case is that date."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.access import TABLE
from cases.enums import Act
from cases.queries.why import reasons_of
from cases.views.base import CasePageView
from kit.access import acts_of


class CaseDates(CasePageView):
    """Each due date under an anchor, so that whoever shows the date leads to its reasons."""

    template_name = "cases/dates.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        supervises = Act.SUPERVISE in acts_of(TABLE, self.actor, self.case, (Act.SUPERVISE,))
        context = {
            "whys": reasons_of(self.case, self.now),
            "case": self.case,
            "bar": self.bar(),
            "may_act": supervises and self.case.is_open and self.case.officer_id not in self.actor.does_work_of,
        }
        return self.render(context, cases=self.case_ids())
