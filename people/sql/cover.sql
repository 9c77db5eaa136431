-- Who does whose work between two days, set by the absent person or by somebody who supervises them. Applied after functions.sql.
-- Nothing is copied: on each day, what somebody reaches for another follows from that person's own roles, units and grants. So it ends
-- by itself, and what the absent person covers is not passed on.

GRANT SELECT, INSERT, UPDATE (ended_at, ended_by_id) ON people_cover TO rasso_definer;
GRANT USAGE ON SEQUENCE people_cover_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- The roles somebody of the police holds on the present local day; none for somebody deactivated.
CREATE OR REPLACE FUNCTION rasso.police_roles(person bigint) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce(array_agg(DISTINCT r.role::text), '{}')
  FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id
  WHERE u.id = person AND u.is_active AND u.organisation_kind = 'POLICE'
    AND r.starts_on <= (SELECT rasso.today()) AND (r.ends_on IS NULL OR r.ends_on >= (SELECT rasso.today()))
$f$;

-- Whether somebody with these roles can do the work of somebody with those (people/cover/rules.py holds the same; a test compares).
CREATE OR REPLACE FUNCTION rasso.can_cover(absent text[], covering text[]) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE
    WHEN 'SUPERINTENDENT' = ANY (absent) THEN 'SUPERINTENDENT' = ANY (covering)
    WHEN 'INSPECTOR' = ANY (absent) THEN 'INSPECTOR' = ANY (covering)
    WHEN 'SERGEANT' = ANY (absent) THEN covering && '{SERGEANT,INSPECTOR}'
    WHEN 'INVESTIGATOR' = ANY (absent) THEN covering && '{INVESTIGATOR,SERGEANT,INSPECTOR}'
    WHEN 'LIAISON_OFFICER' = ANY (absent) THEN 'LIAISON_OFFICER' = ANY (covering)
    ELSE false END
$f$;

-- Whom the actor covers for today. Nobody, if either of the two has been deactivated or has lost the roles that it takes.
CREATE OR REPLACE FUNCTION rasso.covered_people() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  day CONSTANT date := rasso.today();
BEGIN
  IF rasso.kind() <> 'police' THEN RETURN; END IF;
  RETURN QUERY SELECT c.absent_id FROM public.people_cover c
    WHERE c.covering_id = me AND c.ended_at IS NULL AND c.starts_on <= day AND c.ends_on >= day
      AND rasso.can_cover(rasso.police_roles(c.absent_id), rasso.actor_roles())
    ORDER BY c.absent_id;
END $f$;

