"""Guards taken off one at a time, each the way somebody would lose it. What is done here is taken back with the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import QuerySet

from cases.access import SEE, TABLE
from cases.forms.allocate_cases import AllocateCasesForm
from cases.models import Case, Event
from kit.access import AccessTable, Actor, Grant
from kit.fields import OneChoiceField
from people.roles import Role
from tests.access.sql import run
from tests.worlds import building

DEFINER = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


@contextmanager
def reach_of_the_database_open() -> Iterator[None]:
    """The reach that policies, lists in SQL and the search share answers every case, and nobody is barred."""
    with building():
        run(
            f"CREATE OR REPLACE FUNCTION rasso.own_case_ids() RETURNS SETOF uuid LANGUAGE sql {DEFINER} AS 'SELECT id FROM public.cases_case'",
            f"CREATE OR REPLACE FUNCTION rasso.barred_case_ids() RETURNS SETOF uuid LANGUAGE sql {DEFINER}"
            " AS 'SELECT id FROM public.cases_case WHERE false'",
        )
    yield


@contextmanager
def search_without_reach() -> Iterator[None]:
    """The function of the search looks among all cases."""
    with building():
        run(
            "CREATE OR REPLACE FUNCTION rasso.search(asked text) RETURNS TABLE (case_id uuid, called text, is_whole boolean)"
            f" LANGUAGE sql {DEFINER} AS 'SELECT id, ''reference'', false FROM public.cases_case'"
        )
    yield


@contextmanager
def signs_kept_as_words() -> Iterator[None]:
    """What is blank but for its signs counts as a word."""
    with building():
        run(
            "CREATE OR REPLACE FUNCTION rasso.without_signs(word text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.btrim(word)'"
        )
    yield


@contextmanager
def entries_without_their_case() -> Iterator[None]:
    """Entries are asked for by their key alone, not within the case of the address."""
    asked_for = QuerySet.filter

    def any_case(rows: QuerySet[Any], *conditions: Any, **named: Any) -> Any:
        if rows.model is Event and "pk" in named:
            named.pop("case", None)
        return asked_for(rows, *conditions, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "filter", any_case)
        yield


@contextmanager
def choices_not_checked() -> Iterator[None]:
    """A form takes any key that somebody types, whether or not it was offered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OneChoiceField, "valid_value", lambda field, value: True)
        yield


@contextmanager
def ticks_of_others_dropped() -> Iterator[None]:
    """The list leaves out what is not on it, and does the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AllocateCasesForm, "references_sent", lambda form: set())
        yield


def every_case(actor: Actor) -> QuerySet[Any]:
    return Case.unguarded.all()


@contextmanager
def administrator_sees_all() -> Iterator[None]:
    """Somebody gives the administrator every case, because they administer."""
    opened = AccessTable((*TABLE.grants, Grant(Role.ADMINISTRATOR, every_case, SEE)), TABLE.bars)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("grants", "bars"):
            patch.setitem(TABLE.__dict__, name, getattr(opened, name))
        yield
