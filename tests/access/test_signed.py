"""In raw SQL as the web login: nobody signs in another's name, nothing that is signed is signed over, nothing crosses from case to case."""

from json import dumps as json_of
from json import loads as read_json

import pytest
from uuid6 import uuid7

from kit.binding import bound_to
from tests.access.scene import Scene, undone
from tests.access.sql import ask, refused, run
from tests.worlds import building

POLICY = "new row violates row-level security policy"


def as_json(table: str, case_id: object, **changed: object) -> str:
    """A row of the case, read past every lock, with some columns changed; its key is new."""
    with building():
        key = "id" if table == "cases_case" else "case_id"
        (row,) = ask(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {key} = %s LIMIT 1", case_id)[0]
    return json_of({**read_json(row), "id": str(uuid7()), **changed})


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("cases_event", {"by_id": "other"}),
        ("cases_wish", {"recorded_by_id": "other"}),
        ("cases_action", {"given_by_id": "other", "number": 70}),
        ("cases_action", {"given_by_id": "me", "number": 71, "done_at": "2026-11-16T09:00Z"}),
        ("cases_review", {"completed_at": "2026-11-16T09:00Z", "completed_by_id": "me", "number": 72}),
        ("cases_historicalsuspect", {"history_user_id": "other"}),
    ],
)
def test_row_in_anothers_name_or_signed_beforehand_is_refused(
    on_the_scene: Scene, table: str, changed: dict[str, object]
) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    people = {"other": force.sergeant.pk, "me": force.investigator.pk}
    values = {name: people.get(value, value) for name, value in changed.items()}  # type: ignore[call-overload]
    if table.startswith("cases_historical"):
        values["history_id"] = str(uuid7())
    row = as_json(table, case.pk, **values)
    with undone(), bound_to(force.investigator.pk, "police", may_write=True), refused(POLICY):
        ask(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb) RETURNING 1", row)


def test_case_is_closed_by_an_inspector_in_their_own_name(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    closed = "UPDATE cases_case SET status = 'CLOSED', closed_at = rasso.now(), closed_by_id = %s, closing_grounds = 'SUSPECT_DIED' WHERE id = %s"
    for person, name in (
        (force.investigator, force.investigator),
        (force.investigator, force.inspector),
        (force.inspector, force.sergeant),
    ):
        with undone(), bound_to(person.pk, "police", may_write=True), refused(POLICY):
            ask(f"{closed} RETURNING 1", name.pk, case.pk)
    with undone(), bound_to(force.inspector.pk, "police", may_write=True):
        assert ask(f"{closed} RETURNING 1", force.inspector.pk, case.pk)


SIGNED = {
    "cases_review": "completed_at = now(), completed_by_id = officer_id, result = 'SATISFACTORY', own_words = 'Mine.'",
    "cases_event": "struck_at = now(), struck_by_id = officer_id, struck_because = 'Wrong.'",
    "cases_moretime": "answered_at = now(), answered_by_id = officer_id, is_agreed = true",
    "cases_action": "done_at = now(), done_by_id = other_id, done_how = 'Seen.', evidence = 'S/1', verified_at = now(),"
    " verified_by_id = officer_id",
}
UNDO = {
    "cases_review": "completed_at = NULL, completed_by_id = NULL, result = '', own_words = ''",
    "cases_event": "struck_at = NULL, struck_by_id = NULL, struck_because = ''",
    "cases_moretime": "is_agreed = false, answer = 'No.'",
    "cases_action": "verified_at = NULL, verified_by_id = NULL",
}


@pytest.mark.parametrize("table", SIGNED)
def test_what_is_signed_is_not_signed_over(on_the_scene: Scene, table: str) -> None:
    """Neither by who signed it nor by the administrator of the server."""
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    signed = SIGNED[table].replace("officer_id", str(force.inspector.pk)).replace("other_id", str(force.other_investigator.pk))
    with undone():
        with building():
            run(f"UPDATE {table} SET {signed} WHERE id = (SELECT id FROM {table} WHERE case_id = '{case.pk}' LIMIT 1)")
            with refused("what is signed in"):
                run(f"UPDATE {table} SET {UNDO[table]} WHERE case_id = '{case.pk}'")
        # The policy may be the first to say no.
        with bound_to(force.inspector.pk, "police", may_write=True), refused(f"what is signed in|{POLICY}"):
            run(f"UPDATE {table} SET {UNDO[table]} WHERE case_id = '{case.pk}'")


def test_answer_belongs_to_a_review_of_its_own_case(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    other = on_the_scene.review_of("elsewhere")
    row = as_json("cases_reviewanswer", case.pk, review_id=str(other.pk), group="BAIL")
    with undone(), bound_to(force.sergeant.pk, "police", may_write=True), refused(POLICY):
        ask(
            "INSERT INTO cases_reviewanswer SELECT * FROM jsonb_populate_record(NULL::cases_reviewanswer, %s::jsonb) RETURNING 1",
            row,
        )


def test_case_is_given_only_as_its_pages_give_it(on_the_scene: Scene) -> None:
    force, case = on_the_scene.force, on_the_scene.cases["at hand"]
    for basis in ("ASSIGNED", "ANYTHING"):
        with undone(), bound_to(force.sergeant.pk, "police", may_write=True), refused("a case is not given so"):
            ask("SELECT rasso.grant_case(%s, %s, %s)", case.pk, force.other_investigator.pk, basis)
    with undone(), bound_to(force.sergeant.pk, "police", may_write=True), refused("permission denied for function give"):
        ask("SELECT rasso.give(%s, %s, 'ASSIGNED')", case.pk, force.other_investigator.pk)


def test_names_for_leaving_out_are_told_only_of_a_case_in_reach(on_the_scene: Scene) -> None:
    for user in on_the_scene.everybody:
        if user.kind != "police":
            continue
        for case in on_the_scene.cases.values():
            with undone(), bound_to(user.pk, user.kind, may_write=False):
                sees = bool(ask("SELECT 1 FROM cases_case WHERE id = %s", case.pk))
                assert bool(ask("SELECT name FROM rasso.names_of_case(%s)", case.pk)) is sees, (user, case)


def test_partner_is_told_no_name(on_the_scene: Scene) -> None:
    partner = next(user for user in on_the_scene.everybody if user.kind == "partner")
    with undone(), bound_to(partner.pk, partner.kind, may_write=False), refused("permission denied for function names_of_case"):
        ask("SELECT * FROM rasso.names_of_case(%s)", on_the_scene.cases["at hand"].pk)
