-- The clauses of the order, 3.1 to 3.10, as this run kept them: pass, fail or not applicable, the rows it was counted over, and where
-- there is nothing to count why not.
WITH of_records AS (
  SELECT count(*) AS records,
    count(*) FILTER (WHERE lookup IS NULL) AS unanswered,
    count(*) FILTER (WHERE household_ref IS NULL AND lookup IN ('found', 'household_found')) AS without_household,
    count(*) FILTER (WHERE lookup = 'found') AS found,
    count(*) FILTER (WHERE lookup = 'found' AND (NOT coalesce(ekyc, false) OR standing <> 'ekyc_yes') AND action = 'USE_REGISTRY') AS released_early,
    count(*) FILTER (WHERE lookup = 'not_found') AS not_found,
    count(*) FILTER (WHERE lookup = 'not_found' AND action <> 'ENROL') AS not_enrolled,
    count(*) FILTER (WHERE mode = 'identify') AS new_requests
  FROM routes
),
-- Requests as they came in and as they were routed, by list, channel and kind.
requests AS (
  SELECT source_id, channel, request_type, count(*) AS came, 0 AS went FROM records
  WHERE channel IS NOT NULL OR request_type IS NOT NULL GROUP BY source_id, channel, request_type
  UNION ALL
  SELECT source_id, channel, request_type, 0, count(*) FROM routes
  WHERE channel IS NOT NULL OR request_type IS NOT NULL GROUP BY source_id, channel, request_type
),
of_requests AS (
  SELECT coalesce(sum(came), 0) AS came, coalesce(sum(abs(came - went)), 0) AS lost
  FROM (SELECT sum(came) AS came, sum(went) AS went FROM requests GROUP BY source_id, channel, request_type) AS each_kind
),
of_breaches AS (
  SELECT count(*) FILTER (WHERE rule = 'SOP-3.3') AS new_data, count(*) FILTER (WHERE rule = 'SOP-3.6') AS unapproved,
    count(*) FILTER (WHERE rule = 'SOP-3.8') AS without_consent
  FROM breaches
),
of_changes AS (
  SELECT count(*) FILTER (WHERE b.approval_ref IS NOT NULL OR b.request_type LIKE 'modif%') AS changes
  FROM benefits AS b
  JOIN (SELECT DISTINCT source_id FROM source_fields WHERE field = 'approval_ref') AS s ON s.source_id = b.source_id
),
of_ids AS (
  SELECT count(national_id_token) AS ids FROM records
),
of_lists AS (
  SELECT count(*) AS lists, count(*) FILTER (WHERE taken <> 'fresh') AS not_fresh FROM source_list WHERE NOT is_registry
),
of_dates AS (
  SELECT count(*) AS lists, count(*) FILTER (WHERE sync <> 'in_time') AS late FROM timeliness WHERE NOT is_registry
),
clauses AS (
  SELECT '3.01' AS clause, 'household and resident are looked up for every record' AS what, records, unanswered + without_household AS violations, 'no record came in' AS else_reason FROM of_records
  UNION ALL SELECT '3.02', 'channel and kind of request are kept', came, lost, 'no list says channel or request' FROM of_requests
  UNION ALL SELECT '3.03', 'registry data are used only after eKYC', found, released_early, 'nobody was found' FROM of_records
  UNION ALL SELECT '3.03.new', 'a new beneficiary has the registry''s data', new_requests, new_data, 'no list has new requests' FROM of_records CROSS JOIN of_breaches
  UNION ALL SELECT '3.04', 'who is not found is sent to enrolment', not_found, not_enrolled, 'everybody was found' FROM of_records
  UNION ALL SELECT '3.05', 'a department gets the columns of its registered purpose', 0, 0, 'decided before a row is read: a run that asks for more is refused'
  UNION ALL SELECT '3.06', 'a change in force has an approval, by which the registry learns of it', changes, unapproved, 'no list has approvals' FROM of_changes CROSS JOIN of_breaches
  UNION ALL SELECT '3.07', 'no identifier in what leaves', 0, 0, 'looked for after this report, in every byte that leaves: receipt.json has the result, a find fails the run'
  UNION ALL SELECT '3.08', 'an id comes with consent (without it its digits are dropped)', ids, without_consent, 'no list has ids' FROM of_ids CROSS JOIN of_breaches
  UNION ALL SELECT '3.09', 'each department gets its own rows alone', 0, 0, 'by construction: a set is made from the rows of one department'
  UNION ALL SELECT '3.10', 'every list took part with a dump of its own', lists, not_fresh, 'no list is registered' FROM of_lists
  UNION ALL SELECT '3.10.sync', 'every list is of a stated date, within its deadline', lists, late, 'no list is registered' FROM of_dates
)
SELECT clause, what, records, violations,
  CASE WHEN records = 0 THEN 'not_applicable' WHEN violations > 0 THEN 'fail' ELSE 'pass' END AS verdict,
  CASE WHEN records = 0 THEN else_reason END AS reason
FROM clauses
ORDER BY clause
