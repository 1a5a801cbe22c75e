-- People who seem to be listed twice; who may be one person: tables/duplicate_members.sql. A case keeps its id: a group takes over the id
-- of the known case it shares most members with.
WITH groups AS (
  SELECT scope, group_key, min(concat(source_id, '/', record_id)) AS first_member
  FROM duplicate_members
  GROUP BY scope, group_key
  HAVING count(*) > 1 AND (scope <> 'across_sources' OR min(source_id) <> max(source_id))
),
shared AS (
  SELECT m.scope, m.group_key, k.case_id,
    row_number() OVER (PARTITION BY k.case_id ORDER BY count(*) DESC, m.scope, m.group_key) AS claim
  FROM duplicate_members AS m
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
JOIN duplicate_members AS m ON m.scope = g.scope AND m.group_key = g.group_key
LEFT JOIN kept AS k ON k.scope = g.scope AND k.group_key = g.group_key
ORDER BY case_id, m.source_id, m.record_id
