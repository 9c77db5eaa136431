"""As many cases as wanted, and as much in one case as wanted, made by the server itself in a few statements."""

from django.db import connection

from people.models import User
from tests.worlds import Force, building

CASES = """
INSERT INTO cases_case (id, reference, crime_number, status, reported_at, recorded_at, reported_how, happened_when, place, place_kind,
    relationship, unit_id, officer_id, supervisor_id, is_restricted, closing_grounds, logged_by_id, logged_at, version)
  SELECT gen_random_uuid(), 'JE-2025-' || lpad((n * 7919 %% 100000)::text, 5, '0'), 'MANY/' || n, 'INVESTIGATING', t.at, t.at, 'CALL',
    'NOT_KNOWN', 'HERE', 'NOT_KNOWN', 'NOT_KNOWN_YET', %(unit)s, %(officer)s, %(supervisor)s, false, '', %(officer)s, t.at, 1
  -- Several cases share a moment, so that an order by it alone would not do.
  FROM generate_series(1, %(number)s) n, LATERAL (SELECT rasso.now() - make_interval(days => 1 + n / 3 %% 60) AS at) t;
INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
  SELECT gen_random_uuid(), c.officer_id, p.id, c.id, 'ASSIGNED', c.logged_at, c.supervisor_id
  FROM cases_case c, auth_permission p WHERE c.crime_number LIKE 'MANY/%%' AND p.codename = 'work_on_case';
INSERT INTO cases_caseoffence (id, case_id, offence_type_id, "order")
  SELECT gen_random_uuid(), c.id, (SELECT min(id) FROM cases_offencetype WHERE profile = 'JE'), 0
  FROM cases_case c WHERE c.crime_number LIKE 'MANY/%%';
"""
EVENTS = """
INSERT INTO cases_event (id, case_id, kind, subject, nature, struck_because, text, happened_at, recorded_at, by_id)
  SELECT gen_random_uuid(), c.id, CASE n %% 3 WHEN 0 THEN 'VICTIM_CONTACT' WHEN 1 THEN 'ENQUIRY' ELSE 'SUSPECT_STEP' END, 'V1', 'FACT', '', 'Invented.',
    t.at, t.at, c.officer_id
  FROM cases_case c, generate_series(1, %(each)s) n, LATERAL (SELECT rasso.now() - make_interval(hours => n / 2) AS at) t
  WHERE c.crime_number LIKE 'MANY/%%'
"""
REVIEWS = """
INSERT INTO cases_review (id, case_id, unit_id, is_restricted, kind, rule_id, round, number, counted_from, due_on,
    remind_on, lowest_role, escalates_to, escalates_on, escalates_further_to, escalates_further_on, result, own_words, is_same_again,
    version)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, 'DAY_14', r.id, 1, n, d.due - 14, d.due, d.due, 'SERGEANT', 'INSPECTOR', d.due + 3,
    'SUPERINTENDENT', d.due + 10, '', '', false, 1
  FROM cases_case c, cases_rule r, generate_series(1, %(each)s) n,
    LATERAL (SELECT rasso.today() - 20 + (abs(hashtext(c.reference)) + n * 13) %% 60 AS due) d
  WHERE c.crime_number LIKE 'MANY/%%' AND r.profile = 'JE' AND r.code = 'REVIEW_14_DAY' AND r.version = 1
"""
ACTIONS = """
INSERT INTO cases_action (id, case_id, unit_id, is_restricted, number, what, owner_id, due_on, look_again_on, given_by_id, given_at,
    direction_of_id, extended_count, done_how, evidence)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, n, 'Trace the driver', c.officer_id, rasso.today() + n %% 30 - 10, rasso.today(),
    c.supervisor_id, rasso.now(), (SELECT id FROM cases_review r WHERE r.case_id = c.id LIMIT 1), 0, '', ''
  FROM cases_case c, generate_series(1, %(each)s) n WHERE c.crime_number LIKE 'MANY/%%'
"""
# Of the three tables whose pages are about what the investigation thinks; lists of them grow with ``each``.
THOUGHTS = """
INSERT INTO cases_victim (id, case_id, number, safe_now, safety_steps, safe_contact)
  SELECT gen_random_uuid(), c.id, 1, 'YES', '', '' FROM cases_case c WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_wish (id, case_id, victim_id, wish, said_at, recorded_by_id)
  SELECT gen_random_uuid(), v.case_id, v.id, 'UNDECIDED', rasso.now() - make_interval(hours => n), c.officer_id
  FROM cases_victim v JOIN cases_case c ON c.id = v.case_id, generate_series(1, %(each)s) n WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_lineofenquiry (id, case_id, number, what, leads, state, outcome, version)
  SELECT gen_random_uuid(), c.id, n, 'Footage of the rank', CASE n %% 2 WHEN 0 THEN 'AWAY' ELSE 'TOWARDS' END, 'PENDING', '', 1
  FROM cases_case c, generate_series(1, %(each)s) n WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_investigationplan (id, case_id, story, suspect, victim, material, protection, first_steps, version)
  SELECT gen_random_uuid(), c.id, 's', 's', 'v', '', 'p', 'f', %(each)s FROM cases_case c WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_historicalinvestigationplan (history_id, history_date, history_type, history_user_id, id, case_id, story, suspect, victim,
    material, protection, first_steps, version)
  SELECT gen_random_uuid(), rasso.now() - make_interval(hours => %(each)s - n), '~', c.officer_id, p.id, p.case_id, 's', 's', 'v', '', 'p', 'f', n
  FROM cases_investigationplan p JOIN cases_case c ON c.id = p.case_id, generate_series(1, %(each)s) n WHERE c.crime_number LIKE 'MANY/%%';
"""
REMINDERS = """
INSERT INTO cases_reminder (id, owner_id, review_id, stage, due_on, made_at, made_on)
  SELECT gen_random_uuid(), c.supervisor_id, r.id, 'DUE', r.due_on, rasso.now(), rasso.today()
  FROM cases_review r JOIN cases_case c ON c.id = r.case_id WHERE c.crime_number LIKE 'MANY/%%'
"""


def make_cases(force: Force, number: int, *, each: int = 1, officer: User | None = None) -> None:
    """That many cases of `force.unit`, each with as many entries, reviews and actions as `each`, and a reminder of each review."""
    parameters = {
        "number": number,
        "each": each,
        "unit": force.unit.pk,
        "officer": (officer or force.investigator).pk,
        "supervisor": force.sergeant.pk,
    }
    with building(), connection.cursor() as cursor:
        for statement in (*CASES.split(";\n")[:-1], *THOUGHTS.split(";\n")[:-1], EVENTS, REVIEWS, ACTIONS, REMINDERS):
            cursor.execute(statement, parameters)
        # The server's own statistics do not see what is not committed, and would plan for an empty table.
        cursor.execute("ANALYZE")
