-- Each benefit beside the targeting rule of its scheme on the day, and its holder: the person, or where the rule is a household's the
-- household (reports/entitlements.sql).
WITH rules AS (
  SELECT * FROM targeting WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
)
SELECT b.source_id, b.record_id, b.scheme, b.lookup, b.resident_ref, b.household_ref, b.period, b.unit AS goods_unit, b.paid,
  b.amount, b.quantity, b.match_probability, coalesce(t.rule, 'no_rule') AS rule, t.policy_version,
  t.amount_min, t.amount_max, t.quantity_min, t.quantity_max,
  CASE WHEN t.unit = 'household' AND b.household_ref IS NOT NULL THEN 'household' ELSE 'person' END AS unit,
  CASE WHEN t.unit = 'household' AND b.household_ref IS NOT NULL THEN b.household_ref
       ELSE coalesce(b.resident_ref, concat(b.source_id, '/', b.record_id)) END AS holder
FROM benefits AS b
LEFT JOIN rules AS t ON t.scheme = b.scheme
