-- A check of the whole record, a slice at a time, by whoever presses the button or by the command; and the newest seal, to be kept elsewhere.
-- Applied after seals.sql.

GRANT SELECT, INSERT, UPDATE ON audit_check TO rasso_definer;
GRANT SELECT, INSERT ON audit_keptseal TO rasso_definer;
GRANT USAGE ON SEQUENCE audit_keptseal_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Who is an auditor today and can sign in.
CREATE OR REPLACE FUNCTION rasso.auditors() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT a.user_id FROM public.people_roleassignment a JOIN public.people_user u ON u.id = a.user_id
  WHERE a.role = 'AUDITOR' AND u.is_active AND a.starts_on <= rasso.today() AND (a.ends_on IS NULL OR a.ends_on >= rasso.today())
$f$;

-- Begin a check of everything that is sealed at this moment.
CREATE OR REPLACE FUNCTION rasso.begin_check() RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made uuid := gen_random_uuid();
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  INSERT INTO public.audit_check (id, by_id, began_at, last_number, last_hash, next_number, tables_done, entries, not_sealed, faults)
    SELECT made, rasso.actor(), clock_timestamp(), coalesce(n.number, 0), n.hash, 1, 0, 0, 0, '[]'
    FROM (SELECT 1) one LEFT JOIN (SELECT s.number, s.hash FROM public.audit_seal s ORDER BY s.number DESC LIMIT 1) n ON true;
  RETURN made;
END $f$;

-- One slice of a check: about so many entries, or one table whose rows are compared with what the audit trigger said of them. Answers
-- whether there is more to do. Two who press at once do it one after the other.
CREATE OR REPLACE FUNCTION rasso.continue_check(wanted uuid, at_once int, tables text[]) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  k public.audit_check;
  upto bigint;
  found_faults jsonb := '[]';
  read bigint := 0;
  r record;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT * INTO k FROM public.audit_check c WHERE c.id = wanted FOR UPDATE;
  IF k.id IS NULL OR k.ended_at IS NOT NULL THEN RETURN false; END IF;
  SELECT max(x.number) INTO upto FROM (
    SELECT s.number, sum(s.rows) OVER (ORDER BY s.number) - s.rows AS before
    FROM (SELECT number, rows FROM public.audit_seal WHERE number BETWEEN k.next_number AND k.last_number ORDER BY number LIMIT 500) s) x
  WHERE x.before < at_once;
  IF upto IS NOT NULL THEN
    SELECT coalesce(sum(v.entries) FILTER (WHERE v.nth = 1), 0),
      coalesce(jsonb_agg(jsonb_build_object('seal', v.number, 'fault', v.fault, 'part', v.part, 'entry', v.entry_id, 'at', v.entry_at))
        FILTER (WHERE v.fault IS NOT NULL AND v.nth <= 20), '[]')
    INTO read, found_faults
    FROM (SELECT s.*, row_number() OVER (PARTITION BY s.number) AS nth FROM rasso.verify_seals(k.next_number, upto) s) v;
    k.next_number := upto + 1;
  ELSIF k.tables_done = 0 THEN
    -- Seals that this check, an earlier one or somebody who keeps them elsewhere has seen, and that are gone or have become others.
    SELECT coalesce(jsonb_agg(jsonb_build_object('seal', g.number, 'fault', 'a seal that was seen before is gone, or is another now')), '[]')
    INTO found_faults FROM (
      SELECT c.last_number AS number, c.last_hash AS hash FROM public.audit_check c WHERE c.last_hash IS NOT NULL
      UNION SELECT s.number, s.hash FROM public.audit_keptseal s) g
    WHERE NOT EXISTS (SELECT 1 FROM public.audit_seal s WHERE s.number = g.number AND s.hash = g.hash);
    SELECT * INTO r FROM rasso.unsealed();
    IF r.strange > 0 THEN
      found_faults := found_faults || jsonb_build_object('fault', 'names a cluster or a transaction that there was not',
        'part', r.strange_part, 'entry', r.strange_id);
    END IF;
    -- Words that are not erased are those of which the entry, which is sealed, holds the digest.
    found_faults := found_faults || (SELECT coalesce(jsonb_agg(jsonb_build_object('table', 'people_searchedwords', 'row', w.record_id::text,
        'fault', 'holds other words than were searched for')), '[]')
      FROM (SELECT x.record_id FROM public.people_searchedwords x LEFT JOIN public.people_accessrecord a ON a.id = x.record_id
        WHERE x.words <> '' AND a.words_digest IS DISTINCT FROM sha256(convert_to(x.salt::text || x.words, 'UTF8')) ORDER BY 1 LIMIT 20) w);
    k.not_sealed := r.not_sealed;
    k.tables_done := 1;
  ELSIF k.tables_done <= cardinality(tables) THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object('table', tables[k.tables_done], 'row', u.row_key, 'fault', u.fault, 'at', u.last_at)), '[]') INTO found_faults
    FROM (SELECT * FROM rasso.rows_unlike_trail(tables[k.tables_done]) LIMIT 20) u;
    k.tables_done := k.tables_done + 1;
  ELSE
    k.ended_at := clock_timestamp();
    -- Nobody sits before a check of the server's own, so auditors are told; the message says no more than that there is something.
    IF k.by_id = 0 AND k.faults <> '[]' THEN PERFORM rasso.alert(ARRAY(SELECT rasso.auditors())); END IF;
  END IF;
  UPDATE public.audit_check c SET next_number = k.next_number, tables_done = k.tables_done, ended_at = k.ended_at, not_sealed = k.not_sealed,
    entries = c.entries + read,
    faults = (SELECT coalesce(jsonb_agg(f.one), '[]') FROM (SELECT one FROM jsonb_array_elements(c.faults || found_faults) one LIMIT 50) f)
  WHERE c.id = wanted;
  RETURN k.ended_at IS NULL;
