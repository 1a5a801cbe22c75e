-- Field by field, what a record and its accepted resident do not agree on. Registry values are shown (masked) only where the
-- resident has done eKYC (SOP 3.3).
WITH linked AS (
  SELECT a.resident_ref, coalesce(r.ekyc, false) AS verified, d.*, r.*
  FROM answers AS a
  JOIN (SELECT source_id, record_id,
          person_name AS d_name, person_name_raw AS d_name_raw, relative_name AS d_relative, relative_name_raw AS d_relative_raw,
          birth_date AS d_date, birth_date_precision AS d_precision, birth_date_year AS d_year, gender AS d_gender, phone AS d_phone,
          national_id_token AS d_id, national_id_masked AS d_id_masked, ration_card AS d_card,
          village AS d_village, village_key AS d_village_key, coalesce(mandal, tehsil) AS d_mandal, coalesce(mandal_key, tehsil_key) AS d_mandal_key,
          district AS d_district, district_key AS d_district_key
        FROM records) AS d ON d.source_id = a.source_id AND d.record_id = a.record_id
  JOIN (SELECT resident_ref AS r_ref, ekyc,
          person_name AS r_name, person_name_raw AS r_name_raw, relative_name AS r_relative, relative_name_raw AS r_relative_raw,
          birth_date AS r_date, birth_date_precision AS r_precision, birth_date_year AS r_year, gender AS r_gender, phone AS r_phone,
          national_id_token AS r_id, national_id_masked AS r_id_masked, ration_card AS r_card,
          village AS r_village, village_key AS r_village_key, coalesce(mandal, tehsil) AS r_mandal, coalesce(mandal_key, tehsil_key) AS r_mandal_key,
          district AS r_district, district_key AS r_district_key
        FROM registry) AS r ON r.r_ref = a.resident_ref
  WHERE a.lookup = 'found'
),
fields AS (
  SELECT source_id, record_id, resident_ref, verified, 'person_name' AS field,
    d_name IS NULL AS no_dump, r_name IS NULL AS no_registry,
    name_mismatch(d_name, r_name, d_name_raw, r_name_raw) AS differs,
    mask_name(d_name) AS dump_value, mask_name(r_name) AS registry_value FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'relative_name', d_relative IS NULL, r_relative IS NULL,
    name_mismatch(d_relative, r_relative, d_relative_raw, r_relative_raw), mask_name(d_relative), mask_name(r_relative) FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'birth_date', d_year IS NULL, r_year IS NULL,
    date_mismatch(d_date, d_precision, d_year, r_date, r_precision, r_year),
    coalesce(mask_date(d_date), d_precision), coalesce(mask_date(r_date), r_precision) FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'gender', d_gender IS NULL, r_gender IS NULL,
    CASE WHEN d_gender <> r_gender THEN 'contradiction' END, mask_text(d_gender), mask_text(r_gender) FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'phone', d_phone IS NULL, r_phone IS NULL,
    digits_mismatch(d_phone, r_phone), mask_phone(d_phone), mask_phone(r_phone) FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'national_id', d_id IS NULL, r_id IS NULL,
    CASE WHEN d_id <> r_id THEN 'contradiction' END, d_id_masked, r_id_masked FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'ration_card', d_card IS NULL, r_card IS NULL,
    CASE WHEN d_card <> r_card THEN 'contradiction' END, mask_text(d_card), mask_text(r_card) FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'village', d_village_key IS NULL, r_village_key IS NULL,
    CASE WHEN d_village_key <> r_village_key THEN 'contradiction' WHEN lower(d_village) <> lower(r_village) THEN 'variant' END,
    d_village, r_village FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'mandal', d_mandal_key IS NULL, r_mandal_key IS NULL,
    CASE WHEN d_mandal_key <> r_mandal_key THEN 'contradiction' WHEN lower(d_mandal) <> lower(r_mandal) THEN 'variant' END,
    d_mandal, r_mandal FROM linked
  UNION ALL
  SELECT source_id, record_id, resident_ref, verified, 'district', d_district_key IS NULL, r_district_key IS NULL,
    CASE WHEN d_district_key <> r_district_key THEN 'contradiction' WHEN lower(d_district) <> lower(r_district) THEN 'variant' END,
    d_district, r_district FROM linked
),
graded AS (
  SELECT f.*, s.field IS NOT NULL AS has_field,
            CASE WHEN no_dump AND no_registry THEN NULL
                 WHEN no_dump THEN 'missing_here'
                 WHEN no_registry THEN 'missing_there'
                 ELSE differs END AS kind
  FROM fields AS f
  LEFT JOIN (SELECT DISTINCT source_id, CASE WHEN field = 'tehsil' THEN 'mandal' ELSE field END AS field FROM source_fields) AS s
    ON s.source_id = f.source_id AND s.field = f.field
)
SELECT source_id, record_id, resident_ref, field, kind, dump_value,
  CASE WHEN verified THEN registry_value END AS registry_value,
  CASE kind WHEN 'contradiction' THEN 'high' WHEN 'minor' THEN 'medium' ELSE 'low' END AS severity,
  CASE WHEN kind = 'missing_there' THEN 'dump' WHEN verified THEN 'registry' ELSE 'undetermined' END AS suggested_side,
  CASE WHEN kind = 'missing_there' THEN 'only_the_list_has_it'
       WHEN verified THEN 'verified_beats_declared' ELSE 'authenticate_first' END AS rule
FROM graded
WHERE kind IS NOT NULL AND (kind <> 'missing_here' OR has_field)
ORDER BY source_id, record_id, field
