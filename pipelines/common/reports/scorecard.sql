-- How each list fared in this run: rows, outcomes, age against the deadline, quality, and how it stood at the last date of reference.
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
),
before AS (
  SELECT source_id, first_value(found_share ORDER BY as_of DESC) AS found_share, first_value(issue_share ORDER BY as_of DESC) AS issue_share,
    max(as_of) AS as_of
  FROM history WHERE as_of < to_char($as_of, '%Y-%m-%d') GROUP BY source_id
),
scored AS (
  SELECT l.*, CASE WHEN l.records > 0 THEN CAST(o.found AS DOUBLE) / l.records END AS found_share,
    CASE WHEN l.records > 0 THEN CAST(coalesce(p.value_issues, 0) AS DOUBLE) / l.records END AS issue_share,
    coalesce(o.found, 0) AS found, coalesce(o.household_found, 0) AS household_found, coalesce(o.ambiguous, 0) AS ambiguous,
    coalesce(o.not_found, 0) AS not_found, coalesce(o.not_checkable, 0) AS not_checkable, coalesce(p.value_issues, 0) AS value_issues,
    t.age_days, t.days_max, t.sync
  FROM source_list AS l
  JOIN timeliness AS t ON t.source_id = l.source_id
  LEFT JOIN outcomes AS o ON o.source_id = l.source_id
  LEFT JOIN problems AS p ON p.source_id = l.source_id
)
SELECT s.source_id, s.title, s.department, s.taken,
  coalesce(f.rows_read, 0) AS rows_read, coalesce(f.rows_landed, 0) AS rows_landed,
  coalesce(f.rows_rejected, 0) AS rows_rejected, coalesce(f.rows_skipped, 0) AS rows_skipped,
  s.records, s.found, s.household_found, s.ambiguous, s.not_found, s.not_checkable, s.found_share,
  coalesce(i.ids_valid, 0) AS ids_valid, s.value_issues, s.issue_share,
  s.stated_on, s.age_days, s.days_max, s.sync,
  b.as_of AS before_as_of, s.found_share - b.found_share AS found_share_change, s.issue_share - b.issue_share AS issue_share_change
FROM scored AS s
LEFT JOIN files AS f ON f.source_id = s.source_id
LEFT JOIN ids AS i ON i.source_id = s.source_id
LEFT JOIN before AS b ON b.source_id = s.source_id
ORDER BY s.source_id
