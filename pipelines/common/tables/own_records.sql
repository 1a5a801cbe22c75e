-- The departments' records with what may stand on several people, and what their lookup found. `home`: the household as the list
-- has it.
SELECT d.source_id, d.record_id, d.scheme, l.unique_persons, coalesce(d.ration_card, d.household_id) AS home, d.household_ref, d.lookup, d.national_id_token,
  d.phone, d.bank_account_token, d.person_name, d.person_name_key, d.resident_ref, d.id_conflict
FROM looked_up AS d
JOIN source_list AS l ON l.source_id = d.source_id
WHERE NOT l.same_as_registry
