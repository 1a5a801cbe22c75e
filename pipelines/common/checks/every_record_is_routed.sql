-- Every record has exactly one row in routing, and routing has nothing else.
SELECT coalesce(d.source_id, r.source_id) AS source_id, coalesce(d.record_id, r.record_id) AS record_id
FROM records AS d
FULL JOIN routing AS r ON r.source_id = d.source_id AND r.record_id = d.record_id
WHERE d.record_id IS NULL OR r.record_id IS NULL
