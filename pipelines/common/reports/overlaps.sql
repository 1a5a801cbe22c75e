-- Two benefits of one person that the stacking policy of the day does not permit together. What the policy does not name is
-- permitted. A finding is as sure as its weaker link.
WITH held AS (
  SELECT d.source_id, d.record_id, d.scheme, a.resident_ref, a.match_probability
  FROM records AS d
  JOIN answers AS a ON a.source_id = d.source_id AND a.record_id = d.record_id
  WHERE a.lookup = 'found' AND d.scheme IS NOT NULL
),
forbidden AS (
  SELECT rule, scheme_a, scheme_b, policy_version FROM stacking
  WHERE NOT permitted AND valid_from <= $as_of AND (valid_to IS NULL OR valid_to >= $as_of)
)
SELECT case_key('overlap', concat(f.rule, '/', a.source_id, '/', a.record_id, '/', b.source_id, '/', b.record_id)) AS case_id,
  a.resident_ref, a.scheme AS scheme_a, b.scheme AS scheme_b,
  a.source_id AS source_a, a.record_id AS record_a, b.source_id AS source_b, b.record_id AS record_b,
  f.rule, f.policy_version,
  CASE WHEN a.match_probability < b.match_probability THEN a.match_probability ELSE b.match_probability END AS weakest_link,
  'PROPOSED' AS status
FROM forbidden AS f
JOIN held AS a ON a.scheme = f.scheme_a
JOIN held AS b ON b.scheme = f.scheme_b AND b.resident_ref = a.resident_ref
ORDER BY case_id
