-- Records of households that a list has in several homes, and of homes in which it has several households: few are left for a closer
-- look (tables/case_members.sql). Who stands in two homes is among the first.
WITH at_home AS (
  SELECT source_id, record_id, resident_ref, household_ref, home
  FROM own_records WHERE lookup = 'found' AND home IS NOT NULL AND household_ref IS NOT NULL
)
SELECT 'split' AS kind, p.source_id, p.record_id, p.resident_ref, p.household_ref, p.home
FROM at_home AS p
JOIN (SELECT source_id, household_ref FROM at_home GROUP BY source_id, household_ref HAVING min(home) <> max(home)) AS s
  ON s.source_id = p.source_id AND s.household_ref = p.household_ref
UNION ALL
SELECT 'merge', p.source_id, p.record_id, p.resident_ref, p.household_ref, p.home
FROM at_home AS p
JOIN (SELECT source_id, home FROM at_home GROUP BY source_id, home HAVING min(household_ref) <> max(household_ref)) AS s
  ON s.source_id = p.source_id AND s.home = p.home
