-- What happened, then the time limits that it started and met.
INSERT INTO cases_event (id, case_id, kind, subject, nature, text, happened_at, recorded_at, by_id, until, about_id, struck_because)
SELECT pg_temp.key(e.happened_at, c.w || e.word), c.id, e.kind, e.subject, 'FACT', e.text, e.happened_at, coalesce(e.recorded_at, e.happened_at + interval '15 minutes'),
  e.by_id, e.until, e.about_id, ''
FROM seed_case c LEFT JOIN people_user o ON o.id = c.officer_id LEFT JOIN people_user l ON l.id = c.liaison_id
CROSS JOIN LATERAL (VALUES
  ('recorded', 'CASE_RECORDED', '', '', c.recorded_at, c.logged_at, c.logger_id, NULL::date, NULL::uuid),
  ('safe', 'SAFETY_CHECKED', 'V1', CASE c.safe_now WHEN 'YES' THEN 'Safe when the case was logged.' ELSE 'Stays elsewhere.' END,
    CASE WHEN c.safe_now <> 'NOT_KNOWN' THEN c.logged_at END, c.logged_at, c.logger_id, NULL, NULL),
  ('allocated', 'CASE_ALLOCATED', '', 'To ' || trim(concat_ws(' ', o.rank, o.given_name, o.family_name)), CASE WHEN c.officer_id IS NOT NULL THEN c.logged_at END, c.logged_at, c.logger_id, NULL, NULL),
  ('liaison', 'OFFICER_ADDED', '', trim(concat_ws(' ', l.rank, l.given_name, l.family_name)) || ': SOLO/SOIT of the case', CASE WHEN c.liaison_id IS NOT NULL THEN c.logged_at END,
    c.logged_at, c.logger_id, NULL, NULL),
  ('support', 'SUPPORT_REFERRED', 'V1', 'Referral made.', c.support_at, NULL, c.worker_id, NULL, NULL),
  ('plan', 'INVESTIGATION_PLAN_SET', '', '', c.plan_at, NULL, c.worker_id, NULL, NULL),
  ('advice', 'EARLY_ADVICE_DECIDED', '', 'Asked for.', c.advice_at, NULL, c.worker_id, NULL, NULL),
  ('arrest', 'SUSPECT_ARRESTED', 'S1', 'Arrested at home.', c.arrest_at, NULL, c.worker_id, NULL, NULL),
  ('interview', 'SUSPECT_INTERVIEWED', 'S1', 'Answered no question.', c.interview_at, NULL, c.worker_id, NULL, NULL),
  ('bail', 'SUSPECT_BAILED', 'S1', 'Not to contact V1.', c.bail_at, NULL, c.worker_id, c.arrest_on + 28 * (1 + floor(pg_temp.chance(c.w || 'bail') * 12)::int), NULL),
  ('told of arrest', 'VICTIM_TOLD', 'V1', 'Told by telephone.', c.told_at, NULL, c.worker_id, NULL, pg_temp.key(c.arrest_at, c.w || 'arrest')),
  ('told of interview', 'VICTIM_TOLD', 'V1', 'Told by telephone.', c.told_at, NULL, c.worker_id, NULL, pg_temp.key(c.interview_at, c.w || 'interview')),
  ('told of bail', 'VICTIM_TOLD', 'V1', 'Told by telephone.', c.told_at, NULL, c.worker_id, NULL, pg_temp.key(c.bail_at, c.w || 'bail')),
  ('device', 'DEVICE_TAKEN', 'D1', 'Telephone.', c.device_at, NULL, c.worker_id, NULL, NULL),
  ('device back', 'DEVICE_RETURNED', 'D1', 'Given back.', c.device_back_at, NULL, c.worker_id, NULL, NULL),
  ('closed', 'CASE_CLOSED', '', 'Closed.', c.closed_at, c.closed_at, c.inspector_id, NULL, NULL)
) e (word, kind, subject, text, happened_at, recorded_at, by_id, until, about_id)
WHERE e.happened_at IS NOT NULL;

