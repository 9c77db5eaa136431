"""A force with as many open reviews as wanted, written by the server itself."""

from datetime import date

import psycopg

PEOPLE = """
INSERT INTO people_organisation (name, kind) VALUES ('Invented Police', 'POLICE');
INSERT INTO people_unit (organisation_id, name, digest_hour)
  SELECT id, 'Invented Crime', 7 FROM people_organisation;
INSERT INTO people_unit (organisation_id, parent_id, name, digest_hour)
  SELECT u.organisation_id, u.id, 'Invented Team ' || n, 7 FROM people_unit u, generate_series(1, {units}) n;
INSERT INTO people_user (username, email, rank, given_name, family_name, organisation_id, organisation_kind, is_active)
  SELECT kind || '_' || u.id || '_' || n, kind || '_' || u.id || '_' || n || '@example.invalid', '', 'Invented', kind,
    u.organisation_id, 'POLICE', true
  FROM people_unit u, (VALUES ('sergeant', {sergeants}), ('investigator', {investigators})) k (kind, number), generate_series(1, number) n
  WHERE u.parent_id IS NOT NULL;
INSERT INTO people_membership (user_id, unit_id, starts_on)
  SELECT id, split_part(username, '_', 2)::bigint, '2020-01-01' FROM people_user;
INSERT INTO people_roleassignment (user_id, role, organisation_kind, starts_on)
  SELECT id, upper(family_name), 'POLICE', '2020-01-01' FROM people_user;
"""
CASES = """
WITH officers AS (
  SELECT u.id, m.unit_id, row_number() OVER (ORDER BY u.id) - 1 AS place, count(*) OVER () AS number
  FROM people_user u JOIN people_membership m ON m.user_id = u.id WHERE u.family_name = 'investigator'
)
INSERT INTO cases_case (id, reference, crime_number, status, reported_at, recorded_at, reported_how, happened_when, place, place_kind,
    relationship, unit_id, officer_id, is_restricted, closing_grounds, logged_by_id, logged_at, version)
  SELECT gen_random_uuid(), 'JE-2026-' || to_char(n, 'FM0000000'), 'T/' || n, 'INVESTIGATING', '2026-01-05', '2026-01-05', 'CALL', 'NOT_KNOWN', 'HERE',
    'NOT_KNOWN', 'NOT_KNOWN_YET', o.unit_id, o.id, false, '', o.id, '2026-01-05', 1
  FROM generate_series(1, {reviews}) n JOIN officers o ON o.place = n % o.number;
INSERT INTO cases_review (id, case_id, unit_id, is_restricted, kind, rule_id, round, number, counted_from, due_on, warn_on, remind_on,
    lowest_role, escalates_to, escalates_further_to, result, own_words, is_same_again, version)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, 'DAY_14', r.id, 1, 1, d.due - 14, d.due, d.due, d.due, 'SERGEANT', '', '', '', '', false, 1
  FROM cases_case c, cases_rule r,
    LATERAL (SELECT date '{due_on}' + CASE WHEN right(c.reference, 3)::int < {per_mille} THEN 0 ELSE 30 END AS due) d
  WHERE r.profile = 'JE' AND r.code = 'REVIEW_14_DAY';
ANALYZE;
"""


def fill(
    address: str,
    *,
    due_on: date,
    reviews: int,
    units: int = 1,
    sergeants: int = 1,
    investigators: int = 10,
    per_mille: int = 1000,
) -> None:
    """Each review is open; each unit's sergeants sign those of the unit. ``per_mille`` of them are due on the day, the others 30 days later."""
    with psycopg.connect(address) as connection:
        connection.execute(PEOPLE.format(units=units, sergeants=sergeants, investigators=investigators))
        connection.execute(CASES.format(reviews=reviews, due_on=due_on, per_mille=per_mille))
