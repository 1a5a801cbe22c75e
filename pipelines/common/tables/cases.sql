-- The ids of cases, from night to night: a group takes over the id of the known case with which it shares most members; a new one
-- is named by its first member.
WITH groups AS (
  SELECT scope, group_key, case_key(scope, min(concat(source_id, '/', record_id))) AS fresh,
    case_key(scope, concat(min(concat(source_id, '/', record_id)), '/again')) AS second
  FROM case_members
  GROUP BY scope, group_key
),
shared AS (
  SELECT m.scope, m.group_key, k.case_id, count(*) AS members
  FROM case_members AS m
  JOIN known_cases AS k ON k.scope = m.scope AND k.source_id = m.source_id AND k.record_id = m.record_id
  GROUP BY m.scope, m.group_key, k.case_id
),
-- A known case goes on in one group, and a group goes on with one case.
claims AS (
  SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY members DESC, scope, group_key) AS claim FROM shared
),
kept AS (
  SELECT scope, group_key, first_value(case_id ORDER BY members DESC, case_id) AS case_id FROM claims WHERE claim = 1 GROUP BY scope, group_key
)
SELECT coalesce(k.case_id, CASE WHEN t.case_id IS NULL THEN g.fresh ELSE g.second END) AS case_id,
  m.scope, m.source_id, m.record_id, m.resident_ref, m.holders, m.evidence
FROM case_members AS m
JOIN groups AS g ON g.scope = m.scope AND g.group_key = m.group_key
LEFT JOIN kept AS k ON k.scope = g.scope AND k.group_key = g.group_key
-- Where the first member left a case that goes on without it, the id is taken.
LEFT JOIN kept AS t ON t.case_id = g.fresh
