-- Reminders: who hears that a review, a time limit or an action is coming, due, late or escalated, made once whatever happens to
-- worker, broker or clock; and the messages that tell of them. Applied after functions.sql. The worker may call these functions and
-- read none of their tables: it learns owner, date and stage.

GRANT SELECT ON cases_reminder, cases_message, cases_heartbeat, cases_action, cases_escalationanswer TO rasso_definer;
GRANT INSERT ON cases_reminder TO rasso_definer;
GRANT INSERT, UPDATE ON cases_message, cases_heartbeat TO rasso_definer;
GRANT SELECT (form, updated_at), DELETE ON cases_draft TO rasso_definer;
GRANT SELECT (at), DELETE ON cases_rememberedsearch TO rasso_definer;
GRANT SELECT (sent_at), DELETE ON cases_sentform TO rasso_definer;
GRANT SELECT (expire_date), DELETE ON people_opensession TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- How high in rank somebody must stand to sign; nothing for a role that signs no review.
CREATE OR REPLACE FUNCTION rasso.signing_level(role text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE role WHEN 'SERGEANT' THEN 1 WHEN 'INSPECTOR' THEN 2 WHEN 'SUPERINTENDENT' THEN 3 END
$f$;

-- Whoever holds a role anywhere in the force: for roles that stand beside the tree of units, and for a Detective Superintendent where
-- none stands above the unit.
CREATE OR REPLACE FUNCTION rasso.holders_anywhere(wanted_role text, wanted_case uuid) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT s.id FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id AND u.is_active,
    LATERAL (SELECT rasso.stand_in(u.id) AS id) s
  WHERE r.role = wanted_role AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = s.id)
$f$;

-- Who hears of what a role has to do: whoever signs it. On a restricted case nobody but those named on it: the lowest of them who may
-- sign, or the highest there is. A Detective Superintendent hears only of what was sent on to them.
CREATE OR REPLACE FUNCTION rasso.told_of_review(wanted_unit bigint, lowest_role text, not_this_user bigint, wanted_case uuid, restricted boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF restricted THEN
    RETURN QUERY WITH named AS (
      SELECT g.user_id, rasso.signing_level(r.role) AS level
      FROM public.cases_casegrant g
        JOIN public.people_user u ON u.id = g.user_id AND u.is_active
        JOIN public.people_roleassignment r ON r.user_id = u.id AND r.role IN ('SERGEANT', 'INSPECTOR')
      WHERE g.content_object_id = wanted_case AND g.basis = 'NAMED'
        AND g.starts_at <= rasso.now() AND (g.ends_at IS NULL OR g.ends_at > rasso.now())
        AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
        AND u.id IS DISTINCT FROM not_this_user
        AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = u.id)
    )
    SELECT DISTINCT user_id FROM named
    WHERE level = coalesce((SELECT min(level) FROM named WHERE level >= rasso.signing_level(lowest_role)), (SELECT max(level) FROM named));
    RETURN;
  END IF;
  -- Whoever supervises it in place of its unit hears of it, and nobody of the unit.
  RETURN QUERY SELECT DISTINCT g.user_id FROM public.cases_casegrant g JOIN public.people_user u ON u.id = g.user_id AND u.is_active
      JOIN public.people_roleassignment r ON r.user_id = u.id AND r.role IN ('SERGEANT', 'INSPECTOR')
    WHERE g.content_object_id = wanted_case AND g.basis = 'SUPERVISING' AND g.ends_at IS NULL AND g.user_id IS DISTINCT FROM not_this_user
      AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
      AND rasso.signing_level(r.role) >= rasso.signing_level(lowest_role)
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = u.id);
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT rasso.signers(wanted_unit, lowest_role, not_this_user, wanted_case);
  IF NOT FOUND AND lowest_role NOT IN ('SERGEANT', 'INSPECTOR') THEN
    RETURN QUERY SELECT h FROM rasso.holders_anywhere(lowest_role, wanted_case) h WHERE h IS DISTINCT FROM not_this_user;
  END IF;
END $f$;

