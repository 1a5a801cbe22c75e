-- Who receives what from whom, period by period: a person's rows, with the household's totals beside them. Records without an
-- accepted resident stand in one row a scheme and period (holder `-`), so that the totals are those of the lists.
WITH held AS (
  SELECT *, coalesce(resident_ref, '-') AS holder FROM benefits
),
persons AS (
  SELECT holder, agency, source_id, scheme, period, benefit_type, unit, min(resident_ref) AS resident_ref,
    min(household_ref) AS household_ref, count(*) AS records,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS amount, CAST(sum(quantity) AS DECIMAL(18, 2)) AS quantity
  FROM held
  GROUP BY holder, agency, source_id, scheme, period, benefit_type, unit
),
-- Only households in which several people receive the same are added up.
households AS (
  SELECT household_ref, source_id, scheme, period, benefit_type, unit, sum(amount) AS amount, sum(quantity) AS quantity
  FROM persons WHERE household_ref IS NOT NULL
  GROUP BY household_ref, source_id, scheme, period, benefit_type, unit
  HAVING count(*) > 1
)
SELECT p.holder, p.source_id, p.scheme, p.period, p.benefit_type, p.unit, p.agency, p.resident_ref, p.household_ref, p.records,
  p.amount, p.quantity,
  CASE WHEN h.household_ref IS NOT NULL THEN CAST(h.amount AS DECIMAL(18, 2)) WHEN p.household_ref IS NOT NULL THEN p.amount END
    AS household_amount,
  CASE WHEN h.household_ref IS NOT NULL THEN CAST(h.quantity AS DECIMAL(18, 2)) WHEN p.household_ref IS NOT NULL THEN p.quantity END
    AS household_quantity
FROM persons AS p
LEFT JOIN households AS h ON h.household_ref = p.household_ref AND h.source_id = p.source_id AND h.scheme = p.scheme AND h.period = p.period
  AND h.benefit_type = p.benefit_type AND h.unit = p.unit
ORDER BY p.holder, p.source_id, p.scheme, p.period, p.benefit_type, p.unit
