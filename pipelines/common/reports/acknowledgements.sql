-- What became of the changes shared with the registry: accepted, rejected, or still awaited. Those of earlier runs stay until the
-- registry answers (tables/newest_answers.sql). An answer to what was never shared is said as well.
WITH sent AS (
  SELECT change_id, source_id, record_id, approval_ref, operation, CAST(NULL AS VARCHAR) AS first_sent, true AS is_current FROM changes
  UNION ALL
  SELECT change_id, source_id, record_id, approval_ref, operation, first_sent, false FROM sent_before
),
once AS (
  SELECT change_id, min(source_id) AS source_id, min(record_id) AS record_id, min(approval_ref) AS approval_ref,
    min(operation) AS operation, min(first_sent) AS first_sent, bool_or(is_current) AS is_current
  FROM sent GROUP BY change_id
)
SELECT o.change_id, o.source_id, o.record_id, o.approval_ref, o.operation,
  coalesce(o.first_sent, to_char($as_of, '%Y-%m-%d')) AS first_sent,
  coalesce(a.result, 'awaited') AS answer, a.answered_on, o.is_current, true AS is_known
FROM once AS o
LEFT JOIN newest_answers AS a ON a.change_id = o.change_id
UNION ALL
SELECT a.change_id, NULL, NULL, NULL, NULL, NULL, a.result, a.answered_on, false, false
FROM newest_answers AS a
LEFT ANTI JOIN (SELECT change_id FROM once UNION ALL SELECT change_id FROM answered_before) AS k ON k.change_id = a.change_id
ORDER BY change_id
