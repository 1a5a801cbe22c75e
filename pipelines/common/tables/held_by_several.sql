-- Records whose id or account stands on other records too, of more than one resident or name: few are left for a closer look
-- (tables/shared_values.sql).
WITH held AS (
  SELECT 'ID_SHARED' AS finding, national_id_token AS value, source_id, record_id, resident_ref, person_name, person_name_key
  FROM own_records
  WHERE national_id_token IN (SELECT national_id_token FROM own_records GROUP BY national_id_token HAVING count(*) > 1)
  UNION ALL
  SELECT 'BANK_SHARED', bank_account_token, source_id, record_id, resident_ref, person_name, person_name_key
  FROM own_records
  WHERE bank_account_token IN (SELECT bank_account_token FROM own_records GROUP BY bank_account_token HAVING count(*) > 1)
),
several AS (
  SELECT finding, value
  FROM held
  GROUP BY finding, value
  HAVING min(coalesce(resident_ref, person_name_key, record_id)) <> max(coalesce(resident_ref, person_name_key, record_id))
)
SELECT h.* FROM held AS h JOIN several AS s ON s.finding = h.finding AND s.value = h.value
