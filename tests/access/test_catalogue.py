"""What stands in the database is what stands in the code, and a table that somebody forgets is noticed."""

import pytest

from kit.classification import Classification
from rasso import database
from tests.access import catalogue
from tests.access.sql import ask, run
from tests.worlds import building


@pytest.fixture(autouse=True)
def as_administrator(db: None):  # type: ignore[no-untyped-def]
    with building():
        yield


def test_database_is_as_declared() -> None:
    assert catalogue.faults() == []


def test_models_are_declared_as_their_base_class_says() -> None:
    assert catalogue.models_unlike_their_rules() == []


def test_no_role_of_ours_passes_by_policies() -> None:
    assert catalogue.roles_that_pass_policies() == []


def test_functions_with_more_rights_than_their_caller_are_closed() -> None:
    assert catalogue.loose_functions() == []


def test_nobody_makes_types_or_tables_of_their_own() -> None:
    assert catalogue.who_may_make_types() == []


def test_every_table_of_content_is_policed_by_declaration() -> None:
    for rules in database.TABLES:
        if rules.classification in catalogue.POLICED:
            assert rules.policies, rules.table


def test_partners_hold_privileges_on_no_table_of_content() -> None:
    for rules in database.TABLES:
        if rules.classification in {Classification.OPERATIONAL, Classification.OWN}:
            for role in ("rasso_partner", "rasso_partner_read"):
                assert not catalogue.held_privileges(rules.table, role), (role, rules.table)


def test_system_role_holds_only_what_reminders_need() -> None:
    held = {rules.table: catalogue.held_privileges(rules.table, "rasso_system") for rules in database.TABLES}
    content = {rules.table for rules in database.TABLES if rules.classification in catalogue.POLICED}
    assert {table: words for table, words in held.items() if table in content and words} == {
        "cases_message": {
            "SELECT",
            *(f"UPDATE ({column})" for column in ("leased_until", "attempts", "sent_at", "dropped_at", "last_error")),
        }
    }


@pytest.mark.parametrize("role", ["rasso_police_read", "rasso_partner_read"])
def test_reading_role_can_call_no_function_that_writes_but_those_of_the_record(role: str) -> None:
    # The last asks, as each person in turn, what decides whether they see a case, and then is the auditor again.
    assert catalogue.writing_functions(role) == {"record_access", "searched_words", "seers_of"}
    for rules in database.TABLES:
        # Of some tables only certain columns.
        assert {held.split(" (")[0] for held in catalogue.held_privileges(rules.table, role)} <= {"SELECT"}, rules.table


def test_partners_can_call_no_function_that_gives_cases() -> None:
    # An auditor of an oversight body checks the record, answers for it and reviews emergency access; each function looks who asks.
    of_auditors = {"begin_check", "continue_check", "keep_seal", "answer_signal", "enter_breach", "decide_breach", "close_breach"}
    assert catalogue.writing_functions("rasso_partner") == {
        *("record_access", "searched_words", "seers_of", "first_time"),
        *("review_emergency_access", *of_auditors),
    }


# It bites ----------------------------------------------------------------------------------------------------------------


def test_new_table_is_noticed() -> None:
    run("CREATE TABLE cases_secretnote (id int, case_id uuid)")
    assert catalogue.faults() == ["public.cases_secretnote is not declared"]


def test_dropped_policy_is_noticed() -> None:
    run("DROP POLICY p1 ON cases_wish")
    assert catalogue.faults() == ["cases_wish has 2 policies and 3 are declared"]


@pytest.mark.parametrize("switch", ["DISABLE", "NO FORCE"])
def test_policies_switched_off_are_noticed(switch: str) -> None:
    run(f"ALTER TABLE cases_wish {switch} ROW LEVEL SECURITY")
    assert catalogue.faults() == ["cases_wish is OPERATIONAL and stands under no policy"]


def test_privilege_given_by_hand_is_noticed() -> None:
    run("GRANT SELECT ON cases_wish TO rasso_partner", "GRANT UPDATE (text) ON cases_event TO rasso_police")
    assert set(catalogue.faults()) == {
        "rasso_partner on cases_wish: ['SELECT'] instead of []",
        "rasso_police on cases_event: ['INSERT', 'SELECT', "
        "'UPDATE (struck_at)', 'UPDATE (struck_because)', 'UPDATE (struck_by_id)', 'UPDATE (text)'] instead of ['INSERT', 'SELECT', "
        "'UPDATE (struck_at)', 'UPDATE (struck_because)', 'UPDATE (struck_by_id)']",
    }


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE VIEW every_case AS SELECT * FROM cases_case", "public.every_case is a view without security_invoker"),
        ("GRANT SELECT ON cases_offencetype TO PUBLIC", "public.cases_offencetype is given to PUBLIC"),
        ("GRANT EXECUTE ON FUNCTION rasso.sweep() TO PUBLIC", "rasso.sweep() is given to PUBLIC"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "public is given to PUBLIC"),
    ],
)
def test_opening_is_noticed(statement: str, fault: str) -> None:
    run(statement)
    assert fault in catalogue.faults()


def test_policy_of_other_words_is_noticed_at_the_next_migrate() -> None:
    """Policies are dropped and made anew from the code each time, so a changed one does not last; see kit.postgres.rules.apply."""
    from django.conf import settings

    from kit.postgres import rules

    run("ALTER POLICY p1 ON cases_wish USING (true)")
    rules.apply(database.TABLES, database.FUNCTIONS, time_zone=settings.TIME_ZONE)
    assert ask("SELECT qual FROM pg_policies WHERE tablename = 'cases_wish' AND policyname = 'p1'") != [("true",)]
