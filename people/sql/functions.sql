-- Who is asking, and what follows from it. Applied after every migrate (rasso/management/commands/migrate.py), run as the owner.
-- Functions that must see more than their caller belong to rasso_definer, which nobody can log in as.

GRANT USAGE ON SCHEMA rasso TO rasso_web, rasso_worker, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;
GRANT CREATE ON SCHEMA rasso TO rasso_definer;
GRANT SELECT ON people_user, people_roleassignment, people_membership, people_unit, people_organisation TO rasso_definer;
GRANT SELECT, INSERT ON people_accessrecord, people_peoplechange TO rasso_definer;
GRANT USAGE ON SEQUENCE people_accessrecord_id_seq, people_peoplechange_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- One clock for Python and SQL. The demonstration replaces this function by one that adds its offset (rasso/demonstration).
DO $do$ BEGIN
  IF to_regprocedure('rasso.now()') IS NULL THEN
    CREATE FUNCTION rasso.now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog AS 'SELECT pg_catalog.now()';
  END IF;
END $do$;

-- The present date where the force is; {time_zone} is put in when this file is applied.
CREATE OR REPLACE FUNCTION rasso.today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog AS $f$
  SELECT (rasso.now() AT TIME ZONE {time_zone})::date
$f$;

-- The bound actor, for policies: call it as (SELECT rasso.actor()), so that it runs once per statement. Raises when nobody is bound.
CREATE OR REPLACE FUNCTION rasso.actor() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
DECLARE bound text := current_setting('rasso.actor', true);
BEGIN
  IF bound IS NULL OR bound = '' THEN
    RAISE EXCEPTION 'rasso: no actor is bound to this transaction' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(bound, ':', 1)::bigint;
END $f$;

-- "police", "partner" or "system".
CREATE OR REPLACE FUNCTION rasso.kind() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
DECLARE bound text := current_setting('rasso.actor', true);
BEGIN
  IF bound IS NULL OR bound = '' THEN
    RAISE EXCEPTION 'rasso: no actor is bound to this transaction' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(bound, ':', 2);
END $f$;

-- The roles a person holds on the present local day; none for somebody deactivated, or bound as a kind they are not.
CREATE OR REPLACE FUNCTION rasso.actor_roles() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT coalesce(array_agg(DISTINCT r.role::text), '{}')
  FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id
  WHERE u.id = rasso.actor() AND u.is_active
    AND (u.organisation_kind = 'POLICE') = (rasso.kind() = 'police')
    AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
$f$;

CREATE OR REPLACE FUNCTION rasso.has_role(VARIADIC wanted text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT rasso.actor_roles() && wanted
$f$;

-- The units a supervisor answers for themselves: those they are a member of, and what stands below. With those of people whom they
-- cover for: rasso.supervised_units (cover.sql).
CREATE OR REPLACE FUNCTION rasso.own_units() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  WITH RECURSIVE mine AS (
    SELECT m.unit_id FROM public.people_membership m
    WHERE m.user_id = rasso.actor() AND rasso.kind() = 'police' AND rasso.has_role('SERGEANT', 'INSPECTOR')
      AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
    UNION
    SELECT u.id FROM public.people_unit u JOIN mine ON u.parent_id = mine.unit_id
  )
  SELECT unit_id FROM mine
$f$;

-- The one line of the access record. The actor comes from the binding, never from an argument, and so does for whom they looked.
CREATE OR REPLACE FUNCTION rasso.record_access(kind text, page text, case_ids uuid[], outcome int) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
DECLARE behalf bigint[] := '{}';
BEGIN
  IF cardinality(case_ids) > 0 AND EXISTS (SELECT 1 FROM rasso.covered_people()) THEN
    behalf := ARRAY(SELECT DISTINCT r.person FROM rasso.reached_through(case_ids, false) r ORDER BY r.person);
  END IF;
  INSERT INTO public.people_accessrecord (at, user_id, kind, page, case_ids, outcome, on_behalf_of)
  VALUES (clock_timestamp(), rasso.actor(), kind, page, case_ids, outcome, behalf);
END $f$;

RESET ROLE;

-- Called first in every transaction: sets actor and role for this transaction only, and answers who that is now.
-- Not SECURITY DEFINER: the role it sets must be one that the login itself may take.
-- Dropped first, because a function that answers more columns than before cannot be replaced.
-- When reminders were last made, in real time; NULL for never. And whether that is so long ago that somebody must look why: three ticks
-- of the clock. Asked of the database's own clock, because those of web servers differ.
CREATE OR REPLACE FUNCTION rasso.reminded_at() RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $f$
BEGIN RETURN (SELECT at FROM public.cases_heartbeat WHERE job = 'reminders'); END $f$;
-- Reminders are made and their messages are not sent: the run breaks off each time before its end.
CREATE OR REPLACE FUNCTION rasso.messages_are_silent() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $f$
BEGIN RETURN EXISTS (SELECT 1 FROM public.cases_heartbeat WHERE job = 'messages' AND at < clock_timestamp() - interval '15 minutes'); END $f$;
CREATE OR REPLACE FUNCTION rasso.reminders_are_silent() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $f$
  SELECT coalesce(clock_timestamp() - rasso.reminded_at() > interval '15 minutes', true) OR rasso.messages_are_silent()
$f$;

DROP FUNCTION IF EXISTS rasso.bind(text, text);
CREATE FUNCTION rasso.bind(identity text, database_role text, OUT now timestamptz, OUT roles text[], OUT supervised_units bigint[],
  OUT covered_people bigint[], OUT reminded_at timestamptz, OUT is_silent boolean)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog AS $f$
BEGIN
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
GRANT EXECUTE ON FUNCTION rasso.bind, rasso.reminded_at, rasso.messages_are_silent, rasso.reminders_are_silent TO rasso_web, rasso_worker;
GRANT EXECUTE ON FUNCTION rasso.now, rasso.today, rasso.actor, rasso.kind, rasso.actor_roles, rasso.has_role, rasso.own_units
  TO rasso_web, rasso_worker, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;
GRANT EXECUTE ON FUNCTION rasso.record_access TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;

-- Append-only, even for the owner of the table.
CREATE OR REPLACE FUNCTION rasso.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $f$
BEGIN RAISE EXCEPTION 'rasso: % is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $f$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON people_accessrecord FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON people_accessrecord EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE people_accessrecord ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON people_peoplechange FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change();
CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON people_peoplechange EXECUTE FUNCTION rasso.refuse_change();
ALTER TABLE people_peoplechange ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole;
