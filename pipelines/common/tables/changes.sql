-- What the registry is to learn (SOP 3.6): benefits that were approved, of residents who were accepted. Without an approval nothing
-- is shared. A benefit is named by list, record and scheme; `content` is what is said of it: who, what, how much, for when, how it stands.
-- The id rests on the operation, that benefit, its content and the change it follows, so the same change sent again is the same change.
-- What was shared before (`shared_before`, the state) decides the operation: the same content is the change that was sent; another
-- content corrects it (update); after a close, or an insert that was rejected, it begins anew (insert).
WITH offered AS (
  SELECT b.resident_ref, b.household_ref, b.source_id, b.record_id, b.agency, b.scheme, b.benefit_type,
    -- What follows from the list's date alone is not the record's to say: a later list would say it otherwise.
    CASE WHEN b.known_by NOT IN ('list', 'unread') THEN b.period END AS period,
    CASE WHEN b.known_by NOT IN ('list', 'until') THEN b.starts END AS starts,
    CASE WHEN b.known_by NOT IN ('list', 'since') THEN b.ends END AS ends,
    CAST(b.amount AS DECIMAL(18, 2)) AS amount, CAST(b.quantity AS DECIMAL(18, 2)) AS quantity, nullif(b.unit, '') AS unit,
    b.status, b.state, b.approval_ref, b.request_type, b.channel
  FROM benefits AS b
  WHERE b.lookup = 'found' AND b.approval_ref IS NOT NULL
    AND (b.request_type LIKE 'new%' OR b.request_type LIKE 'modif%' OR b.state = 'closed')
),
said AS (
  SELECT o.*, case_key('content', array_to_string(make_array(resident_ref, benefit_type, period, CAST(starts AS VARCHAR),
    CAST(ends AS VARCHAR), CAST(amount AS VARCHAR), CAST(quantity AS VARCHAR), unit, status, approval_ref), '|', '-')) AS content
  FROM offered AS o
),
refused AS (
  SELECT change_id FROM newest_answers WHERE result = 'rejected'
),
followed AS (
  SELECT s.*, b.change_id AS before_id, b.operation AS before_operation, coalesce(b.content = s.content, false) AS is_known,
    CASE WHEN s.state = 'closed' THEN 'close'
         WHEN b.operation = 'update' OR (b.operation = 'insert' AND b.answer <> 'rejected' AND r.change_id IS NULL) THEN 'update'
         WHEN s.request_type LIKE 'modif%' AND coalesce(b.operation, '') <> 'close' THEN 'update' ELSE 'insert' END AS next_operation
  FROM said AS s
  LEFT JOIN shared_before AS b ON b.source_id = s.source_id AND b.record_id = s.record_id AND b.scheme = s.scheme
  LEFT JOIN refused AS r ON r.change_id = b.change_id
)
SELECT
  CASE WHEN is_known THEN before_id ELSE case_key('change', concat(next_operation, '/', source_id, '/', record_id, '/', scheme, '/',
    content, '/', coalesce(before_id, ''))) END AS change_id,
  CASE WHEN is_known THEN before_operation ELSE next_operation END AS operation,
  resident_ref, household_ref, source_id, record_id, agency, scheme, benefit_type, period, starts, ends, amount, quantity, unit, status,
  approval_ref, request_type, channel, content
FROM followed
