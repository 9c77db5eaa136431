"""Whoever owns the database can change what they like, and cannot hide that they did."""

import io
import json
import logging
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from audit.operations import SYSTEM, check_daily, seal_record
from audit.policies import TRAILED
from kit.binding import signed
from kit.log import JsonLines
from tests import databases
from tests.audit.books import ENTRY, Books, books
from tests.conftest import connection_settings

CHANGED = "was changed or added after it was sealed"
RECORD, TRAIL, SEAL = "people_accessrecord", "audit_datachange", "audit_seal"
# Entries of the second seal.
SECOND = "id IN (SELECT id FROM people_accessrecord ORDER BY id OFFSET 10 LIMIT 10)"
ONE = "id = (SELECT id FROM people_accessrecord ORDER BY id OFFSET 14 LIMIT 1)"


# What loading the rules into a new database wrote down; in its first seal.
RULES = "SELECT count(*) FROM audit_datachange WHERE table_name <> 'people_organisation'"


def filled(made: Books) -> None:
    """Three seals of ten entries of the access record, and one over twelve changes of a table."""
    for _ in range(3):
        made.write(10)
        made.seal()
    made.run("INSERT INTO people_organisation (name, kind) SELECT 'Invented ' || n, 'POLICE' FROM generate_series(1, 8) n")
    made.run("UPDATE people_organisation SET name = name || ' Police' WHERE id > 4")
    made.seal()


@pytest.fixture(scope="module")
def sealed() -> Iterator[Books]:
    with books("sealed") as made:
        filled(made)
        yield made


@pytest.fixture
def record(sealed: Books) -> Iterator[Books]:
    """Whole at first; what a test does to it is taken back."""
    sealed.admin.autocommit = False
    assert sealed.faults() == []
    yield sealed
    sealed.admin.rollback()
    sealed.admin.autocommit = True


def test_nothing_is_broken_until_somebody_breaks_it(sealed: Books) -> None:
    with sealed.as_worker() as worker:
        found = worker.execute("SELECT number, entries, fault FROM rasso.verify_seals(1, 100)").fetchall()
    ((rules,),) = sealed.ask(RULES)
    assert found == [(1, 10 + rules, None), (2, 10, None), (3, 10, None), (4, 12, None)]


