"""Taking a tracker over through its pages, from the file to what became of each row, and back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.forms.imports import name_of
from cases.models import Case, ImportRow, ImportRun
from cases.tracker.fields import Field, guess
from cases.views import imports
from people.models import AccessRecord
from people.roles import Role
from tests.access.asking import Statements
from tests.cases.trackers import checked, csv_file, lines, loaded, mapped, row, staged
from tests.forms import date_boxes
from tests.pages import Sheet, assert_says
from tests.worlds import MONDAY, Force, at, building, enrol, set_clock

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
    answer = browser.post(reverse("name-words", args=[run.pk]), {name_of(Field.OFFICER, "Dave S"): "NOBODY"})
    answer = browser.get(answer.headers["Location"])
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
    assert "Nothing about its cases is escalated until 19 November 2026." in page.text
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
    assert "3 cases will be removed, with everything made when loading." in Sheet(browser.get(undo)).text
    browser.post(undo)
    assert "This has already been taken back." in Sheet(browser.get(undo)).text
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


def test_column_that_was_not_read_is_offered_again_only_when_the_file_is_chosen_again(browser: Client) -> None:
    heads = ("Crime number", "Victim", "Date reported", "Date recorded", "Offence", "Unit", "OIC")
    content = csv_file([row(Victim="Invented Victim")], heads).getvalue()
    choose(browser, content)
    run = the_run()
    page = reverse("map-import", args=[run.pk])
    browser.post(page, columns(run))
    shown = Sheet(browser.get(page))
    assert "Not read, and erased: Victim." in shown.text
    assert "column_0" in shown.values and "column_1" not in shown.values

    answer = choose(browser, content)
    with building():
        again = ImportRun.unguarded.exclude(pk=run.pk).get()
    assert answer.headers["Location"] == reverse("map-import", args=[again.pk])
    assert "column_1" in Sheet(browser.get(answer.headers["Location"])).values
    with building():
        assert ImportRun.unguarded.get(pk=run.pk).erased_at is not None
        assert ImportRow.unguarded.get(run=run).cells == []
        assert ImportRow.unguarded.get(run=again).cells[1] == "Invented Victim"


def test_words_are_asked_about_page_by_page_until_none_is_open(
    browser: Client, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.queries.imports.MOST_WORDS", 2)
    people = ["Dave A", "Dave B", "Dave C", "Dave D", "Dave E"]
    run = mapped(force.inspector, [row(f"T/{number}/26", OIC=name) for number, name in enumerate(people)])
    page = reverse("name-words", args=[run.pk])
    shown = Sheet(browser.get(page))
    assert ("“Dave A”" in shown.text, "“Dave B”" in shown.text, "“Dave C”" in shown.text) == (True, True, False)
    assert "Ask me about the next 3" in shown.text
    # One is left open; it is not asked about again.
    page = browser.post(page, {name_of(Field.OFFICER, "Dave A"): str(force.investigator.pk), "rest": ""}).headers["Location"]
    shown = Sheet(browser.get(page))
    assert ("“Dave B”" in shown.text, "“Dave C”" in shown.text, "“Dave D”" in shown.text) == (False, True, True)
    page = browser.post(page, {"rest": "REFUSE"}).headers["Location"]
    browser.post(page)
    shown = browser.get(page)
    assert "Say who these people are" in Sheet(shown).text
    assert [state for _, state, _ in lines(run)] == ["READY", "REFUSED", "REFUSED", "REFUSED", "REFUSED"]

    # From the check back to them; now all the others at once.
    again = reverse("name-words", args=[run.pk])
    page = browser.post(again, {"rest": "NOBODY"}).headers["Location"]
    check = browser.get(page).headers["Location"]
    browser.post(check)
    assert "Say who these people are" not in Sheet(browser.get(check)).text
    assert [state for _, state, _ in lines(run)] == ["READY"] * 5


# By command --------------------------------------------------------------------------------------------------------------


def by_command(capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> tuple[str, str]:
    """What it prints, and with what it ends."""
    with pytest.raises(CommandError) as ended:
        call_command("import_cases", str(file), "--as", "inspector", *more)
    return capsys.readouterr().out, str(ended.value)


def test_command_prints_why_each_row_was_refused_and_names_nobody(
    browser: Client, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Any
) -> None:
    settings.PUBLIC_ADDRESS = "https://rasso.example"
    file = tmp_path / "tracker.csv"
    rows = [
        row(),
        row("T/2/26", OIC="Dave S"),
        row("T/3/26", Offence="Invented Victim", **{"Last review": "04/13/2026"}),
        row("T/4/26", **{"Last review": "Invented Victim"}),
    ]
    file.write_bytes(csv_file(rows).getvalue())
    said, ended = by_command(capsys, file)
    assert "Row 3: Officer in the case: “Dave S” is nobody who can be officer in a case here." in said
    assert "Row 4: Offence: “…” is not in the list of offences." in said
    assert "“04/13/2026” is written month first." in said
    assert "Row 5: Last review on: “…” is not a date." in said
    assert "Invented Victim" not in said
    assert (
        f"1 case loaded, 0 ready to load, 0 exist already, 3 refused. What became of each row: https://rasso.example/cases/import/{the_run().pk}/lines/"
        in said
    )
    assert ended == "3 rows refused."


def test_command_answers_with_a_sentence(browser: Client, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "tracker.csv"
    assert by_command(capsys, file)[1] == f"{file} cannot be read. Name a file that is there and that you may open."
    file.write_bytes(csv_file([row()]).getvalue())
    ended = by_command(capsys, file, "--quiet-until", "2036-01-01")[1]
    assert ended == "Enter a day up to 11 January 2027. After 60 days somebody must hear of what is late."
    with building():
        assert not Case.unguarded.exists()


# Bad input ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty. Choose the file that holds the cases."),
        (b"%PDF-1.7 \x00\x01\x02" * 100, "This is not a spreadsheet."),
        (b"Crime number,Offence\r\n", "The table has headings and no rows."),
    ],
)
def test_file_that_is_no_tracker_is_refused_and_nothing_is_kept(browser: Client, content: bytes, says: str) -> None:
    answer = choose(browser, content)
    assert answer.status_code == 409
    assert says in Sheet(answer).text
    with building():
        assert not ImportRun.unguarded.exists()


def test_no_file_is_said_beside_the_field(browser: Client) -> None:
    assert_says(browser.post(reverse("begin-import")), "file", "Choose the file that holds the cases")


def test_same_file_while_its_run_goes_on_leads_there(browser: Client) -> None:
    content = csv_file([row()]).getvalue()
    choose(browser, content)
    run = the_run()
    assert choose(browser, content).headers["Location"] == reverse("import-run", args=[run.pk])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"column_0": ""}, "Say which column holds the crime number."),
        ({"column_3": ""}, "Say which column holds the offence."),
        ({"column_1": "", "column_2": ""}, "Say which column holds when it was reported or recorded."),
        ({"column_4": ""}, "Choose the unit, or say which column holds it"),
        ({"column_5": "UNIT"}, "Unit is chosen for another column already. Choose one of the two."),
    ],
)
def test_columns_that_are_missing_or_said_twice(browser: Client, force: Force, changed: dict[str, str], says: str) -> None:
    run = staged(force.inspector, [row()])
    answer = browser.post(reverse("map-import", args=[run.pk]), columns(run, **changed))
    assert answer.status_code == 422
    assert says in Sheet(answer).text


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (TODAY - timedelta(days=1), "Enter today or a later day"),
        (TODAY + timedelta(days=61), "Enter a day up to 11 January 2027."),
    ],
)
def test_quiet_day_is_today_or_later_and_not_far_away(browser: Client, force: Force, day: Any, says: str) -> None:
    run = checked(force.inspector, [row()])
    answer = browser.post(reverse("load-import", args=[run.pk]), date_boxes("quiet_until", day))
    assert answer.status_code == 422
    assert says in Sheet(answer).text
    assert [state for _, state, _ in lines(run)] == ["READY"]


def test_run_of_somebody_else_is_not_there(browser: Client, force: Force) -> None:
    with building():
        other = enrol("second_inspector", force.police, [Role.INSPECTOR], force.above, rank="DI")
    run = loaded(other, [row()])
    for page in ("import-run", "map-import", "check-import", "load-import", "import-lines", "export-import-lines", "undo-import"):
        assert browser.get(reverse(page, args=[run.pk])).status_code == 404, page
    assert browser.post(reverse("undo-import", args=[run.pk])).status_code == 404
    with building():
        assert Case.unguarded.count() == 1


# Long work ---------------------------------------------------------------------------------------------------------------


def test_request_stops_in_time_and_the_page_goes_on(browser: Client, force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "SECONDS_AT_ONCE", 0)
    monkeypatch.setattr("cases.operations.imports.LOADED_AT_ONCE", 1)
    run = checked(force.inspector, [row(), row("T/2/26"), row("T/3/26")])
    page = reverse("load-import", args=[run.pk])
    browser.post(page, date_boxes("quiet_until", TODAY))
    shown = browser.get(page)
    assert "1 of 3 cases loaded." in Sheet(shown).text
    assert "data-continue" in shown.content.decode()
    for _ in range(3):
        browser.post(page)
    assert browser.get(page).headers["Location"] == reverse("import-run", args=[run.pk])
    with building():
        assert Case.unguarded.count() == 3


def test_lines_send_the_same_statements_however_many_there_are(browser: Client, force: Force) -> None:
    sent = set()
    for size in (2, 30):
        run = loaded(force.inspector, [row(f"T/{size}/{number}") for number in range(size)])
        for page in ("import-lines", "import-run", "undo-import"):
            browser.get(reverse(page, args=[run.pk]))
            counted = Statements()
            with connection.execute_wrapper(counted):
                browser.get(reverse(page, args=[run.pk]))
            sent.add((page, counted.number))
    assert len(sent) == 3, sent


def test_look_at_lines_and_their_export_are_recorded_with_their_cases(browser: Client, force: Force) -> None:
    run = loaded(force.inspector, [row()])
    for page in ("import-lines", "export-import-lines"):
        browser.get(reverse(page, args=[run.pk]))
    with building():
        case = Case.unguarded.get()
        recorded = AccessRecord.objects.filter(page__endswith="import-lines").order_by("pk")
        assert list(recorded.values_list("kind", "case_ids")) == [("LISTED", [case.pk]), ("EXPORTED", [case.pk])]


def test_exported_line_is_no_formula(browser: Client, force: Force) -> None:
    run = loaded(force.inspector, [row("@SUM(1)", Offence="Raep")])
    assert '"\'@SUM(1)"' in browser.get(reverse("export-import-lines", args=[run.pk])).content.decode()
