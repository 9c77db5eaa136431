-- Emergency access: a case that is not theirs opens to somebody for an hour, they say why, and a second person reviews it.
-- Applied after reminders.sql, whose functions say who hears.

GRANT SELECT, INSERT, UPDATE (ends_at, reviewed_at, reviewed_by_id, found, finding) ON cases_emergencyaccess TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Whether the actor supervises this case in their own right or for somebody they cover for: its unit, or as named on a restricted one.
CREATE OR REPLACE FUNCTION rasso.supervises(wanted_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.kind() = 'police' AND rasso.has_role('SERGEANT', 'INSPECTOR') AND EXISTS (
    SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
      AND CASE WHEN c.is_restricted THEN EXISTS (
          SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = c.id AND g.user_id = rasso.actor() AND g.basis = 'NAMED'
            AND g.starts_at <= rasso.now() AND (g.ends_at IS NULL OR g.ends_at > rasso.now()))
        ELSE c.unit_id IN (SELECT rasso.supervised_units()) OR c.id IN (SELECT rasso.instead_case_ids()) END)
$f$;

-- Who hears at once of an emergency access and may review it: whoever signs for the case, and every auditor. Never the person.
CREATE OR REPLACE FUNCTION rasso.told_of_emergency(wanted_case uuid, person bigint) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 3 SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  RETURN QUERY SELECT t FROM (
      SELECT t FROM public.cases_case c, LATERAL (SELECT rasso.told_of_review(c.unit_id, 'SERGEANT', person, c.id, c.is_restricted)) x(t)
        WHERE c.id = wanted_case
      UNION
      SELECT r.user_id FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id AND u.is_active
        WHERE r.role = 'AUDITOR' AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())) told
    WHERE t <> person;
END $f$;

-- One message that says nothing of a case; none where one waits already.
CREATE OR REPLACE FUNCTION rasso.alert(people bigint[]) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.cases_message (id, owner_id, kind, local_date, send_after, attempts, last_error)
  SELECT gen_random_uuid(), p, 'ALERT', rasso.today(), rasso.now(), 0, '' FROM (SELECT DISTINCT unnest(people) AS p) whom
  WHERE NOT EXISTS (SELECT 1 FROM public.cases_message m WHERE m.owner_id = p AND m.kind = 'ALERT' AND m.sent_at IS NULL
    AND m.dropped_at IS NULL AND m.attempts = 0 AND m.leased_until IS NULL)
$f$;

-- Open a case for an hour, from the next transaction on. Answers its key; nothing where it is not opened, and the caller cannot tell why:
-- there is none of this reference, it is restricted, somebody in it is connected with them, or they tried or opened too often within an hour.
CREATE OR REPLACE FUNCTION rasso.open_emergency_access(wanted_reference text, reason text, own_words text, review_on date) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  me CONSTANT bigint := rasso.actor();
  ends CONSTANT timestamptz := rasso.now() + interval '1 hour';
  -- Within an hour. Refusals are written by the page in a transaction of their own, so that a smuggled statement leaves none of them behind:
  -- what was opened is counted as well.
  most_attempts CONSTANT int := 10;
  most_opened CONSTANT int := 5;
  attempts CONSTANT bigint := (SELECT count(*) FROM public.people_accessrecord r
    WHERE r.user_id = me AND r.at > clock_timestamp() - interval '1 hour' AND r.kind = 'REFUSED' AND r.page = 'emergency-access');
  opened_lately bigint;
  opened uuid;
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('INVESTIGATOR', 'LIAISON_OFFICER', 'SERGEANT', 'INSPECTOR', 'SUPERINTENDENT') THEN
    RAISE EXCEPTION 'rasso: this actor has no emergency access' USING ERRCODE = '42501';
  END IF;
  IF review_on IS NULL OR review_on <= rasso.today() OR review_on > rasso.today() + 14 THEN
    RAISE EXCEPTION 'rasso: an emergency access is reviewed on the next working day' USING ERRCODE = '22023';
  END IF;
  -- One at a time for each person, so that what is opened beside this is counted.
  PERFORM pg_advisory_xact_lock(hashtextextended('rasso.open_emergency_access', me));
  opened_lately := (SELECT count(*) FROM public.cases_emergencyaccess e WHERE e.user_id = me AND e.given_at > rasso.now() - interval '1 hour');
  -- One statement for all of it, so that what is refused takes as long as what is not there.
  SELECT c.id INTO opened FROM public.cases_case c
    WHERE c.reference = wanted_reference AND NOT c.is_restricted AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
      AND attempts < most_attempts AND opened_lately < most_opened;
  IF opened IS NULL THEN RETURN NULL; END IF;
  -- What they see anyway needs no opening.
  IF opened IN (SELECT rasso.own_case_ids()) OR EXISTS (
      SELECT 1 FROM public.cases_case c WHERE c.id = opened AND c.unit_id IN (SELECT rasso.supervised_units())) THEN
    RETURN opened;
  END IF;
  INSERT INTO public.cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, ends_at, given_by_id)
    SELECT gen_random_uuid(), me, p.id, opened, 'EMERGENCY', rasso.now(), ends, me FROM public.auth_permission p WHERE p.codename = 'work_on_case';
  INSERT INTO public.cases_emergencyaccess (id, case_id, user_id, why, words, roles, unit_id, given_at, ends_at, review_by, found, finding)
    VALUES (gen_random_uuid(), opened, me, reason, own_words, rasso.actor_roles(), (SELECT m.unit_id FROM public.people_membership m
      WHERE m.user_id = me AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today()) ORDER BY m.id DESC LIMIT 1),
      rasso.now(), ends, review_on, '', '');
  PERFORM rasso.alert(ARRAY(SELECT rasso.told_of_emergency(opened, me)));
  RETURN opened;
