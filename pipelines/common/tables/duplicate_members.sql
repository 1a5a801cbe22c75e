-- Records that may be one person's, by the group they are in: accepted as one resident, or agreeing on id and name. Never because of an
-- id alone.
WITH accepted AS (
  SELECT a.source_id, a.record_id, a.resident_ref, d.scheme, l.unique_persons
  FROM answers AS a
  JOIN records AS d ON d.source_id = a.source_id AND d.record_id = a.record_id
  JOIN source_list AS l ON l.source_id = a.source_id
  WHERE a.lookup = 'found'
),
unlinked AS (
  SELECT d.source_id, d.record_id, d.national_id_token, d.person_name_key
  FROM records AS d
  JOIN answers AS a ON a.source_id = d.source_id AND a.record_id = d.record_id
  JOIN source_list AS l ON l.source_id = d.source_id
  WHERE a.lookup <> 'found' AND l.unique_persons
    AND d.national_id_token IS NOT NULL AND d.person_name_key IS NOT NULL
)
SELECT 'within_source' AS scope, concat(source_id, '|', resident_ref) AS group_key,
  source_id, record_id, resident_ref, 'DUP_WITHIN_SCHEME;SAME_RESIDENT' AS evidence
FROM accepted WHERE unique_persons
UNION ALL
SELECT 'within_source', concat(source_id, '|', national_id_token, '|', person_name_key),
  source_id, record_id, CAST(NULL AS VARCHAR), 'DUP_WITHIN_SCHEME;SAME_ID_AND_NAME'
FROM unlinked
UNION ALL
SELECT 'across_sources', concat(scheme, '|', resident_ref), source_id, record_id, resident_ref, 'DUP_ACROSS_SCHEME;SAME_RESIDENT'
FROM accepted WHERE scheme IS NOT NULL
UNION ALL
SELECT 'registry', concat(source_id, '|', cluster_ref), source_id, record_id, record_id AS resident_ref, 'ACCEPTED_PAIRS'
FROM clusters
UNION ALL
SELECT 'registry', national_id_token, 'registry', resident_ref AS record_id, resident_ref, 'SAME_ID_AND_NAME'
FROM registry_twins