-- Who does this person's work today: whoever covers for them, else they themselves. For whoever is told of something; it says nothing
-- about what they may do.
CREATE OR REPLACE FUNCTION rasso.stand_in(person bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce((
    SELECT c.covering_id FROM public.people_cover c
    WHERE c.absent_id = person AND c.ended_at IS NULL AND c.starts_on <= (SELECT rasso.today()) AND c.ends_on >= (SELECT rasso.today())
      AND rasso.can_cover(rasso.police_roles(c.absent_id), rasso.police_roles(c.covering_id))), person)
$f$;

-- Units that the actor supervises for somebody they cover for, and for whom: only where their own rank is at least that person's.
CREATE OR REPLACE FUNCTION rasso.covered_units() RETURNS TABLE (unit_id bigint, person bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
DECLARE
  covered CONSTANT bigint[] := ARRAY(SELECT rasso.covered_people());
  day CONSTANT date := rasso.today();
BEGIN
  IF covered = '{}' THEN RETURN; END IF;
  RETURN QUERY WITH RECURSIVE supervisors AS (
    SELECT p.id FROM unnest(covered) p(id) CROSS JOIN LATERAL (SELECT rasso.police_roles(p.id)) h(roles)
    WHERE CASE WHEN 'INSPECTOR' = ANY (h.roles) THEN rasso.has_role('INSPECTOR')
      WHEN 'SERGEANT' = ANY (h.roles) THEN rasso.has_role('SERGEANT', 'INSPECTOR') ELSE false END
  ), theirs AS (
    SELECT m.unit_id, s.id AS person FROM supervisors s JOIN public.people_membership m ON m.user_id = s.id
      AND m.starts_on <= day AND (m.ends_on IS NULL OR m.ends_on >= day)
    UNION
    SELECT u.id, theirs.person FROM public.people_unit u JOIN theirs ON u.parent_id = theirs.unit_id
  )
  SELECT unit_id, person FROM theirs;
END $f$;

-- The units whose cases the actor supervises: their own, and those of people they cover for.
CREATE OR REPLACE FUNCTION rasso.supervised_units() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  -- Few people cover for somebody.
  IF EXISTS (SELECT 1 FROM public.people_cover WHERE covering_id = rasso.actor() AND ended_at IS NULL) THEN
    RETURN QUERY SELECT rasso.own_units() UNION SELECT unit_id FROM rasso.covered_units();
  ELSE
    RETURN QUERY SELECT rasso.own_units();
  END IF;
END $f$;

-- How high somebody with these roles stands; 0 for whoever supervises nobody.
CREATE OR REPLACE FUNCTION rasso.rank_of(roles text[]) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE WHEN 'SUPERINTENDENT' = ANY (roles) THEN 3 WHEN 'INSPECTOR' = ANY (roles) THEN 2 WHEN 'SERGEANT' = ANY (roles) THEN 1 ELSE 0 END
$f$;

-- Of whom the actor says who covers for them: people of the units that they supervise; for an Inspector those of no higher rank, for a
-- Sergeant only those below them, so that no peer opens a peer's cases. Units that somebody supervises only by covering do not count, so
-- that no cover is made out of another.
CREATE OR REPLACE FUNCTION rasso.people_to_cover() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT m.user_id FROM public.people_membership m
  WHERE m.unit_id IN (SELECT rasso.own_units()) AND m.user_id <> (SELECT rasso.actor())
    AND m.starts_on <= (SELECT rasso.today()) AND (m.ends_on IS NULL OR m.ends_on >= (SELECT rasso.today()))
    AND rasso.rank_of(rasso.police_roles(m.user_id)) <= CASE WHEN rasso.has_role('INSPECTOR') THEN 2 ELSE 0 END
$f$;

CREATE OR REPLACE FUNCTION rasso.may_set_cover(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.kind() = 'police' AND cardinality(rasso.actor_roles()) > 0
    AND (person = (SELECT rasso.actor()) OR person IN (SELECT rasso.people_to_cover()))
$f$;

CREATE OR REPLACE FUNCTION rasso.set_cover(person bigint, by_whom bigint, first_day date, last_day date, why text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made bigint;
BEGIN
  IF NOT rasso.may_set_cover(person) THEN RAISE EXCEPTION 'rasso: this actor may not set this cover' USING ERRCODE = '42501'; END IF;
  IF NOT rasso.can_cover(rasso.police_roles(person), rasso.police_roles(by_whom)) THEN
    RAISE EXCEPTION 'rasso: this person cannot do that work' USING ERRCODE = '42501';
  END IF;
  IF person <> rasso.actor() AND by_whom = rasso.actor() THEN
    RAISE EXCEPTION 'rasso: nobody makes themself the one who covers' USING ERRCODE = '42501';
  END IF;
  -- Whoever covers for somebody reviews none of their cases: so nobody chooses their own reviewer away.
  IF person = rasso.actor() AND rasso.completes_my_reviews(by_whom) THEN
    RAISE EXCEPTION 'rasso: nobody asks whoever completes the reviews of their cases' USING ERRCODE = '42501';
  END IF;
  IF first_day < rasso.today() THEN RAISE EXCEPTION 'rasso: cover begins today or later' USING ERRCODE = '22023'; END IF;
  -- One at a time, so that two who ask at the same moment do not both find the days free.
  PERFORM pg_advisory_xact_lock(hashtext('rasso.cover'));
  IF EXISTS (SELECT 1 FROM public.people_cover c WHERE c.absent_id = person AND c.ended_at IS NULL
      AND c.starts_on <= last_day AND c.ends_on >= first_day) THEN
    RAISE EXCEPTION 'rasso: somebody covers on these days already' USING ERRCODE = '23P01';
  END IF;
  IF EXISTS (SELECT 1 FROM public.people_cover c WHERE c.absent_id = by_whom AND c.ended_at IS NULL
      AND c.starts_on <= last_day AND c.ends_on >= first_day) THEN
    RAISE EXCEPTION 'rasso: this person is away themselves' USING ERRCODE = '23P01';
  END IF;
  INSERT INTO public.people_cover (absent_id, covering_id, organisation_kind, starts_on, ends_on, reason, set_by_id, set_at)
    VALUES (person, by_whom, 'POLICE', first_day, last_day, why, rasso.actor(), rasso.now()) RETURNING id INTO made;
  PERFORM rasso.note_people_change('COVER_SET', rasso.actor(), person, NULL, '', first_day, last_day::text, rasso.called(by_whom), '');
  RETURN made;
END $f$;

-- End a cover early, or call it off. From the next request on nothing is reached through it. Answers whether it was still to end.
CREATE OR REPLACE FUNCTION rasso.end_cover(wanted bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  ended public.people_cover;
BEGIN
  IF NOT coalesce((SELECT rasso.may_set_cover(c.absent_id) FROM public.people_cover c WHERE c.id = wanted), false) THEN
    RAISE EXCEPTION 'rasso: this actor may not end this cover' USING ERRCODE = '42501';
  END IF;
  UPDATE public.people_cover SET ended_at = rasso.now(), ended_by_id = rasso.actor()
    WHERE id = wanted AND ended_at IS NULL AND ends_on >= (SELECT rasso.today()) RETURNING * INTO ended;
  IF ended.id IS NULL THEN RETURN false; END IF;
  PERFORM rasso.note_cover_ended(ended);
  RETURN true;
END $f$;

CREATE OR REPLACE FUNCTION rasso.note_cover_ended(ended public.people_cover) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.note_people_change('COVER_ENDED', rasso.actor(), ended.absent_id, NULL, '', rasso.today(), '', rasso.called(ended.covering_id), '');
END $f$;

-- Why somebody is away, of these covers: for the absent person and those who may set cover for them.
CREATE OR REPLACE FUNCTION rasso.cover_reasons(covers bigint[]) RETURNS TABLE (cover bigint, reason text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.id, c.reason::text FROM public.people_cover c
  WHERE c.id = ANY (covers) AND rasso.kind() = 'police' AND (c.absent_id = (SELECT rasso.actor()) OR c.absent_id IN (SELECT rasso.people_to_cover()))
$f$;

-- Rank and name of somebody.
CREATE OR REPLACE FUNCTION rasso.called(wanted bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT concat_ws(' ', nullif(rank, ''), given_name, family_name) FROM public.people_user WHERE id = wanted
$f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.police_roles, rasso.can_cover, rasso.covered_people, rasso.stand_in, rasso.covered_units, rasso.supervised_units,
  rasso.rank_of, rasso.people_to_cover, rasso.may_set_cover, rasso.set_cover, rasso.end_cover,
  rasso.note_cover_ended, rasso.called, rasso.cover_reasons FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.covered_people, rasso.supervised_units
  TO rasso_web, rasso_worker, rasso_police, rasso_police_read, rasso_partner, rasso_partner_read, rasso_system, rasso_definer;
GRANT EXECUTE ON FUNCTION rasso.people_to_cover, rasso.covered_units, rasso.cover_reasons TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.set_cover, rasso.end_cover TO rasso_police;
