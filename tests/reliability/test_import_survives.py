"""A messy tracker of 5,000 rows, taken over by a real process: killed half-way, resumed, loaded again, taken back."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg

from kit.binding import signed
from kit.devservers import ROOT
from tests import databases
from tests.cases import messy_tracker
from tests.cases.messy_tracker import unlike

TODAY = date(2026, 11, 23)
ROWS, BAD = 5000, 200
SMALL, SMALL_BAD = 120, 12
PEOPLE = """
INSERT INTO people_organisation (name, kind) VALUES ('Invented Police', 'POLICE');
INSERT INTO people_unit (organisation_id, name, digest_hour) SELECT id, called, 7 FROM people_organisation, (VALUES ('Invented Crime'), ('Invented Elsewhere')) n (called);
INSERT INTO people_unit (organisation_id, parent_id, name, digest_hour)
  SELECT u.organisation_id, u.id, 'Invented Team ' || n, 7 FROM people_unit u, (VALUES ('One'), ('Two')) t (n) WHERE u.name = 'Invented Crime';
INSERT INTO people_user (username, email, rank, given_name, family_name, organisation_id, organisation_kind, is_active)
  SELECT lower(family), '', rank, 'Invented', family, id, 'POLICE', true
  FROM people_organisation, (VALUES ('Investigator', 'DC'), ('Inspector', 'DI'), ('Sergeant', 'DS')) k (family, rank);
INSERT INTO people_membership (user_id, unit_id, starts_on)
  SELECT p.id, u.id, '2020-01-01' FROM people_user p JOIN people_unit u ON u.name = CASE p.username WHEN 'inspector' THEN 'Invented Crime' ELSE 'Invented Team One' END;
INSERT INTO people_roleassignment (user_id, role, organisation_kind, starts_on)
  SELECT id, upper(family_name), 'POLICE', '2020-01-01' FROM people_user;
"""
# The record of who did what, the numbers that stay drawn, and the account of the run itself.
KEPT = {"people_accessrecord", "audit_datachange", "cases_referencenumber", "cases_importrun", "cases_importrow"}


@dataclass(frozen=True)
class World:
    database: str

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(databases.admin_url(self.database)) as connection:
            return list(connection.execute(statement.encode()))

    def fingerprint(self) -> dict[str, str]:
        """Of every table, whatever its rows: how many there are, and the sum of what each comes to, which needs no sorting."""
        with psycopg.connect(databases.admin_url(self.database)) as connection:
            tables = [
                name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            ]
            found = {}
            for table in tables:
                row = connection.execute(
                    f"SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t".encode()
                ).fetchone()
                assert row is not None
                found[table] = str(row[0])
            return found

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RASSO_MODE": "test",
            "RASSO_PROCESS": "web",
            "DJANGO_SETTINGS_MODULE": "rasso.settings",
            "DATABASE_URL": databases.with_name(os.environ["DATABASE_URL"], self.database),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def import_cases(self, file: Path, *more: str) -> tuple[int, str]:
        process = self.start("import_cases", str(file), "--as", "inspector", *more)
        out, err = process.communicate(timeout=300)
        return process.returncode, out + err

    def lines(self) -> dict[int, tuple[str, str]]:
        """What became of each row of the run that was begun last."""
        rows = self.ask(
            "SELECT number, state, reasons FROM cases_importrow WHERE run_id = (SELECT id FROM cases_importrun ORDER BY begun_at DESC LIMIT 1)"
        )
        return {int(str(number)): (str(state), str(reasons)) for number, state, reasons in rows}


@contextmanager
def world() -> Iterator[World]:
    name = f"import_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    try:
        with psycopg.connect(databases.admin_url(name)) as connection:
            connection.execute(PEOPLE)
            connection.execute(
                "UPDATE rasso.demonstration_clock SET ahead = ('2026-11-23 09:00' AT TIME ZONE 'Europe/Jersey') - now()"
            )
        yield World(name)
    finally:
        databases.drop(name)


def test_messy_tracker_is_killed_resumed_loaded_again_and_taken_back(tmp_path: Path) -> None:
    rows = messy_tracker.make(ROWS, BAD, TODAY)
    file = tmp_path / "tracker.csv"
    file.write_bytes(messy_tracker.as_csv(rows, "windows-1252", ";"))
    with world() as force:
        before = force.fingerprint()
        kill_half_way(force, file)
        half = force.ask("SELECT count(*) FROM cases_case")[0][0]
        assert 0 < int(str(half)) < ROWS - BAD

        status, said = force.import_cases(file)
        assert (status, "Going on with the run" in said) == (1, True), said
        assert unlike(force.lines(), rows, "LOADED") == []
        assert len(force.lines()) == ROWS
        assert force.ask("SELECT count(*), count(DISTINCT crime_number) FROM cases_case") == [(ROWS - BAD, ROWS - BAD)]

        loaded = force.fingerprint()
        status, said = force.import_cases(file)
        assert (status, f"0 cases loaded, 0 ready to load, {ROWS - BAD:,} exist already" in said) == (1, True), said
        assert unlike(force.lines(), rows, "EXISTS") == []
        assert changed(loaded, force.fingerprint()) <= KEPT

        take_back(force)
        assert changed(before, force.fingerprint()) <= KEPT


def kill_half_way(force: World, file: Path) -> None:
    """With SIGKILL, in the middle of loading."""
    process = force.start("import_cases", str(file), "--as", "inspector")
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "rows loaded" in line and line.startswith("2,"):
            process.send_signal(signal.SIGKILL)
            break
    _, err = process.communicate()
    assert process.returncode == -signal.SIGKILL, said + err


def take_back(force: World) -> None:
    """The first run, in its owner's name."""
    with psycopg.connect(databases.with_name(os.environ["DATABASE_URL"], force.database)) as connection:
        owner = force.ask("SELECT id FROM people_user WHERE username = 'inspector'")[0][0]
        first = force.ask("SELECT id FROM cases_importrun ORDER BY begun_at LIMIT 1")[0][0]
        connection.execute("SELECT rasso.bind(%s, 'rasso_police')", [signed(int(owner), "police")])
        gone = connection.execute("SELECT count(*) FROM rasso.undo_import(%s)", [first]).fetchone()
    assert gone == (ROWS - BAD,)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {table for table in after if before[table] != after[table]}


def test_two_who_load_the_same_file_at_once_make_each_case_once(tmp_path: Path) -> None:
    rows = messy_tracker.make(SMALL, SMALL_BAD, TODAY)
    file = tmp_path / "tracker.csv"
    file.write_bytes(messy_tracker.as_csv(rows, "utf-8"))
    with world() as force:
        both = [force.start("import_cases", str(file), "--as", "inspector") for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=300)
            assert process.returncode == 1, out + err
            assert "rows refused." in err
        good = SMALL - SMALL_BAD
        assert force.ask("SELECT count(*), count(DISTINCT crime_number) FROM cases_case") == [(good, good)]
        assert force.ask("SELECT count(*) FROM cases_review WHERE number = 3") <= [(good,)]
