-- What each row said before, where a page reads it: as it was made, then as it was changed.
INSERT INTO cases_historicalcase (history_id, history_date, history_type, history_user_id, {case_columns})
SELECT pg_temp.key(c.logged_at, c.w || 'made'), c.logged_at, '+', c.logger_id, {case_first} FROM seed_case c JOIN cases_case x ON x.id = c.id
UNION ALL
SELECT pg_temp.key(c.logged_at, c.w || 'allocated'), c.logged_at, '~', c.logger_id, {case_allocated} FROM seed_case c JOIN cases_case x ON x.id = c.id WHERE c.officer_id IS NOT NULL
UNION ALL
SELECT pg_temp.key(c.closed_at, c.w || 'closed'), c.closed_at, '~', c.inspector_id, {case_last} FROM seed_case c JOIN cases_case x ON x.id = c.id WHERE c.is_closed;

INSERT INTO cases_historicalvictim (history_id, history_date, history_type, history_user_id, {victim_columns})
SELECT pg_temp.key(c.logged_at, c.w || 'victim made'), c.logged_at, '+', c.logger_id, {victim_last} FROM seed_case c JOIN cases_victim x ON x.case_id = c.id;

INSERT INTO cases_historicalsuspect (history_id, history_date, history_type, history_user_id, {suspect_columns})
SELECT pg_temp.key(c.logged_at, c.w || 'suspect made'), c.logged_at, '+', c.logger_id, {suspect_last} FROM seed_case c JOIN cases_suspect x ON x.case_id = c.id;

INSERT INTO cases_historicalinvestigationplan (history_id, history_date, history_type, history_user_id, {plan_columns})
SELECT pg_temp.key(c.plan_at, c.w || 'plan made'), c.plan_at, '+', c.worker_id, {plan_last} FROM seed_case c JOIN cases_investigationplan x ON x.case_id = c.id;

-- The first three are made when the case is logged, each later one when the one before it is completed.
INSERT INTO cases_historicalreview (history_id, history_date, history_type, history_user_id, {review_all})
SELECT pg_temp.key(m.made_at, r.n || 'review made ' || r.number), m.made_at, '+', m.made_by, {review_first}
FROM seed_case c JOIN seed_case_review r ON r.n = c.n JOIN cases_review x ON x.id = r.id
  LEFT JOIN seed_case_review p ON p.n = r.n AND p.number = r.number - 1 AND r.number > 3
  CROSS JOIN LATERAL (SELECT coalesce(p.completed_at, c.logged_at) AS made_at, coalesce(p.signer_id, c.logger_id) AS made_by) m
UNION ALL
SELECT pg_temp.key(r.completed_at, r.n || 'review completed ' || r.number), r.completed_at, '~', r.signer_id, {review_last}
FROM seed_case_review r JOIN cases_review x ON x.id = r.id WHERE r.completed_at IS NOT NULL;

INSERT INTO cases_historicalaction (history_id, history_date, history_type, history_user_id, {action_all})
SELECT pg_temp.key(a.given_at, a.w || 'action given ' || place), a.given_at, '+', a.given_by_id, {action_first} FROM seed_action a JOIN cases_action x ON x.id = a.id
UNION ALL
SELECT pg_temp.key(a.done_at, a.w || 'action done ' || place), a.done_at, '~', c.officer_id, {action_done}
FROM seed_action a JOIN cases_action x ON x.id = a.id JOIN seed_case c ON c.n = a.n WHERE a.done_at IS NOT NULL
UNION ALL
SELECT pg_temp.key(a.verified_at, a.w || 'action verified ' || place), a.verified_at, '~', c.sergeant_id, {action_last}
FROM seed_action a JOIN cases_action x ON x.id = a.id JOIN seed_case c ON c.n = a.n WHERE a.verified_at IS NOT NULL;
