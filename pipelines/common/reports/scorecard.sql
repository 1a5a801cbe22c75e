-- How each list fared in this run.
WITH files AS (
  SELECT source_id, sum(rows_read) AS rows_read, sum(rows_landed) AS rows_landed,
    sum(rows_rejected) AS rows_rejected, sum(rows_skipped) AS rows_skipped
  FROM source_files GROUP BY source_id
),
outcomes AS (
  SELECT source_id,
    count(*) FILTER (WHERE lookup = 'found') AS found,
    count(*) FILTER (WHERE lookup = 'household_found') AS household_found,
    count(*) FILTER (WHERE lookup = 'ambiguous') AS ambiguous,
    count(*) FILTER (WHERE lookup = 'not_found') AS not_found,
    count(*) FILTER (WHERE lookup = 'not_checkable') AS not_checkable
  FROM answers GROUP BY source_id
),
ids AS (
  SELECT source_id, count(national_id_token) AS ids_valid FROM records GROUP BY source_id
  UNION ALL
  SELECT source_id, count(national_id_token) AS ids_valid FROM registry GROUP BY source_id
),
problems AS (
  SELECT source_id, count(*) AS value_issues FROM value_issues GROUP BY source_id
)
SELECT l.source_id, l.title, l.department, l.taken,
  coalesce(f.rows_read, 0) AS rows_read, coalesce(f.rows_landed, 0) AS rows_landed,
  coalesce(f.rows_rejected, 0) AS rows_rejected, coalesce(f.rows_skipped, 0) AS rows_skipped,
  l.records,
  coalesce(o.found, 0) AS found, coalesce(o.household_found, 0) AS household_found,
  coalesce(o.ambiguous, 0) AS ambiguous, coalesce(o.not_found, 0) AS not_found,
  coalesce(o.not_checkable, 0) AS not_checkable,
  CASE WHEN l.records > 0 THEN CAST(o.found AS DOUBLE) / l.records END AS found_share,
  coalesce(i.ids_valid, 0) AS ids_valid, coalesce(p.value_issues, 0) AS value_issues
FROM source_list AS l
LEFT JOIN files AS f ON f.source_id = l.source_id
LEFT JOIN outcomes AS o ON o.source_id = l.source_id
LEFT JOIN ids AS i ON i.source_id = l.source_id
LEFT JOIN problems AS p ON p.source_id = l.source_id
ORDER BY l.source_id
