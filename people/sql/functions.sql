-- Who is asking, and what follows from it. Applied after every migrate (rasso/management/commands/migrate.py), run as the owner.
-- Functions that must see more than their caller belong to rasso_definer, which nobody can log in as.

GRANT USAGE ON SCHEMA rasso TO rasso_web, rasso_worker, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;
GRANT CREATE ON SCHEMA rasso TO rasso_definer;
GRANT SELECT ON people_user, people_roleassignment, people_membership, people_unit, people_organisation TO rasso_definer;
GRANT SELECT, INSERT ON people_accessrecord, people_peoplechange, people_searchedwords TO rasso_definer;
GRANT USAGE ON SEQUENCE people_accessrecord_id_seq, people_peoplechange_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- One clock for Python and SQL. The demonstration replaces this function by one that adds its offset (rasso/demonstration).
DO $do$ BEGIN
  IF to_regprocedure('rasso.now()') IS NULL THEN
    CREATE FUNCTION rasso.now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS 'SELECT pg_catalog.now()';
  END IF;
END $do$;

-- The present date where the force is; {time_zone} is put in when this file is applied.
CREATE OR REPLACE FUNCTION rasso.today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT (rasso.now() AT TIME ZONE {time_zone})::date
$f$;

-- The keys that sign who is asking. Only this schema's functions read it; `manage.py migrate` writes the key of the settings, and the one
-- before stays good for an hour, so that web servers can be given the new one after another.
CREATE TABLE IF NOT EXISTS rasso.actor_key (key bytea PRIMARY KEY, ends_at timestamptz);

