-- What becomes of each case of the chunk: one row with all its people and moments. Nothing happens after "to be seen": yesterday, or the
-- day before the case was closed.
DROP TABLE IF EXISTS seed_case, seed_case_review, seed_action;

CREATE TEMP TABLE seed_case AS
WITH begun AS (
  SELECT n, 'case ' || n AS w, 1 + floor(power(pg_temp.chance('age ' || n), 2.4) * 400)::int AS age
  FROM generate_series(%(first)s, %(last)s) n
), dated AS (
  SELECT *, %(today)s::date - age AS recorded_on, age <= 4 AND pg_temp.chance(w || 'allocated') < 0.4 AS is_unallocated,
    age > 60 AND pg_temp.chance(w || 'closed') < 0.25 AS is_closed, pg_temp.chance(w || 'restricted') < 0.01 AND age > 4 AS is_restricted
  FROM begun
), moments AS (
  SELECT *, pg_temp.at(recorded_on, 480 + floor(pg_temp.chance(w || 'hour') * 300)::int) AS recorded_at,
    CASE WHEN is_closed THEN recorded_on + 45 + floor(pg_temp.chance(w || 'ends') * (age - 50))::int END AS closed_on
  FROM dated
), placed AS (
  SELECT m.*, recorded_at + interval '20 minutes' AS logged_at,
    recorded_at - make_interval(mins => 10 + floor(pg_temp.chance(w || 'reported') * CASE WHEN pg_temp.chance(w || 'slow') < 0.88 THEN 1200 ELSE 7200 END)::int)
      AS reported_at,
    coalesce(closed_on, %(today)s::date) - 1 AS seen, u.*
  FROM moments m JOIN seed_unit u ON u.place = 1 + floor(pg_temp.chance(w || 'unit') * %(units)s)::int
), peopled AS (
  SELECT *, pg_temp.key(recorded_at, w || 'case') AS id, pg_temp.local(least(recorded_at, reported_at + interval '24 hours')) AS base,
    CASE WHEN NOT is_unallocated THEN pg_temp.one_of(investigators, w || 'officer') END AS officer_id,
    pg_temp.one_of(sergeants, w || 'sergeant') AS sergeant_id, pg_temp.one_of(first_officers, w || 'logger') AS logger_id,
    CASE WHEN NOT is_unallocated AND NOT is_restricted AND pg_temp.chance(w || 'liaison?') < 0.35 THEN pg_temp.one_of(liaison_officers, w || 'liaison') END AS liaison_id,
    CASE WHEN pg_temp.chance(w || 'suspect') < 0.55 THEN 'NAMED' WHEN pg_temp.chance(w || 'suspect') < 0.7 THEN 'DESCRIBED' ELSE 'NOT_KNOWN' END AS suspect_known,
    CASE WHEN pg_temp.chance(w || 'safe') < 0.85 THEN 'YES' WHEN pg_temp.chance(w || 'safe') < 0.93 THEN 'NO' ELSE 'NOT_KNOWN' END AS safe_now
  FROM placed
), days AS (
  SELECT *, coalesce(officer_id, logger_id) AS worker_id,
    CASE WHEN is_unallocated THEN NULL WHEN is_closed OR pg_temp.chance(w || 'support') < 0.8 THEN recorded_on + 1
      WHEN pg_temp.chance(w || 'support') < 0.92 THEN recorded_on + 5 END AS support_on,
    CASE WHEN is_unallocated THEN NULL WHEN is_closed OR pg_temp.chance(w || 'plan') < 0.75 THEN recorded_on + 1 + floor(pg_temp.chance(w || 'plan day') * 3)::int
      WHEN pg_temp.chance(w || 'plan') < 0.93 THEN recorded_on + 6 END AS plan_on,
    CASE WHEN is_unallocated THEN NULL WHEN is_closed OR pg_temp.chance(w || 'advice') < 0.7 THEN recorded_on + 5 + floor(pg_temp.chance(w || 'advice day') * 22)::int
      WHEN pg_temp.chance(w || 'advice') < 0.85 THEN recorded_on + 33 END AS advice_on,
    CASE WHEN NOT is_unallocated AND NOT is_closed AND suspect_known = 'NAMED' AND pg_temp.chance(w || 'arrest') < 0.6
      THEN recorded_on + 1 + floor(pg_temp.chance(w || 'arrest day') * 20)::int END AS arrest_on,
    CASE WHEN NOT is_unallocated AND NOT is_closed AND pg_temp.chance(w || 'device') < 0.4
      THEN recorded_on + 1 + floor(pg_temp.chance(w || 'device day') * 10)::int END AS device_on
  FROM peopled
), happened AS (
  SELECT *, CASE WHEN arrest_on <= seen THEN arrest_on + CASE WHEN pg_temp.chance(w || 'told') < 0.8 THEN 1 WHEN pg_temp.chance(w || 'told') < 0.92 THEN 6 ELSE 9999 END END AS told_on,
    CASE WHEN device_on <= seen THEN device_on + CASE WHEN pg_temp.chance(w || 'device back') < 0.7 THEN 1 WHEN pg_temp.chance(w || 'device back') < 0.9 THEN 4 ELSE 9999 END END AS device_back_on
  FROM days
), counted AS (
  -- Reviews are completed in their order; some cases are one or two behind.
  SELECT h.*, greatest(r.due - CASE WHEN is_closed OR pg_temp.chance(w || 'late') < 0.8 THEN 0 WHEN pg_temp.chance(w || 'late') < 0.95 THEN 1 ELSE 2 END, 0) AS completed
  FROM happened h CROSS JOIN LATERAL (SELECT count(*)::int AS due FROM seed_review r WHERE r.base = h.base AND r.due_on <= h.seen) r
)
SELECT c.*, completed > 0 AND pg_temp.chance(w || 'direction') < 0.6 AS has_direction,
  pg_temp.at(support_on, 960) AS support_at, pg_temp.at(plan_on, 970) AS plan_at, pg_temp.at(advice_on, 980) AS advice_at,
  pg_temp.at(arrest_on, 720) AS arrest_at, pg_temp.at(arrest_on, 900) AS interview_at, pg_temp.at(arrest_on, 1020) AS bail_at,
  pg_temp.at(told_on, 600) AS told_at, pg_temp.at(device_on, 690) AS device_at, pg_temp.at(device_back_on, 600) AS device_back_at,
  pg_temp.at(closed_on, 960) AS closed_at,
  CASE WHEN is_closed THEN 'CLOSED' WHEN is_unallocated THEN 'RECORDED' ELSE 'INVESTIGATING' END AS status
