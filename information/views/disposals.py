"""Disposal: the proposal, the second person's answer, the certificate."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from information import operations
from information.forms import ApproveDisposalForm, ProposeDisposalForm, ReasonForm
from information.models import Certificate, Disposal
from information.operations.disposals import EITHER
from information.queries import disposals, retention
from information.views.base import MANAGERS, ManagersForm
from information.views.retention import ActOnRecord
from kit.access import NotVisible
from kit.records import Kind
from kit.refusal import Blocked
from kit.views import GuardedView, OpenTo, row_or_not_visible
from people.roles import Role

TWO_PEOPLE = OpenTo(frozenset(EITHER))
MOST_ANSWERED = 20
OWN = "You proposed it. Another information manager or a Detective Superintendent answers."


class ProposeDisposal(ActOnRecord):
    operation = operations.propose_disposal
    template_name = "information/propose.html"
    heading = "Propose to dispose of the record"
    submit = "Propose it"

    def not_now(self) -> str:
        return super().not_now() or (" ".join(self.preview.blockers) if self.preview else "")

    def form(self, data: Any = None) -> ProposeDisposalForm:
        preview = self.preview
        initial = {"digest": preview.digest, "erased": [place.key for place in preview.places]} if preview else {}
        return ProposeDisposalForm(data, places=preview.places if preview else [], initial=initial)

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        made = operations.propose_disposal(
            actor=self.actor,
            once=self.once,
            person_id=self.kwargs["record_id"],
            seen=answers["digest"],
            erased=form.ticked(),
            because=answers["because"],
        )
        return HttpResponseRedirect(reverse("disposal", args=[made]))


class Disposals(GuardedView):
    """Proposals that wait for a second person, and what became of the others: numbers and dates."""

    access = TWO_PEOPLE
    record_kind = Kind.LISTED
    template_name = "information/disposals.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {"waiting": disposals.waiting(), "answered": disposals.answered(MOST_ANSWERED)}
        return self.render({**context, "is_manager": Role.INFORMATION_MANAGER in self.actor.roles})


class OfDisposal:
    """What the pages about one proposal share."""

    access: ClassVar[Any] = TWO_PEOPLE
    kwargs: Any
    actor: Any
    disposal: Disposal
    preview: disposals.Preview | None

    def load(self) -> None:
        self.disposal = row_or_not_visible(disposals.disposals().filter(pk=self.kwargs["disposal_id"]))
        self.preview = None if self.is_answered else disposals.preview_of(self.disposal.person_id)
        # Somebody of a restricted case, or whom this reader is connected with, by now.
        if self.preview is None and not self.is_answered:
            raise NotVisible

    @property
    def is_answered(self) -> bool:
        return hasattr(self.disposal, "answer")

    @property
    def is_own(self) -> bool:
        return bool(self.disposal.proposed_by_id == self.actor.user_id)

    def case_ids(self) -> list[UUID]:
        return self.preview.case_ids if self.preview else []

    def about(self) -> dict[str, Any]:
        marks = {f"{mark.source} {mark.row_id}" for mark in self.disposal.marks.filter(is_erased=True)} if self.preview else set()
        places = [(place, place.key in marks) for place in self.preview.places] if self.preview else []
        return {
            "disposal": self.disposal,
            "number": retention.number_of(self.disposal.person_id),
            "preview": self.preview,
            "places": places,
            "is_own": self.is_own,
            "has_changed": self.preview is not None and self.preview.digest != self.disposal.digest,
        }


class ShowDisposal(OfDisposal, GuardedView):
    # Whose record it is stands there by name.
    record_kind = Kind.NAMES_SHOWN
    template_name = "information/disposal.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        certificate = Certificate.objects.filter(disposal=self.disposal).first() if self.is_answered else None
        return self.render({**self.about(), "certificate": certificate}, cases=self.case_ids())


class AnswerDisposal(OfDisposal, ManagersForm):
    """What the pages of an answer share."""

    access = TWO_PEOPLE
    of_own: ClassVar[bool] = False

    @property
    def back_url(self) -> str:
        return reverse("disposal", args=[self.kwargs["disposal_id"]])

    def not_now(self) -> str:
        if self.is_answered:
            return "This proposal has been answered already."
        if self.is_own and not self.of_own:
            return OWN
        return "Only whoever proposed it withdraws it." if self.of_own and not self.is_own else ""

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), **self.about()}

    def perform(self, form: Any) -> HttpResponse:
        with self.reading():
            self.load()
            reason = self.not_now()
        if reason:
            raise Blocked(reason)
        return self.act(form)

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__}.act")


class ApproveDisposal(AnswerDisposal):
    operation = operations.approve_disposal
    template_name = "information/approve.html"
    heading = "Approve and erase"
    submit = "Approve and erase now"
    kind = "warning"
    needs_step_up = True

    def not_now(self) -> str:
        return super().not_now() or (" ".join(self.preview.blockers) if self.preview else "")

    def form(self, data: Any = None) -> ApproveDisposalForm:
        return ApproveDisposalForm(data, initial={"digest": self.disposal.digest})

    def act(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        erased = operations.approve_disposal(
            actor=self.actor, once=self.once, disposal=self.disposal, seen=answers["digest"], because=answers["because"]
        )
        return HttpResponseRedirect(reverse("certificate", args=[erased.certificate_id]))


class RefuseDisposal(AnswerDisposal):
    operation = operations.refuse_disposal
    form_class = ReasonForm
    heading = "Refuse the proposal"
    submit = "Refuse it"

    def act(self, form: Any) -> HttpResponse:
        because = form.cleaned_data["because"]
        operations.refuse_disposal(actor=self.actor, once=self.once, disposal=self.disposal, because=because)
        return self.done("The proposal is refused. Nothing was erased.")


class WithdrawDisposal(AnswerDisposal):
    access = MANAGERS
    operation = operations.withdraw_disposal
    form_class = ReasonForm
    heading = "Withdraw the proposal"
    submit = "Withdraw it"
    of_own = True

    def act(self, form: Any) -> HttpResponse:
        because = form.cleaned_data["because"]
        operations.withdraw_disposal(actor=self.actor, once=self.once, disposal=self.disposal, because=because)
        return self.done("The proposal is withdrawn. Nothing was erased.")


class ShowCertificate(GuardedView):
    """What was erased, when and by whose word; it names nobody in a case, and lasts."""

    access = TWO_PEOPLE
    template_name = "information/certificate.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        certificate = row_or_not_visible(disposals.certificates().filter(pk=self.kwargs["certificate_id"]))
        context = {
            "certificate": certificate,
            "lines": disposals.lines_of(certificate),
            "number": disposals.record_number(certificate.disposal),
            "rewriting": getattr(certificate, "rewriting", None),
            "digests": {
                name: disposals.in_groups(digest)
                for name, digest in (
                    ("own", certificate.digest),
                    ("before", certificate.digest_before),
                    ("seen", certificate.disposal.digest),
                )
            },
        }
        return self.render(context)