END $f$;

-- What a check found, for the command.
CREATE OR REPLACE FUNCTION rasso.check_found(wanted uuid, OUT entries bigint, OUT not_sealed bigint, OUT faults jsonb) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT c.entries, c.not_sealed, c.faults INTO check_found.entries, check_found.not_sealed, check_found.faults FROM public.audit_check c WHERE c.id = wanted;
END $f$;

-- The newest seal, handed out to be kept elsewhere: so that a record that is cut short from its end is found as well.
CREATE OR REPLACE FUNCTION rasso.keep_seal(address inet, request_id uuid, OUT number bigint, OUT at timestamptz, OUT hash text, OUT cluster bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT s.number, s.at, encode(s.hash, 'hex'), s.cluster INTO keep_seal.number, keep_seal.at, keep_seal.hash, keep_seal.cluster
    FROM public.audit_seal s ORDER BY s.number DESC LIMIT 1;
  IF keep_seal.number IS NULL THEN RETURN; END IF;
  INSERT INTO public.audit_keptseal (number, hash, by_id, at)
    VALUES (keep_seal.number, decode(keep_seal.hash, 'hex'), rasso.actor(), clock_timestamp());
  PERFORM rasso.record_access('EXPORTED', 'export-seal', '{}', NULL, '', '', '', keep_seal.address, keep_seal.request_id);
END $f$;

-- What the log keeps of a seal.
CREATE OR REPLACE FUNCTION rasso.seal_to_log(wanted bigint, OUT hash text, OUT cluster bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT encode(s.hash, 'hex'), s.cluster INTO seal_to_log.hash, seal_to_log.cluster FROM public.audit_seal s WHERE s.number = wanted;
END $f$;

-- The check that the clock has to make or to go on with: one a day, at six o'clock where the force is, by the server itself; later where it
-- stood still then. NULL when that has ended. In real time, like the record.
CREATE OR REPLACE FUNCTION rasso.daily_check() RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  here CONSTANT timestamp := clock_timestamp() AT TIME ZONE {time_zone};
  due CONSTANT timestamptz := (date_trunc('day', here - interval '6 hours') + interval '6 hours') AT TIME ZONE {time_zone};
  k public.audit_check;
BEGIN
  IF rasso.kind() <> 'system' THEN RAISE EXCEPTION 'rasso: only the clock makes the daily check' USING ERRCODE = '42501'; END IF;
  -- Two workers at once begin one.
  PERFORM pg_advisory_xact_lock(hashtext('rasso.daily_check'));
  SELECT c.* INTO k FROM public.audit_check c WHERE c.by_id = 0 AND c.began_at >= due ORDER BY c.began_at DESC LIMIT 1;
  IF k.id IS NULL THEN RETURN rasso.begin_check(); END IF;
  RETURN CASE WHEN k.ended_at IS NULL THEN k.id END;
END $f$;

CREATE OR REPLACE FUNCTION rasso.seal_is(wanted bigint, wanted_hash text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN EXISTS (SELECT 1 FROM public.audit_seal s WHERE s.number = wanted AND encode(s.hash, 'hex') = wanted_hash);
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.auditors, rasso.daily_check, rasso.seal_to_log, rasso.begin_check, rasso.continue_check, rasso.keep_seal, rasso.seal_is, rasso.check_found FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.begin_check, rasso.continue_check, rasso.keep_seal TO rasso_system, rasso_police, rasso_partner;
GRANT EXECUTE ON FUNCTION rasso.seal_is, rasso.check_found, rasso.daily_check, rasso.seal_to_log TO rasso_system;
