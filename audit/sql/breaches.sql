-- The register of breaches of personal data: entered, decided, closed by auditors, and nothing taken out. Applied after reading.sql.

GRANT SELECT, INSERT, UPDATE ON audit_breach TO rasso_definer;

SET LOCAL ROLE rasso_definer;

CREATE OR REPLACE FUNCTION rasso.enter_breach(wanted uuid, known_at timestamptz, what text, people_about int) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('AUDITOR') THEN RAISE EXCEPTION 'rasso: only an auditor keeps the register' USING ERRCODE = '42501'; END IF;
  INSERT INTO public.audit_breach (id, known_at, what, people_about, entered_by_id, entered_at, is_not_reported, because)
    VALUES (wanted, known_at, what, people_about, rasso.actor(), clock_timestamp(), false, '');
END $f$;

-- Told the regulator, or decided that it need not be told; once. Closing follows.
CREATE OR REPLACE FUNCTION rasso.decide_breach(wanted uuid, told_at timestamptz, words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('AUDITOR') OR trim(words) = '' THEN RAISE EXCEPTION 'rasso: only an auditor decides, with words' USING ERRCODE = '42501'; END IF;
  UPDATE public.audit_breach SET reported_at = told_at, is_not_reported = told_at IS NULL, because = words, decided_by_id = rasso.actor()
    WHERE id = wanted AND decided_by_id IS NULL;
  RETURN FOUND;
END $f$;
CREATE OR REPLACE FUNCTION rasso.close_breach(wanted uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT rasso.has_role('AUDITOR') THEN RAISE EXCEPTION 'rasso: only an auditor keeps the register' USING ERRCODE = '42501'; END IF;
  UPDATE public.audit_breach SET closed_at = clock_timestamp() WHERE id = wanted AND decided_by_id IS NOT NULL AND closed_at IS NULL;
  RETURN FOUND;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.enter_breach, rasso.decide_breach, rasso.close_breach FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.enter_breach, rasso.decide_breach, rasso.close_breach TO rasso_police, rasso_partner;
