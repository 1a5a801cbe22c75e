-- Who belongs to which case, by the group that makes it: people listed twice, values on several people, ids whose holder contradicts,
-- homes beside households. None of the findings makes two people one, and no two are held for one because of an id alone.
WITH unlinked AS (
  SELECT source_id, record_id, national_id_token, person_name_key
  FROM own_records
  WHERE lookup <> 'found' AND unique_persons AND national_id_token IS NOT NULL AND person_name_key IS NOT NULL
),
within AS (
  SELECT source_id, resident_ref, count(*) AS members
  FROM several_records WHERE unique_persons GROUP BY source_id, resident_ref HAVING count(*) > 1
),
across AS (
  SELECT scheme, resident_ref, count(*) AS members
  FROM several_records WHERE scheme IS NOT NULL GROUP BY scheme, resident_ref HAVING min(source_id) <> max(source_id)
),
alike AS (
  SELECT source_id, national_id_token, person_name_key, count(*) AS members
  FROM unlinked GROUP BY source_id, national_id_token, person_name_key HAVING count(*) > 1
),
-- Who stands in two homes is listed twice, and shows nothing of either.
in_two AS (
  SELECT source_id, resident_ref FROM mixed_homes WHERE kind = 'split' GROUP BY source_id, resident_ref HAVING min(home) <> max(home)
),
split AS (
  SELECT p.* FROM mixed_homes AS p LEFT ANTI JOIN in_two AS t ON t.source_id = p.source_id AND t.resident_ref = p.resident_ref
  WHERE p.kind = 'split'
),
merged AS (
  SELECT p.* FROM mixed_homes AS p LEFT ANTI JOIN in_two AS t ON t.source_id = p.source_id AND t.resident_ref = p.resident_ref
  WHERE p.kind = 'merge'
),
homes AS (
  SELECT 'HOUSEHOLD_SPLIT' AS scope, concat(p.source_id, '|', p.household_ref) AS group_key, p.source_id, p.record_id, p.resident_ref,
    s.holders, 'ONE_HOUSEHOLD;SEVERAL_HOMES' AS evidence
  FROM split AS p
  JOIN (SELECT source_id, household_ref, count(DISTINCT home) AS holders FROM split GROUP BY source_id, household_ref) AS s
    ON s.source_id = p.source_id AND s.household_ref = p.household_ref
  WHERE s.holders > 1
  UNION ALL
  SELECT 'HOUSEHOLD_MERGE', concat(p.source_id, '|', p.home), p.source_id, p.record_id, p.resident_ref, m.holders,
    'ONE_HOME;SEVERAL_HOUSEHOLDS'
  FROM merged AS p
  JOIN (SELECT source_id, home, count(DISTINCT household_ref) AS holders FROM merged GROUP BY source_id, home) AS m
    ON m.source_id = p.source_id AND m.home = p.home
  WHERE m.holders > 1
),
-- What speaks against the resident who has the record's id.
conflicts AS (
  SELECT source_id, record_id, array_to_string(array_agg(DISTINCT said ORDER BY said), ';') AS said
  FROM (
    SELECT e.source_id, e.record_id, upper(concat(e.step['comparison'], '_', e.step['level'])) AS said
    FROM (
      SELECT p.source_id, p.record_id, unnest(p.evidence) AS step
      FROM pairs AS p
      JOIN own_records AS o ON o.source_id = p.source_id AND o.record_id = p.record_id
      WHERE p.identity AND o.id_conflict
    ) AS e
    WHERE e.step['weight'] < 0 AND e.step['level'] NOT IN ('null', 'unlikely') AND e.step['comparison'] <> 'rivals'
  ) AS each_step
  GROUP BY source_id, record_id
)
SELECT 'within_source' AS scope, concat(m.source_id, '|', m.resident_ref) AS group_key, m.source_id, m.record_id, m.resident_ref,
  g.members AS holders, 'DUP_WITHIN_SCHEME;SAME_RESIDENT' AS evidence
FROM within AS g
JOIN several_records AS m ON m.source_id = g.source_id AND m.resident_ref = g.resident_ref
UNION ALL
SELECT 'within_source', concat(m.source_id, '|', m.national_id_token, '|', m.person_name_key), m.source_id, m.record_id, NULL, g.members,
  'DUP_WITHIN_SCHEME;SAME_ID_AND_NAME'
FROM alike AS g
JOIN unlinked AS m ON m.source_id = g.source_id AND m.national_id_token = g.national_id_token AND m.person_name_key = g.person_name_key
UNION ALL
SELECT 'across_sources', concat(m.scheme, '|', m.resident_ref), m.source_id, m.record_id, m.resident_ref, g.members,
  'DUP_ACROSS_SCHEME;SAME_RESIDENT'
FROM across AS g
JOIN several_records AS m ON m.scheme = g.scheme AND m.resident_ref = g.resident_ref
UNION ALL
SELECT 'registry', concat(source_id, '|', cluster_ref), source_id, record_id, record_id AS resident_ref, 2, 'ACCEPTED_PAIRS'
FROM clusters
UNION ALL
SELECT 'registry', national_id_token, 'registry', resident_ref AS record_id, resident_ref, 2, 'SAME_ID_AND_NAME'
FROM registry_twins
UNION ALL
SELECT finding, value, source_id, record_id, resident_ref, holders,
  concat(CASE finding WHEN 'ID_SHARED' THEN 'SAME_ID' WHEN 'BANK_SHARED' THEN 'SAME_ACCOUNT' ELSE 'SAME_TELEPHONE' END, ';', evidence)
FROM shared_values
UNION ALL
SELECT scope, group_key, source_id, record_id, resident_ref, holders, evidence
FROM homes
UNION ALL
SELECT 'ID_CONFLICT', concat(o.source_id, '|', o.record_id), o.source_id, o.record_id, CAST(NULL AS VARCHAR), 2,
  concat_ws(';', 'SAME_ID', c.said)
FROM own_records AS o
LEFT JOIN conflicts AS c ON c.source_id = o.source_id AND c.record_id = o.record_id
WHERE o.id_conflict
