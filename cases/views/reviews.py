"""The review queue, and one review (screens.md 1 and 2)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone

from cases import operations, workflow
from cases.enums import Act, ReviewKind
from cases.forms.review import DIRECTIONS, DirectionForm, ReviewForm
from cases.home import sentence_of
from cases.models import Case, Draft, Review
from cases.operations.reviews import REVIEW_DRAFT
from cases.queries.queue import Filters, Show, Whose, queue
from cases.queries.review_page import review_page
from cases.queries.workers import people_who_can_act
from cases.views.base import CasePageView
from cases.views.show import uuid_or_none
from kit import dates
from kit.access import NotAllowed
from kit.drafts import as_sent, typed_in, without_errors
from kit.fields import OneChoiceField
from kit.records import Kind
from kit.refusal import Blocked
from kit.views import FormView, GuardedView, OpenTo, row_or_not_visible
from people.roles import Role

# No key of a user is longer; the database would refuse the number.
LONGEST_KEY = 18
SUPERVISORS = OpenTo(frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}))


def with_query(address: str, query: dict[str, Any]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


class QueueForm(forms.Form):
    whose = OneChoiceField(
        label="Whose", choices=((Whose.MINE, "Mine to sign"), (Whose.UNIT, "My unit")), widget=forms.Select, required=False
    )
    kind = OneChoiceField(label="Kind", choices=(("", "Every kind"), *ReviewKind.choices), widget=forms.Select, required=False)
    officer = OneChoiceField(label="Officer in the case", widget=forms.Select, required=False)

    def __init__(self, *args: Any, officers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", "Anyone"), *officers]  # type: ignore[attr-defined]


class ReviewQueue(GuardedView):
    access = SUPERVISORS
    record_kind = Kind.LISTED
    template_name = "cases/reviews/queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = self.filters()
        found = queue(self.actor, filters, self.today, timezone.get_default_timezone(), uuid_or_none(request.GET.get("after")))
        query = self.query(filters)
        own = reverse("review-queue")
        context = {
            "filters": QueueForm({"whose": Whose.MINE, **request.GET.dict()}, officers=found.officers),
            "found": found,
            "show": filters.show.value,
            "sentence": sentence_of(found.counts, with_query(own, {key: value for key, value in query.items() if key != "show"})),
            "clear_url": own if set(query) - {"whose"} else "",
            "unit_url": f"{own}?whose={Whose.UNIT.value}",
            "is_mine": filters.whose == Whose.MINE,
            "first_url": with_query(own, query) if request.GET.get("after") else "",
            "next_url": with_query(own, {**query, "after": found.next_after}) if found.next_after else "",
        }
        return self.render(context, cases=found.case_ids)

    def filters(self) -> Filters:
        """The filters of the address; what makes no sense there filters nothing."""
        asked = self.request.GET
        officer = asked.get("officer", "")
        return Filters(
            whose=Whose.UNIT if asked.get("whose") == Whose.UNIT else Whose.MINE,
            show=Show(asked["show"]) if asked.get("show") in set(Show) else Show.ALL,
            kind=asked["kind"] if asked.get("kind") in ReviewKind.values else "",
            officer_id=int(officer) if officer.isdecimal() and len(officer) <= LONGEST_KEY else None,
        )

    @staticmethod
    def query(filters: Filters) -> dict[str, str]:
        parts = {
            "whose": filters.whose.value if filters.whose != Whose.MINE else "",
            "show": filters.show.value,
            "kind": filters.kind,
            "officer": str(filters.officer_id or ""),
        }
        return {key: value for key, value in parts.items() if value}


class OneReview(CasePageView):
    """A page about one review, found through the case that the reader may see."""

    review: Any

    def load(self) -> None:
        visible = Case.objects.visible_to(self.actor, Act.VIEW)
        found = Review.unguarded.filter(case__in=visible, pk=self.kwargs["review_id"]).select_related(
            "case", "completed_by", "escalated_from__completed_by"
        )
        review = row_or_not_visible(found)
        self.kwargs["reference"] = review.case.reference
        super().load()
        review.case = self.case
        self.review = review


class ReviewPage(OneReview, FormView):
    """Reading a review, and completing it. GET is open to whoever sees the case; completing asks the workflow."""

    template_name = "cases/reviews/review.html"
    blockers: list[str]
    draft: Draft | None
    owners: list[tuple[str, str]]
    # Once somebody has read that the review was changed, the form belongs to the review as it is now.
    is_told = False

    def load(self) -> None:
        super().load()
        self.blockers = workflow.review_blockers(self.review, self.actor, self.today)
        self.draft = Draft.unguarded.filter(owner_id=self.actor.user_id, form=REVIEW_DRAFT, about=str(self.review.pk)).first()
        self.owners = [(str(user.pk), user.called) for user in people_who_can_act(self.case)]

    def form(self, data: Any = None) -> "WholeReview":
        if data is None and self.draft is not None:
            return WholeReview(self, as_sent(self.draft.payload), quiet=True)
        if self.is_told:
            data = data.copy()
            data["version"] = str(self.review.version)
        return WholeReview(self, data)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form.review,
            "formset": form,
            "directions": form.directions,
            "typed": form.typed() if self.review.completed_at and self.draft else [],
            "review": self.review,
            "case": self.case,
            "bar": self.bar(),
            "blockers": self.blockers,
            "may_complete": not self.blockers,
            "urgency": dates.urgency(self.review.due_on, self.today),
            "page": review_page(self.review, self.today, self.zone, since_start="all" in self.request.GET),
            "autosave_url": reverse("review-draft", args=[self.review.pk]),
            "reasons": form.reasons,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "later" in request.POST:
            return self.keep_for_later(request.POST)
        with self.reading():
            self.load()
            self.refuse_who_may_not_sign()
        if self.review.completed_at is not None:
            return self.discard() if "discard" in request.POST else self.come_too_late()
        return super().post(request, *args, **kwargs)

    def come_too_late(self) -> HttpResponse:
        """Somebody else has signed it; what was typed is kept. Or the same person has, and the form was sent twice."""
        if self.review.completed_by_id == self.actor.user_id:
            return HttpResponseRedirect(reverse("review-queue"))
        keep(self, self.request.POST)
        with self.reading():
            self.load()
            form = self.form()
            form.add_error(None, f"{self.blockers[0]} What you had typed is kept below.")
            return self.show(form, status=409)

    def discard(self) -> HttpResponse:
        operations.discard_draft(actor=self.actor, form=REVIEW_DRAFT, about=str(self.review.pk))
        messages.success(self.request, "What you had typed was discarded.")
        return HttpResponseRedirect(reverse("review", args=[self.review.pk]))

    def refuse_who_may_not_sign(self) -> None:
        if reason := workflow.refusal_to_sign(self.case.officer_id, self.review.lowest_role, self.actor):
            raise NotAllowed(reason)

    def keep_for_later(self, data: QueryDict) -> HttpResponse:
        with self.reading():
            self.load()
            self.refuse_who_may_not_sign()
        keep(self, data)
        messages.success(self.request, "Saved. The queue says “Continue review” beside it.")
        return HttpResponseRedirect(reverse("review-queue"))

    def perform(self, form: Any) -> HttpResponse:
        try:
            operations.complete_review(self.review, actor=self.actor, version=form.version, findings=form.findings())
        except Blocked:
            with self.reading():
                self.load()
            if self.review.completed_at is not None:
                return self.come_too_late()
            self.is_told = True
            raise
        messages.success(self.request, f"The {self.review.get_kind_display()} of {self.case.reference} is complete.")
        return HttpResponseRedirect(reverse("review-queue"))


class ReviewDraft(ReviewPage):
    """What the review form sends by itself every ten seconds."""

    http_method_names = ["post"]
    record_kind = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
            self.refuse_who_may_not_sign()
            if self.review.completed_at is not None:
                return HttpResponse(status=409)
        keep(self, request.POST)
        return HttpResponse(status=204)


def keep(view: GuardedView, data: QueryDict) -> None:
    operations.save_draft(actor=view.actor, form=REVIEW_DRAFT, about=str(view.kwargs["review_id"]), payload=typed_in(data))


class WholeReview:
    """The review form and its directions, as the one form that FormView knows."""

    def __init__(self, view: ReviewPage, data: Any = None, *, quiet: bool = False) -> None:
        self.review = ReviewForm(data, initial={"version": view.review.version})
        self.directions = [
            DirectionForm(data, owners=view.owners, today=view.today, number=number) for number in range(1, DIRECTIONS + 1)
        ]
        self.reasons: list[str] = []
        if quiet:
            for form in (self.review, *self.directions):
                without_errors(form)

    @property
    def version(self) -> int:
        return int(self.review.cleaned_data["version"])

    def is_valid(self) -> bool:
        return all([self.review.is_valid(), *(form.is_valid() for form in self.directions)])

    # As a formset: for the summary of errors and the title of the page.
    @property
    def is_bound(self) -> bool:
        return self.review.is_bound

    @property
    def forms(self) -> list[DirectionForm]:
        return self.directions

    @property
    def total_error_count(self) -> int:
        return sum(len(form.errors) for form in self.directions)

    @staticmethod
    def non_form_errors() -> list[str]:
        return []

    def typed(self) -> list[dict[str, str]]:
        """What was typed, to be read when it can be sent no more."""
        rows = [{"key": str(field.label), "value": shown(field)} for field in self.review.visible_fields()]
        for form in self.directions:
            rows += [
                {"key": f"Direction {form.number}: {field.label}", "value": shown(field)}
                for field in form.visible_fields()
                if field.name != "owner"
            ]
        return [row for row in rows if row["value"]]

    def add_error(self, field: str | None, reason: str) -> None:
        self.reasons.append(reason)

    def findings(self) -> operations.ReviewFindings:
        cleaned = [form.cleaned_data for form in self.directions if form.is_filled]
        return operations.ReviewFindings(
            answers=self.review.answers(),
            own_words=self.review.cleaned_data["own_words"],
            result=self.review.cleaned_data["result"],
            directions=tuple(
                operations.Direction(each["what"], int(each["owner"]), each["due_on"], each["look_again_on"]) for each in cleaned
            ),
        )


def shown(field: forms.BoundField) -> str:
    """What stands in a control, in the words of the page."""
    value = field.value()
    if isinstance(value, list):
        return " ".join(part for part in value if part)
    words = dict(getattr(field.field, "choices", ()))
    return str(words.get(value, value) or "")
