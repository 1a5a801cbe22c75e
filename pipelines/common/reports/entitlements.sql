-- What a person, or where the rule is a household's the household, is entitled to by the targeting policy of the day, beside what is
-- received in the period; a benefit that is held, closed or rejected is not received. Adverse answers are proposals; what cannot be
-- known is undetermined, never ineligible: no accepted resident, no rule for the scheme, an input that is missing.
-- Most people have one record of a scheme and period: only those with several are added up.
WITH money AS (
  SELECT holder, scheme, rule, period, sum(CASE WHEN paid THEN amount END) AS amount_all, count(coalesce(amount, quantity)) > 0 AS is_stated,
    bool_or(paid) AS is_paid
  FROM ruled_benefits WHERE unit = 'person'
  GROUP BY holder, scheme, rule, period
  HAVING count(*) > 1
),
goods AS (
  SELECT holder, scheme, rule, period, goods_unit, sum(CASE WHEN paid THEN quantity END) AS quantity_all
  FROM ruled_benefits WHERE unit = 'person' AND quantity IS NOT NULL
  GROUP BY holder, scheme, rule, period, goods_unit
  HAVING count(*) > 1
),
persons AS (
  SELECT h.source_id, h.record_id, h.scheme, h.rule, h.unit, h.lookup, h.resident_ref, h.household_ref, h.period, h.holder,
    h.match_probability, h.policy_version, h.amount_min, h.amount_max, h.quantity_min, h.quantity_max,
    CASE WHEN m.holder IS NOT NULL THEN m.amount_all WHEN h.paid THEN h.amount END AS amount_all,
    CASE WHEN g.holder IS NOT NULL THEN g.quantity_all WHEN h.paid THEN h.quantity END AS quantity_all,
    coalesce(m.is_stated, h.amount IS NOT NULL OR h.quantity IS NOT NULL) AS is_stated, coalesce(m.is_paid, h.paid) AS is_paid,
    make_array(concat(h.source_id, '/', h.record_id)) AS records,
    concat(h.source_id, '/', h.record_id, '/', h.scheme, '/', h.rule) AS case_name, e.eligible, e.missing
  FROM ruled_benefits AS h
  LEFT JOIN money AS m ON m.holder = h.holder AND m.period = h.period AND m.scheme = h.scheme AND m.rule = h.rule
  LEFT JOIN goods AS g ON g.holder = h.holder AND g.period = h.period AND g.scheme = h.scheme AND g.rule = h.rule
    AND g.goods_unit = h.goods_unit
  LEFT JOIN (SELECT resident_ref, rule, eligible, missing FROM eligibility) AS e ON e.resident_ref = h.resident_ref AND e.rule = h.rule
  WHERE h.unit = 'person'
),
-- Most households have one record of a scheme, period and goods: only those with several are put together.
several AS (
  SELECT holder, scheme, rule, period, goods_unit
  FROM ruled_benefits WHERE unit = 'household'
  GROUP BY holder, scheme, rule, period, goods_unit
  HAVING count(*) > 1
),
of_goods AS (
  SELECT first_value(h.source_id ORDER BY h.match_probability, h.source_id, h.record_id) AS source_id,
    first_value(h.record_id ORDER BY h.match_probability, h.source_id, h.record_id) AS record_id,
    h.scheme, h.rule, h.period, h.holder, h.goods_unit,
    first_value(h.resident_ref ORDER BY h.match_probability, h.source_id, h.record_id) AS resident_ref,
    min(h.match_probability) AS match_probability, min(h.policy_version) AS policy_version,
    min(h.amount_min) AS amount_min, min(h.amount_max) AS amount_max,
    min(h.quantity_min) AS quantity_min, min(h.quantity_max) AS quantity_max,
    sum(CASE WHEN h.paid THEN h.quantity END) AS quantity_all,
    array_agg(concat(h.source_id, '/', h.record_id) ORDER BY h.source_id, h.record_id) AS records
  FROM ruled_benefits AS h
  JOIN several AS s ON s.holder = h.holder AND s.scheme = h.scheme AND s.rule = h.rule AND s.period = h.period AND s.goods_unit = h.goods_unit
  WHERE h.unit = 'household'
  GROUP BY h.holder, h.scheme, h.rule, h.period, h.goods_unit
  UNION ALL
  SELECT h.source_id, h.record_id, h.scheme, h.rule, h.period, h.holder, h.goods_unit, h.resident_ref, h.match_probability,
    h.policy_version, h.amount_min, h.amount_max, h.quantity_min, h.quantity_max, CASE WHEN h.paid THEN h.quantity END,
    make_array(concat(h.source_id, '/', h.record_id))
  FROM ruled_benefits AS h
  LEFT ANTI JOIN several AS s ON s.holder = h.holder AND s.scheme = h.scheme AND s.rule = h.rule AND s.period = h.period
    AND s.goods_unit = h.goods_unit
  WHERE h.unit = 'household'
),
of_period AS (
  SELECT holder, scheme, rule, period, sum(CASE WHEN paid THEN amount END) AS amount_all, count(coalesce(amount, quantity)) > 0 AS is_stated,
    bool_or(paid) AS is_paid
  FROM ruled_benefits WHERE unit = 'household'
  GROUP BY holder, scheme, rule, period
),
-- A household is meant where one of its members is, and not meant only where each of them is known not to be.
meant AS (
  SELECT household_ref, rule, CASE WHEN bool_or(eligible) THEN true WHEN count(*) = count(eligible) THEN false END AS eligible,
    min(missing) AS missing
  FROM eligibility WHERE unit = 'household'
  GROUP BY household_ref, rule
),
households AS (
  SELECT g.source_id, g.record_id, g.scheme, g.rule, 'household' AS unit, 'found' AS lookup, g.resident_ref, g.holder AS household_ref,
    g.period, g.holder, g.match_probability, g.policy_version, g.amount_min, g.amount_max, g.quantity_min, g.quantity_max,
    p.amount_all, g.quantity_all, p.is_stated, p.is_paid, g.records,
    concat(g.holder, '/', g.scheme, '/', g.rule, '/', g.period, '/', g.goods_unit) AS case_name, m.eligible, m.missing
  FROM of_goods AS g
  JOIN of_period AS p ON p.holder = g.holder AND p.scheme = g.scheme AND p.rule = g.rule AND p.period = g.period
  LEFT JOIN meant AS m ON m.household_ref = g.holder AND m.rule = g.rule
),
judged AS (
  SELECT h.*, CAST(h.amount_all AS DOUBLE) AS money, CAST(h.quantity_all AS DOUBLE) AS goods,
    coalesce(h.amount_all, 0) + coalesce(h.quantity_all, 0) > 0 AS receives
  FROM (SELECT * FROM persons UNION ALL SELECT * FROM households) AS h
),
answered AS (
  SELECT j.*,
    CASE WHEN lookup <> 'found' OR policy_version IS NULL OR eligible IS NULL THEN 'undetermined'
         WHEN NOT eligible THEN CASE WHEN receives THEN 'over' ELSE 'ok' END
         WHEN NOT is_paid THEN 'none'
         WHEN NOT is_stated THEN 'undetermined'
         WHEN NOT receives THEN 'none'
         WHEN money > amount_max OR goods > quantity_max THEN 'over'
         WHEN money < amount_min OR goods < quantity_min THEN 'under' ELSE 'ok' END AS entitlement
  FROM judged AS j
)
SELECT source_id, record_id, scheme, rule, case_key('entitlement', case_name) AS case_id, unit, holder,
  resident_ref, household_ref, period, entitlement,
  string_to_array(concat_ws(';',
    CASE WHEN lookup <> 'found' THEN 'NO_ACCEPTED_RESIDENT' END,
    CASE WHEN policy_version IS NULL THEN 'NO_RULE' WHEN lookup <> 'found' THEN NULL
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
