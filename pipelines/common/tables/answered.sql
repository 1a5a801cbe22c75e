-- The residents who were accepted for a record or wait for reviewers, as the registry has them: the wide registry is read once for all
-- who lay it beside the lists.
SELECT resident_ref, ekyc, birth_proof, recorded_on, person_name, person_name_raw, relative_name, relative_name_raw, birth_date,
  birth_date_precision, birth_date_year, gender, phone, national_id_token, national_id_masked, ration_card, village, village_key,
  village_code, coalesce(mandal, tehsil) AS mandal, coalesce(mandal_key, tehsil_key) AS mandal_key,
  coalesce(mandal_code, tehsil_code) AS mandal_code, district, district_key, district_code, poverty_score
FROM registry
WHERE resident_ref IN (
  SELECT resident_ref FROM answers WHERE lookup = 'found'
  UNION ALL
  SELECT p.resident_ref
  FROM pairs AS p
  JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id
  WHERE a.lookup = 'ambiguous'
)
