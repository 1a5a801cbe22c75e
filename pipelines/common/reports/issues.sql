-- Values that were not understood, by code and place; the value itself is not shown.
SELECT DISTINCT source_id, record_id, file, sheet, row, column_name, code
FROM value_issues
ORDER BY source_id, record_id, column_name, code
