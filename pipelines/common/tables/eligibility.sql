-- Who the targeting policy of the day means: true, false, or NULL where an input is missing (SQL's own three values). Holders of a
-- scheme (where a rule is a household's, all of the household), and everybody not ruled out where gaps are sought: no other resident
-- is laid beside a rule.
WITH rules AS (
  SELECT * FROM targeting WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
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
-- The lowest and the highest age the registry's birth date, or year, allows.
aged AS (
  SELECT resident_ref, household_ref, deceased, gender, poverty_score,
    CASE WHEN birth_date IS NOT NULL
         THEN date_part('year', $as_of) - date_part('year', birth_date)
           - CASE WHEN date_part('month', $as_of) * 100 + date_part('day', $as_of)
                     < date_part('month', birth_date) * 100 + date_part('day', birth_date) THEN 1 ELSE 0 END
         ELSE date_part('year', $as_of) - birth_date_year - 1 END AS age_low,
    CASE WHEN birth_date IS NOT NULL
         THEN date_part('year', $as_of) - date_part('year', birth_date)
           - CASE WHEN date_part('month', $as_of) * 100 + date_part('day', $as_of)
                     < date_part('month', birth_date) * 100 + date_part('day', birth_date) THEN 1 ELSE 0 END
         ELSE date_part('year', $as_of) - birth_date_year END AS age_high
  FROM residents
),
asked AS (
  SELECT a.*, t.rule, t.scheme, false AS held FROM rules AS t CROSS JOIN aged AS a WHERE t.seek_gaps
  UNION ALL
  SELECT a.*, h.rule, h.scheme, true AS held FROM holders AS h JOIN aged AS a ON a.resident_ref = h.resident_ref
),
judged AS (
  SELECT a.resident_ref, a.household_ref, a.age_high, a.gender, a.poverty_score, t.rule, t.scheme, a.held,
    NOT a.deceased
    AND (t.age_min IS NULL OR CASE WHEN a.age_low >= t.age_min THEN true WHEN a.age_high < t.age_min THEN false END)
    AND (t.age_max IS NULL OR CASE WHEN a.age_high <= t.age_max THEN true WHEN a.age_low > t.age_max THEN false END)
    AND (t.gender IS NULL OR t.gender = a.gender)
    AND (t.score_max IS NULL OR a.poverty_score <= t.score_max)
    AND (t.needs IS NULL OR CAST(NULL AS BOOLEAN)) AS eligible
  FROM asked AS a
  JOIN rules AS t ON t.rule = a.rule AND t.scheme = a.scheme
),
kept AS (
  SELECT j.*
  FROM (SELECT * FROM judged WHERE held OR eligible IS NOT false) AS j
  LEFT JOIN holders AS h ON h.resident_ref = j.resident_ref AND h.rule = j.rule AND h.scheme = j.scheme
  -- A holder among those sought stands here already.
  WHERE j.held OR h.resident_ref IS NULL
)
SELECT k.resident_ref, k.household_ref, t.rule, t.scheme, t.benefit_group, t.unit, t.seek_gaps, t.policy_version, k.eligible,
  nullif(concat_ws(';',
    CASE WHEN (t.age_min IS NOT NULL OR t.age_max IS NOT NULL) AND k.age_high IS NULL THEN 'birth_date' END,
    CASE WHEN t.gender IS NOT NULL AND k.gender IS NULL THEN 'gender' END,
    CASE WHEN t.score_max IS NOT NULL AND k.poverty_score IS NULL THEN 'poverty_score' END,
    t.needs), '') AS missing
FROM kept AS k
JOIN rules AS t ON t.rule = k.rule AND t.scheme = k.scheme