@pytest.mark.parametrize("table", [RECORD, TRAIL, SEAL])
@pytest.mark.parametrize("change", ["UPDATE {} SET cluster = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_is_refused_even_to_the_owner(record: Books, table: str, change: str) -> None:
    record.run("SET session_replication_role = replica")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is append-only"):
        record.run(change.format(table))


def test_changed_entry_is_named(record: Books) -> None:
    ((entry,),) = record.ask(f"SELECT id FROM people_accessrecord WHERE {ONE}")
    record.tamper(RECORD, f"UPDATE people_accessrecord SET user_id = 99 WHERE {ONE}")
    assert record.faults() == [(2, CHANGED, 1, entry)]


def test_changed_line_of_the_trail_is_named(record: Books) -> None:
    ((line,),) = record.ask("SELECT max(id) FROM audit_datachange")
    record.tamper(TRAIL, "UPDATE audit_datachange SET columns = '{kind}' WHERE id = %s", line)
    assert record.faults() == [(4, CHANGED, 2, line)]


def test_deleted_entry_is_missed(record: Books) -> None:
    record.tamper(RECORD, f"DELETE FROM people_accessrecord WHERE {ONE}")
    assert record.faults() == [(2, "1 of its 10 entries are missing", None, None)]


def test_entry_put_in_among_sealed_ones_is_named(record: Books) -> None:
    record.tamper(
        RECORD,
        """INSERT INTO people_accessrecord (id, at, user_id, kind, page, case_ids, on_behalf_of, xact, cluster)
           SELECT 4711, at, 99, kind, page, case_ids, on_behalf_of, xact, cluster FROM people_accessrecord WHERE """
        + ONE,
    )
    assert record.faults() == [(2, CHANGED, 1, 4711)]


def test_back_dated_entries_are_named(record: Books) -> None:
    """One that was moved within what is sealed, and one that is honest about its transaction and not about its time."""
    ((entry,),) = record.ask(f"SELECT id FROM people_accessrecord WHERE {ONE}")
    record.tamper(RECORD, f"UPDATE people_accessrecord SET at = at - interval '2 years' WHERE {ONE}")
    assert (2, CHANGED, 1, entry) in record.faults()
    record.admin.rollback()
    with books("dated") as other:
        filled(other)
        other.run(
            """INSERT INTO people_accessrecord (id, at, user_id, kind, page, case_ids, on_behalf_of, xact, cluster)
               SELECT 4711, at - interval '2 years', 99, kind, page, case_ids, on_behalf_of, pg_current_xact_id()::text::bigint, cluster
               FROM people_accessrecord WHERE """
            + ONE
        )
        other.seal()
        assert other.faults() == [(5, "its time is not the time at which it was written", 1, 4711)]


def test_emptied_tables_are_missed(record: Books) -> None:
    record.tamper(RECORD, "TRUNCATE people_accessrecord CASCADE")
    ((rules,),) = record.ask(RULES)
    assert [(number, fault) for number, fault, *_ in record.faults()] == [
        (number, f"10 of its {10 + (rules if number == 1 else 0)} entries are missing") for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM audit_seal WHERE number = 2", (3, "the seal before it is missing")),
        ("DELETE FROM audit_seal WHERE number = 1", (2, "the seal before it is missing")),
        ("UPDATE audit_seal SET hi = hi + 1 WHERE number = 2", (2, "the seal itself was changed")),
        ("UPDATE audit_seal SET rows = 9 WHERE number = 2", (2, "the seal itself was changed")),
        ("UPDATE audit_seal SET hash = sha256(hash) WHERE number = 2", (3, "it does not continue the seal before it")),
    ],
)
def test_changed_seal_is_named(record: Books, statement: str, found: tuple[int, str]) -> None:
    record.tamper(SEAL, statement)
    assert found in [(number, fault) for number, fault, *_ in record.faults()]


def test_seal_made_anew_over_changed_entries_breaks_the_chain(record: Books) -> None:
    """They know how seals are made, and make this one fit: then the next one does not."""
    record.tamper(RECORD, f"UPDATE people_accessrecord SET user_id = 99 WHERE {ONE}")
    record.tamper(
        SEAL,
        """UPDATE audit_seal s SET row_digests = (SELECT string_agg(r.digest, ''::bytea ORDER BY r.part, r.id)
           FROM rasso.sealed_rows(1, s.cluster, s.lo, s.hi) r) WHERE number = 2""",
    )
    record.tamper(SEAL, "UPDATE audit_seal SET digest = sha256(row_digests) WHERE number = 2")
    record.tamper(SEAL, "UPDATE audit_seal s SET hash = rasso.seal_hash(s) WHERE number = 2")
    assert record.faults() == [(3, "it does not continue the seal before it", None, None)]


def test_owner_with_row_security_off_is_written_down_as_well(record: Books) -> None:
    """As migrations run, the enrolling of the first administrator and the demonstration."""
    record.run("SET LOCAL SESSION AUTHORIZATION rasso_owner")
    record.run("SET LOCAL row_security = off")
    record.run("UPDATE people_organisation SET name = 'Invented Others' WHERE id = 1")
    record.run("RESET SESSION AUTHORIZATION")
    record.run("SET LOCAL row_security = on")
    assert record.ask("SELECT login, columns FROM audit_datachange ORDER BY id DESC LIMIT 1") == [("rasso_owner", ["name"])]


# How one bit of a value is turned over, by the type of the column; what holds nothing gets something.
TURNED = {
    "bigint": "coalesce({c}, 0) # (1::bigint << {bit} % 40)",
    "smallint": "(coalesce({c}, 0) # (1 << {bit} % 10))::smallint",
    "timestamp with time zone": "{c} + (1::bigint << {bit} % 40) * interval '1 microsecond'",
    "bytea": "CASE WHEN length({c}) > 0 THEN set_bit({c}, {bit} % (length({c}) * 8), 1 - get_bit({c}, {bit} % (length({c}) * 8))) ELSE '\\x01' END",
    "character varying": "CASE WHEN {c} <> '' THEN overlay({c} PLACING chr(ascii({c}) # (1 << {bit} % 5)) FROM 1 FOR 1) ELSE 'x' END",
    "uuid": "CASE WHEN {c} IS NULL THEN gen_random_uuid() ELSE encode(set_bit(decode(replace({c}::text, '-', ''), 'hex'), {bit} % 128, "
    "1 - get_bit(decode(replace({c}::text, '-', ''), 'hex'), {bit} % 128)), 'hex')::uuid END",
    "inet": "coalesce({c}, '10.0.0.1') + 1",
    "ARRAY": "{c}[2:] || {c}[1:1] || {c}[1:1]",
}
OF_ITS_OWN = {
    "case_ids": "ARRAY[gen_random_uuid()]",
    "rights": "'{{COVERING}}'",
    "on_behalf_of": "{c} || 7::bigint",
    "columns": "{c} || 'kind'::varchar",
}


def test_a_hundred_bits_turned_over_are_found(record: Books) -> None:
    chance = random.Random(20261125)
    columns = record.ask(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = ANY (%s) ORDER BY 1, 2",
        [RECORD, TRAIL, SEAL],
    )
    for _ in range(100):
        table, column, kind = chance.choice(columns)
        key = "number" if table == SEAL else "id"
        row, seal = chance.choice(record.ask(
            f"SELECT r.{key}, s.number FROM {table} r JOIN audit_seal s ON " + ("s.number = r.number" if table == SEAL else
            "s.cluster = r.cluster AND r.xact >= s.lo AND r.xact < s.hi") + " ORDER BY 1"))  # fmt: skip
        turned = OF_ITS_OWN.get(column, TURNED[kind]).format(c=column, bit=chance.randrange(1000))
        if column == "id":  # one that nobody has
            turned = f"id # (1::bigint << {chance.randrange(10, 40)})"
        with record.admin.transaction(force_rollback=True):
            (((now,),)) = record.ask(f"SELECT {turned} FROM {table} WHERE {key} = {row}")
            record.tamper(table, f"UPDATE {table} SET {column} = {turned} WHERE {key} = {row}")
            found = record.faults()
        said = (table, column, row, found)
        assert found, said
        if table != SEAL and column not in {"xact", "cluster"}:
            assert (seal, CHANGED, 1 if table == RECORD else 2, now if column == "id" else row) in found, said
        elif table == SEAL and column == "number":
            assert {number for number, *_ in found} & {seal, now, seal + 1}, said
        else:
            assert {seal, seal + 1} & {number for number, *_ in found}, said


# Enough of a row of a history, which is held to nothing of what the row itself is held to.
INVENTED = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "boolean": "false",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
}