INSERT INTO cases_event (id, case_id, kind, subject, nature, text, happened_at, recorded_at, by_id, struck_because)
SELECT pg_temp.key(e.at, 'entry ' || e.word), e.case_id, e.kind, e.subject, 'FACT', e.text, e.at, e.at, e.by_id, ''
FROM (
  SELECT c.w || 'contact' || k AS word, c.id AS case_id, 'VICTIM_CONTACT' AS kind, 'V1' AS subject, 'By telephone.' AS text,
    pg_temp.at(c.recorded_on + k * (8 + floor(pg_temp.chance(c.w || 'contact') * 24)::int), 660) AS at, coalesce(c.liaison_id, c.worker_id) AS by_id
  FROM seed_case c CROSS JOIN generate_series(1, 5) k
  WHERE NOT c.is_unallocated AND c.recorded_on + k * (8 + floor(pg_temp.chance(c.w || 'contact') * 24)::int) <= c.seen
  UNION ALL
  SELECT n || 'review ' || number, case_id, 'REVIEW_COMPLETED', '', {review_words}, completed_at, signer_id FROM seed_case_review WHERE is_held
  UNION ALL
  SELECT a.w || 'given ' || place, a.case_id, 'ACTION_GIVEN', 'A' || a.number, pg_temp.one_of(%(whats)s::text[], a.w || 'what ' || place), a.given_at, a.given_by_id FROM seed_action a
  UNION ALL
  SELECT a.w || 'done ' || place, a.case_id, 'ACTION_DONE', 'A' || a.number, 'Done as asked.' || chr(10) || 'Exhibit SEED/' || a.number, a.done_at, c.officer_id
  FROM seed_action a JOIN seed_case c ON c.n = a.n WHERE a.done_at IS NOT NULL
  UNION ALL
  SELECT a.w || 'verified ' || place, a.case_id, 'ACTION_VERIFIED', 'A' || a.number, 'The exhibit shows it.', a.verified_at, c.sergeant_id
  FROM seed_action a JOIN seed_case c ON c.n = a.n WHERE a.verified_at IS NOT NULL
) e;

INSERT INTO cases_timelimit (id, case_id, unit_id, is_restricted, subject, started_by_id, begins_at, met_by_id, met_at, {limit_columns})
SELECT pg_temp.key(s.recorded_at, c.w || s.code), c.id, c.unit_id, c.is_restricted, s.subject, s.started_by, s.begins_at, s.met_by, s.met_at, {limit_values}
FROM seed_case c CROSS JOIN LATERAL (VALUES
  ('SUPPORT_REFERRAL', 'V1', pg_temp.key(c.recorded_at, c.w || 'recorded'), c.reported_at, pg_temp.key(c.support_at, c.w || 'support'), c.support_at, c.logged_at),
  ('INVESTIGATION_PLAN', '', pg_temp.key(c.recorded_at, c.w || 'recorded'), c.recorded_at, pg_temp.key(c.plan_at, c.w || 'plan'), c.plan_at, c.logged_at),
  ('EARLY_ADVICE_DECISION', '', pg_temp.key(c.recorded_at, c.w || 'recorded'), c.recorded_at, pg_temp.key(c.advice_at, c.w || 'advice'), c.advice_at, c.logged_at),
  ('TELL_ARREST', 'V1', pg_temp.key(c.arrest_at, c.w || 'arrest'), c.arrest_at, pg_temp.key(c.told_at, c.w || 'told of arrest'), c.told_at, c.arrest_at),
  ('TELL_INTERVIEW', 'V1', pg_temp.key(c.interview_at, c.w || 'interview'), c.interview_at, pg_temp.key(c.told_at, c.w || 'told of interview'), c.told_at, c.interview_at),
  ('TELL_BAIL', 'V1', pg_temp.key(c.bail_at, c.w || 'bail'), c.bail_at, pg_temp.key(c.told_at, c.w || 'told of bail'), c.told_at, c.bail_at),
  ('DEVICE_RETURN', 'D1', pg_temp.key(c.device_at, c.w || 'device'), c.device_at, pg_temp.key(c.device_back_at, c.w || 'device back'), c.device_back_at, c.device_at)
) s (code, subject, started_by, begins_at, met_by, met_at, recorded_at)
JOIN seed_limit l ON l.code = s.code AND l.day = pg_temp.local(s.begins_at)
WHERE s.begins_at IS NOT NULL;
