"""Functions of the database that do more than their caller may: who may call them, and that each which writes asks who is asking."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from kit.binding import bound_to
from people.models import User
from people.roles import Role
from tests.access.scene import Scene, savepoint, undone
from tests.access.sql import ask
from tests.worlds import building

POLICE = frozenset({"rasso_police"})
PARTNERS_TOO = frozenset({"rasso_police", "rasso_partner"})
READING_TOO = frozenset({"rasso_police", "rasso_police_read", "rasso_partner", "rasso_partner_read"})
ADMINISTRATORS = "only an administrator"
NOTHING_DONE = "answers False"
# Each function that writes and that somebody at a page can call: which roles of the database may, with what somebody without any role of
# ours calls it here, and what they are told. The arguments would do for whoever may: it is about whose call it is.
WRITES: dict[str, tuple[frozenset[str], str, str]] = {
    "add_local_day": (POLICE, "'JE', '2030-01-02', 'Invented'", ADMINISTRATORS),
    "add_unit": (POLICE, "%(organisation)s, 'Invented', NULL, 8, NULL", ADMINISTRATORS),
    "allocate_case": (POLICE, "%(case)s, %(person)s", "may not give this case"),
    "allocate_new_cases": (POLICE, "ARRAY[%(case)s]::uuid[], ARRAY[%(person)s]::bigint[]", "may not give these cases"),
    "begin_check": (PARTNERS_TOO, "", "only an auditor"),
    "begin_loading_import": (POLICE, "%(run)s", "has no such run"),
    "change_person": (POLICE, "%(person)s, 'DC', 'Invented', 'Person', 'x@example.invalid'", ADMINISTRATORS),
    "change_rule": (POLICE, "%(rule)s, 9, 1, 1, '2030-01-02', 'Invented'", ADMINISTRATORS),
    "change_unit": (POLICE, "%(unit)s, 'Invented', NULL, 8, NULL", ADMINISTRATORS),
    "check_import_anew": (POLICE, "%(run)s", "has no such run"),
    "continue_check": (PARTNERS_TOO, "gen_random_uuid(), 1, '{}'", "only an auditor"),
    "deactivate_person": (POLICE, "%(person)s, 'Invented'", ADMINISTRATORS),
    "end_cover": (POLICE, "%(cover)s", "may not end this cover"),
    "end_grant": (POLICE, "%(case)s, %(person)s, 'ASSIGNED'", "may not end this grant"),
    "end_role": (POLICE, "%(assignment)s, '2030-01-02'", ADMINISTRATORS),
    "enrol_person": (
        POLICE,
        "'invented', 'DC', 'Invented', 'Person', '', %(organisation)s, '{}', '{}', '2030-01-02', 'x'",
        ADMINISTRATORS,
    ),
    "finish_import": (POLICE, "%(run)s", "has no such run"),
    "give_first_password": (POLICE, "%(person)s, 'x'", ADMINISTRATORS),
    "give_role": (POLICE, "%(person)s, 'INSPECTOR', '2030-01-02', NULL", ADMINISTRATORS),
    "give_up_import": (POLICE, "%(run)s", "may not change this"),
    "grant_case": (POLICE, "%(case)s, %(person)s, 'LIAISON'", "may not give this case"),
    "judge_import_rows": (POLICE, "%(run)s, '{}', '{}', '{}', '{}', '{}', '{}', '{}'", "has no such run"),
    "keep_import_columns": (POLICE, "%(run)s, '{1}'", "may not change this"),
    "keep_seal": (PARTNERS_TOO, "NULL, NULL", "only an auditor"),
    "move_person": (POLICE, "%(person)s, NULL, %(unit)s, '2030-01-02'", ADMINISTRATORS),
    "reactivate_person": (POLICE, "%(person)s, 'x'", ADMINISTRATORS),
    "refuse_hidden_numbers": (POLICE, "%(run)s, '{}'", "has no such run"),
    "searched_words": (READING_TOO, "'{1}', NULL, NULL", "only an auditor"),
    "set_cover": (POLICE, "%(person)s, %(other)s, '2030-01-02', '2030-01-03', 'Invented'", "may not set this cover"),
    "try_message_again": (POLICE, "gen_random_uuid()", ADMINISTRATORS),
    "undo_import": (POLICE, "%(run)s", "may not take this back"),
    "answer_disposal": (POLICE, "gen_random_uuid(), 'JE', 'AGREED', '', ''", "answers no disposal"),
    "answer_signal": (PARTNERS_TOO, "1, 'EXPLAINED', 'Invented'", "an auditor or a Detective Superintendent"),
    "choose_subject": (POLICE, "gen_random_uuid(), %(case)s, true", "only an information manager"),
    "close_breach": (PARTNERS_TOO, "gen_random_uuid()", "only an auditor"),
    "confirm_identity": (POLICE, "gen_random_uuid(), 'Passport'", "only an information manager"),
    "connect": (POLICE, "%(case)s, %(person)s, 'Invented'", "may not say that of this person"),
    "decide_breach": (PARTNERS_TOO, "gen_random_uuid(), now(), 'Invented'", "only an auditor"),
    "decide_connection": (POLICE, "gen_random_uuid(), true, NULL", "a Detective Superintendent decides"),
    "decide_items": (POLICE, "gen_random_uuid(), '[]', 'GIVE', '', ''", "only an information manager"),
    "end_connection": (POLICE, "%(connection)s, 'Invented'", NOTHING_DONE),
    "end_request": (POLICE, "gen_random_uuid(), 'WITHDRAWN', 'Invented'", "only an information manager"),
    "enter_breach": (PARTNERS_TOO, "gen_random_uuid(), now(), 'Invented', 1", "only an auditor"),
    "extend_request": (POLICE, "gen_random_uuid(), 'JE', 'Invented'", "only an information manager"),
    "keep_record": (POLICE, "gen_random_uuid(), 'JE', '2030-01-02', 'Invented'", "only an information manager"),
    "lift_hold": (POLICE, "gen_random_uuid(), 'Invented'", "only an information manager"),
    "lift_restriction": (POLICE, "%(case)s", "may not lift this restriction"),
    "move_request": (POLICE, "gen_random_uuid(), 'COLLECTING'", "only an information manager"),
    "name_on_case": (POLICE, "%(case)s, %(person)s", "cannot be named on this case"),
    "name_supervisor_unseen": (POLICE, "%(person)s", "may not name this person"),
    "note_sessions_ended": (POLICE, "%(person)s", ADMINISTRATORS),
    "open_emergency_access": (POLICE, "%(reference)s, 'RISK', 'Invented words of ten', '2030-01-02'", "has no emergency access"),
    "open_request": (
        POLICE,
        "'JE', '2026-11-16', 'LETTER', 'Passport', 'Invented', 'x', '', 'Everything'",
        "only an information manager",
    ),
    "open_review": (POLICE, "gen_random_uuid(), 'JE', 'Invented'", "only an information manager"),
    "place_hold": (POLICE, "'LITIGATION', 'CASE', %(case)s, '', 'Invented'", "only an information manager"),
    "propose_disposal": (POLICE, "gen_random_uuid(), 'JE', '', '{}', 'Invented'", "only an information manager"),
    "reset_factors": (POLICE, "%(person)s", ADMINISTRATORS),
    "restrict_case": (POLICE, "%(case)s, ARRAY[%(person)s]::bigint[]", "may not restrict this case"),
    "review_emergency_access": (
        PARTNERS_TOO,
        "gen_random_uuid(), 'JUSTIFIED', 'Invented'",
        "may not review this emergency access",
    ),
    "seers_of": (READING_TOO, "%(case)s", "only an auditor"),
    "send_bundle": (POLICE, "gen_random_uuid(), 'POST', 'x'", "only an information manager"),
    "unname_on_case": (POLICE, "%(case)s, %(person)s", "cannot be taken off this case"),
}
# What these write is the caller's own, and says so itself; or it is nothing (a lock, a number that is drawn and lost).
OWN = {
    "record_access": READING_TOO,
    "first_time": PARTNERS_TOO,
    "draw_reference_number": POLICE,
    "hold_for_draft": POLICE,
    "hold_person": POLICE,
    "hold_unit": POLICE,
    "end_emergency_access": POLICE,
}
PAGES = ("rasso_police", "rasso_police_read", "rasso_partner", "rasso_partner_read", "rasso_web")
# The demonstration's own, which no other installation has.
DEMONSTRATION = {"move_clock"}


def callable_by_pages() -> dict[str, frozenset[str]]:
    """Functions of ours that may write -> those roles of pages that may call them."""
    with building():
        found = ask(
            "SELECT p.proname, array_agg(r) FROM pg_proc p, unnest(%s::text[]) r WHERE p.pronamespace = 'rasso'::regnamespace"
            " AND p.provolatile = 'v' AND p.prosecdef AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(r, p.oid, 'EXECUTE')"
            " GROUP BY p.proname",
            list(PAGES),
        )
    return {name: frozenset(roles) for name, roles in found if name not in DEMONSTRATION}


def test_functions_that_write_are_called_by_these_roles_only(on_the_scene: Scene) -> None:
    assert callable_by_pages() == {name: roles for name, (roles, _, _) in WRITES.items()} | OWN


@pytest.mark.parametrize("name", WRITES)
def test_function_that_writes_asks_who_is_asking(on_the_scene: Scene, name: str) -> None:
    roles, arguments, words = WRITES[name]
    force = on_the_scene.force
    (without_role, former_sergeant) = on_the_scene.relations["no-role"].people
    strangers = [without_role, former_sergeant]
    if "rasso_partner" in roles:
        strangers.append(force.user(Role.PROSECUTOR))
    for stranger in strangers:
        said = call(stranger, f"SELECT rasso.{name}({arguments})", things(on_the_scene))
        assert words in said and (said.startswith("rasso: ") or words == NOTHING_DONE), (stranger, said)


def call(user: User, statement: str, values: dict[str, Any]) -> str:
    """What is said to them."""
    try:
        with bound_to(user.pk, user.kind, may_write=True), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return f"answers {cursor.fetchone()[0]}"
    except DatabaseError as refused:
        return str(refused)


def things(scene: Scene) -> dict[str, Any]:
    """Arguments with which somebody who may could call each function."""
    force = scene.force
    with building():
        (rule,) = ask("SELECT min(id) FROM cases_rule")[0]
        (connection_id,) = ask("SELECT id FROM cases_caseconnection WHERE case_id = %s LIMIT 1", scene.cases["at hand"].pk)[0]
    return {
        "case": scene.cases["at hand"].pk,
        "reference": scene.cases["at hand"].reference,
        "person": force.other_investigator.pk,
        "other": force.sergeant.pk,
        "unit": force.unit.pk,
        "organisation": force.police.pk,
        "run": scene.runs["at hand"].pk,
        "cover": scene.cover_id,
        "assignment": scene.role_of(force.investigator).pk,
        "rule": rule,
        "connection": connection_id,
    }


def test_what_is_ones_own_is_written_in_no_other_name(on_the_scene: Scene) -> None:
    """No argument says who it is: the binding does."""
    user, key = on_the_scene.force.other_investigator, uuid4()
    with undone():
        with savepoint(), bound_to(user.pk, user.kind, may_write=True):
            ask("SELECT rasso.first_time(%s), rasso.record_access('LOOKED_AT', 'case', '{}', NULL, '', '', '', NULL, NULL)", key)
        with building():
            assert ask("SELECT owner_id FROM cases_sentform WHERE id = %s", key) == [(user.pk,)]
            assert ask("SELECT user_id FROM people_accessrecord ORDER BY id DESC LIMIT 1") == [(user.pk,)]
