-- People and households whom the targeting policy of the day means and who receive nothing of that kind. Where a record about them is
-- still with reviewers, or an input is missing, the answer is undetermined.
WITH holders AS (
  SELECT DISTINCT b.resident_ref, b.household_ref, t.benefit_group
  FROM benefits AS b
  JOIN targeting AS t ON t.scheme = b.scheme
  WHERE b.lookup = 'found'
),
in_review AS (
  SELECT DISTINCT p.resident_ref
  FROM pairs AS p
  JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id
  WHERE a.lookup = 'ambiguous' AND p.band <> 'low'
),
person_gaps AS (
  SELECT e.unit, e.resident_ref AS holder, e.scheme, e.rule, e.resident_ref, e.household_ref, e.eligible, e.missing, e.policy_version
  FROM eligibility AS e
  LEFT ANTI JOIN holders AS h ON h.resident_ref = e.resident_ref AND h.benefit_group = e.benefit_group
  WHERE e.seek_gaps AND e.unit = 'person'
),
household_gaps AS (
  SELECT min(e.unit) AS unit, e.household_ref AS holder, e.scheme, e.rule, min(e.resident_ref) AS resident_ref, e.household_ref,
    CASE WHEN bool_or(coalesce(e.eligible, false)) THEN true END AS eligible, min(e.missing) AS missing, min(e.policy_version) AS policy_version
  FROM eligibility AS e
  LEFT ANTI JOIN holders AS h ON h.household_ref = e.household_ref AND h.benefit_group = e.benefit_group
  WHERE e.seek_gaps AND e.unit = 'household' AND e.household_ref IS NOT NULL
  GROUP BY e.household_ref, e.scheme, e.rule
)
SELECT g.unit, g.holder, g.scheme, g.rule, g.resident_ref, g.household_ref,
  CASE WHEN g.eligible IS NULL OR r.resident_ref IS NOT NULL THEN 'undetermined' ELSE 'receives_nothing' END AS gap,
  CASE WHEN g.eligible IS NULL THEN 'INPUT_MISSING' WHEN r.resident_ref IS NOT NULL THEN 'RECORD_IN_REVIEW'
       ELSE 'ELIGIBLE_NO_BENEFIT' END AS reason,
  CASE WHEN g.eligible IS NULL THEN string_to_array(g.missing, ';') END AS missing_inputs, g.policy_version
FROM (SELECT * FROM person_gaps UNION ALL SELECT * FROM household_gaps) AS g
LEFT JOIN in_review AS r ON r.resident_ref = g.resident_ref
ORDER BY unit, holder, scheme, rule
