"""Five locks stand between a person and a case that is not theirs. For each there is a test in which the other four are off, and which
is red when that lock goes.

How each is taken off honestly:
1  the guarded manager: its table of reaches answers every row, as if a view had asked `unguarded`;
2  the declared access of views: the address leads to a view that nobody guards;
3  the second look of operations: the function inside the operation is called, without its guard;
4  the matrix: nothing of it runs but the one comparison under test;
5  the policies: the session is the administrator's, who passes by them (`building`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views import View

from cases import operations
from cases.access import TABLE
from cases.enums import Act, EventKind
from cases.models import Case, Event
from kit import binding
from kit.access import Actor, NotAllowed, NotVisible, UnguardedQuery
from kit.binding import bound_to
from kit.views import GuardedView, OpenTo
from people.models import User
from rasso import urls as site
from tests import worlds
from tests.access import matrix
from tests.access.asking import BACKEND, pages, urls
from tests.access.scene import Scene
from tests.access.sql import ask
from tests.worlds import building


@contextmanager
def policies_off() -> Iterator[None]:
    """Fifth lock off: statements run as the administrator, and binding takes no role. The actor is bound as ever."""
    with building(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(binding, "DATABASE_ROLES", dict.fromkeys(binding.DATABASE_ROLES, "none"))
        patch.setattr(worlds, "LOGIN", "DEFAULT")
        yield


@contextmanager
def tables_off() -> Iterator[None]:
    """First and third lock off: the table of who may answers every row to everybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "kit.access.rows_within_reach",
            lambda model, table, actor, act, among=None: (
                model.unguarded.all() if among is None else model.unguarded.filter(pk__in=among)
            ),
        )
        yield


def actor_of(user: User) -> Actor:
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        return bound.actor


def inside(operation: Any) -> Any:
    """The function that an operation guards, without its guard: third lock off."""
    return operation.__wrapped__


# First: no rows without an actor -------------------------------------------------------------------------------------------


def test_first_lock_alone_gives_rows_only_to_whoever_reaches_them(on_the_scene: Scene) -> None:
    """With the policies off, `Case.objects` still answers only through `visible_to`, and only what the actor reaches."""
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    strangers = (force.other_investigator, force.other_sergeant, force.user("ANALYST"), force.user("PROSECUTOR"))
    actors = [actor_of(user) for user in strangers]
    officer = actor_of(force.investigator)
    with building():
        assert Case.unguarded.filter(pk=case.pk).exists()
        for actor in actors:
            assert not Case.objects.visible_to(actor, Act.VIEW).filter(pk=case.pk).exists(), actor
        assert Case.objects.visible_to(officer, Act.VIEW).filter(pk=case.pk).exists()
        for ask_for in ("all", "get", "first", "count", "exists", "values", "iterator", "in_bulk", "aggregate"):
            with pytest.raises(UnguardedQuery):
                getattr(Case.objects, ask_for)()


# Second: no view without declared access -----------------------------------------------------------------------------------


