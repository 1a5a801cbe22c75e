-- What became of the changes shared with the registry: accepted, rejected, or still awaited. Those of earlier runs stay until the
-- registry answers.
WITH sent AS (
  SELECT change_id, source_id, record_id, approval_ref, operation, CAST(NULL AS VARCHAR) AS first_sent, true AS is_current FROM changes
  UNION ALL
  SELECT change_id, source_id, record_id, approval_ref, operation, first_sent, false FROM sent_before
),
once AS (
  SELECT change_id, min(source_id) AS source_id, min(record_id) AS record_id, min(approval_ref) AS approval_ref,
    min(operation) AS operation, min(first_sent) AS first_sent, bool_or(is_current) AS is_current
  FROM sent GROUP BY change_id
),
answered AS (
  SELECT change_id, max(result) AS result, max(answered_on) AS answered_on FROM acks_received WHERE recipient = 'registry' GROUP BY change_id
)
SELECT o.change_id, o.source_id, o.record_id, o.approval_ref, o.operation,
  coalesce(o.first_sent, to_char($as_of, '%Y-%m-%d')) AS first_sent,
  coalesce(a.result, 'awaited') AS answer, a.answered_on, o.is_current
FROM once AS o
LEFT JOIN answered AS a ON a.change_id = o.change_id
ORDER BY change_id
