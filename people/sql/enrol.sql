-- People who come and go: the only ways to enrol, promote, move, deactivate. Applied after people/sql/cover.sql. Each function looks
-- itself whether the bound actor is an administrator, so that no statement of the web login can do what no page does.

GRANT INSERT, UPDATE ON people_user, people_unit TO rasso_definer;
GRANT SELECT (user_id), INSERT, UPDATE ON people_credential TO rasso_definer;
GRANT INSERT ON people_accountevent TO rasso_definer;
GRANT USAGE ON SEQUENCE people_accountevent_id_seq TO rasso_definer;
GRANT SELECT (user_id), DELETE ON mfa_authenticator TO rasso_definer;
GRANT INSERT, DELETE, UPDATE (ends_on) ON people_roleassignment, people_membership TO rasso_definer;
GRANT USAGE ON SEQUENCE people_user_id_seq, people_unit_id_seq, people_roleassignment_id_seq, people_membership_id_seq TO rasso_definer;

SET LOCAL ROLE rasso_definer;

-- One administrator at a time, so that what is looked at (who is the last, what stands above what) stays so until it is written.
CREATE OR REPLACE FUNCTION rasso.administer() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rasso.people'));
  IF NOT rasso.has_role('ADMINISTRATOR') THEN
    RAISE EXCEPTION 'rasso: only an administrator changes people and units' USING ERRCODE = '42501';
  END IF;
END $f$;

