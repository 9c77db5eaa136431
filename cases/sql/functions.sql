-- Reaches to cases, the functions that give them, and who signs reviews. Applied after people/sql/functions.sql.

GRANT SELECT ON cases_case, cases_casegrant, cases_caseconnection, cases_review, cases_referencenumber,
  auth_permission, cases_rule TO rasso_definer;
GRANT SELECT ON cases_action, cases_timelimit, cases_event, cases_person, cases_victim, cases_suspect, cases_historicalvictim,
  cases_historicalsuspect TO rasso_definer;
GRANT SELECT, INSERT ON cases_sentform, cases_rule, cases_localday TO rasso_definer;
GRANT USAGE ON SEQUENCE cases_rule_id_seq, cases_localday_id_seq TO rasso_definer;
GRANT INSERT ON cases_casegrant, cases_caseconnection, cases_referencenumber, cases_endedconnection TO rasso_definer;
GRANT SELECT ON cases_endedconnection TO rasso_definer;
GRANT UPDATE (decided_at, decided_by_id, line_is_out), DELETE ON cases_caseconnection TO rasso_definer;
GRANT UPDATE (ends_at) ON cases_casegrant TO rasso_definer;
GRANT UPDATE (officer_id, supervisor_id, status, is_restricted, version) ON cases_case TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Cases reached one by one to work with: in the actor's own right, or because they cover for somebody who has them (cover.sql).
CREATE OR REPLACE FUNCTION rasso.kept_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.given_case_ids() UNION ALL SELECT case_id FROM rasso.covered_grants()
$f$;

-- The same, and those that they may only look at for an hour. Policies call it as "= ANY (ARRAY(SELECT rasso.own_case_ids()))", so that it
-- runs once per statement and the index is used.
CREATE OR REPLACE FUNCTION rasso.own_case_ids() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE me CONSTANT bigint := rasso.actor();
BEGIN
  RETURN QUERY SELECT r.case_id FROM rasso.own_rights() r;
  -- Few people cover for somebody or look in an emergency; the others are not made to wait for either.
  IF EXISTS (SELECT 1 FROM public.people_cover WHERE covering_id = me AND ended_at IS NULL) THEN
    RETURN QUERY SELECT g.case_id FROM rasso.covered_grants() g;
  END IF;
  IF EXISTS (SELECT 1 FROM public.cases_casegrant WHERE user_id = me AND basis = 'EMERGENCY' AND ends_at > rasso.now()) THEN
    RETURN QUERY SELECT rasso.emergency_case_ids();
  END IF;
END $f$;

