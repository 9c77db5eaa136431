-- The rows of the chunk, table by table; what hangs on others after them.
INSERT INTO cases_referencenumber (id, year, number)
SELECT pg_temp.key(recorded_at, w || 'reference'), extract(year FROM recorded_on)::int, {number} FROM seed_case;

INSERT INTO cases_case (id, reference, crime_number, status, reported_at, recorded_at, reported_how, happened_when, happened_from, happened_to, place,
  place_kind, relationship, unit_id, officer_id, supervisor_id, is_restricted, closed_at, closed_by_id, closing_grounds, logged_by_id, logged_at, version)
SELECT id, '{prefix}-' || extract(year FROM recorded_on) || '-' || {number}, 'SEED/{seed}/' || n, status, reported_at, recorded_at,
  pg_temp.one_of(%(reported_how)s::text[], w || 'how'), 'ON', pg_temp.local(reported_at), pg_temp.local(reported_at), 'HERE',
  pg_temp.one_of(%(place_kinds)s::text[], w || 'place'), pg_temp.one_of(%(relationships)s::text[], w || 'relationship'),
  unit_id, officer_id, sergeant_id, is_restricted, closed_at, CASE WHEN is_closed THEN inspector_id END,
  CASE WHEN is_closed THEN pg_temp.one_of(ARRAY['RECORDED_TWICE', 'SUSPECT_DIED'], w || 'grounds') ELSE '' END, logger_id, logged_at,
  1 + (NOT is_unallocated)::int + is_closed::int
FROM seed_case;

INSERT INTO cases_caseoffence (id, case_id, offence_type_id, "order")
SELECT pg_temp.key(logged_at, w || 'offence'), id, pg_temp.one_of(%(offences)s::bigint[], w || 'offence'), 0 FROM seed_case;

INSERT INTO cases_person (id, name, aliases, force_person_number, added_by_id)
SELECT pg_temp.key(logged_at, w || 'V1'), 'Nobody {seed}-' || n || '-V1', '', '', logger_id FROM seed_case
UNION ALL SELECT pg_temp.key(logged_at, w || 'S1'), 'Nobody {seed}-' || n || '-S1', '', '', logger_id FROM seed_case WHERE suspect_known = 'NAMED';

INSERT INTO cases_victim (id, case_id, number, person_id, safe_now, safety_steps, safe_contact)
SELECT pg_temp.key(logged_at, w || 'victim'), id, 1, pg_temp.key(logged_at, w || 'V1'), safe_now, CASE safe_now WHEN 'NO' THEN 'Stays elsewhere.' ELSE '' END, ''
FROM seed_case;

INSERT INTO cases_wish (id, case_id, victim_id, wish, said_at, recorded_by_id)
SELECT pg_temp.key(logged_at, w || 'wish'), id, pg_temp.key(logged_at, w || 'victim'),
  CASE WHEN pg_temp.chance(w || 'wish') < 0.7 THEN 'WANTS_INVESTIGATION' WHEN pg_temp.chance(w || 'wish') < 0.85 THEN 'UNDECIDED' ELSE 'NOT_YET_ASKED' END, logged_at, logger_id
FROM seed_case;

INSERT INTO cases_suspect (id, case_id, number, person_id, known, description, version)
SELECT pg_temp.key(logged_at, w || 'suspect'), id, 1, CASE WHEN suspect_known = 'NAMED' THEN pg_temp.key(logged_at, w || 'S1') END, suspect_known,
  CASE suspect_known WHEN 'DESCRIBED' THEN 'A man of about 30' ELSE '' END, 1
FROM seed_case;

INSERT INTO cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
SELECT pg_temp.key(c.logged_at, c.w || g.basis || g.user_id), g.user_id, p.id, c.id, g.basis, c.logged_at, c.logger_id
FROM seed_case c CROSS JOIN auth_permission p CROSS JOIN LATERAL (VALUES ('ASSIGNED', officer_id, true), ('LIAISON', liaison_id, true),
  ('NAMED', officer_id, is_restricted), ('NAMED', sergeant_id, is_restricted), ('NAMED', inspector_id, is_restricted), ('NAMED', logger_id, is_restricted))
  g (basis, user_id, is_given)
WHERE p.codename = 'work_on_case' AND g.is_given AND g.user_id IS NOT NULL;

INSERT INTO cases_review (id, case_id, unit_id, is_restricted, {review_columns}, completed_at, completed_by_id, officer_then_id, result, own_words,
  is_same_again, version)
SELECT x.id, x.case_id, c.unit_id, c.is_restricted, {review_values}, x.completed_at, CASE WHEN x.completed_at IS NOT NULL THEN x.signer_id END,
  CASE WHEN x.completed_at IS NOT NULL THEN c.officer_id END, CASE WHEN x.completed_at IS NOT NULL THEN x.result ELSE '' END,
  CASE WHEN x.completed_at IS NULL THEN '' WHEN x.is_held THEN 'Looked at all of it with the officer in the case.' ELSE 'Closed.' END,
  false, 1 + (x.completed_at IS NOT NULL)::int
FROM seed_case_review x JOIN seed_case c ON c.n = x.n JOIN seed_review r ON r.base = c.base AND r.number = x.number;

-- No review repeats the one before, so nobody had to be asked once more.
INSERT INTO cases_reviewanswer (id, case_id, review_id, "group", answer, text)
SELECT pg_temp.key(x.completed_at, x.n || 'answer ' || x.number || g), x.case_id, x.id, g,
  CASE WHEN g = 'ENQUIRIES' AND x.result = 'WITH_DIRECTIONS' THEN 'NEEDS_ACTION' WHEN g = 'PROSECUTOR' AND mod(x.number, 2) = 0 THEN 'NOT_APPLICABLE' ELSE 'SATISFACTORY' END,
  CASE WHEN g = 'ENQUIRIES' AND x.result = 'WITH_DIRECTIONS' THEN 'One line of enquiry is still open.' ELSE '' END
FROM seed_case_review x CROSS JOIN unnest(%(groups)s::text[]) g WHERE x.is_held;

INSERT INTO cases_action (id, case_id, unit_id, is_restricted, number, what, owner_id, due_on, look_again_on, given_by_id, given_at, direction_of_id,
  extended_count, done_at, done_by_id, done_how, evidence, verified_at, verified_by_id, {action_columns})
SELECT a.id, a.case_id, c.unit_id, c.is_restricted, a.number, pg_temp.one_of(%(whats)s::text[], a.w || 'what ' || place), c.officer_id, a.due_on, a.due_on,
  a.given_by_id, a.given_at, a.direction_of_id, 0, a.done_at, CASE WHEN a.done_at IS NOT NULL THEN c.officer_id END,
  CASE WHEN a.done_at IS NOT NULL THEN 'Done as asked.' ELSE '' END, CASE WHEN a.done_at IS NOT NULL THEN 'Exhibit SEED/' || a.number ELSE '' END,
  a.verified_at, CASE WHEN a.verified_at IS NOT NULL THEN c.sergeant_id END, {action_values}
FROM seed_action a JOIN seed_case c ON c.n = a.n JOIN seed_notice t ON t.target = a.due_on;

INSERT INTO cases_investigationplan (id, case_id, story, suspect, victim, material, protection, first_steps, version)
SELECT pg_temp.key(plan_at, w || 'plan'), id, 'Nobody''s story.', 'What is known of S1.', 'What V1 said.', '', 'No risk was found.', 'See the witnesses.', 1
FROM seed_case WHERE plan_at IS NOT NULL;
