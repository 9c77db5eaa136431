"""The registers, and who looks at the auditors."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from audit import operations
from audit.forms import BreachForm, DecisionForm
from audit.models import Breach
from audit.operations.checking import AUDITORS
from audit.purpose import purpose
from audit.queries import entries, registers
from audit.queries.entries import LAST_DAYS, Wanted
from audit.queries.signals import open_signals
from kit.access import NotVisible
from kit.records import Kind
from kit.refusal import Blocked
from kit.views import FormView, GuardedView, OpenTo, row_or_not_visible
from people.roles import Role


class Registers(GuardedView):
    access = AUDITORS
    record_kind = Kind.LISTED
    template_name = "audit/registers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        shares = registers.of_kinds((Kind.SHARED,), now)
        exports = registers.of_kinds(registers.EXPORTS, now)
        erased = registers.of_kinds((Kind.ERASED,), now)
        shown = [one for entry in (*shares, *exports, *erased) for one in entry.case_ids]
        context = {
            "shares": shares,
            "exports": exports,
            "erased": erased,
            "breaches": registers.breaches(now),
            "requests": registers.subject_requests(),
            "certificates": registers.certificates(),
            "purpose": purpose(),
        }
        return self.render(context, cases=dict.fromkeys(shown))


class EnterBreach(FormView):
    access = AUDITORS
    record_kind = None
    template_name = "audit/breach.html"
    operation = operations.enter_breach

    def form(self, data: Any = None) -> BreachForm:
        return BreachForm(data, moment=timezone.now())

    def perform(self, form: Any) -> HttpResponse:
        operations.enter_breach(actor=self.actor, once=self.once, **form.cleaned_data)
        messages.success(self.request, "The breach is in the register. The 72 hours run from when it was known.")
        return self.sent_before()

    def sent_before(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("audit-registers") + "#breaches")


class OfBreach(FormView):
    access = AUDITORS
    record_kind = Kind.LISTED
    breach: Breach

    def load(self) -> None:
        self.breach = row_or_not_visible(Breach.objects.filter(pk=self.kwargs["breach_id"]))

    def sent_before(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("audit-registers") + "#breaches")


class DecideBreach(OfBreach):
    template_name = "audit/decide_breach.html"
    operation = operations.decide_breach

    def form(self, data: Any = None) -> DecisionForm:
        return DecisionForm(data, moment=timezone.now(), known_at=self.breach.known_at)

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "breach": self.breach, "clock": registers.clock(self.breach, timezone.now())}

    def perform(self, form: Any) -> HttpResponse:
        typed = form.cleaned_data
        operations.decide_breach(
            actor=self.actor, once=self.once, breach_id=self.breach.pk, told_at=typed["told_at"], because=typed["because"]
        )
        messages.success(self.request, "The decision is in the register.")
        return self.sent_before()


class CloseBreach(GuardedView):
    access = AUDITORS
    operation = operations.close_breach

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            breach = row_or_not_visible(Breach.objects.filter(pk=self.kwargs["breach_id"]))
        try:
            operations.close_breach(actor=self.actor, breach_id=breach.pk)
        except Blocked as refused:
            self.record_refusal(409)
            return self.page_in_own_transaction("409.html", {"reasons": refused.reasons}, status=409)
        messages.success(request, "The breach is closed. It stays in the register.")
        return HttpResponseRedirect(reverse("audit-registers") + "#breaches")


class OfAuditors(GuardedView):
    """What auditors looked at themselves, for somebody who is none."""

    access = OpenTo(frozenset({Role.SUPERINTENDENT}))
    record_kind = Kind.LISTED
    template_name = "audit/of_auditors.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if Role.AUDITOR in self.actor.roles:
            raise NotVisible
        today = timezone.localdate()
        below = request.GET.get("below", "")
        wanted = Wanted(date.fromordinal(today.toordinal() - 4 * LAST_DAYS + 1), today, ())
        found = entries.of_auditors(wanted, int(below) if below.isascii() and below.isdigit() and len(below) < 19 else None)
        next_url = f"{request.path}?below={found[-1].id}" if len(found) == entries.A_PAGE else ""
        standing_out = [] if below else open_signals(of_auditors=True)
        context = {
            "found": found,
            "signals": standing_out,
            "next_url": next_url,
            "first_url": request.path if below else "",
            "purpose": purpose(),
        }
        shown = [*(one for entry in found for one in entry.case_ids), *(one.case_id for one in standing_out if one.case_id)]
        return self.render(context, cases=dict.fromkeys(shown))
