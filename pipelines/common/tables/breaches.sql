-- Rows that break a clause of the SOP, by rule: a new beneficiary whose data are not the registry's (3.3), a change in force without an
-- approval to share (3.6), an id without consent (3.8).
WITH differing AS (
  SELECT source_id, record_id,
    nullif(concat_ws(';', CASE WHEN name_kind IN ('minor', 'contradiction') THEN 'person_name' END,
      CASE WHEN birth_kind IN ('minor', 'contradiction') THEN 'birth_date' END,
      CASE WHEN gender_kind = 'contradiction' THEN 'gender' END), '') AS fields
  FROM compared WHERE verified
)
SELECT r.source_id, r.record_id, 'SOP-3.3' AS rule, coalesce(d.fields, r.lookup) AS detail
FROM routes AS r
LEFT JOIN differing AS d ON d.source_id = r.source_id AND d.record_id = r.record_id
WHERE r.mode = 'identify' AND (d.fields IS NOT NULL OR r.lookup <> 'found')
UNION ALL
SELECT b.source_id, b.record_id, 'SOP-3.6', b.request_type
FROM benefits AS b
JOIN (SELECT DISTINCT source_id FROM source_fields WHERE field = 'approval_ref') AS s ON s.source_id = b.source_id
WHERE b.approval_ref IS NULL AND b.request_type LIKE 'modif%'
UNION ALL
SELECT DISTINCT source_id, record_id, 'SOP-3.8', 'CONSENT_MISSING' FROM value_issues WHERE code = 'CONSENT_MISSING'
