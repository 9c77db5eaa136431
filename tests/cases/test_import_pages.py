"""Taking a tracker over through its pages, from the file to what became of each row, and back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case, ImportRun
from tests.cases.trackers import csv_file, lines, loaded, row
from tests.pages import Sheet
from tests.worlds import MONDAY, Force, at, building, set_clock

pytestmark = pytest.mark.django_db
TODAY = MONDAY + timedelta(days=10)


@pytest.fixture
def browser(force: Force, as_user: Any) -> Client:
    set_clock(at(TODAY))
    return as_user(force.inspector)  # type: ignore[no-any-return]


def choose(browser: Client, content: bytes, name: str = "tracker.csv") -> Any:
    return browser.post(reverse("begin-import"), {"file": SimpleUploadedFile(name, content)})


def columns(run: ImportRun, **changed: str) -> dict[str, str]:
    """The answers that stand on the page already."""
    from cases.tracker.fields import guess

    found = guess(run.heads)
    return {
        **{f"column_{place}": found[place].value if place in found else "" for place in range(len(run.heads))},
        "unit": "",
        **changed,
    }


def the_run() -> ImportRun:
    with building():
        return ImportRun.unguarded.order_by("-begun_at")[0]


def test_tracker_is_taken_over_page_by_page(browser: Client) -> None:
    rows = [row(), row("T/2/26", OIC="Dave S"), row("T/3/26", Status="closed"), row("T/4/26", Offence="Rape (article 5)", OIC="")]
    answer = choose(browser, csv_file(rows).getvalue())
    run = the_run()
    assert answer.headers["Location"] == reverse("map-import", args=[run.pk])

    page = Sheet(browser.get(answer.headers["Location"]))
    assert page.values["column_0"] == ["CRIME_NUMBER"]
    assert "For example: T/1/26; T/2/26; T/3/26" in page.text
    answer = browser.post(reverse("map-import", args=[run.pk]), columns(run))
    assert answer.headers["Location"] == reverse("name-words", args=[run.pk])

    page = Sheet(browser.get(answer.headers["Location"]))
    assert "Officer in the case: “Dave S”" in page.text
    answer = browser.post(reverse("name-words", args=[run.pk]), {"word_0": "NOBODY"})
    check = reverse("check-import", args=[run.pk])
    assert answer.headers["Location"] == check

    assert "0 of 4 rows checked" in Sheet(browser.get(check)).text
    browser.post(check)
    page = Sheet(browser.get(check))
    assert "Nothing is loaded yet." in page.text
    assert "Invented Team One: 3 cases, 3 of which would be escalated on the first night" in page.text
    assert "Load 3 cases" in page.text
    assert page.values["quiet_until_day"] == [str((TODAY + timedelta(days=14)).day)]

    quiet = TODAY + timedelta(days=7)
    answer = browser.post(
        reverse("load-import", args=[run.pk]),
        {f"quiet_until_{part}": str(getattr(quiet, part)) for part in ("day", "month", "year")},
    )
    assert answer.status_code == 302
    answer = browser.get(reverse("load-import", args=[run.pk]))
    assert answer.headers["Location"] == reverse("import-run", args=[run.pk])
    page = Sheet(browser.get(answer.headers["Location"]))
    assert "Nothing of its cases is escalated until 19 November 2026." in page.text
    with building():
        case = Case.unguarded.get(crime_number="T/2/26")
    shown = Sheet(browser.get(reverse("import-lines", args=[run.pk]))).text
    assert f"Row 3, T/2/26: Loaded, {case.reference}" in shown
    assert "Row 4, T/3/26: Refused A closed case is not taken over." in shown
    only = Sheet(browser.get(reverse("import-lines", args=[run.pk]) + "?show=REFUSED")).text
    assert "T/3/26" in only and "T/2/26" not in only
    exported = browser.get(reverse("export-import-lines", args=[run.pk])).content.decode()
    assert f'"Loaded","T/2/26","{case.reference}"' in exported

    undo = reverse("undo-import", args=[run.pk])
    assert "3 cases would be removed with all that loading made." in Sheet(browser.get(undo)).text
    browser.post(undo)
    assert "This was taken back already." in Sheet(browser.get(undo)).text
    with building():
        assert not Case.unguarded.exists()


def test_case_that_was_taken_over_opens_on_every_page(browser: Client, force: Force) -> None:
    run = loaded(force.inspector, [row(**{"Last review": "05/11/2026", "Next review due": "20/11/2026"})])
    assert [state for _, state, _ in lines(run)] == ["LOADED"]
    with building():
        case = Case.unguarded.get()
    for page in (
        "case",
        "case-dates",
        "case-chronology",
        "case-reviews",
        "case-context",
        "hand-over",
        "case-access",
        "copy-case",
        "case-names",
        "case-history",
        "case-as-at",
    ):
        assert browser.get(reverse(page, args=[case.reference])).status_code == 200, page
