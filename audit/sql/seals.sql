-- Seals: the entries of finished transactions, of every sealed table, closed in ranges into one chain, without holding up any writer.
-- All transactions below the first that has not ended are over, so what they wrote is final. Applied after trail.sql.

GRANT SELECT, INSERT ON audit_seal TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- The entries of a range, each with sixteen bytes of its digest, in this form: which tables, in which order, and which of their columns.
-- A column that comes later makes a new form; the old ones stay, because old seals were made in them.
CREATE OR REPLACE FUNCTION rasso.sealed_rows(form int, of_cluster bigint, lo bigint, hi bigint)
  RETURNS TABLE (part int, id bigint, at timestamptz, digest bytea) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' SET bytea_output = 'hex' AS $f$
  SELECT 1, r.id, r.at, substring(sha256(convert_to('people_accessrecord' || ROW(r.id, r.at, r.user_id, r.kind, r.page, r.case_ids, r.outcome,
    r.on_behalf_of, r.rights, r.address, r.request_id, r.recipient, r.basis, r.words_digest, r.xact, r.cluster)::text, 'UTF8')) FOR 16)
  FROM public.people_accessrecord r WHERE form = 1 AND r.cluster = of_cluster AND r.xact >= lo AND r.xact < hi
  UNION ALL
  SELECT 2, r.id, r.at, substring(sha256(convert_to('audit_datachange' || ROW(r.id, r.at, r.user_id, r.login, r.table_name, r.row_key, r.case_id,
    r.command, r.columns, r.old_digest, r.new_digest, r.xact, r.cluster)::text, 'UTF8')) FOR 16)
  FROM public.audit_datachange r WHERE form = 1 AND r.cluster = of_cluster AND r.xact >= lo AND r.xact < hi
$f$;

CREATE OR REPLACE FUNCTION rasso.seal_hash(s public.audit_seal) RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT sha256(s.prev || convert_to(concat_ws('|', s.number, extract(epoch FROM s.at), s.cluster, s.lo, s.hi, s.form, s.rows,
    extract(epoch FROM s.last_at)), 'UTF8') || s.digest)
$f$;

-- The next range of a cluster that is to be sealed: no longer than so many entries, unless one transaction wrote more. Nothing where
-- there is nothing.
CREATE OR REPLACE FUNCTION rasso.next_range(of_cluster bigint, final bigint, most int, OUT lo bigint, OUT hi bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  first bigint;
  cut bigint;
BEGIN
  SELECT coalesce(max(s.hi), 0) INTO lo FROM public.audit_seal s WHERE s.cluster = of_cluster;
  SELECT min(x.xact) INTO first FROM (
    (SELECT a.xact FROM public.people_accessrecord a WHERE a.cluster = of_cluster AND a.xact >= lo AND a.xact < final ORDER BY a.xact LIMIT 1)
    UNION ALL
    (SELECT d.xact FROM public.audit_datachange d WHERE d.cluster = of_cluster AND d.xact >= lo AND d.xact < final ORDER BY d.xact LIMIT 1)) x;
  IF first IS NULL THEN lo := NULL; RETURN; END IF;
  SELECT x.xact INTO cut FROM (
    (SELECT a.xact FROM public.people_accessrecord a WHERE a.cluster = of_cluster AND a.xact >= lo AND a.xact < final ORDER BY a.xact LIMIT most + 1)
    UNION ALL
    (SELECT d.xact FROM public.audit_datachange d WHERE d.cluster = of_cluster AND d.xact >= lo AND d.xact < final ORDER BY d.xact LIMIT most + 1)) x
  ORDER BY x.xact OFFSET most LIMIT 1;
  hi := CASE WHEN cut IS NULL THEN final WHEN cut > first THEN cut ELSE cut + 1 END;
END $f$;

-- Clusters with entries, one step along the index for each.
CREATE OR REPLACE FUNCTION rasso.clusters_of_record() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH RECURSIVE a AS (
    (SELECT cluster FROM public.people_accessrecord ORDER BY cluster LIMIT 1)
    UNION ALL SELECT (SELECT r.cluster FROM public.people_accessrecord r WHERE r.cluster > a.cluster ORDER BY r.cluster LIMIT 1) FROM a WHERE a.cluster IS NOT NULL
  ), d AS (
    (SELECT cluster FROM public.audit_datachange ORDER BY cluster LIMIT 1)
    UNION ALL SELECT (SELECT r.cluster FROM public.audit_datachange r WHERE r.cluster > d.cluster ORDER BY r.cluster LIMIT 1) FROM d WHERE d.cluster IS NOT NULL
  )
  SELECT cluster FROM a WHERE cluster IS NOT NULL UNION SELECT cluster FROM d WHERE cluster IS NOT NULL ORDER BY 1
$f$;

-- The first transaction that may still write here: what is below it has ended. Those of other databases of the server write nothing here,
-- however long they last. One whose lock is gone by now ended after the snapshot, and is waited for once more.
CREATE OR REPLACE FUNCTION rasso.first_unfinished() RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
  SELECT least(pg_current_xact_id_if_assigned()::text::bigint, coalesce((
    SELECT min(x.xact::text::bigint) FROM now, LATERAL pg_snapshot_xip(now.snapshot) x (xact)
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.transactionid = x.xact::xid
        AND a.datname <> current_database())),
    (SELECT pg_snapshot_xmax(now.snapshot)::text::bigint FROM now)))