-- The same about a person: nobody raises, moves or removes themself.
CREATE OR REPLACE FUNCTION rasso.administer_other(wanted bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer();
  IF wanted = rasso.actor() THEN
    RAISE EXCEPTION 'rasso: another administrator does this to an account of one''s own' USING ERRCODE = '42501';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rasso.refuse_past(day date) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF day IS NULL OR day < rasso.today() OR day > rasso.today() + 366 THEN
    RAISE EXCEPTION 'rasso: people change from today on, and within a year' USING ERRCODE = '42501';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rasso.note_people_change(what text, by bigint, person bigint, unit bigint, role text, day date, was text, became text, because text)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.people_peoplechange (at, by_id, what, person_id, unit_id, role, day, was, became, because)
  VALUES (rasso.now(), by, what, person, unit, coalesce(role, ''), day, left(coalesce(was, ''), 600), left(coalesce(became, ''), 600), coalesce(because, ''))
$f$;

-- Lock people and units for this transaction, and answer the version of one of them; nothing where there is none.
CREATE OR REPLACE FUNCTION rasso.hold_person(wanted bigint) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer();
  RETURN (SELECT version FROM public.people_user WHERE id = wanted);
END $f$;

CREATE OR REPLACE FUNCTION rasso.hold_unit(wanted bigint) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer();
  RETURN (SELECT version FROM public.people_unit WHERE id = wanted);
END $f$;

-- Whether somebody else holds the role of administrator with no end in sight. Nobody who is the last may lose it.
CREATE OR REPLACE FUNCTION rasso.other_administrator(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id AND u.is_active
    WHERE r.role = 'ADMINISTRATOR' AND r.user_id <> wanted AND r.starts_on <= rasso.today() AND r.ends_on IS NULL)
$f$;

-- Roles and units -----------------------------------------------------------------------------------------------------------

-- Roles that nobody holds on a day on which they are an administrator (people/roles.py holds the same; a test compares).
CREATE OR REPLACE FUNCTION rasso.apart_from_administrator(role text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$
  SELECT role NOT IN ('ADMINISTRATOR', 'ANALYST', 'BOARD_MEMBER')
$f$;

CREATE OR REPLACE FUNCTION rasso.add_role(wanted bigint, wanted_role text, first_day date, last_day date, by bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_past(first_day);
  IF EXISTS (SELECT 1 FROM public.people_roleassignment WHERE user_id = wanted AND role = wanted_role
      AND starts_on <= coalesce(last_day, 'infinity') AND coalesce(ends_on, 'infinity') >= first_day) THEN
    RAISE EXCEPTION 'rasso: this person holds the role on some of these days already' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM public.people_roleassignment WHERE user_id = wanted
      AND starts_on <= coalesce(last_day, 'infinity') AND coalesce(ends_on, 'infinity') >= first_day
      AND (wanted_role = 'ADMINISTRATOR' AND rasso.apart_from_administrator(role)
           OR role = 'ADMINISTRATOR' AND rasso.apart_from_administrator(wanted_role))) THEN
    RAISE EXCEPTION 'rasso: an administrator holds no role that reaches cases' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.people_roleassignment (user_id, role, organisation_kind, starts_on, ends_on)
    SELECT id, wanted_role, organisation_kind, first_day, last_day FROM public.people_user WHERE id = wanted;
  PERFORM rasso.note_people_change('ROLE_GIVEN', by, wanted, NULL, wanted_role, first_day, '', coalesce(last_day::text, ''), '');
END $f$;

CREATE OR REPLACE FUNCTION rasso.add_membership(wanted bigint, wanted_unit bigint, first_day date, by bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_past(first_day);
  IF NOT EXISTS (SELECT 1 FROM public.people_unit n JOIN public.people_user u ON u.organisation_id = n.organisation_id
      WHERE n.id = wanted_unit AND u.id = wanted) THEN
    RAISE EXCEPTION 'rasso: the unit is of another organisation than the person' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM public.people_membership WHERE user_id = wanted AND unit_id = wanted_unit
      AND coalesce(ends_on, 'infinity') >= first_day) THEN
    RAISE EXCEPTION 'rasso: this person is in the unit on some of these days already' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.people_membership (user_id, unit_id, starts_on) VALUES (wanted, wanted_unit, first_day);
  PERFORM rasso.note_people_change('UNIT_JOINED', by, wanted, wanted_unit, '', first_day, '', '', '');
END $f$;

CREATE OR REPLACE FUNCTION rasso.refuse_inactive(wanted bigint) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.people_user WHERE id = wanted AND is_active) THEN
    RAISE EXCEPTION 'rasso: there is no such active person' USING ERRCODE = '42501';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rasso.give_role(wanted bigint, wanted_role text, first_day date, last_day date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer_other(wanted);
  PERFORM rasso.refuse_inactive(wanted);
  PERFORM rasso.add_role(wanted, wanted_role, first_day, last_day, rasso.actor());
  UPDATE public.people_user SET version = version + 1 WHERE id = wanted;
END $f$;

-- A role ends at the end of a day, yesterday at the earliest. One that has not been held for a whole day by then goes altogether.
CREATE OR REPLACE FUNCTION rasso.end_role(wanted_assignment bigint, last_day date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  held public.people_roleassignment;
BEGIN
  PERFORM rasso.administer();
  SELECT * INTO held FROM public.people_roleassignment WHERE id = wanted_assignment;
  PERFORM rasso.administer_other(held.user_id);
  PERFORM rasso.refuse_past(last_day + 1);
  IF held.id IS NULL OR held.ends_on < rasso.today() THEN
    RAISE EXCEPTION 'rasso: this role has ended' USING ERRCODE = '42501';
  END IF;
  IF held.role = 'ADMINISTRATOR' AND NOT rasso.other_administrator(held.user_id) THEN
    RAISE EXCEPTION 'rasso: the last administrator stays' USING ERRCODE = '42501';
  END IF;
  IF last_day < held.starts_on THEN
    DELETE FROM public.people_roleassignment WHERE id = held.id;
  ELSE
    UPDATE public.people_roleassignment SET ends_on = last_day WHERE id = held.id;
  END IF;
  PERFORM rasso.note_people_change('ROLE_ENDED', rasso.actor(), held.user_id, NULL, held.role, last_day, '', '', '');
  UPDATE public.people_user SET version = version + 1 WHERE id = held.user_id;
END $f$;

-- Leave one unit and join another on a day; or only one of the two.
CREATE OR REPLACE FUNCTION rasso.move_person(wanted bigint, leaves bigint, joins bigint, first_day date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  left_behind public.people_membership;
BEGIN
  PERFORM rasso.administer_other(wanted);
  PERFORM rasso.refuse_inactive(wanted);
  PERFORM rasso.refuse_past(first_day);
  IF leaves IS NOT NULL THEN
    SELECT * INTO left_behind FROM public.people_membership WHERE id = leaves AND user_id = wanted AND (ends_on IS NULL OR ends_on >= rasso.today());
    IF left_behind.id IS NULL THEN
      RAISE EXCEPTION 'rasso: this person is not in that unit' USING ERRCODE = '42501';
    END IF;
    IF left_behind.starts_on >= first_day THEN
      DELETE FROM public.people_membership WHERE id = leaves;
    ELSE
      UPDATE public.people_membership SET ends_on = first_day - 1 WHERE id = leaves;
    END IF;
    PERFORM rasso.note_people_change('UNIT_LEFT', rasso.actor(), wanted, left_behind.unit_id, '', first_day - 1, '', '', '');
  END IF;
  IF joins IS NOT NULL THEN
    PERFORM rasso.add_membership(wanted, joins, first_day, rasso.actor());
  END IF;
  UPDATE public.people_user SET version = version + 1 WHERE id = wanted;
END $f$;

-- People ----------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION rasso.details_of(wanted bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT concat_ws(' ', nullif(rank, ''), given_name, family_name) || coalesce(', ' || nullif(email, ''), '') FROM public.people_user WHERE id = wanted
$f$;

CREATE OR REPLACE FUNCTION rasso.set_password(wanted bigint, hashed text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  UPDATE public.people_credential SET password = hashed WHERE user_id = wanted;
END $f$;

-- Everybody has the row that holds what they prove themselves with, whoever enrols them; empty until a password is set.
CREATE OR REPLACE FUNCTION rasso.give_credential() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $f$
BEGIN
  INSERT INTO public.people_credential (user_id, password) VALUES (new.id, '');
  RETURN NULL;
END $f$;

CREATE OR REPLACE FUNCTION rasso.add_person(
  new_username text, new_rank text, new_given_name text, new_family_name text, new_email text, new_organisation bigint,
  roles text[], units bigint[], first_day date, first_password text, by bigint
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  made bigint;
  one_role text;
  one_unit bigint;
BEGIN
  IF new_username !~ '^[a-z0-9._-]{2,150}$' OR new_given_name = '' OR new_family_name = '' THEN
    RAISE EXCEPTION 'rasso: a person has a user name and a name' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.people_user (username, email, rank, given_name, family_name, organisation_id, organisation_kind, is_active, must_change_password)
    SELECT new_username, new_email, new_rank, new_given_name, new_family_name, o.id, o.kind, true, true
    FROM public.people_organisation o WHERE o.id = new_organisation
    RETURNING id INTO made;
  IF made IS NULL THEN
    RAISE EXCEPTION 'rasso: there is no such organisation' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.set_password(made, first_password);
  PERFORM rasso.note_people_change('ENROLLED', by, made, NULL, '', NULL, '', rasso.details_of(made), '');
  FOREACH one_role IN ARRAY roles LOOP PERFORM rasso.add_role(made, one_role, first_day, NULL, by); END LOOP;
  FOREACH one_unit IN ARRAY units LOOP PERFORM rasso.add_membership(made, one_unit, first_day, by); END LOOP;
  RETURN made;
END $f$;

CREATE OR REPLACE FUNCTION rasso.enrol_person(
  new_username text, new_rank text, new_given_name text, new_family_name text, new_email text, new_organisation bigint,
  roles text[], units bigint[], first_day date, first_password text
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer();
  RETURN rasso.add_person(new_username, new_rank, new_given_name, new_family_name, new_email, new_organisation, roles, units, first_day,
    first_password, rasso.actor());
END $f$;

-- The way in to a new installation; for the owner of the database only, and only while nobody is there who could enrol.
CREATE OR REPLACE FUNCTION rasso.enrol_first_administrator(new_username text, new_given_name text, new_family_name text, new_email text,
  new_organisation bigint, first_password text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rasso.people'));
  IF EXISTS (SELECT 1 FROM public.people_roleassignment r JOIN public.people_user u ON u.id = r.user_id AND u.is_active
      WHERE r.role = 'ADMINISTRATOR' AND coalesce(r.ends_on, 'infinity') >= rasso.today()) THEN
    RAISE EXCEPTION 'rasso: there is an administrator' USING ERRCODE = '42501';
  END IF;
  RETURN rasso.add_person(new_username, '', new_given_name, new_family_name, new_email, new_organisation, ARRAY['ADMINISTRATOR'], '{}',
    rasso.today(), first_password, NULL);
END $f$;

CREATE OR REPLACE FUNCTION rasso.change_person(wanted bigint, new_rank text, new_given_name text, new_family_name text, new_email text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  was CONSTANT text := rasso.details_of(wanted);
BEGIN
  PERFORM rasso.administer();
  IF new_given_name = '' OR new_family_name = '' THEN
    RAISE EXCEPTION 'rasso: a person has a name' USING ERRCODE = '42501';
  END IF;
  UPDATE public.people_user SET rank = new_rank, given_name = new_given_name, family_name = new_family_name, email = new_email, version = version + 1
    WHERE id = wanted;
  PERFORM rasso.note_people_change('DETAILS', rasso.actor(), wanted, NULL, '', NULL, was, rasso.details_of(wanted), '');
END $f$;

-- Whether the actor alone would hold every way in to somebody's account: they did the other half within the last seven days.
CREATE OR REPLACE FUNCTION rasso.did_other_half(wanted bigint, half text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM public.people_peoplechange c WHERE c.person_id = wanted AND c.by_id = rasso.actor() AND c.what = half
    AND c.at > rasso.now() - interval '7 days')
$f$;

-- A password that somebody else knows, until its owner has changed it. Another password ends every session. Whoever took away the second
-- factors gives no password, and the other way round: else one administrator alone could be anybody.
CREATE OR REPLACE FUNCTION rasso.give_first_password(wanted bigint, first_password text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer_other(wanted);
  PERFORM rasso.refuse_inactive(wanted);
  IF rasso.did_other_half(wanted, 'FACTORS_RESET') THEN
    RAISE EXCEPTION 'rasso: another administrator gives the password' USING ERRCODE = '42501';
  END IF;
  UPDATE public.people_user SET must_change_password = true, version = version + 1 WHERE id = wanted;
  PERFORM rasso.set_password(wanted, first_password);
  PERFORM rasso.note_people_change('PASSWORD_GIVEN', rasso.actor(), wanted, NULL, '', NULL, '', '', '');
END $f$;

-- Whoever leaves keeps no password, so that no session of theirs comes back with them, no passkey and no role: whoever reactivates them gives each
-- anew, and it is written down. What they worked on stays theirs until it is handed over, or until they come back.
CREATE OR REPLACE FUNCTION rasso.deactivate_person(wanted bigint, because text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  held public.people_roleassignment;
BEGIN
  PERFORM rasso.administer_other(wanted);
  PERFORM rasso.refuse_inactive(wanted);
  IF because = '' THEN RAISE EXCEPTION 'rasso: nobody is deactivated without a reason' USING ERRCODE = '42501'; END IF;
  IF NOT rasso.other_administrator(wanted) AND EXISTS (SELECT 1 FROM public.people_roleassignment
      WHERE user_id = wanted AND role = 'ADMINISTRATOR' AND coalesce(ends_on, 'infinity') >= rasso.today()) THEN
    RAISE EXCEPTION 'rasso: the last administrator stays' USING ERRCODE = '42501';
  END IF;
  UPDATE public.people_user SET is_active = false, deactivated_at = rasso.now(), deactivated_by_id = rasso.actor(),
      must_change_password = true, version = version + 1
    WHERE id = wanted;
  DELETE FROM public.mfa_authenticator WHERE user_id = wanted;
  PERFORM rasso.set_password(wanted, '!' || replace(gen_random_uuid()::text, '-', ''));
  PERFORM rasso.note_cover_ended(c) FROM public.people_cover c
    WHERE wanted IN (c.absent_id, c.covering_id) AND c.ended_at IS NULL AND c.ends_on >= rasso.today();
  UPDATE public.people_cover SET ended_at = rasso.now(), ended_by_id = rasso.actor()
    WHERE wanted IN (absent_id, covering_id) AND ended_at IS NULL AND ends_on >= rasso.today();
  FOR held IN SELECT * FROM public.people_roleassignment WHERE user_id = wanted AND coalesce(ends_on, 'infinity') >= rasso.today() ORDER BY id LOOP
    IF held.starts_on >= rasso.today() THEN
      DELETE FROM public.people_roleassignment WHERE id = held.id;
    ELSE
      UPDATE public.people_roleassignment SET ends_on = rasso.today() - 1 WHERE id = held.id;
    END IF;
    PERFORM rasso.note_people_change('ROLE_ENDED', rasso.actor(), wanted, NULL, held.role, rasso.today() - 1, '', '', '');
  END LOOP;
  PERFORM rasso.note_people_change('DEACTIVATED', rasso.actor(), wanted, NULL, '', NULL, '', '', because);
END $f$;

CREATE OR REPLACE FUNCTION rasso.reactivate_person(wanted bigint, first_password text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer_other(wanted);
  UPDATE public.people_user SET is_active = true, deactivated_at = NULL, deactivated_by_id = NULL, must_change_password = true, version = version + 1
    WHERE id = wanted AND NOT is_active;
  IF NOT FOUND THEN RAISE EXCEPTION 'rasso: nobody to reactivate' USING ERRCODE = '42501'; END IF;
  PERFORM rasso.set_password(wanted, first_password);
  PERFORM rasso.end_grants_of_returner(wanted);
  PERFORM rasso.note_people_change('REACTIVATED', rasso.actor(), wanted, NULL, '', NULL, '', '', '');
END $f$;

-- What somebody is told about their account on their next page. Real time, as everything of the sign-in.
CREATE OR REPLACE FUNCTION rasso.note_account_event(wanted bigint, event text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  INSERT INTO public.people_accountevent (user_id, at, what) VALUES (wanted, clock_timestamp(), event);
  UPDATE public.people_credential SET last_event_at = clock_timestamp() WHERE user_id = wanted
$f$;

-- Whoever lost their passkeys or code app shows an administrator who they are, and sets up others at their next sign-in. The password
-- is left as it is, and the sessions are ended by the page.
CREATE OR REPLACE FUNCTION rasso.remove_factors(wanted bigint, by bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.refuse_inactive(wanted);
  DELETE FROM public.mfa_authenticator WHERE user_id = wanted;
  UPDATE public.people_credential SET must_set_factor = true, wrong_codes = 0, codes_wait_until = NULL WHERE user_id = wanted;
  UPDATE public.people_user SET version = version + 1 WHERE id = wanted;
  PERFORM rasso.note_account_event(wanted, 'FACTORS_RESET');
  PERFORM rasso.note_people_change('FACTORS_RESET', by, wanted, NULL, '', NULL, '', '', '');
END $f$;

CREATE OR REPLACE FUNCTION rasso.reset_factors(wanted bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer_other(wanted);
  IF rasso.did_other_half(wanted, 'PASSWORD_GIVEN') OR rasso.did_other_half(wanted, 'REACTIVATED') THEN
    RAISE EXCEPTION 'rasso: another administrator resets the factors' USING ERRCODE = '42501';
  END IF;
  PERFORM rasso.remove_factors(wanted, rasso.actor());
END $f$;

-- For the owner of the database only: the way back in for an administrator when no other is left.
CREATE OR REPLACE FUNCTION rasso.reset_factors_of(wanted_username text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  wanted CONSTANT bigint := (SELECT id FROM public.people_user WHERE username = wanted_username);
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rasso.people'));
  PERFORM rasso.remove_factors(wanted, NULL);
END $f$;

CREATE OR REPLACE FUNCTION rasso.note_sessions_ended(wanted bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  PERFORM rasso.administer_other(wanted);
  PERFORM rasso.note_account_event(wanted, 'SESSIONS_ENDED');
  PERFORM rasso.note_people_change('SESSIONS_ENDED', rasso.actor(), wanted, NULL, '', NULL, '', '', '');
END $f$;

-- To whom a password that somebody else knows was given in the last seven days: the actor themself, people of the units that they
-- supervise, and for Inspectors people of no unit. So that whoever knows them sees what an administrator does with their account.
CREATE OR REPLACE FUNCTION rasso.first_passwords_given() RETURNS TABLE (person bigint, called text, what text, at timestamptz, by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT c.person_id, rasso.called(c.person_id), c.what::text, c.at, rasso.called(c.by_id)
  FROM public.people_peoplechange c JOIN public.people_user u ON u.id = c.person_id
  WHERE c.what IN ('ENROLLED', 'PASSWORD_GIVEN', 'REACTIVATED') AND c.at > rasso.now() - interval '7 days' AND c.by_id IS NOT NULL
    AND rasso.kind() = 'police' AND u.organisation_kind = 'POLICE'
    AND (c.person_id = rasso.actor() OR CASE
      WHEN EXISTS (SELECT 1 FROM public.people_membership m WHERE m.user_id = c.person_id AND coalesce(m.ends_on, 'infinity') >= rasso.today())
      THEN EXISTS (SELECT 1 FROM public.people_membership m WHERE m.user_id = c.person_id AND coalesce(m.ends_on, 'infinity') >= rasso.today()
        AND m.unit_id IN (SELECT rasso.own_units()))
      ELSE rasso.has_role('INSPECTOR', 'SUPERINTENDENT') END)
  ORDER BY c.at DESC, c.id DESC LIMIT 20
$f$;

-- Units -----------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION rasso.details_of_unit(wanted bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT n.name || coalesce(', below ' || a.name, '') || format(', message of the day at %s:00', n.digest_hour)
    || coalesce(', quiet until ' || n.quiet_until, '')
  FROM public.people_unit n LEFT JOIN public.people_unit a ON a.id = n.parent_id WHERE n.id = wanted
$f$;

CREATE OR REPLACE FUNCTION rasso.refuse_unit(wanted bigint, of_organisation bigint, above bigint, quiet date) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF above IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.people_unit WHERE id = above AND organisation_id = of_organisation) THEN
    RAISE EXCEPTION 'rasso: a unit stands below one of the same organisation' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (
    WITH RECURSIVE line AS (SELECT above AS id UNION SELECT n.parent_id FROM public.people_unit n JOIN line ON n.id = line.id)
    SELECT 1 FROM line WHERE id = wanted
  ) THEN
    RAISE EXCEPTION 'rasso: a unit does not stand below itself' USING ERRCODE = '42501';
  END IF;
  IF quiet > rasso.today() + 60 THEN
    RAISE EXCEPTION 'rasso: no unit is quiet for more than 60 days' USING ERRCODE = '42501';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rasso.add_unit(of_organisation bigint, new_name text, above bigint, hour int, quiet date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  made bigint;
BEGIN
  PERFORM rasso.administer();
  PERFORM rasso.refuse_unit(NULL, of_organisation, above, quiet);
  INSERT INTO public.people_unit (organisation_id, parent_id, name, digest_hour, quiet_until) VALUES (of_organisation, above, new_name, hour, quiet)
    RETURNING id INTO made;
  PERFORM rasso.note_people_change('UNIT_ADDED', rasso.actor(), NULL, made, '', NULL, '', rasso.details_of_unit(made), '');
  RETURN made;
END $f$;

CREATE OR REPLACE FUNCTION rasso.change_unit(wanted bigint, new_name text, above bigint, hour int, quiet date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  was text;
BEGIN
  PERFORM rasso.administer();
  PERFORM rasso.refuse_unit(wanted, (SELECT organisation_id FROM public.people_unit WHERE id = wanted), above, quiet);
  was := rasso.details_of_unit(wanted);
  UPDATE public.people_unit SET name = new_name, parent_id = above, digest_hour = hour, quiet_until = quiet, version = version + 1 WHERE id = wanted;
  PERFORM rasso.note_people_change('UNIT_CHANGED', rasso.actor(), NULL, wanted, '', NULL, was, rasso.details_of_unit(wanted), '');
END $f$;

RESET ROLE;

CREATE OR REPLACE TRIGGER give_credential AFTER INSERT ON people_user FOR EACH ROW EXECUTE FUNCTION rasso.give_credential();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rasso FROM PUBLIC;
-- Not the parts that look at nobody: add_person, add_role, add_membership, set_password, remove_factors, note_account_event,
-- note_people_change; nor what only the owner may do.
GRANT EXECUTE ON FUNCTION rasso.hold_person, rasso.hold_unit, rasso.other_administrator, rasso.give_role, rasso.end_role, rasso.move_person,
  rasso.enrol_person, rasso.change_person, rasso.give_first_password, rasso.did_other_half, rasso.deactivate_person, rasso.reactivate_person,
  rasso.reset_factors, rasso.note_sessions_ended, rasso.add_unit, rasso.change_unit TO rasso_police;
GRANT EXECUTE ON FUNCTION rasso.first_passwords_given TO rasso_police, rasso_police_read;