def checked(record: Books) -> list[tuple[str, str, str]]:
    """(table, row, fault) of a whole check."""
    record.run("SELECT set_config('rasso.actor', %s, false)", signed(0, "system"))
    ((key,),) = record.ask("SELECT rasso.begin_check()")
    while record.ask("SELECT rasso.continue_check(%s, 50000, %s)", key, TRAILED) == [(True,)]:
        pass
    ((faults,),) = record.ask("SELECT faults FROM audit_check WHERE id = %s", key)
    return sorted((fault.get("table", ""), fault.get("row", ""), fault["fault"]) for fault in faults)


def test_changed_histories_rules_and_searched_words_are_named(record: Books) -> None:
    history = [table for table in TRAILED if table.startswith("cases_historical")]
    assert len(history) == 8
    changed = {
        table: record.ask(f"SELECT id FROM {table} LIMIT 1")[0][0] for table in ("cases_rule", "information_informationrule")
    }
    for table in history:
        columns = record.ask(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'", table
        )
        names, values = zip(*((name, INVENTED.get(kind, "'1'")) for name, kind in columns), strict=True)
        ((changed[table],),) = record.ask(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)}) RETURNING history_id"
        )
    (searched,) = record.ask(
        """WITH r AS (INSERT INTO people_accessrecord (at, user_id, kind, page, case_ids, on_behalf_of, rights, address,
               recipient, basis, xact, cluster, words_digest)
             SELECT now(), n, 'SEARCHED', 'search', '{}', '{}', '{}', '10.0.0.1', '', '',
               pg_current_xact_id()::text::bigint, rasso.cluster(), sha256(convert_to('0190f3e8-0000-7000-8000-000000000001a name', 'UTF8'))
             FROM generate_series(1, 2) n RETURNING id)
           INSERT INTO people_searchedwords (record_id, salt, words)
           SELECT id, '0190f3e8-0000-7000-8000-000000000001', 'a name' FROM r RETURNING record_id"""
    )[:1]
    # A disposal takes words away and writes over histories; both are whole.
    record.run("UPDATE people_searchedwords SET words = '' WHERE record_id <> %s", searched[0])
    record.run("UPDATE cases_historicalvictim SET safe_now = 'NO'")
    assert checked(record) == []
    for table, row in changed.items():
        key = "history_id" if table in history else "id"
        column = "history_type" if table in history else "profile"
        record.tamper(table, f"UPDATE {table} SET {column} = '~' WHERE {key} = %s", row)
    record.tamper("people_searchedwords", "UPDATE people_searchedwords SET words = 'another' WHERE record_id = %s", searched[0])
    past = "was changed past the audit trigger"
    assert checked(record) == sorted(
        [
            *((table, str(row), past) for table, row in changed.items()),
            ("people_searchedwords", str(searched[0]), "holds other words than were searched for"),
        ]
    )


