-- Rows that could not be read, without what stood in them.
SELECT source_id, file, sheet, row, rule, column_name, reason
FROM landed_rejects
ORDER BY source_id, file, sheet, row, rule
