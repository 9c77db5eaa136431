"""“Export this list”: what the list shows, all of it, to whoever may see it, and nothing that would be a name of V1 or S1."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection

from cases.models import Case, CaseGrant
from kit import exports
from kit.spreadsheets import BYTE_ORDER_MARK
from people.models import RoleAssignment, User
from people.roles import Role
from tests.access.many import make_cases
from tests.access.sql import ask
from tests.cases.actions import done, given
from tests.worlds import MONDAY, NOBODY, building, log_case, pass_days

NAMES = ("Victim-Name", "Suspect-Name")


def exported(browser, address):
    """The first line, and the rows by their headings."""
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(BYTE_ORDER_MARK)
    text = answer.content.decode("utf-8-sig")
    assert not [name for name in NAMES if name in text]
    first, headings, *rows = csv.reader(io.StringIO(text, newline=""))
    return first, [dict(zip(headings, row, strict=True)) for row in rows]


def test_cases_are_exported_as_the_list_shows_them(as_user, force, case):
    log_case(force, crime_number="=HYPERLINK/1")
    first, rows = exported(as_user(force.sergeant), "/cases/export/")
    with building():
        references = set(Case.unguarded.values_list("reference", flat=True))
    assert {row["Reference"] for row in rows} == references and len(rows) == 2
    (row,) = (row for row in rows if row["Reference"] == case.reference)
    assert (row["Recorded"], row["Day"], row["Next review due"]) == ("2026-11-02", "1", "2026-11-16")
    assert row["Officer in the case"] == force.investigator.called
    assert first == [
        "OFFICIAL-SENSITIVE",
        f"Exported by {force.sergeant.called} on 3 November 2026 at 09:00",
        "Cases: 2 rows",
        "Order: Newest first. Officer in the case: Anyone. Show: Open cases",
    ]


def test_link_carries_the_filters_in_force(as_user, force, case):
    browser = as_user(force.sergeant)
    asked = f"?officer={force.other_investigator.pk}&order=reference"
    other = log_case(force, by=force.other_investigator)
    page = browser.get(f"/cases/{asked}").content.decode()
    (link,) = re.findall(r'href="([^"]+)">Export this list', page)
    first, rows = exported(browser, link.replace("&amp;", "&"))
    assert [row["Reference"] for row in rows] == [other.reference]
    assert first[3] == f"Order: By reference. Officer in the case: {force.other_investigator.called}. Show: Open cases"


def test_empty_list_offers_no_export_and_a_typed_one_is_marked_as_well(as_user, force):
    browser = as_user(force.sergeant)
    for list_page in ("/cases/", "/reviews/"):
        assert "Export this list" not in browser.get(list_page).content.decode()
        first, rows = exported(browser, f"{list_page}export/")
        assert rows == [] and first[0] == "OFFICIAL-SENSITIVE" and first[2].endswith(": 0 rows")


def test_queue_is_exported_whole_in_its_order_under_its_filters(as_user, force):
    make_cases(force, 120)
    browser = as_user(force.inspector)
    first, rows = exported(browser, "/reviews/export/?whose=unit")
    assert len({row["Reference"] for row in rows}) == 120
    keys = [(row["Where it stands"] != "Escalated to you", row["Due"]) for row in rows]
    assert keys == sorted(keys) and first[2:] == [
        "Reviews: 120 rows",
        "Whose: My unit. Kind: Every kind. Officer in the case: Anyone",
    ]
    first, late = exported(browser, "/reviews/export/?whose=unit&show=late")
    assert late == [row for row in rows if row["Where it stands"] == "Late"] and first[3].endswith(". Late")


def test_actions_of_a_case_are_exported_in_groups(as_user, force, case):
    today = MONDAY + timedelta(days=1)
    later, first_due = (
        given(case, by=force.sergeant, owner=force.investigator, due=today + timedelta(days=days), what=what)
        for days, what in ((9, "=SUM(A1:A2)\n- with a dash"), (2, "Trace the driver"))
    )
    done(later, by=force.investigator)
    pass_days(3)
    first, rows = exported(as_user(force.sergeant), f"/cases/{case.reference}/actions/export/")
    assert [row["Action"] for row in rows] == [str(first_due), str(later)]
    assert [row["Where it stands"] for row in rows] == ["Late", "Done and to be verified"]
    assert rows[1]["What must be done"] == "'=SUM(A1:A2)\n'- with a dash" and rows[1]["Done by"] == force.investigator.called
    assert first[2] == f"Actions of {case.reference}: 2 rows"
    _, rows = exported(as_user(force.sergeant), f"/cases/{case.reference}/actions/export/?state=late")
    assert [row["Action"] for row in rows] == [str(first_due)]


@pytest.mark.parametrize("page", ["/cases/export/", "/reviews/export/", "/cases/{reference}/actions/export/"])
def test_name_of_the_file_says_nothing_of_a_case_or_a_person(as_user, force, case, page):
    answer = as_user(force.sergeant).get(page.format(reference=case.reference))
    assert re.fullmatch(
        r'attachment; filename="(cases|reviews|actions)-2026-11-03-0900\.csv"', answer.headers["Content-Disposition"]
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_long_list_is_cut_off_and_says_so(as_user, force, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 5)
    make_cases(force, 6)
    first, rows = exported(as_user(force.sergeant), "/cases/export/")
    assert len(rows) == 5
    assert first[2] == "Cases: the first 5 rows. There are more; choose filters and export each part"


def end_grants(force):
    CaseGrant.unguarded.filter(user=force.investigator, ends_at=None).update(ends_at="2026-11-03T08:00Z")


def end_role(force):
    RoleAssignment.objects.filter(user=force.investigator).update(ends_on="2026-11-01")


def meanwhile(act, force):
    """Done beside the request that runs, which goes on with the rights that it had."""
    ((role,),) = ask("SELECT current_setting('role')")
    with building():
        act(force)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])


@pytest.mark.parametrize("loses", [end_grants, end_role])
def test_right_that_ends_while_the_file_is_written_keeps_it_back(as_user, force, case, monkeypatch, loses):
    """It is looked at when the export begins and again before it leaves."""
    really = exports.lines_of

    def written(rows):
        lines = list(really(rows))
        meanwhile(loses, force)
        return lines

    monkeypatch.setattr(exports, "lines_of", written)
    answer = as_user(force.investigator).get("/cases/export/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert exports.CHANGED_MEANWHILE in text and case.reference not in text


def test_cases_to_allocate_are_exported_with_those_of_who_has_left(as_user, force, case):
    unallocated = log_case(force, by=force.first_officer, officer=NOBODY)
    with building():
        User.objects.filter(pk=force.investigator.pk).update(is_active=False)
    browser = as_user(force.sergeant)
    assert "/cases/to-allocate/export/" in browser.get("/cases/to-allocate/").content.decode()
    first, rows = exported(browser, "/cases/to-allocate/export/")
    assert {(row["Reference"], row["Officer who no longer works it"]) for row in rows} == {
        (unallocated.reference, ""),
        (case.reference, force.investigator.called),
    }
    assert first[2] == "Cases to allocate: 2 rows"


def test_people_are_exported_as_they_are_filtered(as_user, force):
    browser = as_user(force.user(Role.ADMINISTRATOR))
    page = browser.get(f"/people/?unit={force.unit.pk}").content.decode()
    (link,) = re.findall(r'href="([^"]+)">Export this list', page)
    first, rows = exported(browser, link.replace("&amp;", "&"))
    assert {row["User name"] for row in rows} >= {"sergeant", "investigator"}
    assert "other_sergeant" not in {row["User name"] for row in rows}
    assert force.unit.name in first[3]