END $f$;

-- End one's own before its hour is over. Answers whether there was still something to end.
CREATE OR REPLACE FUNCTION rasso.end_emergency_access(wanted uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE ended public.cases_emergencyaccess;
BEGIN
  UPDATE public.cases_emergencyaccess SET ends_at = rasso.now()
    WHERE id = wanted AND user_id = rasso.actor() AND ends_at > rasso.now() RETURNING * INTO ended;
  IF ended.id IS NULL THEN RETURN false; END IF;
  UPDATE public.cases_casegrant SET ends_at = rasso.now()
    WHERE user_id = ended.user_id AND content_object_id = ended.case_id AND basis = 'EMERGENCY' AND ends_at > rasso.now();
  RETURN true;
END $f$;

-- Every emergency access to the auditor; to a supervisor those of the cases that they supervise. No content of a case but its reference.
DROP FUNCTION IF EXISTS rasso.emergency_accesses(boolean, uuid);
CREATE FUNCTION rasso.emergency_accesses(only_open boolean, wanted uuid DEFAULT NULL)
RETURNS TABLE (id uuid, case_id uuid, reference text, user_id bigint, called text, roles text[], unit text, why text, words text, given_at timestamptz,
  ends_at timestamptz, review_by date, reviewed_at timestamptz, reviewed_by text, found text, finding text, is_own boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT e.id, e.case_id, c.reference::text, e.user_id, rasso.called(e.user_id), e.roles::text[], q.name::text, e.why::text, e.words, e.given_at, e.ends_at,
    e.review_by, e.reviewed_at, rasso.called(e.reviewed_by_id), e.found::text, e.finding, e.user_id = rasso.actor()
  FROM public.cases_emergencyaccess e JOIN public.cases_case c ON c.id = e.case_id LEFT JOIN public.people_unit q ON q.id = e.unit_id
  WHERE (NOT only_open OR e.reviewed_at IS NULL) AND (wanted IS NULL OR e.id = wanted)
    AND ((SELECT rasso.has_role('AUDITOR')) OR rasso.supervises(e.case_id))
  ORDER BY e.given_at, e.id
$f$;

-- What somebody opened of the case while an emergency access ran, as the record says: when, what, on which page; nothing of its content. For
-- whoever may review the access; nothing for anybody else. A page that was asked for before the end may be recorded a breath after it. The
-- demonstration's clock is not that of the record: there, every look by this right.
CREATE OR REPLACE FUNCTION rasso.looks_in_emergency(wanted uuid, most int) RETURNS TABLE (at timestamptz, kind text, page text, outcome smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
DECLARE
  e public.cases_emergencyaccess;
  is_moved CONSTANT boolean := rasso.now() <> pg_catalog.now();
BEGIN
  SELECT x.* INTO e FROM public.cases_emergencyaccess x
    WHERE x.id = wanted AND x.user_id <> rasso.actor() AND (rasso.has_role('AUDITOR') OR rasso.supervises(x.case_id));
  IF e.id IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT r.at, r.kind::text, r.page::text, r.outcome::smallint FROM public.people_accessrecord r
    WHERE r.user_id = e.user_id AND r.case_ids @> ARRAY[e.case_id] AND r.page <> 'open_emergency_access'
      AND CASE WHEN is_moved THEN 'EMERGENCY' = ANY (r.rights) ELSE r.at >= e.given_at AND r.at < e.ends_at + interval '1 minute' END
    ORDER BY r.id LIMIT most;
END $f$;

-- Say what the review found: the auditor, or whoever supervises the case; never the person themselves. Answers whether it was still to do.
CREATE OR REPLACE FUNCTION rasso.review_emergency_access(wanted uuid, result text, own_words text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.cases_emergencyaccess e WHERE e.id = wanted AND e.user_id <> rasso.actor()
      AND (rasso.has_role('AUDITOR') OR rasso.supervises(e.case_id))) THEN
    RAISE EXCEPTION 'rasso: this actor may not review this emergency access' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_emergencyaccess SET reviewed_at = rasso.now(), reviewed_by_id = rasso.actor(), found = result, finding = own_words
    WHERE id = wanted AND reviewed_at IS NULL;
  RETURN FOUND;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.supervises, rasso.told_of_emergency, rasso.alert, rasso.open_emergency_access,
  rasso.end_emergency_access, rasso.emergency_accesses, rasso.looks_in_emergency, rasso.review_emergency_access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.emergency_accesses, rasso.looks_in_emergency TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
GRANT EXECUTE ON FUNCTION rasso.open_emergency_access, rasso.end_emergency_access TO rasso_police;
-- An auditor may be of an oversight body.
GRANT EXECUTE ON FUNCTION rasso.review_emergency_access TO rasso_police, rasso_partner;

CREATE OR REPLACE TRIGGER keep_signed BEFORE UPDATE ON cases_emergencyaccess FOR EACH ROW
  EXECUTE FUNCTION rasso.keep_signed('reviewed_at', 'reviewed_by_id', 'found', 'finding');