$f$;

-- Seal one range. What a restored database brought with it from another cluster comes first, and only from a cluster that was sealed
-- before or when nothing was sealed yet: entries that name a cluster of their own invention are never sealed, and reported.
CREATE OR REPLACE FUNCTION rasso.seal_next(most int) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  here CONSTANT bigint := rasso.cluster();
  final bigint;
  newest public.audit_seal;
  s public.audit_seal;
  of_cluster bigint;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  PERFORM pg_advisory_xact_lock(hashtext('rasso.seal'));
  -- Asked after the lock, and before the rows are read: whatever is below it has ended and is seen.
  final := rasso.first_unfinished();
  SELECT * INTO newest FROM public.audit_seal ORDER BY number DESC LIMIT 1;
  FOR of_cluster IN SELECT c FROM rasso.clusters_of_record() c ORDER BY c = here, c LOOP
    CONTINUE WHEN of_cluster <> here AND newest.number IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM public.audit_seal k WHERE k.cluster = of_cluster);
    SELECT r.lo, r.hi INTO s.lo, s.hi FROM rasso.next_range(of_cluster, CASE of_cluster WHEN here THEN final ELSE 9223372036854775807 END, most) r;
    EXIT WHEN s.lo IS NOT NULL;
  END LOOP;
  IF s.lo IS NULL THEN RETURN NULL; END IF;
  s.number := coalesce(newest.number, 0) + 1;
  s.at := clock_timestamp();
  s.cluster := of_cluster;
  s.form := 1;
  SELECT count(*), max(r.at), string_agg(r.digest, ''::bytea ORDER BY r.part, r.id) INTO s.rows, s.last_at, s.row_digests
    FROM rasso.sealed_rows(1, s.cluster, s.lo, s.hi) r;
  s.digest := sha256(s.row_digests);
  s.prev := coalesce(newest.hash, '\x00'::bytea);
  s.hash := rasso.seal_hash(s);
  INSERT INTO public.audit_seal SELECT s.*;
  RETURN s.number;
END $f$;

