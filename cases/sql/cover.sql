-- What somebody reaches because they cover for somebody else, and for whom they act. Applied before functions.sql, whose reaches use it.

SET LOCAL ROLE rasso_definer;

-- Cases that people whom the actor covers for were given, and on what basis: only where both hold a role that has this reach in
-- cases/access.py, and never a restricted case, which admits only the people named on it.
CREATE OR REPLACE FUNCTION rasso.covered_grants() RETURNS TABLE (case_id uuid, person bigint, basis text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
DECLARE
  covered CONSTANT bigint[] := ARRAY(SELECT rasso.covered_people());
  mine text[];
  moment timestamptz;
BEGIN
  IF covered = '{}' THEN RETURN; END IF;
  mine := rasso.actor_roles();
  moment := rasso.now();
  RETURN QUERY WITH theirs AS MATERIALIZED (SELECT p.id, rasso.police_roles(p.id) AS roles FROM unnest(covered) p(id))
    SELECT g.content_object_id, p.id, g.basis::text
    FROM theirs p JOIN public.cases_casegrant g ON g.user_id = p.id
      JOIN public.cases_case c ON c.id = g.content_object_id AND NOT c.is_restricted
    WHERE g.starts_at <= moment AND (g.ends_at IS NULL OR g.ends_at > moment)
      AND CASE g.basis
        WHEN 'ASSIGNED' THEN p.roles && '{INVESTIGATOR,SERGEANT,INSPECTOR}' AND mine && '{INVESTIGATOR,SERGEANT,INSPECTOR}'
        WHEN 'SECOND' THEN 'INVESTIGATOR' = ANY (p.roles) AND 'INVESTIGATOR' = ANY (mine)
        WHEN 'LIAISON' THEN 'LIAISON_OFFICER' = ANY (p.roles) AND 'LIAISON_OFFICER' = ANY (mine)
        ELSE false END;
END $f$;

-- Cases reached one by one in the actor's own right, and by which: given to them, logged by them and not yet allocated, or escalated to
-- them, each only while they hold a role that has this reach in cases/access.py.
CREATE OR REPLACE FUNCTION rasso.own_rights() RETURNS TABLE (case_id uuid, by_right text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
-- Asked once: policies call this several times in a statement.
DECLARE
  me CONSTANT bigint := rasso.actor();
  roles CONSTANT text[] := rasso.actor_roles();
  moment CONSTANT timestamptz := rasso.now();
  day CONSTANT date := rasso.today();
BEGIN
  RETURN QUERY
  SELECT g.content_object_id, g.basis::text FROM public.cases_casegrant g
    WHERE g.user_id = me AND g.starts_at <= moment AND (g.ends_at IS NULL OR g.ends_at > moment)
      AND CASE g.basis
        WHEN 'ASSIGNED' THEN roles && '{INVESTIGATOR,SERGEANT,INSPECTOR}'
        WHEN 'SECOND' THEN roles && '{INVESTIGATOR}'
        WHEN 'LIAISON' THEN roles && '{LIAISON_OFFICER}'
        WHEN 'NAMED' THEN roles && '{INVESTIGATOR,LIAISON_OFFICER,SERGEANT,INSPECTOR}'
          AND EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = g.content_object_id AND c.is_restricted)
        WHEN 'SUPERVISING' THEN roles && '{SERGEANT,INSPECTOR}'
          AND EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = g.content_object_id AND NOT c.is_restricted)
        ELSE false END
  UNION ALL
  SELECT id, 'LOGGED' FROM public.cases_case c WHERE logged_by_id = me AND officer_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = c.id AND g.basis = 'ASSIGNED')
    AND roles && '{FIRST_OFFICER,INVESTIGATOR,SERGEANT,INSPECTOR}'
  UNION ALL
  SELECT case_id, 'ESCALATED' FROM public.cases_review
    WHERE completed_at IS NULL AND NOT is_restricted
      AND (escalates_to = 'SUPERINTENDENT' AND escalates_on <= day
           OR escalates_further_to = 'SUPERINTENDENT' AND escalates_further_on <= day
           OR lowest_role = 'SUPERINTENDENT')
      AND roles && '{SUPERINTENDENT}';
END $f$;

CREATE OR REPLACE FUNCTION rasso.given_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT case_id FROM rasso.own_rights()
$f$;

-- Cases that the actor has opened in an emergency, less than an hour ago. Never a restricted one, and one that becomes restricted is lost
-- at once; so is a case with somebody whom they are connected with (rasso.barred_case_ids). A grant opens nothing in the transaction that
-- wrote it: whoever looks has left a committed grant, record and alert behind, and cannot take them back.
CREATE OR REPLACE FUNCTION rasso.emergency_case_ids() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  moment CONSTANT timestamptz := rasso.now();
BEGIN
  RETURN QUERY SELECT g.content_object_id FROM public.cases_casegrant g
      JOIN public.cases_case c ON c.id = g.content_object_id AND NOT c.is_restricted
    WHERE g.user_id = me AND g.basis = 'EMERGENCY' AND g.starts_at < moment AND g.ends_at > moment
      AND (SELECT rasso.has_role('INVESTIGATOR', 'LIAISON_OFFICER', 'SERGEANT', 'INSPECTOR', 'SUPERINTENDENT'));
