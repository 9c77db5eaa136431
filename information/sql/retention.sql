-- When each record is to be looked at again and why, holds, and retention reviews. Applied after requests.sql.

SET LOCAL ROLE rasso_definer;

-- Whether a hold stands over somebody: over them, over a case of theirs, over everything.
CREATE OR REPLACE FUNCTION rasso.holds_over(wanted uuid) RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT h.number FROM public.information_hold h
  WHERE NOT EXISTS (SELECT 1 FROM public.information_holdend e WHERE e.hold_id = h.id)
    AND (h.about = 'EVERYTHING' OR h.about = 'PERSON' AND h.person_id = wanted
      OR h.about = 'CASE' AND h.reference IN (SELECT c.reference FROM rasso.cases_of_person(wanted) x JOIN public.cases_case c ON c.id = x.case_id))
  ORDER BY h.number
$f$;

-- When somebody's record is to be looked at, and why; NULL while a case of theirs runs, and for a record that was erased. Counted from the
-- day on which their last case ended, or the last entry was made if that was later; from the last review, where that kept the record.
CREATE OR REPLACE FUNCTION rasso.retention_of(wanted uuid, profile text, OUT due_on date, OUT why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  review record; clear record; age record;
  last_day date; serious boolean; hundred date; kept date;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.cases_person p WHERE p.id = wanted AND p.name <> '[erased]') THEN RETURN; END IF;
  SELECT max(greatest(c.closed_at, (SELECT max(e.recorded_at) FROM public.cases_event e WHERE e.case_id = c.id)))::date INTO last_day
    FROM rasso.cases_of_person(wanted) x JOIN public.cases_case c ON c.id = x.case_id HAVING bool_and(c.closed_at IS NOT NULL);
  IF last_day IS NULL THEN RETURN; END IF;
  SELECT * INTO review FROM rasso.information_rule(profile, 'REVIEW_EVERY', rasso.today());
  SELECT * INTO clear FROM rasso.information_rule(profile, 'CLEAR_PERIOD', rasso.today());
  SELECT * INTO age FROM rasso.information_rule(profile, 'KEEP_TO_AGE', rasso.today());
  serious := EXISTS (SELECT 1 FROM rasso.cases_of_person(wanted) x JOIN public.cases_caseoffence o ON o.case_id = x.case_id
    JOIN public.cases_offencetype t ON t.id = o.offence_type_id WHERE left(x.called, 1) = 'S' AND t."group" = ANY (age.groups));
  SELECT d.next_on INTO kept FROM public.information_retentiondecision d WHERE d.person_id = wanted AND d.decision = 'KEEP' AND d.at::date >= last_day
    ORDER BY d.at DESC, d.id DESC LIMIT 1;
  IF kept IS NOT NULL THEN
    due_on := kept; why := 'KEPT_UNTIL';
  ELSIF serious THEN
    due_on := (last_day + review.span)::date; why := 'REVIEW_EVERY';
  ELSE
    due_on := (last_day + clear.span)::date; why := 'CLEAR_PERIOD';
  END IF;
  SELECT (p.born_on + age.span)::date INTO hundred FROM public.cases_person p WHERE p.id = wanted;
  IF serious AND hundred < due_on AND kept IS NULL THEN due_on := greatest(hundred, last_day); why := 'KEEP_TO_AGE'; END IF;
END $f$;

