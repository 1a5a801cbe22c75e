-- People who seem to be listed twice. Never because of an id alone: members were each accepted as one resident, or agree on
-- id and name. A case keeps its id: a group takes over the id of the known case it shares most members with.
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
),
-- Few ids stand on two residents: the registry is narrowed to those before it is joined with itself.
same_id AS (
  SELECT national_id_token, resident_ref, person_name FROM registry
  WHERE national_id_token IN (
    SELECT national_id_token FROM registry WHERE national_id_token IS NOT NULL GROUP BY national_id_token HAVING count(*) > 1)
),
registry_twins AS (
  SELECT a.national_id_token, a.resident_ref
  FROM same_id AS a
  JOIN same_id AS b ON b.national_id_token = a.national_id_token AND b.resident_ref <> a.resident_ref
  WHERE name_similarity(a.person_name, b.person_name) >= 0.88
  GROUP BY a.national_id_token, a.resident_ref
),
members AS (
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
),
groups AS (
  SELECT scope, group_key, min(concat(source_id, '/', record_id)) AS first_member
  FROM members
  GROUP BY scope, group_key
  HAVING count(*) > 1 AND (scope <> 'across_sources' OR count(DISTINCT source_id) > 1)
),
shared AS (
  SELECT m.scope, m.group_key, k.case_id,
    row_number() OVER (PARTITION BY k.case_id ORDER BY count(*) DESC, m.scope, m.group_key) AS claim
  FROM members AS m
  JOIN groups AS g ON g.scope = m.scope AND g.group_key = m.group_key
  JOIN known_cases AS k ON k.scope = m.scope AND k.source_id = m.source_id AND k.record_id = m.record_id
  GROUP BY m.scope, m.group_key, k.case_id
),
kept AS (
  SELECT scope, group_key, min(case_id) AS case_id FROM shared WHERE claim = 1 GROUP BY scope, group_key
)
SELECT coalesce(k.case_id, case_key(g.scope, g.first_member)) AS case_id,
  g.scope, m.source_id, m.record_id, m.resident_ref,
  string_to_array(m.evidence, ';') AS evidence, 'PROPOSED' AS status
FROM groups AS g
JOIN members AS m ON m.scope = g.scope AND m.group_key = g.group_key
LEFT JOIN kept AS k ON k.scope = g.scope AND k.group_key = g.group_key
ORDER BY case_id, m.source_id, m.record_id