-- Who hears of something that a person has to do: they, or whoever stands in for them, or else whom the role names. Nobody stands in on
-- a restricted case, and nobody who has left, or works no cases any more, is told.
CREATE OR REPLACE FUNCTION rasso.told(person bigint, wanted_unit bigint, wanted_role text, not_this_user bigint, wanted_case uuid, restricted boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  RETURN QUERY SELECT s.id FROM public.people_user u, LATERAL (SELECT CASE WHEN restricted THEN u.id ELSE rasso.stand_in(u.id) END AS id) s
    WHERE u.id = person AND rasso.police_roles(u.id) && ARRAY['INVESTIGATOR', 'LIAISON_OFFICER', 'SERGEANT', 'INSPECTOR']
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = s.id);
  IF NOT FOUND THEN
    RETURN QUERY SELECT rasso.told_of_review(wanted_unit, wanted_role, not_this_user, wanted_case, restricted);
  END IF;
END $f$;

-- Who hears of what was escalated to a role: its holders, or where none is free to act those of the next rank, up to every Detective
-- Superintendent of the force. On a restricted case nobody but those named on it, so that somebody can be told of nobody there.
CREATE OR REPLACE FUNCTION rasso.told_of_escalation(wanted_unit bigint, wanted_role text, excluded bigint, wanted_case uuid, restricted boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
DECLARE rank text;
BEGIN
  FOREACH rank IN ARRAY CASE wanted_role WHEN 'SERGEANT' THEN ARRAY['SERGEANT', 'INSPECTOR', 'SUPERINTENDENT']
      WHEN 'INSPECTOR' THEN ARRAY['INSPECTOR', 'SUPERINTENDENT'] ELSE ARRAY[wanted_role] END LOOP
    RETURN QUERY SELECT rasso.told_of_review(wanted_unit, rank, excluded, wanted_case, restricted);
    IF FOUND THEN RETURN; END IF;
  END LOOP;
END $f$;

-- Everything that waits for somebody: who has to act (a person, or a role), by when, and to whom it escalates. Not SECURITY DEFINER and
-- without settings of its own, so that it becomes part of the statement that asks; only the functions below may ask.
-- "excluded" is who never hears of it by role: the officer in the case of reviews, whoever has to act of all else.
CREATE OR REPLACE FUNCTION rasso.open_things() RETURNS TABLE (about text, id uuid, case_id uuid, unit_id bigint, is_restricted boolean,
  person bigint, role text, excluded bigint, due_on date, due_at timestamptz, warn_on date, remind_on date, escalates_to text, escalates_on date,
  escalates_further_to text, escalates_further_on date)
LANGUAGE sql STABLE AS $f$
  SELECT 'REVIEW', r.id, r.case_id, r.unit_id, r.is_restricted, NULL::bigint, r.lowest_role::text, c.officer_id, r.due_on, NULL::timestamptz, r.warn_on,
    r.remind_on, r.escalates_to::text, r.escalates_on, r.escalates_further_to::text, r.escalates_further_on
  FROM public.cases_review r JOIN public.cases_case c ON c.id = r.case_id WHERE r.completed_at IS NULL
  UNION ALL
  SELECT 'LIMIT', l.id, l.case_id, l.unit_id, l.is_restricted, c.officer_id, 'SERGEANT', c.officer_id, l.due_on, l.due_at, l.warn_on,
    l.remind_on, l.escalates_to::text, l.escalates_on, l.escalates_further_to::text, l.escalates_further_on
  FROM public.cases_timelimit l JOIN public.cases_case c ON c.id = l.case_id
  WHERE l.met_at IS NULL AND l.stopped_by_id IS NULL AND l.suspended_by_id IS NULL
  UNION ALL
  -- One that stands still is looked at again by a supervisor on the day that was set, or else by an inspector three days later.
  SELECT 'LIMIT', l.id, l.case_id, l.unit_id, l.is_restricted, NULL::bigint, 'SERGEANT', c.officer_id, e.until, NULL::timestamptz, e.until,
    e.until, 'INSPECTOR', e.until + 3, '', NULL::date
  FROM public.cases_timelimit l JOIN public.cases_event e ON e.id = l.suspended_by_id AND e.until IS NOT NULL
    JOIN public.cases_case c ON c.id = l.case_id
  WHERE l.met_at IS NULL AND l.stopped_by_id IS NULL
  UNION ALL
  SELECT 'ACTION', a.id, a.case_id, a.unit_id, a.is_restricted, a.owner_id, 'SERGEANT', a.owner_id, a.due_on, NULL::timestamptz, a.warn_on,
    a.remind_on, a.escalates_to::text, a.escalates_on, a.escalates_further_to::text, a.escalates_further_on
  FROM public.cases_action a WHERE a.done_at IS NULL
$f$;

-- Makes what is missing, as of a moment: a line for each person on each thing that has reached a stage, a message of the day for each
-- person with a new line, and one for each escalation. Running it again, at the same time or after a crash, adds nothing. After days
-- of silence only the present stage is told. Answers how many lines it made.
--
-- Whole: looks at everything again, because people may have come, gone or changed places. Otherwise only at stages of which nobody has
-- heard yet; that is what the clock asks for every few minutes, and every quarter of an hour the whole.
DROP FUNCTION IF EXISTS rasso.sweep_as_of(timestamptz);
DROP FUNCTION IF EXISTS rasso.unheard_units();
CREATE OR REPLACE FUNCTION rasso.sweep_as_of(moment timestamptz, whole boolean DEFAULT true) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET work_mem = '128MB' AS $f$
DECLARE
  day CONSTANT date := (moment AT TIME ZONE {time_zone})::date;
  -- Keys of one run differ only at their end: counting is faster than drawing each, and so is an index that grows at one place.
  run CONSTANT text := left(gen_random_uuid()::text, 24);
  began CONSTANT timestamptz := clock_timestamp();
  reminders int;
BEGIN
  IF moment > rasso.now() AND to_regclass('rasso.demonstration_clock') IS NULL THEN
    RAISE EXCEPTION 'rasso: reminders are not made ahead of time' USING ERRCODE = '22023';
  END IF;
  -- One sweep at a time: a second one waits, then finds nothing to do. Whoever writes a message waits too (rasso.message_content).
  PERFORM pg_advisory_xact_lock(hashtext('rasso.reminders'));
  whole := whole OR NOT EXISTS (
    SELECT 1 FROM public.cases_heartbeat WHERE job = 'whole sweep' AND at > began - interval '15 minutes' AND result ->> 'day' = day::text);

  WITH supervisors AS (
    SELECT user_id FROM public.people_roleassignment WHERE rasso.signing_level(role) IS NOT NULL
    UNION
    -- Or whoever covers for them could.
    SELECT absent_id FROM public.people_cover WHERE ended_at IS NULL AND starts_on <= day AND ends_on >= day
  ), reached AS (
    -- Each thing with the stage that whoever has to act has reached, and with the one that the roles above have.
    SELECT t.about, t.id, t.due_on, s.stage, t.unit_id, t.is_restricted, s.person, s.role,
      -- Who hears is looked up once for all things that share it. So the one excluded counts only if they could hear by role at all,
      -- and the case only if it has people of its own: named on it, or connected with it.
      v.user_id AS excluded, CASE WHEN t.is_restricted OR x.case_id IS NOT NULL THEN t.case_id END AS case_id
    FROM rasso.open_things() t
      JOIN public.people_unit q ON q.id = t.unit_id
      LEFT JOIN supervisors v ON v.user_id = t.excluded
      LEFT JOIN (SELECT DISTINCT case_id FROM public.cases_caseconnection) x ON x.case_id = t.case_id,
      LATERAL (VALUES
        (CASE WHEN t.due_on < day OR t.due_at < moment THEN 'LATE' WHEN t.remind_on <= day THEN 'DUE' ELSE 'COMING' END, t.person, t.role),
        -- Not before the quiet time of the unit is over, in which a force goes live.
        (CASE WHEN q.quiet_until > day THEN NULL WHEN t.escalates_further_on <= day THEN 'FURTHER' WHEN t.escalates_on <= day THEN 'ESCALATED' END, NULL,
          CASE WHEN t.escalates_further_on <= day THEN t.escalates_further_to ELSE t.escalates_to END)
      ) s (stage, person, role)
    WHERE t.warn_on <= day AND s.stage IS NOT NULL
      AND (whole OR NOT EXISTS (SELECT 1 FROM public.cases_reminder m WHERE m.about_id = t.id AND m.stage = s.stage AND m.due_on = t.due_on))
  ), due AS MATERIALIZED (
    SELECT *, concat_ws(' ', stage IN ('ESCALATED', 'FURTHER'), person, unit_id, role, coalesce(excluded, 0), case_id) AS sharing FROM reached
  ), told AS MATERIALIZED (
    SELECT sharing, owner_id
    FROM (SELECT DISTINCT ON (sharing) * FROM due) asked,
      LATERAL (
        SELECT rasso.told(person, unit_id, role, excluded, case_id, is_restricted) AS owner_id WHERE stage NOT IN ('ESCALATED', 'FURTHER')
        UNION ALL
        SELECT rasso.told_of_escalation(unit_id, role, excluded, case_id, is_restricted) WHERE stage IN ('ESCALATED', 'FURTHER')
      ) owners
  ), missing AS (
    -- What should stand there, less what does. Not by NOT EXISTS: on statistics of an empty table that becomes a loop over the very
    -- rows that are being written.
    SELECT d.about, d.id, t.owner_id, d.stage, d.due_on FROM due d JOIN told t USING (sharing)
    EXCEPT
    SELECT about, about_id, owner_id, stage, due_on FROM public.cases_reminder WHERE whole AND about_id IN (SELECT id FROM due)
  ), made AS (
    INSERT INTO public.cases_reminder (id, owner_id, about, about_id, stage, due_on, made_at, made_on)
    SELECT (run || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid, owner_id, about, id, stage, due_on, moment, day FROM missing
    ON CONFLICT DO NOTHING
    RETURNING id, owner_id, stage
  ), at_once AS (
    -- More than five in one morning are told by number in the message of the day: nobody reads a hundred single ones.
    SELECT owner_id FROM made WHERE stage IN ('ESCALATED', 'FURTHER') GROUP BY owner_id HAVING count(*) > 5
  ), owed AS (
    SELECT owner_id FROM made WHERE stage NOT IN ('ESCALATED', 'FURTHER')
    UNION
    SELECT owner_id FROM at_once
    UNION
    -- Yesterday's message never left: today's takes its place, and starts its attempts anew.
    SELECT d.owner_id FROM public.cases_message d
    WHERE d.kind = 'DIGEST' AND d.sent_at IS NULL AND d.dropped_at IS NULL AND d.local_date < day
      AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM public.cases_message l WHERE l.kind = 'DIGEST' AND l.owner_id = d.owner_id AND l.local_date > d.local_date)
  ), hours AS (
    SELECT p.owner_id, coalesce((
        SELECT min(u.digest_hour) FROM public.people_membership m JOIN public.people_unit u ON u.id = m.unit_id
        WHERE m.user_id = p.owner_id AND m.starts_on <= day AND (m.ends_on IS NULL OR m.ends_on >= day)), 7) AS hour
    FROM (SELECT owner_id FROM owed UNION SELECT owner_id FROM made) p
  ), dated AS (
    -- One message a day: when today's has gone or is going out, the new line is told tomorrow.
    SELECT owed.owner_id, CASE WHEN d.id IS NULL THEN day ELSE day + 1 END AS local_date, hours.hour
    FROM owed JOIN hours USING (owner_id) LEFT JOIN public.cases_message d ON d.kind = 'DIGEST' AND d.owner_id = owed.owner_id AND d.local_date = day
      AND (d.sent_at IS NOT NULL OR d.dropped_at IS NOT NULL OR d.leased_until > clock_timestamp())
  ), digests AS (
    INSERT INTO public.cases_message (id, owner_id, kind, local_date, send_after, attempts, last_error)
    SELECT gen_random_uuid(), owner_id, 'DIGEST', local_date, (local_date + make_interval(hours => hour)) AT TIME ZONE {time_zone}, 0, '' FROM dated
    ON CONFLICT DO NOTHING
  ), escalations AS (
    -- Singly, at the same hour: nobody is woken for what was late yesterday.
    INSERT INTO public.cases_message (id, owner_id, kind, local_date, reminder_id, send_after, attempts, last_error)
    SELECT gen_random_uuid(), made.owner_id, 'ESCALATION', day, made.id, (day + make_interval(hours => hours.hour)) AT TIME ZONE {time_zone}, 0, ''
    FROM made JOIN hours USING (owner_id)
    WHERE made.stage IN ('ESCALATED', 'FURTHER') AND made.owner_id NOT IN (SELECT owner_id FROM at_once)
    ON CONFLICT DO NOTHING
  )
  SELECT count(*) INTO reminders FROM made;

  -- Half-filled forms that nobody has touched for a month go. An unfinished crime report stays until somebody logs or discards it.
  DELETE FROM public.cases_draft WHERE form <> 'log-case' AND updated_at < moment - interval '30 days';
  DELETE FROM public.cases_rememberedsearch WHERE at < moment - interval '1 day';
  DELETE FROM public.cases_sentform WHERE sent_at < moment - interval '7 days';
  DELETE FROM public.people_opensession WHERE expire_date < clock_timestamp();
  -- What stood in the rows of trackers that were taken over a month ago.
  PERFORM rasso.purge_imports(moment);

  IF whole THEN
    PERFORM rasso.alert_again();
    PERFORM rasso.job_ended('whole sweep', began, jsonb_build_object('day', day, 'made', reminders));
  END IF;
  PERFORM rasso.job_ended('reminders', began, jsonb_build_object('made', reminders));
  RETURN reminders;
END $f$;

CREATE OR REPLACE FUNCTION rasso.sweep() RETURNS int LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.sweep_as_of(rasso.now())
$f$;

-- Dropped first, because a function that answers more columns than before cannot be replaced.
DROP FUNCTION IF EXISTS rasso.message_content(uuid, timestamptz);
-- What a message says on a day, and where it goes (nowhere if its owner has left): how many of the things they were told about are
-- still open and still theirs, and how far each has come. The lock lets a running sweep end first, and the next one see that this
-- message is taken.
CREATE FUNCTION rasso.message_content(wanted_message uuid, moment timestamptz,
  OUT address text, OUT coming int, OUT due int, OUT late int, OUT escalated int, OUT alerts int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  day CONSTANT date := (moment AT TIME ZONE {time_zone})::date;
  wanted public.cases_message;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('rasso.reminders'));
  SELECT * INTO wanted FROM public.cases_message WHERE id = wanted_message;
  SELECT email INTO address FROM public.people_user WHERE id = wanted.owner_id AND is_active;
  alerts := 0;
  IF wanted.kind = 'ALERT' THEN
    coming := 0; due := 0; late := 0; escalated := 0;
    alerts := rasso.alerts_of(wanted.owner_id);
    RETURN;
  END IF;
  WITH lines AS (
    SELECT DISTINCT about_id, due_on, CASE WHEN stage IN ('ESCALATED', 'FURTHER') THEN stage END AS escalation FROM public.cases_reminder
    WHERE owner_id = wanted.owner_id AND (wanted.reminder_id IS NULL OR id = wanted.reminder_id)
  ), open AS MATERIALIZED (
    SELECT CASE WHEN l.escalation IS NOT NULL THEN 'ESCALATED' WHEN t.due_on < day OR t.due_at < moment THEN 'LATE'
        WHEN t.remind_on <= day THEN 'DUE' ELSE 'COMING' END AS stage,
      l.escalation, CASE WHEN l.escalation IS NULL THEN t.person END AS person,
      CASE WHEN l.escalation IS NULL THEN t.role WHEN l.escalation = 'FURTHER' THEN t.escalates_further_to ELSE t.escalates_to END AS role,
      t.unit_id, t.is_restricted, s.user_id AS excluded, x.case_id
    FROM lines l JOIN rasso.open_things() t ON t.id = l.about_id AND t.due_on = l.due_on
      LEFT JOIN LATERAL (
        SELECT t.excluded AS user_id
        WHERE EXISTS (SELECT 1 FROM public.people_roleassignment WHERE user_id = t.excluded AND rasso.signing_level(role) IS NOT NULL)
          OR EXISTS (SELECT 1 FROM public.people_cover WHERE absent_id = t.excluded AND ended_at IS NULL AND starts_on <= day AND ends_on >= day)
      ) s ON true
      LEFT JOIN LATERAL (
        SELECT t.case_id WHERE t.is_restricted OR EXISTS (SELECT 1 FROM public.cases_caseconnection WHERE case_id = t.case_id)
      ) x ON true
    -- Somebody has said what they will do: that stage says no more.
    WHERE l.escalation IS NULL OR NOT EXISTS (
      SELECT 1 FROM public.cases_escalationanswer a
      WHERE a.about_id = t.id AND a.case_id = t.case_id AND a.due_on = t.due_on AND a.stage = l.escalation)
  ), alike AS (
    SELECT stage, escalation, person, role, unit_id, is_restricted, excluded, case_id, count(*) AS number FROM open
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ), theirs AS (
    SELECT stage, number FROM alike a WHERE wanted.owner_id IN (
      SELECT rasso.told(a.person, a.unit_id, a.role, a.excluded, a.case_id, a.is_restricted) WHERE a.escalation IS NULL
      UNION ALL
      SELECT rasso.told_of_escalation(a.unit_id, a.role, a.excluded, a.case_id, a.is_restricted) WHERE a.escalation IS NOT NULL)
  )
  SELECT coalesce(sum(number) FILTER (WHERE stage = 'COMING'), 0), coalesce(sum(number) FILTER (WHERE stage = 'DUE'), 0),
    coalesce(sum(number) FILTER (WHERE stage = 'LATE'), 0), coalesce(sum(number) FILTER (WHERE stage = 'ESCALATED'), 0)
  INTO message_content.coming, message_content.due, message_content.late, message_content.escalated FROM theirs;
END $f$;

-- What was escalated to the actor and still waits: by the same rule by which they are told of it, and whether or not they were told yet.
-- Of what has gone on to the next role since, "own_stage" is below "stage". Where they can see nothing of the case, because they hear
-- only for want of anybody nearer, no more than its unit.
CREATE OR REPLACE FUNCTION rasso.escalated_to_me() RETURNS TABLE (about text, id uuid, case_id uuid, unit text, due_on date, own_stage text, stage text,
  role text, is_answered boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  day CONSTANT date := rasso.today();
  mine CONSTANT uuid[] := ARRAY(SELECT rasso.own_case_ids());
  units CONSTANT bigint[] := ARRAY(SELECT rasso.supervised_units());
  barred CONSTANT uuid[] := ARRAY(SELECT rasso.barred_case_ids());
BEGIN
  IF NOT rasso.has_role('SERGEANT', 'INSPECTOR', 'SUPERINTENDENT') THEN RETURN; END IF;
  RETURN QUERY WITH late AS MATERIALIZED (
    SELECT t.*, u.name AS unit_name, s.own_stage, s.role AS wanted, CASE WHEN t.escalates_further_on <= day THEN 'FURTHER' ELSE 'ESCALATED' END AS stage,
      CASE WHEN t.is_restricted OR x.case_id IS NOT NULL THEN t.case_id END AS special
    FROM rasso.open_things() t JOIN public.people_unit u ON u.id = t.unit_id AND (u.quiet_until IS NULL OR u.quiet_until <= day)
      LEFT JOIN (SELECT DISTINCT c.case_id FROM public.cases_caseconnection c) x ON x.case_id = t.case_id,
      LATERAL (VALUES ('ESCALATED', t.escalates_to, t.escalates_on), ('FURTHER', t.escalates_further_to, t.escalates_further_on)) s (own_stage, role, since)
    -- Nothing escalates before anybody was warned of it; by that day there is an index.
    WHERE t.warn_on <= day AND t.escalates_on <= day AND s.since <= day AND s.role <> ''
      -- A sergeant or an inspector is told only of what stands in or below their own units, or on a case that names them.
      AND (t.unit_id = ANY (units) OR t.case_id = ANY (mine) OR rasso.has_role('SUPERINTENDENT'))
  ), asked AS (
    SELECT DISTINCT l.unit_id, l.wanted, l.excluded, l.special, l.is_restricted FROM late l
  ), told AS (
    SELECT * FROM asked a WHERE me IN (SELECT rasso.told_of_escalation(a.unit_id, a.wanted, a.excluded, a.special, a.is_restricted))
  ), theirs AS (
    SELECT DISTINCT ON (l.about, l.id, l.due_on) l.*,
      l.case_id <> ALL (barred) AND (l.case_id = ANY (mine) OR NOT l.is_restricted AND l.unit_id = ANY (units)) AS is_seen
    FROM late l JOIN told t ON (l.unit_id, l.wanted, l.is_restricted) = (t.unit_id, t.wanted, t.is_restricted)
      AND l.excluded IS NOT DISTINCT FROM t.excluded AND l.special IS NOT DISTINCT FROM t.special
    ORDER BY l.about, l.id, l.due_on, l.own_stage DESC
  )
  SELECT h.about, CASE WHEN h.is_seen THEN h.id END, CASE WHEN h.is_seen THEN h.case_id END, h.unit_name::text, h.due_on, h.own_stage, h.stage,
    CASE h.stage WHEN 'FURTHER' THEN h.escalates_further_to ELSE h.escalates_to END,
    EXISTS (SELECT 1 FROM public.cases_escalationanswer a
      WHERE a.about_id = h.id AND a.case_id = h.case_id AND a.due_on = h.due_on AND a.stage = h.stage)
  FROM theirs h WHERE NOT h.is_restricted OR h.is_seen;
END $f$;

-- Jobs say how they ran: numbers only. Real time, because a clock that was moved proves nothing.
CREATE OR REPLACE FUNCTION rasso.job_ended(wanted_job text, began timestamptz, numbers jsonb) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.cases_heartbeat (job, at, began_at, last_error, result)
    VALUES (wanted_job, clock_timestamp(), began, '', numbers || jsonb_build_object('seconds', round(extract(epoch FROM clock_timestamp() - began), 2)))
    ON CONFLICT (job) DO UPDATE SET at = excluded.at, began_at = excluded.began_at, result = excluded.result
$f$;
CREATE OR REPLACE FUNCTION rasso.job_broke_off(wanted_job text, error text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.cases_heartbeat (job, failed_at, last_error, result) VALUES (wanted_job, clock_timestamp(), left(error, 100), '{}')
    ON CONFLICT (job) DO UPDATE SET failed_at = excluded.failed_at, last_error = excluded.last_error
$f$;

-- Have a message that was given up tried again. Answers whether there was such a one.
CREATE OR REPLACE FUNCTION rasso.try_message_again(wanted_message uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('ADMINISTRATOR') THEN RAISE EXCEPTION 'rasso: only an administrator has a message tried again' USING ERRCODE = '42501'; END IF;
  UPDATE public.cases_message SET attempts = 0, leased_until = NULL WHERE id = wanted_message AND sent_at IS NULL AND dropped_at IS NULL AND attempts >= 5;
  RETURN FOUND;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.signing_level, rasso.holders_anywhere, rasso.told_of_review, rasso.told, rasso.told_of_escalation, rasso.escalated_to_me, rasso.open_things, rasso.sweep_as_of, rasso.sweep,
  rasso.message_content, rasso.job_ended, rasso.job_broke_off, rasso.try_message_again FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.sweep_as_of, rasso.sweep, rasso.message_content, rasso.job_ended, rasso.job_broke_off TO rasso_system;
GRANT EXECUTE ON FUNCTION rasso.escalated_to_me TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.try_message_again TO rasso_police;
