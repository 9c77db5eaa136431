-- Disposal by two people: what would go, the proposal, the second person's answer, and the erasing itself. Applied after retention.sql.

GRANT SELECT, UPDATE (words) ON people_searchedwords TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Refuse a reason that names somebody of these: it is kept after their record is erased.
CREATE OR REPLACE FUNCTION rasso.refuse_names(words text, people uuid[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(people) p WHERE words ~* rasso.pattern_of(rasso.name_words(p))) THEN
    RAISE EXCEPTION 'rasso: NAMED' USING ERRCODE = '22023';
  END IF;
END $f$;

-- The cases of somebody, and who or what keeps the words of each: anybody else who is not erased, and a suspect whom nobody has identified.
CREATE OR REPLACE FUNCTION rasso.cases_of_disposal(wanted uuid) RETURNS TABLE (case_id uuid, reference text, called text, is_open boolean, kept_by text[])
LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.id, c.reference::text, string_agg(DISTINCT x.called, ', '), c.closed_at IS NULL, ARRAY(
    SELECT o.called FROM (
      SELECT 'V' || v.number AS called, v.person_id FROM public.cases_victim v WHERE v.case_id = c.id AND v.person_id IS NOT NULL
      UNION SELECT 'S' || s.number, s.person_id FROM public.cases_suspect s WHERE s.case_id = c.id
      UNION SELECT 'S' || s.number, s.person_id FROM public.cases_historicalsuspect s WHERE s.case_id = c.id AND s.person_id IS NOT NULL
    ) o LEFT JOIN public.cases_person p ON p.id = o.person_id
    WHERE o.person_id IS DISTINCT FROM wanted AND p.name IS DISTINCT FROM '[erased]' ORDER BY o.called)
  FROM rasso.cases_of_person(wanted) x JOIN public.cases_case c ON c.id = x.case_id GROUP BY c.id
$f$;

-- Each text that a disposal would touch: whole where it is a row of theirs or the case has nobody else; else as a place in which their name
-- may stand, about which a human decides.
CREATE OR REPLACE FUNCTION rasso.texts_of_disposal(wanted uuid)
RETURNS TABLE (source text, field text, row_id uuid, case_id uuid, reference text, words text, is_whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
#variable_conflict use_column
DECLARE pattern CONSTANT text := rasso.pattern_of(rasso.name_words(wanted));
BEGIN
  RETURN QUERY
    WITH theirs AS MATERIALIZED (SELECT * FROM rasso.cases_of_disposal(wanted)), found AS (
      SELECT t.source, t.field, t.row_id, t.case_id, c.reference, t.words,
        c.kept_by = '{}' OR CASE t.of_whom
          WHEN 'V' THEN EXISTS (SELECT 1 FROM public.cases_victim v WHERE t.source = 'cases_victim' AND v.id = t.row_id AND v.person_id = wanted
            UNION ALL SELECT 1 FROM public.cases_historicalvictim v
              WHERE t.source = 'cases_historicalvictim' AND v.history_id = t.row_id AND v.person_id = wanted)
          WHEN 'S' THEN EXISTS (SELECT 1 FROM public.cases_suspect s WHERE t.source = 'cases_suspect' AND s.id = t.row_id AND s.person_id = wanted
            UNION ALL SELECT 1 FROM public.cases_historicalsuspect s
              WHERE t.source = 'cases_historicalsuspect' AND s.history_id = t.row_id AND s.person_id = wanted)
          ELSE false END AS is_whole
      FROM rasso.texts_of_cases(ARRAY(SELECT case_id FROM theirs)) t JOIN theirs c ON c.case_id = t.case_id
    )
    SELECT * FROM found f WHERE f.is_whole OR f.words ~* pattern
    UNION ALL
    SELECT l.source, l.field, l.row_id, NULL, '', l.words, false FROM rasso.loose_texts(pattern) l
    ORDER BY 5, 1, 2, 3;
END $f$;

-- Searched words that are theirs: those by which one of their cases was found, or that hold two words of their name.
CREATE OR REPLACE FUNCTION rasso.searches_for(wanted uuid) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT w.record_id FROM public.people_searchedwords w JOIN public.people_accessrecord r ON r.id = w.record_id
  WHERE w.words <> '' AND (SELECT count(*) FROM unnest(rasso.name_words(wanted)) n WHERE position(n IN lower(w.words)) > 0)
    >= CASE WHEN r.case_ids && ARRAY(SELECT case_id FROM rasso.cases_of_person(wanted)) THEN 1 ELSE 2 END
$f$;

-- Why a record cannot be disposed of now; empty where it can.
CREATE OR REPLACE FUNCTION rasso.disposal_blockers(wanted uuid, profile text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT 1 FROM public.cases_person WHERE id = wanted AND name = '[erased]') THEN 'ERASED' END,
    CASE WHEN rasso.is_out_of_reach(wanted) THEN 'OUT_OF_REACH' END,
    CASE WHEN EXISTS (SELECT 1 FROM rasso.cases_of_disposal(wanted) c WHERE c.is_open) THEN 'OPEN_CASE' END,
    CASE WHEN EXISTS (SELECT 1 FROM rasso.holds_over(wanted)) THEN 'HOLD' END,
    CASE WHEN rasso.is_chosen_now(wanted) THEN 'OPEN_REQUEST' END,
    CASE WHEN (SELECT r.due_on > rasso.today() FROM rasso.retention_of(wanted, profile) r) THEN 'NOT_DUE' END], NULL)
