-- What a person, or where the rule is a household's the household, is entitled to by the targeting policy of the day, beside what is
-- received in the period; a benefit that is held, closed or rejected is not received. Adverse answers are proposals; what cannot be
-- known is undetermined, never ineligible: no accepted resident, no rule for the scheme, an input that is missing.
WITH rules AS (
  SELECT * FROM targeting WHERE valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
),
held AS (
  SELECT b.source_id, b.record_id, b.scheme, b.lookup, b.resident_ref, b.household_ref, b.period, b.unit AS goods_unit, b.paid,
    b.amount, b.quantity, b.match_probability, t.rule, t.policy_version,
    t.amount_min, t.amount_max, t.quantity_min, t.quantity_max,
    CASE WHEN t.unit = 'household' AND b.household_ref IS NOT NULL THEN 'household' ELSE 'person' END AS unit,
    CASE WHEN t.unit = 'household' AND b.household_ref IS NOT NULL THEN b.household_ref
         ELSE coalesce(b.resident_ref, concat(b.source_id, '/', b.record_id)) END AS holder
  FROM benefits AS b
  LEFT JOIN rules AS t ON t.scheme = b.scheme
),
persons AS (
  SELECT source_id, record_id, scheme, rule, unit, lookup, resident_ref, household_ref, period, holder, match_probability,
    policy_version, amount_min, amount_max, quantity_min, quantity_max,
    sum(CASE WHEN paid THEN amount END) OVER of_period AS amount_all, sum(CASE WHEN paid THEN quantity END) OVER of_goods AS quantity_all,
    count(coalesce(amount, quantity)) OVER of_period > 0 AS is_stated, bool_or(paid) OVER of_period AS is_paid,
    make_array(concat(source_id, '/', record_id)) AS records,
    concat(source_id, '/', record_id, '/', scheme, '/', coalesce(rule, '')) AS case_name
  FROM held WHERE unit = 'person'
  WINDOW of_period AS (PARTITION BY holder, scheme, rule, period), of_goods AS (PARTITION BY holder, scheme, rule, period, goods_unit)
),
of_goods AS (
  SELECT first_value(source_id ORDER BY match_probability, source_id, record_id) AS source_id,
    first_value(record_id ORDER BY match_probability, source_id, record_id) AS record_id, scheme, rule, period, holder, goods_unit,
    first_value(resident_ref ORDER BY match_probability, source_id, record_id) AS resident_ref, min(match_probability) AS match_probability,
    min(policy_version) AS policy_version, min(amount_min) AS amount_min, min(amount_max) AS amount_max,
    min(quantity_min) AS quantity_min, min(quantity_max) AS quantity_max,
    sum(CASE WHEN paid THEN amount END) AS amount_goods, sum(CASE WHEN paid THEN quantity END) AS quantity_all,
    count(coalesce(amount, quantity)) AS stated, bool_or(paid) AS paid_goods,
    array_agg(concat(source_id, '/', record_id) ORDER BY source_id, record_id) AS records
  FROM held WHERE unit = 'household'
  GROUP BY holder, scheme, rule, period, goods_unit
),
households AS (
  SELECT source_id, record_id, scheme, rule, 'household' AS unit, 'found' AS lookup, resident_ref, holder AS household_ref, period, holder,
    match_probability, policy_version, amount_min, amount_max, quantity_min, quantity_max,
    sum(amount_goods) OVER of_period AS amount_all, quantity_all, sum(stated) OVER of_period > 0 AS is_stated,
    bool_or(paid_goods) OVER of_period AS is_paid, records,
    concat(holder, '/', scheme, '/', rule, '/', period, '/', goods_unit) AS case_name
  FROM of_goods
  WINDOW of_period AS (PARTITION BY holder, scheme, rule, period)
),
-- A household is meant where one of its members is, and not meant only where each of them is known not to be.
meant AS (
  SELECT 'person' AS unit, resident_ref AS holder, rule, eligible, missing FROM eligibility
  UNION ALL
  SELECT 'household', household_ref, rule,
    CASE WHEN bool_or(eligible) THEN true WHEN count(*) = count(eligible) THEN false END, min(missing)
  FROM eligibility WHERE unit = 'household'
  GROUP BY household_ref, rule
),
judged AS (
  SELECT h.*, m.eligible, m.missing, CAST(h.amount_all AS DOUBLE) AS money, CAST(h.quantity_all AS DOUBLE) AS goods,
    coalesce(h.amount_all, 0) + coalesce(h.quantity_all, 0) > 0 AS receives
  FROM (SELECT * FROM persons UNION ALL SELECT * FROM households) AS h
  LEFT JOIN meant AS m ON m.unit = h.unit AND m.holder = h.holder AND m.rule = h.rule
),
answered AS (
  SELECT j.*,
    CASE WHEN lookup <> 'found' OR rule IS NULL OR eligible IS NULL THEN 'undetermined'
         WHEN NOT eligible THEN CASE WHEN receives THEN 'over' ELSE 'ok' END
         WHEN NOT is_paid THEN 'none'
         WHEN NOT is_stated THEN 'undetermined'
         WHEN NOT receives THEN 'none'
         WHEN money > amount_max OR goods > quantity_max THEN 'over'
         WHEN money < amount_min OR goods < quantity_min THEN 'under' ELSE 'ok' END AS entitlement
  FROM judged AS j
)
SELECT source_id, record_id, scheme, coalesce(rule, 'no_rule') AS rule, case_key('entitlement', case_name) AS case_id, unit, holder,
  resident_ref, household_ref, period, entitlement,
  string_to_array(concat_ws(';',
    CASE WHEN lookup <> 'found' THEN 'NO_ACCEPTED_RESIDENT' END,
    CASE WHEN rule IS NULL THEN 'NO_RULE' WHEN lookup <> 'found' THEN NULL
         WHEN eligible IS NULL THEN 'INPUT_MISSING'
         WHEN eligible THEN 'IN_TARGET_GROUP' ELSE 'NOT_IN_TARGET_GROUP' END,
    CASE WHEN NOT is_paid THEN 'BENEFIT_NOT_PAID' WHEN NOT is_stated THEN 'BENEFIT_NOT_STATED' END,
    CASE WHEN NOT eligible OR lookup <> 'found' THEN NULL
         WHEN entitlement = 'over' THEN 'MORE_THAN_GRANTED' WHEN entitlement = 'under' THEN 'LESS_THAN_GRANTED' END), ';') AS reasons,
  CASE WHEN eligible IS NULL THEN string_to_array(missing, ';') END AS missing_inputs,
  CAST(amount_all AS DECIMAL(18, 2)) AS received_amount, CAST(quantity_all AS DECIMAL(18, 2)) AS received_quantity,
  amount_min, amount_max, quantity_min, quantity_max, records, match_probability AS weakest_link,
  coalesce(policy_version, (SELECT max(policy_version) FROM targeting)) AS policy_version, 'PROPOSED' AS status
FROM answered
ORDER BY source_id, record_id, scheme, rule
