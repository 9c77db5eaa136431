-- The movable clock of the demonstration: rasso.now() becomes real time plus an offset that only grows.
-- Applied by `manage.py install_demonstration_clock`, which refuses to run in production.

CREATE TABLE IF NOT EXISTS rasso.demonstration_clock (one boolean PRIMARY KEY DEFAULT true CHECK (one), ahead interval NOT NULL DEFAULT '0');
INSERT INTO rasso.demonstration_clock DEFAULT VALUES ON CONFLICT DO NOTHING;
GRANT SELECT, UPDATE ON rasso.demonstration_clock TO rasso_definer;

SET LOCAL ROLE rasso_definer;

CREATE OR REPLACE FUNCTION rasso.now() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
  SELECT pg_catalog.now() + ahead FROM rasso.demonstration_clock
$f$;

-- Forward only, one local day at a time with a sweep each, as if every morning had come: each day begins at nine, after the hour at
-- which the day's messages go. Answers how many days went by and how many reminders they brought.
DROP FUNCTION IF EXISTS rasso.move_clock(date);
CREATE FUNCTION rasso.move_clock(target date, OUT days int, OUT reminders int) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  -- Before anything is read: whoever waited must go on from where the other has moved the clock to.
  PERFORM pg_advisory_xact_lock(hashtext('rasso.reminders'));
  IF target > rasso.today() + 400 THEN
    RAISE EXCEPTION 'rasso: the clock moves at most 400 days at once' USING ERRCODE = '22023';
  END IF;
  days := 0;
  reminders := 0;
  WHILE rasso.today() < target LOOP
    UPDATE rasso.demonstration_clock SET ahead = (rasso.today() + 1 + time '09:00') AT TIME ZONE {time_zone} - pg_catalog.now();
    days := days + 1;
    reminders := reminders + rasso.sweep();
  END LOOP;
END $f$;

RESET ROLE;

REVOKE ALL ON FUNCTION rasso.move_clock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rasso.move_clock TO rasso_web;
