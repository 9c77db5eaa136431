-- The audit trigger: one line in audit_datachange for each row that changed, whoever or whatever changed it. Statement by statement, which
-- for many rows costs a quarter of what it costs row by row. Put on tables by kit/postgres/rules.py, ALWAYS, so that no session setting
-- switches it off. The owner works with row_security off, which makes every silent "no rows" an error; the function turns it on for itself.

GRANT SELECT, INSERT ON audit_datachange TO rasso_definer;
GRANT USAGE ON SEQUENCE audit_datachange_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- No login reads it: with it and a digest, somebody could try values until one fits.
CREATE TABLE IF NOT EXISTS rasso.digest_key (key bytea NOT NULL, is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one));
INSERT INTO rasso.digest_key (key)
  SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
  ON CONFLICT DO NOTHING;

-- Arguments: the column that names the case, or '' for a table without one; the column of the key. The owner's sessions refuse to be filtered by policies
-- (rasso/settings.py); this function sees all rows by one.
CREATE OR REPLACE FUNCTION rasso.audit_change() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET row_security = on SET "TimeZone" = 'UTC' SET bytea_output = 'hex' AS $f$
DECLARE
  who CONSTANT bigint := CASE WHEN coalesce(current_setting('rasso.actor', true), '') <> '' THEN rasso.actor() END;
  here CONSTANT bigint := rasso.cluster();
  mine CONSTANT bigint := pg_current_xact_id()::text::bigint;
  k CONSTANT bytea := (SELECT d.key FROM rasso.digest_key d);
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.audit_datachange (at, user_id, login, table_name, row_key, case_id, command, columns, new_digest, xact, cluster)
    SELECT clock_timestamp(), who, session_user, TG_TABLE_NAME, n.j ->> TG_ARGV[1], (n.j ->> TG_ARGV[0])::uuid, TG_OP, '{}',
      sha256(k || convert_to(TG_TABLE_NAME || n.j::text, 'UTF8') || k), mine, here
    FROM (SELECT to_jsonb(r) AS j FROM new_rows r) n;
  ELSIF TG_OP = 'UPDATE' THEN
    -- A key that changed leaves two lines: the one without a new digest says that the old row is gone.
    INSERT INTO public.audit_datachange (at, user_id, login, table_name, row_key, case_id, command, columns, old_digest, new_digest, xact, cluster)
    SELECT clock_timestamp(), who, session_user, TG_TABLE_NAME, coalesce(n.j, o.j) ->> TG_ARGV[1], (coalesce(n.j, o.j) ->> TG_ARGV[0])::uuid, TG_OP,
      ARRAY(SELECT c.key FROM jsonb_each(n.j) c WHERE c.value IS DISTINCT FROM o.j -> c.key ORDER BY c.key),
      sha256(k || convert_to(TG_TABLE_NAME || o.j::text, 'UTF8') || k), sha256(k || convert_to(TG_TABLE_NAME || n.j::text, 'UTF8') || k), mine, here
    FROM (SELECT to_jsonb(r) AS j FROM new_rows r) n FULL JOIN (SELECT to_jsonb(r) AS j FROM old_rows r) o ON o.j ->> TG_ARGV[1] = n.j ->> TG_ARGV[1];
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.audit_datachange (at, user_id, login, table_name, row_key, case_id, command, columns, old_digest, xact, cluster)
    SELECT clock_timestamp(), who, session_user, TG_TABLE_NAME, o.j ->> TG_ARGV[1], (o.j ->> TG_ARGV[0])::uuid, TG_OP, '{}',
      sha256(k || convert_to(TG_TABLE_NAME || o.j::text, 'UTF8') || k), mine, here
    FROM (SELECT to_jsonb(r) AS j FROM old_rows r) o;
  ELSE
    INSERT INTO public.audit_datachange (at, user_id, login, table_name, row_key, command, columns, xact, cluster)
    VALUES (clock_timestamp(), who, session_user, TG_TABLE_NAME, '', TG_OP, '{}', mine, here);
  END IF;
  RETURN NULL;
END $f$;

-- The worker's own jobs, and auditors: nobody else proves or reads the record.
CREATE OR REPLACE FUNCTION rasso.refuse_all_but_auditors() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF rasso.kind() <> 'system' AND NOT rasso.has_role('AUDITOR') THEN RAISE EXCEPTION 'rasso: only an auditor reads the record' USING ERRCODE = '42501'; END IF;
END $f$;

