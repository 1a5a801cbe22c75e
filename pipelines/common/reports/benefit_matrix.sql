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
)
SELECT holder, source_id, scheme, period, benefit_type, unit, agency, resident_ref, household_ref, records, amount, quantity,
  CASE WHEN household_ref IS NOT NULL
       THEN CAST(sum(amount) OVER (PARTITION BY household_ref, source_id, scheme, period, benefit_type, unit) AS DECIMAL(18, 2)) END
    AS household_amount,
  CASE WHEN household_ref IS NOT NULL
       THEN CAST(sum(quantity) OVER (PARTITION BY household_ref, source_id, scheme, period, benefit_type, unit) AS DECIMAL(18, 2)) END
    AS household_quantity
FROM persons
ORDER BY holder, source_id, scheme, period, benefit_type, unit
