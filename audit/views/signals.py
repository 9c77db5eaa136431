"""What stands out: look at it, and say what it was; show what was searched for."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from audit import operations
from audit.forms import AnswerForm
from audit.models import DataChange
from audit.operations.checking import AUDITORS
from audit.queries import words
from audit.queries.ask import ask
from audit.queries.signals import Found, signal_of
from kit import origin
from kit.access import NotVisible
from kit.records import Kind
from kit.views import FormView, GuardedView, OpenTo, row_or_not_visible
from people.models import AccessRecord
from people.roles import Role


class AnswerSignal(FormView):
    access = AUDITORS
    form_class = AnswerForm
    record_kind = Kind.LISTED
    template_name = "audit/signal.html"
    operation = operations.answer_signal
    address_part: ClassVar[str] = "signal_id"
    of_auditors: ClassVar[bool] = False
    back: ClassVar[tuple[str, str]] = ("audit", "Back to audit")
    signal: Found

    def load(self) -> None:
        signal = signal_of(self.kwargs[self.address_part], of_auditors=self.of_auditors)
        if signal is None:
            raise NotVisible
        self.signal = signal

    def context(self, form: Any) -> dict[str, Any]:
        changes = DataChange.objects.filter(pk=self.signal.entry_id) if self.signal.user_id is None else ()
        firsts = [(change.get_command_display(), words.table(change.table_name), change.row_key) for change in changes]
        return {
            "form": form,
            "signal": self.signal,
            "changes": firsts,
            "is_self": self.signal.user_id == self.actor.user_id,
            "back_url": reverse(self.back[0]),
            "back_text": self.back[1],
        }

    def case_ids(self) -> Iterable[UUID]:
        return [self.signal.case_id] if self.signal.case_id else []

    def field_of(self, reason: str) -> str | None:
        return "words"

    def perform(self, form: Any) -> HttpResponse:
        operations.answer_signal(
            actor=self.actor, once=self.once, signal_id=self.signal.id, about=self.signal.user_id, **form.cleaned_data
        )
        messages.success(self.request, "Your answer is in the record.")
        return self.sent_before()

    def sent_before(self) -> HttpResponse:
        return HttpResponseRedirect(reverse(self.back[0]))


class AnswerSignalOfAuditor(AnswerSignal):
    """What stands out among what auditors did: answered by whoever looks at them, because no auditor answers of themself."""

    access = OpenTo(frozenset({Role.SUPERINTENDENT}))
    address_part = "auditors_signal_id"
    of_auditors = True
    back = ("of-auditors", "Back to what auditors looked at")

    def load(self) -> None:
        if Role.AUDITOR in self.actor.roles:
            raise NotVisible
        super().load()


class ShowWords(GuardedView):
    """What somebody typed; that it was shown is recorded by the function that shows it."""

    record_kind = None
    template_name = "audit/words.html"

    def words(self, entry_id: int, **context: str) -> HttpResponse:
        asked = origin.current()
        found = ask("SELECT * FROM rasso.searched_words(%s, %s, %s)", [entry_id], asked.address, asked.request_id)
        if not found:
            raise NotVisible
        return self.render({"entry_id": entry_id, "words": found[0]["words"], **context})


class ShowSearchedWords(ShowWords):
    access = AUDITORS

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            entry = row_or_not_visible(AccessRecord.objects.filter(pk=self.kwargs["entry_id"], words_digest__isnull=False))
            return self.words(entry.pk, heading="Searched words", back_url=reverse("audit"), back_text="Back to audit")


class ShowWordsOfAuditor(ShowWords):
    """What an auditor asked for, for whoever looks at auditors; the database hides every other line from them."""

    access = OpenTo(frozenset({Role.SUPERINTENDENT}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            if Role.AUDITOR in self.actor.roles:
                raise NotVisible
            back = {"back_url": reverse("of-auditors"), "back_text": "Back to what auditors looked at"}
            return self.words(self.kwargs["auditors_entry_id"], heading="What was asked for", **back)
