-- One id, telephone or bank account on several people, an id whose holder contradicts the record, homes beside households: findings of
-- their own. None of them makes two people one. Who belongs to which: tables/case_members.sql. Families do live apart: a finding is
-- a question.
SELECT scope AS finding, source_id, record_id, case_id, holders, string_to_array(evidence, ';') AS evidence, 'PROPOSED' AS status
FROM cases
WHERE scope NOT IN ('within_source', 'across_sources', 'registry')
ORDER BY finding, source_id, record_id