$f$;

-- Whether the actor may see what a disposal would erase: the manager who has opened the record, and either of the two while one is proposed.
CREATE OR REPLACE FUNCTION rasso.sees_disposal(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT NOT rasso.is_out_of_reach(wanted) AND (rasso.has_role('INFORMATION_MANAGER') AND rasso.has_opened(wanted)
    OR rasso.has_role('INFORMATION_MANAGER', 'SUPERINTENDENT') AND rasso.is_proposed(wanted))
$f$;

-- Everything that would go, for the two people who decide. NULL for everybody else.
CREATE OR REPLACE FUNCTION rasso.disposal_preview(wanted uuid, profile text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE whole jsonb;
BEGIN
  IF NOT rasso.sees_disposal(wanted) THEN RETURN NULL; END IF;
  SELECT jsonb_build_object(
    'person', (SELECT jsonb_build_object('name', p.name, 'aliases', p.aliases, 'born_on', p.born_on, 'number', p.force_person_number)
      FROM public.cases_person p WHERE p.id = wanted),
    'cases', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.reference), '[]') FROM rasso.cases_of_disposal(wanted) c),
    'entries', (SELECT coalesce(jsonb_object_agg(n.case_id, n.number), '{}') FROM (SELECT e.case_id, count(*) AS number FROM public.cases_event e
      WHERE e.case_id IN (SELECT case_id FROM rasso.cases_of_person(wanted)) GROUP BY 1) n),
    'whole', (SELECT coalesce(jsonb_object_agg(n.source, n.number), '{}')
      FROM (SELECT t.source || '.' || t.field AS source, count(*) AS number FROM rasso.texts_of_disposal(wanted) t
      WHERE t.is_whole GROUP BY 1) n),
    'places', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'source', t.source || '.' || t.field, 'row_id', t.row_id, 'reference', t.reference, 'words', t.words)), '[]')
      FROM rasso.texts_of_disposal(wanted) t WHERE NOT t.is_whole),
    'requests', (SELECT count(DISTINCT c.request_id) FROM public.information_requestperson c
      WHERE c.person_id = wanted AND wanted IN (SELECT rasso.subjects_of(c.request_id))),
    'searches', (SELECT count(*) FROM rasso.searches_for(wanted))
  ) INTO whole;
  RETURN jsonb_build_object('shown', whole, 'digest', encode(sha256(convert_to(whole::text, 'UTF8')), 'hex'),
    'blockers', to_jsonb(rasso.disposal_blockers(wanted, profile)),
    'holds', to_jsonb(ARRAY(SELECT rasso.holds_over(wanted))));
END $f$;

