-- Where words about people stand, and whose they are: for subject requests and disposals. Applied after the files of cases.
-- Nothing here is given to anybody: the functions of the other files look who asks, and call these.

GRANT SELECT, INSERT ON information_subjectrequest, information_requeststep, information_requester, information_requestperson,
  information_itemdecision, information_hold, information_holdend, information_opening, information_retentiondecision,
  information_disposal, information_disposalmark, information_disposalanswer, information_certificate, information_rewriting TO rasso_definer;
GRANT SELECT ON information_informationrule, cases_caseoffence, cases_offencetype, cases_wish, cases_case, cases_person, cases_victim,
  cases_suspect, cases_caseconnection TO rasso_definer;
GRANT UPDATE (state, identity, due_on, is_extended, outcome, sent_how, digest, given, withheld, ended_at) ON information_subjectrequest TO rasso_definer;
GRANT UPDATE (name, reached_at, acts_through, asks_for, erased_at) ON information_requester TO rasso_definer;
GRANT UPDATE (name, aliases, born_on, force_person_number) ON cases_person TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- TABLE: every column of a case in which somebody writes words (tests/information compares it with the models). By whose row it is: V and S
-- for a row of one victim or suspect; empty for words about the case.
CREATE OR REPLACE FUNCTION rasso.text_places() RETURNS TABLE (source text, field text, row_key text, case_key text, of_whom text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  VALUES
    ('cases_victim', 'safety_steps', 'id', 'case_id', 'V'), ('cases_victim', 'safe_contact', 'id', 'case_id', 'V'),
    ('cases_historicalvictim', 'safety_steps', 'history_id', 'case_id', 'V'), ('cases_historicalvictim', 'safe_contact', 'history_id', 'case_id', 'V'),
    ('cases_suspect', 'description', 'id', 'case_id', 'S'), ('cases_historicalsuspect', 'description', 'history_id', 'case_id', 'S'),
    ('cases_event', 'text', 'id', 'case_id', ''), ('cases_event', 'struck_because', 'id', 'case_id', ''),
    ('cases_context', 'how_known', 'id', 'case_id', ''), ('cases_context', 'power', 'id', 'case_id', ''),
    ('cases_context', 'victim_context', 'id', 'case_id', ''), ('cases_context', 'suspect_context', 'id', 'case_id', ''),
    ('cases_historicalcontext', 'how_known', 'history_id', 'case_id', ''), ('cases_historicalcontext', 'power', 'history_id', 'case_id', ''),
    ('cases_historicalcontext', 'victim_context', 'history_id', 'case_id', ''), ('cases_historicalcontext', 'suspect_context', 'history_id', 'case_id', ''),
    ('cases_investigationplan', 'story', 'id', 'case_id', ''), ('cases_investigationplan', 'suspect', 'id', 'case_id', ''),
    ('cases_investigationplan', 'victim', 'id', 'case_id', ''), ('cases_investigationplan', 'material', 'id', 'case_id', ''),
    ('cases_investigationplan', 'protection', 'id', 'case_id', ''), ('cases_investigationplan', 'first_steps', 'id', 'case_id', ''),
    ('cases_historicalinvestigationplan', 'story', 'history_id', 'case_id', ''), ('cases_historicalinvestigationplan', 'suspect', 'history_id', 'case_id', ''),
    ('cases_historicalinvestigationplan', 'victim', 'history_id', 'case_id', ''), ('cases_historicalinvestigationplan', 'material', 'history_id', 'case_id', ''),
    ('cases_historicalinvestigationplan', 'protection', 'history_id', 'case_id', ''), ('cases_historicalinvestigationplan', 'first_steps', 'history_id', 'case_id', ''),
    ('cases_lineofenquiry', 'what', 'id', 'case_id', ''), ('cases_lineofenquiry', 'outcome', 'id', 'case_id', ''),
    ('cases_historicallineofenquiry', 'what', 'history_id', 'case_id', ''), ('cases_historicallineofenquiry', 'outcome', 'history_id', 'case_id', ''),
    ('cases_review', 'own_words', 'id', 'case_id', ''), ('cases_historicalreview', 'own_words', 'history_id', 'case_id', ''),
    ('cases_reviewanswer', 'text', 'id', 'case_id', ''),
    ('cases_action', 'what', 'id', 'case_id', ''), ('cases_action', 'done_how', 'id', 'case_id', ''), ('cases_action', 'evidence', 'id', 'case_id', ''),
    ('cases_historicalaction', 'what', 'history_id', 'case_id', ''), ('cases_historicalaction', 'done_how', 'history_id', 'case_id', ''),
    ('cases_historicalaction', 'evidence', 'history_id', 'case_id', ''),
    ('cases_moretime', 'because', 'id', 'case_id', ''), ('cases_moretime', 'answer', 'id', 'case_id', ''),
    ('cases_escalationanswer', 'text', 'id', 'case_id', ''),
    ('cases_caseconnection', 'how', 'id', 'case_id', ''), ('cases_endedconnection', 'how', 'id', 'case_id', ''), ('cases_endedconnection', 'because', 'id', 'case_id', ''),
    ('cases_emergencyaccess', 'words', 'id', 'case_id', ''), ('cases_emergencyaccess', 'finding', 'id', 'case_id', ''),
    -- Of no case yet, or of one by chance: found by name alone.
    ('cases_draft', 'payload', 'id', NULL, ''), ('cases_importrow', 'cells', 'id', NULL, ''), ('cases_importrow', 'reasons', 'id', NULL, ''),
    ('cases_rememberedsearch', 'words', 'id', NULL, '')
$f$;

CREATE OR REPLACE FUNCTION rasso.refuse_all_but_information_managers() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('INFORMATION_MANAGER') THEN
    RAISE EXCEPTION 'rasso: only an information manager does this' USING ERRCODE = '42501';
  END IF;
END $f$;

-- In which cases somebody stands and as whom, also as whom they stood before it was put right.
CREATE OR REPLACE FUNCTION rasso.cases_of_person(wanted uuid) RETURNS TABLE (case_id uuid, called text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $f$
  SELECT v.case_id, 'V' || v.number FROM public.cases_victim v WHERE v.person_id = wanted
  UNION SELECT v.case_id, 'V' || v.number FROM public.cases_historicalvictim v WHERE v.person_id = wanted
  UNION SELECT s.case_id, 'S' || s.number FROM public.cases_suspect s WHERE s.person_id = wanted
  UNION SELECT s.case_id, 'S' || s.number FROM public.cases_historicalsuspect s WHERE s.person_id = wanted
$f$;

-- Restricted cases admit those named on them and nobody else, and nobody reads a case that they are connected with: whoever stands in one
-- is not there for this actor, so that nothing tells them of it.
CREATE OR REPLACE FUNCTION rasso.is_out_of_reach(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM rasso.cases_of_person(wanted) x JOIN public.cases_case c ON c.id = x.case_id
    WHERE c.is_restricted OR c.id = ANY (ARRAY(SELECT rasso.barred_case_ids())))
$f$;

-- The words of somebody's names, each by itself, in small letters.
CREATE OR REPLACE FUNCTION rasso.name_words(wanted uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce(array_agg(DISTINCT lower(w)), '{}') FROM public.cases_person p,
    LATERAL regexp_split_to_table(p.name || ' ' || p.aliases, '[^[:alnum:]''’-]+') w
  WHERE p.id = wanted AND p.name <> '[erased]' AND length(w) >= 3
$f$;

-- A pattern for any of these words, standing alone; together where several follow each other. NULL for none.
CREATE OR REPLACE FUNCTION rasso.pattern_of(words text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE WHEN cardinality(words) > 0 THEN (
    SELECT format('\m(?:%s)\M(?:[ .,]+(?:%s)\M)*', w.any_of, w.any_of)
    FROM (SELECT string_agg(regexp_replace(one, '([^[:alnum:]])', '\\\1', 'g'), '|' ORDER BY length(one) DESC, one) AS any_of FROM unnest(words) one) w) END
$f$;

-- Everything that somebody wrote in these cases.
CREATE OR REPLACE FUNCTION rasso.texts_of_cases(wanted uuid[]) RETURNS TABLE (source text, field text, row_id uuid, case_id uuid, of_whom text, words text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE place record;
BEGIN
  FOR place IN SELECT * FROM rasso.text_places() t WHERE t.case_key IS NOT NULL LOOP
    RETURN QUERY EXECUTE format('SELECT %L::text, %L::text, t.%I, t.%I, %L::text, t.%I::text FROM public.%I t WHERE t.%I = ANY ($1) AND t.%I <> '''' AND t.%I <> ''[erased]''',
      place.source, place.field, place.row_key, place.case_key, place.of_whom, place.field, place.source, place.case_key, place.field, place.field)
      USING wanted;
  END LOOP;
END $f$;

-- What names somebody and belongs to no case: unfinished forms, rows of a tracker that is taken over.
CREATE OR REPLACE FUNCTION rasso.loose_texts(pattern text) RETURNS TABLE (source text, field text, row_id uuid, words text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE place record;
BEGIN
  IF pattern IS NULL THEN RETURN; END IF;
  FOR place IN SELECT * FROM rasso.text_places() t WHERE t.case_key IS NULL LOOP
    RETURN QUERY EXECUTE format('SELECT %L::text, %L::text, t.%I, t.%I::text FROM public.%I t WHERE t.%I::text ~* $1',
      place.source, place.field, place.row_key, place.field, place.source, place.field) USING pattern;
  END LOOP;
END $f$;

CREATE OR REPLACE FUNCTION rasso.span(amount int, unit text) RETURNS interval LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE unit WHEN 'WEEKS' THEN make_interval(weeks => amount) WHEN 'MONTHS' THEN make_interval(months => amount)
    WHEN 'YEARS' THEN make_interval(years => amount) END
$f$;

-- The version of a rule on a day.
CREATE OR REPLACE FUNCTION rasso.information_rule(wanted_profile text, wanted_code text, on_day date, OUT id bigint, OUT span interval, OUT groups text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT r.id, rasso.span(r.amount, r.unit), r.groups::text[] FROM public.information_informationrule r
  WHERE r.profile = wanted_profile AND r.code = wanted_code AND r.valid_from <= on_day AND (r.valid_to IS NULL OR r.valid_to >= on_day)
  ORDER BY r.version DESC LIMIT 1
$f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.text_places, rasso.refuse_all_but_information_managers, rasso.cases_of_person, rasso.is_out_of_reach,
  rasso.name_words, rasso.pattern_of, rasso.texts_of_cases, rasso.loose_texts, rasso.span, rasso.information_rule FROM PUBLIC;

-- The functions read each of these columns, and a disposal writes "[erased]" over it.
DO $do$
DECLARE place record;
BEGIN
  FOR place IN SELECT * FROM rasso.text_places() LOOP
    EXECUTE format('GRANT SELECT, UPDATE (%I) ON public.%I TO rasso_definer', place.field, place.source);
  END LOOP;
END $do$;

-- What was decided is never changed; what was done never taken back.
DO $do$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['requeststep', 'requestperson', 'itemdecision', 'hold', 'holdend', 'opening', 'retentiondecision', 'disposal',
      'disposalmark', 'disposalanswer', 'certificate', 'rewriting'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.information_%s FOR EACH ROW EXECUTE FUNCTION rasso.refuse_change()', kept);
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON public.information_%s EXECUTE FUNCTION rasso.refuse_change()', kept);
    EXECUTE format('ALTER TABLE public.information_%s ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_whole', kept);
  END LOOP;
END $do$;
