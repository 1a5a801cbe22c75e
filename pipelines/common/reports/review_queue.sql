-- What a clerk needs to decide whether a record is a resident: both sides masked, how each field differs, and no weight, probability or
-- band, so that nobody follows the machine. About one item in sixteen, and every identity conflict, is read by a second clerk.
WITH waiting AS (
  SELECT p.source_id, p.record_id, p.resident_ref, r.reasons,
    case_key('review', concat(p.source_id, '/', p.record_id, '/', p.resident_ref)) AS item_id
  FROM pairs AS p
  JOIN routes AS r ON r.source_id = p.source_id AND r.record_id = p.record_id
  WHERE r.lookup = 'ambiguous' AND (p.band <> 'low' OR p.contradictions > 0)
),
listed AS (
  SELECT source_id AS d_source, record_id AS d_record, file, sheet, row, person_name AS d_name, person_name_raw AS d_name_raw,
    relative_name AS d_relative, relative_name_raw AS d_relative_raw, birth_date AS d_date, birth_date_precision AS d_precision,
    birth_date_year AS d_year, gender AS d_gender, phone AS d_phone, national_id_token AS d_id, national_id_masked AS d_id_masked,
    village AS d_village, village_key AS d_village_key, district AS d_district
  FROM records WHERE source_id IN (SELECT source_id FROM source_list WHERE NOT same_as_registry)
),
known AS (
  SELECT resident_ref AS r_ref, coalesce(ekyc, false) AND NOT ekyc_stale AS verified, person_name AS r_name, person_name_raw AS r_name_raw,
    relative_name AS r_relative, relative_name_raw AS r_relative_raw, birth_date AS r_date, birth_date_precision AS r_precision,
    birth_date_year AS r_year, gender AS r_gender, phone AS r_phone, national_id_token AS r_id, village AS r_village,
    village_key AS r_village_key
  FROM answered
)
SELECT w.item_id, w.source_id, w.record_id, d.file, d.sheet, d.row, w.resident_ref, w.reasons, d.d_district AS district,
  mask_name(d_name) AS name_here, CASE WHEN verified THEN mask_name(r_name) END AS name_there,
  coalesce(name_mismatch(d_name, r_name, d_name_raw, r_name_raw), CASE WHEN d_name IS NULL OR r_name IS NULL THEN 'missing' ELSE 'same' END) AS name,
  mask_name(d_relative) AS relative_here, CASE WHEN verified THEN mask_name(r_relative) END AS relative_there,
  coalesce(name_mismatch(d_relative, r_relative, d_relative_raw, r_relative_raw),
    CASE WHEN d_relative IS NULL OR r_relative IS NULL THEN 'missing' ELSE 'same' END) AS relative,
  coalesce(mask_date(d_date), d_precision) AS birth_here, CASE WHEN verified THEN coalesce(mask_date(r_date), r_precision) END AS birth_there,
  coalesce(date_mismatch(d_date, d_precision, d_year, r_date, r_precision, r_year),
    CASE WHEN d_year IS NULL OR r_year IS NULL THEN 'missing' ELSE 'same' END) AS birth_date,
  CASE WHEN d_gender IS NULL OR r_gender IS NULL THEN 'missing' WHEN d_gender <> r_gender THEN 'contradiction' ELSE 'same' END AS gender,
  CASE WHEN d_phone IS NULL OR r_phone IS NULL THEN 'missing' WHEN d_phone <> r_phone THEN 'contradiction' ELSE 'same' END AS phone,
  CASE WHEN d_id IS NULL OR r_id IS NULL THEN 'missing' WHEN d_id <> r_id THEN 'contradiction' ELSE 'same' END AS national_id,
  d_village AS village_here, CASE WHEN verified THEN r_village END AS village_there,
  CASE WHEN d_village_key IS NULL OR r_village_key IS NULL THEN 'missing' WHEN d_village_key <> r_village_key THEN 'contradiction' ELSE 'same' END AS village,
  array_has(w.reasons, 'ID_CONFLICT') OR right(w.item_id, 1) = 'a' AS second_reader, 'PROPOSED' AS status
FROM waiting AS w
JOIN listed AS d ON d.d_source = w.source_id AND d.d_record = w.record_id
JOIN known AS r ON r.r_ref = w.resident_ref
ORDER BY item_id
