"""A subject request from opening to bundle."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from uuid6 import uuid7

from information import operations
from information.enums import CameBy, Decision, Identity, Outcome, RequestState, SentHow
from information.forms import (
    ConfirmIdentityForm,
    DecideItemForm,
    EndRequestForm,
    NothingToFill,
    OpenRequestForm,
    ReasonForm,
    SearchForm,
    SendBundleForm,
)
from information.operations.requests import NewRequest
from information.queries import requests
from information.queries.disposals import in_groups
from information.views.base import ActOnRequest, ManagersForm, OfRequest
from kit import dates
from kit.access import NotVisible
from kit.exports import MARKING
from kit.records import Kind, record
from kit.refusal import Blocked
from kit.spreadsheets import BYTE_ORDER_MARK, lines_of
from kit.views import GuardedView

CHANGED_MEANWHILE = "This item was changed since you opened it. Read it again, then decide."
LEGAL_BASIS = {"JE": "Data Protection (Jersey) Law 2018, Article 28", "EW": "Data Protection Act 2018, section 45"}


class OpenSubjectRequest(ManagersForm):
    operation = operations.open_request
    heading = "Open a subject request"
    intro = "Somebody asks what is held about them. Their name is kept with the request and erased with their record."
    submit = "Open the request"

    def form(self, data: Any = None) -> OpenRequestForm:
        return OpenRequestForm(data, today=self.today)

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        new = NewRequest(
            received_on=answers["received_on"],
            came_by=CameBy(answers["came_by"]),
            identity=Identity(answers["identity"]),
            name=answers["name"],
            reached_at=answers["reached_at"],
            acts_through=answers["acts_through"],
            asks_for=answers["asks_for"],
        )
        made = operations.open_request(actor=self.actor, once=self.once, new=new)
        return HttpResponseRedirect(reverse("subject-request", args=[made]))


class ShowRequest(OfRequest, GuardedView):
    """Where a request stands, and what comes next."""

    template_name = "information/request.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        row = self.subject_request
        chosen = requests.chosen(row)
        bundle = requests.bundle_of(row) if row.state == RequestState.REVIEWING else None
        context = {
            "request_row": row,
            "urgency": dates.urgency(row.due_on, self.today) if row.is_running else None,
            "steps": requests.steps_of(row),
            "chosen": chosen,
            "bundle": bundle,
            "digest": in_groups(row.digest),
            "next": requests.NEXT.get(row.state, ""),
            "once": uuid7(),
        }
        return self.render(context, cases=requests.cases_of(chosen))


class ConfirmIdentity(ActOnRequest):
    operation = operations.confirm_identity
    form_class = ConfirmIdentityForm
    heading = "Confirm who asks"
    submit = "Confirm it"
    states = (RequestState.OPENED,)

    def act(self, form: Any) -> HttpResponse:
        identity = Identity(form.cleaned_data["identity"])
        operations.confirm_identity(actor=self.actor, once=self.once, request=self.subject_request, identity=identity)
        return self.done("Who asks is confirmed. Look for their records now.")


class SearchForSubject(ActOnRequest):
    """The search is sent and not asked for in an address, because addresses are kept in many places. Each one is recorded."""

    form_class = SearchForm
    template_name = "information/search.html"
    heading = "Look for their records"
    submit = "Search"
    states = (RequestState.SEARCHING, RequestState.REVIEWING)
    chosen: list[requests.Found]

    def load(self) -> None:
        super().load()
        self.chosen = requests.chosen(self.subject_request)

    def case_ids(self) -> set[UUID]:
        return requests.cases_of(self.chosen)

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "chosen": self.chosen, "found": None}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
            form = self.form(request.POST)
            if self.not_now() or not form.is_valid():
                return self.show(form, status=409 if self.not_now() else 422)
            answers = form.cleaned_data
            found = requests.search(self.subject_request, answers["words"].split(), answers["born_on"])
            too_many = len(found) > requests.MOST_FOUND
            shown = [] if too_many else [one for one in found if one not in self.chosen]
            self.record_kind = Kind.SEARCHED  # type: ignore[misc]
            context = {**self.context(form), "found": shown, "too_many": too_many, "once": uuid7()}
            said = f"{answers['words']} {answers['born_on'] or ''}".strip()
            # Under which request, so that the record tells whether its requester was looked for.
            basis = f"Request {self.subject_request.number}"
            return self.render(context, cases=self.case_ids() | requests.cases_of(shown), words=said, basis=basis)


class ChooseSubject(ActOnRequest):
    """A button beside a record: it is theirs, or not after all."""

    operation = operations.choose_subject
    form_class = NothingToFill
    states = (RequestState.SEARCHING, RequestState.REVIEWING)

    http_method_names = ["post"]

    def not_now(self) -> str:
        return ""

    def act(self, form: Any) -> HttpResponse:
        is_theirs = self.request.POST.get("is_theirs") == "yes"
        try:
            person_id = UUID(self.request.POST.get("person", ""))
        except ValueError:
            raise Blocked("Choose a record of the list.") from None
        operations.choose_subject(
            actor=self.actor, once=self.once, request=self.subject_request, person_id=person_id, is_theirs=is_theirs
        )
        return self.done("The record is among theirs now." if is_theirs else "The record is not among theirs any more.")


class BeginReview(ActOnRequest):
    operation = operations.begin_review
    form_class = NothingToFill
    heading = "Begin to decide"
    intro = "Everything held about them is put together, item by item. What speaks of others as well stands apart. You can search again later."
    submit = "Begin to decide"
    states = (RequestState.SEARCHING,)

    def act(self, form: Any) -> HttpResponse:
        operations.begin_review(actor=self.actor, once=self.once, request=self.subject_request)
        return HttpResponseRedirect(reverse("subject-items", args=[self.subject_request.pk]))


class SearchAgain(ActOnRequest):
    operation = operations.search_again
    form_class = NothingToFill
    heading = "Look for more records"
    intro = "What was decided stays decided."
    submit = "Look for more records"
    states = (RequestState.REVIEWING,)

    def act(self, form: Any) -> HttpResponse:
        operations.search_again(actor=self.actor, once=self.once, request=self.subject_request)
        return HttpResponseRedirect(reverse("search-for-subject", args=[self.subject_request.pk]))


class OfBundle(ActOnRequest):
    """What the pages about the items share."""

    states = (RequestState.REVIEWING,)
    bundle: requests.Bundle

    def load(self) -> None:
        super().load()
        self.bundle = requests.bundle_of(self.subject_request)

    def case_ids(self) -> set[UUID]:
        return self.bundle.case_ids

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "bundle": self.bundle}


class SubjectItems(OfBundle):
    """All items; what speaks of nobody else can be given at once, after it was read here."""

    operation = operations.give_all_of_theirs
    form_class = NothingToFill
    template_name = "information/items.html"

    def act(self, form: Any) -> HttpResponse:
        digests = frozenset(self.request.POST.getlist("digest"))
        given = operations.give_all_of_theirs(actor=self.actor, once=self.once, request=self.subject_request, digests=digests)
        return self.done(f"Decided: {dates.count(given, 'item')} that speak of nobody else are given whole.")

    @property
    def back_url(self) -> str:
        return reverse("subject-items", args=[self.kwargs["request_id"]])


class DecideItem(OfBundle):
    operation = operations.decide_item
    template_name = "information/item.html"
    item: requests.Item

    def load(self) -> None:
        super().load()
        source, row_id = self.kwargs["source"], self.kwargs["row_id"]
        found = [item for item in self.bundle.items if (item.source, item.row_id) == (source, row_id)]
        if not found:
            raise NotVisible
        (self.item,) = found

    def case_ids(self) -> set[UUID]:
        return {self.item.case_id} if self.item.case_id else set()

    @property
    def back_url(self) -> str:
        return reverse("subject-items", args=[self.kwargs["request_id"]])

    def form(self, data: Any = None) -> DecideItemForm:
        now = {"decision": self.item.decision, "ground": self.item.ground, "because": self.item.because}
        return DecideItemForm(data, has_others=bool(self.item.others), initial={**now, "digest": self.item.digest})

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "item": self.item}

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        decision = Decision(answers["decision"])
        is_withheld = decision == Decision.WITHHOLD
        if answers["digest"] != self.item.digest:
            raise Blocked(CHANGED_MEANWHILE)
        operations.decide_item(
            actor=self.actor,
            once=self.once,
            request=self.subject_request,
            item=self.item,
            decision=decision,
            ground=answers["ground"] if is_withheld else "",
            because=answers["because"] if is_withheld else "",
        )
        left = [item for item in self.bundle.undecided if item != self.item]
        if left:
            return HttpResponseRedirect(reverse("decide-item", args=[self.subject_request.pk, left[0].source, left[0].row_id]))
        return self.done("Every item is decided. Look at the bundle, then hand it over.")


class PrintBundle(OfBundle):
    """The bundle as it leaves, for paper."""

    record_kind = Kind.PRINTED
    form_class = NothingToFill
    template_name = "information/bundle.html"
    http_method_names = ["get", "head"]


class ExportBundle(OfBundle):
    """The bundle as a file."""

    needs_step_up = True
    is_download = True

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        if self.not_now():
            raise NotVisible
        record(Kind.EXPORTED, self.page, self.bundle.case_ids)
        head = [MARKING, f"Answer to request {self.subject_request.number}", dates.day(self.today), ""]
        lines = [[item.label, item.reference, item.at, item.given] for item in self.bundle.given]
        withheld = [[f"Withheld: {ground}", "", "", dates.count(number, "item")] for ground, number in self.bundle.withheld]
        whole = [head, ["What it is", "Case", "When", "What it says"], *lines, *withheld]
        name = f"request-{self.subject_request.number}-{self.today:%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        content = b"".join([BYTE_ORDER_MARK, *lines_of(whole)])  # type: ignore[arg-type]
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


class SendBundle(OfBundle):
    operation = operations.send_bundle
    template_name = "information/send.html"
    heading = "Hand the bundle over"
    submit = "Write down that it was handed over"

    def form(self, data: Any = None) -> SendBundleForm:
        return SendBundleForm(
            data, initial={"digest": self.bundle.digest, "basis": LEGAL_BASIS[self.subject_request.rule.profile]}
        )

    def not_now(self) -> str:
        left = len(self.bundle.undecided) if hasattr(self, "bundle") else 0
        waits = f"{dates.count(left, 'item')} {'is' if left == 1 else 'are'} not decided yet. Decide first." if left else ""
        return super().not_now() or waits

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        sent = operations.send_bundle(
            actor=self.actor,
            once=self.once,
            request=self.subject_request,
            how=SentHow(answers["how"]),
            digest=answers["digest"],
            basis=answers["basis"],
        )
        return self.done(f"Written down: {dates.count(sent.given, 'item')} handed over.")


class EndRequest(ActOnRequest):
    operation = operations.end_request
    form_class = EndRequestForm
    heading = "End the request without a bundle"
    submit = "End the request"
    kind = "warning"

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        operations.end_request(
            actor=self.actor,
            once=self.once,
            request=self.subject_request,
            outcome=Outcome(answers["outcome"]),
            because=answers["because"],
        )
        return self.done("The request has ended.")


class ExtendRequest(ActOnRequest):
    operation = operations.extend_request
    form_class = ReasonForm
    heading = "Take further time"
    intro = "Once, where the request is complex. The requester must be told why before the first date."
    submit = "Take further time"

    def act(self, form: Any) -> HttpResponse:
        because = form.cleaned_data["because"]
        later = operations.extend_request(actor=self.actor, once=self.once, request=self.subject_request, because=because)
        return self.done(f"The answer is due on {dates.day(later)}. Tell the requester why.")