-- Propose to dispose of a record that is open and due. ``erased``: the places out of which the name is taken; the others stay.
CREATE OR REPLACE FUNCTION rasso.propose_disposal(wanted uuid, profile text, seen text, erased jsonb, why text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made uuid := gen_random_uuid(); preview jsonb; now_due record; rule record;
BEGIN
  PERFORM rasso.refuse_all_but_information_managers();
  IF NOT rasso.has_opened(wanted) OR rasso.is_out_of_reach(wanted) THEN RAISE EXCEPTION 'rasso: this record is not open' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rasso.disposals'));
  PERFORM rasso.refuse_names(why, ARRAY[wanted]);
  IF cardinality(rasso.disposal_blockers(wanted, profile)) > 0 OR rasso.is_proposed(wanted) THEN
    RAISE EXCEPTION 'rasso: BLOCKED' USING ERRCODE = '22023';
  END IF;
  preview := rasso.disposal_preview(wanted, profile);
  IF preview ->> 'digest' <> seen THEN RAISE EXCEPTION 'rasso: CHANGED' USING ERRCODE = '22023'; END IF;
  SELECT * INTO now_due FROM rasso.retention_of(wanted, profile);
  SELECT * INTO rule FROM rasso.information_rule(profile, CASE now_due.why WHEN 'KEPT_UNTIL' THEN 'REVIEW_EVERY' ELSE now_due.why END, rasso.today());
  INSERT INTO public.information_disposal (id, number, person_id, rule_id, because, digest, proposed_by_id, proposed_at)
    SELECT made, 1 + coalesce(max(number), 0), wanted, rule.id, why, seen, rasso.actor(), rasso.now() FROM public.information_disposal;
  INSERT INTO public.information_disposalmark (id, disposal_id, source, row_id, is_erased)
    SELECT gen_random_uuid(), made, p.source, p.row_id,
      EXISTS (SELECT 1 FROM jsonb_to_recordset(erased) AS m(source text, row_id uuid) WHERE (m.source, m.row_id) = (p.source, p.row_id))
    FROM jsonb_to_recordset(preview -> 'shown' -> 'places') AS p(source text, row_id uuid);
  INSERT INTO public.information_retentiondecision (id, person_id, opening_id, why_due, due_on, decision, because, by_id, at)
    VALUES (gen_random_uuid(), wanted, rasso.open_opening(wanted), now_due.why, now_due.due_on, 'DISPOSE', why, rasso.actor(), rasso.now());
  RETURN made;
END $f$;

-- The second person's answer, or the first one's withdrawal. Approved, it is done at once.
CREATE OR REPLACE FUNCTION rasso.answer_disposal(wanted uuid, profile text, said text, seen text, why text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE proposed public.information_disposal;
BEGIN
  IF NOT rasso.has_role('INFORMATION_MANAGER', 'SUPERINTENDENT') THEN RAISE EXCEPTION 'rasso: this actor answers no disposal' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rasso.disposals'));
  SELECT * INTO proposed FROM public.information_disposal WHERE id = wanted;
  IF proposed.id IS NULL OR rasso.is_out_of_reach(proposed.person_id) THEN RAISE EXCEPTION 'rasso: there is no such disposal' USING ERRCODE = '42501'; END IF;
  IF EXISTS (SELECT 1 FROM public.information_disposalanswer WHERE disposal_id = wanted) THEN RAISE EXCEPTION 'rasso: ANSWERED' USING ERRCODE = '22023'; END IF;
  IF (said = 'WITHDRAWN') <> (proposed.proposed_by_id = rasso.actor()) THEN RAISE EXCEPTION 'rasso: OWN_PROPOSAL' USING ERRCODE = '22023'; END IF;
  PERFORM rasso.refuse_names(why, ARRAY[proposed.person_id]);
  IF said = 'APPROVED' THEN
    IF cardinality(rasso.disposal_blockers(proposed.person_id, profile)) > 0 THEN RAISE EXCEPTION 'rasso: BLOCKED' USING ERRCODE = '22023'; END IF;
    IF seen <> proposed.digest OR rasso.disposal_preview(proposed.person_id, profile) ->> 'digest' <> proposed.digest THEN
      RAISE EXCEPTION 'rasso: CHANGED_SINCE' USING ERRCODE = '22023';
    END IF;
  END IF;
  INSERT INTO public.information_disposalanswer (id, disposal_id, answer, because, proposed_by_id, by_id, at)
    VALUES (gen_random_uuid(), wanted, said, why, proposed.proposed_by_id, rasso.actor(), rasso.now());
  IF said = 'APPROVED' THEN PERFORM rasso.erase_person(proposed); END IF;
END $f$;

-- Write over everything that the two people agreed on, and issue the certificate. Given to nobody: rasso.answer_disposal calls it.
CREATE OR REPLACE FUNCTION rasso.erase_person(disposal public.information_disposal) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  who CONSTANT uuid := disposal.person_id;
  pattern CONSTANT text := rasso.pattern_of(rasso.name_words(who));
  of_cases CONSTANT uuid[] := ARRAY(SELECT DISTINCT case_id FROM rasso.cases_of_person(who));
  emptied CONSTANT int := (SELECT count(*) FROM rasso.cases_of_disposal(who) c WHERE c.kept_by = '{}');
  requests CONSTANT uuid[] := ARRAY(SELECT DISTINCT c.request_id FROM public.information_requestperson c
    WHERE c.person_id = who AND who IN (SELECT rasso.subjects_of(c.request_id)));
  counts jsonb := '{}';
  place record; changed int; before text; written jsonb;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.information_disposalanswer a
      WHERE a.disposal_id = disposal.id AND a.answer = 'APPROVED' AND a.by_id <> a.proposed_by_id) THEN
    RAISE EXCEPTION 'rasso: nobody else has approved this' USING ERRCODE = '42501';
  END IF;
  FOR place IN
    SELECT t.source, t.field, k.row_key, format_type(a.atttypid, a.atttypmod) AS typed, array_agg(t.row_id) FILTER (WHERE t.is_whole) AS whole,
      array_agg(t.row_id) FILTER (WHERE m.is_erased AND NOT t.is_whole) AS named
    FROM rasso.texts_of_disposal(who) t JOIN rasso.text_places() k ON (k.source, k.field) = (t.source, t.field)
      JOIN pg_attribute a ON a.attrelid = ('public.' || t.source)::regclass AND a.attname = t.field
      LEFT JOIN public.information_disposalmark m ON m.disposal_id = disposal.id AND (m.source, m.row_id) = (t.source || '.' || t.field, t.row_id)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
  LOOP
    changed := 0;
    IF place.whole IS NOT NULL THEN
      EXECUTE format('UPDATE public.%I SET %I = ''[erased]'' WHERE %I = ANY ($1)', place.source, place.field, place.row_key) USING place.whole;
      GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    IF place.named IS NOT NULL THEN
      EXECUTE format('UPDATE public.%I SET %I = regexp_replace(%I::text, $2, ''[erased]'', ''gi'')::%s WHERE %I = ANY ($1)',
        place.source, place.field, place.field, place.typed, place.row_key) USING place.named, pattern;
      changed := changed + cardinality(place.named);
    END IF;
    IF changed > 0 THEN counts := counts || jsonb_build_object(place.source || '.' || place.field, changed); END IF;
  END LOOP;
  UPDATE public.people_searchedwords SET words = '' WHERE record_id IN (SELECT rasso.searches_for(who));
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed > 0 THEN counts := counts || jsonb_build_object('people_searchedwords.words', changed); END IF;
  UPDATE public.information_requester SET name = '', reached_at = '', acts_through = '', asks_for = '', erased_at = rasso.now()
    WHERE request_id = ANY (requests) AND erased_at IS NULL;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed > 0 THEN counts := counts || jsonb_build_object('information_requester.name', changed); END IF;
  -- Last, because the name is what everything else is found by.
  UPDATE public.cases_person SET name = '[erased]', aliases = '', born_on = NULL, force_person_number = '' WHERE id = who;
  counts := counts || '{"cases_person.name": 1}';
  SELECT c.digest INTO before FROM public.information_certificate c ORDER BY c.number DESC LIMIT 1;
  written := jsonb_build_object('disposal', disposal.id, 'erased', counts, 'cases', to_jsonb(of_cases), 'emptied', emptied,
    'erased_at', rasso.now(), 'before', coalesce(before, ''));
  INSERT INTO public.information_certificate (id, number, disposal_id, erased, cases, cases_emptied, erased_at, digest, digest_before)
    SELECT gen_random_uuid(), 1 + coalesce(max(number), 0), disposal.id, counts, of_cases, emptied, rasso.now(),
      encode(sha256(convert_to(written::text, 'UTF8')), 'hex'), coalesce(before, '') FROM public.information_certificate;
END $f$;

-- The tables to be written anew after a disposal: each in which a word of the person can ever have stood, also in a row that was deleted
-- or changed long before. None while every certificate is finished. For `manage.py finish_disposals`, run as the owner.
CREATE OR REPLACE FUNCTION rasso.tables_to_rewrite() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT t.name FROM (SELECT source AS name FROM rasso.text_places()
      UNION VALUES ('cases_person'), ('cases_searchword'), ('people_searchedwords'), ('information_requester')) t
  WHERE EXISTS (SELECT 1 FROM public.information_certificate c WHERE NOT EXISTS (
    SELECT 1 FROM public.information_rewriting w WHERE w.certificate_id = c.id)) ORDER BY 1
$f$;

-- Write down that they were, for the certificates issued before it began. Answers how many.
CREATE OR REPLACE FUNCTION rasso.note_rewritten(began timestamptz, tables text[]) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE noted int;
BEGIN
  INSERT INTO public.information_rewriting (id, certificate_id, tables, at)
    SELECT gen_random_uuid(), c.id, note_rewritten.tables, rasso.now() FROM public.information_certificate c
    WHERE c.erased_at <= began AND NOT EXISTS (SELECT 1 FROM public.information_rewriting w WHERE w.certificate_id = c.id)
      AND cardinality(note_rewritten.tables) > 0;
  GET DIAGNOSTICS noted = ROW_COUNT;
  RETURN noted;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.refuse_names, rasso.cases_of_disposal, rasso.texts_of_disposal, rasso.searches_for, rasso.disposal_blockers, rasso.sees_disposal,
  rasso.disposal_preview, rasso.propose_disposal, rasso.answer_disposal, rasso.erase_person, rasso.tables_to_rewrite, rasso.note_rewritten FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.disposal_preview TO rasso_police, rasso_police_read;
GRANT EXECUTE ON FUNCTION rasso.propose_disposal, rasso.answer_disposal TO rasso_police;
GRANT EXECUTE ON FUNCTION rasso.tables_to_rewrite, rasso.note_rewritten TO rasso_owner;
