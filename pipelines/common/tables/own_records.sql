-- The departments' records with what may stand on several people, and where they were routed. `home`: the household as the list
-- has it.
SELECT d.source_id, d.record_id, d.scheme, l.unique_persons, coalesce(d.ration_card, d.household_id) AS home, r.household_ref, r.lookup, d.national_id_token,
  d.phone, d.bank_account_token, d.person_name, d.person_name_key, r.resident_ref, array_has(r.reasons, 'ID_CONFLICT') AS id_conflict
FROM records AS d
JOIN routes AS r ON r.source_id = d.source_id AND r.record_id = d.record_id
JOIN source_list AS l ON l.source_id = d.source_id
WHERE NOT l.same_as_registry
