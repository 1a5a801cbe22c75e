-- Residents who stand twice in the registry: one id and one name. An id alone is not enough.
WITH same_id AS (
  SELECT r.national_id_token, r.resident_ref, r.person_name, r.person_name_key, s.residents
  FROM registry_ids_shared AS s
  JOIN registry AS r ON r.national_id_token = s.national_id_token
),
-- Where it stands on many, somebody's number was written for everybody: there the same name is asked for, and not each name of each.
named_alike AS (
  SELECT a.national_id_token, a.resident_ref
  FROM (SELECT * FROM same_id WHERE residents <= 30) AS a
  JOIN (SELECT * FROM same_id WHERE residents <= 30) AS b ON b.national_id_token = a.national_id_token AND b.resident_ref <> a.resident_ref
  WHERE name_similarity(a.person_name, b.person_name) >= 0.88
),
named_the_same AS (
  SELECT national_id_token, person_name_key
  FROM same_id WHERE residents > 30 AND person_name_key IS NOT NULL
  GROUP BY national_id_token, person_name_key HAVING count(*) > 1
)
SELECT DISTINCT national_id_token, resident_ref
FROM (
  SELECT national_id_token, resident_ref FROM named_alike
  UNION ALL
  SELECT m.national_id_token, m.resident_ref
  FROM same_id AS m
  JOIN named_the_same AS n ON n.national_id_token = m.national_id_token AND n.person_name_key = m.person_name_key
) AS twins
