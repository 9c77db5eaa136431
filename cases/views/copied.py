"""“Copy for the crime report”: plain text with V1 and S1 only. That somebody took it is recorded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases.queries.copied import review_copy
from cases.views.reviews import OneReview
from kit.records import Kind

TOO_EARLY = "This review is not completed yet. It can be copied when it is."


class CopyReview(OneReview):
    template_name = "cases/copy.html"
    record_kind = Kind.COPIED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        self.refuse_to_take_out()
        context = {
            "heading": "Copy for the crime report",
            "text": review_copy(self.review, self.zone) if self.review.was_held else "",
            "refusal": TOO_EARLY if self.review.completed_at is None else self.review.own_words,
            "back_url": reverse("review", args=[self.review.pk]),
            "back_text": "Back to the review",
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())
