-- Residents who stand twice in the registry: one id and one name. An id alone is not enough.
WITH same_id AS (
  -- Few ids stand on two residents: the registry is narrowed to those before it is joined with itself.
  SELECT r.national_id_token, r.resident_ref, r.person_name
  FROM (SELECT national_id_token FROM registry WHERE national_id_token IS NOT NULL GROUP BY national_id_token HAVING count(*) > 1) AS s
  JOIN registry AS r ON r.national_id_token = s.national_id_token
)
SELECT a.national_id_token, a.resident_ref
FROM same_id AS a
JOIN same_id AS b ON b.national_id_token = a.national_id_token AND b.resident_ref <> a.resident_ref
WHERE name_similarity(a.person_name, b.person_name) >= 0.88
GROUP BY a.national_id_token, a.resident_ref
