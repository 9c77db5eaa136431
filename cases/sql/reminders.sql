-- Reminders: who is told that a review is due or late, made once whatever happens to worker, broker or clock; and the one message a
-- day that says how many there are. Applied after functions.sql. The worker may call these functions and read none of their tables.

GRANT SELECT ON cases_reminder, cases_digest, cases_heartbeat TO rasso_definer;
GRANT INSERT ON cases_reminder, cases_digest TO rasso_definer;
GRANT INSERT, UPDATE ON cases_heartbeat TO rasso_definer;
GRANT SELECT (form, updated_at), DELETE ON cases_draft TO rasso_definer;
GRANT DELETE ON cases_sentform TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- How high in rank somebody must stand to sign; nothing for a role that signs no review.
CREATE OR REPLACE FUNCTION rasso.signing_level(role text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $f$
  SELECT CASE role WHEN 'SERGEANT' THEN 1 WHEN 'INSPECTOR' THEN 2 WHEN 'SUPERINTENDENT' THEN 3 END
$f$;

-- Who is told about a review: whoever signs it. On a restricted case nobody but those named on it, the lowest of them who may sign.
CREATE OR REPLACE FUNCTION rasso.told_of_review(wanted_unit bigint, lowest_role text, not_this_user bigint, wanted_case uuid, restricted boolean)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog AS $f$
  WITH named AS (
    SELECT g.user_id, rasso.signing_level(r.role) AS level
    FROM public.cases_casegrant g
      JOIN public.people_user u ON u.id = g.user_id AND u.is_active
      JOIN public.people_roleassignment r ON r.user_id = u.id
    WHERE restricted AND g.content_object_id = wanted_case AND g.basis = 'NAMED'
      AND g.starts_at <= rasso.now() AND (g.ends_at IS NULL OR g.ends_at > rasso.now())
      AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
      -- A Detective Superintendent signs only what was sent on to them.
      AND rasso.signing_level(r.role) BETWEEN rasso.signing_level(lowest_role)
        AND CASE lowest_role WHEN 'SUPERINTENDENT' THEN 3 ELSE 2 END
      AND u.id IS DISTINCT FROM not_this_user
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = u.id)
  )
  SELECT signer FROM rasso.signers(wanted_unit, lowest_role, not_this_user, wanted_case) signer WHERE NOT restricted
  UNION
  SELECT user_id FROM named WHERE level = (SELECT min(level) FROM named)
$f$;

-- Makes what is missing, as of a moment: a line for each person on each review that has come due or late, and a message of the day
-- for each person with a new line. Running it again, at the same time or after a crash, adds nothing. Answers how many lines it made.
CREATE OR REPLACE FUNCTION rasso.sweep_as_of(moment timestamptz) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan SET jit = off AS $f$
DECLARE
  day CONSTANT date := (moment AT TIME ZONE {time_zone})::date;
  -- Keys of one run differ only at their end: counting is faster than drawing each, and so is an index that grows at one place.
  run CONSTANT text := left(gen_random_uuid()::text, 24);
  reminders int;
