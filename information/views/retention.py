"""Retention reviews of single records, and holds."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from information import operations
from information.enums import HoldAbout, HoldKind
from information.forms import HoldRecordForm, KeepRecordForm, OpenReviewForm, PlaceHoldForm, ReasonForm
from information.models import Hold
from information.queries import disposals, retention
from information.views.base import MANAGERS, ManagersForm
from kit import dates
from kit.access import NotVisible
from kit.refusal import Blocked
from kit.views import GuardedView, row_or_not_visible

PROPOSED = "It has been proposed to dispose of it. Nothing else can be done until that is answered."


class OfRecord:
    """What the pages about one record share: it is due for review, or it is not there."""

    access: ClassVar[Any] = MANAGERS
    kwargs: Any
    review: retention.Review
    preview: disposals.Preview | None

    def load(self) -> None:
        found = retention.review_of(self.kwargs["record_id"])
        if found is None:
            raise NotVisible
        self.review = found
        self.preview = disposals.preview_of(self.kwargs["record_id"]) if found.is_open else None

    def case_ids(self) -> list[UUID]:
        return self.preview.case_ids if self.preview else []

    def about(self) -> dict[str, Any]:
        key = self.kwargs["record_id"]
        return {"review": self.review, "preview": self.preview, "record_id": key, "number": retention.number_of(key)}


class RetentionReview(OfRecord, GuardedView):
    """A record that is due: its date and reason, and, once it is opened, what it holds."""

    template_name = "information/record.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return self.render({**self.about(), "back_url": reverse("information")}, cases=self.case_ids())


class ActOnRecord(OfRecord, ManagersForm):
    @property
    def back_url(self) -> str:
        return reverse("retention-review", args=[self.kwargs["record_id"]])

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), **self.about()}

    def not_now(self) -> str:
        if self.review.is_proposed:
            return PROPOSED
        return "" if self.review.is_open else "Open the record first, and say why."

    def perform(self, form: Any) -> HttpResponse:
        with self.reading():
            self.load()
            reason = self.not_now()
        if reason:
            raise Blocked(reason)
        return self.act(form)

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__}.act")


class OpenRetentionReview(ActOnRecord):
    operation = operations.open_review
    form_class = OpenReviewForm
    heading = "Open a record"
    intro = "You see then who it is and what is held about them, until you have decided. That you opened it is recorded."
    submit = "Open it"

    def not_now(self) -> str:
        if self.review.is_proposed:
            return PROPOSED
        return "You have opened it already." if self.review.is_open else ""

    def act(self, form: Any) -> HttpResponse:
        operations.open_review(
            actor=self.actor, once=self.once, person_id=self.kwargs["record_id"], because=form.cleaned_data["because"]
        )
        return HttpResponseRedirect(self.back_url)


class KeepRecord(ActOnRecord):
    operation = operations.keep_record
    heading = "Keep the record"
    submit = "Keep it"

    def form(self, data: Any = None) -> KeepRecordForm:
        return KeepRecordForm(data, today=self.today)

    def field_of(self, reason: str) -> str | None:
        return "next_on" if "day to come" in reason else None

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.keep_record(
            actor=self.actor,
            once=self.once,
            person_id=self.kwargs["record_id"],
            next_on=answers["next_on"],
            because=answers["because"],
        )
        return self.done(f"The record is kept and looked at again on {dates.day(answers['next_on'])}.")

    def done(self, sentence: str) -> HttpResponse:
        super().done(sentence)
        return HttpResponseRedirect(reverse("information"))


class HoldRecord(ActOnRecord):
    operation = operations.place_hold
    form_class = HoldRecordForm
    heading = "Place a hold on the record"
    intro = "It is not disposed of while the hold stands."
    submit = "Place the hold"

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        number = operations.place_hold(
            actor=self.actor,
            once=self.once,
            kind=HoldKind(answers["kind"]),
            about=HoldAbout.PERSON,
            person_id=self.kwargs["record_id"],
            because=answers["because"],
        )
        return self.done(f"Hold {number} is placed.")


class PlaceHold(ManagersForm):
    operation = operations.place_hold
    form_class = PlaceHoldForm
    heading = "Place a hold"
    intro = "Nothing that it covers is disposed of while it stands."
    submit = "Place the hold"

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        number = operations.place_hold(
            actor=self.actor,
            once=self.once,
            kind=HoldKind(answers["kind"]),
            about=HoldAbout(answers["about"]),
            reference=answers["reference"],
            because=answers["because"],
        )
        return self.done(f"Hold {number} is placed.")


class LiftHold(ManagersForm):
    operation = operations.lift_hold
    form_class = ReasonForm
    heading = "Lift a hold"
    submit = "Lift the hold"
    template_name = "information/lift_hold.html"
    hold: Hold

    def load(self) -> None:
        self.hold = row_or_not_visible(Hold.objects.select_related("by", "end").filter(pk=self.kwargs["hold_id"]))

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "hold": self.hold}

    def not_now(self) -> str:
        return "It has been lifted already." if hasattr(self.hold, "end") else ""

    def perform(self, form: Any) -> HttpResponse:
        operations.lift_hold(actor=self.actor, once=self.once, hold=self.hold, because=form.cleaned_data["because"])
        return self.done(f"Hold {self.hold.number} is lifted.")