FROM (
  -- What would have been after "to be seen" has not been.
  SELECT w, n, id, recorded_on, recorded_at, logged_at, reported_at, base, seen, is_unallocated, is_closed, is_restricted, closed_on, unit_id, inspector_id,
    officer_id, sergeant_id, logger_id, liaison_id, worker_id, suspect_known, safe_now, completed, age,
    CASE WHEN support_on <= seen THEN support_on END AS support_on, CASE WHEN plan_on <= seen THEN plan_on END AS plan_on,
    CASE WHEN advice_on <= seen THEN advice_on END AS advice_on, CASE WHEN arrest_on <= seen THEN arrest_on END AS arrest_on,
    CASE WHEN told_on <= seen THEN told_on END AS told_on, CASE WHEN device_on <= seen THEN device_on END AS device_on,
    CASE WHEN device_back_on <= seen THEN device_back_on END AS device_back_on
  FROM counted
) c;

-- The reviews that each case has had and has: the grid of three, then one more when the last is completed.
CREATE TEMP TABLE seed_case_review AS
SELECT c.n, c.id AS case_id, r.number, pg_temp.key(c.logged_at, c.w || 'review ' || r.number) AS id, r.lowest_role, r.kind, r.due_on,
  r.number <= c.completed AS is_held,
  CASE WHEN r.number <= c.completed THEN pg_temp.at(CASE WHEN pg_temp.chance(c.w || 'held ' || r.number) < 0.85
      THEN r.due_on - floor(pg_temp.chance(c.w || 'early ' || r.number) * 3)::int
      ELSE least(r.due_on + 1 + floor(pg_temp.chance(c.w || 'behind ' || r.number) * 5)::int, c.seen) END, 900 + r.number)
    WHEN c.is_closed THEN c.closed_at END AS completed_at,
  CASE WHEN r.number <= c.completed AND r.lowest_role = 'SERGEANT' THEN c.sergeant_id ELSE c.inspector_id END AS signer_id,
  CASE WHEN r.number = 1 AND c.has_direction THEN 'WITH_DIRECTIONS' WHEN r.number <= c.completed THEN 'SATISFACTORY' ELSE 'STOOD_DOWN' END AS result
FROM seed_case c JOIN seed_review r ON r.base = c.base AND r.number <= greatest(3, c.completed + 1);

-- Up to three actions of a case, the first of them the direction of its first review.
CREATE TEMP TABLE seed_action AS
WITH given AS (
  SELECT c.n, c.w, 0 AS place, r.completed_at AS given_at, r.signer_id AS given_by_id, r.id AS direction_of_id
  FROM seed_case c JOIN seed_case_review r ON r.n = c.n AND r.number = 1 WHERE c.has_direction
  UNION ALL
  SELECT c.n, c.w, k, pg_temp.at(c.recorded_on + k * 6 + floor(pg_temp.chance(c.w || 'given ' || k) * 4)::int, 840), c.officer_id, NULL
  FROM seed_case c CROSS JOIN generate_series(1, 2) k
  WHERE NOT c.is_unallocated AND pg_temp.chance(c.w || 'action ' || k) < 0.6 AND c.recorded_on + k * 6 + 4 <= c.seen
), lasting AS (
  SELECT g.*, pg_temp.local(given_at) AS given_on, row_number() OVER (PARTITION BY g.n ORDER BY given_at, place) AS number,
    CASE WHEN c.is_closed THEN 4 WHEN pg_temp.chance(g.w || 'done ' || place) < 0.75 THEN 2 + floor(pg_temp.chance(g.w || 'takes ' || place) * 25)::int ELSE 9999 END AS takes,
    CASE WHEN c.is_closed OR pg_temp.chance(g.w || 'verified ' || place) < 0.8 THEN 2 ELSE 9999 END AS waits
  FROM given g JOIN seed_case c ON c.n = g.n
)
SELECT l.*, c.id AS case_id, pg_temp.key(given_at, l.w || 'action ' || place) AS id,
  pg_temp.local(given_at) + 7 + floor(pg_temp.chance(l.w || 'target ' || place) * 28)::int AS due_on,
  CASE WHEN given_on + takes <= c.seen OR c.is_closed THEN least(pg_temp.at(given_on + takes, 1000), c.closed_at - interval '2 hours') END AS done_at,
  CASE WHEN given_on + takes + waits <= c.seen OR c.is_closed THEN least(pg_temp.at(given_on + takes + waits, 930), c.closed_at - interval '1 hour') END AS verified_at
FROM lasting l JOIN seed_case c ON c.n = l.n;