class Undeclared(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        with building():
            return HttpResponse(str(Case.unguarded.count()))


urlpatterns = [*site.urlpatterns, path("leak/", Undeclared.as_view(), name="leak")]


def test_second_lock_alone_refuses_a_view_that_says_for_nobody(on_the_scene: Scene) -> None:
    """A view that reads past every other lock is not even called, because nobody said who may open it."""
    client = Client()
    client.force_login(on_the_scene.force.user("PROSECUTOR"), backend=BACKEND)
    with (
        override_settings(ROOT_URLCONF=__name__),
        pytest.raises(ImproperlyConfigured, match="does not declare who may open it"),
    ):
        client.get("/leak/")


def test_second_lock_alone_keeps_the_site_from_starting() -> None:
    """A guarded view without its access is refused while the addresses are read."""
    forgotten = type("Forgotten", (GuardedView,), {"access": None})
    with pytest.raises(ImproperlyConfigured, match="Forgotten does not declare its access"):
        path("forgotten/", forgotten.as_view())


def test_second_lock_alone_hides_a_page_from_roles_it_is_not_for(on_the_scene: Scene) -> None:
    """With the policies off and every row reached, whoever holds no role for the page still finds none."""
    client = Client()
    client.force_login(on_the_scene.force.user("PROSECUTOR"), backend=BACKEND)
    with policies_off(), tables_off():
        assert client.get(f"/cases/{on_the_scene.cases['at hand'].reference}/").status_code == 404
        client.force_login(on_the_scene.force.other_investigator, backend=BACKEND)
        assert client.get(f"/cases/{on_the_scene.cases['at hand'].reference}/").status_code == 200


# Third: no change without a second look --------------------------------------------------------------------------------------


NOTE: dict[str, Any] = {"kind": EventKind.NOTE, "text": "An invented note."}


def test_third_lock_alone_refuses_who_lost_the_case_after_the_page_was_shown(on_the_scene: Scene) -> None:
    """The row was fetched while it was theirs, no view stands before the operation, no policy behind it."""
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    officer = actor_of(force.investigator)
    operations.allocate_case(case, actor=actor_of(force.sergeant), officer_id=force.other_investigator.pk)
    with policies_off(), pytest.raises(NotVisible):
        operations.record_event(case, actor=officer, at=case.recorded_at, **NOTE)
    with building():
        assert not Event.unguarded.filter(case=case, kind=EventKind.NOTE).exists()


def test_third_lock_alone_tells_who_may_see_but_not_act(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    sergeant = actor_of(on_the_scene.force.sergeant)
    with policies_off(), pytest.raises(NotAllowed):
        operations.record_event(case, actor=sergeant, at=case.recorded_at, **NOTE)


def test_third_lock_alone_believes_nothing_that_the_caller_says_of_the_actor(on_the_scene: Scene) -> None:
    """Roles and units are asked from the database when the operation begins."""
    stranger = on_the_scene.force.other_investigator
    pretended = Actor(stranger.pk, "police", frozenset(TABLE.roles_with(Act.VIEW)), (on_the_scene.force.unit.pk,))
    case = on_the_scene.cases["at hand"]
    with policies_off(), pytest.raises(NotVisible):
        operations.record_event(case, actor=pretended, at=case.recorded_at, **NOTE)


def test_without_the_third_lock_the_note_would_stand(on_the_scene: Scene) -> None:
    """So that the three tests above are about the guard and not about something within."""
    case, stranger = on_the_scene.cases["at hand"], on_the_scene.force.other_investigator
    with policies_off(), bound_to(stranger.pk, "police", may_write=True) as bound:
        inside(operations.record_event)(case, actor=bound.actor, now=bound.now, at=case.recorded_at, **NOTE)
        assert Event.unguarded.filter(case=case, kind=EventKind.NOTE).exists()


# Fourth: no page outside the matrix --------------------------------------------------------------------------------------------


def test_fourth_lock_alone_notices_a_page_that_no_line_speaks_of() -> None:
    """A page written tomorrow, open to everybody by mistake, makes the comparison of names red before it leaks anything."""
    open_to_all = type("OpenToAll", (GuardedView,), {"access": OpenTo()})
    assert matrix.pages() == set(pages())
    extended = [*site.urlpatterns, path("leak/", open_to_all.as_view(), name="leak")]
    assert {name for name, _ in urls(extended)} - matrix.pages() == {"leak"}


# Fifth: the database refuses what the code forgot --------------------------------------------------------------------------------


def test_fifth_lock_alone_gives_no_row_of_a_case_out_of_reach(on_the_scene: Scene) -> None:
    """Code that forgot every filter gets what is the reader's, and nothing else."""
    force = on_the_scene.force
    own = on_the_scene.cases["not yet allocated"]
    with bound_to(force.first_officer.pk, "police", may_write=False):
        assert list(Case.unguarded.all()) == [own]
        assert set(Event.unguarded.values_list("case_id", flat=True)) == {own.pk}
    for stranger in (force.user("ANALYST"), force.user("AUDITOR"), force.user("ADMINISTRATOR")):
        with bound_to(stranger.pk, "police", may_write=False):
            assert ask("SELECT count(*) FROM cases_case") == [(0,)]


def test_fifth_lock_alone_shows_nothing_on_a_page_that_forgot_its_filters(on_the_scene: Scene) -> None:
    """The page of a case, with the table of reaches answering every row: the stranger still finds no such case."""
    client = Client()
    client.force_login(on_the_scene.force.other_investigator, backend=BACKEND)
    address = f"/cases/{on_the_scene.cases['at hand'].reference}/"
    with tables_off():
        assert client.get(address).status_code == 404


def test_fifth_lock_alone_refuses_an_act_whose_guard_was_forgotten(on_the_scene: Scene) -> None:
    case, stranger = on_the_scene.cases["at hand"], on_the_scene.force.other_investigator
    with pytest.raises(ProgrammingError, match="row-level security"), bound_to(stranger.pk, "police", may_write=True) as bound:
        inside(operations.record_event)(case, actor=bound.actor, now=bound.now, at=case.recorded_at, **NOTE)
