-- Accepted pairs, and the pairs that people have to look at.
SELECT p.source_id, p.record_id, p.resident_ref, p.match_weight, p.match_probability,
  CASE WHEN a.lookup = 'found' THEN p.band ELSE 'review' END AS band,
  a.lookup = 'found' AND p.band <> 'review' AS accepted,
  p.evidence AS levels, p.rule, a.model_id, $registry_snapshot AS registry_snapshot
FROM pairs AS p
JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id
JOIN source_list AS l ON l.source_id = p.source_id
WHERE (l.same_as_registry AND p.band <> 'low')
   OR (a.lookup = 'found' AND p.resident_ref = a.resident_ref)
   OR (a.lookup = 'ambiguous' AND p.band <> 'low')
ORDER BY p.source_id, p.record_id, p.resident_ref
