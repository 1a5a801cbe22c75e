-- Rows read = landed + rejected + skipped, per file; a fresh full list has as many records as rows landed or more (a delta).
SELECT source_id, file, sheet FROM source_files
WHERE rows_read <> rows_landed + rows_rejected + rows_skipped
UNION ALL
SELECT l.source_id, 'all', '' FROM source_list AS l
JOIN (SELECT source_id, sum(rows_landed) AS landed FROM source_files GROUP BY source_id) AS f ON f.source_id = l.source_id
WHERE l.taken = 'fresh' AND l.records < f.landed