-- The seals between two numbers, each with how many entries it closes and what is wrong with it or with one of them; one line for a seal
-- that is whole.
CREATE OR REPLACE FUNCTION rasso.verify_seals(from_number bigint, to_number bigint)
  RETURNS TABLE (number bigint, entries bigint, fault text, part int, entry_id bigint, entry_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  s public.audit_seal;
  p public.audit_seal;
  was bigint;
  present bytea;
  oldest timestamptz;
  newest timestamptz;
  found_faults boolean;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT * INTO p FROM public.audit_seal k WHERE k.number < from_number ORDER BY k.number DESC LIMIT 1;
  FOR s IN SELECT * FROM public.audit_seal k WHERE k.number BETWEEN from_number AND to_number ORDER BY k.number LOOP
    number := s.number; part := NULL; entry_id := NULL; entry_at := NULL; found_faults := false;
    SELECT count(*), string_agg(r.digest, ''::bytea ORDER BY r.part, r.id), min(r.at), max(r.at) INTO entries, present, oldest, newest
      FROM rasso.sealed_rows(s.form, s.cluster, s.lo, s.hi) r;
    present := coalesce(present, ''::bytea);
    SELECT k.hi INTO was FROM public.audit_seal k WHERE k.cluster = s.cluster AND k.number < s.number ORDER BY k.number DESC LIMIT 1;
    FOR fault IN SELECT f.fault FROM (VALUES
        (s.number <> coalesce(p.number, 0) + 1, 'the seal before it is missing'),
        (s.number = coalesce(p.number, 0) + 1 AND s.prev <> coalesce(p.hash, '\x00'::bytea), 'it does not continue the seal before it'),
        (s.lo <> coalesce(was, 0), 'its range does not begin where the one before it ended'),
        (s.hash <> rasso.seal_hash(s) OR s.digest <> sha256(s.row_digests), 'the seal itself was changed')) f (is_so, fault) WHERE f.is_so LOOP
      found_faults := true;
      RETURN NEXT;
    END LOOP;
    IF present <> s.row_digests THEN
      found_faults := true;
      fault := 'was changed or added after it was sealed';
      FOR part, entry_id, entry_at IN
        SELECT r.part, r.id, r.at FROM rasso.sealed_rows(s.form, s.cluster, s.lo, s.hi) r
        WHERE r.digest NOT IN (SELECT substring(s.row_digests FROM i FOR 16) FROM generate_series(1, length(s.row_digests), 16) i)
        ORDER BY r.part, r.id LOOP
        RETURN NEXT;
      END LOOP;
      IF entries < s.rows OR entry_id IS NULL THEN
        fault := CASE WHEN entries < s.rows THEN format('%s of its %s entries are missing', s.rows - entries, s.rows)
          ELSE 'its list of entries was changed' END;
        part := NULL; entry_id := NULL; entry_at := NULL;
        RETURN NEXT;
      END IF;
    END IF;
    -- A transaction lasts no day: an entry so much older than those sealed before it was given a false time.
    IF newest > s.at + interval '5 minutes' OR p.cluster = s.cluster AND oldest < p.last_at - interval '1 day' THEN
      found_faults := true;
      fault := 'its time is not the time at which it was written';
      FOR part, entry_id, entry_at IN
        SELECT r.part, r.id, r.at FROM rasso.sealed_rows(s.form, s.cluster, s.lo, s.hi) r
        WHERE r.at > s.at + interval '5 minutes' OR p.cluster = s.cluster AND r.at < p.last_at - interval '1 day' LOOP
        RETURN NEXT;
      END LOOP;
    END IF;
    IF NOT found_faults THEN
      fault := NULL; part := NULL; entry_id := NULL; entry_at := NULL;
      RETURN NEXT;
    END IF;
    p := s;
  END LOOP;
END $f$;

-- What no seal covers: entries not sealed yet, by when the oldest was written; and those that never will be, because they name a cluster
-- of which nobody knows or a transaction that has not been.
CREATE OR REPLACE FUNCTION rasso.unsealed(OUT not_sealed bigint, OUT since timestamptz, OUT strange bigint, OUT strange_part int, OUT strange_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  here CONSTANT bigint := rasso.cluster();
  next CONSTANT bigint := greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id_if_assigned()::text::bigint + 1);
  anything CONSTANT boolean := EXISTS (SELECT 1 FROM public.audit_seal);
  c record;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  not_sealed := 0; strange := 0;
  FOR c IN SELECT k.c AS cluster, coalesce((SELECT max(s.hi) FROM public.audit_seal s WHERE s.cluster = k.c), 0) AS hi,
      k.c <> here AND anything AND NOT EXISTS (SELECT 1 FROM public.audit_seal s WHERE s.cluster = k.c) AS is_unknown
    FROM rasso.clusters_of_record() k (c) LOOP
    SELECT not_sealed + count(*) FILTER (WHERE NOT x.is_strange), least(since, min(x.at) FILTER (WHERE NOT x.is_strange)),
      strange + count(*) FILTER (WHERE x.is_strange), coalesce(strange_part, (min(ARRAY[x.part, x.id]) FILTER (WHERE x.is_strange))[1]::int),
      coalesce(strange_id, (min(ARRAY[x.part, x.id]) FILTER (WHERE x.is_strange))[2])
    INTO not_sealed, since, strange, strange_part, strange_id
    FROM (
      SELECT 1 AS part, a.id, a.at, c.is_unknown OR c.cluster = here AND a.xact >= next AS is_strange FROM public.people_accessrecord a
        WHERE a.cluster = c.cluster AND a.xact >= c.hi
      UNION ALL
      SELECT 2, d.id, d.at, c.is_unknown OR c.cluster = here AND d.xact >= next FROM public.audit_datachange d
        WHERE d.cluster = c.cluster AND d.xact >= c.hi) x;
  END LOOP;
END $f$;

RESET ROLE;

-- Since when the record has not been sealed, by the clock of the job that does it; asked by pages and by /health/ready.
CREATE OR REPLACE FUNCTION rasso.sealing_is_late() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce((SELECT at < clock_timestamp() - interval '5 minutes' FROM public.cases_heartbeat WHERE job = 'seals'), true)
$f$;

REVOKE ALL ON FUNCTION rasso.first_unfinished, rasso.sealed_rows, rasso.seal_hash, rasso.next_range, rasso.clusters_of_record, rasso.seal_next, rasso.verify_seals,
  rasso.unsealed, rasso.sealing_is_late FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.seal_next, rasso.verify_seals, rasso.unsealed TO rasso_system;
GRANT EXECUTE ON FUNCTION rasso.sealing_is_late TO rasso_web, rasso_worker, rasso_system, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_seal EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
