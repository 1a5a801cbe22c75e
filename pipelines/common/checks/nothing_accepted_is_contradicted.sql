-- No accepted pair has a contradicting level; and where an id is the same on both sides, the birth dates do not contradict one another
-- by the grades of the mismatches either, which are worked out from the values once more.
SELECT p.source_id, p.record_id, p.resident_ref
FROM pairs AS p
JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id AND a.resident_ref = p.resident_ref
WHERE a.lookup = 'found' AND p.contradictions > 0
UNION ALL
SELECT source_id, record_id, resident_ref FROM compared WHERE same_id AND birth_kind = 'contradiction'
