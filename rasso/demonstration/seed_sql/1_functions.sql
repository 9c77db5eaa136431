-- Everything invented follows from the seed and the number of the case: no random(), no key drawn. For this connection only.

-- A number from 0 to 1 that follows from the words.
CREATE OR REPLACE FUNCTION pg_temp.chance(words text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $f$
  SELECT (hashtextextended(words, {seed}) & 2147483647) / 2147483648.0::float8
$f$;

-- A key that follows from a moment and the words; it grows with the moment, as those made in Python do, so that an index grows at its end.
CREATE OR REPLACE FUNCTION pg_temp.key(moment timestamptz, words text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $f$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
    || '7' || substr(md5('{seed} ' || words), 1, 3) || 'a' || substr(md5('{seed} ' || words), 5, 15))::uuid
$f$;

CREATE OR REPLACE FUNCTION pg_temp.at(day date, minutes int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $f$
  SELECT (day + make_interval(mins => minutes)) AT TIME ZONE '{zone}'
$f$;

CREATE OR REPLACE FUNCTION pg_temp.local(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $f$
  SELECT (moment AT TIME ZONE '{zone}')::date
$f$;

CREATE OR REPLACE FUNCTION pg_temp.one_of(choices bigint[], words text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $f$
  SELECT choices[1 + floor(pg_temp.chance(words) * cardinality(choices))::int]
$f$;

CREATE OR REPLACE FUNCTION pg_temp.one_of(choices text[], words text) RETURNS text LANGUAGE sql IMMUTABLE AS $f$
  SELECT choices[1 + floor(pg_temp.chance(words) * cardinality(choices))::int]
$f$;
