-- Reaches to cases, the functions that give them, and who signs reviews. Applied after people/sql/functions.sql.

GRANT SELECT ON cases_case, cases_casegrant, cases_caseconnection, cases_review, cases_referencenumber,
  auth_permission, cases_rule TO rasso_definer;
GRANT INSERT ON cases_casegrant, cases_caseconnection, cases_referencenumber TO rasso_definer;
GRANT UPDATE (ends_at) ON cases_casegrant TO rasso_definer;
GRANT UPDATE (officer_id, status, is_restricted, version) ON cases_case TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Cases reached one by one: given to the actor, logged by them and not yet allocated, or escalated to them, each only while they
-- hold a role that has this reach in cases/access.py. Policies call it as "= ANY (ARRAY(SELECT rasso.own_case_ids()))", so that it
-- runs once per statement and the index is used.
CREATE OR REPLACE FUNCTION rasso.own_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT g.content_object_id FROM public.cases_casegrant g
    WHERE g.user_id = rasso.actor() AND g.starts_at <= (SELECT rasso.now()) AND (g.ends_at IS NULL OR g.ends_at > (SELECT rasso.now()))
      AND CASE g.basis
        WHEN 'ASSIGNED' THEN (SELECT rasso.has_role('INVESTIGATOR', 'SERGEANT', 'INSPECTOR'))
        WHEN 'LIAISON' THEN (SELECT rasso.has_role('LIAISON_OFFICER'))
        WHEN 'NAMED' THEN (SELECT rasso.has_role('INVESTIGATOR', 'LIAISON_OFFICER', 'SERGEANT', 'INSPECTOR'))
          AND EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = g.content_object_id AND c.is_restricted)
        ELSE false END
  UNION ALL
  SELECT id FROM public.cases_case WHERE logged_by_id = rasso.actor() AND officer_id IS NULL
    AND (SELECT rasso.has_role('FIRST_OFFICER', 'INVESTIGATOR', 'SERGEANT', 'INSPECTOR'))
  UNION ALL
  SELECT case_id FROM public.cases_review
    WHERE completed_at IS NULL AND NOT is_restricted
      AND (escalates_to = 'SUPERINTENDENT' AND escalates_on <= (SELECT rasso.today())
           OR escalates_further_to = 'SUPERINTENDENT' AND escalates_further_on <= (SELECT rasso.today()))
      AND rasso.has_role('SUPERINTENDENT')
$f$;

-- Cases that the actor is kept out of, whatever their role: they are connected with somebody in them.
CREATE OR REPLACE FUNCTION rasso.barred_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT case_id FROM public.cases_caseconnection WHERE user_id = rasso.actor()
$f$;

-- A reference number of the year that nobody has drawn: random, so that it tells neither order nor volume.
CREATE OR REPLACE FUNCTION rasso.draw_reference_number(wanted_year int) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
DECLARE drawn int;
BEGIN
  IF rasso.kind() <> 'police' THEN RAISE EXCEPTION 'rasso: only police log cases' USING ERRCODE = '42501'; END IF;
  FOR attempt IN 1..1000 LOOP
    INSERT INTO public.cases_referencenumber (id, year, number)
      VALUES (gen_random_uuid(), wanted_year, 1 + floor(random() * CASE WHEN attempt <= 50 THEN 99999 ELSE 9999999 END)::int)
      ON CONFLICT DO NOTHING RETURNING number INTO drawn;
    IF drawn IS NOT NULL THEN RETURN drawn; END IF;
  END LOOP;
  RAISE EXCEPTION 'rasso: no reference number is left for %', wanted_year;
END $f$;

