"""As many cases as wanted, and as much in one case as wanted, made by the server itself in a few statements."""

from dataclasses import asdict, dataclass

from django.apps import apps
from django.db import connection

from cases.models import Action, Case
from people.models import User
from tests.worlds import MONDAY, Force, at, building

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
# Every tenth is struck out; every kind of entry that somebody may have to hear of is among them, and times at which time limits begin.
EVENTS = """
INSERT INTO cases_event (id, case_id, kind, subject, nature, struck_at, struck_by_id, struck_because, text, happened_at, recorded_at, by_id)
  SELECT gen_random_uuid(), c.id, k.kind, k.subject, 'FACT', CASE WHEN n %% 10 = 9 THEN t.at END, CASE WHEN n %% 10 = 9 THEN c.officer_id END,
    CASE WHEN n %% 10 = 9 THEN 'Another case' ELSE '' END, 'Invented.', t.at, t.at, c.officer_id
  FROM cases_case c, generate_series(1, %(events)s) n,
    LATERAL (SELECT rasso.now() - make_interval(hours => 1 + n / 2) AS at) t,
    LATERAL (SELECT (ARRAY['SUSPECT_ARRESTED', 'VICTIM_CONTACT', 'ENQUIRY', 'SUSPECT_STEP', 'DEVICE_TAKEN', 'NOTE'])[1 + (n - 1) %% 6] AS kind,
      (ARRAY['S1', 'V1', 'V1', 'V1', 'D1', ''])[1 + (n - 1) %% 6] AS subject) k
  WHERE c.crime_number LIKE 'MANY/%%'
"""
# One runs, one stands still, one does not apply, one is met, and so on.
LIMITS = """
INSERT INTO cases_timelimit (id, case_id, unit_id, is_restricted, rule_id, subject, started_by_id, begins_at, first_due_on, due_on, due_at,
    warn_on, remind_on, escalates_to, escalates_on, escalates_further_to, met_at, met_by_id, suspended_by_id, stopped_by_id)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, r.id, 'V1', e.id, e.happened_at, rasso.today() + n %% 9 - 4, rasso.today() + n %% 9 - 4, NULL,
    rasso.today() + n %% 9 - 4, rasso.today() + n %% 9 - 4, 'SERGEANT', rasso.today() + n %% 9 - 3, '',
    CASE WHEN n %% 4 = 0 THEN e.happened_at END, CASE WHEN n %% 4 = 0 THEN e.id END, CASE WHEN n %% 4 = 2 THEN e.id END,
    CASE WHEN n %% 4 = 3 THEN e.id END
  FROM cases_case c JOIN cases_rule r ON r.profile = 'JE' AND r.code = 'TELL_ARREST' AND r.version = 1, generate_series(1, %(limits)s) n,
    LATERAL (SELECT id, happened_at FROM cases_event v WHERE v.case_id = c.id AND v.kind = 'SUSPECT_ARRESTED' ORDER BY v.happened_at LIMIT 1) e
  WHERE c.crime_number LIKE 'MANY/%%'
"""
REVIEWS = """
INSERT INTO cases_review (id, case_id, unit_id, is_restricted, kind, rule_id, round, number, counted_from, due_on,
    warn_on, remind_on, lowest_role, escalates_to, escalates_on, escalates_further_to, escalates_further_on, result, own_words, is_same_again,
    version)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, 'DAY_14', r.id, 1, n, d.due - 14, d.due, d.due, d.due, 'SERGEANT', 'INSPECTOR', d.due + 3,
    'SUPERINTENDENT', d.due + 10, '', '', false, 1
  FROM cases_case c, cases_rule r, generate_series(1, %(reviews)s) n,
    LATERAL (SELECT rasso.today() - 20 + (abs(hashtext(c.reference)) + n * 13) %% 60 AS due) d
  WHERE c.crime_number LIKE 'MANY/%%' AND r.profile = 'JE' AND r.code = 'REVIEW_14_DAY' AND r.version = 1
"""
ACTIONS = """
INSERT INTO cases_action (id, case_id, unit_id, is_restricted, number, what, owner_id, due_on, look_again_on, given_by_id, given_at,
    warn_on, remind_on, escalates_to, escalates_on, escalates_further_to, direction_of_id, extended_count, done_how, evidence)
  SELECT gen_random_uuid(), c.id, c.unit_id, false, n, 'Trace the driver', c.officer_id, rasso.today() + n %% 30 - 10, rasso.today(),
    c.supervisor_id, rasso.now(), rasso.today() + n %% 30 - 10, rasso.today() + n %% 30 - 10, 'SERGEANT', rasso.today() + n %% 30 - 9, '',
    (SELECT id FROM cases_review r WHERE r.case_id = c.id LIMIT 1), 0, '', ''
  FROM cases_case c, generate_series(1, %(actions)s) n WHERE c.crime_number LIKE 'MANY/%%'
"""
# Of the three tables whose pages are about what the investigation thinks; lists of them grow with ``lines``.
THOUGHTS = """
INSERT INTO cases_victim (id, case_id, number, safe_now, safety_steps, safe_contact)
  SELECT gen_random_uuid(), c.id, 1, 'YES', '', '' FROM cases_case c WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_wish (id, case_id, victim_id, wish, said_at, recorded_by_id)
  SELECT gen_random_uuid(), v.case_id, v.id, 'UNDECIDED', rasso.now() - make_interval(hours => n), c.officer_id
  FROM cases_victim v JOIN cases_case c ON c.id = v.case_id, generate_series(1, %(lines)s) n WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_lineofenquiry (id, case_id, number, what, leads, state, outcome, version)
  SELECT gen_random_uuid(), c.id, n, 'Footage of the rank', CASE n %% 2 WHEN 0 THEN 'AWAY' ELSE 'TOWARDS' END,
    (ARRAY['PENDING', 'PURSUED', 'NOT_PURSUED'])[1 + n %% 3], CASE WHEN n %% 3 = 0 THEN '' ELSE 'Seen' END, 1
  FROM cases_case c, generate_series(1, %(lines)s) n WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_investigationplan (id, case_id, story, suspect, victim, material, protection, first_steps, version)
  SELECT gen_random_uuid(), c.id, 's', 's', 'v', '', 'p', 'f', %(lines)s FROM cases_case c WHERE c.crime_number LIKE 'MANY/%%';
INSERT INTO cases_historicalinvestigationplan (history_id, history_date, history_type, history_user_id, id, case_id, story, suspect, victim,
    material, protection, first_steps, version)
  SELECT gen_random_uuid(), rasso.now() - make_interval(hours => %(lines)s - n), '~', c.officer_id, p.id, p.case_id, 's', 's', 'v', '', 'p', 'f', n
  FROM cases_investigationplan p JOIN cases_case c ON c.id = p.case_id, generate_series(1, %(lines)s) n WHERE c.crime_number LIKE 'MANY/%%';
"""
# Of each action somebody asked for more time once before, and asks again.
MORE_TIME = """
INSERT INTO cases_moretime (id, case_id, action_id, due_before, due_asked, because, asked_by_id, asked_at, is_agreed, answer, answered_by_id, answered_at)
  SELECT gen_random_uuid(), a.case_id, a.id, a.due_on - 9, a.due_on, 'He is away', a.owner_id, rasso.now(), true, 'Yes', a.given_by_id, rasso.now()
  FROM cases_action a JOIN cases_case c ON c.id = a.case_id WHERE c.crime_number LIKE 'MANY/%%'
  UNION ALL
  SELECT gen_random_uuid(), a.case_id, a.id, a.due_on, a.due_on + 9, 'Still away', a.owner_id, rasso.now(), NULL, '', NULL, NULL
  FROM cases_action a JOIN cases_case c ON c.id = a.case_id WHERE c.crime_number LIKE 'MANY/%%'
"""
REMINDERS = """
INSERT INTO cases_reminder (id, owner_id, about, about_id, stage, due_on, made_at, made_on)
  SELECT gen_random_uuid(), c.supervisor_id, 'REVIEW', r.id, 'DUE', r.due_on, rasso.now(), rasso.today()
  FROM cases_review r JOIN cases_case c ON c.id = r.case_id WHERE c.crime_number LIKE 'MANY/%%'
"""