-- For the record of refusals: never answered to whoever asks.
CREATE OR REPLACE FUNCTION rasso.case_of_reference(wanted text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT id FROM public.cases_case WHERE reference = wanted
$f$;

-- The cases of the keys that stood in an address, "review <key>, number 3"; for the access record alone.
CREATE OR REPLACE FUNCTION rasso.cases_of_address(keys text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH found AS (
    SELECT m[1] AS what, m[2]::uuid AS key
    FROM regexp_matches(keys, '(review|limit|event|access|connection) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'g') m
  )
  SELECT r.case_id FROM found f JOIN public.cases_review r ON r.id = f.key WHERE f.what = 'review'
  UNION SELECT l.case_id FROM found f JOIN public.cases_timelimit l ON l.id = f.key WHERE f.what = 'limit'
  UNION SELECT e.case_id FROM found f JOIN public.cases_event e ON e.id = f.key WHERE f.what = 'event'
  UNION SELECT a.case_id FROM found f JOIN public.cases_emergencyaccess a ON a.id = f.key WHERE f.what = 'access'
  UNION SELECT x.case_id FROM found f JOIN public.cases_caseconnection x ON x.id = f.key WHERE f.what = 'connection'
$f$;

-- Cases that the actor is kept out of, whatever their role: they are connected with somebody in them.
CREATE OR REPLACE FUNCTION rasso.barred_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT case_id FROM public.cases_caseconnection WHERE user_id = (SELECT rasso.actor())
$f$;

-- A reference number of the year that nobody has drawn: random, so that it tells neither order nor volume.
CREATE OR REPLACE FUNCTION rasso.draw_reference_number(wanted_year int) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
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

-- Cases that the actor supervises in place of the supervisors of their unit.
CREATE OR REPLACE FUNCTION rasso.instead_case_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT case_id FROM rasso.own_rights() WHERE by_right = 'SUPERVISING'
$f$;

-- Whether the actor may give this case to others: whoever logged it until it is allocated, and the supervisors of its unit
-- (on a restricted case only those named on it).
CREATE OR REPLACE FUNCTION rasso.may_give(wanted_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.kind() = 'police' AND EXISTS (
    SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case
      AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
      AND (c.logged_by_id = rasso.actor() AND c.officer_id IS NULL AND c.id IN (SELECT rasso.kept_case_ids())
           OR NOT c.is_restricted AND (c.unit_id IN (SELECT rasso.supervised_units()) OR c.id IN (SELECT rasso.instead_case_ids()))
           OR c.is_restricted AND rasso.has_role('SERGEANT', 'INSPECTOR') AND c.id IN (SELECT rasso.kept_case_ids())))
$f$;

-- Give somebody of the police a case. The permission row is guardian's; basis, dates and giver are ours.
CREATE OR REPLACE FUNCTION rasso.give(wanted_case uuid, receiver bigint, wanted_basis text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.may_give(wanted_case) THEN RAISE EXCEPTION 'rasso: this actor may not give this case' USING ERRCODE = '42501'; END IF;
  -- What somebody reaches only by covering ends with the cover: nobody makes it last by giving it to themself.
  IF receiver = rasso.actor() AND rasso.on_behalf_of(wanted_case) IS NOT NULL THEN
    RAISE EXCEPTION 'rasso: nobody gives themself a case that they reach by covering' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.people_user WHERE id = receiver AND is_active AND organisation_kind = 'POLICE') THEN
    RAISE EXCEPTION 'rasso: cases are given to police only' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM public.cases_caseconnection WHERE case_id = wanted_case AND user_id = receiver) THEN
    RAISE EXCEPTION 'rasso: the receiver is connected with this case' USING ERRCODE = '42501';
  END IF;
  -- Whoever works on a case does not review it: so no supervisor becomes its second officer.
  IF wanted_basis = 'SECOND' AND (SELECT NOT bool_or(r.role = 'INVESTIGATOR') OR bool_or(r.role IN ('SERGEANT', 'INSPECTOR'))
      FROM public.people_roleassignment r WHERE r.user_id = receiver
        AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())) IS NOT FALSE THEN
    RAISE EXCEPTION 'rasso: a second officer is an investigator and no supervisor' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
    SELECT gen_random_uuid(), receiver, p.id, wanted_case, wanted_basis, rasso.now(), rasso.actor() FROM public.auth_permission p WHERE p.codename = 'work_on_case'
    ON CONFLICT DO NOTHING;
END $f$;

-- The same for everybody who may give: beside the officer in the case, who is made by rasso.allocate_case only.
CREATE OR REPLACE FUNCTION rasso.grant_case(wanted_case uuid, receiver bigint, wanted_basis text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF wanted_basis NOT IN ('SECOND', 'LIAISON', 'NAMED') THEN
    RAISE EXCEPTION 'rasso: a case is not given so' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.give(wanted_case, receiver, wanted_basis);
END $f$;

-- End what was given beside the officer in the case: a second officer, a SOLO/SOIT. Answers whether there was such a grant.
CREATE OR REPLACE FUNCTION rasso.end_grant(wanted_case uuid, receiver bigint, wanted_basis text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.may_give(wanted_case) OR wanted_basis NOT IN ('SECOND', 'LIAISON') THEN
    RAISE EXCEPTION 'rasso: this actor may not end this grant' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND user_id = receiver AND basis = wanted_basis AND ends_at IS NULL;
  RETURN FOUND;
END $f$;

-- Whoever left and comes back reaches nothing by what they were given before, beside the officer or of a restricted case: it is given
-- anew by whoever supervises the case. Not when they leave, so that it can be handed over. The other cases whose officer they are stay
-- theirs. Called by rasso.reactivate_person, which looks at the actor.
CREATE OR REPLACE FUNCTION rasso.end_grants_of_returner(returner bigint) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  UPDATE public.cases_casegrant g SET ends_at = greatest(rasso.now(), g.starts_at) FROM public.cases_case c
    WHERE g.user_id = returner AND g.ends_at IS NULL AND c.id = g.content_object_id AND (g.basis <> 'ASSIGNED' OR c.is_restricted)
$f$;

-- Make somebody the officer in the case: ends the present officer's grant, gives the new one. Serves the first allocation and each handing over.
CREATE OR REPLACE FUNCTION rasso.allocate_case(wanted_case uuid, receiver bigint) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.may_give(wanted_case) THEN RAISE EXCEPTION 'rasso: this actor may not give this case' USING ERRCODE = '42501'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.cases_case WHERE id = wanted_case AND status IN ('RECORDED', 'INVESTIGATING')) THEN
    RAISE EXCEPTION 'rasso: a case that has ended is not allocated' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND basis = 'ASSIGNED' AND ends_at IS NULL AND user_id <> receiver;
  PERFORM rasso.give(wanted_case, receiver, 'ASSIGNED');
  -- Nobody else could see the case, and it would stand on nobody's page (the bases of rasso.own_case_ids).
  IF NOT EXISTS (SELECT 1 FROM public.people_roleassignment r
      WHERE r.user_id = receiver AND r.role IN ('INVESTIGATOR', 'SERGEANT', 'INSPECTOR')
        AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())) THEN
    RAISE EXCEPTION 'rasso: the officer in the case is an investigator or a supervisor' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_case SET officer_id = receiver, version = version + 1,
      status = CASE WHEN status = 'RECORDED' THEN 'INVESTIGATING' ELSE status END
    WHERE id = wanted_case;
END $f$;

-- For whoever allocates: how many open cases each investigator has, and on how many of them something is late. Numbers only, never of
-- restricted cases nor of those that the reader is kept out of; nobody stands there who is not offered as an officer.
CREATE OR REPLACE FUNCTION rasso.caseloads() RETURNS TABLE (officer_id bigint, open_cases bigint, with_late bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.officer_id, count(*), count(*) FILTER (WHERE
      EXISTS (SELECT 1 FROM public.cases_timelimit l
        WHERE l.case_id = c.id AND l.met_at IS NULL AND l.stopped_by_id IS NULL AND l.suspended_by_id IS NULL
          AND CASE WHEN l.due_at IS NULL THEN l.due_on < (SELECT rasso.today()) ELSE l.due_at < (SELECT rasso.now()) END)
      OR EXISTS (SELECT 1 FROM public.cases_review v WHERE v.case_id = c.id AND v.completed_at IS NULL AND v.due_on < (SELECT rasso.today()))
      OR EXISTS (SELECT 1 FROM public.cases_action a WHERE a.case_id = c.id AND a.done_at IS NULL AND a.due_on < (SELECT rasso.today())))
  FROM public.cases_case c
  WHERE (SELECT rasso.kind() = 'police' AND rasso.has_role('SERGEANT', 'INSPECTOR'))
    AND c.status IN ('RECORDED', 'INVESTIGATING') AND NOT c.is_restricted AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
    AND c.officer_id = ANY (ARRAY(SELECT u.id FROM public.people_user u JOIN public.people_roleassignment r ON r.user_id = u.id
      WHERE u.is_active AND u.organisation_kind = 'POLICE' AND r.role = 'INVESTIGATOR'
        AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())))
  GROUP BY c.officer_id
$f$;

-- Who signs reviews of a unit's cases at a role: the holders nearest above the case, then the next role up.
CREATE OR REPLACE FUNCTION rasso.signers(wanted_unit bigint, lowest_role text, not_this_user bigint, wanted_case uuid) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH RECURSIVE above AS (
    SELECT id, parent_id, 0 AS distance FROM public.people_unit WHERE id = wanted_unit
    UNION ALL
    SELECT u.id, u.parent_id, above.distance + 1 FROM public.people_unit u JOIN above ON u.id = above.parent_id
  ), holders AS (
    -- Whoever is absent is not told: the one person who covers for them is, if they may. Cover goes no further than that.
    SELECT s.user_id, above.distance,
        CASE r.role WHEN 'SERGEANT' THEN 1 WHEN 'INSPECTOR' THEN 2 WHEN 'SUPERINTENDENT' THEN 3 END AS level
    FROM above JOIN public.people_membership m ON m.unit_id = above.id
      JOIN public.people_user u ON u.id = m.user_id AND u.is_active
      JOIN public.people_roleassignment r ON r.user_id = u.id AND r.role IN ('SERGEANT', 'INSPECTOR', 'SUPERINTENDENT'),
      LATERAL (SELECT rasso.stand_in(u.id) AS user_id) s
    WHERE m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
      AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
      -- Nor does whoever does that person's work for them.
      AND s.user_id IS DISTINCT FROM not_this_user AND s.user_id IS DISTINCT FROM rasso.stand_in(not_this_user)
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = s.user_id)
  ), fitting AS (
    -- A Detective Superintendent signs only what was sent on to them.
    SELECT user_id, level, distance FROM holders
    WHERE CASE lowest_role WHEN 'SERGEANT' THEN level IN (1, 2) WHEN 'INSPECTOR' THEN level = 2 WHEN 'SUPERINTENDENT' THEN level = 3 END
  )
  SELECT DISTINCT user_id FROM fitting
  WHERE (level, distance) = (SELECT level, distance FROM fitting ORDER BY level, distance LIMIT 1)
$f$;

-- The people of the units that the actor supervises.
CREATE OR REPLACE FUNCTION rasso.supervised_people() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT m.user_id FROM public.people_membership m
  WHERE m.unit_id IN (SELECT rasso.supervised_units())
    AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
$f$;

-- The actor's own family name in small letters: who is named in an unfinished report does not read it.
CREATE OR REPLACE FUNCTION rasso.own_family_name() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT lower(family_name) FROM public.people_user WHERE id = rasso.actor()
$f$;

-- Every name that anybody of the case was ever recorded under, also what was put right since: for leaving names out of copies, and for
-- nothing else. Only for whoever may see the case.
CREATE OR REPLACE FUNCTION rasso.names_of_case(wanted_case uuid) RETURNS TABLE (called text, name text, aliases text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT x.called, p.name::text, p.aliases::text
  FROM (
    SELECT 'V' || number AS called, person_id FROM public.cases_victim WHERE case_id = wanted_case
    UNION SELECT 'V' || number, person_id FROM public.cases_historicalvictim WHERE case_id = wanted_case
    UNION SELECT 'S' || number, person_id FROM public.cases_suspect WHERE case_id = wanted_case
    UNION SELECT 'S' || number, person_id FROM public.cases_historicalsuspect WHERE case_id = wanted_case
  ) x JOIN public.cases_person p ON p.id = x.person_id
  WHERE rasso.kind() = 'police' AND EXISTS (
    SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case AND c.id <> ALL (ARRAY(SELECT rasso.barred_case_ids()))
      AND (c.id = ANY (ARRAY(SELECT rasso.own_case_ids())) OR NOT c.is_restricted AND c.unit_id = ANY (ARRAY(SELECT rasso.supervised_units()))))
$f$;

-- Whether the actor may make this person the victim or suspect of this row: one they added themselves, or who it is already. Any other
-- key would open that person's name to them through their own case.
CREATE OR REPLACE FUNCTION rasso.may_name(row_id uuid, wanted_person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT wanted_person IS NULL
    OR EXISTS (SELECT 1 FROM public.cases_person p WHERE p.id = wanted_person AND p.added_by_id = rasso.actor())
    OR EXISTS (SELECT 1 FROM public.cases_suspect s WHERE s.id = row_id AND s.person_id = wanted_person)
$f$;

-- Whether this form is sent for the first time. A second sending at the same moment waits for the first and then hears no.
CREATE OR REPLACE FUNCTION rasso.first_time(form_key uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  INSERT INTO public.cases_sentform (id, owner_id, sent_at) VALUES (form_key, rasso.actor(), rasso.now()) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $f$;

-- Whether the actor has sent this form already.
CREATE OR REPLACE FUNCTION rasso.sent_before(form_key uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.cases_sentform WHERE id = form_key AND owner_id = rasso.actor())
$f$;

-- The force's own version of a rule, from a day to come. No date already given moves: each running review and limit keeps its own.
CREATE OR REPLACE FUNCTION rasso.change_rule(old_rule bigint, new_amount int, new_after int, new_further_after int, begins date, because text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made bigint;
BEGIN
  IF NOT rasso.has_role('ADMINISTRATOR') THEN RAISE EXCEPTION 'rasso: only an administrator changes a rule' USING ERRCODE = '42501'; END IF;
  IF begins <= rasso.today() THEN RAISE EXCEPTION 'rasso: a rule changes from a day to come' USING ERRCODE = '22023'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rasso.rules of the force'));
  INSERT INTO public.cases_rule (profile, code, version, kind, label, review_kind, amount, calendar, repeats, owner_role, remind_before, escalates_to,
      escalates_after, escalates_further_to, escalates_further_after, escalation_calendar, basis, source, valid_from, valid_to,
      is_local, changed_by_id, changed_at, changed_because)
    SELECT r.profile, r.code, 1 + coalesce((SELECT max(v.version) FROM public.cases_rule v
        WHERE v.profile = r.profile AND v.code = r.code AND v.is_local), 0), r.kind, r.label, r.review_kind, new_amount, r.calendar, r.repeats,
      r.owner_role, r.remind_before, r.escalates_to, new_after, r.escalates_further_to, new_further_after, r.escalation_calendar, r.basis, r.source,
      begins, NULL, true, rasso.actor(), rasso.now(), because
    FROM public.cases_rule r WHERE r.id = old_rule
    RETURNING id INTO made;
  IF made IS NULL THEN RAISE EXCEPTION 'rasso: there is no such rule' USING ERRCODE = '22023'; END IF;
  RETURN made;
END $f$;

CREATE OR REPLACE FUNCTION rasso.add_local_day(wanted_profile text, wanted_day date, wanted_name text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('ADMINISTRATOR') THEN RAISE EXCEPTION 'rasso: only an administrator adds a day' USING ERRCODE = '42501'; END IF;
  INSERT INTO public.cases_localday (profile, day, name, added_at, added_by_id)
    VALUES (wanted_profile, wanted_day, wanted_name, rasso.now(), rasso.actor());
END $f$;

-- What a trial of a changed rule counts with: of the running reviews and limits under any version of a rule, the days they are counted
-- from and due on, whether they stood still in between, and how many share all that. No case is named, so whoever keeps the rules
-- learns of none.
DROP FUNCTION IF EXISTS rasso.dates_under_rule(text, text);
CREATE FUNCTION rasso.dates_under_rule(wanted_profile text, wanted_code text)
RETURNS TABLE (number int, begins_at timestamptz, counted_from date, due_on date, due_at timestamptz, stood_still boolean, how_many bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT v.number::int, NULL::timestamptz, v.counted_from, v.due_on, NULL::timestamptz, false, count(*)
  FROM public.cases_review v JOIN public.cases_rule r ON r.id = v.rule_id
  WHERE rasso.has_role('ADMINISTRATOR') AND r.profile = wanted_profile AND r.code = wanted_code AND v.completed_at IS NULL AND NOT v.is_restricted
  GROUP BY v.number, v.counted_from, v.due_on
  UNION ALL
  SELECT NULL, l.begins_at, NULL, l.due_on, l.due_at, p.stood_still, count(*)
  FROM public.cases_timelimit l JOIN public.cases_rule r ON r.id = l.rule_id,
    LATERAL (SELECT l.suspended_by_id IS NOT NULL OR EXISTS (
      SELECT 1 FROM public.cases_event e WHERE e.limit_id = l.id AND e.kind = 'LIMIT_RESUMED') AS stood_still) p
  WHERE rasso.has_role('ADMINISTRATOR') AND r.profile = wanted_profile AND r.code = wanted_code
    AND l.met_at IS NULL AND l.stopped_by_id IS NULL AND NOT l.is_restricted
  GROUP BY l.begins_at, l.due_on, l.due_at, p.stood_still
$f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.own_case_ids, rasso.case_of_reference, rasso.cases_of_address, rasso.instead_case_ids, rasso.kept_case_ids, rasso.barred_case_ids, rasso.draw_reference_number, rasso.may_give, rasso.grant_case,
  rasso.allocate_case, rasso.end_grant, rasso.signers, rasso.supervised_people, rasso.first_time, rasso.sent_before, rasso.change_rule, rasso.add_local_day,
  rasso.dates_under_rule, rasso.give, rasso.end_grants_of_returner, rasso.caseloads, rasso.own_family_name, rasso.names_of_case, rasso.may_name FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.own_case_ids, rasso.kept_case_ids, rasso.barred_case_ids, rasso.supervised_people, rasso.dates_under_rule,
  rasso.sent_before, rasso.own_family_name, rasso.names_of_case, rasso.caseloads TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.draw_reference_number, rasso.may_give, rasso.grant_case, rasso.allocate_case, rasso.end_grant,
  rasso.first_time, rasso.change_rule, rasso.add_local_day, rasso.may_name TO rasso_police;
-- An auditor may be of an oversight body, and sends forms too.
GRANT EXECUTE ON FUNCTION rasso.first_time TO rasso_partner;
GRANT EXECUTE ON FUNCTION rasso.sent_before TO rasso_partner, rasso_partner_read;

-- What is signed stays as it was signed, whoever sends the statement: a completed review, a verified action, an answered request, an
-- entry that is struck out.
CREATE OR REPLACE FUNCTION rasso.keep_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  signed CONSTANT text := TG_ARGV[0];
  kept text;
BEGIN
  IF to_jsonb(OLD) ->> signed IS NULL THEN RETURN NEW; END IF;
  FOREACH kept IN ARRAY TG_ARGV LOOP
    -- But a disposal (information/sql), which nobody else can be, writes over words.
    IF to_jsonb(OLD) -> kept IS DISTINCT FROM to_jsonb(NEW) -> kept
        AND NOT (current_user = 'rasso_definer' AND position('[erased]' IN coalesce(to_jsonb(NEW) ->> kept, '')) > 0) THEN
      RAISE EXCEPTION 'rasso: what is signed in % stays as it is', TG_TABLE_NAME USING ERRCODE = '42501';
    END IF;
  END LOOP;
  RETURN NEW;
END $f$;
REVOKE ALL ON FUNCTION rasso.keep_signed FROM PUBLIC;
CREATE OR REPLACE TRIGGER keep_signed BEFORE UPDATE ON cases_review FOR EACH ROW
  EXECUTE FUNCTION rasso.keep_signed('completed_at', 'completed_by_id', 'on_behalf_of_id', 'officer_then_id', 'result', 'own_words');
CREATE OR REPLACE TRIGGER keep_signed BEFORE UPDATE ON cases_action FOR EACH ROW
  EXECUTE FUNCTION rasso.keep_signed('verified_at', 'verified_by_id', 'done_at', 'done_by_id', 'done_how', 'evidence');
CREATE OR REPLACE TRIGGER keep_signed BEFORE UPDATE ON cases_moretime FOR EACH ROW
  EXECUTE FUNCTION rasso.keep_signed('answered_at', 'answered_by_id', 'is_agreed', 'answer', 'due_asked');
CREATE OR REPLACE TRIGGER keep_signed BEFORE UPDATE ON cases_event FOR EACH ROW
  EXECUTE FUNCTION rasso.keep_signed('struck_at', 'struck_by_id', 'struck_because');