-- Whether the actor may give this case to others: whoever logged it until it is allocated, and the supervisors of its unit
-- (on a restricted case only those named on it).
CREATE OR REPLACE FUNCTION rasso.may_give(wanted_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  SELECT rasso.kind() = 'police' AND EXISTS (
    SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case
      AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
      AND (c.logged_by_id = rasso.actor() AND c.officer_id IS NULL AND c.id IN (SELECT rasso.own_case_ids())
           OR NOT c.is_restricted AND c.unit_id IN (SELECT rasso.supervised_units())
           OR c.is_restricted AND rasso.has_role('SERGEANT', 'INSPECTOR') AND c.id IN (SELECT rasso.own_case_ids())))
$f$;

-- Give somebody of the police a case. The permission row is guardian's; basis, dates and giver are ours.
CREATE OR REPLACE FUNCTION rasso.grant_case(wanted_case uuid, receiver bigint, wanted_basis text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  IF NOT rasso.may_give(wanted_case) THEN RAISE EXCEPTION 'rasso: this actor may not give this case' USING ERRCODE = '42501'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.people_user WHERE id = receiver AND is_active AND organisation_kind = 'POLICE') THEN
    RAISE EXCEPTION 'rasso: cases are given to police only' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM public.cases_caseconnection WHERE case_id = wanted_case AND user_id = receiver) THEN
    RAISE EXCEPTION 'rasso: the receiver is connected with this case' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
    SELECT gen_random_uuid(), receiver, p.id, wanted_case, wanted_basis, rasso.now(), rasso.actor() FROM public.auth_permission p WHERE p.codename = 'work_on_case'
    ON CONFLICT DO NOTHING;
END $f$;

-- Make somebody the officer in the case: ends the present officer's grant, gives the new one. Serves the first allocation and each handing over.
CREATE OR REPLACE FUNCTION rasso.allocate_case(wanted_case uuid, receiver bigint) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  IF NOT rasso.may_give(wanted_case) THEN RAISE EXCEPTION 'rasso: this actor may not give this case' USING ERRCODE = '42501'; END IF;
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND basis = 'ASSIGNED' AND ends_at IS NULL AND user_id <> receiver;
  PERFORM rasso.grant_case(wanted_case, receiver, 'ASSIGNED');
  UPDATE public.cases_case SET officer_id = receiver, version = version + 1,
      status = CASE WHEN status = 'RECORDED' THEN 'INVESTIGATING' ELSE status END
    WHERE id = wanted_case;
END $f$;

-- Who signs reviews of a unit's cases at a role: the holders nearest above the case, then the next role up.
CREATE OR REPLACE FUNCTION rasso.signers(wanted_unit bigint, lowest_role text, not_this_user bigint, wanted_case uuid) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
  WITH RECURSIVE above AS (
    SELECT id, parent_id, 0 AS distance FROM public.people_unit WHERE id = wanted_unit
    UNION ALL
    SELECT u.id, u.parent_id, above.distance + 1 FROM public.people_unit u JOIN above ON u.id = above.parent_id
  ), holders AS (
    SELECT m.user_id, above.distance,
        CASE r.role WHEN 'SERGEANT' THEN 1 WHEN 'INSPECTOR' THEN 2 END AS level
    FROM above JOIN public.people_membership m ON m.unit_id = above.id
      JOIN public.people_user u ON u.id = m.user_id AND u.is_active
      JOIN public.people_roleassignment r ON r.user_id = u.id AND r.role IN ('SERGEANT', 'INSPECTOR')
    WHERE m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
      AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
      AND u.id IS DISTINCT FROM not_this_user
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = u.id)
  ), fitting AS (
    SELECT user_id, level, distance FROM holders WHERE level >= CASE lowest_role WHEN 'SERGEANT' THEN 1 WHEN 'INSPECTOR' THEN 2 ELSE 9 END
  )
  SELECT DISTINCT user_id FROM fitting
  WHERE (level, distance) = (SELECT level, distance FROM fitting ORDER BY level, distance LIMIT 1)
$f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.own_case_ids, rasso.barred_case_ids, rasso.draw_reference_number, rasso.may_give, rasso.grant_case,
  rasso.allocate_case, rasso.signers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.own_case_ids, rasso.barred_case_ids TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.draw_reference_number, rasso.may_give, rasso.grant_case, rasso.allocate_case TO rasso_police;
