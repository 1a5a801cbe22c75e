-- The residents who were accepted for a record or wait for reviewers, as the registry has them: the wide registry is read once for all
-- who lay it beside the lists. `standing`: what the resident's own data say to whoever would use them (tables/routes.sql).
WITH kept AS (
  SELECT *, coalesce(status_meaning(status) = 'deceased', false) AS deceased,
    coalesce(status_meaning(status) = 'stopped', false) AS inactive,
    coalesce(ekyc AND CAST($as_of AS INTEGER) - CAST(ekyc_on AS INTEGER) > v.days_max, false) AS ekyc_stale
  FROM registry
  CROSS JOIN (
    SELECT max(days_max) AS days_max FROM ekyc_validity WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
  ) AS v
  WHERE resident_ref IN (
    SELECT resident_ref FROM answers WHERE lookup = 'found'
    UNION ALL
    SELECT p.resident_ref
    FROM pairs AS p
    JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id
    WHERE a.lookup = 'ambiguous'
  )
)
SELECT resident_ref,
  CASE WHEN deceased THEN 'deceased'
       WHEN inactive THEN 'inactive'
       WHEN ekyc IS NULL THEN 'ekyc_unknown'
       WHEN ekyc_stale THEN 'ekyc_stale'
       WHEN ekyc THEN 'ekyc_yes' ELSE 'ekyc_no' END AS standing,
  ekyc, ekyc_stale, birth_proof, recorded_on, person_name, person_name_raw, relative_name, relative_name_raw, birth_date,
  birth_date_precision, birth_date_year, gender, phone, national_id_token, national_id_masked, ration_card, village, village_key,
  village_code, coalesce(mandal, tehsil) AS mandal, coalesce(mandal_key, tehsil_key) AS mandal_key,
  coalesce(mandal_code, tehsil_code) AS mandal_code, district, district_key, district_code, poverty_score
FROM kept
