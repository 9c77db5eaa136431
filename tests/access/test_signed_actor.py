"""Who is asking is signed: a statement smuggled into a request makes itself nobody else, and reads no key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import sql

from kit.binding import bound_to, signed
from people.models import AccessRecord
from rasso import checks
from rasso.database import install_actor_key
from tests import databases
from tests.access.asking import BACKEND
from tests.access.scene import Scene, undone
from tests.access.sql import ask, refused, run
from tests.worlds import building

UNSIGNED = "the bound actor is not signed"


def become(identity: str) -> None:
    ask("SELECT set_config('rasso.actor', %s, true)", identity)


def test_smuggled_statement_cannot_be_somebody_else(on_the_scene: Scene) -> None:
    force = on_the_scene.force
    mine, theirs = signed(force.other_investigator.pk, "police"), signed(force.inspector.pk, "police")
    signature = mine.rsplit(":", 1)[1]
    forged = (
        f"{force.inspector.pk}:police",
        f"{force.inspector.pk}:police:",
        f"{force.inspector.pk}:police:{signature}",
        f"{force.inspector.pk}:system:{theirs.rsplit(':', 1)[1]}",
        f"{theirs[:-1]}{'0' if theirs[-1] != '0' else '1'}",
    )
    for identity in forged:
        with undone(), bound_to(force.other_investigator.pk, "police", may_write=False):
            become(identity)
            for statement in (
                "SELECT count(*) FROM cases_case",
                "SELECT rasso.actor_roles()",
                "SELECT rasso.record_access('LOOKED_AT', 'case', '{}', NULL, '', '', '', NULL, NULL)",
            ):
                with refused(UNSIGNED):
                    ask(statement)
    with undone(), bound_to(force.other_investigator.pk, "police", may_write=False):
        become(theirs)
        assert ask("SELECT rasso.actor()") == [(force.inspector.pk,)], "signed, so that the refusals above are the signature's"


# A type of the caller's own under the name of one that functions use: its check would run with the function's rights.
OWN_TYPE = (
    "CREATE FUNCTION pg_temp.seen(said pg_catalog.text) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN"
    " IF current_user = 'rasso_definer' THEN PERFORM pg_catalog.set_config('rasso.seen', (SELECT encode(key, 'hex') FROM rasso.actor_key LIMIT 1), true); END IF;"
    " RETURN true; END $f$",
    "CREATE DOMAIN pg_temp.{name} AS pg_catalog.{name} CHECK (pg_temp.seen(value::pg_catalog.text))",
)


@contextmanager
def temporary_things_allowed() -> Iterator[None]:
    """As on a server where somebody granted them again."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO rasso_web").format(name))
        try:
            yield
        finally:
            admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM rasso_web").format(name))


def as_web_login() -> psycopg.Connection:
    """A session that has called nothing yet: a function keeps the types that it found first."""
    return psycopg.connect(databases.with_name(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]))


def test_web_login_makes_no_type_of_its_own(db: None) -> None:
    with as_web_login() as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute(OWN_TYPE[0])


