-- What the auditor reads: entries with who, by what right and from where; never what a case holds. Every function looks who asks itself,
-- because auditors may be of another organisation, to which the tables of people and cases are closed. Applied after signals.sql.

SET LOCAL ROLE rasso_definer;

CREATE OR REPLACE FUNCTION rasso.staff_name(person bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT trim(u.rank || ' ' || u.given_name || ' ' || u.family_name) FROM public.people_user u WHERE u.id = person
$f$;

-- The key of a case by its reference, and nothing else of it.
CREATE OR REPLACE FUNCTION rasso.case_to_audit(wanted_reference text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN (SELECT c.id FROM public.cases_case c WHERE c.reference = wanted_reference);
END $f$;

-- Staff whose user name or family name is this, or begins with it.
CREATE OR REPLACE FUNCTION rasso.staff_called(words text) RETURNS TABLE (id bigint, username text, who text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN QUERY SELECT u.id, u.username::text, rasso.staff_name(u.id) FROM public.people_user u
    WHERE lower(u.username) = lower(words) OR starts_with(lower(u.family_name), lower(words)) OR lower(u.given_name || ' ' || u.family_name) = lower(words)
    ORDER BY lower(u.username) <> lower(words), u.username LIMIT 11;
END $f$;

CREATE OR REPLACE FUNCTION rasso.staff_of_number(person bigint) RETURNS TABLE (id bigint, username text, who text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN QUERY SELECT u.id, u.username::text, rasso.staff_name(u.id) FROM public.people_user u WHERE u.id = person;
END $f$;

-- The entries that fit, newest first: of a case, a person, between two moments, of these kinds, below an entry; only what auditors did, or
-- everything. Who held which role in which unit is told as of then.
CREATE OR REPLACE FUNCTION rasso.entries_found(of_case uuid, of_person bigint, from_at timestamptz, to_at timestamptz, kinds text[], below bigint,
    most int, of_auditors boolean)
  RETURNS TABLE (id bigint, at timestamptz, user_id bigint, who text, roles text[], units text[], kind text, page text, case_references text[], case_ids uuid[], cases int,
    outcome int, rights text[], behalf text[], address text, recipient text, basis text, has_words boolean, changed text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT r.id, r.at, r.user_id, CASE r.user_id WHEN 0 THEN 'RASSO itself' ELSE rasso.staff_name(r.user_id) END,
    ARRAY(SELECT DISTINCT a.role::text FROM public.people_roleassignment a WHERE a.user_id = r.user_id AND a.starts_on <= d.day AND (a.ends_on IS NULL OR a.ends_on >= d.day)),
    ARRAY(SELECT u.name::text FROM public.people_membership m JOIN public.people_unit u ON u.id = m.unit_id
      WHERE m.user_id = r.user_id AND m.starts_on <= d.day AND (m.ends_on IS NULL OR m.ends_on >= d.day) ORDER BY 1),
    r.kind::text, r.page::text,
    ARRAY(SELECT c.reference::text FROM public.cases_case c WHERE c.id = ANY (r.case_ids[1:3]) ORDER BY array_position(r.case_ids, c.id)), r.case_ids[1:3],
    cardinality(r.case_ids), r.outcome::int, r.rights::text[], ARRAY(SELECT rasso.staff_name(b) FROM unnest(r.on_behalf_of) b), host(r.address),
    r.recipient::text, r.basis::text, EXISTS (SELECT 1 FROM public.people_searchedwords w WHERE w.record_id = r.id),
    CASE WHEN r.kind IN ('CHANGED', 'ERASED', 'JOINED') THEN ARRAY(SELECT DISTINCT c.table_name || coalesce(': ' || nullif(array_to_string(c.columns, ', '), ''), '')
      FROM public.audit_datachange c WHERE c.cluster = r.cluster AND c.xact = r.xact AND position('_historical' IN c.table_name) = 0 ORDER BY 1 LIMIT 6) ELSE '{}' END
  FROM (
    SELECT x.* FROM public.people_accessrecord x
    WHERE (of_case IS NULL OR x.case_ids @> ARRAY[of_case]) AND (of_person IS NULL OR x.user_id = of_person) AND x.at >= from_at AND x.at < to_at
      AND x.kind = ANY (kinds) AND (below IS NULL OR x.id < below)
      AND (NOT of_auditors OR x.user_id IN (SELECT a.user_id FROM public.people_roleassignment a WHERE a.role = 'AUDITOR'))
    ORDER BY x.at DESC, x.id DESC LIMIT most) r
  CROSS JOIN LATERAL (SELECT (r.at AT TIME ZONE {time_zone})::date AS day) d
  ORDER BY r.at DESC, r.id DESC
$f$;

CREATE OR REPLACE FUNCTION rasso.find_entries(of_case uuid, of_person bigint, from_at timestamptz, to_at timestamptz, kinds text[], below bigint, most int)
  RETURNS TABLE (id bigint, at timestamptz, user_id bigint, who text, roles text[], units text[], kind text, page text, case_references text[], case_ids uuid[], cases int,
    outcome int, rights text[], behalf text[], address text, recipient text, basis text, has_words boolean, changed text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = 'force_custom_plan' AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN QUERY SELECT * FROM rasso.entries_found(of_case, of_person, from_at, to_at, kinds, below, most, false);
END $f$;

CREATE OR REPLACE FUNCTION rasso.refuse_who_looks_at_no_auditors() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('SUPERINTENDENT') OR rasso.has_role('AUDITOR') THEN
    RAISE EXCEPTION 'rasso: a Detective Superintendent who is no auditor looks at auditors' USING ERRCODE = '42501';
  END IF;
END $f$;

-- The restricted cases that the actor does not reach.
CREATE OR REPLACE FUNCTION rasso.hidden_cases() RETURNS TABLE (id uuid, reference text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.id, c.reference::text FROM public.cases_case c
  WHERE c.is_restricted AND (c.id <> ALL (ARRAY(SELECT rasso.own_case_ids())) OR c.id = ANY (ARRAY(SELECT rasso.barred_case_ids())))
$f$;

-- Words of the record in which no such case stands; somebody may have typed them in small letters.
CREATE OR REPLACE FUNCTION rasso.without_hidden_references(words text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE hidden text;
BEGIN
  FOR hidden IN SELECT h.reference FROM rasso.hidden_cases() h LOOP words := regexp_replace(words, hidden, 'a case', 'gi'); END LOOP;
  RETURN words;
END $f$;

-- Whether this was asked on a page of the auditor, by somebody who is or was one: who had been looked up is then what was typed.
CREATE OR REPLACE FUNCTION rasso.is_question_of_auditor(person bigint, page text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT page IN ('audit', 'export-entries', 'explain-access') AND rasso.is_of_auditor(person)
$f$;

-- What auditors did, for whoever looks at them: a Detective Superintendent who is no auditor. A restricted case that they do not reach is "a
-- case" to them, without reference and key: looking at auditors must not tell what is restricted.
CREATE OR REPLACE FUNCTION rasso.entries_of_auditors(from_at timestamptz, to_at timestamptz, below bigint, most int)
  RETURNS TABLE (id bigint, at timestamptz, user_id bigint, who text, roles text[], units text[], kind text, page text, case_references text[], case_ids uuid[], cases int,
    outcome int, rights text[], behalf text[], address text, recipient text, basis text, has_words boolean, changed text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_who_looks_at_no_auditors();
  RETURN QUERY
    WITH hidden AS MATERIALIZED (SELECT h.id, h.reference FROM rasso.hidden_cases() h)
    SELECT f.id, f.at, f.user_id, f.who, f.roles, f.units, f.kind, f.page,
      ARRAY(SELECT CASE WHEN r.reference IN (SELECT h.reference FROM hidden h) THEN 'a case' ELSE r.reference END
        FROM unnest(f.case_references) WITH ORDINALITY r (reference, nth) ORDER BY r.nth),
      ARRAY(SELECT i.key FROM unnest(f.case_ids) WITH ORDINALITY i (key, nth) WHERE i.key NOT IN (SELECT h.id FROM hidden h) ORDER BY i.nth),
      f.cases, f.outcome, f.rights, f.behalf, f.address, f.recipient, f.basis,
      f.has_words AND rasso.is_question_of_auditor(f.user_id, f.page), f.changed
    FROM rasso.entries_found(NULL, NULL, from_at, to_at, ARRAY['LOOKED_AT', 'LISTED', 'CHANGED', 'EXPORTED', 'WORDS_SHOWN', 'REFUSED'],
      below, most, true) f;
END $f$;

-- How many entries fit, up to so many.
CREATE OR REPLACE FUNCTION rasso.count_entries(of_case uuid, of_person bigint, from_at timestamptz, to_at timestamptz, kinds text[], most int) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = 'force_custom_plan' AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN (SELECT count(*) FROM (SELECT 1 FROM public.people_accessrecord x
    WHERE (of_case IS NULL OR x.case_ids @> ARRAY[of_case]) AND (of_person IS NULL OR x.user_id = of_person) AND x.at >= from_at AND x.at < to_at
      AND x.kind = ANY (kinds) LIMIT most) one);
END $f$;

-- Who may see a case now, by what right, and who of them has looked and when last. It asks for each person who could have a right by the very
-- functions that decide it, as that person; nobody else can ask so, because only functions of this schema read the key.
CREATE OR REPLACE FUNCTION rasso.seers_of(wanted uuid) RETURNS TABLE (user_id bigint, who text, rights text[], behalf text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  asks CONSTANT text := current_setting('rasso.actor');
  k CONSTANT bytea := (SELECT a.key FROM rasso.actor_key a WHERE a.ends_at IS NULL LIMIT 1);
  said text;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  FOR user_id IN
    WITH RECURSIVE above AS (
      SELECT c.unit_id FROM public.cases_case c WHERE c.id = wanted
      UNION SELECT u.parent_id FROM public.people_unit u JOIN above ON u.id = above.unit_id WHERE u.parent_id IS NOT NULL
    ), direct AS (
      SELECT g.user_id FROM public.cases_casegrant g WHERE g.content_object_id = wanted AND (g.ends_at IS NULL OR g.ends_at > rasso.now())
      UNION SELECT c.logged_by_id FROM public.cases_case c WHERE c.id = wanted
      UNION SELECT m.user_id FROM public.people_membership m JOIN above USING (unit_id) JOIN public.people_roleassignment r ON r.user_id = m.user_id
        WHERE r.role IN ('SERGEANT', 'INSPECTOR') AND (m.ends_on IS NULL OR m.ends_on >= rasso.today())
      UNION SELECT r.user_id FROM public.people_roleassignment r WHERE r.role = 'SUPERINTENDENT' AND (r.ends_on IS NULL OR r.ends_on >= rasso.today())
    )
    SELECT d.user_id FROM direct d
    UNION SELECT v.covering_id FROM public.people_cover v JOIN direct d ON d.user_id = v.absent_id
      WHERE v.ended_at IS NULL AND v.starts_on <= rasso.today() AND v.ends_on >= rasso.today()
  LOOP
    -- For the length of this step the transaction is signed as somebody else. No other statement can see it: a session runs one statement at a
    -- time, this one is it until the loop has ended, and what it asks is only the functions below; the setting is local to the transaction, so
    -- that an error takes it back with everything else, and the statement after this one runs as who asked.
    said := user_id || ':police';
    PERFORM set_config('rasso.actor', said || ':' || encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex'), true);
    CONTINUE WHEN wanted IN (SELECT rasso.barred_case_ids());
    rights := ARRAY(SELECT r.by_right FROM rasso.rights_to(ARRAY[wanted]) r ORDER BY 1);
    behalf := ARRAY(SELECT DISTINCT rasso.staff_name(t.person) FROM rasso.reached_through(ARRAY[wanted], false) t WHERE 'COVERING' = ANY (rights));
    IF rights <> '{}' THEN
      who := rasso.staff_name(user_id);
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('rasso.actor', asks, true);
END $f$;

-- Who has looked at a case, each once, with their last time and the right they had then.
CREATE OR REPLACE FUNCTION rasso.lookers_of(wanted uuid, most int) RETURNS TABLE (user_id bigint, who text, at timestamptz, kind text, rights text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  RETURN QUERY SELECT l.user_id, rasso.staff_name(l.user_id), l.at, l.kind, l.rights FROM (
    SELECT DISTINCT ON (r.user_id) r.user_id, r.at, r.kind::text, r.rights::text[] FROM public.people_accessrecord r
    WHERE r.case_ids @> ARRAY[wanted] AND r.kind NOT IN ('LISTED', 'REFUSED') ORDER BY r.user_id, r.at DESC) l (user_id, at, kind, rights)
  ORDER BY l.at DESC LIMIT most;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.hidden_cases, rasso.without_hidden_references, rasso.is_question_of_auditor, rasso.refuse_who_looks_at_no_auditors, rasso.staff_name, rasso.case_to_audit, rasso.staff_called, rasso.staff_of_number, rasso.entries_found, rasso.find_entries, rasso.entries_of_auditors,
  rasso.count_entries, rasso.seers_of, rasso.lookers_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.case_to_audit, rasso.staff_called, rasso.staff_of_number, rasso.find_entries, rasso.count_entries, rasso.seers_of, rasso.lookers_of
  TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
GRANT EXECUTE ON FUNCTION rasso.entries_of_auditors TO rasso_police, rasso_police_read;
