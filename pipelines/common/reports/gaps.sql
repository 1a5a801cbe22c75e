-- People and households whom the targeting policy of the day means and who receive nothing of that kind. A benefit that is held, closed
-- or rejected, or is nothing, fills no gap. Where a record about them (of a household: about any of its members) is still with
-- reviewers, or an input is missing, the answer is undetermined.
WITH groups AS (
  SELECT DISTINCT scheme, benefit_group FROM targeting
),
holders AS (
  SELECT b.resident_ref, b.household_ref, g.benefit_group, b.paid
  FROM benefits AS b
  JOIN groups AS g ON g.scheme = b.scheme
  WHERE b.lookup = 'found'
),
sought AS (
  SELECT e.unit, CASE e.unit WHEN 'household' THEN e.household_ref ELSE e.resident_ref END AS holder, e.benefit_group, e.scheme, e.rule,
    e.resident_ref, e.household_ref, e.eligible, e.missing, e.policy_version
  FROM eligibility AS e
  WHERE e.seek_gaps AND e.eligible IS NOT false AND (e.unit = 'person' OR e.household_ref IS NOT NULL)
),
person_gaps AS (
  SELECT s.unit, s.holder, s.benefit_group, s.scheme, s.rule, s.resident_ref, s.household_ref, s.eligible, s.missing, s.policy_version
  FROM sought AS s
  LEFT ANTI JOIN (SELECT resident_ref, benefit_group FROM holders WHERE paid) AS h
    ON h.resident_ref = s.resident_ref AND h.benefit_group = s.benefit_group
  WHERE s.unit = 'person'
),
household_sought AS (
  SELECT s.*
  FROM sought AS s
  LEFT ANTI JOIN (SELECT DISTINCT household_ref, benefit_group FROM holders WHERE paid) AS h
    ON h.household_ref = s.household_ref AND h.benefit_group = s.benefit_group
  WHERE s.unit = 'household'
),
household_meant AS (
  SELECT unit, holder, benefit_group, scheme, rule, min(resident_ref) AS resident_ref, household_ref, true AS eligible,
    CAST(NULL AS VARCHAR) AS missing, min(policy_version) AS policy_version
  FROM household_sought WHERE eligible
  GROUP BY unit, holder, benefit_group, scheme, rule, household_ref
),
household_unclear AS (
  SELECT s.unit, s.holder, s.benefit_group, s.scheme, s.rule, min(s.resident_ref) AS resident_ref, s.household_ref,
    CAST(NULL AS BOOLEAN) AS eligible, min(s.missing) AS missing, min(s.policy_version) AS policy_version
  FROM household_sought AS s
  LEFT ANTI JOIN household_meant AS m ON m.holder = s.holder AND m.rule = s.rule
  GROUP BY s.unit, s.holder, s.benefit_group, s.scheme, s.rule, s.household_ref
),
unpaid AS (
  SELECT DISTINCT 'person' AS unit, resident_ref AS holder, benefit_group FROM holders WHERE NOT paid
  UNION ALL
  SELECT DISTINCT 'household', household_ref, benefit_group FROM holders WHERE NOT paid
),
waiting AS (
  SELECT DISTINCT p.resident_ref
  FROM pairs AS p
  JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id
  WHERE a.lookup = 'ambiguous' AND p.band <> 'low'
),
in_review AS (
  SELECT 'person' AS unit, resident_ref AS holder FROM waiting
  UNION ALL
  SELECT DISTINCT 'household', r.household_ref
  FROM waiting AS w
  JOIN residents AS r ON r.resident_ref = w.resident_ref
)
SELECT g.unit, g.holder, g.scheme, g.rule, case_key('gap', concat(g.unit, '/', g.holder, '/', g.scheme, '/', g.rule)) AS case_id,
  g.resident_ref, g.household_ref,
  CASE WHEN g.eligible IS NULL OR r.holder IS NOT NULL THEN 'undetermined' ELSE 'receives_nothing' END AS gap,
  string_to_array(concat_ws(';',
    CASE WHEN g.eligible THEN 'ELIGIBLE_NO_BENEFIT' ELSE 'INPUT_MISSING' END,
    CASE WHEN u.holder IS NOT NULL THEN 'BENEFIT_NOT_PAID' END,
    CASE WHEN r.holder IS NOT NULL THEN 'RECORD_IN_REVIEW' END), ';') AS reasons,
  CASE WHEN g.eligible IS NULL THEN string_to_array(g.missing, ';') END AS missing_inputs, g.policy_version, 'PROPOSED' AS status
FROM (SELECT * FROM person_gaps UNION ALL SELECT * FROM household_meant UNION ALL SELECT * FROM household_unclear) AS g
LEFT JOIN unpaid AS u ON u.unit = g.unit AND u.holder = g.holder AND u.benefit_group = g.benefit_group
LEFT JOIN in_review AS r ON r.unit = g.unit AND r.holder = g.holder
ORDER BY g.unit, g.holder, g.scheme, g.rule
