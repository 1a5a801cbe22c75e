-- No accepted pair has a contradicting level.
SELECT p.source_id, p.record_id, p.resident_ref
FROM pairs AS p
JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id AND a.resident_ref = p.resident_ref
WHERE a.lookup = 'found' AND p.contradictions > 0
