-- The registry as reports need it of everybody: household, death, and what eligibility looks at. Narrow, so that nothing reads the wide
-- registry to know whether somebody lives.
SELECT resident_ref, household_ref, birth_date, birth_date_year, gender, poverty_score,
  coalesce(status_meaning(status) = 'deceased', false) AS deceased
FROM registry
