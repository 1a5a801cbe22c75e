-- Ids, accounts and telephones that stand on several people, over all lists, and on how many at least. A person is an accepted
-- resident. A record without one may be any of them: it counts as somebody else only where its name contradicts all of theirs.
-- Where an id stands on a whole list, names are not laid beside one another each by each: beyond 30 residents' names none is looked
-- at, and of those outside the first 30.
WITH of_value AS (
  SELECT finding, value, count(DISTINCT person_name) AS names, count(*) = count(person_name) AS all_named
  FROM held_by_several WHERE resident_ref IS NOT NULL
  GROUP BY finding, value
),
known AS (
  SELECT DISTINCT finding, value, person_name FROM held_by_several WHERE resident_ref IS NOT NULL
),
-- Outside: names of records without a resident that contradict those of all that have one.
outside AS (
  SELECT u.finding, u.value, u.person_name, row_number() OVER (PARTITION BY u.finding, u.value ORDER BY u.person_name) AS number
  FROM (
    SELECT DISTINCT h.finding, h.value, h.person_name
    FROM held_by_several AS h
    LEFT JOIN of_value AS v ON v.finding = h.finding AND v.value = h.value
    WHERE h.resident_ref IS NULL AND h.person_name IS NOT NULL AND coalesce(v.all_named AND v.names <= 30, true)
  ) AS u
  LEFT JOIN known AS a ON a.finding = u.finding AND a.value = u.value
  GROUP BY u.finding, u.value, u.person_name
  HAVING coalesce(max(name_similarity(a.person_name, u.person_name)), 0) < 0.5
),
strangers AS (
  SELECT a.finding, a.value, max(CASE WHEN name_similarity(a.person_name, b.person_name) < 0.5 THEN 2 ELSE 1 END) AS people
  FROM (SELECT * FROM outside WHERE number <= 30) AS a
  JOIN (SELECT * FROM outside WHERE number <= 30) AS b ON b.finding = a.finding AND b.value = a.value
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
