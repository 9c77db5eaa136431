"""Check the record and hand out its newest seal."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from audit import operations
from audit.models import Check
from audit.operations.checking import AUDITORS
from audit.queries.checks import in_words, left
from audit.queries.state import entries, progress
from kit.records import Kind
from kit.views import GuardedView, row_or_not_visible

# A request works so long and then answers with how far it has come; the page goes on by itself, or by its button.
SECONDS_AT_ONCE = 4.0
NOTHING_SEALED = "Nothing is sealed yet. RASSO seals the record every minute; try again in a minute."


class BeginCheck(GuardedView):
    access = AUDITORS
    operation = operations.begin_check

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            # One that somebody else left goes on; two would do the same.
            running = left()
        check_id = running.pk if running else operations.begin_check(actor=self.actor)
        return HttpResponseRedirect(reverse("audit-check", args=[check_id]))


class CheckPage(GuardedView):
    """How far a check has come, and what it found."""

    access = AUDITORS
    record_kind = Kind.LISTED
    template_name = "audit/check.html"
    operation = operations.continue_check

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check = row_or_not_visible(Check.objects.filter(pk=self.kwargs["check_id"]))
        faults = [in_words(fault) for fault in check.faults]
        return self.render({"check": check, "faults": faults, "progress": progress(check), "entries": entries(check.entries)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            check = row_or_not_visible(Check.objects.filter(pk=self.kwargs["check_id"]))
        end = time.monotonic() + SECONDS_AT_ONCE
        while operations.continue_check(check.pk, actor=self.actor) and time.monotonic() < end:
            pass
        return HttpResponseRedirect(request.path)


class ExportSeal(GuardedView):
    """The newest seal as a small file, to be kept on another machine."""

    access = AUDITORS
    operation = operations.keep_seal

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            pass
        kept = operations.keep_seal(actor=self.actor)
        if kept is None:
            self.record_refusal(409)
            return self.page_in_own_transaction("409.html", {"reasons": [NOTHING_SEALED]}, status=409)
        headers = {"Content-Disposition": f'attachment; filename="rasso-seal-{kept.number}.json"'}
        return HttpResponse(kept.as_file(), content_type="application/json", headers=headers)
