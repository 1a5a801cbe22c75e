-- Back to a department (SOP 3.3 to 3.5): its own rows and no other's. Demographic columns are the registry's, released only where the
-- resident has done eKYC, and only those that the department's registered purpose names.
WITH own AS (
  SELECT r.* FROM routes AS r
  JOIN source_list AS l ON l.source_id = r.source_id
  WHERE l.department = $department AND NOT l.same_as_registry
),
released AS (
  SELECT resident_ref AS r_ref, person_name_raw, relative_name_raw, birth_date, gender, village, mandal, district,
    poverty_score
  FROM answered
  WHERE resident_ref IN (SELECT resident_ref FROM own WHERE action = 'USE_REGISTRY')
)
SELECT o.source_id, o.record_id, o.file, o.sheet, o.row, o.lookup, o.action, o.reasons,
  CASE WHEN o.action = 'USE_REGISTRY' THEN o.resident_ref END AS resident_ref,
  CASE WHEN o.action = 'USE_REGISTRY' THEN 'registry' END AS provenance,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.person_name_raw END AS person_name,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.relative_name_raw END AS relative_name,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.birth_date END AS birth_date,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.gender END AS gender,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.village END AS village,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.mandal END AS mandal,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.district END AS district,
  CASE WHEN o.action = 'USE_REGISTRY' THEN p.poverty_score END AS poverty_score,
  $registry_snapshot AS registry_snapshot
FROM own AS o
LEFT JOIN released AS p ON p.r_ref = o.resident_ref
ORDER BY o.source_id, o.record_id
