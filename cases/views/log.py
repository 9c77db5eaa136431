"""Log a case: three short pages, a check page, and what now runs (screens.md 4)."""

from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from uuid6 import uuid7

from cases import operations
from cases.access import TABLE
from cases.enums import Act
from cases.forms.log_case import SafetyForm, WhatForm, WhenForm
from cases.models import Case, Draft, OffenceType
from cases.models.draft import KEY, LOG_CASE_DRAFT
from cases.views.logged import LOGGED, as_session, new_case, summary
from kit.access import NotVisible
from kit.drafts import as_sent, sending_of, typed_in, without_errors
from kit.records import Kind
from kit.refusal import Blocked, SentBefore
from kit.views import GuardedView
from people.queries import staff_on

# The pages carry a key that says which draft they belong to, so that what a page sends by itself cannot bring back a draft that
# is logged or discarded. In the session: the key of the draft to begin, and of the one that was logged.
NEXT_KEY = "log_case_draft"
LOGGED_KEY = "logged_case_draft"
STEPS = ("when", "what", "safety")
URL_OF = {"when": "log-case", "what": "log-case-what", "safety": "log-case-safety"}


class LogView(GuardedView):
    """What the pages of logging share: the draft, and the three forms filled from it."""

    access: ClassVar[Any] = Act.LOG
    table = TABLE
    # Nothing of any case is shown: only what this person typed.
    record_kind: ClassVar[Kind | None] = None
    draft: Draft | None

    def load(self) -> None:
        self.draft = Draft.unguarded.filter(owner_id=self.actor.user_id, form=LOG_CASE_DRAFT).first()

    @property
    def key(self) -> str:
        """Of the draft that is kept, or of the one to begin; empty if no page has offered to begin one."""
        if self.draft:
            return str(self.draft.payload.get(KEY, ""))
        return str(self.request.session.get(NEXT_KEY, ""))

    def typed(self, step: str) -> QueryDict | None:
        """What was typed on a page so far; None if it was never sent."""
        kept = self.draft.payload.get(step) if self.draft else None
        if kept is None:
            return None
        return as_sent(kept)

    def build(self, step: str, data: Any) -> forms.Form:
        if step == "when":
            return WhenForm(data, now=self.now)
        if step == "what":
            dates = self.dates()
            offences = list(OffenceType.objects.filter(profile=settings.FORCE_PROFILE).order_by("order"))
            return WhatForm(data, offences=offences, happened_from=dates[0], happened_to=dates[1])
        staff = staff_on(self.today)
        return SafetyForm(data, staff=staff, initial=self.filled_in(staff))

    def dates(self) -> tuple[Any, Any]:
        """When it happened, as the first page says; unknown while that page is not right."""
        form = self.build("when", self.typed("when"))
        if not form.is_valid():
            return None, None
        return form.cleaned_data["happened_from"], form.cleaned_data["happened_to"]

    def filled_in(self, staff: Any) -> dict[str, str]:
        """Officer (me), my unit and its supervisor stand there already."""
        me = str(self.actor.user_id)
        unit = next((key for key in staff.units_of.get(me, ()) if staff.supervisors_of[key]), "")
        supervisors = staff.supervisors_of.get(unit, frozenset()) - {me}
        nearest = [key for key, _ in staff.supervisors if key in supervisors and unit in staff.units_of.get(key, ())]
        others = [key for key, _ in staff.supervisors if key in supervisors]
        officer = me if any(key == me for key, _ in staff.investigators) else ""
        return {"unit": unit, "officer": officer, "supervisor": next(iter([*nearest, *others]), "")}

    def keep(self, step: str, data: QueryDict, *, begin: bool = True) -> bool:
        """Answers whether it is kept: not where the draft that the page belongs to has gone meanwhile."""
        return operations.save_page(
            actor=self.actor,
            form=LOG_CASE_DRAFT,
            key=self.key or str(uuid4()),
            page=step,
            typed=typed_in(data),
            begin=begin,
            sending=sending_of(data),
        )


