"""The reviews of one case: the grid of due dates."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.queries.review_grid import review_grid
from cases.views.base import CasePageView


class CaseReviews(CasePageView):
    template_name = "cases/reviews/grid.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        grid = review_grid(self.case, self.today, self.zone)
        return self.render({"grid": grid, "case": self.case, "bar": self.bar()}, cases=self.case_ids())
