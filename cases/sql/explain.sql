-- What decides whether a person sees a case: for the auditor alone, and nothing of the case. Applied after restricted.sql.

SET LOCAL ROLE rasso_definer;

-- Who the person is, what they hold today, and of the case only what its rule asks for. NULL in place of "person" or "case" where there is none.
-- The rule itself stands in Python (cases/access.py); a test holds what is made of these facts equal to what the person sees.
CREATE OR REPLACE FUNCTION rasso.facts_to_explain(username text, wanted_reference text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  today CONSTANT date := rasso.today();
  moment CONSTANT timestamptz := rasso.now();
  somebody public.people_user;
  wanted public.cases_case;
  people bigint[];
BEGIN
  IF NOT rasso.has_role('AUDITOR') THEN RAISE EXCEPTION 'rasso: only an auditor has access explained' USING ERRCODE = '42501'; END IF;
  SELECT * INTO somebody FROM public.people_user u WHERE u.username = facts_to_explain.username;
  SELECT * INTO wanted FROM public.cases_case WHERE reference = wanted_reference;
  -- Those whom they cover for count with what they hold.
  people := ARRAY(SELECT somebody.id UNION SELECT c.absent_id FROM public.people_cover c
    WHERE c.covering_id = somebody.id AND c.ended_at IS NULL AND c.starts_on <= today AND c.ends_on >= today);
  RETURN jsonb_build_object(
    'person', CASE WHEN somebody.id IS NOT NULL THEN jsonb_build_object('id', somebody.id, 'called', rasso.called(somebody.id),
      'is_active', somebody.is_active, 'is_police', somebody.organisation_kind = 'POLICE') END,
    'case', CASE WHEN wanted.id IS NOT NULL THEN jsonb_build_object('id', wanted.id, 'is_restricted', wanted.is_restricted,
      'officer_id', wanted.officer_id, 'logged_by_id', wanted.logged_by_id) END,
    'roles', (SELECT coalesce(jsonb_agg(jsonb_build_array(r.user_id, r.role)), '[]') FROM public.people_roleassignment r
      WHERE r.user_id = ANY (people) AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today)),
    'active_police', (SELECT coalesce(jsonb_agg(u.id), '[]') FROM public.people_user u
      WHERE u.id = ANY (people) AND u.is_active AND u.organisation_kind = 'POLICE'),
    'units', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.user_id, m.unit_id)), '[]') FROM public.people_membership m
      WHERE m.user_id = ANY (people) AND m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today)),
    'line', (WITH RECURSIVE above AS (
        SELECT u.id, u.parent_id, u.name, 0 AS distance FROM public.people_unit u WHERE u.id = wanted.unit_id
        UNION ALL SELECT u.id, u.parent_id, u.name, above.distance + 1 FROM public.people_unit u JOIN above ON u.id = above.parent_id)
      SELECT coalesce(jsonb_agg(jsonb_build_array(id, name) ORDER BY distance), '[]') FROM above),
    'grants', (SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', g.user_id, 'basis', g.basis, 'starts_at', g.starts_at, 'ends_at', g.ends_at,
        'runs', g.starts_at <= moment AND NOT (g.basis = 'EMERGENCY' AND g.starts_at = moment) AND (g.ends_at IS NULL OR g.ends_at > moment)) ORDER BY g.starts_at DESC), '[]')
      FROM public.cases_casegrant g WHERE g.content_object_id = wanted.id AND g.user_id = ANY (people)),
    'was_allocated', EXISTS (SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = wanted.id AND g.basis = 'ASSIGNED'),
    'reviews', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', v.kind, 'lowest_role', v.lowest_role, 'escalates_to', v.escalates_to,
        'escalates_on', v.escalates_on, 'escalates_further_on', v.escalates_further_on) ORDER BY v.due_on, v.id), '[]')
      FROM public.cases_review v WHERE v.case_id = wanted.id AND v.completed_at IS NULL AND NOT v.is_restricted
        AND (v.escalates_to = 'SUPERINTENDENT' AND v.escalates_on <= today
          OR v.escalates_further_to = 'SUPERINTENDENT' AND v.escalates_further_on <= today OR v.lowest_role = 'SUPERINTENDENT')),
    'covers', (SELECT coalesce(jsonb_agg(jsonb_build_object('absent_id', c.absent_id, 'called', rasso.called(c.absent_id), 'ends_on', c.ends_on)
        ORDER BY c.absent_id), '[]') FROM public.people_cover c
      WHERE c.covering_id = somebody.id AND c.ended_at IS NULL AND c.starts_on <= today AND c.ends_on >= today),
    'connected_since', (SELECT x.said_at FROM public.cases_caseconnection x WHERE x.case_id = wanted.id AND x.user_id = somebody.id));
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.facts_to_explain FROM PUBLIC;
-- An auditor may be of an oversight body. The function looks who asks.
GRANT EXECUTE ON FUNCTION rasso.facts_to_explain TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