class LogStep(LogView):
    """One of the three pages. What is typed is kept before it is checked, so nothing is lost whatever happens next."""

    step: str = ""
    template_name = "cases/log/step.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        data = self.typed(self.step)
        form = self.build(self.step, data)
        if "check" not in request.GET:
            without_errors(form)
        return self.show(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
        if self.draft is None and request.POST.get("draft", "no key") == request.session.get(LOGGED_KEY):
            return HttpResponseRedirect(reverse("log-case-done"))
        try:
            self.keep(self.step, request.POST)
        except SentBefore:
            return HttpResponseRedirect(reverse("log-case-done"))
        if "later" in request.POST:
            messages.success(request, "Saved. You find it again under “Log a case”.")
            return HttpResponseRedirect(reverse("home"))
        with self.reading():
            self.load()
            form = self.build(self.step, request.POST)
            if not form.is_valid():
                return self.show(form, status=422)
        return HttpResponseRedirect(self.next_url())

    def next_url(self) -> str:
        if all(self.typed(step) is not None for step in STEPS):
            # Somebody came back to change an answer; the check page leads on to whatever is not right.
            return reverse("log-case-check")
        position = STEPS.index(self.step) + 1
        return reverse(URL_OF[STEPS[position]]) if position < len(STEPS) else reverse("log-case-check")

    def back_url(self) -> str:
        position = STEPS.index(self.step)
        return reverse(URL_OF[STEPS[position - 1]]) if position else reverse("home")

    def show(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        self.request.session.setdefault(NEXT_KEY, str(uuid4()))
        context = {
            "form": form,
            "step": self.step,
            "number": STEPS.index(self.step) + 1,
            "back_url": self.back_url(),
            "draft": self.draft if self.step == "when" and self.request.method == "GET" else None,
            "draft_key": self.key,
            "showing": uuid7(),
            "continue_url": self.continue_url(),
            "autosave_url": reverse("log-case-draft", args=[self.step]),
        }
        return self.render(context, status=status)

    def continue_url(self) -> str:
        """Where somebody with an unfinished case goes on: the first page that was not sent, else the check page."""
        missing = next((step for step in STEPS if self.typed(step) is None), None)
        return reverse(URL_OF[missing]) if missing else reverse("log-case-check")


class LogDraft(LogView):
    """What a page sends by itself every ten seconds while somebody types."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kwargs["step"] not in STEPS:
            raise NotVisible
        with self.reading():
            self.load()
        is_current = bool(self.key) and request.POST.get("draft") == self.key
        try:
            is_kept = is_current and self.keep(self.kwargs["step"], request.POST, begin=self.draft is None)
        except SentBefore:
            is_kept = False
        return HttpResponse(status=204 if is_kept else 409)


class DiscardLogDraft(LogView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            pass
        request.session.pop(NEXT_KEY, None)
        operations.discard_draft(actor=self.actor, form=LOG_CASE_DRAFT)
        messages.success(request, "The unfinished case was discarded.")
        return HttpResponseRedirect(reverse("log-case"))


class LogCheck(LogView):
    """The check page, and the act itself."""

    template_name = "cases/log/check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        built, wrong = self.forms()
        if wrong:
            return HttpResponseRedirect(f"{reverse(URL_OF[wrong])}?check=1")
        return self.show(built)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
            if self.draft is None and LOGGED in request.session:
                # The same form sent twice: one case, one answer.
                return HttpResponseRedirect(reverse("log-case-done"))
            built, wrong = self.forms()
            if wrong:
                return HttpResponseRedirect(f"{reverse(URL_OF[wrong])}?check=1")
        try:
            logged = operations.log_case(actor=self.actor, new=new_case(built))
        except Blocked as refused:
            with self.reading():
                self.load()
                if self.draft is None:
                    # Sent twice at the same moment: the other one has logged it.
                    return HttpResponseRedirect(reverse("log-case-done"))
                built, _ = self.forms()
                return self.show(built, status=409, reasons=refused.reasons)
        request.session[LOGGED] = as_session(logged)
        request.session[LOGGED_KEY] = self.key
        request.session.pop(NEXT_KEY, None)
        return HttpResponseRedirect(reverse("log-case-done"))

    def forms(self) -> tuple[dict[str, Any], str | None]:
        """The three forms, checked; and the first page that is not right, if any."""
        built = {step: self.build(step, self.typed(step)) for step in STEPS}
        wrong = next((step for step, form in built.items() if not form.is_valid()), None)
        return built, wrong

    def show(self, built: dict[str, Any], *, status: int = 200, reasons: tuple[str, ...] = ()) -> HttpResponse:
        return self.render({"pages": summary(built), "reasons": reasons, "back_url": reverse("log-case-safety")}, status=status)


class LogDone(LogView):
    """The reference, and what now runs. From the session: whoever logged a case for another may not see it any more."""

    template_name = "cases/log/done.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        logged = request.session.get(LOGGED)
        if logged is None:
            return HttpResponseRedirect(reverse("log-case"))
        runs = [{"what": what, "due_on": date.fromisoformat(due_on)} for what, due_on in logged["runs"]]
        may_open, may_work = (
            Case.objects.visible_to(self.actor, act).filter(reference=logged["reference"]).exists()
            for act in (Act.VIEW, Act.INVESTIGATE)
        )
        return self.render({"logged": logged, "runs": runs, "may_open": may_open, "may_work": may_work})
