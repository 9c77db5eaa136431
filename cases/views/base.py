"""What pages about one case share: fetched as the reader, or not there."""

import enum
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from cases import workflow
from cases.access import TABLE
from cases.enums import Act
from cases.models import Case
from cases.queries.case_page import cases_with_names, day_number
from cases.queries.why_visible import in_words, rights
from kit.access import NotAllowed
from kit.views import FormView, GuardedView, row_or_not_visible


class CasePageView(GuardedView):
    """A page below /cases/<reference>/. Whoever may not see the case gets the 404 of a case that does not exist."""

    access: ClassVar[Any] = Act.VIEW
    table = TABLE
    case: Any

    def load(self) -> None:
        self.case = self.visible_case()

    def visible_case(self) -> Any:
        found = cases_with_names(self.actor).filter(reference=self.kwargs["reference"])
        return row_or_not_visible(found.annotate(rights=rights()))

    def case_ids(self) -> Iterable[UUID]:
        return [self.case.pk]

    def refuse_to_take_out(self) -> None:
        """For copies, exports and prints: whoever only looks at the case in an emergency takes nothing out of it."""
        if not self.may_take_out:
            raise NotAllowed("Emergency access is for looking at the case. Nothing is copied, exported or printed under it.")

    @cached_property
    def may_take_out(self) -> bool:
        return Case.objects.visible_to(self.actor, Act.TAKE_OUT).filter(pk=self.case.pk).exists()

    @property
    def can_be_printed(self) -> bool:
        """Nothing goes on paper under emergency access either. Asked only of those who have opened one: all others may take out what they see."""
        case = getattr(self, "case", None)
        return super().can_be_printed and (case is None or case.emergency_id is None or self.may_take_out)

    def render(self, context: dict[str, Any], *, status: int = 200, **recorded: Any) -> HttpResponse:
        if self.is_asked_for_print and hasattr(self, "case"):
            self.refuse_to_take_out()
        return super().render(context, status=status, **recorded)

    def bar(self) -> dict[str, Any]:
        """The bar above each page of the case."""
        officer = self.case.officer.called if self.case.officer else "No officer yet"
        if self.case.officer_id in self.actor.covers:
            officer = f"{officer}, whom you cover for"
        facts = {"Day": day_number(self.case, self.today), "Offence": self.case.offence_group, "Officer in the case": officer}
        if self.case.is_restricted:
            facts["Access"] = "Restricted"
        if not self.case.is_open:
            facts["Status"] = self.case.get_status_display()
        shown = [{"label": label, "value": str(value)} for label, value in facts.items() if value not in (None, "")]
        return {
            "reference": self.case.reference,
            "url": self.case_url(),
            "facts": shown,
            "why": in_words(self.case.rights),
            "access_url": reverse("case-access", args=[self.case.reference]),
            "emergency": self.emergency(),
        }

    def emergency(self) -> dict[str, Any] | None:
        """Until when the reader may look at the case only because of an emergency, and where they end it."""
        if self.case.emergency_id is None:
            return None
        return {"until": self.case.emergency_until, "end_url": reverse("end-emergency-access", args=[self.case.emergency_id])}

    def case_url(self) -> str:
        return reverse("case", args=[self.case.reference])

    @property
    def zone(self) -> Any:
        return timezone.get_default_timezone()


class ActOnCase(CasePageView, FormView):
    """A page that does one thing to a case. The right to do it is the operation's, so page and act cannot disagree: whoever
    sees the case but may not do this gets 403 and is told who may.

    ``heading`` and ``submit`` are all that most of these pages say; one that says more has a template of its own.
    """

    operation: ClassVar[Any]
    refusal: ClassVar[str]
    template_name = "cases/act.html"
    heading: ClassVar[str] = ""
    intro: ClassVar[str] = ""
    submit: ClassVar[str] = "Save"
    # Whether it can still be done when the case has ended.
    after_the_end: ClassVar[bool] = False
    # What a form that is sent for the second time is told.
    done_before: ClassVar[str] = "That form was sent twice. It was recorded once."

    def load(self) -> None:
        super().load()
        act: enum.Enum = self.operation.act
        if not cases_with_names(self.actor, act).filter(pk=self.case.pk).exists():  # type: ignore[arg-type]
            raise NotAllowed(self.refusal)

    def not_now(self) -> list[str]:
        """Why nobody can do this now, whoever they are; the page then says so instead of offering it."""
        return [] if self.case.is_open or self.after_the_end else [workflow.has_ended(self.case)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        if sentences := self.not_now():
            context = {**self.context(None), "sentences": sentences}
            return self.render(context, status=409, cases=self.case_ids(), template="cases/not_now.html")
        return self.show(self.form())

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "case": self.case,
            "bar": self.bar(),
            "heading": self.heading,
            "intro": self.intro,
            "submit": self.submit,
            "back_url": self.back_url(),
        }

    def back_url(self) -> str:
        """Where this page leads back to, and where it goes on when it is done."""
        return self.case_url()

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(self.back_url())

    def sent_before(self) -> HttpResponse:
        return self.done(self.done_before)
