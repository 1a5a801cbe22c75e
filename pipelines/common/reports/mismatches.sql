-- Field by field, what a record and its accepted resident do not agree on, and the side that the survivorship policy of the day
-- prefers. Registry values are shown (masked) only where the resident has done eKYC (SOP 3.3).
WITH fields AS (
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'person_name' AS field, name_kind AS kind, name_here AS dump_value, name_there AS registry_value, CAST(NULL AS VARCHAR) AS reason
  FROM compared WHERE name_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'relative_name' AS field, relative_kind AS kind, relative_here AS dump_value, relative_there AS registry_value, NULL
  FROM compared WHERE relative_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'birth_date' AS field, birth_kind AS kind, birth_here AS dump_value, birth_there AS registry_value, NULL
  FROM compared WHERE birth_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'gender' AS field, gender_kind AS kind, gender_here AS dump_value, gender_there AS registry_value, NULL
  FROM compared WHERE gender_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'phone' AS field, phone_kind AS kind, phone_here AS dump_value, phone_there AS registry_value, NULL
  FROM compared WHERE phone_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'national_id' AS field, id_kind AS kind, id_here AS dump_value, id_there AS registry_value, NULL
  FROM compared WHERE id_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'ration_card' AS field, card_kind AS kind, card_here AS dump_value, card_there AS registry_value, NULL
  FROM compared WHERE card_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'village' AS field, village_kind AS kind, village_here AS dump_value, village_there AS registry_value, NULL
  FROM compared WHERE village_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'mandal' AS field, mandal_kind AS kind, mandal_here AS dump_value, mandal_there AS registry_value, NULL
  FROM compared WHERE mandal_kind IS NOT NULL
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, birth_verified, newer, 'district' AS field, district_kind AS kind, district_here AS dump_value, district_there AS registry_value, district_reason
  FROM compared WHERE district_kind IS NOT NULL
),
-- Every situation a field can be in, numbered, each with the first rule of the policy that fits it: some hundred rows.
situations AS (
  SELECT f.field, s.standing, n.newer, m.missing, s.part + n.part + m.part AS situation
  FROM (SELECT DISTINCT CASE WHEN field = 'tehsil' THEN 'mandal' ELSE field END AS field FROM source_fields) AS f
  CROSS JOIN (VALUES ('verified', 0), ('declared', 9)) AS s (standing, part)
  CROSS JOIN (VALUES ('list', 0), ('registry', 3), ('unknown', 6)) AS n (newer, part)
  CROSS JOIN (VALUES ('here', 0), ('there', 1), ('neither', 2)) AS m (missing, part)
),
policy AS (
  SELECT s.field, s.situation,
    first_value(p.rule ORDER BY p.rank, p.rule) AS rule, first_value(p.side ORDER BY p.rank, p.rule) AS side
  FROM situations AS s
  LEFT JOIN survivorship AS p ON (p.field IS NULL OR p.field = s.field) AND (p.standing IS NULL OR p.standing = s.standing)
    AND (p.newer IS NULL OR p.newer = s.newer) AND (p.missing IS NULL OR p.missing = s.missing)
    AND p.valid_from <= $as_of AND (p.valid_to IS NULL OR p.valid_to >= $as_of)
  GROUP BY s.field, s.situation
),
numbered AS (
  SELECT *,
    CASE WHEN verified AND (field <> 'birth_date' OR birth_verified) THEN 0 ELSE 9 END
      + CASE newer WHEN 'list' THEN 0 WHEN 'registry' THEN 3 ELSE 6 END
      + CASE kind WHEN 'missing_here' THEN 0 WHEN 'missing_there' THEN 1 ELSE 2 END AS situation
  FROM fields
),
-- What a list does not have at all is not missing in its records.
unstated AS (
  SELECT DISTINCT l.source_id, f.field
  FROM source_list AS l
  CROSS JOIN (SELECT DISTINCT CASE WHEN field = 'tehsil' THEN 'mandal' ELSE field END AS field FROM source_fields) AS f
  LEFT ANTI JOIN (SELECT source_id, CASE WHEN field = 'tehsil' THEN 'mandal' ELSE field END AS field FROM source_fields) AS s
    ON s.source_id = l.source_id AND s.field = f.field
)
SELECT case_key('mismatch', concat(f.source_id, '/', f.record_id, '/', f.resident_ref, '/', f.field)) AS case_id,
  f.source_id, f.record_id, f.resident_ref, f.field, f.kind, f.reason, f.dump_value, f.registry_value,
  CASE f.kind WHEN 'contradiction' THEN 'high' WHEN 'minor' THEN 'medium' ELSE 'low' END AS severity,
  coalesce(p.side, 'undetermined') AS suggested_side, coalesce(p.rule, 'no_rule') AS rule, 'PROPOSED' AS status
FROM numbered AS f
LEFT JOIN policy AS p ON p.situation = f.situation AND p.field = f.field
LEFT JOIN unstated AS u ON u.source_id = f.source_id AND u.field = f.field
WHERE f.kind <> 'missing_here' OR u.field IS NULL
ORDER BY source_id, record_id, field
