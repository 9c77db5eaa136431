"""Search: one box. What was typed stands in no address: it is kept for its owner under a key (decisions 33)."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from cases import operations
from cases.access import TABLE
from cases.enums import Act
from cases.forms.search import SearchForm
from cases.models import RememberedSearch
from cases.queries.search import MOST, search
from kit.records import Kind
from kit.views import FormView, GuardedView, row_or_not_visible


class Search(FormView):
    access = Act.VIEW
    table = TABLE
    form_class = SearchForm
    template_name = "cases/search.html"

    def perform(self, form: SearchForm) -> HttpResponse:
        key: UUID = operations.remember_search(actor=self.actor, words=form.cleaned_data["words"])
        return HttpResponseRedirect(reverse("search-results", args=[key]))


class SearchResults(GuardedView):
    """What one's own search finds now."""

    access = Act.VIEW
    table = TABLE
    record_kind = Kind.SEARCHED
    template_name = "cases/search_results.html"
    with_names: ClassVar[bool] = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = RememberedSearch.unguarded.filter(owner_id=self.actor.user_id)
        asked = row_or_not_visible(mine.filter(pk=self.kwargs["search_id"]))
        results = search(self.actor, asked.words, self.today, timezone.get_default_timezone(), with_names=self.with_names)
        context = {
            "form": SearchForm({"words": asked.words}),
            "once": uuid7(),
            "results": results,
            "most": MOST,
            "with_names": self.with_names,
            "has_people": any(row.people for row in results.rows),
            "results_url": reverse("search-results", args=[asked.pk]),
            "names_url": reverse("search-names", args=[asked.pk]),
        }
        return self.render(context, cases=[row.id for row in results.rows], words=asked.words)


class SearchNames(SearchResults):
    """The same with the names of whom was found, so that showing them is an act that is recorded and ends by leaving."""

    record_kind = Kind.NAMES_SHOWN
    with_names = True
