-- The clauses of the order, 3.1 to 3.10, as this run kept them: pass, fail or not applicable, and the rows it was counted over.
WITH of_records AS (
  SELECT count(*) AS records,
    count(*) FILTER (WHERE lookup IS NULL) AS unanswered,
    count(*) FILTER (WHERE household_ref IS NULL AND lookup IN ('found', 'household_found')) AS without_household,
    count(*) FILTER (WHERE channel IS NOT NULL) AS with_channel,
    count(*) FILTER (WHERE channel IS NOT NULL AND NOT regexp_like(channel, '^(meeseva|department|meekosam|people ?first)')) AS other_channel,
    count(*) FILTER (WHERE lookup = 'found') AS found,
    count(*) FILTER (WHERE lookup = 'found' AND NOT coalesce(ekyc, false) AND action = 'USE_REGISTRY') AS released_early,
    count(*) FILTER (WHERE lookup = 'not_found') AS not_found,
    count(*) FILTER (WHERE lookup = 'not_found' AND action <> 'ENROL') AS not_enrolled,
    count(*) FILTER (WHERE mode = 'identify') AS new_requests
  FROM routes
),
of_new AS (
  SELECT count(*) AS differing
  FROM routes AS r
  LEFT JOIN compared AS d ON d.source_id = r.source_id AND d.record_id = r.record_id
  WHERE r.mode = 'identify' AND (r.lookup <> 'found' OR (d.verified AND (d.name_kind IN ('minor', 'contradiction')
    OR d.birth_kind IN ('minor', 'contradiction') OR d.gender_kind = 'contradiction')))
),
of_changes AS (
  SELECT count(*) AS changes, count(*) FILTER (WHERE approval_ref IS NULL) AS unapproved FROM changes
),
of_ids AS (
  SELECT count(*) FILTER (WHERE national_id_token IS NOT NULL) AS ids,
    count(*) FILTER (WHERE national_id_sealed IS NOT NULL AND NOT coalesce(consent, false)) AS kept_without_consent
  FROM records
),
of_lists AS (
  SELECT count(*) AS lists, count(*) FILTER (WHERE taken <> 'fresh') AS not_fresh FROM source_list WHERE NOT is_registry
),
of_dates AS (
  SELECT count(*) AS lists, count(*) FILTER (WHERE sync <> 'in_time') AS late FROM timeliness WHERE NOT is_registry
),
clauses AS (
  SELECT '3.01' AS clause, 'household and resident are looked up for every record' AS what, records, unanswered + without_household AS violations FROM of_records
  UNION ALL SELECT '3.02', 'channel and kind of request are kept', with_channel, 0 FROM of_records
  UNION ALL SELECT '3.03', 'registry data are used only after eKYC', found, released_early FROM of_records
  UNION ALL SELECT '3.03.new', 'a new beneficiary has the registry''s data', r.new_requests, n.differing FROM of_records AS r CROSS JOIN of_new AS n
  UNION ALL SELECT '3.04', 'who is not found is sent to enrolment', not_found, not_enrolled FROM of_records
  UNION ALL SELECT '3.05', 'a department gets the columns of its registered purpose', found, 0 FROM of_records
  UNION ALL SELECT '3.06', 'approved changes alone are shared with the registry', changes, unapproved FROM of_changes
  UNION ALL SELECT '3.07', 'no identifier in what leaves: every byte is scanned before publication', records, 0 FROM of_records
  UNION ALL SELECT '3.08', 'without consent the digits of an id are not kept', ids, kept_without_consent FROM of_ids
  UNION ALL SELECT '3.09', 'each department gets its own rows alone', records, 0 FROM of_records
  UNION ALL SELECT '3.10', 'every list took part with a dump of its own', lists, not_fresh FROM of_lists
  UNION ALL SELECT '3.10.sync', 'every list is of a stated date, within its deadline', lists, late FROM of_dates
)
SELECT clause, what, records, violations,
  CASE WHEN records = 0 THEN 'not_applicable' WHEN violations > 0 THEN 'fail' ELSE 'pass' END AS verdict
FROM clauses
ORDER BY clause
