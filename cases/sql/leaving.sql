-- What somebody leaves behind, in numbers, for whoever deactivates them; and units whose reviews nobody signs. Applied after reminders.sql.
-- For administrators, who see no case: no row of one leaves these functions.

GRANT SELECT ON cases_action TO rasso_definer;

SET LOCAL ROLE rasso_definer;

CREATE OR REPLACE FUNCTION rasso.refuse_all_but_administrators() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  IF NOT rasso.has_role('ADMINISTRATOR') THEN
    RAISE EXCEPTION 'rasso: only an administrator asks for this' USING ERRCODE = '42501';
  END IF;
END $f$;

-- Open cases whose officer they are, actions they owe, reviews that nobody but them could complete; and the units of those cases.
CREATE OR REPLACE FUNCTION rasso.open_work_of(wanted bigint, OUT open_cases int, OUT open_actions int, OUT only_theirs int, OUT units bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_administrators();
  SELECT count(*), coalesce(array_agg(DISTINCT unit_id), '{}') INTO open_cases, units
    FROM public.cases_case WHERE officer_id = wanted AND status IN ('RECORDED', 'INVESTIGATING');
  SELECT count(*) INTO open_actions FROM public.cases_action WHERE owner_id = wanted AND done_at IS NULL;
  only_theirs := 0;
  IF NOT EXISTS (SELECT 1 FROM public.people_roleassignment r
      WHERE r.user_id = wanted AND rasso.signing_level(r.role) IS NOT NULL AND coalesce(r.ends_on, 'infinity') >= rasso.today()) THEN
    RETURN;
  END IF;
  -- As in the sweep, reviews that share their signers are asked for together.
  WITH open_reviews AS MATERIALIZED (
    SELECT r.unit_id, r.lowest_role, r.is_restricted, c.officer_id, count(*) AS how_many,
      CASE WHEN r.is_restricted OR x.case_id IS NOT NULL THEN r.case_id END AS apart
    FROM public.cases_review r JOIN public.cases_case c ON c.id = r.case_id
      LEFT JOIN (SELECT DISTINCT case_id FROM public.cases_caseconnection) x ON x.case_id = r.case_id
    WHERE r.completed_at IS NULL GROUP BY 1, 2, 3, 4, 6
  )
  SELECT coalesce(sum(how_many), 0) INTO only_theirs FROM open_reviews o
    WHERE ARRAY(SELECT rasso.told_of_review(o.unit_id, o.lowest_role, o.officer_id, o.apart, o.is_restricted)) = ARRAY[wanted];
END $f$;

-- Units with open cases, and the role at which nobody signs their reviews.
CREATE OR REPLACE FUNCTION rasso.units_without_signers() RETURNS TABLE (unit_id bigint, missing_role text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_administrators();
  RETURN QUERY
    SELECT u.id, needed.role
    FROM public.people_unit u CROSS JOIN (VALUES ('SERGEANT'), ('INSPECTOR')) needed (role)
    WHERE EXISTS (SELECT 1 FROM public.cases_case c WHERE c.unit_id = u.id AND c.status IN ('RECORDED', 'INVESTIGATING'))
      AND NOT EXISTS (SELECT 1 FROM rasso.signers(u.id, needed.role, NULL, NULL))
    ORDER BY u.name, needed.role DESC;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.refuse_all_but_administrators, rasso.open_work_of, rasso.units_without_signers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.open_work_of, rasso.units_without_signers TO rasso_police, rasso_police_read;
