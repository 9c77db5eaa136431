-- Subject requests: opened, searched for, decided item by item, sent. The information manager reaches nothing of a case but through
-- these functions, and only for a request that is open. Applied after texts.sql.

SET LOCAL ROLE rasso_definer;

-- The request, locked, while it runs; raises for anybody else, and once it has ended.
CREATE OR REPLACE FUNCTION rasso.running_request(wanted uuid) RETURNS public.information_subjectrequest
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE found public.information_subjectrequest;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  SELECT * INTO found FROM public.information_subjectrequest WHERE id = wanted FOR NO KEY UPDATE;
  IF found.id IS NULL THEN RAISE EXCEPTION 'rasso: there is no such request' USING ERRCODE = '42501'; END IF;
  IF found.ended_at IS NOT NULL THEN RAISE EXCEPTION 'rasso: ENDED' USING ERRCODE = '22023'; END IF;
  RETURN found;
END $f$;

CREATE OR REPLACE FUNCTION rasso.note_step(wanted uuid, reached text, why text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.information_requeststep (id, request_id, state, because, by_id, at)
    VALUES (gen_random_uuid(), wanted, reached, why, rasso.actor(), rasso.now())
$f$;

CREATE OR REPLACE FUNCTION rasso.open_request(profile text, received date, came text, shown_by text, who text, reached text, through text, asks text)
RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made uuid := gen_random_uuid(); rule record;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF received > rasso.today() THEN RAISE EXCEPTION 'rasso: nothing was received on a day to come' USING ERRCODE = '22023'; END IF;
  SELECT * INTO rule FROM rasso.information_rule(profile, 'ANSWER', rasso.today());
  -- One number after another: nobody outside learns anything from them, and a gap would have to be explained.
  PERFORM pg_advisory_xact_lock(hashtext('rasso.requests'));
  INSERT INTO public.information_subjectrequest (id, number, state, came_by, identity, received_on, rule_id, due_on, is_extended, opened_by_id, opened_at,
      outcome, sent_how, digest, given, withheld)
    SELECT made, 1 + coalesce(max(number), 0), CASE shown_by WHEN 'NOT_YET' THEN 'OPENED' ELSE 'SEARCHING' END, came, shown_by, received, rule.id,
      (received + rule.span)::date, false, rasso.actor(), rasso.now(), '', '', '', 0, 0 FROM public.information_subjectrequest;
  INSERT INTO public.information_requester (id, request_id, name, reached_at, acts_through, asks_for)
    VALUES (gen_random_uuid(), made, who, reached, through, asks);
  PERFORM rasso.note_step(made, 'OPENED', '');
  IF shown_by <> 'NOT_YET' THEN PERFORM rasso.note_step(made, 'SEARCHING', ''); END IF;
  RETURN made;
END $f$;

CREATE OR REPLACE FUNCTION rasso.confirm_identity(wanted uuid, shown_by text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted);
BEGIN
  IF running.state <> 'OPENED' OR shown_by = 'NOT_YET' THEN RAISE EXCEPTION 'rasso: STATE' USING ERRCODE = '22023'; END IF;
  UPDATE public.information_subjectrequest SET identity = shown_by, state = 'SEARCHING' WHERE id = wanted;
  PERFORM rasso.note_step(wanted, 'SEARCHING', '');
END $f$;

-- Records with all of these words in a name or alias: never more than a few, so that nobody reads the register by searching for a letter.
-- Recorded by whoever calls it (kit.records, SEARCHED). Nobody of a restricted case is found.
CREATE OR REPLACE FUNCTION rasso.search_subjects(wanted uuid, words text[], born date, most int)
RETURNS TABLE (person_id uuid, name text, aliases text, born_on date, stands text[], case_ids uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF NOT EXISTS (SELECT 1 FROM public.information_subjectrequest r WHERE r.id = wanted AND r.state IN ('SEARCHING', 'REVIEWING')) THEN
    RAISE EXCEPTION 'rasso: nobody is searched for without an open request' USING ERRCODE = '42501';
  END IF;
  IF cardinality(words) = 0 OR EXISTS (SELECT 1 FROM unnest(words) w WHERE length(w) < 2) OR length(array_to_string(words, '')) < 3 THEN RETURN; END IF;
  RETURN QUERY
    SELECT p.id, p.name::text, p.aliases::text, p.born_on,
      (SELECT array_agg(x.called || ' in ' || c.reference ORDER BY c.reference, x.called)
        FROM rasso.cases_of_person(p.id) x JOIN public.cases_case c ON c.id = x.case_id),
      (SELECT array_agg(DISTINCT x.case_id) FROM rasso.cases_of_person(p.id) x)
    FROM public.cases_person p
    WHERE p.name <> '[erased]' AND (born IS NULL OR p.born_on IS NULL OR p.born_on = born)
      AND NOT EXISTS (SELECT 1 FROM unnest(words) w WHERE position(lower(w) IN lower(p.name || ' ' || p.aliases)) = 0)
      AND EXISTS (SELECT 1 FROM rasso.cases_of_person(p.id)) AND NOT rasso.is_out_of_reach(p.id)
    ORDER BY p.name, p.born_on, p.id LIMIT least(most, 20) + 1;
END $f$;

-- Records that a human said are the requester's, and nobody took back.
CREATE OR REPLACE FUNCTION rasso.subjects_of(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT last.person_id FROM (
    SELECT DISTINCT ON (c.person_id) c.person_id, c.is_theirs FROM public.information_requestperson c WHERE c.request_id = wanted
    ORDER BY c.person_id, c.at DESC, c.id DESC) last
  WHERE last.is_theirs AND NOT rasso.is_out_of_reach(last.person_id)
$f$;

-- Say that a record is the requester's, or that it is not after all.
CREATE OR REPLACE FUNCTION rasso.choose_subject(wanted uuid, record uuid, theirs boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted);
BEGIN
  IF running.state NOT IN ('SEARCHING', 'REVIEWING') THEN RAISE EXCEPTION 'rasso: STATE' USING ERRCODE = '22023'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.cases_person p WHERE p.id = record AND p.name <> '[erased]') OR rasso.is_out_of_reach(record) THEN
    RAISE EXCEPTION 'rasso: there is no such record' USING ERRCODE = '42501';
  END IF;
  IF theirs = EXISTS (SELECT 1 FROM rasso.subjects_of(wanted) s WHERE s = record) THEN RETURN; END IF;
  INSERT INTO public.information_requestperson (id, request_id, person_id, is_theirs, by_id, at)
    VALUES (gen_random_uuid(), wanted, record, theirs, rasso.actor(), clock_timestamp());
END $f$;

-- The records chosen so far.
CREATE OR REPLACE FUNCTION rasso.chosen_subjects(wanted uuid)
RETURNS TABLE (person_id uuid, name text, aliases text, born_on date, stands text[], case_ids uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF NOT EXISTS (SELECT 1 FROM public.information_subjectrequest r WHERE r.id = wanted AND r.ended_at IS NULL) THEN RETURN; END IF;
  RETURN QUERY
    SELECT p.id, p.name::text, p.aliases::text, p.born_on,
      (SELECT array_agg(x.called || ' in ' || c.reference ORDER BY c.reference, x.called)
        FROM rasso.cases_of_person(p.id) x JOIN public.cases_case c ON c.id = x.case_id),
      (SELECT array_agg(DISTINCT x.case_id) FROM rasso.cases_of_person(p.id) x)
    FROM rasso.subjects_of(wanted) s JOIN public.cases_person p ON p.id = s ORDER BY p.name, p.id;
END $f$;

-- Everybody else of a case, with the words by which they would be known there: their names, less those that the subject shares, and V1 or S1.
CREATE OR REPLACE FUNCTION rasso.others_of_case(wanted_case uuid, subject uuid) RETURNS TABLE (called text, pattern text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 3 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT x.called, rasso.pattern_of(array_agg(DISTINCT w.word))
  FROM (
    SELECT 'V' || number AS called, person_id FROM public.cases_victim WHERE case_id = wanted_case AND person_id IS DISTINCT FROM subject
    UNION SELECT 'S' || number, person_id FROM public.cases_suspect WHERE case_id = wanted_case AND person_id IS DISTINCT FROM subject
    UNION SELECT 'S' || number, person_id FROM public.cases_historicalsuspect WHERE case_id = wanted_case AND person_id IS DISTINCT FROM subject
  ) x, LATERAL (
    SELECT lower(x.called) AS word UNION SELECT n FROM unnest(rasso.name_words(x.person_id)) n WHERE n <> ALL (rasso.name_words(subject))) w
  WHERE NOT EXISTS (SELECT 1 FROM rasso.cases_of_person(subject) o WHERE o.case_id = wanted_case AND o.called = x.called)
  GROUP BY x.called
$f$;

-- The cases in which the requester stands, for each record that was chosen, and by which words they would be known there.
CREATE OR REPLACE FUNCTION rasso.cases_of_subjects(wanted uuid)
RETURNS TABLE (person_id uuid, case_id uuid, called text, reference text, is_open boolean, pattern text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 3 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT s, x.case_id, x.called, c.reference::text, c.status IN ('RECORDED', 'INVESTIGATING'), rasso.pattern_of(rasso.name_words(s))
  FROM rasso.subjects_of(wanted) s CROSS JOIN LATERAL rasso.cases_of_person(s) x JOIN public.cases_case c ON c.id = x.case_id
$f$;

-- Whether a victim's or a suspect's row, or one of its earlier versions, is about this person.
CREATE OR REPLACE FUNCTION rasso.row_is_about(source text, wanted_row uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE source
    WHEN 'cases_victim' THEN EXISTS (SELECT 1 FROM public.cases_victim v WHERE v.id = wanted_row AND v.person_id = person)
    WHEN 'cases_historicalvictim' THEN EXISTS (SELECT 1 FROM public.cases_historicalvictim v WHERE v.history_id = wanted_row AND v.person_id = person)
    WHEN 'cases_suspect' THEN EXISTS (SELECT 1 FROM public.cases_suspect v WHERE v.id = wanted_row AND v.person_id = person)
    WHEN 'cases_historicalsuspect' THEN EXISTS (
      SELECT 1 FROM public.cases_historicalsuspect v WHERE v.history_id = wanted_row AND v.person_id = person)
    ELSE false END
$f$;

-- Each text of the requester's cases that speaks of them, once: a text that a later version repeats counts only where it stands now, and one
-- that speaks of two of their records only for the first.
CREATE OR REPLACE FUNCTION rasso.texts_about_subjects(wanted uuid)
RETURNS TABLE (source text, row_id uuid, case_id uuid, reference text, called text, kind text, at timestamptz, words text, person_id uuid,
  is_open boolean, nature text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  WITH subjects AS MATERIALIZED (
    SELECT s.* FROM rasso.cases_of_subjects(wanted) s
  ), texts AS MATERIALIZED (
    SELECT t.source, t.field, t.row_id, t.case_id, t.of_whom, t.words,
      row_number() OVER (PARTITION BY t.case_id, replace(t.source, 'historical', ''), t.field, t.words
        ORDER BY t.source LIKE 'cases_historical%', t.row_id) AS nth
    FROM rasso.texts_of_cases(ARRAY(SELECT DISTINCT s.case_id FROM subjects s)) t
  ), about AS (
    SELECT t.source || '.' || t.field AS source, t.row_id, t.case_id, s.reference, s.called, coalesce(e.kind, '')::text AS kind,
      e.happened_at AS at, t.words, s.person_id, s.is_open, coalesce(e.nature, '')::text AS nature,
      row_number() OVER (PARTITION BY t.source, t.field, t.row_id ORDER BY s.called) AS nth
    FROM texts t JOIN subjects s ON s.case_id = t.case_id
      LEFT JOIN public.cases_event e ON t.source = 'cases_event' AND e.id = t.row_id
    WHERE t.nth = 1 AND CASE
      WHEN t.of_whom IN ('V', 'S') THEN rasso.row_is_about(t.source, t.row_id, s.person_id)
      ELSE e.subject = s.called OR t.words ~* s.pattern OR t.words ~ ('\m' || s.called || '\M')
        OR left(s.called, 1) = 'V' AND t.field IN ('victim', 'victim_context')
        OR left(s.called, 1) = 'S' AND t.field IN ('suspect', 'suspect_context') END
  )
  SELECT a.source, a.row_id, a.case_id, a.reference, a.called, a.kind, a.at, a.words, a.person_id, a.is_open, a.nature FROM about a WHERE a.nth = 1
$f$;

-- All that is held about the requester: the records themselves, that they stand in a case, what they wished, and the texts about them.
CREATE OR REPLACE FUNCTION rasso.held_about_subjects(wanted uuid)
RETURNS TABLE (source text, row_id uuid, case_id uuid, reference text, called text, kind text, at timestamptz, words text, person_id uuid,
  is_open boolean, nature text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT 'cases_person.name', p.id, NULL::uuid, '', '', '', NULL::timestamptz,
    concat_ws(E'\n', 'Name: ' || p.name, 'Also known as: ' || nullif(p.aliases, ''), 'Born on: ' || to_char(p.born_on, 'FMDD FMMonth YYYY'),
      'Number in the force’s own records: ' || nullif(p.force_person_number, '')),
    p.id, false, ''
  FROM public.cases_person p WHERE p.id IN (SELECT rasso.subjects_of(wanted))
  UNION ALL
  SELECT 'cases_case.reference', c.id, c.id, c.reference::text, s.called, '', c.recorded_at,
    format('%s in case %s, reported on %s.', CASE left(s.called, 1) WHEN 'V' THEN 'Recorded as a victim' ELSE 'Recorded as a suspect' END, c.reference,
      to_char(c.reported_at AT TIME ZONE {time_zone}, 'FMDD FMMonth YYYY')),
    s.person_id, s.is_open, ''
  FROM rasso.cases_of_subjects(wanted) s JOIN public.cases_case c ON c.id = s.case_id
  UNION ALL
  SELECT 'cases_wish.wish', w.id, w.case_id, s.reference, s.called, w.wish::text, w.said_at, 'Said what they wish: ' || w.wish,
    s.person_id, s.is_open, ''
  FROM rasso.cases_of_subjects(wanted) s
    JOIN public.cases_victim v ON v.case_id = s.case_id AND v.person_id = s.person_id
    JOIN public.cases_wish w ON w.victim_id = v.id
  UNION ALL
  SELECT a.* FROM rasso.texts_about_subjects(wanted) a
$f$;

-- Everything held about the requester, item by item: the records themselves, what is written in their rows, what they wished, and each text of
-- their cases that speaks of them. Beside each: who else it speaks of, what else speaks for withholding it, and the text without the others.
CREATE OR REPLACE FUNCTION rasso.subject_items(wanted uuid)
RETURNS TABLE (source text, row_id uuid, case_id uuid, reference text, called text, kind text, at timestamptz, words text, others text[],
  marks text[], blacked text, digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF NOT EXISTS (SELECT 1 FROM public.information_subjectrequest r WHERE r.id = wanted AND r.state = 'REVIEWING') THEN RETURN; END IF;
  RETURN QUERY
  SELECT g.source, g.row_id, g.case_id, g.reference, g.called, g.kind, g.at, g.words,
    coalesce(o.called, '{}'), array_remove(ARRAY[
      CASE WHEN g.kind = 'EARLY_ADVICE_DECIDED' THEN 'PRIVILEGED' END,
      CASE WHEN g.nature = 'INTELLIGENCE' OR g.is_open AND left(g.called, 1) = 'S' THEN 'PREJUDICE' END], NULL),
    CASE WHEN o.pattern IS NULL THEN g.words ELSE regexp_replace(g.words, o.pattern, '█████', 'gi') END,
    encode(sha256(convert_to(g.words, 'UTF8')), 'hex')
  FROM rasso.held_about_subjects(wanted) g LEFT JOIN LATERAL (
    SELECT array_agg(x.called ORDER BY x.called) AS called, string_agg(x.pattern, '|') AS pattern
    FROM rasso.others_of_case(g.case_id, g.person_id) x WHERE g.words ~* x.pattern) o ON true
  ORDER BY g.reference, g.at NULLS FIRST, g.source, g.row_id;
END $f$;

-- Go on to deciding, or back to looking for more records.
CREATE OR REPLACE FUNCTION rasso.move_request(wanted uuid, target text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted);
BEGIN
  IF (running.state, target) NOT IN (('SEARCHING', 'REVIEWING'), ('REVIEWING', 'SEARCHING')) THEN
    RAISE EXCEPTION 'rasso: STATE' USING ERRCODE = '22023';
  END IF;
  IF target = 'REVIEWING' AND NOT EXISTS (SELECT 1 FROM rasso.subjects_of(wanted)) THEN RAISE EXCEPTION 'rasso: NOBODY' USING ERRCODE = '22023'; END IF;
  UPDATE public.information_subjectrequest SET state = target WHERE id = wanted;
  PERFORM rasso.note_step(wanted, target, '');
END $f$;

-- Decide about items, each with what it said when it was looked at. Answers how many were decided; an item that says something else by now is not.
CREATE OR REPLACE FUNCTION rasso.decide_items(wanted uuid, items jsonb, what text, on_ground text, why text) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted); decided int;
BEGIN
  IF running.state <> 'REVIEWING' THEN RAISE EXCEPTION 'rasso: STATE' USING ERRCODE = '22023'; END IF;
  PERFORM rasso.refuse_names(why, ARRAY(SELECT rasso.subjects_of(wanted)));
  INSERT INTO public.information_itemdecision (id, request_id, source, row_id, digest, decision, ground, because, by_id, at)
    SELECT gen_random_uuid(), wanted, i.source, i.row_id, i.digest, what, on_ground, why, rasso.actor(), clock_timestamp()
    FROM rasso.subject_items(wanted) i JOIN jsonb_to_recordset(items) AS said(source text, row_id uuid, digest text)
      ON (said.source, said.row_id, said.digest) = (i.source, i.row_id, i.digest);
  GET DIAGNOSTICS decided = ROW_COUNT;
  RETURN decided;
END $f$;

-- The last decision about each item, while it still says what it said then.
CREATE OR REPLACE FUNCTION rasso.item_decisions(wanted uuid) RETURNS TABLE (source text, row_id uuid, digest text, decision text, ground text, because text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  RETURN QUERY SELECT DISTINCT ON (d.source, d.row_id) d.source::text, d.row_id, d.digest::text, d.decision::text, d.ground::text, d.because::text
    FROM public.information_itemdecision d WHERE d.request_id = wanted ORDER BY d.source, d.row_id, d.at DESC, d.id DESC;
END $f$;

-- The bundle was handed over by a human: nothing leaves by itself. Every item must be decided as it is now.
CREATE OR REPLACE FUNCTION rasso.send_bundle(wanted uuid, how text, bundle_digest text, OUT given int, OUT withheld int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted); undecided int;
BEGIN
  IF running.state <> 'REVIEWING' THEN RAISE EXCEPTION 'rasso: STATE' USING ERRCODE = '22023'; END IF;
  SELECT count(*) FILTER (WHERE d.decision IS NULL), count(*) FILTER (WHERE d.decision <> 'WITHHOLD'), count(*) FILTER (WHERE d.decision = 'WITHHOLD')
    INTO undecided, given, withheld
    FROM rasso.subject_items(wanted) i LEFT JOIN rasso.item_decisions(wanted) d ON (d.source, d.row_id, d.digest) = (i.source, i.row_id, i.digest);
  IF undecided > 0 THEN RAISE EXCEPTION 'rasso: UNDECIDED' USING ERRCODE = '22023'; END IF;
  UPDATE public.information_subjectrequest r SET state = 'SENT', sent_how = how, digest = bundle_digest, given = send_bundle.given,
    withheld = send_bundle.withheld, ended_at = rasso.now() WHERE r.id = wanted;
  PERFORM rasso.note_step(wanted, 'SENT', '');
END $f$;

-- End a request without a bundle.
CREATE OR REPLACE FUNCTION rasso.end_request(wanted uuid, how_it_ended text, why text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  running public.information_subjectrequest := rasso.running_request(wanted);
  target CONSTANT text := CASE WHEN how_it_ended IN ('NOT_IDENTIFIED', 'UNFOUNDED') THEN 'REFUSED' ELSE 'CLOSED' END;
BEGIN
  IF how_it_ended = 'NOTHING_HELD' AND (running.state <> 'SEARCHING' OR EXISTS (SELECT 1 FROM rasso.subjects_of(wanted))) THEN
    RAISE EXCEPTION 'rasso: HELD' USING ERRCODE = '22023';
  END IF;
  PERFORM rasso.refuse_names(why, ARRAY(SELECT rasso.subjects_of(wanted)));
  IF how_it_ended = 'NOT_IDENTIFIED' AND running.state <> 'OPENED' THEN RAISE EXCEPTION 'rasso: IDENTIFIED' USING ERRCODE = '22023'; END IF;
  UPDATE public.information_subjectrequest SET state = target, outcome = how_it_ended, ended_at = rasso.now() WHERE id = wanted;
  PERFORM rasso.note_step(wanted, target, why);
END $f$;

-- The further time that the law allows, once.
CREATE OR REPLACE FUNCTION rasso.extend_request(wanted uuid, profile text, why text) RETURNS date
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE running public.information_subjectrequest := rasso.running_request(wanted); further record; later date;
BEGIN
  SELECT * INTO further FROM rasso.information_rule(profile, 'ANSWER_FURTHER', rasso.today());
  IF running.is_extended OR further.span IS NULL OR running.due_on < rasso.today() THEN
    RAISE EXCEPTION 'rasso: NO_FURTHER_TIME' USING ERRCODE = '22023';
  END IF;
  PERFORM rasso.refuse_names(why, ARRAY(SELECT rasso.subjects_of(wanted)));
  later := (running.due_on + further.span)::date;
  UPDATE public.information_subjectrequest SET due_on = later, is_extended = true WHERE id = wanted;
  PERFORM rasso.note_step(wanted, running.state, why);
  RETURN later;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.running_request, rasso.note_step, rasso.open_request, rasso.confirm_identity, rasso.search_subjects, rasso.subjects_of,
  rasso.choose_subject, rasso.chosen_subjects, rasso.others_of_case,
  rasso.cases_of_subjects, rasso.row_is_about, rasso.texts_about_subjects, rasso.held_about_subjects, rasso.subject_items,
  rasso.move_request, rasso.decide_items, rasso.item_decisions,
  rasso.send_bundle, rasso.end_request, rasso.extend_request FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.search_subjects, rasso.chosen_subjects, rasso.subject_items, rasso.item_decisions TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.open_request, rasso.confirm_identity, rasso.choose_subject, rasso.move_request, rasso.decide_items, rasso.send_bundle,
  rasso.end_request, rasso.extend_request TO rasso_police;
