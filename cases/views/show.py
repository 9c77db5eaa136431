"""The case: its page, the names behind V1 and S1, who changed what; the list of cases."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cases.access import MAY_OPEN_IN_EMERGENCY, TABLE
from cases.enums import Act
from cases.models import Suspect, Victim
from cases.queries.case_list import ListFilters, Order, Shown, case_list
from cases.queries.case_page import case_page
from cases.queries.history import page_of_changes
from cases.views.base import CasePageView
from kit.fields import OneChoiceField
from kit.records import Kind
from kit.views import GuardedView
from people.roles import Role

LONGEST_KEY = 18


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """The key in an address, or nothing when somebody typed something else there."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def key_or_none(text: str) -> int | None:
    """The key of a person in an address. No key is longer; the database would refuse the number."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


def with_query(address: str, query: dict[str, Any]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


class CasePage(CasePageView):
    template_name = "cases/case.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        page = case_page(self.actor, self.case, self.now)
        return self.render({"page": page, "case": self.case, "bar": self.bar()}, cases=self.case_ids())


class CaseNames(CasePageView):
    """The names of a case, on a page of their own, so that showing them is an act that is recorded and ends by leaving."""

    template_name = "cases/names.html"
    record_kind = Kind.NAMES_SHOWN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        people: list[Any] = [
            *Victim.unguarded.filter(case=self.case).select_related("person").order_by("number"),
            *Suspect.unguarded.filter(case=self.case).select_related("person").order_by("number"),
        ]
        rows = [{"key": str(one), "value": one.person.name if one.person else "Not known yet"} for one in people]
        return self.render({"rows": rows, "case": self.case, "bar": self.bar()}, cases=self.case_ids())


class CaseHistory(CasePageView):
    template_name = "cases/history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        before = uuid_or_none(request.GET.get("before"))
        changes, next_key = page_of_changes(self.case, before)
        context = {
            "changes": changes,
            "next_url": f"{request.path}?{urlencode({'before': next_key})}" if next_key else "",
            "first_url": request.path if before else "",
            "case": self.case,
            "bar": self.bar(),
        }
        return self.render(context, cases=self.case_ids())


class CaseListForm(forms.Form):
    order = OneChoiceField(
        label="Order",
        choices=((Order.NEWEST, "Newest first"), (Order.REFERENCE, "By reference")),
        widget=forms.Select,
        required=False,
    )
    officer = OneChoiceField(label="Officer in the case", widget=forms.Select, required=False)
    show = OneChoiceField(
        label="Show",
        choices=((Shown.OPEN, "Open cases"), (Shown.CLOSED, "Closed cases"), (Shown.ALL, "All cases")),
        widget=forms.Select,
        required=False,
    )

    def __init__(self, *args: Any, officers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", "Anyone"), ("none", "No officer yet"), *officers]  # type: ignore[attr-defined]


def case_list_form(request: HttpRequest, officers: list[tuple[str, str]]) -> CaseListForm:
    return CaseListForm({"order": Order.NEWEST, "show": Shown.OPEN, **request.GET.dict()}, officers=officers)


def case_filters(request: HttpRequest) -> ListFilters:
    """The filters of the address; what makes no sense there filters nothing."""
    asked = request.GET
    officer = asked.get("officer", "")
    return ListFilters(
        order=Order(asked["order"]) if asked.get("order") in set(Order) else Order.NEWEST,
        shown=Shown(asked["show"]) if asked.get("show") in set(Shown) else Shown.OPEN,
        officer_id=key_or_none(officer),
        unallocated=officer == "none",
    )


class CaseList(GuardedView):
    access = Act.VIEW
    table = TABLE
    record_kind = Kind.LISTED
    template_name = "cases/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = case_filters(request)
        officer = "none" if filters.unallocated else str(filters.officer_id or "")
        found = case_list(
            self.actor, filters, self.today, timezone.get_default_timezone(), uuid_or_none(request.GET.get("after"))
        )
        show = filters.shown if filters.shown is not Shown.OPEN else ""
        query = {key: value for key, value in {"order": filters.order, "officer": officer, "show": show}.items() if value}
        own = reverse("case-list")
        context = {
            "filters": case_list_form(request, found.officers),
            "found": found,
            "clear_url": own if officer or show else "",
            "first_url": f"{own}?{urlencode(query)}" if request.GET.get("after") else "",
            "next_url": f"{own}?{urlencode({**query, 'after': found.next_after})}" if found.next_after else "",
            "export_url": with_query(reverse("export-cases"), query),
            "may_log": bool(self.actor.roles & TABLE.roles_with(Act.LOG)),
            "may_open_in_emergency": bool(self.actor.roles & set(MAY_OPEN_IN_EMERGENCY)),
            "may_import": Role.INSPECTOR in self.actor.roles,
            "may_allocate": bool(self.actor.roles & TABLE.roles_with(Act.ALLOCATE)),
        }
        return self.render(context, cases=[row.id for row in found.rows])