BEGIN
  IF moment > rasso.now() AND to_regclass('rasso.demonstration_clock') IS NULL THEN
    RAISE EXCEPTION 'rasso: reminders are not made ahead of time' USING ERRCODE = '22023';
  END IF;
  -- One sweep at a time: a second one waits, then finds nothing to do. Whoever writes a message waits too (rasso.digest_content).
  PERFORM pg_advisory_xact_lock(hashtext('rasso.reminders'));

  -- Signers are looked up once for all reviews that share them. So the officer counts only if they could sign at all, and the case
  -- only if it has people of its own: named on it, or connected with it.
  WITH supervisors AS (
    SELECT DISTINCT user_id FROM public.people_roleassignment WHERE rasso.signing_level(role) IS NOT NULL
  ), due AS MATERIALIZED (
    SELECT r.id AS review_id, r.due_on, CASE WHEN r.due_on < day THEN 'LATE' ELSE 'DUE' END AS stage,
      r.unit_id, r.lowest_role, r.is_restricted, s.user_id AS officer_id,
      CASE WHEN r.is_restricted OR x.case_id IS NOT NULL THEN r.case_id END AS case_id,
      concat_ws(' ', r.unit_id, r.lowest_role, s.user_id, CASE WHEN r.is_restricted OR x.case_id IS NOT NULL THEN r.case_id END) AS sharing
    FROM public.cases_review r
      JOIN public.cases_case c ON c.id = r.case_id
      LEFT JOIN supervisors s ON s.user_id = c.officer_id
      LEFT JOIN (SELECT DISTINCT case_id FROM public.cases_caseconnection) x ON x.case_id = r.case_id
    WHERE r.completed_at IS NULL AND r.remind_on <= day
  ), told AS MATERIALIZED (
    SELECT sharing, owner_id
    FROM (SELECT DISTINCT sharing, unit_id, lowest_role, officer_id, case_id, is_restricted FROM due) asked,
      rasso.told_of_review(unit_id, lowest_role, officer_id, case_id, is_restricted) owner_id
  ), missing AS (
    -- What should stand there, less what does. Not by NOT EXISTS: on statistics of an empty table that becomes a loop over the very
    -- rows that are being written.
    SELECT d.review_id, t.owner_id, d.stage, d.due_on FROM due d JOIN told t USING (sharing)
    EXCEPT
    SELECT review_id, owner_id, stage, due_on FROM public.cases_reminder WHERE review_id IN (SELECT review_id FROM due)
  ), made AS (
    INSERT INTO public.cases_reminder (id, owner_id, review_id, stage, due_on, made_at, made_on)
    SELECT (run || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid, owner_id, review_id, stage, due_on, moment, day FROM missing
    ON CONFLICT DO NOTHING
    RETURNING owner_id
  ), owed AS (
    SELECT owner_id FROM made
    UNION
    -- Yesterday's message never left: today's takes its place, and starts its attempts anew.
    SELECT d.owner_id FROM public.cases_digest d
    WHERE d.sent_at IS NULL AND d.dropped_at IS NULL AND d.local_date < day
      AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM public.cases_digest l WHERE l.owner_id = d.owner_id AND l.local_date > d.local_date)
  ), dated AS (
    -- One message a day: when today's has gone or is going out, the new line is told tomorrow.
    SELECT owed.owner_id, CASE WHEN d.id IS NULL THEN day ELSE day + 1 END AS local_date,
      coalesce((
        SELECT min(u.digest_hour) FROM public.people_membership m JOIN public.people_unit u ON u.id = m.unit_id
        WHERE m.user_id = owed.owner_id AND m.starts_on <= day AND (m.ends_on IS NULL OR m.ends_on >= day)), 7) AS hour
    FROM owed LEFT JOIN public.cases_digest d ON d.owner_id = owed.owner_id AND d.local_date = day
      AND (d.sent_at IS NOT NULL OR d.dropped_at IS NOT NULL OR d.leased_until > clock_timestamp())
  ), messages AS (
    INSERT INTO public.cases_digest (id, owner_id, local_date, send_after, attempts)
    SELECT gen_random_uuid(), owner_id, local_date, (local_date + make_interval(hours => hour)) AT TIME ZONE {time_zone}, 0 FROM dated
    ON CONFLICT DO NOTHING
  )
  SELECT count(*) INTO reminders FROM made;

  -- Half-filled forms that nobody has touched for a month go. An unfinished crime report stays until somebody logs or discards it.
  DELETE FROM public.cases_draft WHERE form <> 'log-case' AND updated_at < moment - interval '30 days';
  DELETE FROM public.cases_sentform WHERE sent_at < moment - interval '7 days';

  INSERT INTO public.cases_heartbeat (job, at) VALUES ('reminders', clock_timestamp())
    ON CONFLICT (job) DO UPDATE SET at = excluded.at;
  RETURN reminders;
END $f$;

CREATE OR REPLACE FUNCTION rasso.sweep() RETURNS int LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT rasso.sweep_as_of(rasso.now())
$f$;

-- What a person's message says on a day, and where it goes (nowhere if they have left): how many of the reviews they were told about
-- are still open and still theirs to sign. The lock lets a running sweep end first, and the next one see that this message is taken.
CREATE OR REPLACE FUNCTION rasso.digest_content(wanted_owner bigint, day date, OUT address text, OUT due int, OUT late int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('rasso.reminders'));
  SELECT email INTO address FROM public.people_user WHERE id = wanted_owner AND is_active;
  WITH open AS MATERIALIZED (
    SELECT r.due_on, r.unit_id, r.lowest_role, r.is_restricted, s.user_id AS officer_id, x.case_id
    FROM public.cases_review r
      JOIN public.cases_case c ON c.id = r.case_id
      LEFT JOIN LATERAL (
        SELECT user_id FROM public.people_roleassignment WHERE user_id = c.officer_id AND rasso.signing_level(role) IS NOT NULL LIMIT 1
      ) s ON true
      LEFT JOIN LATERAL (
        SELECT r.case_id WHERE r.is_restricted OR EXISTS (SELECT 1 FROM public.cases_caseconnection WHERE case_id = r.case_id)
      ) x ON true
    WHERE r.completed_at IS NULL AND r.id IN (SELECT review_id FROM public.cases_reminder WHERE owner_id = wanted_owner)
  ), alike AS (
    SELECT unit_id, lowest_role, officer_id, case_id, is_restricted,
      count(*) FILTER (WHERE due_on >= day) AS due, count(*) FILTER (WHERE due_on < day) AS late
    FROM open GROUP BY unit_id, lowest_role, officer_id, case_id, is_restricted
  )
  SELECT coalesce(sum(a.due), 0), coalesce(sum(a.late), 0) INTO digest_content.due, digest_content.late
  FROM alike a WHERE wanted_owner IN (SELECT rasso.told_of_review(a.unit_id, a.lowest_role, a.officer_id, a.case_id, a.is_restricted));
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.signing_level, rasso.told_of_review, rasso.sweep_as_of, rasso.sweep, rasso.digest_content FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.sweep_as_of, rasso.sweep, rasso.digest_content TO rasso_system;
