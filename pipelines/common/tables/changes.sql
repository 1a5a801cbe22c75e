-- What the registry is to learn (SOP 3.6): benefits that were approved, of residents who were accepted. Without an approval nothing
-- is shared. The id depends on what the change says, so the same change sent again is the same change.
SELECT case_key('change', concat(b.source_id, '/', b.record_id, '/', b.approval_ref, '/', b.resident_ref, '/', b.fingerprint)) AS change_id,
  CASE WHEN regexp_like(b.status, '^(clos|stop|ceas|surrender|withdrawn|ended)') THEN 'close'
       WHEN b.request_type LIKE 'modif%' THEN 'update' ELSE 'insert' END AS operation,
  b.resident_ref, b.household_ref, b.source_id, b.record_id, b.agency, b.scheme, b.benefit_type, b.period, b.starts, b.ends,
  CAST(b.amount AS DECIMAL(18, 2)) AS amount, CAST(b.quantity AS DECIMAL(18, 2)) AS quantity, nullif(b.unit, '') AS unit, b.status,
  b.approval_ref, b.request_type, b.channel
FROM benefits AS b
WHERE b.lookup = 'found' AND b.approval_ref IS NOT NULL
  AND (b.request_type LIKE 'new%' OR b.request_type LIKE 'modif%' OR regexp_like(b.status, '^(clos|stop|ceas|surrender|withdrawn|ended)'))
