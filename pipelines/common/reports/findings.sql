-- One id, telephone or bank account on several people, and an id whose holder contradicts the record: findings of their own. None of them
-- makes two people one.
WITH shared AS (
  SELECT source_id, 'ID_SHARED' AS finding, national_id_token AS shared_value, record_id, coalesce(resident_ref, person_name_key, record_id) AS holder
  FROM own_records WHERE national_id_token IS NOT NULL
  UNION ALL
  SELECT source_id, 'BANK_SHARED', bank_account_token, record_id, coalesce(resident_ref, person_name_key, record_id)
  FROM own_records WHERE bank_account_token IS NOT NULL
  UNION ALL
  SELECT source_id, 'PHONE_SHARED', phone, record_id, coalesce(resident_ref, person_name_key, record_id)
  FROM own_records WHERE phone IS NOT NULL
),
counted AS (
  -- Grouped twice: a set of distinct values a group takes gigabytes where there are hundreds of thousands of groups.
  SELECT source_id, finding, shared_value, count(*) AS holders, min(first_member) AS first_member
  FROM (SELECT source_id, finding, shared_value, holder, min(record_id) AS first_member
        FROM shared GROUP BY source_id, finding, shared_value, holder) AS once
  GROUP BY source_id, finding, shared_value
  -- A family shares a telephone; a volunteer's or a shop's stands on many lines.
  HAVING count(*) >= CASE finding WHEN 'PHONE_SHARED' THEN 6 ELSE 2 END
),
-- Cards beside the registry's households: one household on several cards, several households on one. Families do live apart: the
-- finding is a question.
homes AS (
  SELECT source_id, record_id, ration_card, household_ref
  FROM own_records WHERE lookup = 'found' AND ration_card IS NOT NULL AND household_ref IS NOT NULL
),
pairs_of_home AS (
  SELECT source_id, household_ref, ration_card, min(record_id) AS first_member
  FROM homes GROUP BY source_id, household_ref, ration_card
),
split AS (
  SELECT source_id, household_ref, count(*) AS cards, min(first_member) AS first_member
  FROM pairs_of_home GROUP BY source_id, household_ref HAVING count(*) > 1
),
merged AS (
  SELECT source_id, ration_card, count(*) AS households, min(first_member) AS first_member
  FROM pairs_of_home GROUP BY source_id, ration_card HAVING count(*) > 1
)
SELECT c.finding, c.source_id, s.record_id, case_key(c.finding, concat(c.source_id, '/', c.first_member)) AS case_id, c.holders,
  'PROPOSED' AS status
FROM counted AS c
JOIN (SELECT source_id, finding, shared_value, record_id FROM shared) AS s
  ON s.source_id = c.source_id AND s.finding = c.finding AND s.shared_value = c.shared_value
UNION ALL
SELECT 'HOUSEHOLD_SPLIT', h.source_id, h.record_id, case_key('HOUSEHOLD_SPLIT', concat(s.source_id, '/', s.first_member)), s.cards, 'PROPOSED'
FROM homes AS h JOIN split AS s ON s.source_id = h.source_id AND s.household_ref = h.household_ref
UNION ALL
SELECT 'HOUSEHOLD_MERGE', h.source_id, h.record_id, case_key('HOUSEHOLD_MERGE', concat(m.source_id, '/', m.first_member)), m.households, 'PROPOSED'
FROM homes AS h JOIN merged AS m ON m.source_id = h.source_id AND m.ration_card = h.ration_card
UNION ALL
SELECT 'ID_CONFLICT', source_id, record_id, case_key('ID_CONFLICT', concat(source_id, '/', record_id)), 2, 'PROPOSED'
FROM own_records WHERE id_conflict
ORDER BY finding, source_id, record_id
