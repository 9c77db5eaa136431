-- How many cases of this seed are there already.
SELECT count(*) FROM cases_case WHERE crime_number LIKE 'SEED/{seed}/%'