END $f$;

-- Cases that the actor reaches by emergency access alone: to look at, never to write to.
CREATE OR REPLACE FUNCTION rasso.only_looked_at() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  -- Few people look in an emergency; nobody else waits.
  IF NOT EXISTS (SELECT 1 FROM public.cases_casegrant WHERE user_id = rasso.actor() AND basis = 'EMERGENCY' AND ends_at > rasso.now()) THEN RETURN; END IF;
  RETURN QUERY SELECT c.id FROM public.cases_case c
    WHERE c.id = ANY (ARRAY(SELECT rasso.emergency_case_ids())) AND c.id <> ALL (ARRAY(SELECT rasso.kept_case_ids()))
      AND c.unit_id <> ALL (ARRAY(SELECT rasso.supervised_units()));
END $f$;

-- For whom the actor looks at these cases or acts on them: of each case that they reach only by covering, one person whom they cover
-- for, whoever works it before whoever supervises it. ``at_work``: they do what only those do who work the case, so that supervising
-- its unit is no right of their own to it.
CREATE OR REPLACE FUNCTION rasso.reached_through(case_ids uuid[], at_work boolean) RETURNS TABLE (case_id uuid, person bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH given AS MATERIALIZED (SELECT rasso.given_case_ids() AS id), units AS MATERIALIZED (SELECT rasso.own_units() AS id),
  through AS (
    SELECT c.id, c.unit_id, c.is_restricted, g.person, array_position(ARRAY['ASSIGNED', 'SECOND', 'LIAISON'], g.basis) AS place
    FROM rasso.covered_grants() g JOIN public.cases_case c ON c.id = g.case_id WHERE c.id = ANY (case_ids)
    UNION ALL
    SELECT c.id, c.unit_id, c.is_restricted, u.person, 4
    FROM rasso.covered_units() u JOIN public.cases_case c ON c.unit_id = u.unit_id AND NOT c.is_restricted WHERE c.id = ANY (case_ids)
  )
  SELECT DISTINCT ON (t.id) t.id, t.person FROM through t
  WHERE t.id NOT IN (SELECT given.id FROM given) AND (at_work AND t.place < 4 OR t.unit_id NOT IN (SELECT units.id FROM units))
  ORDER BY t.id, t.place, t.person
$f$;

-- By what right the actor reaches these cases, for the access record: each right once, over all of them.
CREATE OR REPLACE FUNCTION rasso.rights_to(case_ids uuid[]) RETURNS TABLE (by_right text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT r.by_right FROM rasso.own_rights() r WHERE r.case_id = ANY (case_ids)
  UNION
  SELECT 'SUPERVISOR' FROM public.cases_case c WHERE c.id = ANY (case_ids) AND NOT c.is_restricted AND c.unit_id IN (SELECT rasso.own_units())
  UNION
  SELECT 'EMERGENCY' FROM rasso.emergency_case_ids() e WHERE e = ANY (case_ids)
  UNION
  SELECT 'COVERING' FROM rasso.reached_through(case_ids, false)
$f$;

-- The person through whom alone the actor reaches this case; nobody, where they reach it in their own right.
CREATE OR REPLACE FUNCTION rasso.on_behalf_of(wanted_case uuid, at_work boolean DEFAULT false) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT r.person FROM rasso.reached_through(ARRAY[wanted_case], at_work) r
$f$;

-- Whether this person could complete a review of an open case whose officer the actor is. Restricted cases do not count: no cover reaches
-- them. Called by rasso.set_cover as well (people/sql/cover.sql).
CREATE OR REPLACE FUNCTION rasso.completes_my_reviews(person bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM (SELECT DISTINCT c.unit_id FROM public.cases_case c
      WHERE c.officer_id = rasso.actor() AND NOT c.is_restricted AND c.status IN ('RECORDED', 'INVESTIGATING')) u
    WHERE person IN (SELECT rasso.who_could_complete(u.unit_id, 'SERGEANT', rasso.actor(), NULL, false)));
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.covered_grants, rasso.emergency_case_ids, rasso.only_looked_at, rasso.own_rights, rasso.rights_to, rasso.given_case_ids, rasso.reached_through, rasso.on_behalf_of, rasso.completes_my_reviews FROM PUBLIC;
-- It answers of the actor alone.
GRANT EXECUTE ON FUNCTION rasso.on_behalf_of, rasso.rights_to TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.completes_my_reviews, rasso.only_looked_at TO rasso_police;
