"""`manage.py demonstration`: refuses to run elsewhere, does nothing twice, begins again after a fall, tells the same story."""

import psycopg

from tests import databases
from tests.demonstration.conftest import demonstration


def ask(database: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(databases.admin_url(database)) as admin:
        return admin.execute(question).fetchall()


def test_it_runs_in_a_demonstration_only(empty_database: str) -> None:
    refused = demonstration(empty_database, RASSO_MODE="development")
    assert refused.returncode == 1
    assert "in a demonstration only" in refused.stderr
    refused = demonstration(empty_database, RASSO_PROCESS="web")
    assert refused.returncode == 1
    assert "RASSO_PROCESS=owner" in refused.stderr
    assert ask(empty_database, "SELECT count(*) FROM people_user") == [(0,)]


def test_it_tells_how_far_it_is_then_does_nothing_twice(empty_database: str) -> None:
    first = demonstration(empty_database, "--cases", "3")
    assert first.returncode == 0, first.stderr
    assert "Case 1 of 3" in first.stdout
    before = story(empty_database)
    again = demonstration(empty_database, "--cases", "3")
    assert "is here already" in again.stdout
    assert story(empty_database) == before


def test_it_begins_again_after_an_interruption_and_tells_the_same_story(empty_database: str) -> None:
    assert demonstration(empty_database, "--cases", "5").returncode == 0
    told = story(empty_database)
    with psycopg.connect(databases.admin_url(empty_database)) as admin:
        # As a kill in the middle leaves it: the clock is still behind.
        admin.execute("UPDATE rasso.demonstration_clock SET ahead = '-3 days'")
    again = demonstration(empty_database, "--cases", "5")
    assert again.returncode == 0, again.stderr
    assert "interrupted" in again.stdout
    assert story(empty_database) == told
    # The records were emptied with the rest, and refuse again.
    assert set(ask(empty_database, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'append_only_whole'")) == {("A",)}


def story(database: str) -> list[tuple[object, ...]]:
    """All that people entered, to the minute, without the keys and references that each build draws anew."""
    return ask(
        database,
        """SELECT u.username, c.crime_number, e.kind, e.subject, e.text, date_trunc('minute', e.happened_at),
             date_trunc('minute', e.recorded_at), c.place_kind, c.relationship, v.name, s.name
           FROM cases_event e JOIN cases_case c ON c.id = e.case_id JOIN people_user u ON u.id = e.by_id
             LEFT JOIN cases_victim x ON x.case_id = c.id LEFT JOIN cases_person v ON v.id = x.person_id
             LEFT JOIN cases_suspect y ON y.case_id = c.id AND y.number = 1 LEFT JOIN cases_person s ON s.id = y.person_id
           WHERE c.recorded_at < current_date
           ORDER BY e.recorded_at, c.crime_number, e.kind, e.subject""",
    )
