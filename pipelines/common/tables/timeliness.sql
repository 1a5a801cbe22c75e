-- How old each list is beside the deadline of the policy: in_time; overdue (older, or no dump at all); unknown where the list states no
-- date of its own. Nobody can say of such a list that it is in time, so it does not pass. The registry has no deadline.
WITH deadlines AS (
  SELECT l.source_id, min(p.days_max) AS days_max
  FROM source_list AS l
  JOIN sync_deadline AS p ON p.department IS NULL OR p.department = l.department
  WHERE NOT l.is_registry AND p.valid_from <= $as_of AND (p.valid_to IS NULL OR p.valid_to >= $as_of)
  GROUP BY l.source_id
),
aged AS (
  SELECT l.source_id, l.is_registry, l.taken, CAST($as_of AS INTEGER) - CAST(l.stated_on AS INTEGER) AS age_days, d.days_max
  FROM source_list AS l
  LEFT JOIN deadlines AS d ON d.source_id = l.source_id
)
SELECT source_id, is_registry, age_days, days_max,
  CASE WHEN taken = 'skip' OR age_days > days_max THEN 'overdue' WHEN age_days <= days_max THEN 'in_time' ELSE 'unknown' END AS sync
FROM aged
