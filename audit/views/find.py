"""`/audit/`: whether the record is whole, what to look at, and who looked at what."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from audit.forms import FindForm, shown_days
from audit.operations.checking import AUDITORS
from audit.purpose import purpose
from audit.queries import entries
from audit.queries.entries import Entry, Wanted
from audit.queries.signals import answered_signals, open_signals
from audit.queries.state import state
from cases.queries.emergency import emergency_accesses
from kit import dates
from kit.exports import Column, ExportList, filters_in_words
from kit.records import Kind, as_typed
from kit.views import GuardedView

TOO_MANY = "More than 1,000 entries. These are the newest. Choose a person, a case or fewer days."
NOT_EXPORTED = "There are more than 1,000 entries. Choose a person, a case or fewer days, and export again."
MOST_NAMED = 10


class Looking:
    """The form of what is looked for, and what it means."""

    request: HttpRequest

    def form(self) -> FindForm:
        today = timezone.localdate()
        since, until = shown_days(None, None, today, entries.LAST_DAYS)
        is_asked = bool(set(self.request.GET) - {"below"})
        return FindForm(self.request.GET if is_asked else None, initial={"since": since, "until": until})

    def wanted(self, form: FindForm) -> Wanted | None:
        """Nothing if what was typed is not to be found; the form then says so."""
        since, until = shown_days(None, None, timezone.localdate(), entries.LAST_DAYS)
        if not form.is_bound:
            return Wanted(since, until, entries.default_kinds())
        if not form.is_valid():
            return None
        typed = form.cleaned_data
        since, until = shown_days(typed["since"], typed["until"], timezone.localdate(), entries.LAST_DAYS)
        case_id = entries.case_id_of(typed["reference"].upper()) if typed["reference"] else None
        if typed["reference"] and case_id is None:
            form.add_error("reference", "No case has this reference. Check it, and type it like JE-2026-00042.")
        person_id = self.person(form, typed["person"]) if typed["person"] else None
        return Wanted(since, until, form.kinds(), case_id, person_id) if form.is_valid() else None

    @staticmethod
    def person(form: FindForm, words: str) -> int | None:
        found = entries.staff_called(words)
        exact = [row for row in found if row["username"].lower() == words.lower()]
        if len(exact or found) == 1:
            return int((exact or found)[0]["id"])
        if not found:
            form.add_error("person", "No member of staff is called that. Type a user name, or how the family name begins.")
        else:
            named = ", ".join(f"{row['username']} ({row['who']})" for row in found[:MOST_NAMED])
            form.add_error("person", f"Several people fit. Type one of these user names: {named}.")
        return None

    def words(self) -> str:
        """What was asked for, as the record holds it: also where nothing was found."""
        return as_typed(self.request.GET.get("reference"), self.request.GET.get("person"))


class AuditPage(Looking, GuardedView):
    access = AUDITORS
    record_kind = Kind.LISTED
    template_name = "audit/audit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form()
        wanted = self.wanted(form)
        signals, answered = open_signals(), answered_signals()
        accesses = emergency_accesses(only_open=False)
        waiting = [one for one in accesses if one.reviewed_at is None and not one.is_own]
        found, too_many = self.found(wanted)
        case_id = wanted.case_id if wanted else None
        context = {
            "state": state(timezone.localdate()),
            "signals": signals,
            "emergencies": waiting,
            "number": len(signals) + len(waiting),
            "last_reviewed": next((one for one in reversed(accesses) if one.reviewed_at is not None), None),
            "answered": answered,
            "form": form,
            "found": found[: entries.A_PAGE],
            "too_many": TOO_MANY if too_many else "",
            "is_asked": form.is_bound,
            "wanted": wanted,
            "may_see": entries.who_may_see(case_id) if case_id else None,
            "looked": entries.who_looked(case_id) if case_id else None,
            "reference": form.cleaned_data["reference"].upper() if case_id else "",
            "purpose": purpose(),
            "next_url": "" if too_many else self.next_url(found),
            "first_url": self.url_without("below") if "below" in request.GET and not too_many else "",
            "export_url": f"{reverse('export-entries')}?{request.GET.urlencode()}",
        }
        about = [*([case_id] if case_id else []), *(signal.case_id for signal in signals + answered if signal.case_id)]
        about += [one.case_id for one in waiting]
        shown = [*about, *(one for entry in found for one in entry.case_ids)]
        status = 422 if form.is_bound and not form.is_valid() else 200
        return self.render(context, cases=dict.fromkeys(shown), status=status, words=self.words())

    def found(self, wanted: Wanted | None) -> tuple[list[Entry], bool]:
        """A page of what fits; of too many the newest, and that there are too many."""
        if wanted is None:
            return [], False
        if entries.number_of(wanted) > entries.MOST:
            return entries.find(wanted), True
        below = self.request.GET.get("below", "")
        return entries.find(
            wanted, int(below) if below.isascii() and below.isdigit() and len(below) < 19 else None, entries.A_PAGE + 1
        ), False

    def next_url(self, found: list[Entry]) -> str:
        if len(found) <= entries.A_PAGE:
            return ""
        return self.url_without("below", below=str(found[entries.A_PAGE - 1].id))

    def url_without(self, name: str, **added: str) -> str:
        query: QueryDict = self.request.GET.copy()
        query.pop(name, None)
        query.update(added)
        return f"{self.request.path}?{query.urlencode()}#found"


class ExportEntries(Looking, ExportList):
    access = AUDITORS
    file_name = "record"
    heading = "Entries of the record"
    columns: ClassVar = (
        Column("When", lambda row: dates.day_and_time(timezone.localtime(row.at))),
        Column("Entry", lambda row: row.id),
        Column("Who", lambda row: row.who),
        Column("Role and unit", lambda row: row.place),
        Column("What was done", lambda row: row.kind),
        Column("What", lambda row: row.what),
        Column("Allowed because", lambda row: row.because),
        Column("Recipient and basis", lambda row: row.shared),
        Column("From where", lambda row: row.address),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = self.wanted(self.form())
        if wanted is not None and entries.number_of(wanted) > entries.MOST:
            return self.not_exported(NOT_EXPORTED)
        return super().get(request, *args, **kwargs)

    def rows(self, most: int) -> Iterable[Entry]:
        wanted = self.wanted(self.form())
        found = entries.find(wanted, None, min(most, entries.MOST)) if wanted else []
        self.case_ids = dict.fromkeys(one for entry in found for one in entry.case_ids)
        return found

    def about(self) -> Iterator[UUID]:
        yield from getattr(self, "case_ids", ())

    def filters_in_words(self) -> str:
        return filters_in_words(self.form())
