-- Who the targeting policy of the day means: true, false, or NULL where an input is missing (SQL's own three values). Holders of a
-- scheme (where a rule is a household's, all of the household), and everybody not ruled out where gaps are sought: no other resident
-- is laid beside a rule.
WITH rules AS (
  -- Of an age from `age_min` on is who was born by `born_by`; of `age_max` at most, who was born after `born_after`.
  SELECT *, CAST($as_of - CAST(age_min || ' years' AS INTERVAL) AS DATE) AS born_by,
    CAST($as_of - CAST((age_max + 1) || ' years' AS INTERVAL) AS DATE) AS born_after
  FROM targeting WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
),
holding AS (
  SELECT DISTINCT b.resident_ref, b.household_ref, t.rule, t.scheme, t.unit = 'household' AND b.household_ref IS NOT NULL AS is_shared
  FROM benefits AS b
  JOIN rules AS t ON t.scheme = b.scheme
  WHERE b.lookup = 'found'
),
holders AS (
  SELECT resident_ref, rule, scheme FROM holding WHERE NOT is_shared
  UNION ALL
  SELECT r.resident_ref, h.rule, h.scheme
  FROM (SELECT DISTINCT household_ref, rule, scheme FROM holding WHERE is_shared) AS h
  JOIN residents AS r ON r.household_ref = h.household_ref
),
-- Of a year of birth alone, the highest age that it allows.
aged AS (
  SELECT resident_ref, household_ref, deceased, gender AS person_gender, poverty_score, birth_date,
    date_part('year', $as_of) - birth_date_year AS age_high
  FROM residents
),
asked AS (
  SELECT a.*, t.*, false AS held FROM rules AS t CROSS JOIN aged AS a WHERE t.seek_gaps
  UNION ALL
  SELECT a.*, t.*, true AS held
  FROM holders AS h
  JOIN aged AS a ON a.resident_ref = h.resident_ref
  JOIN rules AS t ON t.rule = h.rule AND t.scheme = h.scheme
),
judged AS (
  SELECT resident_ref, household_ref, rule, scheme, benefit_group, unit, seek_gaps, policy_version, held,
    NOT deceased
    AND (age_min IS NULL OR CASE WHEN birth_date IS NOT NULL THEN birth_date <= born_by
                                 WHEN age_high - 1 >= age_min THEN true WHEN age_high < age_min THEN false END)
    AND (age_max IS NULL OR CASE WHEN birth_date IS NOT NULL THEN birth_date > born_after
                                 WHEN age_high <= age_max THEN true WHEN age_high - 1 > age_max THEN false END)
    AND (gender IS NULL OR gender = person_gender)
    AND (score_max IS NULL OR poverty_score <= score_max)
    AND (needs IS NULL OR CAST(NULL AS BOOLEAN)) AS eligible,
    nullif(concat_ws(';',
      CASE WHEN (age_min IS NOT NULL OR age_max IS NOT NULL) AND birth_date IS NULL AND age_high IS NULL THEN 'birth_date' END,
      CASE WHEN gender IS NOT NULL AND person_gender IS NULL THEN 'gender' END,
      CASE WHEN score_max IS NOT NULL AND poverty_score IS NULL THEN 'poverty_score' END,
      needs), '') AS missing
  FROM asked
)
SELECT j.resident_ref, j.household_ref, j.rule, j.scheme, j.benefit_group, j.unit, j.seek_gaps, j.policy_version, j.eligible, j.missing
FROM (SELECT * FROM judged WHERE held OR eligible IS NOT false) AS j
LEFT JOIN holders AS h ON h.resident_ref = j.resident_ref AND h.rule = j.rule AND h.scheme = j.scheme
-- A holder among those sought stands here already.
WHERE j.held OR h.resident_ref IS NULL
