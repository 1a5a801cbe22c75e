-- Ids, accounts and telephones that stand on several people, over all lists, and on how many at least. A person is an accepted
-- resident. A record without one may be any of them: it counts as somebody else only where its name contradicts all of theirs.
-- Outside: records without a resident whose names contradict those of all that have one.
WITH outside AS (
  SELECT u.finding, u.value, u.record_id, u.source_id, u.person_name
  FROM (SELECT * FROM held_by_several WHERE resident_ref IS NULL AND person_name IS NOT NULL) AS u
  LEFT JOIN (SELECT * FROM held_by_several WHERE resident_ref IS NOT NULL) AS a ON a.finding = u.finding AND a.value = u.value
  GROUP BY u.finding, u.value, u.record_id, u.source_id, u.person_name
  HAVING coalesce(max(name_similarity(a.person_name, u.person_name)), 0) < 0.5
    AND (count(a.record_id) = 0 OR count(a.person_name) = count(a.record_id))
),
strangers AS (
  SELECT a.finding, a.value, max(CASE WHEN name_similarity(a.person_name, b.person_name) < 0.5 THEN 2 ELSE 1 END) AS people
  FROM outside AS a
  JOIN outside AS b ON b.finding = a.finding AND b.value = a.value
  GROUP BY a.finding, a.value
),
residents_of AS (
  SELECT finding, value, count(*) AS people
  FROM (SELECT DISTINCT finding, value, resident_ref FROM held_by_several WHERE resident_ref IS NOT NULL) AS once
  GROUP BY finding, value
),
-- A family shares a telephone; a volunteer's or a shop's stands on many lines. Who waits for reviewers is not counted.
telephones AS (
  SELECT phone AS value, count(*) AS people
  FROM (
    SELECT DISTINCT phone, coalesce(resident_ref, person_name_key) AS holder
    FROM own_records WHERE phone IS NOT NULL AND lookup <> 'ambiguous'
  ) AS once
  WHERE holder IS NOT NULL
  GROUP BY phone
  HAVING count(*) >= 6
)
SELECT n.finding, n.value, n.source_id, n.record_id, n.resident_ref, coalesce(r.people, 0) + coalesce(s.people, 0) AS holders,
  CASE WHEN coalesce(r.people, 0) >= 2 THEN 'DIFFERENT_RESIDENTS' ELSE 'NAMES_CONTRADICT' END AS evidence
FROM held_by_several AS n
LEFT JOIN residents_of AS r ON r.finding = n.finding AND r.value = n.value
LEFT JOIN strangers AS s ON s.finding = n.finding AND s.value = n.value
WHERE coalesce(r.people, 0) + coalesce(s.people, 0) >= 2
UNION ALL
SELECT 'PHONE_SHARED', o.phone, o.source_id, o.record_id, o.resident_ref, t.people, 'MANY_HOLDERS'
FROM own_records AS o
JOIN telephones AS t ON t.value = o.phone
