-- What stands out among the entries that a seal has just closed (audit/signals.py), and what the auditor said of it. Applied after checks.sql.

GRANT SELECT, INSERT ON audit_signal, audit_signalanswer TO rasso_definer;
GRANT USAGE ON SEQUENCE audit_signal_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- The whole words of a name, in small letters; without single letters.
CREATE OR REPLACE FUNCTION rasso.words_of(said text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT coalesce(array_agg(DISTINCT w), '{}') FROM regexp_split_to_table(lower(said), '[^[:alnum:]''’-]+') w WHERE length(w) > 1
$f$;

CREATE OR REPLACE FUNCTION rasso.find_signals(wanted bigint, many_cases int, many_refused int) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  s public.audit_seal;
  made int;
BEGIN
  PERFORM rasso.refuse_all_but_auditors();
  SELECT k.* INTO s FROM public.audit_seal k WHERE k.number = wanted;
  WITH entries AS MATERIALIZED (
    SELECT r.* FROM public.people_accessrecord r WHERE r.cluster = s.cluster AND r.xact >= s.lo AND r.xact < s.hi AND r.user_id <> 0
  ), rules (kind, kinds, threshold) AS (
    -- By whatever means one case is shown: the page, its names, a copy, a print, a file.
    VALUES ('MANY_CASES', ARRAY['LOOKED_AT', 'NAMES_SHOWN', 'COPIED', 'PRINTED', 'EXPORTED'], many_cases), ('MANY_REFUSED', ARRAY['REFUSED'], many_refused)
  ), busy AS (
    -- Few have so many at all; only of these each entry is looked at.
    SELECT p.kind, p.kinds, p.threshold, p.user_id FROM (
      SELECT w.kind, w.kinds, w.threshold, e.user_id, min(e.at) AS since, max(e.at) AS until FROM rules w JOIN entries e ON e.kind = ANY (w.kinds)
      GROUP BY 1, 2, 3, 4) p
    WHERE p.threshold <= (SELECT count(*) FROM public.people_accessrecord r
      WHERE r.user_id = p.user_id AND r.at > p.since - interval '1 hour' AND r.at <= p.until AND r.kind = ANY (p.kinds))
  ), crossed AS (
    -- Entries with which there were too many within the hour that ends with them, whatever the clock says.
    SELECT b.kind, e.id, e.at, e.user_id, n.number, lag(e.at) OVER (PARTITION BY b.kind, e.user_id ORDER BY e.at, e.id) AS before
    FROM busy b JOIN entries e ON e.user_id = b.user_id AND e.kind = ANY (b.kinds)
      CROSS JOIN LATERAL (
        SELECT (CASE b.kind WHEN 'MANY_CASES' THEN count(DISTINCT r.case_ids[1]) FILTER (WHERE cardinality(r.case_ids) = 1) ELSE count(*) END)::int AS number
        FROM public.people_accessrecord r
        WHERE r.user_id = e.user_id AND r.at > e.at - interval '1 hour' AND r.at <= e.at AND r.kind = ANY (b.kinds)) n
    WHERE n.number >= b.threshold
  ), found (kind, entry_id, at, user_id, case_id, number) AS (
    -- A word of their own name: the family name, or both together; a given name alone is anybody's.
    SELECT 'OWN_NAME', e.id, e.at, e.user_id, NULL::uuid, NULL::int
    FROM entries e JOIN public.people_searchedwords w ON w.record_id = e.id JOIN public.people_user u ON u.id = e.user_id
    WHERE e.kind = 'SEARCHED' AND position(lower(u.family_name) IN lower(w.words)) > 0
    UNION ALL
    SELECT 'NO_REQUESTER', e.id, e.at, e.user_id, NULL, NULL
    FROM entries e JOIN public.people_searchedwords w ON w.record_id = e.id
    WHERE e.kind = 'SEARCHED' AND e.page = 'search-for-subject' AND NOT EXISTS (
      -- Of whoever made this request, and as whole words: a part of some name is a part of many.
      SELECT 1 FROM public.information_subjectrequest r JOIN public.information_requester q ON q.request_id = r.id
      WHERE 'Request ' || r.number = e.basis AND rasso.words_of(w.words) && rasso.words_of(q.name))
    UNION ALL
    SELECT 'CONNECTED', e.id, e.at, e.user_id, c.case_id, NULL
    FROM entries e JOIN public.cases_caseconnection c ON c.user_id = e.user_id AND e.case_ids @> ARRAY[c.case_id] AND e.at > c.said_at
    WHERE e.kind <> 'LISTED'
    UNION ALL
    SELECT 'AFTER_DEACTIVATION', e.id, e.at, e.user_id, NULL, NULL
    FROM entries e JOIN public.people_user u ON u.id = e.user_id WHERE NOT u.is_active AND e.at > u.deactivated_at
    UNION ALL
    SELECT 'OUTSIDE_UNIT', e.id, e.at, e.user_id, c.id, NULL
    FROM entries e JOIN public.cases_case c ON c.id = e.case_ids[1]
    WHERE e.kind IN ('LOOKED_AT', 'NAMES_SHOWN', 'COPIED', 'PRINTED') AND cardinality(e.case_ids) = 1 AND e.rights = '{}'
      -- Whoever explains or reviews an access reads nothing of the case.
      AND e.page NOT LIKE 'audit%' AND e.page NOT IN ('explain-access', 'review-emergency-access')
      -- The information manager and the second person of a disposal look by what was opened or proposed (information/sql).
      AND e.page NOT IN ('information', 'open-subject-request', 'subject-request', 'confirm-identity', 'search-for-subject',
        'search-again', 'choose-subject', 'begin-review', 'subject-items', 'decide-item', 'print-bundle',
        'export-bundle', 'send-bundle', 'end-request', 'extend-request', 'retention-review', 'open-retention-review',
        'keep-record', 'hold-record', 'propose-disposal', 'place-hold', 'lift-hold', 'disposals', 'disposal',
        'approve-disposal', 'refuse-disposal', 'withdraw-disposal', 'certificate')
      AND NOT EXISTS (SELECT 1 FROM public.people_membership m WHERE m.user_id = e.user_id AND m.unit_id = c.unit_id
        AND m.starts_on <= (e.at AT TIME ZONE {time_zone})::date AND (m.ends_on IS NULL OR m.ends_on >= (e.at AT TIME ZONE {time_zone})::date))
    UNION ALL
    -- By restricting it, or by logging it as restricted.
    SELECT 'RESTRICTED', e.id, e.at, e.user_id, c.id, NULL
    FROM entries e JOIN public.cases_case c ON c.id = e.case_ids[1]
    WHERE e.kind = 'CHANGED' AND (e.page = 'restrict_case' OR e.page = 'log_case' AND c.is_restricted
      AND NOT EXISTS (SELECT 1 FROM entries o WHERE o.kind = 'CHANGED' AND o.page = 'restrict_case' AND o.case_ids[1] = c.id))
    UNION ALL
    -- Once for a burst: under the entry with which there were too many, while none within an hour of it was noted already.
    SELECT c.kind, c.id, c.at, c.user_id, NULL, (SELECT max(o.number) FROM crossed o
      WHERE (o.kind, o.user_id) = (c.kind, c.user_id) AND o.at BETWEEN c.at AND c.at + interval '1 hour')
    FROM crossed c
    WHERE (c.before IS NULL OR c.before < c.at - interval '1 hour') AND NOT EXISTS (SELECT 1 FROM public.audit_signal k
      WHERE k.kind = c.kind AND k.user_id = c.user_id AND k.at BETWEEN c.at - interval '1 hour' AND c.at + interval '1 hour')
  ), changes AS (
    -- Once for a transaction; what stood there when the trigger was put on was changed by nobody, and the first seal closes what set the
    -- installation up.
    SELECT min(d.id) AS first, min(d.at) AS at, count(*)::int AS rows FROM public.audit_datachange d
    WHERE d.cluster = s.cluster AND d.xact >= s.lo AND d.xact < s.hi AND d.login NOT IN ('rasso_web', 'rasso_worker')
      AND d.user_id IS NULL AND d.command <> 'BASELINE' AND s.number > 1
    GROUP BY d.xact
  ), ways_in AS (
    SELECT d.id, d.at, p.by_id FROM public.audit_datachange d JOIN public.people_peoplechange p ON p.id::text = d.row_key
    WHERE d.cluster = s.cluster AND d.xact >= s.lo AND d.xact < s.hi AND d.table_name = 'people_peoplechange' AND d.command = 'INSERT'
      AND p.by_id IS NOT NULL AND s.number > 1
      AND (p.what IN ('PASSWORD_GIVEN', 'FACTORS_RESET', 'UNIT_JOINED') OR p.what = 'ROLE_GIVEN' AND rasso.apart_from_administrator(p.role)
        -- A unit that was put below another one: whoever supervises that one sees its cases from now on.
        OR p.what = 'UNIT_CHANGED' AND position(', below ' IN p.became) > 0 AND 'parent_id' = ANY (
          (SELECT o.columns FROM public.audit_datachange o WHERE (o.cluster, o.xact) = (d.cluster, d.xact) AND o.id < d.id
            AND o.table_name = 'people_unit' AND o.row_key = p.unit_id::text ORDER BY o.id DESC LIMIT 1)::text[]))
  ), chosen AS (
    -- Records said to be the requester's, for the first time.
    SELECT d.id, d.at, p.by_id, p.person_id, r.number, rasso.words_of(q.name) AS asked FROM public.audit_datachange d
      JOIN public.information_requestperson p ON p.id::text = d.row_key JOIN public.information_subjectrequest r ON r.id = p.request_id
      JOIN public.information_requester q ON q.request_id = r.id
    WHERE d.cluster = s.cluster AND d.xact >= s.lo AND d.xact < s.hi AND d.table_name = 'information_requestperson' AND d.command = 'INSERT' AND p.is_theirs
      AND NOT EXISTS (SELECT 1 FROM public.information_requestperson o
        WHERE (o.request_id, o.person_id) = (p.request_id, p.person_id) AND o.is_theirs AND (o.at, o.id) < (p.at, p.id))
  )
  INSERT INTO public.audit_signal (kind, part, entry_id, at, user_id, case_id, number)
  SELECT f.kind, 1, f.entry_id, f.at, f.user_id, f.case_id, f.number FROM found f
  UNION ALL
  SELECT 'WAY_IN', 2, w.id, w.at, w.by_id, NULL, NULL FROM ways_in w
  UNION ALL
  SELECT 'OTHER_SUBJECT', 2, h.id, h.at, h.by_id, NULL, h.number FROM chosen h JOIN public.cases_person n ON n.id = h.person_id
    WHERE NOT rasso.words_of(n.name || ' ' || n.aliases) @> h.asked
  UNION ALL
  SELECT 'RUNNING_CASE', 2, h.id, h.at, h.by_id, c.id, h.number FROM chosen h CROSS JOIN LATERAL (
    SELECT o.id FROM rasso.cases_of_person(h.person_id) x JOIN public.cases_case o ON o.id = x.case_id
    WHERE o.status IN ('RECORDED', 'INVESTIGATING') ORDER BY o.recorded_at, o.id LIMIT 1) c
  UNION ALL
  SELECT 'PAST_THE_PRODUCT', 2, c.first, c.at, NULL, NULL, c.rows FROM changes c
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $f$;

-- Whether this is somebody who is or was an auditor.
CREATE OR REPLACE FUNCTION rasso.is_of_auditor(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.people_roleassignment a WHERE a.user_id = person AND a.role = 'AUDITOR')
$f$;

-- Signals with who, which case and what was said last: those that nobody has answered, oldest first; or those answered, newest first.
-- ``of_auditors``: what auditors did, for whoever looks at them, and nothing of a restricted case.
DROP FUNCTION IF EXISTS rasso.signals(boolean, int, bigint);
DROP FUNCTION IF EXISTS rasso.signals(boolean, int, bigint, boolean);
CREATE FUNCTION rasso.signals(are_answered boolean, most int, wanted bigint, of_auditors boolean) RETURNS TABLE (id bigint, kind text, part int, entry_id bigint,
  at timestamptz, user_id bigint, who text, case_id uuid, reference text, number int, login text, answer text, words text, answered_by text, answered_at timestamptz, person text, what text, role text, unit text, was text, became text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF of_auditors THEN PERFORM rasso.refuse_who_looks_at_no_auditors(); ELSE PERFORM rasso.refuse_all_but_auditors(); END IF;
  RETURN QUERY SELECT s.id, s.kind::text, s.part::int, s.entry_id, s.at, s.user_id, trim(u.rank || ' ' || u.given_name || ' ' || u.family_name),
    s.case_id, c.reference::text, s.number, d.login::text, a.answer::text, a.words::text, trim(b.rank || ' ' || b.given_name || ' ' || b.family_name), a.at,
    rasso.staff_name(p.person_id), p.what::text, p.role::text, n.name::text, p.was::text, p.became::text
  FROM public.audit_signal s
    LEFT JOIN LATERAL (SELECT x.* FROM public.audit_signalanswer x WHERE x.signal_id = s.id ORDER BY x.at DESC LIMIT 1) a ON true
    LEFT JOIN public.people_user u ON u.id = s.user_id LEFT JOIN public.cases_case c ON c.id = s.case_id
    LEFT JOIN public.audit_datachange d ON s.part = 2 AND d.id = s.entry_id LEFT JOIN public.people_user b ON b.id = a.by_id
    LEFT JOIN public.people_peoplechange p ON s.kind = 'WAY_IN' AND p.id::text = d.row_key
    LEFT JOIN public.people_unit n ON n.id = p.unit_id
  WHERE CASE WHEN wanted IS NOT NULL THEN s.id = wanted ELSE (a.id IS NOT NULL) = are_answered END
    AND (NOT of_auditors OR rasso.is_of_auditor(s.user_id) AND c.is_restricted IS NOT TRUE)
  ORDER BY CASE WHEN are_answered THEN NULL ELSE s.at END, a.at DESC, s.id LIMIT most;
END $f$;

-- Only an auditor, of what is there, and never of themself; and of what auditors did, whoever looks at them, so that a force with one
-- auditor leaves nothing unanswered.
CREATE OR REPLACE FUNCTION rasso.answer_signal(wanted bigint, answer text, words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('AUDITOR', 'SUPERINTENDENT') OR trim(words) = '' THEN
    RAISE EXCEPTION 'rasso: an auditor or a Detective Superintendent answers, with words' USING ERRCODE = '42501';
  END IF;
  PERFORM 1 FROM public.audit_signal s LEFT JOIN public.cases_case c ON c.id = s.case_id
    WHERE s.id = wanted AND s.user_id IS DISTINCT FROM rasso.actor()
      AND (rasso.has_role('AUDITOR') OR rasso.is_of_auditor(s.user_id) AND c.is_restricted IS NOT TRUE);
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO public.audit_signalanswer (id, signal_id, answer, words, by_id, at) VALUES (gen_random_uuid(), wanted, answer, words, rasso.actor(), clock_timestamp());
  RETURN true;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.words_of, rasso.find_signals, rasso.is_of_auditor, rasso.signals, rasso.answer_signal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.find_signals TO rasso_system;
GRANT EXECUTE ON FUNCTION rasso.signals TO rasso_police, rasso_police_read, rasso_partner, rasso_partner_read;
GRANT EXECUTE ON FUNCTION rasso.answer_signal TO rasso_police, rasso_partner;
