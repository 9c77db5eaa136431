-- Who may see a restricted case, and who is kept out because they are connected with somebody in a case. Applied after emergency.sql.

SET LOCAL ROLE rasso_definer;

-- Whether somebody supervises cases today: those of whom one stands by name on each restricted case.
CREATE OR REPLACE FUNCTION rasso.is_supervisor(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.police_roles(person) && '{SERGEANT,INSPECTOR}'
$f$;

-- Whether this person can be named on a restricted case: they hold a role that sees one when named, and are not kept out of it.
CREATE OR REPLACE FUNCTION rasso.can_be_named(wanted_case uuid, person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.police_roles(person) && '{INVESTIGATOR,LIAISON_OFFICER,SERGEANT,INSPECTOR}'
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = person)
$f$;

-- Supervisors named on a restricted case who could act on it today; its officer is none of them.
CREATE OR REPLACE FUNCTION rasso.named_supervisors(wanted_case uuid) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT g.user_id FROM public.cases_casegrant g JOIN public.cases_case c ON c.id = g.content_object_id
  WHERE g.content_object_id = wanted_case AND g.basis = 'NAMED' AND g.ends_at IS NULL AND g.user_id IS DISTINCT FROM c.officer_id
    AND rasso.is_supervisor(g.user_id) AND rasso.can_be_named(wanted_case, g.user_id)
$f$;

-- The row of the grant table; who may is looked at by those who call it. Belongs to no caller.
CREATE OR REPLACE FUNCTION rasso.name(wanted_case uuid, person bigint, wanted_basis text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.cases_casegrant (id, user_id, permission_id, content_object_id, basis, starts_at, given_by_id)
    SELECT gen_random_uuid(), person, p.id, wanted_case, wanted_basis, rasso.now(), rasso.actor() FROM public.auth_permission p WHERE p.codename = 'work_on_case'
    ON CONFLICT DO NOTHING
$f$;

-- End every grant of a case but those of the people to keep, an emergency access too. The officer's goes only with the officer.
CREATE OR REPLACE FUNCTION rasso.end_grants_but_of(wanted_case uuid, kept bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND (ends_at IS NULL OR ends_at > rasso.now()) AND user_id <> ALL (kept);
  UPDATE public.cases_emergencyaccess SET ends_at = greatest(rasso.now(), given_at)
    WHERE case_id = wanted_case AND ends_at > rasso.now() AND user_id <> ALL (kept);
END $f$;

-- Make a case restricted: from now on these people see it and nobody else does, whoever sends the statement. Its officer is among them,
-- and a supervisor who is not its officer.
CREATE OR REPLACE FUNCTION rasso.restrict_case(wanted_case uuid, people bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE wanted public.cases_case;
BEGIN
  SELECT * INTO wanted FROM public.cases_case WHERE id = wanted_case AND NOT is_restricted FOR NO KEY UPDATE;
  IF wanted.id IS NULL OR NOT rasso.supervises(wanted_case) THEN
    RAISE EXCEPTION 'rasso: this actor may not restrict this case' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(people) p WHERE NOT rasso.can_be_named(wanted_case, p)) OR wanted.officer_id <> ALL (people) THEN
    RAISE EXCEPTION 'rasso: these people cannot be named on this case' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.end_grants_but_of(wanted_case, people);
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND basis IN ('EMERGENCY', 'SUPERVISING') AND (ends_at IS NULL OR ends_at > rasso.now());
  PERFORM rasso.name(wanted_case, p, 'NAMED') FROM unnest(people) p;
  -- A cascade carries it to everything that repeats it (InCaseScope).
  UPDATE public.cases_case SET is_restricted = true, version = version + 1 WHERE id = wanted_case;
  IF NOT EXISTS (SELECT 1 FROM rasso.named_supervisors(wanted_case)) THEN
    RAISE EXCEPTION 'rasso: a supervisor is named on each restricted case' USING ERRCODE = '42501';
  END IF;
  -- Nobody takes a case from everybody above in silence: they hear that it was done, and nothing of the case; the auditor hears which.
  PERFORM rasso.alert(ARRAY(SELECT s FROM rasso.superintendents() s
    WHERE NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = wanted_case AND x.user_id = s)));
END $f$;

-- Name somebody on a restricted case. By a supervisor who is named on it.
CREATE OR REPLACE FUNCTION rasso.name_on_case(wanted_case uuid, person bigint) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.supervises(wanted_case) OR NOT (SELECT is_restricted FROM public.cases_case WHERE id = wanted_case) OR NOT rasso.can_be_named(wanted_case, person) THEN
    RAISE EXCEPTION 'rasso: this person cannot be named on this case' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.name(wanted_case, person, 'NAMED');
END $f$;

-- Take somebody off a restricted case, with whatever else they were given of it. Never its officer, who is handed over first, nor the last
-- supervisor. Answers whether they were on it.
CREATE OR REPLACE FUNCTION rasso.unname_on_case(wanted_case uuid, person bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE was_on_it boolean;
BEGIN
  IF NOT rasso.supervises(wanted_case) OR NOT EXISTS (
      SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case AND c.is_restricted AND c.officer_id IS DISTINCT FROM person) THEN
    RAISE EXCEPTION 'rasso: this person cannot be taken off this case' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND user_id = person AND ends_at IS NULL;
  was_on_it := FOUND;
  IF NOT EXISTS (SELECT 1 FROM rasso.named_supervisors(wanted_case)) THEN
    RAISE EXCEPTION 'rasso: a supervisor is named on each restricted case' USING ERRCODE = '42501';
  END IF;
  RETURN was_on_it;
END $f$;

-- Lift the restriction: by an inspector who is named, and so sees what it protects. Those named keep nothing by it.
CREATE OR REPLACE FUNCTION rasso.lift_restriction(wanted_case uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('INSPECTOR') OR NOT rasso.supervises(wanted_case)
      OR NOT (SELECT is_restricted FROM public.cases_case WHERE id = wanted_case) THEN
    RAISE EXCEPTION 'rasso: this actor may not lift this restriction' USING ERRCODE = '42501';
  END IF;
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND basis = 'NAMED' AND ends_at IS NULL;
  UPDATE public.cases_case SET is_restricted = false, version = version + 1 WHERE id = wanted_case;
END $f$;

-- Whether somebody is named who may sign what this review asks for. A Detective Superintendent is named on no case, so an inspector will do,
-- who can lift the restriction.
CREATE OR REPLACE FUNCTION rasso.can_sign_named(person bigint, lowest_role text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM unnest(rasso.police_roles(person)) r
    WHERE r IN ('SERGEANT', 'INSPECTOR') AND rasso.signing_level(r) >= least(rasso.signing_level(lowest_role), 2))
$f$;

-- Open reviews of a case of which somebody should have heard by today and that nobody named on it may sign.
CREATE OR REPLACE FUNCTION rasso.reviews_nobody_signs(wanted_case uuid) RETURNS SETOF public.cases_review LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT r.* FROM public.cases_review r
  WHERE r.case_id = wanted_case AND r.completed_at IS NULL AND r.warn_on <= rasso.today()
    AND NOT EXISTS (SELECT 1 FROM rasso.named_supervisors(wanted_case) s WHERE rasso.can_sign_named(s, r.lowest_role))
$f$;

-- Open restricted cases of which no supervisor is named any more, or none who may sign the review that is due: nobody who could act is told
-- of what is late in them, and those above see nothing of it.
CREATE OR REPLACE FUNCTION rasso.cases_without_supervisor(reader bigint) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.id FROM public.cases_case c
  WHERE c.is_restricted AND c.status IN ('RECORDED', 'INVESTIGATING')
    AND (NOT EXISTS (SELECT 1 FROM rasso.named_supervisors(c.id)) OR EXISTS (SELECT 1 FROM rasso.reviews_nobody_signs(c.id)))
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = c.id AND x.user_id = reader)
  -- In an order that says nothing of when they were logged.
  ORDER BY md5(c.id::text)
$f$;

-- How many cases were restricted within a day: nobody was named on them the day before. One that was logged as restricted is not among them:
-- it names an inspector from the first.
CREATE OR REPLACE FUNCTION rasso.number_restricted_lately(reader bigint) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT count(*)::int FROM public.cases_case c
  WHERE c.is_restricted AND NOT EXISTS (SELECT 1 FROM public.cases_casegrant g WHERE g.content_object_id = c.id AND g.basis = 'NAMED'
      AND g.starts_at <= greatest(c.logged_at, rasso.now() - interval '1 day') AND (g.ends_at IS NULL OR g.ends_at > rasso.now() - interval '1 day'))
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x WHERE x.case_id = c.id AND x.user_id = reader)
$f$;

DROP FUNCTION IF EXISTS rasso.number_without_supervisor();
-- How many there are, for a Detective Superintendent; how many of them have a supervisor who may not sign what is due; how much in them was
-- escalated; and how many cases were restricted lately. Nothing of any of them.
CREATE FUNCTION rasso.number_without_supervisor(OUT cases int, OUT unsigned int, OUT escalated int, OUT lately int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE found_cases uuid[];
BEGIN
  cases := 0; unsigned := 0; escalated := 0; lately := 0;
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('SUPERINTENDENT') THEN RETURN; END IF;
  lately := rasso.number_restricted_lately(rasso.actor());
  found_cases := ARRAY(SELECT rasso.cases_without_supervisor(rasso.actor()));
  cases := cardinality(found_cases);
  IF cases = 0 THEN RETURN; END IF;
  unsigned := (SELECT count(*) FROM unnest(found_cases) c WHERE EXISTS (SELECT 1 FROM rasso.named_supervisors(c)));
  escalated := (SELECT count(*) FROM rasso.open_things() t WHERE t.case_id = ANY (found_cases) AND t.escalates_on <= rasso.today());
END $f$;

-- A Detective Superintendent names a supervisor on the first of them on which this person can be named and would mend what is wrong, and does
-- not see which. Answers its key, for the access record alone; nothing where there is none. The auditor hears.
CREATE OR REPLACE FUNCTION rasso.name_supervisor_unseen(person bigint) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE found_case uuid;
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('SUPERINTENDENT') OR person = rasso.actor() OR NOT rasso.is_supervisor(person) THEN
    RAISE EXCEPTION 'rasso: this actor may not name this person' USING ERRCODE = '42501';
  END IF;
  -- One at a time, so that two who answer the same alarm do not name one each.
  PERFORM pg_advisory_xact_lock(hashtext('rasso.name_supervisor_unseen'));
  SELECT c INTO found_case FROM rasso.cases_without_supervisor(rasso.actor()) WITH ORDINALITY x(c, place)
    WHERE rasso.can_be_named(c, person) AND NOT EXISTS (SELECT 1 FROM public.cases_case o WHERE o.id = c AND o.officer_id = person)
      -- Where a supervisor is named already, one more who may not sign helps nobody.
      AND (NOT EXISTS (SELECT 1 FROM rasso.named_supervisors(c))
        OR EXISTS (SELECT 1 FROM rasso.reviews_nobody_signs(c) r WHERE rasso.can_sign_named(person, r.lowest_role)))
    ORDER BY place LIMIT 1;
  IF found_case IS NULL THEN RETURN NULL; END IF;
  PERFORM rasso.name(found_case, person, 'NAMED');
  PERFORM rasso.alert(ARRAY(SELECT u.id FROM public.people_user u JOIN public.people_roleassignment r ON r.user_id = u.id
    WHERE u.is_active AND r.role = 'AUDITOR' AND r.starts_on <= rasso.today() AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())));
  RETURN found_case;
END $f$;

-- Supervisors whom a Detective Superintendent named unseen, lately: for the auditor.
CREATE OR REPLACE FUNCTION rasso.named_unseen(since timestamptz) RETURNS TABLE (at timestamptz, by_whom text, whom text, reference text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT g.starts_at, rasso.called(g.given_by_id), rasso.called(g.user_id), c.reference::text
  FROM public.cases_casegrant g JOIN public.cases_case c ON c.id = g.content_object_id
  WHERE rasso.has_role('AUDITOR') AND g.basis = 'NAMED' AND g.starts_at >= since AND 'SUPERINTENDENT' = ANY (rasso.police_roles(g.given_by_id))
  ORDER BY g.starts_at DESC
$f$;

-- Connected people -------------------------------------------------------------------------------------------------------

-- What somebody loses who is connected with someone in a case: everything of it, at once. A case whose officer they are waits for another.
CREATE OR REPLACE FUNCTION rasso.keep_out(wanted_case uuid, person bigint) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  UPDATE public.cases_casegrant SET ends_at = greatest(rasso.now(), starts_at)
    WHERE content_object_id = wanted_case AND user_id = person AND (ends_at IS NULL OR ends_at > rasso.now());
  UPDATE public.cases_emergencyaccess SET ends_at = greatest(rasso.now(), given_at)
    WHERE case_id = wanted_case AND user_id = person AND ends_at > rasso.now();
  UPDATE public.cases_case SET officer_id = nullif(officer_id, person), supervisor_id = nullif(supervisor_id, person), version = version + 1
    WHERE id = wanted_case AND (officer_id = person OR supervisor_id = person);
END $f$;

-- Say that somebody who works here is connected with someone in the case: of oneself whoever sees it, of others whoever supervises it.
CREATE OR REPLACE FUNCTION rasso.connect(wanted_case uuid, person bigint, words text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made uuid;
BEGIN
  IF wanted_case IN (SELECT rasso.barred_case_ids()) OR NOT (rasso.supervises(wanted_case) OR person = rasso.actor() AND rasso.kind() = 'police'
      AND EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case
        AND (c.id IN (SELECT rasso.own_case_ids()) OR NOT c.is_restricted AND c.unit_id IN (SELECT rasso.supervised_units())))) THEN
    RAISE EXCEPTION 'rasso: this actor may not say that of this person' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.people_user WHERE id = person AND organisation_kind = 'POLICE') THEN
    RAISE EXCEPTION 'rasso: only somebody of the police is kept out' USING ERRCODE = '42501';
  END IF;
  -- Somebody who lost it with their line of command, and is connected themselves: that lasts when the other has ended.
  DELETE FROM public.cases_caseconnection WHERE case_id = wanted_case AND user_id = person AND because_of_id IS NOT NULL;
  INSERT INTO public.cases_caseconnection (id, case_id, user_id, said_by_id, said_at, how)
    VALUES (gen_random_uuid(), wanted_case, person, rasso.actor(), rasso.now(), words) ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN RETURN; END IF;
  PERFORM rasso.keep_out(wanted_case, person);
  IF EXISTS (SELECT 1 FROM rasso.line_of(person)) THEN
    PERFORM rasso.alert(ARRAY(SELECT s FROM rasso.superintendents() s WHERE s <> person));
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rasso.superintendents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT u.id FROM public.people_user u JOIN public.people_roleassignment r ON r.user_id = u.id
  WHERE u.is_active AND u.organisation_kind = 'POLICE' AND r.role = 'SUPERINTENDENT' AND r.starts_on <= rasso.today()
    AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
$f$;

-- Who supervises somebody today: sergeants and inspectors of higher rank in their units and those above.
CREATE OR REPLACE FUNCTION rasso.line_of(person bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH RECURSIVE above AS (
    SELECT m.unit_id AS id FROM public.people_membership m
      WHERE m.user_id = person AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
    UNION
    SELECT u.parent_id FROM public.people_unit u JOIN above ON u.id = above.id WHERE u.parent_id IS NOT NULL
  )
  SELECT DISTINCT m.user_id FROM public.people_membership m JOIN above ON above.id = m.unit_id
  WHERE m.user_id <> person AND rasso.is_supervisor(m.user_id)
    AND rasso.rank_of(rasso.police_roles(m.user_id)) > rasso.rank_of(rasso.police_roles(person))
    AND m.starts_on <= rasso.today() AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
$f$;

-- Connections of which a Detective Superintendent has not said yet whether the line of command loses the case too: all of them where
-- "reader" is free to decide. Nothing of the case but its unit, and of a restricted one not even that.
CREATE OR REPLACE FUNCTION rasso.undecided_connections(reader bigint) RETURNS SETOF public.cases_caseconnection
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT x.* FROM public.cases_caseconnection x JOIN public.cases_case c ON c.id = x.case_id
  WHERE x.decided_at IS NULL AND x.because_of_id IS NULL AND c.status IN ('RECORDED', 'INVESTIGATING')
    AND EXISTS (SELECT 1 FROM rasso.line_of(x.user_id))
    AND NOT EXISTS (SELECT 1 FROM public.cases_caseconnection o WHERE o.case_id = x.case_id AND o.user_id = reader)
$f$;

CREATE OR REPLACE FUNCTION rasso.connections_to_decide() RETURNS TABLE (id uuid, called text, unit text, said_at timestamptz, line text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT x.id, rasso.called(x.user_id), CASE WHEN c.is_restricted THEN '' ELSE u.name END::text, x.said_at,
    ARRAY(SELECT rasso.called(l) FROM rasso.line_of(x.user_id) l ORDER BY 1)
  FROM rasso.undecided_connections(rasso.actor()) x JOIN public.cases_case c ON c.id = x.case_id JOIN public.people_unit u ON u.id = c.unit_id
  WHERE rasso.kind() = 'police' AND rasso.has_role('SUPERINTENDENT')
  ORDER BY x.said_at, x.id
$f$;

-- Whether this person can supervise this case in place of those who lose it: a supervisor who is not kept out of it, is not its officer, and
-- does not decide it.
CREATE OR REPLACE FUNCTION rasso.can_supervise_instead(wanted_case uuid, person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.is_supervisor(person) AND rasso.can_be_named(wanted_case, person) AND person <> rasso.actor()
    AND NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted_case AND c.officer_id = person)
$f$;

-- Who of these people could supervise the case of a connection that the actor decides: none of the line that would lose it. Nobody for
-- anybody else.
CREATE OR REPLACE FUNCTION rasso.instead_of_line(wanted uuid, people bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT p FROM rasso.undecided_connections(rasso.actor()) x, unnest(people) p
  WHERE x.id = wanted AND rasso.kind() = 'police' AND rasso.has_role('SUPERINTENDENT')
    AND p NOT IN (SELECT rasso.line_of(x.user_id)) AND rasso.can_supervise_instead(x.case_id, p)
$f$;

-- Decide it. Where the line loses the case, somebody else supervises it, if need be of another unit or force; the Detective Superintendent
-- sees nothing of it. Answers the key of the case, for the access record alone; nothing where there is nothing to decide.
CREATE OR REPLACE FUNCTION rasso.decide_connection(wanted uuid, is_out boolean, instead bigint) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  said public.cases_caseconnection;
  restricted boolean;
  member bigint;
BEGIN
  IF rasso.kind() <> 'police' OR NOT rasso.has_role('SUPERINTENDENT') THEN
    RAISE EXCEPTION 'rasso: a Detective Superintendent decides this' USING ERRCODE = '42501';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rasso.decide_connection'));
  SELECT * INTO said FROM rasso.undecided_connections(rasso.actor()) x WHERE x.id = wanted;
  IF said.id IS NULL THEN RETURN NULL; END IF;
  SELECT c.is_restricted INTO restricted FROM public.cases_case c WHERE c.id = said.case_id FOR NO KEY UPDATE;
  UPDATE public.cases_caseconnection SET decided_at = rasso.now(), decided_by_id = rasso.actor(), line_is_out = is_out WHERE id = said.id;
  IF NOT is_out THEN RETURN said.case_id; END IF;
  FOR member IN SELECT rasso.line_of(said.user_id) LOOP
    INSERT INTO public.cases_caseconnection (id, case_id, user_id, said_by_id, said_at, how, because_of_id)
      VALUES (gen_random_uuid(), said.case_id, member, rasso.actor(), rasso.now(), '', said.id) ON CONFLICT DO NOTHING;
    PERFORM rasso.keep_out(said.case_id, member);
  END LOOP;
  -- The line is kept out by now.
  IF rasso.can_supervise_instead(said.case_id, instead) IS NOT TRUE THEN
    RAISE EXCEPTION 'rasso: this person cannot supervise this case' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.name(said.case_id, instead, CASE WHEN restricted THEN 'NAMED' ELSE 'SUPERVISING' END);
  UPDATE public.cases_case SET supervisor_id = instead, version = version + 1 WHERE id = said.case_id;
  RETURN said.case_id;
END $f$;

-- End a connection that was withdrawn or entered in error, and with it what their line of command lost because of it. By somebody who
-- supervises the case, never by the person themselves. Answers whether it was still there.
CREATE OR REPLACE FUNCTION rasso.end_connection(wanted uuid, why text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.cases_caseconnection x
      WHERE x.id = wanted AND x.user_id <> rasso.actor() AND x.because_of_id IS NULL AND rasso.supervises(x.case_id)) THEN
    RETURN false;
  END IF;
  INSERT INTO public.cases_endedconnection (id, case_id, user_id, said_by_id, said_at, how, ended_by_id, ended_at, because)
    SELECT x.id, x.case_id, x.user_id, x.said_by_id, x.said_at, x.how, rasso.actor(), rasso.now(), why
    FROM public.cases_caseconnection x WHERE x.id = wanted OR x.because_of_id = wanted;
  DELETE FROM public.cases_caseconnection WHERE because_of_id = wanted;
  DELETE FROM public.cases_caseconnection WHERE id = wanted;
  RETURN true;
END $f$;

-- What somebody was alerted to and still waits (see rasso.message_content).
CREATE OR REPLACE FUNCTION rasso.alerts_of(person bigint) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT (SELECT count(*) FROM public.cases_emergencyaccess e
      WHERE e.reviewed_at IS NULL AND person IN (SELECT rasso.told_of_emergency(e.case_id, e.user_id)))::int
    + CASE WHEN person IN (SELECT rasso.superintendents())
        THEN (SELECT count(*) FROM rasso.cases_without_supervisor(person))::int + (SELECT count(*) FROM rasso.undecided_connections(person))::int
          + rasso.number_restricted_lately(person)
        ELSE 0 END
    + CASE WHEN EXISTS (SELECT 1 FROM public.people_roleassignment r WHERE r.user_id = person AND r.role = 'AUDITOR')
        THEN (SELECT count(*) FROM public.cases_casegrant g WHERE g.basis = 'NAMED' AND g.starts_at > rasso.now() - interval '1 day'
          AND 'SUPERINTENDENT' = ANY (rasso.police_roles(g.given_by_id)))::int ELSE 0 END
$f$;

-- Called by the sweep: Detective Superintendents hear of a restricted case without a supervisor, and of connections to decide, once a week
-- while that is so; and whoever may review an emergency access hears once more every three days while its review is late.
CREATE OR REPLACE FUNCTION rasso.alert_again() RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT rasso.alert(ARRAY(
    SELECT w.person FROM (
      SELECT s AS person, 7 AS pause FROM rasso.superintendents() s WHERE rasso.alerts_of(s) > 0
      UNION ALL
      SELECT t, 3 FROM public.cases_emergencyaccess e, LATERAL (SELECT rasso.told_of_emergency(e.case_id, e.user_id)) x(t)
        WHERE e.reviewed_at IS NULL AND e.review_by < rasso.today()
    ) w
    WHERE NOT EXISTS (SELECT 1 FROM public.cases_message m
      WHERE m.owner_id = w.person AND m.kind = 'ALERT' AND m.local_date > rasso.today() - w.pause)))
$f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.is_supervisor, rasso.can_be_named, rasso.named_supervisors, rasso.name, rasso.end_grants_but_of, rasso.restrict_case,
  rasso.name_on_case, rasso.unname_on_case, rasso.lift_restriction, rasso.can_sign_named, rasso.reviews_nobody_signs, rasso.cases_without_supervisor,
  rasso.number_restricted_lately, rasso.number_without_supervisor,
  rasso.name_supervisor_unseen, rasso.named_unseen, rasso.keep_out, rasso.connect, rasso.superintendents, rasso.line_of, rasso.undecided_connections,
  rasso.connections_to_decide, rasso.can_supervise_instead, rasso.instead_of_line, rasso.decide_connection, rasso.end_connection, rasso.alerts_of, rasso.alert_again FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.number_without_supervisor, rasso.connections_to_decide, rasso.instead_of_line TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.named_unseen TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
GRANT EXECUTE ON FUNCTION rasso.restrict_case, rasso.name_on_case, rasso.unname_on_case, rasso.lift_restriction, rasso.name_supervisor_unseen,
  rasso.connect, rasso.decide_connection, rasso.end_connection TO rasso_police;