def test_entries_of_a_cluster_that_there_was_not_are_named(record: Books) -> None:
    record.tamper(
        RECORD,
        """INSERT INTO people_accessrecord (id, at, user_id, kind, page, case_ids, on_behalf_of, xact, cluster)
           VALUES (4711, now(), 1, 'LOOKED_AT', 'case', '{}', '{}', 1, 12345)""",
    )
    assert record.faults() == [(None, "strange", 1, 4711)]


def test_entries_not_sealed_yet_are_counted_and_are_no_fault(record: Books) -> None:
    record.write(3)
    assert record.faults() == []
    assert record.ask("SELECT not_sealed FROM rasso.unsealed()") == [(3,)]


def test_restored_into_another_cluster_it_verifies_and_is_sealed_on(sealed: Books) -> None:
    """Transactions count from the beginning there; what was not sealed before the copy was taken is sealed first."""
    with books("restored", source=sealed.name) as other:
        other.write(4)
        # What the copy would hold if it stood in another cluster: the same entries, from elsewhere.
        for table in (RECORD, TRAIL, SEAL):
            other.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        other.run("CREATE OR REPLACE FUNCTION rasso.cluster() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 42::bigint'")
        other.write(5)
        assert other.faults() == []
        assert other.seal() == 2
        assert other.ask("SELECT rows, cluster = 42 FROM audit_seal WHERE number > 4 ORDER BY number") == [(4, False), (5, True)]
        assert other.faults() == []


def test_only_transactions_of_this_database_are_waited_for() -> None:
    """One that lasts in another database of the server writes nothing here."""
    with (
        books("waiting") as record,
        psycopg.connect(databases.admin_url("postgres")) as elsewhere,
        psycopg.connect(databases.admin_url(record.name)) as here,
    ):
        elsewhere.execute("SELECT pg_current_xact_id()")
        record.write(3)
        assert record.seal() == 1
        here.execute("SELECT pg_current_xact_id()")
        record.write(3)
        assert record.seal() == 0
        here.rollback()
        assert record.seal() == 1
        assert record.faults() == []
        here.close()


def test_each_entry_is_in_exactly_one_seal_whoever_writes_meanwhile() -> None:
    with books("writers") as made:
        made.run("ALTER ROLE rasso_worker CONNECTION LIMIT -1")
        begin, done = threading.Barrier(17), threading.Event()

        def write() -> None:
            with psycopg.connect(databases.admin_url(made.name)) as writer:
                begin.wait()
                for _ in range(12):
                    writer.execute(ENTRY, [2])
                    writer.execute(ENTRY, [1])
                    writer.commit()

        writers = [threading.Thread(target=write) for _ in range(16)]
        for one in writers:
            one.start()
        begin.wait()
        sealer = threading.Thread(target=lambda: [made.seal(40) for _ in iter(done.is_set, True)])
        sealer.start()
        for one in writers:
            one.join()
        done.set()
        sealer.join()
        made.seal(40)
        ((rules,),) = made.ask(RULES)
        assert made.ask("SELECT sum(rows), count(*) > 5 FROM audit_seal") == [(16 * 12 * 3 + rules, True)]
        assert made.ask(
            "SELECT DISTINCT (SELECT count(*) FROM audit_seal s WHERE s.cluster = r.cluster AND r.xact >= s.lo AND r.xact < s.hi)"
            " FROM people_accessrecord r"
        ) == [(1,)]
        assert made.faults() == []


