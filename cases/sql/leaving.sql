-- What somebody leaves behind, in numbers, for whoever deactivates them; and units whose reviews nobody signs. Applied after reminders.sql.
-- For administrators, who see no case: no row of one leaves these functions.

GRANT SELECT ON cases_action TO rasso_definer;

SET LOCAL ROLE rasso_definer;

CREATE OR REPLACE FUNCTION rasso.refuse_all_but_administrators() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('ADMINISTRATOR') THEN
    RAISE EXCEPTION 'rasso: only an administrator asks for this' USING ERRCODE = '42501';
  END IF;
END $f$;

-- Everybody who could complete a review, near or far, and not only those who are told of it (rasso.signers). Nobody by cover: that ends
-- with whoever leaves.
CREATE OR REPLACE FUNCTION rasso.who_could_complete(wanted_unit bigint, lowest_role text, officer bigint, wanted_case uuid, restricted boolean)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH RECURSIVE above AS (
    SELECT id, parent_id FROM public.people_unit WHERE id = wanted_unit
    UNION
    SELECT n.id, n.parent_id FROM public.people_unit n JOIN above ON n.id = above.parent_id
  )
  SELECT DISTINCT u.id FROM public.people_user u JOIN public.people_roleassignment r ON r.user_id = u.id
  WHERE u.is_active AND u.id IS DISTINCT FROM officer
    AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
    AND CASE lowest_role WHEN 'SERGEANT' THEN r.role IN ('SERGEANT', 'INSPECTOR') ELSE r.role = lowest_role END
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = u.id)
    AND CASE WHEN restricted THEN EXISTS (SELECT 1 FROM public.cases_casegrant g
          WHERE g.content_object_id = wanted_case AND g.user_id = u.id AND g.basis = 'NAMED'
            AND g.starts_at <= rasso.now() AND (g.ends_at IS NULL OR g.ends_at > rasso.now()))
        WHEN lowest_role = 'SUPERINTENDENT' THEN true
        WHEN EXISTS (SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = wanted_case AND g.user_id = u.id
          AND g.basis = 'SUPERVISING' AND g.ends_at IS NULL) THEN true
        ELSE EXISTS (SELECT 1 FROM public.people_membership m JOIN above ON above.id = m.unit_id
          WHERE m.user_id = u.id AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())) END
$f$;

-- Open cases whose officer they are, actions they owe, reviews that nobody but them could complete; and the units of those cases. Never
-- of a restricted case: that there is one is for the people named on it.
CREATE OR REPLACE FUNCTION rasso.open_work_of(wanted bigint, OUT open_cases int, OUT open_actions int, OUT only_theirs int, OUT units bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_administrators();
  SELECT count(*), coalesce(array_agg(DISTINCT unit_id), '{}') INTO open_cases, units
    FROM public.cases_case WHERE officer_id = wanted AND status IN ('RECORDED', 'INVESTIGATING') AND NOT is_restricted;
  SELECT count(*) INTO open_actions FROM public.cases_action WHERE owner_id = wanted AND done_at IS NULL AND NOT is_restricted;
  only_theirs := 0;
  IF NOT EXISTS (SELECT 1 FROM public.people_roleassignment r
      WHERE r.user_id = wanted AND rasso.signing_level(r.role) IS NOT NULL AND coalesce(r.ends_on, 'infinity') >= rasso.today()) THEN
    RETURN;
  END IF;
  -- As in the sweep, reviews that can be completed by the same people are asked for together.
  WITH open_reviews AS MATERIALIZED (
    SELECT r.unit_id, r.lowest_role, c.officer_id, count(*) AS how_many, x.case_id AS apart
    FROM public.cases_review r JOIN public.cases_case c ON c.id = r.case_id
      LEFT JOIN (SELECT DISTINCT case_id FROM public.cases_caseconnection) x ON x.case_id = r.case_id
    WHERE r.completed_at IS NULL AND NOT r.is_restricted GROUP BY 1, 2, 3, 5
  )
  SELECT coalesce(sum(how_many), 0) INTO only_theirs FROM open_reviews o
    WHERE ARRAY(SELECT rasso.who_could_complete(o.unit_id, o.lowest_role, o.officer_id, o.apart, false)) = ARRAY[wanted];
END $f$;

-- Units with open cases, and the role at which nobody signs their reviews. Restricted cases do not count: those named on them sign.
CREATE OR REPLACE FUNCTION rasso.units_without_signers() RETURNS TABLE (unit_id bigint, missing_role text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_administrators();
  RETURN QUERY
    SELECT u.id, needed.role
    FROM public.people_unit u CROSS JOIN (VALUES ('SERGEANT'), ('INSPECTOR')) needed (role)
    WHERE EXISTS (SELECT 1 FROM public.cases_case c WHERE c.unit_id = u.id AND c.status IN ('RECORDED', 'INVESTIGATING') AND NOT c.is_restricted)
      AND NOT EXISTS (SELECT 1 FROM rasso.signers(u.id, needed.role, NULL, NULL))
    ORDER BY u.name, needed.role DESC;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.refuse_all_but_administrators, rasso.who_could_complete, rasso.open_work_of, rasso.units_without_signers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.open_work_of, rasso.units_without_signers TO rasso_police, rasso_police_read;
