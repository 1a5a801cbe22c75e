-- Records of residents who have several: few are left for a closer look (tables/case_members.sql).
SELECT source_id, record_id, resident_ref, scheme, unique_persons
FROM own_records
WHERE resident_ref IN (SELECT resident_ref FROM own_records WHERE lookup = 'found' GROUP BY resident_ref HAVING count(*) > 1)