# The command ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(sealed: Books, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """`manage.py verify_audit` on a copy of the sealed record."""
    with books("command", source=sealed.name) as made:
        connection.close()
        before = dict(connection.settings_dict)
        connection.settings_dict.update(connection_settings(databases.admin_url(made.name)))
        monkeypatch.setattr("tests.postgres.base.LOGIN", "rasso_worker")
        monkeypatch.setattr("django.conf.settings.PROCESS", "worker")
        yield made
        connection.close()
        connection.settings_dict.update(before)


def verify(*arguments: object) -> str:
    out = io.StringIO()
    call_command("verify_audit", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_line_of_the_log_is_a_checkpoint(command: Books, tmp_path: Path, django_db_blocker: Any) -> None:
    lines, kept = io.StringIO(), tmp_path / "line.json"
    handler, logger = logging.StreamHandler(lines), logging.getLogger("audit.operations.sealing")
    handler.setFormatter(JsonLines(ours=settings.OUR_PACKAGES))
    command.write(3)
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        with django_db_blocker.unblock():
            assert seal_record() == 1
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["number"]) == ("audit.sealed", 5)
    assert command.ask("SELECT encode(hash, 'hex'), cluster FROM audit_seal WHERE number = 5") == [
        (line["hash"], line["cluster"])
    ]
    kept.write_text(lines.getvalue())
    with django_db_blocker.unblock():
        assert "The record is whole" in verify("--checkpoint", kept)
        command.tamper(SEAL, "DELETE FROM audit_seal WHERE number = 5")
        with pytest.raises(CommandError, match="seal 5, which was kept elsewhere, is not in it"):
            verify("--checkpoint", kept)


def test_clock_checks_it_a_part_at_each_tick(command: Books, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> None:
    checks = "SELECT by_id, ended_at IS NOT NULL, faults FROM audit_check ORDER BY began_at"
    monkeypatch.setattr("audit.operations.checking.SECONDS_OF_A_TICK", 0.0)
    with django_db_blocker.unblock():
        assert not check_daily(actor=SYSTEM)
        assert command.ask(checks) == [(0, False, [])]
        while not check_daily(actor=SYSTEM):
            pass
        assert command.ask(checks) == [(0, True, [])]
        assert check_daily(actor=SYSTEM)
    assert command.ask(checks) == [(0, True, [])]


def test_command_says_what_is_broken(command: Books, tmp_path: Path, django_db_blocker: Any) -> None:
    checkpoint = tmp_path / "seal.json"
    with django_db_blocker.unblock():
        ((rules,),) = command.ask(RULES)
        assert f"The record is whole: {42 + rules} entries checked, " in verify("--write-checkpoint", checkpoint)
        assert json.loads(checkpoint.read_text())["number"] == 4
        assert "The record is whole" in verify("--checkpoint", checkpoint)

        # Its end is cut off, with what it sealed: only a check that saw it, or who keeps it elsewhere, can tell.
        command.tamper(SEAL, "DELETE FROM audit_seal WHERE number = 4")
        command.tamper(TRAIL, "DELETE FROM audit_datachange WHERE table_name = 'people_organisation'")
        with pytest.raises(CommandError, match="seal 4, which was kept elsewhere, is not in it"):
            verify("--checkpoint", checkpoint)
        with pytest.raises(CommandError, match=r"A seal that was seen before is gone, or is another now \(seal 4\)"):
            verify()

        command.tamper("people_organisation", "UPDATE people_organisation SET name = 'Another' WHERE id = 3")
        with pytest.raises(CommandError, match=r"Organisation: was added and not written down \(row 3\)"):
            verify()
