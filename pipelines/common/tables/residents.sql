-- The registry as reports need it of everybody: standing, and what eligibility looks at. Narrow, so that nothing reads the wide
-- registry to know whether somebody lives.
SELECT r.resident_ref, r.household_ref, r.ekyc,
  coalesce(r.ekyc AND CAST($as_of AS INTEGER) - CAST(r.ekyc_on AS INTEGER) > v.days_max, false) AS ekyc_stale,
  r.recorded_on, r.birth_proof, r.birth_date, r.birth_date_year, r.gender, r.poverty_score,
  coalesce(status_meaning(r.status) = 'deceased', false) AS deceased,
  coalesce(status_meaning(r.status) = 'stopped', false) AS inactive
FROM registry AS r
CROSS JOIN (
  SELECT max(days_max) AS days_max FROM ekyc_validity WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
) AS v
