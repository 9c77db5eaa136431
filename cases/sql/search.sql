-- Search: the words by which a case is found, kept by triggers, and the one function that looks among them.
--
-- The reach comes first, then the cap: every branch begins with a unit that the actor supervises or a case that is theirs, so neither
-- the answer, nor how long it takes, nor whether it was cut short, depends on a case out of their reach. (ADR 22.)

GRANT SELECT, INSERT, DELETE ON cases_searchword TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- Small letters without accents, so that "Zoe" finds "Zoë". The same for what is kept and what is asked for.
CREATE OR REPLACE FUNCTION rasso.folded(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $f$
  SELECT lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'))
$f$;

-- Without signs: O'Brien is "obrien", SEED/1/22 is "seed122". Besides ASCII these are the signs of Latin 1, marks of direction and spaces.
CREATE OR REPLACE FUNCTION rasso.without_signs(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $f$
  SELECT left(regexp_replace(word, '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u061c\u2000-\u206f\u3000-\u303f\ufeff]', '', 'g'), 60)
$f$;

-- Each word of a name, and the parts of one that is written together: "smithjones", "smith", "jones".
CREATE OR REPLACE FUNCTION rasso.words_of_name(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $f$
  SELECT DISTINCT rasso.without_signs(found.word)
  FROM regexp_split_to_table(rasso.folded(name), '[\s,;/]+') term,
    LATERAL (SELECT term AS word UNION ALL SELECT regexp_split_to_table(term, '[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u2010-\u2019]+')) found
  WHERE rasso.without_signs(found.word) <> ''
$f$;

-- JE-2026-00042 is found by its beginning, by its year and number, by its number, and by that without the noughts before it.
CREATE OR REPLACE FUNCTION rasso.words_of_reference(reference text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $f$
  SELECT DISTINCT lower(lead.part || number.part)
  FROM (SELECT split_part(reference, '-', 1) AS force, split_part(reference, '-', 2) AS year, split_part(reference, '-', 3) AS number) r,
    LATERAL (VALUES (r.force || r.year), (r.year), ('')) lead (part), LATERAL (VALUES (r.number), (ltrim(r.number, '0'))) number (part)
$f$;

-- The words of these cases, without those of their people. A crime number that is blank has none.
CREATE OR REPLACE FUNCTION rasso.words_of_cases(wanted uuid[]) RETURNS TABLE (unit_id bigint, is_restricted boolean, word text, case_id uuid, called text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.unit_id, c.is_restricted, w.word, c.id, 'reference' FROM public.cases_case c, LATERAL rasso.words_of_reference(c.reference) w (word)
  WHERE c.id = ANY (wanted)
  UNION ALL
  SELECT c.unit_id, c.is_restricted, w.word, c.id, 'crime number'
  FROM public.cases_case c, LATERAL rasso.without_signs(rasso.folded(c.crime_number)) w (word) WHERE c.id = ANY (wanted) AND w.word <> ''
$f$;

-- Those of their victims ("V") or suspects ("S").
CREATE OR REPLACE FUNCTION rasso.words_of_people(wanted uuid[], kinds text[]) RETURNS TABLE (unit_id bigint, is_restricted boolean, word text, case_id uuid, called text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT DISTINCT c.unit_id, c.is_restricted, w.word, c.id, x.kind || x.number
  FROM (SELECT case_id, 'V' AS kind, number, person_id FROM public.cases_victim WHERE case_id = ANY (wanted) AND 'V' = ANY (kinds)
    UNION ALL SELECT case_id, 'S', number, person_id FROM public.cases_suspect WHERE case_id = ANY (wanted) AND 'S' = ANY (kinds)) x
    JOIN public.cases_case c ON c.id = x.case_id JOIN public.cases_person p ON p.id = x.person_id,
    LATERAL rasso.words_of_name(p.name || ' ' || p.aliases) w (word)
$f$;

-- Which cases of the actor's reach are found by what was asked, and by what of each: "V1", "reference". Each word asked for is the
-- beginning of a word of one and the same person, or of the case. No more than a thousand answers.
CREATE OR REPLACE FUNCTION rasso.search(asked text) RETURNS TABLE (case_id uuid, called text, is_whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  most CONSTANT int := 1000;
  beyond CONSTANT text := chr(1114111);
  terms text[] := ARRAY(SELECT DISTINCT rasso.without_signs(t) FROM regexp_split_to_table(rasso.folded(asked), '[\s,;]+') t WHERE rasso.without_signs(t) <> '');
  units bigint[];
  own uuid[];
  barred uuid[];
  rarest text;
BEGIN
  IF rasso.kind() <> 'police' THEN RETURN; END IF;
  units := ARRAY(SELECT DISTINCT rasso.supervised_units());
  own := ARRAY(SELECT DISTINCT rasso.own_case_ids());
  barred := ARRAY(SELECT rasso.barred_case_ids());
  -- Walk the words that begin with the rarest of them; the others are looked up for each. One letter begins too many.
  SELECT t.term INTO rarest FROM unnest(terms) t (term) CROSS JOIN LATERAL (SELECT count(*) AS number FROM (
      SELECT 1 FROM unnest(units) u (id) CROSS JOIN LATERAL (SELECT 1 FROM public.cases_searchword w
        WHERE w.unit_id = u.id AND NOT w.is_restricted AND w.word >= t.term AND w.word < t.term || beyond LIMIT most) b
      UNION ALL
      SELECT 1 FROM unnest(own) o (id) CROSS JOIN LATERAL (SELECT 1 FROM public.cases_searchword w
        WHERE w.case_id = o.id AND w.word >= t.term AND w.word < t.term || beyond LIMIT most) b
      LIMIT most) counted) found
  WHERE length(t.term) >= 2 ORDER BY found.number, length(t.term) DESC, t.term LIMIT 1;
  IF rarest IS NULL THEN RETURN; END IF;
  RETURN QUERY
    SELECT b.case_id, b.called::text, b.called = 'reference' AND b.word = ANY (terms) FROM (
      SELECT b.* FROM unnest(units) u (id) CROSS JOIN LATERAL (SELECT w.case_id, w.called, w.word FROM public.cases_searchword w
        WHERE w.unit_id = u.id AND NOT w.is_restricted AND w.word >= rarest AND w.word < rarest || beyond AND w.case_id <> ALL (barred)
          AND NOT EXISTS (SELECT 1 FROM unnest(terms) t (term) WHERE t.term <> rarest AND NOT EXISTS (SELECT 1 FROM public.cases_searchword o
            WHERE o.case_id = w.case_id AND o.called = w.called AND o.word >= t.term AND o.word < t.term || beyond)) LIMIT most) b
      UNION ALL
      SELECT b.* FROM unnest(own) o (id) CROSS JOIN LATERAL (SELECT w.case_id, w.called, w.word FROM public.cases_searchword w
        WHERE w.case_id = o.id AND (w.is_restricted OR w.unit_id <> ALL (units)) AND w.word >= rarest AND w.word < rarest || beyond AND w.case_id <> ALL (barred)
          AND NOT EXISTS (SELECT 1 FROM unnest(terms) t (term) WHERE t.term <> rarest AND NOT EXISTS (SELECT 1 FROM public.cases_searchword o
            WHERE o.case_id = w.case_id AND o.called = w.called AND o.word >= t.term AND o.word < t.term || beyond)) LIMIT most) b
    ) b LIMIT most;
END $f$;

-- Keep the words as cases and people are, for each statement that changes either. They write nothing else, whoever sends the statement.
CREATE OR REPLACE FUNCTION rasso.keep_words_of_cases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $f$
DECLARE changed uuid[] := ARRAY(SELECT id FROM now_there);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- A number is all that can change here; who is given a case or what becomes of it changes no word.
    changed := ARRAY(SELECT n.id FROM now_there n JOIN then_there t ON t.id = n.id
      WHERE (n.reference, n.crime_number) IS DISTINCT FROM (t.reference, t.crime_number));
    DELETE FROM public.cases_searchword WHERE case_id = ANY (changed) AND called IN ('reference', 'crime number');
  END IF;
  INSERT INTO public.cases_searchword (unit_id, is_restricted, word, case_id, called) SELECT * FROM rasso.words_of_cases(changed);
  RETURN NULL;
END $f$;

CREATE OR REPLACE FUNCTION rasso.keep_words_of_people() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $f$
DECLARE
  kind CONSTANT text := TG_ARGV[0];
  changed uuid[];
BEGIN
  IF TG_OP <> 'INSERT' THEN
    changed := ARRAY(SELECT DISTINCT case_id FROM then_there);
    DELETE FROM public.cases_searchword WHERE case_id = ANY (changed) AND called ~ ('^' || kind || '[0-9]+$');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    changed := ARRAY(SELECT DISTINCT case_id FROM now_there) || changed;
  END IF;
  INSERT INTO public.cases_searchword (unit_id, is_restricted, word, case_id, called)
    SELECT * FROM rasso.words_of_people(changed, ARRAY[kind]) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $f$;

-- Somebody whose name was put right, or erased.
CREATE OR REPLACE FUNCTION rasso.keep_words_of_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $f$
DECLARE
  changed CONSTANT uuid[] := ARRAY(SELECT v.case_id FROM public.cases_victim v JOIN now_there p ON p.id = v.person_id
    UNION SELECT s.case_id FROM public.cases_suspect s JOIN now_there p ON p.id = s.person_id);
BEGIN
  DELETE FROM public.cases_searchword WHERE case_id = ANY (changed) AND called NOT IN ('reference', 'crime number');
  INSERT INTO public.cases_searchword (unit_id, is_restricted, word, case_id, called)
    SELECT * FROM rasso.words_of_people(changed, ARRAY['V', 'S']) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $f$;

-- A database that was filled before there was a search.
DO $do$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.cases_searchword) THEN
    INSERT INTO public.cases_searchword (unit_id, is_restricted, word, case_id, called)
      SELECT w.* FROM rasso.words_of_cases(ARRAY(SELECT id FROM public.cases_case)) w
      UNION ALL SELECT w.* FROM rasso.words_of_people(ARRAY(SELECT id FROM public.cases_case), ARRAY['V', 'S']) w;
  END IF;
END $do$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.folded, rasso.without_signs, rasso.words_of_name, rasso.words_of_reference, rasso.words_of_cases, rasso.words_of_people,
  rasso.search, rasso.keep_words_of_cases, rasso.keep_words_of_people, rasso.keep_words_of_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.search TO rasso_police, rasso_police_read;

CREATE OR REPLACE TRIGGER words_of_new AFTER INSERT ON cases_case REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_cases();
CREATE OR REPLACE TRIGGER words_of_changed AFTER UPDATE ON cases_case REFERENCING OLD TABLE AS then_there NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_cases();
CREATE OR REPLACE TRIGGER words_of_new AFTER INSERT ON cases_victim REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('V');
CREATE OR REPLACE TRIGGER words_of_changed AFTER UPDATE ON cases_victim REFERENCING OLD TABLE AS then_there NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('V');
CREATE OR REPLACE TRIGGER words_of_gone AFTER DELETE ON cases_victim REFERENCING OLD TABLE AS then_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('V');
CREATE OR REPLACE TRIGGER words_of_new AFTER INSERT ON cases_suspect REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('S');
CREATE OR REPLACE TRIGGER words_of_changed AFTER UPDATE ON cases_suspect REFERENCING OLD TABLE AS then_there NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('S');
CREATE OR REPLACE TRIGGER words_of_gone AFTER DELETE ON cases_suspect REFERENCING OLD TABLE AS then_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_people('S');
CREATE OR REPLACE TRIGGER words_of_changed AFTER UPDATE ON cases_person REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT
  EXECUTE FUNCTION rasso.keep_words_of_names();