STATEMENTS = (*CASES.split(";\n")[:-1], *THOUGHTS.split(";\n")[:-1], EVENTS, LIMITS, REVIEWS, ACTIONS, MORE_TIME, REMINDERS)


@dataclass(frozen=True)
class Size:
    """How much there is in a case."""

    events: int
    reviews: int
    actions: int
    limits: int
    lines: int

    @classmethod
    def of_each(cls, number: int) -> "Size":
        return cls(number, number, number, number, number)


# The case of issue 3: long, but such cases there are.
LONG_CASE = Size(events=500, reviews=30, actions=100, limits=40, lines=40)


def write_history() -> None:
    """As every case and action has one that people made."""
    for model, of_case in ((Case, ""), (Action, "case__")):
        rows = list(model.unguarded.filter(**{f"{of_case}crime_number__startswith": "MANY/"}))
        model.history.bulk_history_create(rows, default_date=at(MONDAY), batch_size=500)


def make_cases(force: Force, number: int, *, each: int = 1, size: Size | None = None, officer: User | None = None) -> None:
    """That many cases of `force.unit`, each with as many entries, time limits, lines, reviews and actions as `each` or as `size` says,
    more time asked for each action, and a reminder of each review."""
    parameters = {
        **asdict(size or Size.of_each(each)),
        "number": number,
        "unit": force.unit.pk,
        "officer": (officer or force.investigator).pk,
        "supervisor": force.sergeant.pk,
    }
    with building(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, parameters)
        write_history()
        # The server's own statistics do not see what is not committed, and would plan for an empty table.
        # Not the catalogues that all databases share: two tests beside each other would wait for one another.
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in apps.get_models())}")
