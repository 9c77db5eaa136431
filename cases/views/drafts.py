"""Long forms on a case that are kept while somebody types."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from uuid6 import uuid7

from cases import operations
from cases.models import Draft
from cases.views.base import ActOnCase
from kit.drafts import as_sent, sending_of, typed_in, without_errors
from kit.refusal import SentBefore


def is_to_be_kept(request: HttpRequest) -> bool:
    """Whether what was typed is to be kept, or thrown away, and not to be sent."""
    return "autosave" in request.GET or "later" in request.POST or "discard" in request.POST


class KeepsDraft(ActOnCase):
    """A page with a long form. Subclasses give ``draft_form``, the name under which a draft is kept."""

    template_name = "cases/edit.html"
    draft_form: ClassVar[str]
    draft: Draft | None

    def build(self, data: Any, initial: dict[str, Any]) -> forms.Form:
        return self.form_class(data, initial=initial)

    def initial(self) -> dict[str, Any]:
        """What stands in the form before anybody has typed."""
        return {}

    @property
    def about(self) -> str:
        """What the draft is about: the case; where a case has several of these, its number as well."""
        return str(self.case.pk)

    def load(self) -> None:
        super().load()
        self.draft = Draft.unguarded.filter(owner_id=self.actor.user_id, form=self.draft_form, about=self.about).first()

    def form(self, data: Any = None) -> forms.Form:
        if data is None and self.draft is not None:
            kept = self.build(as_sent(self.draft.payload), self.initial())
            without_errors(kept)
            return kept
        return self.build(data, self.initial())

    def context(self, form: Any) -> dict[str, Any]:
        shown = self.draft if self.request.method == "GET" else None
        return {**super().context(form), "draft": shown, "autosave_url": f"{self.request.path}?autosave=yes", "showing": uuid7()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_to_be_kept(request):
            with self.reading():
                self.load()
            return self.keep(request)
        return self.answered(super().post(request, *args, **kwargs))

    def keep(self, request: HttpRequest) -> HttpResponse:
        draft = {"actor": self.actor, "form": self.draft_form, "about": self.about}
        if "discard" in request.POST:
            operations.discard_draft(**draft)
            messages.success(request, "What you had typed was discarded.")
            return HttpResponseRedirect(request.path if "merging" not in request.POST else self.back_url())
        if "autosave" in request.GET:
            return self.autosave(request.POST, draft)
        operations.save_draft(**draft, payload=typed_in(request.POST), sending=sending_of(request.POST))
        messages.success(request, "Saved for you alone. You find it again where you began it.")
        return HttpResponseRedirect(self.back_url())

    def autosave(self, data: QueryDict, draft: dict[str, Any]) -> HttpResponse:
        """409 to what arrives after the form itself: it would bring back what is done."""
        try:
            operations.save_draft(**draft, payload=typed_in(data), of_form=self.once, sending=sending_of(data))
        except SentBefore:
            return HttpResponse(status=409)
        return HttpResponse(status=204)

    def answered(self, answer: HttpResponse) -> HttpResponse:
        """What is saved needs no draft any more."""
        if answer.status_code == HttpResponseRedirect.status_code:
            operations.discard_draft(actor=self.actor, form=self.draft_form, about=self.about)
        return answer
