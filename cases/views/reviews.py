"""The review queue, and one review (screens.md 1 and 2)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from cases import operations, workflow
from cases.enums import Act, ReviewKind
from cases.home import sentence_of
from cases.models import Case, Draft, Review
from cases.operations.reviews import REVIEW_DRAFT, SameAgain
from cases.queries.queue import queue
from cases.queries.queue_filters import Filters, Show, Whose
from cases.queries.review_page import review_page
from cases.queries.workers import people_who_can_act
from cases.views.base import CasePageView
from cases.views.show import key_or_none, uuid_or_none, with_query
from cases.views.whole_review import WholeReview
from kit import dates
from kit.access import Actor, NotAllowed
from kit.drafts import as_sent, sending_of, typed_in
from kit.fields import OneChoiceField
from kit.operations import FormKey, was_sent
from kit.records import Kind
from kit.refusal import Blocked, SentBefore
from kit.views import FormView, GuardedView, OpenTo, row_or_not_visible
from people.cover.queries import notices
from people.roles import Role

SUPERVISORS = OpenTo(frozenset({Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}))


WHOSE = ((Whose.MINE, "Mine to sign"), (Whose.UNIT, "My unit"))


class QueueForm(forms.Form):
    whose = OneChoiceField(label="Whose", choices=WHOSE, widget=forms.Select, required=False)
    kind = OneChoiceField(label="Kind", choices=(("", "Every kind"), *ReviewKind.choices), widget=forms.Select, required=False)
    officer = OneChoiceField(label="Officer in the case", widget=forms.Select, required=False)

    def __init__(self, *args: Any, officers: list[tuple[str, str]], has_unit: bool, covers: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_unit:
            # Whoever sees only what has reached them has nothing to choose.
            del self.fields["whose"]
        elif covers:
            self.fields["whose"].choices = [*WHOSE, (Whose.COVERING, "I am covering")]  # type: ignore[attr-defined]
        self.fields["officer"].choices = [("", "Anyone"), *officers]  # type: ignore[attr-defined]


def supervises_units(actor: Actor) -> bool:
    """What a Detective Superintendent sees has come to them one by one."""
    return bool(actor.roles & {Role.SERGEANT, Role.INSPECTOR})


def queue_filters(request: HttpRequest) -> Filters:
    """The filters of the address; what makes no sense there filters nothing."""
    asked = request.GET
    return Filters(
        whose=Whose(asked["whose"]) if asked.get("whose") in set(Whose) else Whose.MINE,
        show=Show(asked["show"]) if asked.get("show") in set(Show) else Show.ALL,
        kind=asked["kind"] if asked.get("kind") in ReviewKind.values else "",
        officer_id=key_or_none(asked.get("officer", "")),
    )


class ReviewQueue(GuardedView):
    access = SUPERVISORS
    record_kind = Kind.LISTED
    template_name = "cases/reviews/queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = queue_filters(request)
        found = queue(self.actor, filters, self.now, timezone.get_default_timezone(), uuid_or_none(request.GET.get("after")))
        query = self.query(filters)
        own = reverse("review-queue")
        context = {
            "filters": QueueForm(
                {"whose": Whose.MINE, **request.GET.dict()},
                officers=found.officers,
                has_unit=self.has_unit,
                covers=bool(self.actor.covers),
            ),
            # The page is counted to the statement: who is covered for reads on their own page by whom.
            "notices": notices(self.actor, self.today) if self.actor.covers else [],
            "found": found,
            "show": filters.show.value,
            "sentence": sentence_of(found.counts, with_query(own, {key: value for key, value in query.items() if key != "show"})),
            "clear_url": own if set(query) - {"whose"} else "",
            "unit_url": f"{own}?whose={Whose.UNIT.value}" if self.has_unit else "",
            "next_due": found.next_due if filters == Filters() and not request.GET.get("after") else None,
            "export_url": with_query(reverse("export-queue"), query),
            "is_mine": filters.whose == Whose.MINE,
            "first_url": with_query(own, query) if request.GET.get("after") else "",
            "next_url": with_query(own, {**query, "after": found.next_after}) if found.next_after else "",
        }
        return self.render(context, cases=found.case_ids)

    @property
    def has_unit(self) -> bool:
        return supervises_units(self.actor)

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
            "case", "completed_by", "on_behalf_of", "escalated_from__completed_by", "escalated_from__on_behalf_of"
        )
        review = row_or_not_visible(found)
        self.kwargs["reference"] = review.case.reference
        super().load()
        review.case = self.case
        self.review = review

    def bar(self) -> dict[str, Any]:
        bar = super().bar()
        about = {"Review": self.review.get_kind_display(), "Due": dates.day(self.review.due_on)}
        return {**bar, "facts": [*bar["facts"], *({"label": label, "value": value} for label, value in about.items())]}


class ReviewPage(OneReview, FormView):
    """Reading a review, and completing it. GET is open to whoever sees the case; completing asks the workflow."""

    template_name = "cases/reviews/review.html"
    blockers: list[str]
    draft: Draft | None
    owners: list[tuple[str, str]]
    escalates_to: str
    not_escalated: str
    # Once somebody has been told that every answer is as last time, sending the form again confirms it.
    confirmation = ""

    def load(self) -> None:
        super().load()
        self.blockers = workflow.review_blockers(self.review, self.actor, self.today)
        self.draft = Draft.unguarded.filter(owner_id=self.actor.user_id, form=REVIEW_DRAFT, about=str(self.review.pk)).first()
        self.owners = [(str(user.pk), user.called) for user in people_who_can_act(self.case)]
        self.not_escalated = workflow.refusal_to_escalate(self.review, self.actor) or ""
        up = workflow.escalates_to(self.case, self.actor)
        self.escalates_to = "" if self.not_escalated or up is None else up.label

    def form(self, data: Any = None) -> WholeReview:
        is_draft = data is None and self.draft is not None
        if self.draft is not None and is_draft:
            data = as_sent(self.draft.payload)
        if self.confirmation:
            data = data.copy()
            data["is_same_again"] = self.confirmation
        return WholeReview(
            data,
            owners=self.owners,
            today=self.today,
            escalates_to=self.escalates_to,
            not_escalated=self.not_escalated,
            quiet=is_draft,
        )

    def context(self, form: Any) -> dict[str, Any]:
        page = review_page(self.actor, self.review, self.now, self.zone, since_start="all" in self.request.GET)
        return {
            "form": form.review,
            "groups": form.groups(page),
            "formset": form,
            "directions": form.directions,
            "typed": form.typed() if self.review.completed_at and self.draft else [],
            "review": self.review,
            "case": self.case,
            "bar": self.bar(),
            "blockers": self.blockers,
            "may_complete": not self.blockers,
            "urgency": dates.urgency(self.review.due_on, self.today),
            "page": page,
            "autosave_url": reverse("review-draft", args=[self.review.pk]),
            "showing": uuid7(),
            "reasons": form.reasons,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "later" in request.POST:
            return self.keep_for_later(request.POST)
        with self.reading():
            # Before the review is looked for: completing it may have ended what this reader can see.
            if was_sent(self.once):
                return self.sent_before()
            self.load()
            self.refuse_who_may_not_sign()
        if self.review.completed_at is not None:
            return self.discard() if "discard" in request.POST else self.come_too_late()
        return super().post(request, *args, **kwargs)

    def sent_before(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("review-queue"))

    def come_too_late(self) -> HttpResponse:
        """Somebody else has signed it; what was typed is kept. Or the same person has, and the form was sent twice."""
        if self.review.was_held and self.review.completed_by_id == self.actor.user_id:
            return self.sent_before()
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
        about = f"{self.actor.user_id} {self.review.pk}"
        try:
            above = operations.complete_review(self.review, actor=self.actor, once=self.once, findings=form.findings(about))
        except SameAgain:
            self.confirmation = form.confirmation(about)
            raise
        except Blocked:
            with self.reading():
                self.load()
            if self.review.completed_at is not None:
                return self.come_too_late()
            raise
        said = f"The {self.review.get_kind_display()} of {self.case.reference} is complete."
        if above is not None:
            said += f" A {above.get_lowest_role_display()} decides it by {dates.day(above.due_on)}."
        messages.success(self.request, said)
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
        try:
            keep(self, request.POST, of_form=self.once)
        except SentBefore:
            return HttpResponse(status=409)
        return HttpResponse(status=204)


def keep(view: GuardedView, data: QueryDict, of_form: UUID | FormKey | None = None) -> None:
    payload = {name: values for name, values in typed_in(data).items() if name != "is_same_again"}
    operations.save_draft(
        actor=view.actor,
        form=REVIEW_DRAFT,
        about=str(view.kwargs["review_id"]),
        payload=payload,
        of_form=of_form,
        sending=sending_of(data),
    )
