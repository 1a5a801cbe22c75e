-- SOP 3.3: a registry value is shown only for a resident who has done eKYC.
SELECT m.source_id, m.record_id, m.field
FROM mismatches AS m
JOIN routing AS r ON r.source_id = m.source_id AND r.record_id = m.record_id
WHERE m.registry_value IS NOT NULL AND NOT coalesce(r.ekyc, false)
