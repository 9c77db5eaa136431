"""`/audit/`: whether the record is whole, what to look at, and who looked at what."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from audit.forms import FindForm, shown_days
from audit.operations.checking import AUDITORS
from audit.purpose import purpose
from audit.queries import entries
from audit.queries.entries import Entry, Wanted
from audit.queries.signals import answered_signals, open_signals
from audit.queries.state import entries as in_number
from audit.queries.state import progress, state
from cases.queries.emergency import emergency_accesses
from kit import dates
from kit.exports import Column, ExportList, filters_in_words
from kit.records import Kind, as_typed, record
from kit.views import GuardedView

TOO_MANY = "More than 1,000 entries. These are the newest. Choose a person, a case or fewer days."
NOT_EXPORTED = "There are more than 1,000 entries. Choose a person, a case or fewer days, and export again."
NO_CASE = "No case has this reference. Check it, and type it like JE-2026-00042."
NOBODY = "No member of staff is called that. Type a user name, or how the family name begins."
NO_NUMBER = "No member of staff has this number. Type a user name or a family name, and find again."
MOST_NAMED = 10
# Of what stands out, before “See all”.
FIRST_TO_LOOK_AT = 10
# What stands in an address beside what is looked for.
NOT_ASKED = {"below", "all"}


def staff_numbered(key: str) -> dict[str, Any] | None:
    """Who has this number, as an address holds it."""
    return entries.staff_of_number(int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None


class Looking:
    """What is looked for, from an address: that holds keys only, because a name that somebody typed stands in none."""

    request: HttpRequest

    def looked_for(self) -> tuple[FindForm, Wanted | None]:
        """The form, in words; and what it means, or nothing where that is not to be found, which the form then says."""
        if not set(self.request.GET) - NOT_ASKED:
            since, until = shown_days(None, None, timezone.localdate(), entries.LAST_DAYS)
            return FindForm(initial={"since": since, "until": until}), Wanted(since, until, entries.default_kinds())
        typed, found = self.request.GET.copy(), None
        if key := typed.get("person", ""):
            found = staff_numbered(key)
            typed["person"] = found["username"] if found else key
        form = FindForm(typed)
        return form, wanted_of(form, (lambda words: found["id"]) if found else refuse(NO_NUMBER))

    def words(self) -> str:
        """What was asked for, as the record holds it: also where nothing was found."""
        key = self.request.GET.get("person", "")
        found = staff_numbered(key)
        return as_typed(self.request.GET.get("reference"), f"{found['username']} ({found['who']})" if found else key)


def wanted_of(form: FindForm, number_of_staff: Callable[[str], int]) -> Wanted | None:
    """``number_of_staff``: of whom the form speaks; raises where it is nobody, or several."""
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    since, until = shown_days(typed["since"], typed["until"], timezone.localdate(), entries.LAST_DAYS)
    case_id = entries.case_id_of(typed["reference"].upper()) if typed["reference"] else None
    if typed["reference"] and case_id is None:
        form.add_error("reference", NO_CASE)
    person_id = None
    if typed["person"]:
        try:
            person_id = number_of_staff(typed["person"])
        except ValidationError as refused:
            form.add_error("person", refused)
    return Wanted(since, until, form.kinds(), case_id, person_id) if form.is_valid() else None


def refuse(sentence: str) -> Callable[[str], int]:
    def refuses(words: str) -> int:
        raise ValidationError(sentence)

    return refuses


def staff_called(words: str) -> int:
    """Whose user name this is; or the only one whose name begins so."""
    found = entries.staff_called(words)
    exact = [row for row in found if row["username"].lower() == words.lower()]
    if len(exact or found) == 1:
        return int((exact or found)[0]["id"])
    if not found:
        raise ValidationError(NOBODY)
    named = ", ".join(f"{row['username']} ({row['who']})" for row in found[:MOST_NAMED])
    raise ValidationError(f"Several people fit. Type one of these user names: {named}.")


def address_of(form: FindForm, wanted: Wanted) -> str:
    """Where what was typed is found: its keys, and nothing that was typed as words."""
    typed = form.cleaned_data
    keys = {"reference": typed["reference"].upper(), "person": str(wanted.person_id or ""), "kind": typed["kind"]}
    for name in ("since", "until"):
        if typed[name]:
            keys |= {f"{name}_{part}": str(getattr(typed[name], part)) for part in ("day", "month", "year")}
    query = urlencode({name: key for name, key in keys.items() if key})
    return f"{reverse('audit')}?{query}#found" if query else f"{reverse('audit')}#found"


class AuditPage(Looking, GuardedView):
    access = AUDITORS
    record_kind = Kind.LISTED
    template_name = "audit/audit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(*self.looked_for(), self.words())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find: what was typed becomes keys. That it was asked is recorded here too, because the answer tells that there is such a case."""
        with self.reading():
            form, words = FindForm(request.POST), as_typed(request.POST.get("reference"), request.POST.get("person"))
            wanted = wanted_of(form, staff_called)
            if wanted is None:
                return self.show(form, None, words)
            record(Kind.LISTED, self.page, [wanted.case_id] if wanted.case_id else [], words=words)
            return HttpResponseRedirect(address_of(form, wanted))

    def show(self, form: FindForm, wanted: Wanted | None, words: str) -> HttpResponse:
        signals, answered = open_signals(), answered_signals()
        accesses = emergency_accesses(only_open=False)
        waiting = [one for one in accesses if one.reviewed_at is None and not one.is_own]
        number = len(signals) + len(waiting)
        if "all" not in self.request.GET:
            signals = signals[:FIRST_TO_LOOK_AT]
        found, too_many = self.found(wanted)
        case_id = wanted.case_id if wanted else None
        whole = state(timezone.localdate())
        context = {
            "state": whole,
            "progress": progress(whole.running) if whole.running else None,
            "signals": signals,
            "emergencies": waiting,
            "number": number,
            "all_url": self.url_without("all", "to-look-at", all="yes") if number > len(signals) + len(waiting) else "",
            "last_reviewed": next((one for one in reversed(accesses) if one.reviewed_at is not None), None),
            "answered": answered,
            "form": form,
            "found": found[: entries.A_PAGE],
            "too_many": TOO_MANY if too_many and form.is_bound else "",
            "is_exported": not too_many,
            "on_page": in_number(min(len(found), entries.A_PAGE)),
            "is_asked": form.is_bound,
            "wanted": wanted,
            "may_see": entries.who_may_see(case_id) if case_id else None,
            "looked": entries.who_looked(case_id) if case_id else None,
            "reference": form.cleaned_data["reference"].upper() if case_id else "",
            "purpose": purpose(),
            "next_url": "" if too_many else self.next_url(found),
            "first_url": self.url_without("below") if "below" in self.request.GET and not too_many else "",
            "export_url": f"{reverse('export-entries')}?{self.request.GET.urlencode()}",
        }
        about = [*([case_id] if case_id else []), *(signal.case_id for signal in signals + answered if signal.case_id)]
        about += [one.case_id for one in waiting]
        shown = [*about, *(one for entry in found for one in entry.case_ids)]
        status = 422 if form.is_bound and not form.is_valid() else 200
        return self.render(context, cases=dict.fromkeys(shown), status=status, words=words)

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

    def url_without(self, name: str, fragment: str = "found", **added: str) -> str:
        query: QueryDict = self.request.GET.copy()
        query.pop(name, None)
        query.update(added)
        return f"{self.request.path}?{query.urlencode()}#{fragment}"


