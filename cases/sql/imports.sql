-- Trackers that are taken over: how their rows are written down, and how a run is taken back. Applied after functions.sql.

GRANT SELECT ON cases_importrun, cases_importrow, cases_caseoffence, cases_historicalcase, cases_action, cases_context,
  cases_investigationplan, cases_lineofenquiry, cases_reminder, cases_message, cases_escalationanswer, cases_wish,
  cases_historicalreview TO rasso_definer;
GRANT SELECT (about) ON cases_draft TO rasso_definer;
GRANT UPDATE (loading_at, finished_at, undone_at, erased_at) ON cases_importrun TO rasso_definer;
GRANT UPDATE (state, reasons, cells, crime_number, unit_id, is_pressing, case_id) ON cases_importrow TO rasso_definer;
-- Only for rasso.undo_import.
GRANT DELETE ON cases_case, cases_historicalcase, cases_caseoffence, cases_casegrant, cases_victim, cases_historicalvictim, cases_event,
  cases_timelimit, cases_review, cases_historicalreview, cases_reminder, cases_message TO rasso_definer;

-- Was not checked enough; rasso.judge_import_rows stands in its place.
DROP FUNCTION IF EXISTS rasso.note_import_rows;

SET LOCAL ROLE rasso_definer;

-- Runs and rows are written by these functions, so that nobody moves the day from which taking back is counted, nor lets a row stand for a
-- case that it did not become.