def test_start_says_where_the_web_login_may_make_types(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connection_apart", lambda patience: as_web_login())
    assert not checks.makes_things_of_its_own()
    with temporary_things_allowed():
        assert checks.MAKES_THINGS_OF_ITS_OWN in checks.warnings_of_database()


@pytest.mark.parametrize("name", ["text", "int8", "timestamptz", "uuid", "date", "bool"])
def test_type_of_the_callers_own_runs_with_no_rights_but_theirs(db: None, name: str) -> None:
    with temporary_things_allowed(), as_web_login() as own:
        for statement in OWN_TYPE:
            own.execute(statement.replace("{name}", name))
        own.execute("SELECT set_config('rasso.actor', %s, true)", [signed(7, "police")])
        own.execute("SELECT rasso.actor(), rasso.actor_roles(), rasso.own_units(), rasso.supervised_units()")
        assert own.execute("SELECT current_setting('rasso.seen', true)").fetchone() in ((None,), ("",))


def test_partner_does_not_become_police_by_taking_the_role(on_the_scene: Scene) -> None:
    partner = on_the_scene.force.user("PROSECUTOR")
    with undone(), bound_to(partner.pk, "partner", may_write=False):
        ask("SELECT set_config('role', 'rasso_police', true)")
        assert ask("SELECT count(*) FROM cases_case") == [(0,)]
        become(f"{partner.pk}:police:{signed(partner.pk, 'partner').rsplit(':', 1)[1]}")
        with refused(UNSIGNED):
            ask("SELECT count(*) FROM cases_case")


def test_nobody_is_bound_to_a_role_that_is_not_for_their_kind(on_the_scene: Scene) -> None:
    partner = on_the_scene.force.user("PROSECUTOR")
    for role in ("rasso_police", "rasso_police_read", "rasso_system"):
        with undone(), refused("this role is not for this actor"):
            ask("SELECT * FROM rasso.bind(%s, %s)", signed(partner.pk, "partner"), role)


@pytest.mark.parametrize("role", ["none", "rasso_police", "rasso_police_read", "rasso_partner", "rasso_partner_read"])
def test_no_role_of_the_web_login_reads_a_key(on_the_scene: Scene, role: str) -> None:
    with undone():
        ask("SELECT set_config('role', %s, true)", role)
        with refused("permission denied for table actor_key"):
            ask("SELECT * FROM rasso.actor_key")


def test_signature_is_no_part_of_the_statement(on_the_scene: Scene) -> None:
    """Another session of the same login is shown the text of our statements."""
    seen: list[str] = []

    def watch(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        result = execute(sql, parameters, many, context)
        if "rasso.bind" in sql:
            seen.append(bytes(context["cursor"].cursor._query.query).decode())
        return result

    with undone(), connection.execute_wrapper(watch), bound_to(on_the_scene.force.inspector.pk, "police", may_write=False):
        pass
    assert seen and all("$1" in query and ":police:" not in query for query in seen)


def test_new_key_is_taken_up_and_the_old_one_ends_within_the_hour(on_the_scene: Scene, settings) -> None:  # type: ignore[no-untyped-def]
    inspector = on_the_scene.force.inspector
    with undone():
        before = signed(inspector.pk, "police")
        with building():
            install_actor_key("a-new-key-for-the-test-of-rotation")
        assert ask("SELECT rasso.is_signed(%s)", before) == [(True,)]
        settings.ACTOR_KEY = "a-new-key-for-the-test-of-rotation"
        assert ask("SELECT rasso.is_signed(%s)", signed(inspector.pk, "police")) == [(True,)]
        with building():
            run("UPDATE rasso.actor_key SET ends_at = clock_timestamp() - interval '1 second' WHERE ends_at IS NOT NULL")
        assert ask("SELECT rasso.is_signed(%s)", before) == [(False,)]


# What a line of the record holds ---------------------------------------------------------------------------------------------


def looked(scene: Scene, user, page: str, *arguments: object) -> AccessRecord:  # type: ignore[no-untyped-def]
    client = Client(REMOTE_ADDR="192.0.2.44")
    client.force_login(user, backend=BACKEND)
    client.get(reverse(page, args=arguments))
    with building():
        return AccessRecord.objects.latest("pk")


def test_line_says_by_what_right_and_from_where(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    with undone():
        for user, rights in ((force.investigator, ["ASSIGNED"]), (force.sergeant, ["SUPERVISOR"])):
            line = looked(on_the_scene, user, "case", case.reference)
            assert (line.rights, line.address, line.recipient) == (rights, "192.0.2.44", "")
            assert line.request_id and line.xact > 0 and line.cluster != 0
        line = looked(on_the_scene, force.other_investigator, "case", case.reference)
        assert (line.outcome, line.rights, line.case_ids) == (404, [], [case.pk])


def test_searched_words_stand_apart_and_showing_them_is_recorded(on_the_scene: Scene) -> None:
    force, auditor = on_the_scene.force, on_the_scene.force.user("AUDITOR")
    with undone():
        with bound_to(force.investigator.pk, "police", may_write=False):
            ((line,),) = ask("SELECT rasso.record_access('SEARCHED', 'search', '{}', NULL, 'Quillfeather', '', '', NULL, NULL)")
            with refused("only an auditor"):
                ask("SELECT * FROM rasso.searched_words(ARRAY[%s::bigint], NULL, NULL)", line)
            with refused("permission denied for table people_searchedwords"):
                ask("SELECT * FROM people_searchedwords")
        with bound_to(auditor.pk, "police", may_write=False):
            assert ask("SELECT words FROM rasso.searched_words(ARRAY[%s::bigint], NULL, NULL)", line) == [("Quillfeather",)]
            assert ask("SELECT kind, basis FROM people_accessrecord ORDER BY id DESC LIMIT 1") == [("WORDS_SHOWN", str(line))]
            ((digest,),) = ask("SELECT words_digest FROM people_accessrecord WHERE id = %s", line)
            assert len(bytes(digest)) == 32
            ((there,),) = ask("SELECT count(*) FROM people_accessrecord r WHERE r::text LIKE '%%Quillfeather%%'")
            assert there == 0


def test_page_opened_for_printing_is_recorded_as_that(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    client = Client()
    client.force_login(on_the_scene.force.investigator, backend=BACKEND)
    address = reverse("case-chronology", args=[case.reference])
    with undone():
        assert 'href="?print=1"' in client.get(address).content.decode()
        page = client.get(address, {"print": "1"}).content.decode()
        assert "Recorded as opened for printing" in page and 'href="?print=1"' not in page
        with building():
            line = AccessRecord.objects.latest("pk")
        assert (line.kind, line.page, line.case_ids) == ("PRINTED", "case-chronology", [case.pk])
