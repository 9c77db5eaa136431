"""A force of many units, each with as many cases as the reader's own: what a list or a search must not walk through."""

from django.db import connection

from tests.worlds import Force, building

UNITS, CASES_OF_A_UNIT = 50, 100
TABLES = ("cases_case", "cases_person", "cases_victim", "cases_review", "cases_searchword", "cases_casegrant", "people_unit")
STATEMENTS = (
    "INSERT INTO people_unit (organisation_id, name, digest_hour, version) SELECT %(police)s, 'Wide ' || n, 7, 1 FROM generate_series(2, %(units)s) n",
    """INSERT INTO cases_case (id, reference, crime_number, status, reported_at, recorded_at, reported_how, happened_when, place, place_kind,
        relationship, unit_id, officer_id, supervisor_id, is_restricted, closing_grounds, logged_by_id, logged_at, version)
      SELECT gen_random_uuid(), 'JE-2025-' || lpad((n * 7919 %% 100000)::text, 5, '0'), 'WIDE/' || n, 'INVESTIGATING', t.at, t.at, 'CALL',
        'NOT_KNOWN', 'HERE', 'NOT_KNOWN', 'NOT_KNOWN_YET', u.id, CASE WHEN u.id = %(unit)s THEN %(officer)s END, %(supervisor)s, false, '', w.loggers[1 + n %% cardinality(w.loggers)], t.at, 1
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM people_unit WHERE name LIKE 'Wide %%' OR id = %(unit)s) u,
        generate_series((u.place - 1) * %(each)s + 1, u.place * %(each)s) n, LATERAL (SELECT rasso.now() - make_interval(hours => n::int %% 900) AS at) t,
        (SELECT array_agg(id) AS loggers FROM people_user) w""",
    """INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
      SELECT gen_random_uuid(), c.officer_id, p.id, c.id, 'ASSIGNED', c.logged_at, %(supervisor)s
      FROM cases_case c, auth_permission p WHERE c.officer_id IS NOT NULL AND c.crime_number LIKE 'WIDE/%%' AND p.codename = 'work_on_case'""",
    # One in ten is a Common, and has one of ten given names.
    """INSERT INTO cases_person (id, name, aliases, force_person_number, added_by_id)
      SELECT c.id, 'Given' || chr(97 + (random() * 9)::int) || CASE WHEN random() < 0.1 THEN ' Common' ELSE ' Seldom' || (random() * 900)::int END, '', '', %(logger)s
      FROM cases_case c WHERE c.crime_number LIKE 'WIDE/%%'""",
    """INSERT INTO cases_victim (id, case_id, number, person_id, safe_now, safety_steps, safe_contact)
      SELECT gen_random_uuid(), c.id, 1, c.id, 'YES', '', '' FROM cases_case c WHERE c.crime_number LIKE 'WIDE/%%'""",
    """INSERT INTO cases_review (id, case_id, unit_id, is_restricted, kind, rule_id, round, number, counted_from, due_on, warn_on, remind_on, lowest_role,
        escalates_to, escalates_on, escalates_further_to, escalates_further_on, result, own_words, is_same_again, version)
      SELECT gen_random_uuid(), c.id, c.unit_id, false, 'DAY_14', r.id, 1, n, d.due - 14, d.due, d.due, d.due, 'SERGEANT', 'INSPECTOR', d.due + 3,
        'SUPERINTENDENT', d.due + 10, '', '', false, 1
      FROM cases_case c, cases_rule r, generate_series(1, 2) n,
        LATERAL (SELECT rasso.today() - 20 + (abs(hashtext(c.reference)) + n * 13) %% 60 AS due) d
      WHERE c.crime_number LIKE 'WIDE/%%' AND r.profile = 'JE' AND r.code = 'REVIEW_14_DAY' AND r.version = 1""",
)


def make_wide_force(force: Force) -> None:
    parameters = {
        "police": force.police.pk,
        "unit": force.unit.pk,
        "officer": force.investigator.pk,
        "supervisor": force.sergeant.pk,
        "logger": force.first_officer.pk,
        "units": UNITS,
        "each": CASES_OF_A_UNIT,
    }
    with building(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, parameters)
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
