"""Leak classes 11 to 15: a second path to a person, attachments, history, a page written later, one's own role.

Each guard is taken away once more in a test of its own, which then finds the leak (`..._would_leak`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import get_resolver

from cases.models import Case, Person, Suspect, Victim
from kit.binding import bound_to
from kit.classification import Classification
from kit.middleware import AccessDeclaredMiddleware
from people.models import RoleAssignment, User
from people.roles import Role
from tests.access.asking import BACKEND, pages
from tests.access.scene import Scene, savepoint, undone
from tests.access.sql import ask, refused, run
from tests.security.crawl import Crawl
from tests.worlds import building

NAMES = ("Invented Victim-Name", "Invented Suspect-Name")
# Where names stand because the reader asked for them, which is recorded as such, or types them.
SHOW_NAMES = {"case-names", "update-suspect", "disposal"}
# Of a request that its subject opened: whoever answers it reads what is held of them, and every look is recorded with the cases.
OF_A_REQUEST = {"subject-request", "search-for-subject", "subject-items", "decide-item"}


@contextmanager
def unpoliced(table: str) -> Iterator[None]:
    """The policies of one table taken away, in a savepoint."""
    with undone():
        with building():
            run("SET CONSTRAINTS ALL IMMEDIATE", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        yield


def bound_sql(user: User, statement: str, *parameters: Any, may_write: bool = False) -> list[tuple[Any, ...]]:
    with bound_to(user.pk, user.kind, may_write=may_write):
        return ask(statement, *parameters)


def name_of(model: type[models.Model], case: Case) -> Person:
    with building():
        return model._base_manager.filter(case=case).exclude(person=None).select_related("person")[0].person  # type: ignore[attr-defined,no-any-return]


# 11: masking hangs on person and reader, not on the page --------------------------------------------------------------------


def test_names_stand_on_no_page_that_does_not_record_showing_them(on_the_scene: Scene) -> None:
    """Every page that can be got, as somebody who gets it: V1 and S1 everywhere, the name on the pages that are there to show it."""
    crawl = Crawl(on_the_scene)
    found = set()
    for page in sorted(pages()):
        if insider := crawl.insider(page, "GET"):
            with undone():
                reply = crawl.ask(page, "GET", *insider)
            if any(name in reply.text for name in NAMES):
                found.add(page)
    assert found == SHOW_NAMES | OF_A_REQUEST


def test_name_is_read_through_a_case_in_reach_and_by_no_other_path(on_the_scene: Scene) -> None:
    """In raw SQL, whatever page or list would ask for it."""
    person = name_of(Victim, on_the_scene.cases["elsewhere"])
    with building():
        owner = User.objects.get(username="investigator_elsewhere")
    assert bound_sql(owner, "SELECT name FROM cases_person WHERE id = %s", person.pk) == [(person.name,)]
    for user in on_the_scene.everybody:
        if user.kind == "police" and user.username not in ("investigator_elsewhere", "sergeant_elsewhere", "inspector"):
            assert bound_sql(user, "SELECT name FROM cases_person WHERE id = %s", person.pk) in ([], [(person.name,)])
            reaches = bound_sql(user, "SELECT 1 FROM cases_case WHERE id = %s", on_the_scene.cases["elsewhere"].pk)
            assert bool(bound_sql(user, "SELECT 1 FROM cases_person WHERE id = %s", person.pk)) == bool(reaches), user


def test_policy_of_people_taken_away_would_leak(on_the_scene: Scene) -> None:
    person = name_of(Victim, on_the_scene.cases["elsewhere"])
    stranger = on_the_scene.force.investigator
    assert bound_sql(stranger, "SELECT 1 FROM cases_person WHERE id = %s", person.pk) == []
    with unpoliced("cases_person"):
        assert bound_sql(stranger, "SELECT 1 FROM cases_person WHERE id = %s", person.pk)


def test_nobody_makes_a_hidden_person_the_suspect_or_victim_of_their_own_case(on_the_scene: Scene) -> None:
    """Whoever knew the key of a person in a case elsewhere would read the name through their own. Taken out: MAY_NAME in
    cases/policies.py; the next test repeats that."""
    officer, hidden = on_the_scene.force.investigator, name_of(Suspect, on_the_scene.cases["elsewhere"])
    case = on_the_scene.cases["at hand"]
    with refused("row-level security"):
        bound_sql(
            officer, "UPDATE cases_suspect SET person_id = %s WHERE case_id = %s RETURNING 1", hidden.pk, case.pk, may_write=True
        )
    victim = "INSERT INTO cases_victim (id, case_id, number, safe_now, safety_steps, safe_contact, person_id)"
    with refused("row-level security"):
        bound_sql(
            officer,
            f"{victim} VALUES (gen_random_uuid(), %s, 9, 'YES', '', '', %s) RETURNING 1",
            case.pk,
            hidden.pk,
            may_write=True,
        )
    assert bound_sql(officer, "SELECT 1 FROM cases_person WHERE id = %s", hidden.pk) == []
    # What the officer may: leave it as it is, and name somebody new.
    assert bound_sql(
        officer, "UPDATE cases_suspect SET description = 'x' WHERE case_id = %s RETURNING 1", case.pk, may_write=True
    )


def test_check_of_who_may_be_named_taken_away_would_leak(on_the_scene: Scene) -> None:
    officer, hidden = on_the_scene.force.investigator, name_of(Suspect, on_the_scene.cases["elsewhere"])
    with undone():
        with building():
            run(
                "CREATE OR REPLACE FUNCTION rasso.may_name(row_id uuid, wanted_person uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
            )
        case = on_the_scene.cases["at hand"].pk
        bound_sql(
            officer, "UPDATE cases_suspect SET person_id = %s WHERE case_id = %s RETURNING 1", hidden.pk, case, may_write=True
        )
        assert bound_sql(officer, "SELECT name FROM cases_person WHERE id = %s", hidden.pk) == [(hidden.name,)]


# 12: attachments --------------------------------------------------------------------------------------------------------------


def test_there_are_no_attachments_and_no_place_where_files_lie() -> None:
    """Nothing is attached to a case yet. A model with a file, or an address under which files are served, comes with tests of its own."""
    held = [f"{model._meta.label}.{one.name}" for model in apps.get_models() for one in model._meta.fields if holds_a_file(one)]
    assert held == []
    assert settings.MEDIA_URL == "/" and settings.MEDIA_ROOT == ""
    assert not [page for page in pages() if any(word in page for word in ("media", "attachment", "thumbnail"))]
    # A file that is sent is read in memory, and never laid on a disk that the policies do not reach.
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def holds_a_file(field: Any) -> bool:
    """Digests of the record are bytes as well, and no content."""
    is_content = getattr(field.model, "classification", None) in {Classification.OPERATIONAL, Classification.OWN}
    return isinstance(field, models.FileField | models.FilePathField) or (is_content and isinstance(field, models.BinaryField))


@pytest.mark.parametrize(
    "address", ["/media/V1.jpg", "/attachments/1/", "/static/../rasso/settings.py", "/static/%2e%2e/manage.py"]
)
def test_guessed_name_of_a_file_is_not_found(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


# 13: what rows said before -----------------------------------------------------------------------------------------------------


def histories() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if model.__name__.startswith("Historical"))


def test_history_shows_rows_of_cases_in_reach_and_no_others(on_the_scene: Scene) -> None:
    assert len(histories()) >= 8
    for user in (on_the_scene.force.investigator, on_the_scene.force.sergeant, on_the_scene.force.user(Role.ANALYST)):
        for table in histories():
            key = "id" if table == "cases_historicalcase" else "case_id"
            strange = f"SELECT 1 FROM {table} h WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = h.{key})"
            assert bound_sql(user, strange) == [], (user, table)


@pytest.mark.parametrize("table", ["cases_historicalcase", "cases_historicalsuspect"])
def test_history_without_its_policy_would_leak(on_the_scene: Scene, table: str) -> None:
    user = on_the_scene.force.user(Role.ANALYST)
    with unpoliced(table):
        assert bound_sql(user, f"SELECT 1 FROM {table}")


# 14: a page written later ------------------------------------------------------------------------------------------------------


def declared(pattern: Any) -> bool:
    return getattr(getattr(pattern.callback, "view_class", pattern.callback), "access", None) is not None


def all_patterns(resolver: Any) -> Iterator[Any]:
    for one in resolver.url_patterns:
        yield from all_patterns(one) if hasattr(one, "url_patterns") else [one]


def test_every_address_says_for_whom_it_is() -> None:
    assert [str(one.pattern) for one in all_patterns(get_resolver()) if not declared(one)] == []


def test_unmarked_page_is_refused_before_it_runs(rf: Any) -> None:
    """And it is not in the matrix, which is red then (tests/access/test_matrix.py)."""

    def forgotten(request: Any) -> None:
        raise AssertionError("it ran")

    with pytest.raises(ImproperlyConfigured, match="does not declare who may open it"):
        AccessDeclaredMiddleware(lambda request: None).process_view(rf.get("/"), forgotten, (), {})  # type: ignore[arg-type,return-value]


# 15: one's own role --------------------------------------------------------------------------------------------------------------

RAISES = {
    "give_role": "SELECT rasso.give_role({me}, 'SUPERINTENDENT', rasso.today(), NULL)",
    "move": "SELECT rasso.move_person({me}, NULL, (SELECT min(id) FROM people_unit), rasso.today())",
    "add_role": "SELECT rasso.add_role({me}, 'SUPERINTENDENT', rasso.today(), NULL, {me})",
    "insert": "INSERT INTO people_roleassignment (user_id, role, organisation_kind, starts_on) VALUES ({me}, 'INSPECTOR', 'POLICE', '2020-01-01')",
    "update": "UPDATE people_roleassignment SET role = 'INSPECTOR', ends_on = NULL WHERE user_id = {me}",
    "membership": "INSERT INTO people_membership (user_id, unit_id, starts_on) SELECT {me}, min(id), '2020-01-01' FROM people_unit",
    "kind": "UPDATE people_user SET organisation_kind = 'POLICE', is_active = true WHERE id = {me}",
    "grant": "INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)"
    " SELECT gen_random_uuid(), {me}, min(p.id), min(c.id::text)::uuid, 'ASSIGNED', now(), {me} FROM auth_permission p, cases_case c",
    "cover": "INSERT INTO people_cover (absent_id, covering_id, organisation_kind, starts_on, ends_on, set_by_id, set_at, reason)"
    " SELECT min(id), {me}, 'POLICE', rasso.today(), rasso.today(), {me}, now(), 'LEAVE' FROM people_user",
    "database role": "SET LOCAL ROLE rasso_definer",
    "owner": "SET LOCAL SESSION AUTHORIZATION rasso_owner",
}


@pytest.mark.parametrize("path", RAISES)
def test_nobody_raises_themself_in_the_database(on_the_scene: Scene, path: str) -> None:
    """As everybody in the scene, the administrator among them, with the right to write."""
    for user in on_the_scene.everybody:
        with pytest.raises(DatabaseError), savepoint():
            bound_sql(user, RAISES[path].format(me=user.pk) + ("" if path in ("database role", "owner") else " "), may_write=True)


def test_no_form_raises_whoever_sends_it(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(administrator, backend=BACKEND)
    answers = {"role": "INVESTIGATOR", "starts_on_day": "16", "starts_on_month": "11", "starts_on_year": "2026", "because": "x"}
    for page in ("roles/give/", "change/", "move/"):
        answer = client.post(f"/people/{administrator.pk}/{page}", {**answers, "rank": "DI"})
        assert answer.status_code in (403, 404, 409, 422), page
    with building():
        assert set(RoleAssignment.objects.filter(user=administrator).values_list("role", flat=True)) == {Role.ADMINISTRATOR}


def test_without_the_check_of_the_function_an_administrator_would_raise_themself(on_the_scene: Scene) -> None:
    administrator = on_the_scene.force.user(Role.ADMINISTRATOR)
    with undone():
        with building():
            run(
                "CREATE OR REPLACE FUNCTION rasso.administer_other(wanted bigint) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'",
                "CREATE OR REPLACE FUNCTION rasso.apart_from_administrator(role text) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
            )
        bound_sql(administrator, RAISES["give_role"].format(me=administrator.pk), may_write=True)