-- Raises unless this is a run of the actor's that goes on.
CREATE OR REPLACE FUNCTION rasso.refuse_other_import(wanted_run uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('INSPECTOR') OR NOT EXISTS (SELECT 1 FROM public.cases_importrun
    WHERE id = wanted_run AND owner_id = rasso.actor() AND finished_at IS NULL AND undone_at IS NULL AND erased_at IS NULL) THEN
    RAISE EXCEPTION 'rasso: this actor has no such run' USING ERRCODE = '42501';
  END IF;
END $f$;

-- All rows of a run are checked anew, because what its columns mean has changed.
CREATE OR REPLACE FUNCTION rasso.check_import_anew(wanted_run uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_other_import(wanted_run);
  UPDATE public.cases_importrow w SET state = 'STAGED', reasons = '', crime_number = '', unit_id = NULL, is_pressing = false, case_id = NULL
    FROM public.cases_importrun r WHERE r.id = wanted_run AND r.loading_at IS NULL AND w.run_id = r.id AND w.state <> 'STAGED';
END $f$;

CREATE OR REPLACE FUNCTION rasso.begin_loading_import(wanted_run uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_other_import(wanted_run);
  UPDATE public.cases_importrun SET loading_at = rasso.now() WHERE id = wanted_run AND loading_at IS NULL;
END $f$;

CREATE OR REPLACE FUNCTION rasso.finish_import(wanted_run uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_other_import(wanted_run);
  UPDATE public.cases_importrun SET finished_at = rasso.now() WHERE id = wanted_run AND loading_at IS NOT NULL;
END $f$;

-- The cases out of their reach whose crime numbers the actor has tried to load in the last day of real time, whatever became of the runs.
CREATE OR REPLACE FUNCTION rasso.hidden_cases_tried() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT case_ids[1] FROM public.people_accessrecord
  WHERE user_id = rasso.actor() AND at > clock_timestamp() - interval '1 day' AND kind = 'REFUSED' AND page = 'load_import' AND cardinality(case_ids) = 1
$f$;

-- Whether the actor may load no more for now: five such cases, so that nobody tries a long list of numbers to learn which are taken.
CREATE OR REPLACE FUNCTION rasso.has_tried_enough() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT count(*) >= 5 FROM rasso.hidden_cases_tried()
$f$;

-- Which of the numbers, in their order, have cases already, though the actor reaches none: each gets a line of the access record that
-- names the case, for the auditor. Ends with the one that was one too many; those behind it were not looked at.
CREATE OR REPLACE FUNCTION rasso.refuse_hidden_numbers(wanted_run uuid, numbers text[]) RETURNS text[] LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  taken record;
  hidden text[] := '{}';
BEGIN
  PERFORM rasso.refuse_other_import(wanted_run);
  -- Two runs of the same person count together.
  PERFORM pg_advisory_xact_lock(hashtextextended('rasso.refuse_hidden_numbers', rasso.actor()));
  FOR taken IN SELECT c.id, n.number FROM unnest(numbers) WITH ORDINALITY AS n (number, place)
    JOIN public.cases_case c ON c.crime_number = n.number
    -- Not those that somebody has logged a moment ago for a unit of the actor's: they are here, and not hidden.
    WHERE c.is_restricted OR c.unit_id <> ALL (ARRAY(SELECT rasso.supervised_units())) OR c.id = ANY (ARRAY(SELECT rasso.barred_case_ids()))
    ORDER BY n.place LOOP
    EXIT WHEN rasso.has_tried_enough();
    PERFORM rasso.record_access('REFUSED', 'load_import', ARRAY[taken.id], 409, '', '', '', NULL, NULL);
    hidden := hidden || taken.number;
  END LOOP;
  RETURN hidden;
END $f$;

-- What was found out about some rows of a run, in one statement. Only rows about which something was still to be found out; and a row is
-- loaded only with a case that was logged in this very transaction under its crime number.
CREATE OR REPLACE FUNCTION rasso.judge_import_rows(wanted_run uuid, wanted uuid[], states text[], sentences text[], crime_numbers text[],
  units bigint[], pressing boolean[], cases uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_other_import(wanted_run);
  IF EXISTS (
    SELECT 1 FROM unnest(wanted, states, crime_numbers, cases) AS n (id, state, crime_number, case_id)
      LEFT JOIN public.cases_importrow w ON w.id = n.id AND w.run_id = wanted_run AND w.state IN ('STAGED', 'READY')
      LEFT JOIN public.cases_case c ON c.id = n.case_id
    WHERE w.id IS NULL OR CASE n.state
      WHEN 'LOADED' THEN (c.logged_by_id = rasso.actor() AND c.logged_at = rasso.now() AND c.crime_number = n.crime_number) IS NOT TRUE
        OR (SELECT loading_at IS NULL FROM public.cases_importrun WHERE id = wanted_run)
      WHEN 'EXISTS' THEN n.case_id IS NULL
      WHEN 'READY' THEN n.case_id IS NOT NULL
      WHEN 'REFUSED' THEN n.case_id IS NOT NULL
      ELSE true END) THEN
    RAISE EXCEPTION 'rasso: these rows did not become that' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_importrow w SET state = n.state, reasons = n.sentence, crime_number = n.crime_number, unit_id = n.unit_id,
      is_pressing = n.is_pressing, case_id = n.case_id
    FROM unnest(wanted, states, sentences, crime_numbers, units, pressing, cases)
      AS n (id, state, sentence, crime_number, unit_id, is_pressing, case_id)
    WHERE w.id = n.id;
END $f$;

-- Whether a run is the actor's own and nothing of it was loaded yet. For the two functions that erase what stands in it.
CREATE OR REPLACE FUNCTION rasso.may_change_import(wanted_run uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.kind() = 'police' AND rasso.has_role('INSPECTOR') AND EXISTS (SELECT 1 FROM public.cases_importrun
    WHERE id = wanted_run AND owner_id = rasso.actor() AND loading_at IS NULL AND erased_at IS NULL)
$f$;

-- Which of these cases the actor has just logged: where a crime number is taken, the case was left out. By key, because asking for all that
-- the actor reaches costs more with each case that is there.
CREATE OR REPLACE FUNCTION rasso.just_logged(wanted uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT id FROM public.cases_case WHERE id = ANY (wanted) AND logged_by_id = rasso.actor() AND logged_at = rasso.now() AND rasso.kind() = 'police'
$f$;

-- Give each of the cases that the actor has logged in this very transaction to its officer. As rasso.allocate_case, for many at once.
CREATE OR REPLACE FUNCTION rasso.allocate_new_cases(wanted uuid[], receivers bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('INSPECTOR') OR EXISTS (
    SELECT 1 FROM unnest(wanted) AS given (id) LEFT JOIN public.cases_case c ON c.id = given.id
      AND c.logged_by_id = rasso.actor() AND c.logged_at = rasso.now() AND c.officer_id IS NULL AND NOT c.is_restricted
      AND c.unit_id = ANY (ARRAY(SELECT rasso.supervised_units()))
    WHERE c.id IS NULL) THEN
    RAISE EXCEPTION 'rasso: this actor may not give these cases' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(receivers) AS given (receiver)
    WHERE NOT EXISTS (SELECT 1 FROM public.people_user u JOIN public.people_roleassignment r ON r.user_id = u.id
      WHERE u.id = given.receiver AND u.is_active AND u.organisation_kind = 'POLICE' AND r.role IN ('INVESTIGATOR', 'SERGEANT', 'INSPECTOR')
        AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today()))) THEN
    RAISE EXCEPTION 'rasso: the officer in the case is an investigator or a supervisor' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
    SELECT gen_random_uuid(), given.receiver, p.id, given.id, 'ASSIGNED', rasso.now(), rasso.actor()
    FROM unnest(wanted, receivers) AS given (id, receiver), public.auth_permission p WHERE p.codename = 'work_on_case';
  UPDATE public.cases_case c SET officer_id = given.receiver, version = version + 1, status = 'INVESTIGATING'
    FROM unnest(wanted, receivers) AS given (id, receiver) WHERE c.id = given.id;
END $f$;

-- The key with which the name of a draft begins, with or without its dashes: of a case, or of something of a case.
CREATE OR REPLACE FUNCTION rasso.key_of_draft(about text) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT substring(replace(about, '-', '') FROM '^[0-9a-f]{32}')::uuid
$f$;

-- The case of what has one of these keys: the case itself, or what hangs on it and may have a form of its own.
CREATE OR REPLACE FUNCTION rasso.cases_of_keys(keys uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT id FROM public.cases_case WHERE id = ANY (keys)
  UNION SELECT case_id FROM public.cases_victim WHERE id = ANY (keys)
  UNION SELECT case_id FROM public.cases_suspect WHERE id = ANY (keys)
  UNION SELECT case_id FROM public.cases_review WHERE id = ANY (keys)
  UNION SELECT case_id FROM public.cases_action WHERE id = ANY (keys)
  UNION SELECT case_id FROM public.cases_lineofenquiry WHERE id = ANY (keys)
$f$;

-- Keep the case where it is while somebody saves a draft about it: whoever would take it back waits, and then finds the draft. Answers
-- false where it is gone. Nothing is told to a caller who does not know the key already.
CREATE OR REPLACE FUNCTION rasso.hold_for_draft(about text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE of_case uuid;
BEGIN
  IF rasso.key_of_draft(about) IS NULL THEN RETURN true; END IF;
  of_case := (SELECT one FROM rasso.cases_of_keys(ARRAY[rasso.key_of_draft(about)]) AS held (one) LIMIT 1);
  PERFORM 1 FROM public.cases_case WHERE id = of_case FOR KEY SHARE;
  RETURN FOUND;
END $f$;

-- The cases of a run on which nothing has been done since it made them. Everything that the run wrote bears one moment, that at which
-- the case was logged; whatever bears another was done by somebody, and so was a form that somebody has half filled in. Its callers say
-- who may ask.
CREATE OR REPLACE FUNCTION rasso.import_as_made(wanted_run uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.id FROM public.cases_importrow w
    JOIN public.cases_importrun r ON r.id = w.run_id
    JOIN public.cases_case c ON c.id = w.case_id
  WHERE r.id = wanted_run AND r.owner_id = rasso.actor() AND w.state = 'LOADED' AND c.logged_by_id = r.owner_id
    AND c.crime_number = w.crime_number AND c.logged_at >= r.loading_at AND c.logged_at >= rasso.now() - interval '14 days'
    AND (SELECT rasso.kind()) = 'police' AND (SELECT rasso.has_role('INSPECTOR'))
    AND NOT c.is_restricted
    AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
    AND c.id <> ALL (ARRAY(SELECT rasso.cases_of_keys(ARRAY(SELECT rasso.key_of_draft(d.about) FROM public.cases_draft d WHERE d.about <> ''))))
    AND c.status IN ('RECORDED', 'INVESTIGATING')
    AND NOT EXISTS (SELECT 1 FROM public.cases_historicalcase h WHERE h.id = c.id AND h.history_date <> c.logged_at)
    AND NOT EXISTS (SELECT 1 FROM public.cases_event e WHERE e.case_id = c.id AND (e.recorded_at <> c.logged_at OR e.struck_at IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM public.cases_review v WHERE v.case_id = c.id AND (v.completed_at IS NOT NULL OR v.version > 1 OR v.number IS NULL))
    AND NOT EXISTS (SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = c.id AND (g.starts_at <> c.logged_at OR g.ends_at IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_action a WHERE a.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_escalationanswer a WHERE a.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_suspect s WHERE s.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_wish s WHERE s.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_context x WHERE x.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_investigationplan p WHERE p.case_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM public.cases_lineofenquiry l WHERE l.case_id = c.id)
$f$;

-- Of these, the ones that the inspector may take back: they supervise the unit still, by themselves or for somebody.
CREATE OR REPLACE FUNCTION rasso.import_untouched(wanted_run uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT id FROM public.cases_case WHERE id IN (SELECT rasso.import_as_made(wanted_run)) AND unit_id = ANY (ARRAY(SELECT rasso.supervised_units()))
$f$;

-- Whether there are others among them, so that the run cannot be taken back whole.
CREATE OR REPLACE FUNCTION rasso.import_is_out_of_reach(wanted_run uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT rasso.import_as_made(wanted_run) EXCEPT SELECT rasso.import_untouched(wanted_run))
$f$;

-- What stands in the columns that nobody reads is erased as soon as it is said that they are not read. ``kept``: the places of the
-- others, counted from 0.
CREATE OR REPLACE FUNCTION rasso.keep_import_columns(wanted_run uuid, kept int[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.may_change_import(wanted_run) THEN RAISE EXCEPTION 'rasso: this actor may not change this' USING ERRCODE = '42501'; END IF;
  UPDATE public.cases_importrow w SET cells = coalesce((
      SELECT jsonb_agg(CASE WHEN c.place - 1 = ANY (kept) THEN c.cell ELSE '""' END ORDER BY c.place)
      FROM jsonb_array_elements(w.cells) WITH ORDINALITY AS c (cell, place)), '[]')
    WHERE w.run_id = wanted_run;
END $f$;

-- Give up a run of which nothing was loaded, because its file is read anew.
CREATE OR REPLACE FUNCTION rasso.give_up_import(wanted_run uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.may_change_import(wanted_run) THEN RAISE EXCEPTION 'rasso: this actor may not change this' USING ERRCODE = '42501'; END IF;
  PERFORM rasso.erase_import_rows(ARRAY[wanted_run]);
  UPDATE public.cases_importrun SET erased_at = rasso.now() WHERE id = wanted_run;
END $f$;

-- What stood in the files of these runs goes: the cells, the reasons, which quote them, and a number without a case, which may be anything.
-- For the two functions below.
CREATE OR REPLACE FUNCTION rasso.erase_import_rows(wanted_runs uuid[]) RETURNS void LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $f$
  UPDATE public.cases_importrow SET cells = '[]', reasons = '', crime_number = CASE WHEN case_id IS NULL THEN '' ELSE crime_number END
    WHERE run_id = ANY (wanted_runs)
$f$;

-- Take back what a run made, so far as nothing has been done on it since. Answers the cases that are gone. Who may: its owner, still a
-- Detective Inspector of the units, within 14 days. Reference numbers stay drawn, and the access record keeps what it says.
CREATE OR REPLACE FUNCTION rasso.undo_import(wanted_run uuid) RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  run public.cases_importrun%ROWTYPE;
  gone uuid[];
  told uuid[];
BEGIN
  SELECT * INTO run FROM public.cases_importrun WHERE id = wanted_run FOR NO KEY UPDATE;
  IF run.owner_id IS DISTINCT FROM rasso.actor() OR rasso.kind() <> 'police' OR NOT rasso.has_role('INSPECTOR') THEN
    RAISE EXCEPTION 'rasso: this actor may not take this back' USING ERRCODE = '42501';
  END IF;
  IF run.undone_at IS NOT NULL OR run.loading_at IS NULL OR run.loading_at < rasso.now() - interval '14 days' THEN
    RAISE EXCEPTION 'rasso: this cannot be taken back any more' USING ERRCODE = '22023';
  END IF;
  -- Other runs that found its cases here change with it; those that go on at this moment are waited for.
  PERFORM 1 FROM public.cases_importrun WHERE id IN (SELECT found.run_id FROM public.cases_importrow w
    JOIN public.cases_importrow found ON found.case_id = w.case_id WHERE w.run_id = wanted_run) ORDER BY id FOR NO KEY UPDATE;
  -- Lock, then look: whoever works on one of the cases at this moment is waited for, and then the case is kept.
  PERFORM 1 FROM public.cases_case WHERE id IN (SELECT rasso.import_untouched(wanted_run)) ORDER BY id FOR UPDATE;
  gone := ARRAY(SELECT rasso.import_untouched(wanted_run));
  IF rasso.import_is_out_of_reach(wanted_run) THEN
    RAISE EXCEPTION 'rasso: some of these cases are out of reach' USING ERRCODE = '22023';
  END IF;
  UPDATE public.cases_importrow SET state = 'UNDONE' WHERE run_id = wanted_run AND case_id = ANY (gone);
  -- Where another run had found them here: it can load them now, or check them again if it had not begun to load.
  WITH found AS (
    UPDATE public.cases_importrow w SET case_id = NULL,
        state = CASE WHEN r.undone_at IS NOT NULL OR r.erased_at IS NOT NULL THEN w.state WHEN r.loading_at IS NULL THEN 'STAGED' ELSE 'READY' END,
        crime_number = CASE WHEN r.erased_at IS NULL THEN w.crime_number ELSE '' END,
        reasons = 'Taken back since by whoever loaded it.' || CASE WHEN r.undone_at IS NULL AND r.erased_at IS NULL THEN ' Load again.' ELSE '' END
      FROM public.cases_importrun r WHERE r.id = w.run_id AND r.id <> wanted_run AND w.case_id = ANY (gone) AND w.state = 'EXISTS' RETURNING w.run_id)
  UPDATE public.cases_importrun SET finished_at = NULL WHERE id IN (SELECT run_id FROM found) AND undone_at IS NULL AND erased_at IS NULL;
  UPDATE public.cases_importrow SET case_id = NULL WHERE case_id = ANY (gone);
  PERFORM rasso.erase_import_rows(ARRAY[wanted_run]);
  UPDATE public.cases_importrow SET reasons = 'Kept, because something was done on the case since.' WHERE run_id = wanted_run AND state = 'LOADED';
  UPDATE public.cases_importrun SET undone_at = rasso.now(), erased_at = rasso.now() WHERE id = wanted_run;
  told := ARRAY(SELECT id FROM public.cases_reminder WHERE about_id IN (
    SELECT id FROM public.cases_review WHERE case_id = ANY (gone) UNION ALL SELECT id FROM public.cases_timelimit WHERE case_id = ANY (gone)));
  DELETE FROM public.cases_message WHERE reminder_id = ANY (told);
  DELETE FROM public.cases_reminder WHERE id = ANY (told);
  DELETE FROM public.cases_review WHERE case_id = ANY (gone);
  DELETE FROM public.cases_historicalreview WHERE case_id = ANY (gone);
  DELETE FROM public.cases_timelimit WHERE case_id = ANY (gone);
  DELETE FROM public.cases_event WHERE case_id = ANY (gone);
  DELETE FROM public.cases_victim WHERE case_id = ANY (gone);
  DELETE FROM public.cases_historicalvictim WHERE case_id = ANY (gone);
  DELETE FROM public.cases_caseoffence WHERE case_id = ANY (gone);
  DELETE FROM public.cases_casegrant WHERE content_object_id = ANY (gone);
  DELETE FROM public.cases_case WHERE id = ANY (gone);
  DELETE FROM public.cases_historicalcase WHERE id = ANY (gone);
  RETURN QUERY SELECT unnest(gone);
END $f$;

-- What stood in the files goes 30 days after a run ended, or was left lying; what became of each row stays. Called by the sweep.
CREATE OR REPLACE FUNCTION rasso.purge_imports(moment timestamptz) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE old uuid[];
BEGIN
  old := ARRAY(SELECT id FROM public.cases_importrun
    WHERE erased_at IS NULL AND coalesce(finished_at, loading_at, mapped_at, begun_at) < moment - interval '30 days');
  PERFORM rasso.erase_import_rows(old);
  UPDATE public.cases_importrun SET erased_at = moment WHERE id = ANY (old);
  RETURN cardinality(old);
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.refuse_other_import, rasso.check_import_anew, rasso.begin_loading_import, rasso.finish_import, rasso.judge_import_rows,
  rasso.hidden_cases_tried, rasso.has_tried_enough, rasso.refuse_hidden_numbers,
  rasso.just_logged, rasso.allocate_new_cases, rasso.key_of_draft, rasso.cases_of_keys, rasso.hold_for_draft,
  rasso.import_as_made, rasso.erase_import_rows, rasso.import_untouched, rasso.import_is_out_of_reach, rasso.undo_import, rasso.purge_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.has_tried_enough, rasso.import_untouched, rasso.import_is_out_of_reach TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.check_import_anew, rasso.begin_loading_import, rasso.finish_import, rasso.judge_import_rows, rasso.refuse_hidden_numbers,
  rasso.just_logged, rasso.allocate_new_cases, rasso.hold_for_draft, rasso.undo_import TO rasso_police;
REVOKE ALL ON FUNCTION rasso.may_change_import, rasso.keep_import_columns, rasso.give_up_import FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.keep_import_columns, rasso.give_up_import TO rasso_police;
