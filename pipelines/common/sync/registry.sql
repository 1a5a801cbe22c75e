-- To the registry (SOP 3.6): approved new and modified benefits, each under an id by which a second arrival is known.
SELECT change_id, operation, resident_ref, household_ref, source_id, record_id, agency, scheme, benefit_type, period, starts, ends,
  amount, quantity, unit, status, approval_ref, request_type, channel, $registry_snapshot AS registry_snapshot
FROM changes
ORDER BY change_id