class ExportEntries(Looking, ExportList):
    access = AUDITORS
    file_name = "record"
    heading = "Entries of the record"
    asked: FindForm
    found: Wanted
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
        self.asked, wanted = self.looked_for()
        if wanted is None:
            # A file of no rows would read as “nobody looked”.
            record(Kind.LISTED, self.page, words=self.words())
            reasons = [reason for each in self.asked.errors.values() for reason in each]
            return TemplateResponse(request, "409.html", {"view": self, "actor": self.actor, "reasons": reasons}, status=422)
        self.found = wanted
        if entries.number_of(wanted) > entries.MOST:
            return self.not_exported(NOT_EXPORTED)
        return super().get(request, *args, **kwargs)

    def rows(self, most: int) -> Iterable[Entry]:
        found = entries.find(self.found, None, min(most, entries.MOST))
        self.case_ids = dict.fromkeys(one for entry in found for one in entry.case_ids)
        return found

    def about(self) -> Iterator[UUID]:
        yield from getattr(self, "case_ids", ())

    def filters_in_words(self) -> str:
        """“From 20 November 2026 to 26 November 2026. JE-2026-00042, vibert (DC Vibert). What was done: All.”"""
        days = f"From {dates.day(self.found.since)} to {dates.day(self.found.until)}"
        return ". ".join(part for part in (days, self.words(), filters_in_words(self.asked)) if part)
