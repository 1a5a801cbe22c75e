-- People who seem to be listed twice; who may be one person: tables/case_members.sql, which case: tables/cases.sql.
SELECT case_id, scope, source_id, record_id, resident_ref, string_to_array(evidence, ';') AS evidence, 'PROPOSED' AS status
FROM cases
WHERE scope IN ('within_source', 'across_sources', 'registry')
ORDER BY case_id, source_id, record_id
