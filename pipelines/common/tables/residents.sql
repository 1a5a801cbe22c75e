-- The registry as reports need it of everybody: standing, and what eligibility looks at. Narrow, so that nothing reads the wide
-- registry to know whether somebody lives.
SELECT resident_ref, household_ref, ekyc, recorded_on, birth_proof, birth_date, birth_date_year, gender, poverty_score,
  coalesce(regexp_like(status, '^(deceas|dead|died|expire|late$|late |death|demise|marani|mruta|mrit|faut|fot$|mutawaf)'), false) AS deceased
FROM registry