-- Whether an "id:kind:signature" was signed with one of the keys. Hashed twice, so that nothing can be appended to what was signed.
CREATE OR REPLACE FUNCTION rasso.is_signed(identity text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (
    SELECT 1 FROM rasso.actor_key k
    CROSS JOIN LATERAL (SELECT convert_to(split_part(identity, ':', 1) || ':' || split_part(identity, ':', 2), 'UTF8') AS said) i
    WHERE (k.ends_at IS NULL OR k.ends_at > clock_timestamp())
      AND encode(sha256(k.key || sha256(k.key || i.said)), 'hex') = split_part(identity, ':', 3))
$f$;

-- One part of who is bound; raises when nobody is, or somebody who was not signed: so a statement smuggled in makes itself nobody else.
CREATE OR REPLACE FUNCTION rasso.bound_part(part int) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE bound text := current_setting('rasso.actor', true);
BEGIN
  IF bound IS NULL OR bound = '' THEN
    RAISE EXCEPTION 'rasso: no actor is bound to this transaction' USING ERRCODE = '42501';
  END IF;
  IF NOT rasso.is_signed(bound) THEN
    RAISE EXCEPTION 'rasso: the bound actor is not signed' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(bound, ':', part);
END $f$;

-- The bound actor, for policies: call it as (SELECT rasso.actor()), so that it runs once per statement. Raises when nobody is bound.
CREATE OR REPLACE FUNCTION rasso.actor() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN rasso.bound_part(1)::bigint; END $f$;

-- "police", "partner" or "system".
CREATE OR REPLACE FUNCTION rasso.kind() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN rasso.bound_part(2); END $f$;

-- The roles a person holds on the present local day; none for somebody deactivated, or bound as a kind they are not.
CREATE OR REPLACE FUNCTION rasso.actor_roles() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  of_police CONSTANT boolean := rasso.kind() = 'police';
  day CONSTANT date := rasso.today();
BEGIN
  RETURN (SELECT coalesce(array_agg(DISTINCT r.role::text), '{}')
    FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id
    WHERE u.id = me AND u.is_active AND (u.organisation_kind = 'POLICE') = of_police
      AND r.starts_on <= day AND (r.ends_on IS NULL OR r.ends_on >= day));
END $f$;

CREATE OR REPLACE FUNCTION rasso.has_role(VARIADIC wanted text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN rasso.actor_roles() && wanted; END $f$;

-- The units a supervisor answers for themselves: those they are a member of, and what stands below. With those of people whom they
-- cover for: rasso.supervised_units (cover.sql).
CREATE OR REPLACE FUNCTION rasso.own_units() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  day CONSTANT date := rasso.today();
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('SERGEANT', 'INSPECTOR') THEN RETURN; END IF;
  RETURN QUERY WITH RECURSIVE mine AS (
      SELECT m.unit_id FROM public.people_membership m
      WHERE m.user_id = me AND m.starts_on <= day AND (m.ends_on IS NULL OR m.ends_on >= day)
      UNION
      SELECT u.id FROM public.people_unit u JOIN mine ON u.parent_id = mine.unit_id
    )
    SELECT unit_id FROM mine;
END $f$;

-- Which cluster this is: a database restored elsewhere counts its transactions anew.
CREATE OR REPLACE FUNCTION rasso.cluster() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT system_identifier FROM pg_control_system()
$f$;

DROP FUNCTION IF EXISTS rasso.record_access(text, text, uuid[], int);
-- The one line of the access record. The actor comes from the binding, never from an argument, and so do for whom they looked and by what
-- right. What was searched for stands apart, where it can be erased; the line holds its digest, salted so that no name can be guessed back.
CREATE OR REPLACE FUNCTION rasso.record_access(kind text, page text, case_ids uuid[], outcome int, words text, recipient text, basis text,
  address inet, request_id uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  behalf bigint[] := '{}';
  by_right text[] := '{}';
  salt uuid;
  written bigint;
BEGIN
  IF kind = 'REFUSED' AND words ~ '^[A-Z]{1,8}-[0-9]{4}-[0-9]{5,7}$' THEN
    -- The reference that somebody was refused. It names nobody, so it stands in the line, with the case if there is one. Anything else
    -- that was typed in its place may be a name, and stays words.
    basis := concat_ws(', ', words, nullif(basis, ''));
    case_ids := ARRAY(SELECT rasso.case_of_reference(words) UNION SELECT rasso.cases_of_address(basis));
    words := '';
  ELSIF kind = 'REFUSED' AND cardinality(case_ids) = 0 AND basis <> '' THEN
    -- Or the keys in the address, of which one may be of a case.
    case_ids := ARRAY(SELECT rasso.cases_of_address(basis));
  ELSIF cardinality(case_ids) > 0 THEN
    IF EXISTS (SELECT 1 FROM rasso.covered_people()) THEN
      behalf := ARRAY(SELECT DISTINCT r.person FROM rasso.reached_through(case_ids, false) r ORDER BY r.person);
    END IF;
    by_right := ARRAY(SELECT r.by_right FROM rasso.rights_to(case_ids) r ORDER BY r.by_right);
  END IF;
  IF words <> '' THEN salt := gen_random_uuid(); END IF;
  INSERT INTO public.people_accessrecord (at, user_id, kind, page, case_ids, outcome, on_behalf_of, rights, address, request_id, recipient,
      basis, words_digest, xact, cluster)
    VALUES (clock_timestamp(), rasso.actor(), kind, page, case_ids, outcome, behalf, by_right, address, request_id, recipient,
      basis, CASE WHEN words <> '' THEN sha256(convert_to(salt::text || words, 'UTF8')) END, pg_current_xact_id()::text::bigint, rasso.cluster())
    RETURNING id INTO written;
  IF words <> '' THEN INSERT INTO public.people_searchedwords (record_id, salt, words) VALUES (written, salt, words); END IF;
  RETURN written;
END $f$;

-- What was searched for, of these lines of the record: for the auditor; and for whoever looks at auditors what people who are or were auditors
-- asked of the auditor's pages, without the references of restricted cases that they do not reach. Asking is recorded in the same breath.
-- Nothing for words erased since, nor for a line of anybody else.
CREATE OR REPLACE FUNCTION rasso.searched_words(records bigint[], address inet, request_id uuid) RETURNS TABLE (record_id bigint, words text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE of_auditor boolean := false;
BEGIN
  IF NOT rasso.has_role('AUDITOR') THEN
    IF NOT rasso.has_role('SUPERINTENDENT') THEN
      RAISE EXCEPTION 'rasso: only an auditor, or whoever looks at auditors, is shown searched words' USING ERRCODE = '42501';
    END IF;
    records := ARRAY(SELECT r.id FROM public.people_accessrecord r WHERE r.id = ANY (records) AND rasso.is_question_of_auditor(r.user_id, r.page));
    IF records = '{}' THEN RETURN; END IF;
    of_auditor := true;
  END IF;
  PERFORM rasso.record_access('WORDS_SHOWN', CASE WHEN of_auditor THEN 'words-of-auditor' ELSE 'searched-words' END, '{}', NULL, '', '',
    array_to_string(records, ', '), address, request_id);
  RETURN QUERY SELECT w.record_id, CASE WHEN of_auditor THEN rasso.without_hidden_references(w.words) ELSE w.words::text END
    FROM public.people_searchedwords w WHERE w.record_id = ANY (records);
END $f$;

RESET ROLE;

-- Called first in every transaction: sets actor and role for this transaction only, and answers who that is now.
-- Not SECURITY DEFINER: the role it sets must be one that the login itself may take.
-- Dropped first, because a function that answers more columns than before cannot be replaced.
-- When reminders were last made, in real time; NULL for never. And whether that is so long ago that somebody must look why: three ticks
-- of the clock. Asked of the database's own clock, because those of web servers differ.
CREATE OR REPLACE FUNCTION rasso.reminded_at() RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN (SELECT at FROM public.cases_heartbeat WHERE job = 'reminders'); END $f$;
-- Reminders are made and their messages are not sent: the run breaks off each time before its end.
CREATE OR REPLACE FUNCTION rasso.messages_are_silent() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN EXISTS (SELECT 1 FROM public.cases_heartbeat WHERE job = 'messages' AND at < clock_timestamp() - interval '15 minutes'); END $f$;
CREATE OR REPLACE FUNCTION rasso.reminders_are_silent() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce(clock_timestamp() - rasso.reminded_at() > interval '15 minutes', true) OR rasso.messages_are_silent()
$f$;

DROP FUNCTION IF EXISTS rasso.bind(text, text);
CREATE FUNCTION rasso.bind(identity text, database_role text, OUT now timestamptz, OUT roles text[], OUT supervised_units bigint[],
  OUT covered_people bigint[], OUT reminded_at timestamptz, OUT is_silent boolean)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  -- Nobody takes a role that is not for their kind.
  IF database_role NOT IN ('rasso_' || split_part(identity, ':', 2), 'rasso_' || split_part(identity, ':', 2) || '_read', 'none') THEN
    RAISE EXCEPTION 'rasso: this role is not for this actor' USING ERRCODE = '42501';
  END IF;
  PERFORM set_config('rasso.actor', identity, true);
  now := rasso.now();
  roles := rasso.actor_roles();
  supervised_units := ARRAY(SELECT rasso.supervised_units());
  covered_people := ARRAY(SELECT rasso.covered_people());
  -- Asked here because every page has to say when the clock has stopped.
  reminded_at := rasso.reminded_at();
  is_silent := rasso.reminders_are_silent();
  PERFORM set_config('role', database_role, true);
END $f$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rasso FROM PUBLIC;
REVOKE ALL ON rasso.actor_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.bind, rasso.reminded_at, rasso.messages_are_silent, rasso.reminders_are_silent TO rasso_web, rasso_worker;
GRANT EXECUTE ON FUNCTION rasso.now, rasso.today, rasso.actor, rasso.kind, rasso.actor_roles, rasso.has_role, rasso.own_units
  TO rasso_web, rasso_worker, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;
GRANT EXECUTE ON FUNCTION rasso.is_signed TO rasso_web, rasso_worker;
GRANT EXECUTE ON FUNCTION rasso.searched_words TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
GRANT EXECUTE ON FUNCTION rasso.record_access TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;

-- Append-only, even for the owner of the table.
CREATE OR REPLACE FUNCTION rasso.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RAISE EXCEPTION 'rasso: % is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $f$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON people_accessrecord FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON people_accessrecord EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE people_accessrecord ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON people_peoplechange FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON people_peoplechange EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE people_peoplechange ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
