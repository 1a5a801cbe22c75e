-- What a record's person is entitled to by the targeting policy of the day, beside what she receives in the period. Adverse answers
-- are proposals; what cannot be known is undetermined, never ineligible.
WITH held AS (
  SELECT *, coalesce(resident_ref, concat(source_id, '/', record_id)) AS holder FROM benefits
),
money AS (
  SELECT holder, scheme, period, sum(amount) AS amount_all FROM held GROUP BY holder, scheme, period
),
goods AS (
  SELECT holder, scheme, period, unit, sum(quantity) AS quantity_all FROM held GROUP BY holder, scheme, period, unit
),
received AS (
  SELECT h.*, m.amount_all, g.quantity_all
  FROM held AS h
  JOIN money AS m ON m.holder = h.holder AND m.scheme = h.scheme AND m.period = h.period
  JOIN goods AS g ON g.holder = h.holder AND g.scheme = h.scheme AND g.period = h.period AND g.unit = h.unit
),
ruled AS (
  SELECT b.*, t.rule, t.policy_version, e.eligible, e.missing, t.amount_min, t.amount_max, t.quantity_min, t.quantity_max
  FROM received AS b
  JOIN targeting AS t ON t.scheme = b.scheme AND t.valid_from <= $as_of AND (t.valid_to IS NULL OR t.valid_to >= $as_of)
  LEFT JOIN eligibility AS e ON e.resident_ref = b.resident_ref AND e.rule = t.rule
)
SELECT source_id, record_id, scheme, rule, resident_ref, household_ref, period,
  CASE WHEN lookup <> 'found' THEN 'undetermined'
       WHEN eligible IS NULL THEN 'undetermined'
       WHEN NOT eligible AND coalesce(amount_all, 0) + coalesce(quantity_all, 0) > 0 THEN 'over'
       WHEN NOT eligible THEN 'ok'
       WHEN coalesce(amount_all, 0) + coalesce(quantity_all, 0) = 0 AND coalesce(amount, quantity) IS NOT NULL THEN 'none'
       WHEN coalesce(amount, quantity) IS NULL THEN 'undetermined'
       WHEN CAST(amount_all AS DOUBLE) > amount_max OR CAST(quantity_all AS DOUBLE) > quantity_max THEN 'over'
       WHEN CAST(amount_all AS DOUBLE) < amount_min OR CAST(quantity_all AS DOUBLE) < quantity_min THEN 'under'
       ELSE 'ok' END AS entitlement,
  CASE WHEN lookup <> 'found' THEN 'no_accepted_resident'
       WHEN eligible IS NULL THEN 'input_missing'
       WHEN NOT eligible THEN 'not_in_the_target_group'
       WHEN coalesce(amount, quantity) IS NULL THEN 'benefit_not_stated' ELSE 'in_the_target_group' END AS reason,
  string_to_array(missing, ';') AS missing_inputs,
  CAST(amount_all AS DECIMAL(18, 2)) AS received_amount, CAST(quantity_all AS DECIMAL(18, 2)) AS received_quantity,
  amount_min, amount_max, quantity_min, quantity_max, match_probability AS weakest_link, policy_version, 'PROPOSED' AS status
FROM ruled
ORDER BY source_id, record_id, scheme, rule
