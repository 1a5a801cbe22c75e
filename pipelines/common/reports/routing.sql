-- What is proposed for each record; how it is decided: tables/routes.sql.
SELECT source_id, record_id, file, sheet, row, lookup, action, reasons, resident_ref, household_ref, match_probability, match_weight,
  band, ekyc, channel, request_type, mode, model_id, $registry_snapshot AS registry_snapshot
FROM routes
ORDER BY source_id, record_id