-- Records that are due, by number and date; no name. Restricted cases' people are not among them. Only people whose cases all ended long
-- enough ago are looked at one by one.
CREATE OR REPLACE FUNCTION rasso.retention_due(profile text, until_day date, most int)
RETURNS TABLE (person_id uuid, due_on date, why text, held int[], is_mine boolean, is_proposed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
DECLARE shortest interval;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  SELECT min(span) INTO shortest FROM (VALUES ('REVIEW_EVERY'), ('CLEAR_PERIOD')) v(code), LATERAL rasso.information_rule(profile, v.code, rasso.today());
  RETURN QUERY
    WITH ended AS MATERIALIZED (
      SELECT c.id, c.closed_at FROM public.cases_case c
      WHERE c.closed_at IS NOT NULL AND NOT c.is_restricted AND c.closed_at < until_day - shortest + interval '1 day'
    ), found AS (
      SELECT v.person_id, ended.closed_at FROM public.cases_victim v JOIN ended ON ended.id = v.case_id WHERE v.person_id IS NOT NULL
      UNION ALL SELECT s.person_id, ended.closed_at FROM public.cases_suspect s JOIN ended ON ended.id = s.case_id WHERE s.person_id IS NOT NULL
      UNION ALL SELECT p.id, '-infinity' FROM public.cases_person p JOIN public.cases_suspect s ON s.person_id = p.id WHERE p.born_on < until_day - interval '99 years'
    ), candidates AS (
      -- The oldest first, and no more than can be looked at one by one; what was kept until later or erased is not among them.
      SELECT f.person_id FROM found f JOIN public.cases_person p ON p.id = f.person_id AND p.name <> '[erased]'
      WHERE NOT EXISTS (SELECT 1 FROM public.information_retentiondecision d WHERE d.person_id = f.person_id AND d.decision = 'KEEP' AND d.next_on > until_day)
      GROUP BY f.person_id ORDER BY min(f.closed_at), f.person_id LIMIT 1000
    )
    SELECT k.person_id, r.due_on, r.why, ARRAY(SELECT rasso.holds_over(k.person_id)), rasso.has_opened(k.person_id), rasso.is_proposed(k.person_id)
    FROM candidates k CROSS JOIN LATERAL rasso.retention_of(k.person_id, profile) r
    WHERE r.due_on <= until_day AND NOT rasso.is_out_of_reach(k.person_id)
    ORDER BY r.due_on, k.person_id LIMIT least(most, 500);
END $f$;

-- Whether the actor has opened this record and nobody has decided about it since.
CREATE OR REPLACE FUNCTION rasso.has_opened(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.information_opening o WHERE o.person_id = wanted AND o.by_id = rasso.actor()
    AND NOT EXISTS (SELECT 1 FROM public.information_retentiondecision d WHERE d.person_id = wanted AND (d.opening_id = o.id OR d.at > o.at)))
$f$;

-- That opening.
CREATE OR REPLACE FUNCTION rasso.open_opening(wanted uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT o.id FROM public.information_opening o WHERE o.person_id = wanted AND o.by_id = rasso.actor()
    AND NOT EXISTS (SELECT 1 FROM public.information_retentiondecision d WHERE d.person_id = wanted AND (d.opening_id = o.id OR d.at > o.at))
  ORDER BY o.at DESC LIMIT 1
$f$;

-- Whether somebody has proposed to dispose of it, and nobody has answered.
CREATE OR REPLACE FUNCTION rasso.is_proposed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.information_disposal d WHERE d.person_id = wanted
    AND NOT EXISTS (SELECT 1 FROM public.information_disposalanswer a WHERE a.disposal_id = d.id))
$f$;

-- Open one record that is due, for a reason that is kept.
CREATE OR REPLACE FUNCTION rasso.open_review(wanted uuid, profile text, why text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF rasso.is_out_of_reach(wanted) OR (SELECT r.due_on IS NULL OR r.due_on > rasso.today() FROM rasso.retention_of(wanted, profile) r) THEN
    RAISE EXCEPTION 'rasso: no such record is due' USING ERRCODE = '42501';
  END IF;
  IF rasso.has_opened(wanted) OR rasso.is_proposed(wanted) THEN RETURN; END IF;
  PERFORM rasso.refuse_names(why, ARRAY[wanted]);
  INSERT INTO public.information_opening (id, person_id, because, by_id, at) VALUES (gen_random_uuid(), wanted, why, rasso.actor(), rasso.now());
END $f$;

-- Of one record without its name: whether it is due, and whether the actor has opened it. No row where there is none for them.
CREATE OR REPLACE FUNCTION rasso.review_of(wanted uuid, profile text) RETURNS TABLE (due_on date, why text, is_open boolean, is_proposed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  RETURN QUERY SELECT r.due_on, r.why, rasso.has_opened(wanted), rasso.is_proposed(wanted) FROM rasso.retention_of(wanted, profile) r
    WHERE r.due_on <= rasso.today() AND NOT rasso.is_out_of_reach(wanted);
END $f$;

-- Keep a record until a day to come, no further than the rule goes.
CREATE OR REPLACE FUNCTION rasso.keep_record(wanted uuid, profile text, next_day date, because text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE now_due record; longest record;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF NOT rasso.has_opened(wanted) OR rasso.is_out_of_reach(wanted) THEN RAISE EXCEPTION 'rasso: this record is not open' USING ERRCODE = '42501'; END IF;
  SELECT * INTO now_due FROM rasso.retention_of(wanted, profile);
  SELECT * INTO longest FROM rasso.information_rule(profile, 'REVIEW_EVERY', rasso.today());
  IF next_day <= rasso.today() OR next_day > rasso.today() + longest.span THEN RAISE EXCEPTION 'rasso: TOO_LATE' USING ERRCODE = '22023'; END IF;
  PERFORM rasso.refuse_names(because, ARRAY[wanted]);
  INSERT INTO public.information_retentiondecision (id, person_id, opening_id, why_due, due_on, decision, next_on, because, by_id, at)
    VALUES (gen_random_uuid(), wanted, rasso.open_opening(wanted), now_due.why, now_due.due_on, 'KEEP', next_day, because, rasso.actor(), rasso.now());
END $f$;

-- Holds. A case is named by its reference, and the answer is the same whether there is such a case or not.
CREATE OR REPLACE FUNCTION rasso.place_hold(what text, over text, record uuid, ref text, why text) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made int;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF over = 'PERSON' AND NOT (rasso.has_opened(record) AND NOT rasso.is_out_of_reach(record) OR rasso.is_chosen_now(record)) THEN
    RAISE EXCEPTION 'rasso: there is no such record' USING ERRCODE = '42501';
  END IF;
  IF over = 'PERSON' THEN PERFORM rasso.refuse_names(why, ARRAY[record]); END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rasso.holds'));
  INSERT INTO public.information_hold (id, number, kind, about, person_id, reference, because, by_id, at)
    SELECT gen_random_uuid(), 1 + coalesce(max(number), 0), what, over, CASE over WHEN 'PERSON' THEN record END, CASE over WHEN 'CASE' THEN ref ELSE '' END,
      why, rasso.actor(), rasso.now() FROM public.information_hold RETURNING number INTO made;
  RETURN made;
END $f$;

-- Whether a record is among those of a request that runs.
CREATE OR REPLACE FUNCTION rasso.is_chosen_now(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.information_subjectrequest r WHERE r.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM public.information_requestperson c WHERE c.request_id = r.id AND c.person_id = wanted) AND wanted IN (SELECT rasso.subjects_of(r.id)))
$f$;

CREATE OR REPLACE FUNCTION rasso.lift_hold(wanted uuid, why text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF EXISTS (SELECT 1 FROM public.information_holdend WHERE hold_id = wanted) THEN RAISE EXCEPTION 'rasso: LIFTED' USING ERRCODE = '22023'; END IF;
  INSERT INTO public.information_holdend (id, hold_id, because, by_id, at) VALUES (gen_random_uuid(), wanted, why, rasso.actor(), rasso.now());
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.holds_over, rasso.retention_of, rasso.retention_due, rasso.has_opened, rasso.open_opening, rasso.is_proposed, rasso.open_review, rasso.review_of,
  rasso.keep_record, rasso.place_hold, rasso.is_chosen_now, rasso.lift_hold FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.retention_due, rasso.review_of TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.open_review, rasso.keep_record, rasso.place_hold, rasso.lift_hold TO rasso_police;
