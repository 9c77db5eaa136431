"""What becomes of the cases of a tracker: their reviews, limits and entries, the quiet time, and taking a run back."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from cases import operations
from cases.enums import EventKind
from cases.models import Case, CaseGrant, Event, ImportRow, Review, TimeLimit
from cases.operations import imports
from cases.queries.imports import meaning_of
from cases.rulepacks import RuleCode
from cases.tracker.fields import Field, guess, is_known_head
from kit.access import NotVisible
from kit.binding import bound_to
from kit.refusal import Blocked
from kit.tables import read_table
from people.models import AccessRecord, RoleAssignment, Unit, User
from people.roles import Role
from tests.access.scene import undone
from tests.cases import messy_tracker
from tests.cases.trackers import checked, lines, loaded, mapped, row, staged
from tests.covers import cover
from tests.worlds import MONDAY, Force, actor, at, building, enrol, log_case, set_clock

pytestmark = pytest.mark.django_db
TODAY = MONDAY + timedelta(days=60)
REPORTED = {"Date reported": "02/11/2026 09:30", "Date recorded": "02/11/2026 11:00"}
NOT_HERE = "This crime number cannot be logged here. Ask your supervisor to check."


@pytest.fixture(autouse=True)
def at_work(force: Force) -> None:
    set_clock(at(TODAY))


def reviews(number: str = "T/1/26") -> list[tuple[int, date]]:
    with building():
        found = Review.unguarded.filter(case__crime_number=number, completed_at=None).order_by("number")
        return list(found.values_list("number", "due_on"))


def grid(number: int) -> date:
    return MONDAY + timedelta(days={1: 14}.get(number, 28 * (number - 1)))


# Reviews ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "made"),
    [
        # The latest date that has passed is open and late; those before it are not made.
        ({}, [(3, grid(3))]),
        ({"Last review": "01/12/2026"}, [(3, grid(3))]),
        ({"Last review": "16/11/2026"}, [(2, grid(2)), (3, grid(3))]),
        ({"Last review": "30/12/2026"}, [(4, grid(4))]),
        ({"Last review": "30/12/2026", "Next review due": "10/01/2027"}, [(4, date(2027, 1, 10))]),
        ({"Next review due": "20/11/2026"}, [(1, date(2026, 11, 20)), (2, grid(2)), (3, grid(3))]),
        ({"Next review due": "05/02/2027"}, [(4, date(2027, 2, 5))]),
    ],
)
def test_reviews_stay_on_the_grid_and_say_nothing_that_nobody_knows(
    force: Force, said: dict[str, str], made: list[tuple[int, date]]
) -> None:
    loaded(force.inspector, [row(**REPORTED, **said)])
    assert reviews() == made


def test_new_case_gets_the_reviews_that_logging_gives(force: Force) -> None:
    set_clock(at(MONDAY, 12))
    loaded(force.inspector, [row(**REPORTED)])
    logged = log_case(force)
    with building():
        same = list(Review.unguarded.filter(case=logged).order_by("number").values_list("number", "due_on"))
    assert reviews() == same


def test_case_older_than_the_rules_has_reviews(force: Force) -> None:
    loaded(force.inspector, [row(**{"Date reported": "02/11/2019", "Date recorded": "02/11/2019"})])
    ((_, due_on),) = reviews()
    assert TODAY - timedelta(days=28) < due_on <= TODAY


def test_limits_are_met_on_the_day_that_the_tracker_says_and_the_others_run(force: Force) -> None:
    loaded(force.inspector, [row(**REPORTED, **{"Support referral": "03/11/2026"})])
    with building():
        limits = dict(TimeLimit.unguarded.values_list("rule__code", "met_at"))
        entries = list(Event.unguarded.order_by("happened_at").values_list("kind", "subject"))
    assert limits == {
        RuleCode.SUPPORT_REFERRAL: at(date(2026, 11, 3), 12),
        RuleCode.INVESTIGATION_PLAN: None,
        RuleCode.EARLY_ADVICE_DECISION: None,
    }
    kinds = ["CASE_RECORDED", "SUPPORT_REFERRED", "CASE_ALLOCATED", "TAKEN_OVER"]
    assert sorted(kind for kind, _ in entries) == sorted(kinds)
    assert ("SUPPORT_REFERRED", "V1") in entries


def test_case_goes_to_its_officer_or_waits_to_be_allocated(force: Force) -> None:
    loaded(force.inspector, [row(), row("T/2/26", OIC="")])
    with building():
        held = dict(Case.unguarded.values_list("crime_number", "officer_id"))
        grants = list(CaseGrant.unguarded.values_list("user_id", "basis", "given_by_id"))
        versions = list(Case.history.filter(crime_number="T/1/26").order_by("version").values_list("status", "officer_id"))
        case = Case.unguarded.get(crime_number="T/1/26")
    assert held == {"T/1/26": force.investigator.pk, "T/2/26": None}
    assert grants == [(force.investigator.pk, "ASSIGNED", force.inspector.pk)]
    assert versions == [("RECORDED", None), ("INVESTIGATING", force.investigator.pk)]
    assert (case.status, case.version, case.supervisor_id) == ("INVESTIGATING", 2, force.sergeant.pk)


def test_sergeant_and_inspector_can_be_officer_and_somebody_who_works_no_cases_cannot(force: Force) -> None:
    rows = [row(f"T/{number}/26", OIC=who) for number, who in enumerate(("sergeant", "inspector", "superintendent"))]
    run = loaded(force.inspector, rows)
    with building():
        held = dict(Case.unguarded.values_list("crime_number", "officer_id"))
    assert held == {"T/0/26": force.sergeant.pk, "T/1/26": force.inspector.pk}
    assert lines(run)[2][2].startswith("Officer in the case: “superintendent” is nobody who can be officer in a case here.")


# Quiet -----------------------------------------------------------------------------------------------------------------


def escalated() -> list[tuple[date | None, date | None]]:
    with building():
        rows = [*Review.unguarded.all(), *TimeLimit.unguarded.filter(met_at=None)]
        return [(one.escalates_on, one.escalates_further_on) for one in rows]


def test_nothing_is_escalated_before_the_first_working_day_after_the_quiet_time(force: Force) -> None:
    friday = date(2027, 1, 15)
    run = loaded(force.inspector, [row(**REPORTED)], quiet_until=friday)
    days = escalated()
    assert min(first for first, _ in days if first) == date(2027, 1, 18)
    assert all(further > first for first, further in days if first and further)
    assert reviews() == [(3, grid(3))]
    with building():
        entry = Event.unguarded.get(kind=EventKind.TAKEN_OVER)
    assert (entry.until, entry.text) == (
        friday,
        "The tracker names no last review. Nothing of it is escalated until 15 January 2027.",
    )
    assert lines(run)[0][1] == "LOADED"


@pytest.mark.parametrize(
    ("day", "says"),
    [(date(2036, 1, 1), "Enter a day up to 2 March 2027"), (TODAY - timedelta(days=1), "Enter today or a later day")],
)
def test_nothing_is_quiet_for_years_nor_until_a_day_that_has_passed(force: Force, day: date, says: str) -> None:
    run = checked(force.inspector, [row()])
    with pytest.raises(Blocked, match=says):
        operations.load_import(actor=actor(force.inspector), run_id=run.pk, quiet_until=day)
    assert lines(run) == [(2, "READY", "")]


def test_unit_that_is_quiet_longer_stays_quiet_longer(force: Force) -> None:
    with building():
        Unit.objects.filter(pk=force.unit.pk).update(quiet_until=date(2027, 2, 1))
    loaded(force.inspector, [row(**REPORTED)], quiet_until=date(2027, 1, 15))
    assert min(first for first, _ in escalated() if first) == date(2027, 2, 2)


def test_why_page_says_the_quiet_time_and_where_the_date_came_from(force: Force, as_user: Any) -> None:
    loaded(force.inspector, [row(**REPORTED, **{"Next review due": "10/01/2027"})], quiet_until=date(2027, 1, 15))
    with building():
        case = Case.unguarded.get()
    page = as_user(force.inspector).get(f"/cases/{case.reference}/dates/").content.decode()
    assert "Next review due on 10 January 2027, as the tracker says." in page
    assert "Nothing of this case is escalated until 15 January 2027, as DI Invented Inspector said when it was taken over" in page


# Which rows ------------------------------------------------------------------------------------------------------------


def test_crime_number_that_is_here_is_left_alone_and_a_hidden_one_is_refused_as_in_logging(force: Force) -> None:
    mine = log_case(force, crime_number="T/1/26")
    log_case(force, crime_number="T/2/26", has_connected_staff=True)
    rows = [row("t/1/26"), row("T/2/26"), row("T/3/26"), row("T/3/26", OIC="")]
    run = checked(force.inspector, rows)
    assert [state for _, state, _ in lines(run)] == ["EXISTS", "READY", "READY", "REFUSED"]
    with building():
        assert ImportRow.unguarded.get(run=run, number=2).case_id == mine.pk
    operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    assert lines(run) == [
        (2, "EXISTS", ""),
        (3, "REFUSED", NOT_HERE),
        (4, "LOADED", ""),
        (5, "REFUSED", "The same crime number is in row 4. That row is used."),
    ]


def hidden_cases(force: Force, how_many: int) -> list[Case]:
    return [log_case(force, crime_number=f"H/{n}/26", has_connected_staff=True, connected_user_ids=()) for n in range(how_many)]


def tried() -> list[list[Any]]:
    with building():
        lines = AccessRecord.objects.filter(kind="REFUSED", page="load_import", outcome=409).order_by("pk")
        return list(lines.values_list("case_ids", flat=True))


def test_crime_numbers_of_hidden_cases_are_tried_five_times_and_recorded(force: Force, as_user: Any) -> None:
    hidden = hidden_cases(force, 7)
    first = loaded(force.inspector, [row("T/1/26"), *(row(case.crime_number) for case in hidden[:3])])
    assert [state for _, state, _ in lines(first)] == ["LOADED", "REFUSED", "REFUSED", "REFUSED"]
    operations.undo_import(actor=actor(force.inspector), run_id=first.pk)
    numbers = ["T/2/26", hidden[0].crime_number, hidden[3].crime_number, hidden[4].crime_number, "T/3/26", hidden[5].crime_number]
    second = checked(force.inspector, [row(number) for number in numbers])
    assert operations.load_import(actor=actor(force.inspector), run_id=second.pk).is_more
    # What stands behind the fifth says nothing of itself.
    assert [state for _, state, _ in lines(second)] == ["LOADED", "REFUSED", "REFUSED", "REFUSED", "READY", "READY"]
    assert tried() == [[case.pk] for case in (*hidden[:3], hidden[0], *hidden[3:5])]
    with pytest.raises(Blocked, match="Ask your superintendent"):
        operations.load_import(actor=actor(force.inspector), run_id=second.pk)
    browser = as_user(force.inspector)
    page = browser.post(f"/cases/import/{second.pk}/load/", follow=True).content.decode()
    assert "Ask your superintendent: some of these numbers cannot be logged here." in page
    assert "data-continue" not in page
    third = checked(force.inspector, [row("T/4/26")])
    quiet = {f"quiet_until_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    answer = browser.post(f"/cases/import/{third.pk}/load/", quiet)
    with pytest.raises(Blocked, match="Ask your superintendent"):
        operations.load_import(actor=actor(force.inspector), run_id=third.pk)
    assert (answer.status_code, "Ask your superintendent" in answer.content.decode()) == (409, True)
    with building(), connection.cursor() as cursor:
        # A day later, were the record not append-only.
        cursor.execute("ALTER TABLE people_accessrecord DISABLE TRIGGER append_only")
        cursor.execute("UPDATE people_accessrecord SET at = at - interval '25 hours'")
        cursor.execute("ALTER TABLE people_accessrecord ENABLE ALWAYS TRIGGER append_only")
    operations.load_import(actor=actor(force.inspector), run_id=second.pk)
    assert [state for _, state, _ in lines(second)][4:] == ["LOADED", "REFUSED"]


def test_case_that_is_logged_while_a_chunk_is_loaded_exists_and_is_not_counted(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(force.inspector, [row()])
    log_case(force, crime_number="T/1/26")
    find, asked = imports.cases_with, []

    def too_early(*by: Any) -> Any:
        asked.append(by)
        return find(*by) if len(asked) > 1 else {}

    monkeypatch.setattr(imports, "cases_with", too_early)
    operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    assert (lines(run), tried()) == ([(2, "EXISTS", "")], [])


def test_only_the_auditor_sees_whose_case_was_tried(force: Force) -> None:
    (case,) = hidden_cases(force, 1)
    loaded(force.inspector, [row(case.crime_number)])
    auditor = force.user(Role.AUDITOR)
    for user, seen in ((force.inspector, 0), (auditor, 1)):
        with bound_to(user.pk, user.kind, may_write=False), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_accessrecord WHERE kind = 'REFUSED' AND %s = ANY (case_ids)", [case.pk])
            assert cursor.fetchone() == (seen,)


def test_rows_of_another_unit_are_refused(force: Force) -> None:
    with building():
        elsewhere = Unit.objects.create(organisation=force.police, name="Invented Elsewhere")
    run = loaded(force.inspector, [row(Unit=elsewhere.name)])
    assert "Ask its Detective Inspector to take its cases over." in lines(run)[0][2]


def test_tracker_without_rows_or_without_crime_number_is_refused(force: Force) -> None:
    with pytest.raises(Blocked, match="no rows"):
        staged(force.inspector, [])
    with pytest.raises(Blocked, match="which column holds the crime number"):
        mapped(force.inspector, [row()], fields={})


def test_columns_that_are_not_read_are_erased_as_soon_as_that_is_said(force: Force) -> None:
    heads = ("Crime number", "Victim", "Date reported", "Date recorded", "Offence", "Unit", "OIC")
    run = staged(force.inspector, [row(Victim="Invented Victim")], heads)
    fields = guess(run.heads)
    mine = actor(force.inspector)
    operations.map_import(actor=mine, run_id=run.pk, fields=fields, unit_id=None, said={})
    with building():
        assert ImportRow.unguarded.get(run=run).cells[:3] == ["T/1/26", "", "02/11/2026 09:30"]
    with pytest.raises(Blocked, match="choose the file again"):
        operations.map_import(actor=mine, run_id=run.pk, fields={**fields, 1: Field.OFFICER}, unit_id=None, said={})
    operations.check_import(actor=mine, run_id=run.pk)
    assert lines(run) == [(2, "READY", "")]


def test_nobody_erases_columns_of_another_or_of_a_run_that_is_being_loaded(force: Force) -> None:
    run = loaded(force.inspector, [row()])
    for who in (force.inspector, force.sergeant):
        for call in ("keep_import_columns(%s, '{}')", "give_up_import(%s)"):
            with (
                pytest.raises(ProgrammingError, match="may not change this"),
                bound_to(who.pk, "police", may_write=True),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"SELECT rasso.{call}", [run.pk])


# Who and when ----------------------------------------------------------------------------------------------------------


def test_somebody_who_lost_the_role_stops_at_the_next_chunk(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.operations.imports.LOADED_AT_ONCE", 1)
    run = checked(force.inspector, [row(), row("T/2/26")])
    assert operations.load_import(actor=actor(force.inspector), run_id=run.pk).is_more
    with undone():
        with building():
            RoleAssignment.objects.filter(user=force.inspector).update(ends_on=MONDAY)
        with pytest.raises(NotVisible):
            operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    with building():
        User.objects.filter(pk=force.inspector.pk).update(is_active=False)
    with pytest.raises(NotVisible):
        operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    assert [state for _, state, _ in lines(run)] == ["LOADED", "READY"]


@pytest.mark.parametrize("who", ["sergeant", "superintendent", "investigator"])
def test_only_an_inspector_takes_over(force: Force, who: str) -> None:
    with pytest.raises(NotVisible):
        staged(getattr(force, who), [row()])


def test_loading_waits_for_the_check_and_columns_stay_once_it_has_begun(force: Force) -> None:
    run = mapped(force.inspector, [row()])
    with pytest.raises(Blocked, match="Not all rows are checked"):
        operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    operations.check_import(actor=actor(force.inspector), run_id=run.pk)
    operations.load_import(actor=actor(force.inspector), run_id=run.pk)
    with pytest.raises(Blocked, match="can no longer be changed"):
        operations.map_import(actor=actor(force.inspector), run_id=run.pk, fields={}, unit_id=None, said={})


def test_two_processes_that_begin_with_one_file_say_its_columns_once(force: Force) -> None:
    run = checked(force.inspector, [row()])
    answers: dict[str, Any] = {"fields": guess(run.heads), "unit_id": None, "said": {}}
    operations.map_import(actor=actor(force.inspector), run_id=run.pk, **answers, only_first=True)
    assert [state for _, state, _ in lines(run)] == ["READY"]
    operations.map_import(actor=actor(force.inspector), run_id=run.pk, **answers)
    assert [state for _, state, _ in lines(run)] == ["STAGED"]


def test_each_chunk_stands_in_the_access_record_with_its_cases(force: Force) -> None:
    loaded(force.inspector, [row()])
    with building():
        case = Case.unguarded.get()
        assert list(AccessRecord.objects.filter(page="load_import").values_list("case_ids", flat=True)) == [[case.pk]]


# Back ------------------------------------------------------------------------------------------------------------------


def test_taking_back_keeps_what_somebody_worked_on(force: Force) -> None:
    run = loaded(force.inspector, [row(), row("T/2/26"), row("T/3/26")])
    with building():
        worked = Case.unguarded.get(crime_number="T/2/26")
    set_clock(at(TODAY, 10))
    operations.record_event(worked, actor=actor(force.investigator), kind=EventKind.NOTE, at=at(TODAY, 10), text="Read.")
    with building(), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.sweep_as_of(rasso.now())")
    undone_run = operations.undo_import(actor=actor(force.inspector), run_id=run.pk)
    assert len(undone_run.case_ids) == 2
    with building():
        assert list(Case.unguarded.values_list("pk", flat=True)) == [worked.pk]
    assert lines(run) == [
        (2, "UNDONE", ""),
        (3, "LOADED", "Kept, because something was done on the case since."),
        (4, "UNDONE", ""),
    ]


def test_taking_back_erases_all_that_stood_in_the_file(force: Force, as_user: Any) -> None:
    run = loaded(force.inspector, [row(), row("T/2/26", Offence="Raep"), row("T/3/26", OIC="Invented Victim")])
    operations.undo_import(actor=actor(force.inspector), run_id=run.pk)
    with building():
        left = set(ImportRow.unguarded.filter(run=run).values_list("state", "crime_number", "reasons", "case"))
        assert all(cells == [] for cells in ImportRow.unguarded.filter(run=run).values_list("cells", flat=True))
    assert left == {("UNDONE", "", "", None), ("REFUSED", "", "", None)}
    page = as_user(force.inspector).get(f"/cases/import/{run.pk}/lines/").content.decode()
    assert [word for word in ("T/2/26", "Raep", "Invented Victim") if word in page] == []
    assert "What was in the file has been erased" in page


def test_taking_back_ends_after_14_days_and_is_its_owners(force: Force) -> None:
    run = loaded(force.inspector, [row()])
    with pytest.raises(NotVisible):
        operations.undo_import(actor=actor(force.sergeant), run_id=run.pk)
    set_clock(at(TODAY + timedelta(days=15)))
    with pytest.raises(Blocked, match="more than 14 days ago"):
        operations.undo_import(actor=actor(force.inspector), run_id=run.pk)


def test_taking_back_keeps_the_case_that_somebody_is_typing_about(force: Force) -> None:
    numbers = [f"T/{number}/26" for number in range(1, 6)]
    run = loaded(force.inspector, [row(number) for number in numbers])
    with building():
        cases = {case.crime_number: case for case in Case.unguarded.all()}
        review = Review.unguarded.filter(case=cases["T/4/26"]).first()
    typed = {
        "context": str(cases["T/1/26"].pk),
        "suspect": f"{cases['T/2/26'].pk}:S1",
        "line": f"{cases['T/3/26'].pk.hex}:3",
        "review": str(review.pk),
    }
    for form, about in typed.items():
        operations.save_draft(actor=actor(force.investigator), form=form, about=about, payload={"text": ["half an hour"]})
    gone = operations.undo_import(actor=actor(force.inspector), run_id=run.pk).case_ids
    assert gone == [cases["T/5/26"].pk]
    assert [state for _, state, _ in lines(run)] == ["LOADED"] * 4 + ["UNDONE"]
    with pytest.raises(NotVisible):
        operations.save_draft(actor=actor(force.investigator), form="context", about=str(gone[0]), payload={})


def refused_by_the_database(user: User, statement: str, *values: Any) -> str:
    with bound_to(user.pk, "police", may_write=True), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
        except DatabaseError as wrong:
            return str(wrong).partition("\n")[0]
        return f"{cursor.rowcount} rows"


def test_the_days_of_taking_back_and_what_a_row_became_are_the_databases(force: Force) -> None:
    run, logged = loaded(force.inspector, [row()]), log_case(force, by=force.inspector, crime_number="T/9/26")
    by = force.inspector
    for column in ("loading_at", "finished_at", "undone_at", "erased_at"):
        said = refused_by_the_database(by, f"UPDATE cases_importrun SET {column} = rasso.now() WHERE id = %s", run.pk)
        assert "permission denied" in said
    for change in ("state = 'LOADED'", "case_id = NULL", "crime_number = 'T/9/26'"):
        said = refused_by_the_database(by, f"UPDATE cases_importrow SET {change} WHERE run_id = %s", run.pk)
        assert "permission denied" in said
    begun = "INSERT INTO cases_importrun (id, owner_id, digest, heads, begun_at, fields, said, loading_at) VALUES "
    begun += "(gen_random_uuid(), %s, '', '[]', rasso.now(), '{}', '{}', rasso.now())"
    assert "row-level security" in refused_by_the_database(by, begun, by.pk)
    another = "INSERT INTO cases_importrow (id, owner_id, run_id, number, cells, state, reasons, crime_number, is_pressing, case_id) VALUES "
    another += "(gen_random_uuid(), %s, %s, 99, '[]', 'LOADED', '', 'T/9/26', false, %s)"
    assert "row-level security" in refused_by_the_database(by, another, by.pk, run.pk, logged.pk)
    second = checked(by, [row("T/9/27")])
    with building():
        waiting = ImportRow.unguarded.get(run=second)
    judge = "SELECT rasso.judge_import_rows(%s, ARRAY[%s], ARRAY[%s], ARRAY[''], ARRAY['T/9/26'], ARRAY[NULL]::bigint[], ARRAY[false], ARRAY[%s])"
    for state in ("LOADED", "UNDONE", "REFUSED"):
        assert "did not become that" in refused_by_the_database(by, judge, second.pk, waiting.pk, state, logged.pk)
    assert "no such run" in refused_by_the_database(force.sergeant, judge, second.pk, waiting.pk, "EXISTS", logged.pk)


def test_taking_back_trusts_only_when_the_case_was_logged(force: Force) -> None:
    run, logged = loaded(force.inspector, [row(), row("T/2/26")]), log_case(force, by=force.inspector, crime_number="T/9/26")
    with building():
        ImportRow.unguarded.filter(run=run, number=2).update(case=logged)
    assert len(operations.undo_import(actor=actor(force.inspector), run_id=run.pk).case_ids) == 1
    old = loaded(force.inspector, [row("T/3/26")])
    set_clock(at(TODAY + timedelta(days=15)))
    with building(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_importrun SET loading_at = rasso.now() WHERE id = %s", [old.pk])
    assert operations.undo_import(actor=actor(force.inspector), run_id=old.pk).case_ids == []


def test_nothing_is_taken_back_while_cases_are_out_of_reach(force: Force, as_user: Any) -> None:
    with building():
        covering = enrol("covering", force.police, [Role.INSPECTOR])
    cover(force.inspector, covering, TODAY, days=2)
    run = loaded(covering, [row(), row("T/2/26")])
    set_clock(at(TODAY + timedelta(days=3)))
    with undone(), pytest.raises(Blocked, match="units that you do not supervise now"):
        operations.undo_import(actor=actor(covering), run_id=run.pk)
    assert lines(run) == [(2, "LOADED", ""), (3, "LOADED", "")]
    assert "units that you do not supervise now" in as_user(covering).get(f"/cases/import/{run.pk}/undo/").content.decode()
    cover(force.inspector, covering, TODAY + timedelta(days=3), days=2)
    assert len(operations.undo_import(actor=actor(covering), run_id=run.pk).case_ids) == 2


@pytest.mark.parametrize("is_loaded", [True, False])
def test_what_another_took_back_can_be_loaded(force: Force, *, is_loaded: bool) -> None:
    with building():
        other = enrol("other_inspector", force.police, [Role.INSPECTOR], force.above)
    run = loaded(force.inspector, [row()])
    second = (loaded if is_loaded else checked)(other, [row()])
    assert lines(second) == [(2, "EXISTS", "")]
    operations.undo_import(actor=actor(force.inspector), run_id=run.pk)
    state = "READY" if is_loaded else "STAGED"
    assert lines(second) == [(2, state, "Taken back since by whoever loaded it. Load again.")]
    assert lines(run) == [(2, "UNDONE", "")]
    if not is_loaded:
        operations.check_import(actor=actor(other), run_id=second.pk)
    operations.load_import(actor=actor(other), run_id=second.pk)
    assert lines(second) == [(2, "LOADED", "")]


def test_what_stood_in_the_file_goes_after_30_days(force: Force) -> None:
    run = loaded(force.inspector, [row(), row("T/2/26", Offence="Raep")])
    for days, left in ((29, 0), (31, 1)):
        with building(), connection.cursor() as cursor:
            cursor.execute("SELECT rasso.purge_imports(rasso.now() + make_interval(days => %s))", [days])
            assert cursor.fetchone() == (left,)
    with building():
        assert set(ImportRow.unguarded.filter(run=run).values_list("state", "crime_number", "reasons")) == {
            ("LOADED", "T/1/26", ""),
            ("REFUSED", "", ""),
        }
        assert all(cells == [] for cells in ImportRow.unguarded.filter(run=run).values_list("cells", flat=True))


def test_what_was_said_of_columns_and_words_is_offered_the_next_time(force: Force) -> None:
    heads = ("Ref", "When", "What", "Team")
    rows = [{"Ref": "T/1/26", "When": "02/11/2026", "What": "Raep", "Team": "Invented Team One"}]
    fields = {0: "CRIME_NUMBER", 1: "REPORTED", 2: "OFFENCE", 3: "UNIT"}
    said = {"OFFENCE": {"raep": "JE-2018-5"}}
    run = checked(force.inspector, rows, heads, fields={place: Field(code) for place, code in fields.items()}, said=said)
    assert lines(run)[0][1] == "READY"
    again = staged(force.inspector, [{**rows[0], "Ref": "T/9/26"}], heads)
    with bound_to(force.inspector.pk, "police", may_write=False) as bound:
        meaning = meaning_of(bound.actor, again)
    assert ({place: field.value for place, field in meaning.fields.items()}, meaning.said) == (fields, said)


@pytest.mark.parametrize("kind", ["xlsx", "utf-16", "utf-8-sig", "windows-1252"])
def test_messy_tracker_of_every_kind_gives_the_same_lines(force: Force, kind: str) -> None:
    rows = messy_tracker.make(120, 24, TODAY)
    content = messy_tracker.as_xlsx(rows) if kind == "xlsx" else messy_tracker.as_csv(rows, kind, "\t")
    with building():
        Unit.objects.create(organisation=force.police, name="Invented Elsewhere")
    run = operations.begin_import(actor=actor(force.inspector), table=read_table(io.BytesIO(content), is_known_head), digest=kind)
    operations.map_import(actor=actor(force.inspector), run_id=run.pk, fields=guess(run.heads), unit_id=None, said={})
    operations.check_import(actor=actor(force.inspector), run_id=run.pk)
    found = {number: (state, reasons) for number, state, reasons in lines(run)}
    assert messy_tracker.unlike(found, rows, "READY") == []
    assert len(found) == len(rows)