-- The column of the key of a table.
CREATE OR REPLACE FUNCTION rasso.key_column(wanted_table text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = to_regclass(format('public.%I', wanted_table)) AND i.indisprimary
$f$;

-- What stands in a table when the trigger is put on it, or when a migration took columns away that the digests had covered.
CREATE OR REPLACE FUNCTION rasso.audit_baseline(wanted_table text, case_column text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET bytea_output = 'hex' AS $f$
BEGIN
  EXECUTE format($q$
    INSERT INTO public.audit_datachange (at, login, table_name, row_key, case_id, command, columns, new_digest, xact, cluster)
    SELECT clock_timestamp(), session_user, %L, n.j ->> %L, (n.j ->> %L)::uuid, 'BASELINE', '{}',
      sha256(d.key || convert_to(%L || n.j::text, 'UTF8') || d.key), pg_current_xact_id()::text::bigint, rasso.cluster()
    FROM (SELECT to_jsonb(r) AS j FROM public.%I r) n, rasso.digest_key d $q$, wanted_table, rasso.key_column(wanted_table), case_column, wanted_table, wanted_table);
END $f$;

-- Rows of a table that are not as the newest line about them says. A line covers the columns that there were when it was written; columns
-- are only ever added at the end, so it agrees if it agrees with the row less its last columns, however many. ``last_at``: of that line.
DROP FUNCTION IF EXISTS rasso.rows_unlike_trail(text);
CREATE FUNCTION rasso.rows_unlike_trail(wanted_table text) RETURNS TABLE (row_key text, fault text, last_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET bytea_output = 'hex' AS $f$
DECLARE
  names CONSTANT text[] := ARRAY(SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('public.%I', wanted_table)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum);
  emptied bigint;
  k CONSTANT bytea := (SELECT d.key FROM rasso.digest_key d);
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  IF (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('public.%I', wanted_table)) AND t.tgname LIKE 'audit\_%'
      AND t.tgenabled = 'A') <> 4 THEN
    RETURN QUERY SELECT ''::text, 'its audit trigger is missing or switched off'::text, NULL::timestamptz;
  END IF;
  SELECT max(d.id) INTO emptied FROM public.audit_datachange d WHERE d.table_name = wanted_table AND d.command = 'TRUNCATE';
  RETURN QUERY EXECUTE format($q$
    SELECT coalesce(p.row_key, n.row_key)::text,
      CASE WHEN p.row_key IS NULL THEN 'was deleted past the audit trigger'
        WHEN n.new_digest IS NULL THEN 'was added past the audit trigger'
        ELSE 'was changed past the audit trigger' END, n.at
    FROM (SELECT r.%I::text AS row_key, to_jsonb(r) AS j FROM public.%I r) p
    FULL JOIN (SELECT DISTINCT ON (d.row_key) d.row_key::text, d.new_digest, d.at FROM public.audit_datachange d
      WHERE d.table_name = $1 AND d.id > coalesce($2, 0) AND d.command <> 'TRUNCATE' ORDER BY d.row_key, d.id DESC) n USING (row_key)
    WHERE CASE WHEN p.row_key IS NULL THEN n.new_digest IS NOT NULL WHEN n.new_digest IS NULL THEN true
      WHEN n.new_digest = sha256($3 || convert_to($1 || p.j::text, 'UTF8') || $3) THEN false
      ELSE NOT EXISTS (SELECT 1 FROM generate_series(1, cardinality($4) - 1) s
        WHERE n.new_digest = sha256($3 || convert_to($1 || (p.j - $4[s + 1:])::text, 'UTF8') || $3)) END
    ORDER BY 1 $q$, rasso.key_column(wanted_table), wanted_table) USING wanted_table, emptied, k, names;
END $f$;

RESET ROLE;

REVOKE ALL ON rasso.digest_key FROM PUBLIC;
REVOKE ALL ON FUNCTION rasso.audit_change, rasso.key_column, rasso.audit_baseline, rasso.rows_unlike_trail, rasso.refuse_all_but_auditors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.rows_unlike_trail TO rasso_system;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_datachange FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_datachange EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE audit_datachange ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
